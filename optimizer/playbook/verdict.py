"""Rules kept and broken, alternatives, what would change the recommendation, and what to rehearse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..answers import Axis, Option
from ..choices import Package
from ..explain.partners import agreeing, inside
from ..explain.words import start
from ..model.audit import RuleAudit
from ..model.rules import RULES
from . import words
from .context import Context
from .pick import value
from .record import Alternative, RuleCheck
from .text import listed, sentence

WHERE = {  # optimizer/model/rules.py, `acts`
    "rows": "checked on this plan",
    "effects": "built into the numbers",
    "combination": "built into the numbers",
    "construction": "built into how plans are made",
    "playbook": "looked after in this document",
    "process": "looked after by the process",
    "portfolio": "for plans of several countries",
}


def rules(ctx: Context) -> tuple[RuleCheck, ...]:
    """Broken rules first, then kept ones that were checked, then those that something else looks after, then the ones switched off."""
    checks = [_check(ctx, audit) for audit in ctx.option.rules]
    return tuple(sorted(checks, key=lambda c: (c.state == words.STATES["off"], c.kept, not c.checked)))


def _check(ctx: Context, audit: RuleAudit) -> RuleCheck:
    acts, off = RULES[audit.id].acts, audit.state == "off"
    said = ctx.catalog.rules[audit.id].statement if audit.kept else ctx.say(audit.because)
    return RuleCheck(
        title=audit.title, state=words.STATES[audit.state], where=WHERE.get(acts, acts), checked=acts == "rows" and not off,
        kept=audit.kept, price=round(audit.price, 6), words=sentence(said),
    )  # fmt: skip


def alternatives(ctx: Context) -> tuple[Alternative, ...]:
    """Doing nothing, and other packages of the front: the nearest in risk on both sides."""
    nothing = ctx.ranges.evaluate(Package())
    first = Alternative(
        name="Do nothing new", risk=round(nothing.risk, 6), cost=0.0, others="", differs="none of the measures",
        why_not=sentence(f"leaves the risk at {words.percent(nothing.risk)}"),
    )  # fmt: skip
    return (first, *(_alternative(ctx, o, k) for k, o in enumerate(ctx.others, start=1)))


def _alternative(ctx: Context, other: Option, number: int) -> Alternative:
    axes = ctx.front.objectives if ctx.front else ()
    rest = [
        f"{words.lower(a.title)} {_level(value(other, a.key), a.unit)}" for a in axes if a.key not in ("risk", "cost")
    ]
    return Alternative(
        name=f"Package {number}", risk=round(value(other, "risk"), 6), cost=round(value(other, "cost"), 4),
        others=listed(rest), differs=_differs(ctx, other), why_not=_why_not(ctx, other),
    )  # fmt: skip


def _level(size: float, unit: str) -> str:
    return words.percent(size) if unit == "probability" else f"{size:.4g} {unit}"


def _differs(ctx: Context, other: Option) -> str:
    mine = {(m.instrument, m.node) for m in ctx.option.measures}
    theirs = {(m.instrument, m.node) for m in other.measures}

    def some(keys: set[tuple[str, str]]) -> str:
        named = sorted(f"{ctx.names.tool(i)} ({words.phase(n).lower()})" for i, n in keys)
        return "; ".join(named[:3]) + (f"; and {len(named) - 3} more" if len(named) > 3 else "")

    parts = [
        f"with {some(theirs - mine)}" if theirs - mine else "",
        f"without {some(mine - theirs)}" if mine - theirs else "",
    ]
    return sentence(". ".join(start(p) for p in parts if p) or "the same measures, other partners or dates")


def _why_not(ctx: Context, other: Option) -> str:
    """What it is better and worse in, beyond the resolution; inside it the two are tied."""
    better: list[str] = []
    worse: list[str] = []
    for axis in ctx.front.objectives if ctx.front else ():
        gain = value(ctx.option, axis.key) - value(other, axis.key)
        gain = -gain if axis.direction == "more" else gain
        if abs(gain) <= axis.resolution:
            continue
        (better if gain > 0 else worse).append(_gain(axis, abs(gain), gain > 0))
    if not better and not worse:
        return "Tied with this plan inside what the numbers can tell apart."
    if not worse:
        return sentence(f"Better in this: {listed(better)}; passed over by the planner's choice")
    return sentence(f"{listed(worse)}" + (f", though {listed(better)}" if better else ""))


def amount(axis: Axis, size: float) -> str:
    """How much of an objective, in words."""
    if axis.unit == "probability":
        return f"{100 * size:.1f} points of {_named(axis)}"
    if axis.key == "cost":
        return f"{words.musd(size)} million USD of expected cost"
    return f"{size:.0f} days until all groups are reached" if axis.key == "days" else f"{size:.2g} {axis.unit}"


def _named(axis: Axis) -> str:
    return "risk" if axis.key == "risk" else words.lower(axis.title)


def _gain(axis: Axis, size: float, better: bool) -> str:
    if axis.unit == "probability":
        return f"{'less' if better else 'more'} {_named(axis)} by {100 * size:.1f} points"
    if axis.key == "cost":
        return f"{'cheaper' if better else 'dearer'} by {words.musd(size)} million USD"
    if axis.key == "days":
        return f"{'sooner' if better else 'later'} by {size:.0f} days"
    return f"{'less' if better else 'more'} {_named(axis)} by {size:.2g} {axis.unit}"


def change(ctx: Context) -> tuple[str, ...]:
    """Each thing that would move the number, with the number it moves to; nothing is planned anew in its place."""
    return tuple(map(sentence, (*_baselines(ctx), *_partners(ctx), *_mandates(ctx), *_neighbours(ctx))))


def _baselines(ctx: Context) -> Iterator[str]:
    risk = ctx.case.baseline_risk
    for name, p in (("low", risk.low), ("high", risk.high), ("outside-view", risk.outside_view_p)):
        if 0 < p < 1 and abs(p - ctx.ranges.mid.baseline) > 1e-9:
            moved = replace(ctx.question.choices, baseline=p)
            after = _evaluate(ctx, ctx.option.package, moved)
            yield f"With the {name} baseline ({words.percent(p)}) the plan leaves {words.percent(after)}"


def _evaluate(ctx: Context, package: Package, choices: object | None = None) -> float:
    from ..judge.evaluate import judge_of

    q = ctx.question
    return float(judge_of(q.case, choices or q.choices, q.catalog).evaluate(package).risk)  # type: ignore[arg-type]


def _partners(ctx: Context) -> Iterator[str]:
    """What is left if a partner does not come and nobody stands in for it."""
    found = []
    for partner in sorted({m.lead for m in ctx.option.measures}):
        kept = tuple(
            replace(m, joined=tuple(q for q in m.joined if q != partner))
            for m in ctx.option.measures
            if m.lead != partner
        )
        found.append((ctx.ranges.evaluate(Package(kept)).risk, partner))
    for risk, partner in sorted(found, reverse=True)[:4]:
        if risk > ctx.ranges.mid.risk + 5e-4:
            yield f"Without {inside(ctx.names.partner(partner))}, and with nobody in its place, the risk is {words.percent(risk)}"


def _mandates(ctx: Context) -> Iterator[str]:
    for gate in ("unsc", "regional", "national_legislature"):
        kept = tuple(j.measure for _, j in ctx.numbered if j.gate != gate)
        if len(kept) < len(ctx.numbered):
            risk = ctx.ranges.evaluate(Package(kept)).risk
            yield f"Without the {words.GATES[gate]} the measures that need it fall away, and the risk is {words.percent(risk)}"


def _neighbours(ctx: Context) -> Iterator[str]:
    """The next cheaper and the next safer package of the front."""
    here, cost = value(ctx.option, "risk"), value(ctx.option, "cost")
    others = [o for o in (ctx.front or ()) if o.id != ctx.option.id]
    cheaper = max(
        (o for o in others if value(o, "cost") < cost and value(o, "risk") > here),
        key=lambda o: value(o, "cost"),
        default=None,
    )
    safer = min(
        (o for o in others if value(o, "risk") < here and value(o, "cost") > cost),
        key=lambda o: value(o, "cost"),
        default=None,
    )
    if cheaper is not None:
        yield (
            f"With less money, the next package on the front costs {words.musd(value(cheaper, 'cost'))} million USD and leaves {words.percent(value(cheaper, 'risk'))}"
        )
    if safer is not None:
        yield (
            f"With {words.musd(value(safer, 'cost') - cost)} million USD more, the next package on the front leaves {words.percent(value(safer, 'risk'))}"
        )


def rehearsal(ctx: Context) -> tuple[str, ...]:
    """Questions that a rehearsal has to answer."""
    asked = ["Who calls the committee together within a day, and who stands in for each member?"]
    for number, judged in ctx.begun("now"):
        tool = ctx.tool(judged)
        if tool.mode == "threat":
            asked.append(
                f"Task {number} ({tool.name}) is defied: who gives the word, which force or list is ready, and from which day?"
            )
        if tool.mode == "promise":
            asked.append(
                f"Task {number} ({tool.name}): the condition is met. Who pays or delivers, and from which day?"
            )
    asked += [
        f"{words.phase(b.name)}: who sees the triggers first, and how long does the report take to the committee?"
        for b in ctx.tree.branches
    ]
    if ctx.lead:
        name = ctx.names.partner(ctx.lead)
        asked.append(
            f"{start(inside(name))} {agreeing(name, 'withdraws')} on the first day: who takes over the tasks and the voice?"
        )
    if any(j.gate in ("unsc", "regional") for _, j in ctx.numbered):
        asked.append("The mandate is refused or delayed by two months: what goes ahead without it?")
    asked += [
        "Which groups are left out of the talks or of a settlement, and what is done for them?",
        "Who at home or in the diaspora can move those who decide, and who asks them?",
        "Observers are expelled and aid workers are held: what stops, what goes on?",
        "Two partners say different things in public on the same day: who corrects it?",
    ]
    if ctx.case.tempo.tempo_class == "volcanic":
        asked.insert(0, "This crisis is fast: rehearse only what does not delay the first measures.")
    return tuple(asked)
