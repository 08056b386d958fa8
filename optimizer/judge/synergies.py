"""Tools that reinforce or undermine each other (docs/method.md, section 4; catalog README, section 5).

Arrays are (..., cells), one for each tool or measure; a tool that several measures use at once counts with the
strongest.
Strength L here is without coalition and sequence bonuses and before the family discount.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..inputs.records import Synergy
from .backing import is_backed
from .combination import FORCE_GROUP, Bools, Floats, Terms, added, any_of, none_of, wide
from .lanes import Lane
from .measures import Timed, agrees
from .scene import MONTH_DAYS, Scene

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
    strength: Any
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


def read_row(row: Synergy, strength: Any) -> Row:
    """A row with tokens set apart from instruments."""
    sets = tuple(keys for keys in row.instruments if keys[0] not in TOKENS)
    return Row(
        id=row.id,
        sets=sets,
        tokens=tuple(keys[0] for keys in row.instruments if keys[0] in TOKENS),
        absent=frozenset(row.absent_instruments),
        relation=row.relation,
        gate=row.gate,
        strength=abs(strength),
        window_days=row.window_months * MONTH_DAYS,
    )


def rows_in_use(scene: Scene) -> tuple[Row, ...]:
    """All rows; sanctions alone are left to rule R33 where that is required."""
    dropped = {"con_sanction_alone"} if scene.rule_states["R33"] == "required" else set()
    return tuple(
        read_row(row, scene.drawn(f"strength:{row.id}", row.strength.mid))
        for row in scene.catalog.synergies.values()
        if row.id not in dropped
    )


@dataclass(frozen=True, eq=False)
class Board:
    """A package laid over the cells: what runs where, how strong. Measures come in the order of their instruments."""

    scene: Scene
    lanes: Sequence[Lane]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of an array over the cells."""
        return self.scene.hazard.shape

    @cached_property
    def items(self) -> list[Timed]:
        """The measures."""
        return [lane.item for lane in self.lanes]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Measures of each instrument."""
        found: dict[str, list[int]] = {}
        for k, lane in enumerate(self.lanes):
            found.setdefault(lane.item.tool.id, []).append(k)
        return found

    @cached_property
    def tools(self) -> tuple[str, ...]:
        """Distinct instruments, by id."""
        return tuple(self.places)

    @cached_property
    def kinds(self) -> list[Any]:
        """The instruments themselves."""
        return [self.items[ks[0]].tool for ks in self.places.values()]

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each instrument in `tools`."""
        return {key: k for k, key in enumerate(self.tools)}

    def strongest(self, strength: Sequence[Floats]) -> list[Floats]:
        """Strength of the strongest measure of each tool that runs, else 0."""
        return [_strongest([self.lanes[k] for k in ks], [strength[k] for k in ks]) for ks in self.places.values()]

    @cached_property
    def tool_runs(self) -> list[Bools]:
        """Where each tool is in force."""
        return [any_of([self.lanes[k].runs for k in ks]) for ks in self.places.values()]

    @cached_property
    def tool_strength(self) -> list[Floats]:
        """Strength of each tool, without bonuses."""
        return self.strongest([lane.strength for lane in self.lanes])

    @cached_property
    def enablers(self) -> list[bool]:
        """Tools that only help others."""
        return [tool.mode == "enabler" for tool in self.kinds]

    @cached_property
    def many_leads(self) -> Bools:
        """Cells with too many partners that lead talks."""
        leads: dict[str, list[Bools]] = {}
        for lane in self.lanes:
            if lane.item.tool.family == "mediation":
                leads.setdefault(lane.item.lead.id, []).append(lane.runs)
        return at_least([any_of(runs) for runs in leads.values()], MANY_LEADS + 1, self.shape)

    def measures_of(self, keys: Sequence[str]) -> list[int]:
        """Places of the measures that use one of the instruments."""
        return sorted(k for key in set(keys) for k in self.places.get(key, ()))


