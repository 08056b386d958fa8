"""The mixed-integer programme of a situation: structure, rules, risk (docs/method.md, sections 2 to 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import pulp

from . import effects
from .algebra import Builder, Sum, add_up
from .rows import Row, needs, weigh
from .rules import RULES, TARGET_GROUPS, rows_of, say
from .situation import Situation, finite
from .together import Gains, Risk
from .tree import Node


@dataclass
class Programme:
    """A PuLP problem with the variables that a reader of its solutions needs."""

    situation: Situation
    builder: Builder
    x: list[pulp.LpVariable]  # columns, then joins
    inner: Sum = field(default_factory=dict)
    shortfall: Sum = field(default_factory=dict)

    @property
    def problem(self) -> pulp.LpProblem:
        return self.builder.problem

    def chosen(self, values: Mapping[str, float]) -> frozenset[int]:
        """Indices of the columns and joins that a solution takes."""
        return frozenset(i for i, v in enumerate(self.x) if values.get(v.name, 0.0) > 0.5)

    def days(self) -> tuple[Sum, float]:
        """Days to protection: the first period limit, and a step for every limit at which some group is still bare."""
        return _days_to_protection(self)


def structure_rows(situation: Situation) -> tuple[Row, ...]:
    """Requirements that always hold (docs/method.md, section 5) and those of the planner."""
    makers = (_one_of_each, _exclusions, _prerequisites, _capacity, _participation, _most_measures, _money, _wishes)
    return tuple(row for make in makers for row in make(situation))


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
                if situation.columns[i].in_force <= column.in_force < situation.columns[i].end
            ]
            because = f"{say(column.tool)} needs in place: {' or '.join(say(names[k]) for k in item)}"
            yield needs([index], in_place, because)


def _capacity(situation: Situation) -> Iterable[Row]:
    """At every start, a partner's active leads and its joins fit its capacity."""
    share = situation.catalog.value("join_capacity_share")
    for node in situation.tree.nodes:
        for ally in situation.settings.allies.values():
            leads = situation.pick(node.name, lambda c: c.ally.id == ally.id and (c.node == node.name or c.end > node.start))
            joins = [i for i, j in enumerate(situation.joins, len(situation.columns)) if j.ally.id == ally.id and j.node == node.name]
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
        yield Row(now | branch, budget, f"now and the plan for '{where}' cost more than the envelope of {budget:g} M USD")
        if choices.reserve_musd is not None:
            yield Row(branch, choices.reserve_musd, f"the plan for '{where}' costs more than the reserve of {choices.reserve_musd:g} M USD")
    yield Row(now, budget - finite_or_zero(choices.reserve_musd), "the measures of now cost more than the envelope less the reserve")
    for name, most in choices.funder_musd:
        for end in situation.tree.ends:
            theirs = [i for i in situation.on_path[end.name] if situation.columns[i].ally.id == name]
            yield Row({i: costs[i] for i in theirs}, most, f"{name} pays more than {most:g} M USD")


def finite_or_zero(value: float | None) -> float:
    return 0.0 if value is None else value


def _wishes(situation: Situation) -> Iterable[Row]:
    """Instruments forced in, and the day of first effect."""
    choices = situation.choices
    for key in choices.force_in:
        begun = situation.by_instrument.get((key, "now"), ())
        yield Row(weigh((-1.0, begun)), -1.0, f"{say(situation.catalog.instruments[key])} must be begun now")
    if choices.first_effect_days is not None:
        early = situation.begun("now", lambda c: c.in_force <= finite(choices.first_effect_days))
        yield Row(weigh((-1.0, early)), -1.0, f"some measure must be in force by day {choices.first_effect_days:g}")


def build_programme(situation: Situation) -> Programme:
    """The programme of a situation; columns that a required rule or a missing prerequisite rules out are left out first."""
    situation = without_dead_columns(situation)
    builder = Builder()
    x = [builder.binary() for _ in range(len(situation.columns) + len(situation.joins))]
    programme = Programme(situation, builder, x)
    for row in merged(situation, hard_rows(situation)):
        _add_row(programme, row)
    for row in priced_rows(situation):
        programme.shortfall = add_up((1.0, programme.shortfall), (row.price, {_add_row(programme, row, soft=True): 1.0}))
    programme.inner = Risk(builder, situation, x, _gains(programme)).inner
    return programme


def hard_rows(situation: Situation) -> tuple[Row, ...]:
    """Structure, and the rows of every required rule."""
    required = [key for key in RULES if situation.settings.required(key)]
    return structure_rows(situation) + tuple(row for key in required for row in rows_of(situation, key))


def priced_rows(situation: Situation) -> tuple[Row, ...]:
    """Rows of the rules that are only preferred and have a price."""
    preferred = [key for key in RULES if situation.settings.states[key] == "preferred"]
    return tuple(row for key in preferred for row in rows_of(situation, key) if row.price > 0)


def without_dead_columns(situation: Situation) -> Situation:
    """Drop columns that one hard row alone forbids, until nothing more falls.

    A row whose positive weights are only those of a column, and which that column breaks even with every helper chosen, forbids it.
    """
    while True:
        dead = {i for row in hard_rows(situation) if not row.any_of for i in _forbidden(row)}
        dead = {i for i in dead if i < len(situation.columns)}
        if not dead:
            return situation
        situation = situation.kept(lambda i: i not in dead)


