"""Requirements that always hold, and the planner's own (docs/method.md, section 5), as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

from .rows import Row, needs, weigh
from .rules import say
from .situation import Situation


def structure_rows(situation: Situation) -> tuple[Row, ...]:
    """Requirements that always hold (docs/method.md, section 5) and those of the planner."""
    return tuple(row for make in STRUCTURE.values() for row in make(situation))


def _one_of_each(situation: Situation) -> Iterable[Row]:
    for end in situation.tree.ends:
        for tool in {c.tool.id: c.tool for c in situation.columns}.values():
            group = situation.of(end.name, [tool.id])
            if len(group) > 1:
                yield Row(weigh((1.0, group)), 1.0, f"{say(tool)} is taken up once on a path")


def _exclusions(situation: Situation) -> Iterable[Row]:
    tools = {c.tool.id: c.tool for c in situation.columns}
    pairs = [(a, b) for a, b in combinations(sorted(tools), 2) if b in tools[a].excludes]
    for end in situation.tree.ends:
        for a, b in pairs:
            because = f"{say(tools[a])} and {say(tools[b])} may not run together"
            yield from _apart(situation, situation.of(end.name, [a]), situation.of(end.name, [b]), because)


def _apart(situation: Situation, first: tuple[int, ...], second: tuple[int, ...], because: str) -> Iterable[Row]:
    """Rows that keep overlapping measures of two tools apart; columns with the same rivals share one."""
    rivals: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for i in first:
        rivals[tuple(j for j in second if situation.columns[i].overlaps(situation.columns[j]))].append(i)
    for others, group in rivals.items():
        if others:
            yield Row(weigh((1.0, group), (1.0, others)), 1.0, because)


def _prerequisites(situation: Situation) -> Iterable[Row]:
    names = situation.catalog.instruments
    for index, column in enumerate(situation.columns):
        for item in column.tool.requires:
            in_place = [
                i
                for i in situation.of(column.node, item)
                if situation.columns[i].start <= column.start and column.in_force < situation.columns[i].end
            ]
            because = f"{say(column.tool)} needs in place: {' or '.join(say(names[k]) for k in item)}"
            yield needs([index], in_place, because)


def _capacity(situation: Situation) -> Iterable[Row]:
    """At every start, a partner's active leads and its joins fit its capacity."""
    share = situation.catalog.value("join_capacity_share")
    for node in situation.tree.nodes:
        for ally in situation.settings.allies.values():
            led = situation.led_by.get((ally.id, node.name), ())
            leads = [i for i in led if situation.columns[i].node == node.name or situation.columns[i].end > node.start]
            joins = [
                i
                for i, j in enumerate(situation.joins, len(situation.columns))
                if j.ally.id == ally.id and j.node == node.name
            ]
            days = {node.start, *(situation.columns[i].start for i in leads if situation.columns[i].node == node.name)}
            for day in sorted(days):
                busy = [i for i in leads if situation.columns[i].start <= day < situation.columns[i].end]
                because = f"{ally.id} can lead {ally.capacity} measures at once"
                if len(busy) + share * len(joins) > ally.capacity:
                    yield Row(weigh((1.0, busy), (share, joins)), float(ally.capacity), because)


def _participation(situation: Situation) -> Iterable[Row]:
    """A partner joins a measure that somebody else leads, once it is available."""
    for index, join in enumerate(situation.joins, start=len(situation.columns)):
        begun = situation.by_instrument[join.tool.id, join.node]
        others = [
            i
            for i in begun
            if situation.columns[i].ally.id != join.ally.id and situation.columns[i].start >= join.ally.available_day
        ]
        yield needs([index], others, f"{join.ally.id} can only join {say(join.tool)} if somebody else leads it")


def _most_measures(situation: Situation) -> Iterable[Row]:
    most = situation.settings.max_measures
    for node in situation.tree.nodes:
        active = situation.active(node)
        if len({situation.columns[i].tool.id for i in active}) > most:
            yield Row(weigh((1.0, active)), most, f"at most {most} measures at once in '{node.name.replace('_', ' ')}'")


def _money(situation: Situation) -> Iterable[Row]:
    choices, budget = situation.choices, situation.settings.budget
    costs = {i: c.cost_musd for i, c in enumerate(situation.columns)}
    now = {i: costs[i] for i in situation.begun("now")}
    for end in situation.tree.branches:
        branch = {i: costs[i] for i in situation.begun(end.name)}
        where = end.name.replace("_", " ")
        yield Row(
            now | branch, budget, f"now and the plan for '{where}' cost more than the envelope of {budget:g} M USD"
        )
        if choices.reserve_musd is not None:
            yield Row(
                branch,
                choices.reserve_musd,
                f"the plan for '{where}' costs more than the reserve of {choices.reserve_musd:g} M USD",
            )
    yield Row(
        now,
        budget - (choices.reserve_musd or 0.0),
        "the measures of now cost more than the envelope less the reserve",
    )
    for name, most in choices.funder_musd:
        for end in situation.tree.ends:
            theirs = [i for i in situation.on_path[end.name] if situation.columns[i].ally.id == name]
            yield Row({i: costs[i] for i in theirs}, most, f"{name} pays more than {most:g} M USD")


def _wishes(situation: Situation) -> Iterable[Row]:
    """Instruments forced in, and the day of first effect."""
    choices = situation.choices
    for key in choices.force_in:
        begun = situation.by_instrument.get((key, "now"), ())
        yield Row(weigh((-1.0, begun)), -1.0, f"{say(situation.catalog.instruments[key])} must be begun now")
    day = choices.first_effect_days
    if day is not None:
        early = [i for i in situation.begun("now") if situation.columns[i].in_force <= day]
        yield Row(weigh((-1.0, early)), -1.0, f"some measure must be in force by day {day:g}")


STRUCTURE: dict[str, Callable[[Situation], Iterable[Row]]] = {
    "one_of_each": _one_of_each,
    "exclusions": _exclusions,
    "prerequisites": _prerequisites,
    "capacity": _capacity,
    "participation": _participation,
    "most_measures": _most_measures,
    "money": _money,
    "wishes": _wishes,
}
