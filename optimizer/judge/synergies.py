"""Tools that reinforce or undermine each other (docs/method.md, section 4; catalog README, section 5).

Arrays over tools are (tools, cells), over measures (measures, cells); a tool that several measures use at once counts
with the strongest. Strength L here is without coalition and sequence bonuses and before the family discount.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..inputs.records import Synergy
from .backing import is_backed
from .combination import FORCE_GROUP, Bools, Floats, Terms
from .measures import Timed
from .scene import MONTH_DAYS, NEAR, Scene

TOKEN_STRENGTH = 0.05  # catalog README, section 5
LEAST_UNDERMINING = 0.03  # the same
SPREAD_DAYS = 121.6  # four months
MANY_LEADS = 3  # more partners than this that lead talks get in each other's way
TOKENS = frozenset({
    "any_two_other_instruments", "one_diplomatic", "one_economic", "one_military", "more_than_three_lead_partners",
})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of the table, read: `sets` of instruments (any one of each), tokens, window in days."""

    id: str
    sets: tuple[tuple[str, ...], ...]
    tokens: tuple[str, ...]
    absent: frozenset[str]
    relation: str
    gate: str
    strength: float
    window_days: float

    @cached_property
    def named(self) -> frozenset[str]:
        """All instruments that the row names as running."""
        return frozenset(key for keys in self.sets for key in keys)

    @property
    def judges_backing(self) -> bool:
        """Whether absent means not backed, as rule R01 judges it."""
        return self.id.startswith("con_threat_unbacked_") or self.id == "con_guarantee_hollow"

    @property
    def needs_all_now(self) -> bool:
        """Whether a tool that has just ended does not count."""
        return self.relation == "conditional_without" or self.id.startswith("neg_threat_spent_")


@dataclass(frozen=True)
class Fired:
    """A row that fires in a period: term in units of strength, negative where it undermines; `hard` if force runs."""

    id: str
    node: str
    from_day: float
    term: float
    hard: bool


def read_row(row: Synergy) -> Row:
    """A row with tokens set apart from instruments."""
    sets = tuple(keys for keys in row.instruments if keys[0] not in TOKENS)
    return Row(
        id=row.id,
        sets=sets,
        tokens=tuple(keys[0] for keys in row.instruments if keys[0] in TOKENS),
        absent=frozenset(row.absent_instruments),
        relation=row.relation,
        gate=row.gate,
        strength=abs(row.strength.mid),
        window_days=row.window_months * MONTH_DAYS,
    )


def rows_in_use(scene: Scene) -> tuple[Row, ...]:
    """All rows; sanctions alone are left to rule R33 where that is required."""
    dropped = {"con_sanction_alone"} if scene.rule_states["R33"] == "required" else set()
    return tuple(read_row(row) for row in scene.catalog.synergies.values() if row.id not in dropped)


