"""A case under a planner's choices, made into columns: every measure on offer (docs/method.md, section 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..choices import Choices, Measure, Package
from ..inputs.records import Case, Catalog, Fit, Instrument
from . import effects
from .rows import Row
from .settings import Ally, Settings
from .tree import MONTH_DAYS, Node, Tree, build_tree

Period = tuple[float, float]  # days from the case's start


@dataclass(frozen=True)
class Column:
    """One measure on offer. `effects`: node -> e where it is felt; days from the case's start; M USD of 2020."""

    tool: Instrument
    ally: Ally
    fit: float
    node: str
    slot: float
    start: float
    in_force: float
    end: float
    cost_musd: float
    early_cost_musd: float  # falling in the months of the rapid fund (R46)
    gate: str
    effects: Mapping[str, float]
    backed: bool | None = None  # of a real threat, as coded

    def share(self, period: Period, after: float = 0.0, before: float = 0.0) -> float:
        """a: share of the period in which the measure is in force, its time in force stretched by so many days."""
        overlap = min(self.end + after, period[1]) - max(self.in_force - before, period[0])
        return max(0.0, overlap) / (period[1] - period[0])

    def overlaps(self, other: Column) -> bool:
        return self.in_force < other.end and other.in_force < self.end

    @property
    def measure(self) -> Measure:
        return Measure(self.tool.id, self.ally.id, self.node, self.start)


@dataclass(frozen=True)
class Join:
    """A partner that could take part, without leading, in the measure of an instrument begun in a node."""

    tool: Instrument
    ally: Ally
    node: str


