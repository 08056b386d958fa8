"""Tasks, responsibilities and the work before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..judge.evaluate import Judged
from ..mandates import BODIES, when_expected
from ..model.tree import MONTH_DAYS
from . import words
from .backing import backing
from .context import Context
from .dates import on
from .record import Key, Preparation, Responsibility, Task
from .tables import numbers
from .text import listed


def tasks(ctx: Context) -> tuple[Task, ...]:
    """Every measure of the package, numbered now first, then branch by branch, by start."""
    return tuple(_task(ctx, number, judged) for number, judged in ctx.numbered)


def _task(ctx: Context, number: int, judged: Judged) -> Task:
    measure, tool, start = judged.measure, ctx.tool(judged), ctx.start
    early, late = ctx.ranges.in_force(judged)
    return Task(
        number=number,
        phase=words.phase(measure.node),
        name=tool.name,
        does=words.MODES[tool.mode],
        lead=ctx.names.partner(measure.lead),
        partners=tuple(ctx.names.partner(q) for q in measure.joined),
        start=on(start, measure.start_day),
        in_force=on(start, judged.in_force_day),
        in_force_low=on(start, early),
        in_force_high=on(start, late),
        end=on(start, judged.end_day),
        cost=ctx.ranges.cost(judged),
        effect=ctx.ranges.effect(judged),
        groups=tuple(words.GROUPS[g] for g in tool.target_groups),
        approval=_approval(ctx, judged),
        backing=backing(ctx, judged),
        harm=tool.backfire_note,
        review=tool.planner_default == "off_review",
        note=ctx.notes.get(str(number), ""),
        key=Key(
            instrument=measure.instrument, lead=measure.lead, node=measure.node, start_day=measure.start_day, joined=measure.joined,
            in_force_day=measure.in_force_day, end_day=measure.end_day,
        ),
    )  # fmt: skip


def _approval(ctx: Context, judged: Judged) -> str:
    said = ctx.gate(judged)
    if judged.gate in BODIES:
        said += f" (prospect in this case {words.percent(judged.prospect)}, judged)"
    return said


def responsibilities(ctx: Context) -> tuple[Responsibility, ...]:
    """Each partner with a part in the plan, the busiest first."""
    leads: dict[str, list[int]] = defaultdict(list)
    joins: dict[str, list[int]] = defaultdict(list)
    for number, judged in ctx.numbered:
        leads[judged.measure.lead].append(number)
        for partner in judged.measure.joined:
            joins[partner].append(number)
    order = sorted({*leads, *joins}, key=lambda p: (-len(leads[p]), -len(joins[p]), p))
    return tuple(_responsibility(ctx, p, leads[p], joins[p]) for p in order)


def _responsibility(ctx: Context, partner: str, leads: list[int], joins: list[int]) -> Responsibility:
    standing, entry = ctx.ranges.scene.partners[partner], ctx.entry(partner)
    generic = ctx.catalog.partners[entry.generic_partner]
    return Responsibility(
        partner=ctx.names.partner(partner),
        leads=tuple(leads),
        joins=tuple(joins),
        at_once=_at_once(ctx, leads),
        capacity=standing.capacity,
        will=round(standing.will, 3),
        available=on(ctx.start, standing.available_day),
        decides=generic.decision_rule,
        limits=tuple(t for t in (generic.availability_constraint, *entry.constraints) if t),
    )


def _at_once(ctx: Context, numbers_: list[int]) -> int:
    """Most of these tasks active at one time on one path."""
    mine = [j for n, j in ctx.numbered if n in numbers_]
    paths = [[j for j in mine if j.measure.node in ("now", node)] for node in ctx.ends]
    return max(
        (sum(j.measure.start_day <= one.measure.start_day < j.end_day for j in path) for path in paths for one in path),
        default=0,
    )


def preparations(ctx: Context) -> tuple[Preparation, ...]:
    """Legislative liaison, diplomatic coordination, legal consultation, funding and media, each with its last day."""
    found = [*_mandates(ctx), *_funding(ctx), *_legal(ctx), *_always(ctx)] if ctx.numbered else []
    found = sorted(_merged(found), key=lambda f: (f.day, f.kind, f.tasks))
    return tuple(
        Preparation(
            number=k, kind=f.kind, step=f.step, who=f.who, due=on(ctx.start, max(f.day, 0.0)), late=f.day < -1.0, tasks=f.tasks
        )
        for k, f in enumerate(found, start=1)
    )  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A preparatory step before it has its number; `day` may lie before the plan."""

    day: float
    kind: str
    step: str
    who: str
    tasks: tuple[int, ...]


