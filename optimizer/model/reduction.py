"""Which rows a programme has, and what can be left out of it without losing a package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from .rows import Row
from .rules import RULES, rows_of
from .situation import Situation
from .structure import structure_rows


def hard_rows(situation: Situation) -> tuple[Row, ...]:
    """Structure, and the rows of every required rule."""
    required = [key for key in RULES if situation.settings.required(key)]
    return structure_rows(situation) + tuple(row for key in required for row in rows_of(situation, key))


def priced_rows(situation: Situation) -> tuple[Row, ...]:
    """Rows of the rules that are only preferred and have a price."""
    preferred = [key for key in RULES if situation.settings.states[key] == "preferred"]
    return tuple(row for key in preferred for row in rows_of(situation, key) if row.price > 0)


def reduced(situation: Situation) -> tuple[Situation, tuple[Row, ...]]:
    """The situation without the columns that one hard row alone forbids, and its hard rows.

    A row that one column breaks even with every helper chosen forbids that column; those that fall take helpers with
    them, until nothing more falls. The rows are made once, on everything that is on offer.
    """
    rows, dead = hard_rows(situation), set[int]()
    while True:
        falling = {i for row in rows if not row.any_of for i in _forbidden(row, dead)} - dead
        falling = {i for i in falling if i < len(situation.columns)}
        if not falling:
            break
        dead |= falling
    smaller = situation.kept(lambda i: i not in dead)
    place = _places(situation, smaller, dead)
    return smaller, tuple(_moved(row, place) for row in rows)


def without_dead_columns(situation: Situation) -> Situation:
    """The situation alone, without the columns that cannot be chosen."""
    return reduced(situation)[0]


def _forbidden(row: Row, dead: Set[int]) -> list[int]:
    best = sum(w for i, w in row.weights.items() if w < 0 and i not in dead)
    if best > row.limit + 1e-9:
        return []
    return [i for i, w in row.weights.items() if w > 0 and best + w > row.limit + 1e-9]


def _places(whole: Situation, smaller: Situation, dead: Set[int]) -> dict[int, int]:
    """Index in the whole situation -> index in the smaller one, for columns and joins that are left."""
    left = [i for i in range(len(whole.columns)) if i not in dead]
    place = {old: new for new, old in enumerate(left)}
    joins = {id(j): k for k, j in enumerate(smaller.joins, start=len(smaller.columns))}
    for old, join in enumerate(whole.joins, start=len(whole.columns)):
        if id(join) in joins:
            place[old] = joins[id(join)]
    return place


def _moved(row: Row, place: Mapping[int, int]) -> Row:
    weights = {place[i]: w for i, w in row.weights.items() if i in place}
    groups = tuple((w, tuple(place[i] for i in group if i in place)) for w, group in row.any_of)
    return replace(row, weights=weights, any_of=tuple((w, group) for w, group in groups if group))


def merged(situation: Situation, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows 'this needs one of those' of one tool in one node with the same cure, added up.

    At most one column of a tool is chosen, so the sum asks no more, and its relaxation is tighter.
    """
    causes: dict[object, list[int]] = defaultdict(list)
    first: dict[object, Row] = {}
    for row in rows:
        positive = [i for i, w in row.weights.items() if w > 0]
        cure = frozenset(row.weights.items()) - {(i, row.weights[i]) for i in positive}
        simple = (
            len(positive) == 1 and positive[0] < len(situation.columns) and row.limit == 0 and not row.any_of and cure
        )
        if not simple:
            yield row
            continue
        column = situation.columns[positive[0]]
        key = (column.tool.id, column.node, row.weights[positive[0]], cure)
        causes[key].append(positive[0])
        first.setdefault(key, row)
    for shared, row in first.items():
        weight = max(row.weights.values())
        extra = [i for i in set(causes[shared]) if i not in row.weights]
        yield Row(dict(row.weights) | dict.fromkeys(extra, weight), row.limit, row.because)