@dataclass(frozen=True)
class Situation:
    """Columns 0..len(columns)-1 are leads, the following indices are joins."""

    settings: Settings
    tree: Tree
    columns: tuple[Column, ...]
    joins: tuple[Join, ...]
    offers: tuple[Column, ...] = ()  # all that was on offer before columns were left out; empty: the columns

    @property
    def case(self) -> Case:
        return self.settings.case

    @property
    def catalog(self) -> Catalog:
        return self.settings.catalog

    @property
    def choices(self) -> Choices:
        return self.settings.choices

    @cached_property
    def _remembered(self) -> dict[tuple[object, ...], list[float]]:
        """Shares and strengths of all columns, made once for each period."""
        return {}

    def shares(self, period: Period, after: float = 0.0, before: float = 0.0) -> list[float]:
        """`Column.share` of every column; (columns,)."""
        key = (*period, after, before)
        if key not in self._remembered:
            self._remembered[key] = [c.share(period, after, before) for c in self.columns]
        return self._remembered[key]

    def strengths(self, node: str, period: Period) -> list[float]:
        """L of every column alone in a period of a node, a x beta; 0 where it is not felt; (columns,)."""
        key = (node, *period)
        if key not in self._remembered:
            pairs = zip(self.shares(period), self._betas[node], strict=True)
            self._remembered[key] = [share * beta for share, beta in pairs]
        return self._remembered[key]

    @cached_property
    def _betas(self) -> Mapping[str, list[float]]:
        """Node -> -ln(1 - e) of every column in it; (columns,)."""
        return {
            node.name: [effects.log_effect(c.effects.get(node.name, 0.0)) for c in self.columns]
            for node in self.tree.nodes
        }

    @cached_property
    def rule_rows(self) -> dict[str, tuple[Row, ...]]:
        """Rows of the rules made so far, by rule; `rules.rows_of` fills it."""
        return {}

    @cached_property
    def by_instrument(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """(instrument, node) -> columns begun there."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, column in enumerate(self.columns):
            found[column.tool.id, column.node].append(index)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def joins_by(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """(instrument, node) -> indices of the joins begun there."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, join in enumerate(self.joins, start=len(self.columns)):
            found[join.tool.id, join.node].append(index)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def led_by(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """(partner, node) -> columns that the partner leads on the path to the node."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for node, indices in self.on_path.items():
            for i in indices:
                found[self.columns[i].ally.id, node].append(i)
        return {key: tuple(value) for key, value in found.items()}

    def join(self, index: int) -> Join:
        return self.joins[index - len(self.columns)]

    def tool(self, index: int) -> Instrument:
        """The instrument of a column or join."""
        return (self.columns[index] if index < len(self.columns) else self.join(index)).tool

    @cached_property
    def on_path(self) -> Mapping[str, tuple[int, ...]]:
        """Node -> columns begun in it or in `now`."""
        return {
            n.name: tuple(i for i, c in enumerate(self.columns) if c.node in ("now", n.name)) for n in self.tree.nodes
        }

    def pick(self, node: str, test: Callable[[Column], bool]) -> tuple[int, ...]:
        """Columns on the path to a node that pass a test."""
        return tuple(i for i in self.on_path[node] if test(self.columns[i]))

    def of(self, node: str, instruments: Iterable[str]) -> tuple[int, ...]:
        """Columns of these instruments on the path to a node."""
        places = ("now",) if node == "now" else ("now", node)
        return tuple(i for key in instruments for place in places for i in self.by_instrument.get((key, place), ()))

    def begun(self, node: str, test: Callable[[Column], bool] = lambda c: True) -> tuple[int, ...]:
        """Columns begun in a node that pass a test."""
        return tuple(i for i, c in enumerate(self.columns) if c.node == node and test(c))

    def active(self, node: Node) -> tuple[int, ...]:
        """Columns active at some time in a node."""
        return self.pick(node.name, lambda c: c.node == node.name or c.end > node.start)

    def kept(self, keep: Callable[[int], bool]) -> Situation:
        """The same situation with the columns that pass, and the joins that still have something to join."""
        columns = tuple(c for i, c in enumerate(self.columns) if keep(i))
        offered = {(c.tool.id, c.node) for c in columns}
        joins = tuple(j for j in self.joins if (j.tool.id, j.node) in offered)
        return replace(self, columns=columns, joins=joins, offers=self.offers or self.columns)

    def on_offer(self, instrument: str, nodes: tuple[str, ...]) -> tuple[Column, ...]:
        """Every column of an instrument begun in these nodes, those left out since included: who could have led it."""
        return tuple(c for node in nodes for c in self._offers_by.get((instrument, node), ()))

    @cached_property
    def _offers_by(self) -> Mapping[tuple[str, str], tuple[Column, ...]]:
        found: dict[tuple[str, str], list[Column]] = defaultdict(list)
        for column in self.offers or self.columns:
            found[column.tool.id, column.node].append(column)
        return {key: tuple(value) for key, value in found.items()}

    def package(self, chosen: Iterable[int]) -> Package:
        """The chosen columns and joins as a package, in the order now, branches, start."""
        chosen = set(chosen)
        joined: dict[tuple[str, str], list[str]] = defaultdict(list)
        for index in chosen:
            if index >= len(self.columns):
                join = self.join(index)
                joined[join.tool.id, join.node].append(join.ally.id)
        order = {n.name: k for k, n in enumerate(self.tree.nodes)}
        leads = sorted(
            (self.columns[i] for i in chosen if i < len(self.columns)),
            key=lambda c: (order[c.node], c.start, c.tool.id),
        )
        return Package(tuple(replace(c.measure, joined=tuple(sorted(joined[c.tool.id, c.node]))) for c in leads))

    def indices(self, package: Package) -> frozenset[int]:
        """Columns and joins of a package; KeyError where a measure is not on offer."""
        place = {(c.tool.id, c.ally.id, c.node, round(c.start, 6)): i for i, c in enumerate(self.columns)}
        joins = {(j.tool.id, j.ally.id, j.node): i for i, j in enumerate(self.joins, start=len(self.columns))}
        leads = {place[m.instrument, m.lead, m.node, round(m.start_day, 6)] for m in package.measures}
        return frozenset(leads | {joins[m.instrument, q, m.node] for m in package.measures for q in m.joined})


def compile_situation(case: Case, catalog: Catalog, choices: Choices) -> Situation:
    """Every measure and every participation that the case, the catalog and the planner allow."""
    settings = Settings(case, catalog, choices)
    tree = build_tree(case, choices, catalog)
    columns = tuple(
        c for node in tree.nodes for tool in _tools(settings, node) for c in _columns(settings, tree, node, tool)
    )
    offered: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for c in columns:
        offered[c.tool.id, c.node].append(c)
    joins = tuple(j for (_, node), begun in offered.items() for j in _joins(settings, begun[0].tool, node, begun))
    return Situation(settings, tree, columns, joins)


def _tools(settings: Settings, node: Node) -> Iterator[Instrument]:
    choices = settings.choices
    for tool in settings.catalog.instruments.values():
        allowed = tool.planner_default == "on" or tool.id in choices.review_allowed or tool.id in choices.force_in
        if allowed and tool.id not in choices.force_out and node.point in tool.intervention_points:
            yield tool


def _columns(settings: Settings, tree: Tree, node: Node, tool: Instrument) -> Iterator[Column]:
    gate, prospect = effects.authorization(settings, tool)
    least = settings.catalog.value("will_to_lead_least")
    for ally in settings.allies.values() if prospect > 0 else ():
        fit = settings.catalog.fits.get((ally.generic.id, tool.id))
        if fit is not None and ally.willing(tool, least):
            yield from _slots(settings, tree, node, tool, ally, fit, gate)


def _slots(
    settings: Settings, tree: Tree, node: Node, tool: Instrument, ally: Ally, fit: Fit, gate: str
) -> Iterator[Column]:
    starts: set[float] = set()
    months = settings.parameter("R46", "months") * MONTH_DAYS
    for slot in node.slots:
        when = effects.timing(settings, tool, ally, fit, slot, tree.horizon)
        if when.start in starts or not node.start <= when.start < node.end or when.in_force >= tree.horizon:
            continue
        starts.add(when.start)
        if not _in_time(settings.choices, node, when):
            continue
        felt = tree.nodes if node.name == "now" else (node,)
        yield Column(
            tool, ally, fit.fit, node.name, slot, when.start, when.in_force, when.end,
            effects.cost_musd(tool, fit, when), effects.cost_musd(tool, fit, when, until=months), gate,
            {m.name: effects.effect(settings, tool, fit, when.in_force, m.point) for m in felt},
        )  # fmt: skip


def _in_time(choices: Choices, node: Node, when: effects.Timing) -> bool:
    return choices.deadline_days is None or when.in_force - node.start <= choices.deadline_days


def _joins(settings: Settings, tool: Instrument, node: str, begun: list[Column]) -> Iterator[Join]:
    """Partners that could join a tool begun in a node by these columns, where coalition can count."""
    if effects.coalition_gain(settings, tool) == 1.0 or effects.level(settings, tool) <= 0:
        return
    least, will = settings.catalog.value("join_fit_least"), settings.catalog.value("will_to_lead_least")
    for ally in settings.allies.values():
        fit = settings.catalog.fits.get((ally.generic.id, tool.id))
        free = any(c.ally.id != ally.id and c.start >= ally.available_day for c in begun)
        if fit is not None and fit.fit >= least and ally.willing(tool, will) and free:
            yield Join(tool, ally, node)


def is_troops(tool: Instrument) -> bool:
    """Force or presence on the ground or in the air: what lifts the last ceiling after onset."""
    return tool.family in ("force", "presence") and tool.mode != "enabler"
