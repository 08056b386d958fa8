"""Tools that reinforce or undermine each other (docs/method.md, section 4; catalog README, section 5).

Arrays are (..., cells), one for each tool or measure; a tool that several measures use at once counts with the
strongest.
Strength L here is without coalition and sequence bonuses and before the family discount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..inputs.records import Synergy
from .backing import is_backed
from .combination import FORCE_GROUP, Bools, Floats, Terms, added, any_of, none_of, wide
from .lanes import Part
from .measures import Timed, agrees
from .scene import MONTH_DAYS, Scene, Stage

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
    judges_backing: bool = False  # whether absent means not backed, as rule R01 judges it

    @cached_property
    def named(self) -> frozenset[str]:
        """All instruments that the row names as running."""
        return frozenset(key for keys in self.sets for key in keys)

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """The sets again, for quick tests."""
        return tuple(frozenset(keys) for keys in self.sets)

    @property
    def helps(self) -> bool:
        """Whether it adds."""
        return self.relation == "reinforces"

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
        judges_backing=row.judges_backing,
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
    """A package in one node: what runs where, how strong. Parts come in the order of their instruments; `items`: every
    measure of the package, felt here or not."""

    stage: Stage
    parts: Sequence[Part]
    items: Sequence[Timed]

    @property
    def scene(self) -> Scene:
        """The scene of the node."""
        return self.stage.scene

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of an array over the cells."""
        return self.stage.hazard.shape

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Measures of each instrument."""
        found: dict[str, list[int]] = {}
        for k, part in enumerate(self.parts):
            found.setdefault(part.item.tool.id, []).append(k)
        return found

    @cached_property
    def tools(self) -> tuple[str, ...]:
        """Distinct instruments, by id."""
        return tuple(self.places)

    @cached_property
    def kinds(self) -> list[Any]:
        """The instruments themselves."""
        return [self.parts[ks[0]].item.tool for ks in self.places.values()]

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each instrument in `tools`."""
        return {key: k for k, key in enumerate(self.tools)}

    def strongest(self, strength: Sequence[Floats]) -> list[Floats]:
        """Strength of the strongest measure of each tool that runs, else 0."""
        if len(self.places) == len(self.parts):
            return list(strength)
        return [_strongest([self.parts[k] for k in ks], [strength[k] for k in ks]) for ks in self.places.values()]

    @cached_property
    def tool_runs(self) -> list[Bools]:
        """Where each tool is in force."""
        return [any_of([self.parts[k].runs for k in ks]) for ks in self.places.values()]

    @cached_property
    def tool_strength(self) -> list[Floats]:
        """Strength of each tool, without bonuses."""
        return self.strongest([part.strength for part in self.parts])

    @cached_property
    def enablers(self) -> list[bool]:
        """Tools that only help others."""
        return [tool.mode == "enabler" for tool in self.kinds]

    @cached_property
    def many_leads(self) -> Bools:
        """Cells with too many partners that lead talks."""
        leads: dict[str, list[Bools]] = {}
        for part in self.parts:
            if part.item.tool.family == "mediation":
                leads.setdefault(part.item.lead.id, []).append(part.runs)
        return at_least([any_of(runs) for runs in leads.values()], MANY_LEADS + 1, self.shape)

    def measures_of(self, keys: Sequence[str]) -> list[int]:
        """Places of the measures that use one of the instruments."""
        return sorted(k for key in set(keys) for k in self.places.get(key, ()))


def at_least(parts: Sequence[Bools], count: int, shape: tuple[int, ...]) -> Bools:
    """Where at least so many of the arrays hold."""
    if len(parts) < count:
        return none_of(shape, bool)
    return np.asarray(reduce(np.add, parts, np.zeros((), dtype=np.int8)) >= count)


