"""The first page: what a minister reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..mandates import late_mandates, when_expected
from . import words
from .context import Context
from .dates import on
from .record import About, Money, Preparation, Risk, RuleCheck, Study, Summary, Task
from .text import listed, sentence

MOST_LINES = 5  # so that it stays one page


def summary(
    ctx: Context,
    about: About,
    tasks: Sequence[Task],
    risk: Risk,
    money: Money,
    rules: Sequence[RuleCheck],
    steps: Sequence[Preparation],
    red_team: Study,
) -> Summary:
    """One page from the parts of the plan."""
    return Summary(
        headline=_headline(tasks, risk, money, ctx),
        situation=sentence(
            f"{ctx.case.trigger_event} At the start of this plan {words.POINTS[ctx.case.intervention_point]}"
        ),
        does=tuple(_does(ctx, tasks)),
        decide=tuple(_decide(ctx, about, steps, money)),
        wrong=tuple(_wrong(ctx, risk, rules, tasks, red_team)),
        sure=_sure(risk, about),
    )


def _headline(tasks: Sequence[Task], risk: Risk, money: Money, ctx: Context) -> str:
    if not tasks:
        return sentence(f"This package holds no measure: the risk stays at {words.percent(risk.before.mid)}")
    now = sum(t.phase == words.PHASES["now"] for t in tasks)
    digits = words.apart(risk.before.mid, risk.after.mid)
    after = (
        f"about {words.percent(risk.after.mid, digits)} ({risk.range_is} {words.span(risk.after.low, risk.after.high)})"
    )
    held = f", with {words.musd(money.reserve.mid)} million USD held in reserve" if money.reserve.mid else ""
    return sentence(
        f"{now} measure{'s' if now != 1 else ''} now, at about {words.musd(money.now.mid)} million USD{held}, would bring the chance of mass killing "
        f"from {words.percent(risk.before.mid, digits)} ({words.span(risk.before.low, risk.before.high)}) to {after}, as far as this model can tell"
    )


def _does(ctx: Context, tasks: Sequence[Task]) -> Iterator[str]:
    now = _strongest(t for t in tasks if t.phase == words.PHASES["now"])
    for task in now[:MOST_LINES]:
        yield sentence(f"{task.lead}: {_short(task.name)}, from {task.start}, in force about {task.in_force}")
    if len(now) > MOST_LINES:
        yield f"And {len(now) - MOST_LINES} more (section 4)."
    for node in ctx.tree.branches:
        mine = [_short(t.name) for t in tasks if t.phase == words.phase(node.name)]
        if mine:
            more = f" and {len(mine) - 3} more" if len(mine) > 3 else ""
            yield sentence(f"{words.phase(node.name)}: {listed(mine[:3]) if not more else ', '.join(mine[:3])}{more}")


def _strongest(tasks: Iterable[Task]) -> list[Task]:
    """The tasks that do most by themselves first."""
    return sorted(tasks, key=lambda t: (-t.effect.mid, t.number))


def _short(name: str, most: int = 90) -> str:
    """A name without its bracket; a very long one is cut on this page only, and stands in full in section 4."""
    bare = name.split(" (")[0]
    return bare if len(bare) <= most else bare[: most - 1].rstrip() + "\u2026"


def _decide(ctx: Context, about: About, steps: Sequence[Preparation], money: Money) -> Iterator[str]:
    yield sentence(f"Approve this {about.kind} and its coordinator by {about.start}")
    if about.repairs:
        given_up = "; ".join(r.rstrip(".") for r in about.repairs)
        yield sentence(f"Accept what was given up so that a plan exists: {_short(given_up, 200)}")
    late = [s for s in steps if s.late]
    if late:
        kinds = listed(sorted({s.kind.lower() for s in late}))
        yield sentence(
            f"Begin at once with {kinds}: {len(late)} preparatory steps should have begun before the first day (section 6)"
        )
    if ctx.tree.branches:
        reserve = "Set the reserve aside, and decide" if money.reserve.mid else "Decide"
        yield f"{reserve} by {on(ctx.start, ctx.tree.now.end)} which contingency playbook begins."


def _wrong(
    ctx: Context, risk: Risk, rules: Sequence[RuleCheck], tasks: Sequence[Task], red_team: Study
) -> Iterator[str]:
    if risk.fall.low is not None and risk.fall.low <= 0 and tasks:
        yield _no_gain(ctx)
    if red_team.findings and red_team.summary:
        yield red_team.summary.split(". ", 1)[0].rstrip(".") + "."
    broken = [r for r in rules if not r.kept and r.state != words.STATES["off"]]
    if broken:
        some = listed([words.lower(r.title) for r in broken[:3]])
        yield sentence(
            f"{len(broken)} rule{'s are' if len(broken) > 1 else ' is'} not kept: {some}{' and others' if len(broken) > 3 else ''} (section 11)"
        )
    late = late_mandates([j for _, j in ctx.numbered], ctx.case)
    if late:
        early = [str(n) for n, j in ctx.numbered if j in late]
        yield sentence(f"{_tasks(early)} a mandate that was {when_expected(ctx.case)}")
    harms = [t for t in _strongest(tasks) if t.harm][:2]
    yield from (sentence(f"{_short(t.name)}: {_short(t.harm, 150)}") for t in harms)


def _no_gain(ctx: Context) -> str:
    if ctx.spread is None:
        return "At the low ends of their ranges the measures together would leave the risk as it is, or raise it."
    return (
        f"In {words.percent(ctx.spread.harm)} of the draws the measures together leave the risk as it is, or raise it."
    )


def _tasks(numbers: Sequence[str]) -> str:
    return f"Task {numbers[0]} needs" if len(numbers) == 1 else f"Tasks {listed(list(numbers))} need"


def _sure(risk: Risk, about: About) -> str:
    return f"Numbers are estimates with wide ranges, most of them judged; they compare packages in a model and do not forecast. {about.certificate}"
