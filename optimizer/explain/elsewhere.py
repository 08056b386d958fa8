"""Why this partner and this start, and why is something out: the best package that has it, or what forbids it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..answers import Option
from ..choices import Measure, Package
from ..inputs.faults import Fault, InputError, did_you_mean
from ..judge.check import violations
from ..judge.offers import in_force_days, is_offered, refusals, start_days
from ..questions import Question
from .live import Stop, measured, never
from .records import Explanation
from .resolve import Ask, Found, Resolver, resolver_of
from .words import Words, amount, at_most, counted, difference, lower_first, start

SECONDS = 1.0  # for one "why is it out"
SETTLED = ("ruled_out", "review", "authorization")  # reasons that leave no other to ask for
FIRST = 0.65  # share of it for the price in the first objective


@dataclass(frozen=True)
class Thing:
    """What is asked for.

    An instrument, a partner (leading), a start day, a part of the plan, or any of these together.
    """

    instrument: str | None = None
    partner: str | None = None
    start_day: float | None = None
    node: str | None = None


# --- why this partner, why this start ------------------------------------------------------------


def why_partner(question: Question, option: Option, index: int) -> tuple[Explanation, ...]:
    """The other leads and starts of one measure, best first, the rest of the package held; and why some cannot be."""
    resolver, words, measure = resolver_of(question), Words(question.case, question.catalog), option.measures[index]
    found = [_swapped(resolver, words, option, index, other) for other in _others(question, measure)]
    return tuple(sorted(found, key=lambda e: (bool(e.numbers["forbidden"]), e.numbers["risk_more"] or 0.0)))


def _others(question: Question, measure: Measure) -> Iterator[Measure]:
    """The same instrument under every other partner that the fit table lists, and at every other start."""
    scene = resolver_of(question).judge.scene
    node = scene.nodes[scene.node_index[measure.node]]
    for partner in scene.partners.values():
        if (partner.generic, measure.instrument) in scene.catalog.fits:
            for day in start_days(partner, node):
                other = Measure(
                    measure.instrument,
                    partner.id,
                    measure.node,
                    day,
                    tuple(q for q in measure.joined if q != partner.id),
                )
                if (other.lead, round(other.start_day, 6)) != (measure.lead, round(measure.start_day, 6)):
                    yield other


def _swapped(resolver: Resolver, words: Words, option: Option, index: int, other: Measure) -> Explanation:
    question, old = resolver.question, option.measures[index]
    package = Package(tuple(other if k == index else m for k, m in enumerate(option.measures)))
    broken = violations(question.case, package, question.choices, question.catalog)
    now, then = option.evaluation, resolver.judge.evaluate(package)
    place = option.package.measures.index(old)
    before, after = now.measures[place], then.measures[place]
    scene = resolver.judge.scene
    fits = {m.lead: scene.catalog.fits[scene.partners[m.lead].generic, m.instrument].fit for m in (old, other)}
    numbers = {
        "forbidden": float(bool(broken)), "risk_more": then.risk - now.risk,
        "cost_more_musd": after.cost_musd - before.cost_musd, "days_later": after.in_force_day - before.in_force_day,
        "fit": fits[other.lead], "fit_of_chosen": fits[old.lead],
        "capacity": float(scene.partners[other.lead].capacity),
    }  # fmt: skip
    who = (
        words.partner(other.lead)
        if other.lead != old.lead
        else f"{words.partner(old.lead)} from day {other.start_day:.0f}"
    )
    sentence = _swap_sentence(words, old, other, who, numbers, broken[0].because if broken else "")
    return Explanation(
        "why_partner", words.measure(old), sentence, "proven", words.grade([old.instrument]), numbers, package
    )


def _swap_sentence(words: Words, old: Measure, other: Measure, who: str, n: Mapping[str, float], because: str) -> str:
    if because:
        return (
            f"{start(who)} cannot lead {words.tool(old.instrument)} here with the rest as it is: {because.rstrip('.')}."
        )
    risk = (
        f"{difference('risk', n['risk_more'])} {'more' if n['risk_more'] > 0 else 'less'} risk"
        if abs(n["risk_more"]) > 5e-5
        else "the same risk"
    )
    days = round(n["days_later"])
    when = f", in force {counted(abs(days), 'day')} {'later' if days > 0 else 'sooner'}" if days else ""
    cost = n["cost_more_musd"]
    price = f", {amount('cost', abs(cost))} {'dearer' if cost > 0 else 'cheaper'}" if abs(cost) >= 0.05 else ""
    fit = (
        f"fit {n['fit']:.2f} against {n['fit_of_chosen']:.2f}"
        if other.lead != old.lead
        else "the same lead, begun at another time"
    )
    return f"With {who} in the lead of {words.tool(old.instrument)}: {risk}{when}{price} ({fit})."


# --- why is it out ------------------------------------------------------------


def why_not(
    question: Question,
    option: Option,
    thing: Thing | tuple[Thing, ...],
    *,
    seconds: float = SECONDS,
    stop: Stop = never,
) -> Explanation:
    """The best package that has a thing (or several at once) and its price in each objective, or what forbids it.

    The price in an objective is asked with the others at most as the option has them.
    """
    things = thing if isinstance(thing, tuple) else (thing,)
    _check(question, things)
    resolver, words = resolver_of(question), Words(question.case, question.catalog)
    about = " together with ".join(_name(words, t) for t in things)
    groups = tuple(_columns(question, t) for t in things)
    for t, group in zip(things, groups, strict=True):
        if not group:
            return Explanation(
                "why_not",
                about,
                f"{start(_name(words, t))} is not possible here: {_forbids(resolver, words, t)}.",
                "proven",
            )
    return _priced(resolver, words, option, about, groups, measured(seconds), stop)


def _check(question: Question, things: tuple[Thing, ...]) -> None:
    """Names that the case does not know, all at once."""
    known: dict[str, list[str]] = {
        "instrument": list(question.catalog.instruments), "partner": [p.partner for p in question.case.partners],
        "node": [n.name for n in question.situation.tree.nodes],
    }  # fmt: skip
    faults = [
        Fault("question", "why not", name, str(value), "it is not known here", did_you_mean(str(value), names))
        for t in things for name, names in known.items()
        if (value := getattr(t, name)) is not None and value not in names
    ]  # fmt: skip
    faults += [
        Fault(
            "question",
            "why not",
            "",
            "",
            "nothing is asked for",
            "Name an instrument, a partner, a start or a part of the plan",
        )
        for t in things
        if t == Thing()
    ]
    if faults:
        raise InputError(faults)


def _name(words: Words, thing: Thing) -> str:
    what = words.tool(thing.instrument) if thing.instrument else "a measure"
    who = f" led by {words.partner(thing.partner)}" if thing.partner else ""
    when = f" begun on day {thing.start_day:.0f}" if thing.start_day is not None else ""
    return f"{what}{who}{when}{' ' + words.place(thing.node) if thing.node else ''}"


def _columns(question: Question, thing: Thing) -> frozenset[int]:
    """The columns that would be the thing."""
    return frozenset(
        i for i, c in enumerate(question.situation.columns)
        if thing.instrument in (None, c.tool.id) and thing.partner in (None, c.ally.id) and thing.node in (None, c.node)
        and (thing.start_day is None or abs(c.start - thing.start_day) < 0.5)
    )  # fmt: skip


def _forbids(resolver: Resolver, words: Words, thing: Thing) -> str:
    """The reasons for which no measure of this kind is on offer: each kind of reason once."""
    scene, reasons = resolver.judge.scene, dict[str, str]()
    tools = (
        [scene.catalog.instruments[thing.instrument]] if thing.instrument else list(scene.catalog.instruments.values())
    )
    partners = [scene.partners[thing.partner]] if thing.partner else list(scene.partners.values())
    nodes = [n for n in scene.nodes if thing.node in (None, n.name)]
    pairs = [(t, p) for t in tools for p in partners if (p.generic, t.id) in scene.catalog.fits]
    if not pairs:
        return "it is no tool of this partner" if thing.partner else "nobody in this case is placed to lead it"
    best_will = max((p.will_for(t.family) for t, p in pairs), default=0.0)
    for tool, partner in pairs:
        for node in nodes:
            found = {v.id: v.because for v in refusals(scene, tool, partner, node)}
            if not found and is_offered(scene, tool, partner, node):
                found = _broken_alone(resolver, Measure(tool.id, partner.id, node.name, start_days(partner, node)[0]))
            elif not found and not in_force_days(scene, tool, partner, node):
                found = {"late": f"{words.partner(partner.id)} comes too late to begin it {words.place(node.name)}"}
            for key, because in sorted(found.items(), key=lambda pair: pair[0] not in SETTLED)[:1]:
                reasons.setdefault(
                    key,
                    _reason(words, key, because, tool.name, best_will, scene.number("will_to_lead_least"), len(pairs)),
                )
    settled = [because for key, because in reasons.items() if key in SETTLED]
    return "; ".join(settled[:1] or reasons.values()) or "it cannot begin on that day"


def _reason(words: Words, key: str, because: str, tool: str, will: float, least: float, pairs: int) -> str:
    if key == "will" and pairs > 1:
        whoever = "nobody who could lead it is" if will < least else "not everybody who could lead it is"
        return f"{whoever} ready enough to (readiness at best {will:g}, and {least:g} is needed)"
    said = re.sub(re.escape(tool) + r"(?! led by)", "it", words.plain(because).rstrip("."))
    return lower_first(said) if said.startswith(tool) else said


def _broken_alone(resolver: Resolver, measure: Measure) -> dict[str, str]:
    """What a measure breaks by itself."""
    q = resolver.question
    deadline = q.choices.deadline_days
    judged = resolver.judge.evaluate(Package((measure,))).measures[0]
    offset = judged.in_force_day - q.situation.tree.node(measure.node).start
    if deadline is not None and offset > deadline:
        return {
            "deadline": (
                f"it would be in force only after {counted(round(offset), 'day')}, and {deadline:.0f} are allowed"
            )
        }
    return {v.id: v.because for v in violations(q.case, Package((measure,)), q.choices, q.catalog)}


def _priced(
    resolver: Resolver,
    words: Words,
    option: Option,
    about: str,
    groups: tuple[frozenset[int], ...],
    left: object,
    stop: Stop,
) -> Explanation:
    assert callable(left)
    keys = [o.key for o in resolver.question.objectives]
    near = resolver.judged(option.package)
    tools = [resolver.question.situation.columns[min(group)].tool.id for group in groups]
    found: dict[str, Found] = {}
    for done, key in enumerate(keys):
        ask = Ask(key, resolver.bounds_of(option, key), one_of=groups)
        found[key] = resolver.best(
            ask, left() * (FIRST if done == 0 < len(keys) - 1 else 1 / (len(keys) - done)), near, stop=stop
        )
    first = found[keys[0]]
    grade = words.grade(tools)
    if all(f.none for f in found.values()):
        reason = _alone_too(resolver, groups)
        return Explanation("why_not", about, f"{start(about)} is in no package {reason}.", "proven", grade)
    numbers = {
        f"{k}_more_at_most": None if f.best is None else f.best.values[k] - option.objectives[k]
        for k, f in found.items()
    }
    numbers |= {f"{k}_more_at_least": None if f.none else f.bound - option.objectives[k] for k, f in found.items()}
    exact = all(f.exactness == "proven" for f in found.values())
    package = first.best.package if first.best else None
    sentence = (
        f"With {about}: "
        f"{'; '.join(_price(k, f, option.objectives[k], resolver.resolution(k)) for k, f in found.items())}."
    )
    return Explanation("why_not", about, sentence, "proven" if exact else "gap", grade, numbers, package)


def _alone_too(resolver: Resolver, groups: tuple[frozenset[int], ...]) -> str:
    free = resolver.relaxed(Ask(resolver.question.objectives[0].key, {}, one_of=groups))
    return "at all under these requirements" if free == float("inf") else "that is as good in the other objectives"


NAMES = {
    "risk": "risk",
    "cost": "cost",
    "days": "time to protection",
    "coercion": "coerciveness",
    "shortfall": "price of rules not kept",
}


def _price(key: str, found: Found, value: float, resolution: float) -> str:
    name = NAMES[key]
    if found.none:
        return f"whatever its {name}, no package has it with the other objectives as good as now"
    if found.best is None:
        return f"its price in {name} is open, no package was found in the time given"
    more = found.best.values[key] - value
    if more <= 0.02 * resolution:
        return f"{name} need not rise"
    if found.exactness == "proven" or found.bound - value >= more - 0.02 * resolution:
        return f"{name} rises by {difference(key, more)} at least"
    low = found.bound - value
    between = f"{difference(key, low)} to {difference(key, more)}"
    return f"{name} rises by {between if low > 0.05 * resolution else at_most(key, more)}"


def things_of(text: str) -> tuple[Thing, ...]:
    """`instrument`, `instrument@partner`, `@partner`, with `:day` at the end for a start.

    Two joined by `+` are asked for together.
    """
    return tuple(_thing(part.strip()) for part in text.split("+"))


def _thing(text: str) -> Thing:
    head, _, day = text.partition(":")
    instrument, _, partner = head.partition("@")
    try:
        start_day = float(day) if day else None
    except ValueError:
        raise InputError(
            [
                Fault(
                    "command line",
                    "",
                    "--why-not",
                    text,
                    f"{day!r} is no day",
                    "Write instrument@partner:day, for example ceasefire_monitoring@osce:30",
                )
            ]
        ) from None
    return replace(Thing(), instrument=instrument or None, partner=partner or None, start_day=start_day)
