"""The cheapest remedy for a reply: one swap, one addition, or another plan of the front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..choices import Measure, Package
from ..judge.check import violations
from ..judge.lanes import Lane
from ..model.reduction import hard_rows
from ..model.rows import Row
from ..model.situation import Situation
from ..questions import Question
from .replies import Board

PROMISING = (
    25  # columns of each node tried in every swap: further ones did no better in trials, and each costs a judgement
)
ENOUGH = 0.5  # a remedy undoes at least half of what the reply does; where none does, the one that undoes most is named


@dataclass(frozen=True)
class Remedy:
    """A change of a package. kind: addition, swap (another instrument), re-plan (same instrument, other lead or day;
    other plan).

    risk: under the reply it is made for. worst: under the adversary's best reply to the changed package. Cost in
    million 2020 USD.
    """

    kind: str
    out: Measure | None
    into: Measure | None
    package: Package
    risk: float
    worst: float
    cost: float
    undoes: float  # share of the reply's harm


def remedies(
    question: Question, package: Package, reply: int, board: Board, others: Sequence[Package] = ()
) -> list[Remedy]:
    """Remedies for a reply (its place on the board), cheapest first; all keep every requirement."""
    before = board.risks([package])[:, 0]
    harm = float(before[reply] - before[0])
    if harm <= 1e-9 or not _on_offer(question, package):
        return []
    tried = [
        *_changes(question, package, reply, board),
        *(("re-plan", None, None, other) for other in others if other != package),
    ]
    risks = board.risks([one[3] for one in tried])
    order = np.argsort(risks[reply])
    found: list[Remedy] = []
    for k in order:
        undone = float(before[reply] - risks[reply, k]) / harm
        if undone <= 0.05 or (undone < ENOUGH and found):
            break
        if _allowed(question, tried[k][3]):
            kind, out, into, changed = tried[k]
            found.append(
                _remedy(question, kind, out, into, changed, float(risks[reply, k]), float(risks[:, k].max()), undone)
            )
        if len(found) >= 12:
            break
    return sorted(found, key=lambda one: (one.undoes < ENOUGH, one.cost))


def _remedy(
    question: Question, kind: str, out: Measure | None, into: Measure | None, changed: Package, risk: float, worst:
    float,
    undone: float,
) -> Remedy:  # fmt: skip
    from ..judge.evaluate import judge_of

    cost = judge_of(question.case, question.choices, question.catalog).evaluate(changed).values["cost"]
    return Remedy(kind, out, into, changed, risk, worst, cost, undone)


def _on_offer(question: Question, package: Package) -> bool:
    """Whether the package is made of what is on offer; what was really done may not be."""
    try:
        question.situation.indices(package)
    except KeyError:
        return False
    return True


def _allowed(question: Question, package: Package) -> bool:
    return not violations(question.case, package, question.choices, question.catalog)


def _changes(
    question: Question, package: Package, reply: int, board: Board
) -> Iterator[tuple[str, Measure | None, Measure | None, Package]]:
    """Every addition, and every swap for one of the measures that do most under the reply, that keeps the rows."""
    situation = question.situation
    chosen = situation.indices(package)
    rows = _rows_by_column(hard_rows(situation))
    leads = sorted(i for i in chosen if i < len(situation.columns))
    promising = _promising(situation, reply, board)
    for i, column in enumerate(situation.columns):
        if i in chosen:
            continue
        if _kept(rows, chosen | {i}, i):
            yield "addition", None, column.measure, situation.package(chosen | {i})
        for j in leads:
            old = situation.columns[j]
            same = old.tool.id == column.tool.id
            if old.node == column.node and (same or i in promising):
                less = _without(situation, chosen, j) | {i}
                if _kept(rows, less, i):
                    kind = "re-plan" if same else "swap"
                    yield kind, old.measure, column.measure, situation.package(less)


def _promising(situation: Situation, reply: int, board: Board) -> set[int]:
    """In each node the columns that, alone, take most hazard away under the reply."""
    weight = [_weight(board.judge.lane(c.measure), reply) for c in situation.columns]
    found: set[int] = set()
    for node in situation.tree.nodes:
        here = [i for i, c in enumerate(situation.columns) if c.node == node.name]
        found |= set(sorted(here, key=lambda i: -weight[i])[:PROMISING])
    return found


def _weight(lane: Lane, reply: int) -> float:
    """Hazard x strength of a measure alone, over all that may follow."""
    parts = [lane.at(stage) for stage in lane.scene.stages if lane.item.felt_in(stage.node)]
    return sum(float(p.stage.chance * (p.strength[reply] @ p.stage.hazard[reply])) for p in parts)


def _without(situation: Situation, chosen: frozenset[int], index: int) -> frozenset[int]:
    """The chosen columns less one, and less the joins that had joined it."""
    gone = situation.columns[index]
    joins = situation.joins_by.get((gone.tool.id, gone.node), ())
    return chosen - {index, *joins}


def _rows_by_column(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Rows that name a column."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        for i in {*row.weights, *(i for _, group in row.any_of for i in group)}:
            found.setdefault(i, []).append(row)
    return found


def _kept(rows: dict[int, list[Row]], chosen: frozenset[int], new: int) -> bool:
    """Whether the rows of the new column are kept; the independent check has the last word on what is proposed."""
    return all(row.kept(chosen) for row in rows.get(new, ()))