def at_least(parts: Sequence[Bools], count: int, shape: tuple[int, ...]) -> Bools:
    """Where at least so many of the arrays hold."""
    if len(parts) < count:
        return none_of(shape, bool)
    return np.asarray(reduce(np.add, parts, np.zeros((), dtype=np.int8)) >= count)


def _strongest(lanes: Sequence[Lane], strength: Sequence[Floats]) -> Floats:
    """The larger strength where both run; where measures are felt in different nodes it is the only one."""
    if len(lanes) == 1:
        return strength[0]
    if not any((one.felt & other.felt).any() for k, one in enumerate(lanes) for other in lanes[:k]):
        return added(strength)
    best = reduce(np.maximum, [np.where(lane.runs, one, -np.inf) for lane, one in zip(lanes, strength, strict=True)])
    return np.where(any_of([lane.runs for lane in lanes]), best, 0.0)


Memo = dict[object, tuple[Floats, Bools, bool]]


def synergy_terms(
    board: Board, rows: Sequence[Row], memo: Memo | None = None
) -> tuple[Terms, list[tuple[Row, Floats, Bools]]]:
    """Sums of the terms, and every row that fires with its term and where it is hard; all (..., cells).

    memo: remembers the term of a row for the measures that bear on it, while the numbers stay the same.
    """
    sums: list[list[Floats]] = [[], [], [], []]
    fired = []
    for row in rows:
        if row.sets and not all(any(key in board.place for key in keys) for keys in row.sets):
            continue
        term, hard, some = _remembered_term(board, row, memo)
        if some:
            fired.append((row, term, hard))
            for slot, part in _slots(row, term, hard):
                sums[slot].append(part)
    dtype = board.scene.hazard.dtype
    return Terms(*(added(parts, board.shape, dtype) for parts in sums)), fired


def _remembered_term(board: Board, row: Row, memo: Memo | None) -> tuple[Floats, Bools, bool]:
    key = (row.id, *(id(board.lanes[k]) for k in _bearing_on(board, row))) if memo is not None else None
    if memo is not None and key in memo:
        return memo[key]
    term, hard = _term(board, row)
    found = (term, hard, bool(term.any()))
    if memo is not None:
        memo[key] = found
    return found


def _bearing_on(board: Board, row: Row) -> Sequence[int]:
    """Measures that can change the term of a row."""
    if row.tokens or row.judges_backing or not row.sets or "count" in row.gate:
        return range(len(board.lanes))
    return board.measures_of((*row.named, *row.absent))


def _slots(row: Row, term: Floats, hard: Bools) -> list[tuple[int, Floats]]:
    """Places in Terms (plus_soft, minus_soft, plus_hard, minus_hard) and what goes there."""
    size, minus = np.abs(term), int(row.relation != "reinforces")
    if not hard.any():
        return [(minus, size)]
    if hard.all():
        return [(2 + minus, size)]
    return [(minus, np.where(hard, 0.0, size)), (2 + minus, np.where(hard, size, 0.0))]


def _term(board: Board, row: Row) -> tuple[Floats, Bools]:
    """Term of a row in each cell, signed, 0 where it does not fire; and whether a named tool of force runs there."""
    named, dtype = [board.place[key] for key in sorted(row.named) if key in board.place], board.scene.hazard.dtype
    here, tokens = _fires(board, row), TOKEN_STRENGTH * len(row.tokens)
    if row.sets:
        here = here & any_of([board.tool_runs[k] for k in named], board.shape)
    strength = [board.tool_strength[k] for k in named]  # 0 where the tool does not run
    if row.relation == "reinforces":
        cap = wide(board.scene.constants["synergy_tool_cap"])
        size = np.maximum(added([np.minimum(one, cap) for one in strength], board.shape, dtype) + tokens, 0) * wide(
            row.strength
        )
    else:
        size = -np.maximum(added(strength, board.shape, dtype) + tokens, LEAST_UNDERMINING) * wide(row.strength)
    hard = any_of([board.tool_runs[k] for k in named if board.kinds[k].family in FORCE_GROUP], board.shape)
    return np.asarray(size * here), hard