Group = list[tuple[int, Judged]]


def _merged(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The same step by the same partner on the same day once, for all its tasks."""
    same: dict[tuple[float, str, str, str], tuple[int, ...]] = {}
    for d in drafts:
        key = (d.day, d.kind, d.step, d.who)
        same[key] = tuple(sorted({*same.get(key, ()), *d.tasks}))
    return (Draft(*key, tasks) for key, tasks in same.items())


def _before(group: Iterable[tuple[int, Judged]], key: str) -> float:
    """Last day for a preparation of tasks."""
    return min(j.measure.start_day for _, j in group) - MONTH_DAYS * numbers()[f"prepare_{key}_months"].mid


def _grouped(ctx: Context, key: Callable[[Judged], tuple[str, ...]]) -> dict[tuple[str, ...], Group]:
    groups: dict[tuple[str, ...], Group] = defaultdict(list)
    for number, judged in ctx.numbered:
        groups[key(judged)].append((number, judged))
    return groups


def _mandates(ctx: Context) -> Iterator[Draft]:
    """One step for each gate, lead and phase."""
    for (gate, lead, _), group in _grouped(ctx, lambda j: (j.gate, j.measure.lead, j.measure.node)).items():
        if gate == "none":
            continue
        kind = "Legislative liaison" if gate == "national_legislature" else "Diplomatic coordination"
        step = f"Win the {ctx.gate(group[0][1])}"
        if gate in BODIES:
            step += f", which was {when_expected(ctx.case)}"
        yield Draft(_before(group, gate), kind, step, ctx.names.partner(lead), tuple(n for n, _ in group))


def _funding(ctx: Context) -> Iterator[Draft]:
    """Money now by lead; the reserve in one step."""
    for (lead,), group in _grouped(ctx, lambda j: (j.measure.lead,)).items():
        now = [(n, j) for n, j in group if j.measure.node == "now"]
        if now:
            step = f"Release {words.musd(sum(j.cost_musd for _, j in now))} million USD"
            yield Draft(_before(now, "money"), "Funding", step, ctx.names.partner(lead), tuple(n for n, _ in now))
    later = [(n, j) for n, j in ctx.numbered if j.measure.node != "now"]
    if later:
        dearest = max(sum(j.cost_musd for _, j in ctx.begun(b.name)) for b in ctx.tree.branches)
        step = f"Set {words.musd(dearest)} million USD aside in the reserve, enough for the dearest branch"
        yield Draft(_before(later, "money"), "Funding", step, _coordinator(ctx), tuple(n for n, _ in later))


def _legal(ctx: Context) -> Iterator[Draft]:
    for (lead, _), group in _grouped(ctx, lambda j: (j.measure.lead, j.measure.node)).items():
        hard = [(n, j) for n, j in group if _needs_law(ctx, j)]
        review = [str(n) for n, j in hard if ctx.tool(j).planner_default == "off_review"]
        extra = f"; named, accountable sign-off for task {listed(review)}" if review else ""
        if hard:
            step = f"Opinion on the legal ground of each coercive measure{extra}"
            yield Draft(
                _before(hard, "legal"), "Legal consultation", step, ctx.names.partner(lead), tuple(n for n, _ in hard)
            )


def _needs_law(ctx: Context, judged: Judged) -> bool:
    tool = ctx.tool(judged)
    return tool.planner_default == "off_review" or (
        tool.stance == "coercive" and tool.family not in ("pressure", "shaming")
    )


def _always(ctx: Context) -> Iterator[Draft]:
    """One message; military planning and the recording of crimes, which the rules want in every plan."""
    now = tuple(n for n, _ in ctx.begun("now"))
    step = "Agree with all partners on one message and one speaker for each channel"
    yield Draft(_before(ctx.numbered, "media"), "Media", step, _coordinator(ctx), now)
    planned = {j.measure.instrument for _, j in ctx.numbered}
    if "military_contingency_planning" not in planned:
        yield Draft(
            0.0,
            "Military planning",
            "Plan for the case that force is needed: planning is not the last resort, and it decides nothing",
            _coordinator(ctx),
            (),
        )
    if "documentation_for_indictment" not in planned:
        yield Draft(
            0.0,
            "Recording of crimes",
            "See that crimes are recorded so that they can be used in court",
            _coordinator(ctx),
            (),
        )


def _coordinator(ctx: Context) -> str:
    return ctx.names.partner(ctx.lead) if ctx.lead else "the standing committee"