def _strongest(parts: Sequence[Part], strength: Sequence[Floats]) -> Floats:
    """The larger strength where both run."""
    if len(parts) == 1:
        return strength[0]
    best = reduce(np.maximum, [np.where(part.runs, one, -np.inf) for part, one in zip(parts, strength, strict=True)])
    return np.where(any_of([part.runs for part in parts]), best, 0.0)


@dataclass(frozen=True, eq=False)
class Term:
    """What a row adds or takes in each cell, at least 0, and where it is hard (a named tool of force runs)."""

    size: Floats
    hard: Any  # False, True or (..., cells)

    def signed(self, row: Row, cell: int) -> float:
        """What it adds in one cell, below 0 where it takes."""
        return float(self.size[cell]) if row.helps else -float(self.size[cell])

    def is_hard(self, cell: int) -> bool:
        """Whether it is hard in one cell."""
        return self.hard if isinstance(self.hard, bool) else bool(self.hard[cell])


Memo = dict[object, Any]


def synergy_terms(board: Board, rows: Sequence[Row], memo: Memo) -> tuple[Terms, list[tuple[Row, Term]]]:
    """Sums of the terms, and every row that fires with its term.

    memo: remembers the term of a row for the measures that bear on it, while the numbers stay the same.
    """
    sums: list[list[Floats]] = [[], [], [], []]
    fired = []
    for row in rows_for(board, rows):
        term = _remembered_term(board, row, memo)
        if term is not None:
            fired.append((row, term))
            for slot, part in _slots(row, term):
                sums[slot].append(part)
    return Terms(*(added(parts) for parts in sums)), fired


def rows_for(board: Board, rows: Sequence[Row]) -> list[Row]:
    """The rows whose instruments are all on the board."""
    found = []
    for row in rows:
        for keys in row.needs:
            if keys.isdisjoint(board.place):
                break
        else:
            found.append(row)
    return found


def _remembered_term(board: Board, row: Row, memo: Memo) -> Term | None:
    key = (row.id, *_bearing_on(board, row))
    if key not in memo:
        memo[key] = _term(board, row)
    return memo[key]  # type: ignore[no-any-return]


def _bearing_on(board: Board, row: Row) -> Iterator[int]:
    """What can change the term of a row: the parts that it looks at, and the deeds that may back a threat."""
    if row.tokens or not row.sets or "count" in row.gate:
        yield from map(id, board.parts)
        return
    yield from (id(board.parts[k]) for k in board.measures_of((*row.named, *row.absent)))
    if row.judges_backing:
        yield from (id(item) for k in board.measures_of(tuple(row.named)) for item in backers(board, k))


def backers(board: Board, k: int) -> list[Timed]:
    """Measures of the package, in any node, that may back a threat or a promise."""
    return [item for item in board.items if item.tool.id in board.parts[k].item.tool.needs_backing_by]


def _slots(row: Row, term: Term) -> list[tuple[int, Floats]]:
    """Places in Terms (plus_soft, minus_soft, plus_hard, minus_hard) and what goes there."""
    minus = int(not row.helps)
    if isinstance(term.hard, bool):
        return [(2 * term.hard + minus, term.size)]
    return [(minus, np.where(term.hard, 0.0, term.size)), (2 + minus, np.where(term.hard, term.size, 0.0))]


def _term(board: Board, row: Row) -> Term | None:
    """Term of a row in each cell, 0 where it does not fire; None where it does so nowhere."""
    named = [board.place[key] for key in sorted(row.named) if key in board.place]
    here, constants = _fires(board, row), board.scene.constants
    tokens = constants["synergy_token"] * len(row.tokens)
    if row.sets:
        here = here & any_of([board.tool_runs[k] for k in named], board.shape)
    if not here.any():
        return None
    strength = [board.tool_strength[k] for k in named]  # 0 where the tool does not run
    if row.helps:
        cap = wide(constants["synergy_tool_cap"])
        size = np.maximum(added([np.minimum(one, cap) for one in strength]) + tokens, 0) * wide(row.strength)
    else:
        size = np.maximum(added(strength) + tokens, constants["synergy_least_harm"]) * wide(row.strength)
    return Term(board.scene.cast(size * here), _hard(board, named))


