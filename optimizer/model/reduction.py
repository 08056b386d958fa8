"""Which rows a programme has, and what can be left out of it without losing a package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

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


def without_dead_columns(situation: Situation) -> Situation:
    """Drop columns that one hard row alone forbids, until nothing more falls.

    A row that one column breaks even with every helper chosen forbids that column.
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