@dataclass(frozen=True, eq=False)
class Board:
    """A package laid over the cells: what runs where, how strong. Measures come in the order of their instruments."""

    scene: Scene
    items: Sequence[Timed]
    felt: Bools  # (measures, cells)
    runs: Bools  # (measures, cells)
    strength: Floats  # (measures, cells), a x beta
    _near: dict[float, Bools] = field(default_factory=dict)

    @cached_property
    def tools(self) -> tuple[str, ...]:
        """Distinct instruments, by id."""
        return tuple(dict.fromkeys(item.tool.id for item in self.items))

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each instrument in `tools`."""
        return {key: k for k, key in enumerate(self.tools)}

    @cached_property
    def firsts(self) -> list[int]:
        """First measure of each instrument."""
        seen: dict[str, int] = {}
        for k, item in enumerate(self.items):
            seen.setdefault(item.tool.id, k)
        return list(seen.values())

    def any_measure(self, which: Bools) -> Bools:
        """(measures, cells) to (tools, cells)."""
        return which if len(self.firsts) == len(self.items) else np.logical_or.reduceat(which, self.firsts, axis=0)

    def strongest(self, strength: Floats) -> Floats:
        """Strength of the strongest measure of each tool that runs, else 0; (tools, cells)."""
        if len(self.firsts) == len(self.items):
            return strength
        best = np.maximum.reduceat(np.where(self.runs, strength, -np.inf), self.firsts, axis=0)
        return np.where(self.tool_runs, best, 0.0)

    @cached_property
    def tool_runs(self) -> Bools:
        """Tools in force in each cell."""
        return self.any_measure(self.runs)

    @cached_property
    def tool_strength(self) -> Floats:
        """Strength of each tool in each cell, without bonuses."""
        return self.strongest(self.strength)

    @cached_property
    def capped(self) -> Floats:
        """The same, no tool above the ceiling for reinforcing rows."""
        return np.minimum(self.tool_strength, self.scene.constants["synergy_tool_cap"])

    @cached_property
    def enablers(self) -> Bools:
        """(tools,)."""
        return np.array([self.items[k].tool.mode == "enabler" for k in self.firsts], dtype=bool)

    @cached_property
    def is_hard(self) -> Bools:
        """Tools of the force group, (tools,)."""
        return np.array([self.items[k].tool.family in FORCE_GROUP for k in self.firsts], dtype=bool)

    @cached_property
    def days(self) -> tuple[Floats, Floats, Floats]:
        """Start, in-force and end day of each measure, each (measures, 1)."""
        rows = np.array([(item.start, item.in_force, item.end) for item in self.items]).reshape(-1, 3)
        return rows[:, :1], rows[:, 1:2], rows[:, 2:]

    def near(self, before: float, after: float) -> Bools:
        """Measures in force in the cell, or so many days around it; (measures, cells)."""
        _, first, last = self.days
        scene = self.scene
        return self.felt & (first - before < scene.cell_to - NEAR) & (last + after > scene.cell_from + NEAR)

    def recent(self, window: float) -> Bools:
        """Measures that run or ended less than the window ago; (measures, cells)."""
        if window not in self._near:
            self._near[window] = self.near(0.0, window)
        return self._near[window]

    @cached_property
    def many_leads(self) -> Bools:
        """Cells with too many partners that lead talks, (cells,)."""
        leads: dict[str, list[int]] = {}
        for k, item in enumerate(self.items):
            if item.tool.family == "mediation":
                leads.setdefault(item.lead.id, []).append(k)
        count = sum((self.runs[ks].any(axis=0).astype(int) for ks in leads.values()), np.zeros(self.runs.shape[1], int))
        return np.asarray(count > MANY_LEADS)

    def measures_of(self, keys: Sequence[str]) -> list[int]:
        """Places of the measures that use one of the instruments."""
        return [k for k, item in enumerate(self.items) if item.tool.id in keys]


def synergy_terms(board: Board, rows: Sequence[Row]) -> tuple[Terms, list[tuple[Row, Floats, Bools]]]:
    """Sums of the terms, each (cells,), and every row that fires with its term and where it is hard, each (cells,)."""
    sums = np.zeros((4, board.runs.shape[1]))
    fired = []
    for row in rows:
        if not row.sets or all(any(key in board.place for key in keys) for keys in row.sets):
            term, hard = _term(board, row)
            if term.any():
                fired.append((row, term, hard))
                sums[_slot(row, hard), np.arange(len(term))] += np.abs(term)
    return Terms(*sums), fired


def _slot(row: Row, hard: Bools) -> Bools:
    """Place in Terms: plus_soft, minus_soft, plus_hard, minus_hard."""
    return np.asarray(hard * 2 + (row.relation != "reinforces"))


def _term(board: Board, row: Row) -> tuple[Floats, Bools]:
    """Term of a row in each cell, signed, 0 where it does not fire; and whether a named tool of force runs there."""
    named = [board.place[key] for key in sorted(row.named) if key in board.place]
    runs = board.tool_runs[named]
    here = _fires(board, row) & (runs.any(axis=0) if row.sets else True)
    tokens = TOKEN_STRENGTH * len(row.tokens)
    if row.relation == "reinforces":
        size = np.maximum((board.capped[named] * runs).sum(axis=0) + tokens, 0) * row.strength
    else:
        size = -np.maximum((board.tool_strength[named] * runs).sum(axis=0) + tokens, LEAST_UNDERMINING) * row.strength
    return np.where(here, size, 0.0), np.asarray((runs & board.is_hard[named][:, None]).any(axis=0))


def _fires(board: Board, row: Row) -> Bools:
    """Cells in which sets, tokens, absence and gate of a row all hold, (cells,)."""
    if row.judges_backing:
        return _unbacked(board, row)
    counted = board.runs if row.needs_all_now else board.recent(row.window_days)
    holds = np.ones(board.runs.shape[1], dtype=bool)
    for keys in row.sets:
        holds &= counted[board.measures_of(keys)].any(axis=0)
    for token in row.tokens:
        holds &= _token(board, row, token)
    if row.absent:
        holds &= ~board.near(row.window_days, row.window_days)[board.measures_of(tuple(row.absent))].any(axis=0)
    return holds & _gate(board, row, counted)


def _unbacked(board: Board, row: Row) -> Bools:
    """Cells in which a threat or guarantee of the row runs that nothing backs, (cells,)."""
    bare = [k for k in board.measures_of(tuple(row.named)) if not is_backed(board.scene, board.items[k], board.items)]
    return np.asarray(board.runs[bare].any(axis=0))


def _token(board: Board, row: Row, token: str) -> Bools:
    """Cells in which a token of a row holds, (cells,); enablers do not count."""
    if token == "more_than_three_lead_partners":
        return board.many_leads
    tools = [board.items[k].tool for k in board.firsts]
    if token == "any_two_other_instruments":
        others = [k for k, tool in enumerate(tools) if tool.id not in row.named and not board.enablers[k]]
        return np.asarray(board.tool_runs[others].sum(axis=0) >= 2)
    kind = token.removeprefix("one_")
    same = [k for k, tool in enumerate(tools) if tool.functional_type == kind and not board.enablers[k]]
    return np.asarray(board.tool_runs[same].any(axis=0))


def _gate(board: Board, row: Row, counted: Bools) -> Bools:
    """Cells in which the further condition of a row holds, (cells,)."""
    for beginning, gate in _GATES.items():
        if beginning in row.gate:
            return gate(board, row, counted)
    return np.ones(board.runs.shape[1], dtype=bool)


def _same_partner(board: Board, row: Row, counted: Bools) -> Bools:
    pairs = [
        counted[k] & counted[j]
        for k in board.measures_of(row.sets[0])
        for j in board.measures_of(row.sets[1])
        if board.items[k].lead.id in board.items[j].partners
    ]
    return np.any(pairs, axis=0) if pairs else np.zeros(board.runs.shape[1], dtype=bool)


def _led_by(board: Board, row: Row, counted: Bools) -> Bools:
    generics = row.gate.split("partner=")[1].split("|")
    led = [k for k in board.measures_of(row.sets[-1]) if board.items[k].lead.generic in generics]
    return np.asarray(counted[led].any(axis=0))


def _spread(board: Board, row: Row, counted: Bools) -> Bools:
    places = board.measures_of(tuple(row.named))
    start = np.broadcast_to(board.days[0][places], (len(places), board.runs.shape[1]))
    latest = np.where(board.runs[places], start, -np.inf).max(axis=0)
    earliest = np.where(board.runs[places], start, np.inf).min(axis=0)
    return np.asarray(latest - earliest > SPREAD_DAYS)


_GATES: dict[str, Callable[[Board, Row, Bools], Bools]] = {
    "state=onset": lambda board, row, counted: board.scene.cell_onset,
    "same_partner": _same_partner,
    "partner=": _led_by,
    "start dates": _spread,
    "count(partners": lambda board, row, counted: board.many_leads,
}