def _hard(board: Board, named: Sequence[int]) -> Any:
    """Where a named tool of force runs; a term is 0 where no named tool runs, so that all of them being force will
    do."""
    force = [k for k in named if board.kinds[k].family in FORCE_GROUP]
    if len(force) in (0, len(named)):
        return bool(force)
    return any_of([board.tool_runs[k] for k in force])


def _fires(board: Board, row: Row) -> Bools:
    """Cells in which sets, tokens, absence and gate of a row all hold."""
    if row.judges_backing:
        return _unbacked(board, row)
    counted = _counted(board, row)
    holds = [any_of([counted(k) for k in board.measures_of(keys)], board.shape) for keys in row.sets]
    holds += [_token(board, row, token) for token in row.tokens]
    if row.absent:
        window = row.window_days
        there = [board.parts[k].near(window, window) for k in board.measures_of(tuple(row.absent))]
        holds += [~any_of(there)] if there else []
    return reduce(np.logical_and, [*holds, *_gate(board, row, counted)])


def _counted(board: Board, row: Row) -> Callable[[int], Bools]:
    """Where a measure counts as being there for a row."""
    if row.needs_all_now:
        return lambda k: board.parts[k].runs
    return lambda k: board.parts[k].recent(row.window_days)


def _unbacked(board: Board, row: Row) -> Bools:
    """Cells in which a threat or guarantee of the row runs that nothing backs."""
    bare = []
    for k in board.measures_of(tuple(row.named)):
        backed = is_backed(board.scene, board.parts[k].item, board.items)
        bare.append(board.parts[k].runs & ~wide(np.asarray(backed, dtype=bool)))
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


def _gate(board: Board, row: Row, counted: Callable[[int], Bools]) -> list[Bools]:
    """Cells in which the further condition of a row holds, if it has one."""
    return [gate(board, row, counted) for beginning, gate in _GATES.items() if beginning in row.gate][:1]


def _onset(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    return np.full(board.shape[-1], board.stage.onset)


def _same_partner(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    return any_of(
        [
            counted(k) & counted(j) & wide(np.asarray(takes_part(board, k, j)))
            for k in board.measures_of(row.sets[0])
            for j in board.measures_of(row.sets[1])
            if board.parts[k].item.lead.id in board.parts[j].item.partners
        ],
        board.shape,
    )


def takes_part(board: Board, k: int, j: int) -> Any:
    """Where the lead of measure k, named in measure j, agrees to take part in it."""
    one, other = board.parts[k].item, board.parts[j].item
    return True if one.lead.id == other.lead.id else agrees(board.scene, one.lead.id, other.tool) > 0


def _led_by(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    generics = row.gate.split("partner=")[1].split("|")
    led = [k for k in board.measures_of(row.sets[-1]) if board.parts[k].item.lead.generic in generics]
    return any_of([counted(k) for k in led], board.shape)


def _spread(board: Board, row: Row, counted: Callable[[int], Bools]) -> Bools:
    places = board.measures_of(tuple(row.named))
    starts = [(board.parts[k].runs, board.parts[k].item.start) for k in places]
    latest = reduce(np.maximum, [np.where(runs, start, -np.inf) for runs, start in starts])
    earliest = reduce(np.minimum, [np.where(runs, start, np.inf) for runs, start in starts])
    return np.asarray(latest - earliest > SPREAD_DAYS)


_GATES: dict[str, Callable[[Board, Row, Callable[[int], Bools]], Bools]] = {
    "state=onset": _onset,
    "same_partner": _same_partner,
    "partner=": _led_by,
    "start dates": _spread,
    "count(partners": lambda board, row, counted: board.many_leads,
}
