"""The mixed-integer programme of a situation: structure, rules, risk (docs/method.md, sections 2 to 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import pulp

from . import effects
from .algebra import Builder, Sum, add_up
from .reduction import hard_rows, merged, priced_rows, reduced
from .rows import Row
from .rules import TARGET_GROUPS
from .situation import Situation
from .together import Gains, Risk
from .tree import Node


@dataclass
class Programme:
    """A PuLP problem with the variables that a reader of its solutions needs."""

    situation: Situation
    builder: Builder
    x: list[pulp.LpVariable]  # columns, then joins
    inner: Sum = field(default_factory=dict)
    priced: Sum | None = None  # these two are made when first asked for
    bare: tuple[Sum, float] | None = None
    further: dict[str, Sum] = field(default_factory=dict)  # objectives that look beyond the mids, by key

    @property
    def problem(self) -> pulp.LpProblem:
        return self.builder.problem

    def chosen(self, values: Mapping[str, float]) -> frozenset[int]:
        """Indices of the columns and joins that a solution takes."""
        return frozenset(i for i, v in enumerate(self.x) if values.get(v.name, 0.0) > 0.5)

    def shortfall(self) -> Sum:
        """Price of the preferred rules that are not kept."""
        if self.priced is None:
            short = [(row.price, _add_row(self, row, soft=True)) for row in priced_rows(self.situation)]
            self.priced = add_up(*((price, {variable: 1.0}) for price, variable in short))
        return self.priced

    def days(self) -> tuple[Sum, float]:
        """Days to protection: the first period limit, and a step for every limit at which some group is still bare."""
        if self.bare is None:
            self.bare = _days_to_protection(self)
        return self.bare


def build_programme(situation: Situation) -> Programme:
    """The programme of a situation, without the columns that a hard row rules out."""
    return programme_of(*reduced(situation))


def programme_of(situation: Situation, rows: Iterable[Row] | None = None) -> Programme:
    """The programme of a situation as it is; `rows`: its hard rows, if they are made already."""
    builder = Builder()
    x = [builder.binary() for _ in range(len(situation.columns) + len(situation.joins))]
    programme = Programme(situation, builder, x)
    for row in merged(situation, hard_rows(situation) if rows is None else rows):
        _add_row(programme, row)
    _count_tools(programme)
    programme.inner = Risk(builder, situation, x, _gains(programme)).inner
    return programme


def _count_tools(programme: Programme) -> None:
    """A column for each tool and node that is 1 where it is begun, whoever leads it: what a search decides first."""
    for begun in programme.situation.by_instrument.values():
        programme.builder.counted({programme.x[i]: 1.0 for i in begun})


def _add_row(programme: Programme, row: Row, soft: bool = False) -> pulp.LpVariable | None:
    """Add a row; a soft one with its shortfall, which is returned."""
    builder, x = programme.builder, programme.x
    alike: dict[float, Sum] = defaultdict(dict)
    for i, w in row.weights.items():
        alike[w][x[i]] = 1.0
    left = add_up(*((w, builder.named(part)) for w, part in alike.items()))
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
    """One partner joins, and lead or joiner is an organisation; one row for a tool, as at most one column is chosen."""
    situation, builder, x = programme.situation, programme.builder, programme.x
    cure = [j for j in joins if organised or situation.join(j).ally.is_organisation]
    if not cure:
        return
    kept: list[tuple[float, Sum]] = []
    for i in group:
        missing = builder.number(0, 1)
        builder.at_most({missing: 1.0, x[i]: -1.0}, 0)
        kept.append((1.0, {x[i]: 1.0, missing: -1.0}))
        switches[i].append(("coalition", missing))
    builder.at_most(add_up(*kept, (-1.0, {x[j]: 1.0 for j in cure})), 0)


def _sequence(programme: Programme, index: int, switches: dict[int, list[tuple[str, pulp.LpVariable]]]) -> None:
    """Peaceful means were in force at least a week before."""
    situation, x = programme.situation, programme.x
    column = situation.columns[index]
    before = situation.pick(
        column.node,
        lambda c: (
            (c.tool.family == "mediation" or c.tool.mode in ("inducement", "promise"))
            and c.in_force + 7 <= column.in_force
        ),
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
    last: pulp.LpVariable | None = None
    for day, following in pairwise(limits):
        step = builder.binary()
        bare[step] = following - day
        if last is not None:  # who is covered stays covered
            builder.at_most({step: 1.0, last: -1.0}, 0)
        last = step
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