def _forbidden(row: Row) -> list[int]:
    best = sum(w for w in row.weights.values() if w < 0)
    return [i for i, w in row.weights.items() if w > 0 and best + w > row.limit + 1e-9 and best <= row.limit + 1e-9]


def merged(situation: Situation, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows 'this column needs one of those' of one tool in one node with the same cure, added up: at most one is chosen, so it is as strong."""
    causes: dict[tuple[object, ...], list[int]] = defaultdict(list)
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        positive = [i for i, w in row.weights.items() if w > 0]
        cure = frozenset(row.weights.items()) - {(i, row.weights[i]) for i in positive}
        simple = len(positive) == 1 and positive[0] < len(situation.columns) and row.limit == 0 and not row.any_of and cure
        if not simple:
            yield row
            continue
        column = situation.columns[positive[0]]
        key = (column.tool.id, column.node, row.weights[positive[0]], cure)
        causes[key].append(positive[0])
        first.setdefault(key, row)
    for key, row in first.items():
        weight = max(row.weights.values())
        extra = [i for i in set(causes[key]) if i not in row.weights]
        yield Row(dict(row.weights) | {i: weight for i in extra}, row.limit, row.because)


def _add_row(programme: Programme, row: Row, soft: bool = False) -> pulp.LpVariable | None:
    """Add a row; a soft one with its shortfall, which is returned."""
    builder, x = programme.builder, programme.x
    left = {x[i]: w for i, w in row.weights.items()}
    for weight, group in row.any_of:
        some = builder.number(0, 1)
        left[some] = weight
        for i in group if weight > 0 else ():
            builder.at_most({x[i]: 1.0, some: -1.0}, 0)
        if weight < 0:
            builder.at_most(add_up((1.0, {some: 1.0}), (-1.0, {x[i]: 1.0 for i in group})), 0)
    short = builder.number(0) if soft else None
    if short is not None:
        left[short] = -1.0
    if left or row.limit < 0:
        builder.at_most(left if left else {builder.number(0, 0): 1.0}, row.limit)
    return short


def _gains(programme: Programme) -> Gains:
    """Variables that say where a bonus of coalition or sequence is missing, with their rows."""
    situation = programme.situation
    switches: dict[int, list[tuple[str, pulp.LpVariable]]] = defaultdict(list)
    for (tool, node), begun in situation.by_instrument.items():
        for organised in (True, False):
            group = [i for i in begun if situation.columns[i].ally.is_organisation == organised]
            _coalition(programme, group, situation.joins_by.get((tool, node), ()), organised, switches)
    for index, column in enumerate(situation.columns):
        if effects.sequence_gain(situation.settings, column.tool) > 1:
            _sequence(programme, index, switches)
    return Gains({i: tuple(s) for i, s in switches.items()})


def _coalition(
    programme: Programme, group: list[int], joins: tuple[int, ...], organised: bool,
    switches: dict[int, list[tuple[str, pulp.LpVariable]]],
) -> None:  # fmt: skip
    """One partner joins, and lead or joiner is an organisation."""
    situation, builder, x = programme.situation, programme.builder, programme.x
    cure = [j for j in joins if organised or situation.join(j).ally.is_organisation]
    for i in group if cure else ():
        missing = builder.number(0, 1)
        builder.at_most(add_up((1.0, {x[i]: 1.0}), (-1.0, {x[j]: 1.0 for j in cure}), (-1.0, {missing: 1.0})), 0)
        switches[i].append(("coalition", missing))


def _sequence(programme: Programme, index: int, switches: dict[int, list[tuple[str, pulp.LpVariable]]]) -> None:
    """Peaceful means were in force at least a week before."""
    situation, x = programme.situation, programme.x
    column = situation.columns[index]
    before = situation.pick(
        column.node,
        lambda c: (c.tool.family == "mediation" or c.tool.mode in ("inducement", "promise")) and c.in_force + 7 <= column.in_force,
    )
    if before:
        missing = programme.builder.number(0, 1)
        left = add_up((1.0, {x[index]: 1.0}), (-1.0, {x[i]: 1.0 for i in before}), (-1.0, {missing: 1.0}))
        programme.builder.at_most(left, 0)
        switches[index].append(("sequence", missing))


def _days_to_protection(programme: Programme) -> tuple[Sum, float]:
    situation, builder = programme.situation, programme.builder
    limits = sorted({d for n in situation.tree.nodes for d in n.limits})
    bare: Sum = {}
    for day, following in zip(limits[:-1], limits[1:], strict=True):
        step = builder.number(0, 1)
        bare[step] = following - day
        for group in TARGET_GROUPS:
            if group not in situation.choices.waived_groups:
                for node in _paths_at(situation, day):
                    covering = _covering(situation, node, group, day)
                    builder.at_most(add_up((-1.0, {programme.x[i]: 1.0 for i in covering}), (-1.0, {step: 1.0})), -1)
    return bare, limits[0]


def _paths_at(situation: Situation, day: float) -> tuple[Node, ...]:
    """The nodes in which a group must be covered by a day: now before the branch day, every branch from then on."""
    now = situation.tree.now
    return (now,) if day < now.end or not situation.tree.branches else situation.tree.branches


def _covering(situation: Situation, node: Node, group: str, day: float) -> tuple[int, ...]:
    least = situation.catalog.value("coverage_effect_least")
    return situation.pick(
        node.name, lambda c: group in c.tool.target_groups and c.tool.effect.mid >= least and c.in_force <= day
    )