def _fires(board: Board, row: Row) -> Bools:
    """Cells in which sets, tokens, absence and gate of a row all hold."""
    if row.judges_backing:
        return _unbacked(board, row)
    counted = _counted(board, row)
    holds = np.ones(board.shape[-1], dtype=bool)
    for keys in row.sets:
        holds = holds & any_of([counted(k) for k in board.measures_of(keys)], board.shape)
    for token in row.tokens:
        holds = holds & _token(board, row, token)
    if row.absent:
        window = row.window_days
        there = any_of([board.lanes[k].near(window, window) for k in board.measures_of(tuple(row.absent))], board.shape)
        holds = holds & ~there
    return holds & _gate(board, row, counted)


def _counted(board: Board, row: Row) -> Callable[[int], Bools]:
    """Where a measure counts as being there for a row."""
    if row.needs_all_now:
        return lambda k: board.lanes[k].runs
    return lambda k: board.lanes[k].recent(row.window_days)


def _unbacked(board: Board, row: Row) -> Bools:
    """Cells in which a threat or guarantee of the row runs that nothing backs."""
    bare = []
    for k in board.measures_of(tuple(row.named)):
        backed = is_backed(board.scene, board.items[k], board.items)
        bare.append(board.lanes[k].runs & ~wide(np.asarray(backed, dtype=bool)))
    return any_of(bare, board.shape)


def _token(board: Board, row: Row, token: str) -> Bools:
    """Cells in which a token of a row holds; enablers do not count."""
    if token == "more_than_three_lead_partners":
        return board.many_leads
    acting = [k for k, enabler in enumerate(board.enablers) if not enabler]
    if token == "any_two_other_instruments":
        others = [board.tool_runs[k] for k in acting if board.tools[k] not in row.named]
        return at_least(others, 2, board.shape)
    kind = token.removeprefix("one_")
    return any_of([board.tool_runs[k] for k in acting if board.kinds[k].functional_type == kind], board.shape)


def _gate(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    """Cells in which the further condition of a row holds."""
    for beginning, gate in _GATES.items():
        if beginning in row.gate:
            return gate(board, row, counted)
    return np.ones(board.shape[-1], dtype=bool)


def _same_partner(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    return any_of(
        [
            counted(k) & counted(j) & wide(np.asarray(takes_part(board, k, j)))
            for k in board.measures_of(row.sets[0])
            for j in board.measures_of(row.sets[1])
            if board.items[k].lead.id in board.items[j].partners
        ],
        board.shape,
    )


def takes_part(board: Board, k: int, j: int) -> Any:
    """Where the lead of measure k, named in measure j, agrees to take part in it."""
    lead = board.items[k].lead.id
    return True if lead == board.items[j].lead.id else agrees(board.scene, lead, board.items[j].tool) > 0


def _led_by(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    generics = row.gate.split("partner=")[1].split("|")
    led = [k for k in board.measures_of(row.sets[-1]) if board.items[k].lead.generic in generics]
    return any_of([counted(k) for k in led], board.shape)


def _spread(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    places = board.measures_of(tuple(row.named))
    starts = [(board.lanes[k].runs, board.items[k].start) for k in places]
    latest = reduce(np.maximum, [np.where(runs, start, -np.inf) for runs, start in starts])
    earliest = reduce(np.minimum, [np.where(runs, start, np.inf) for runs, start in starts])
    return np.asarray(latest - earliest > SPREAD_DAYS)


_GATES: dict[str, Callable[[Board, Row, Callable[[int], Bools]], Bools]] = {
    "state=onset": lambda board, row, counted: board.scene.cell_onset,
    "same_partner": _same_partner,
    "partner=": _led_by,
    "start dates": _spread,
    "count(partners": lambda board, row, counted: board.many_leads,
}
