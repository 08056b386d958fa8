"""Packages next to a front: one measure less, or led by another partner, begun on another day or in another tool's
place, and no worse than a planner would care about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from ..choices import Package
from ..judge.check import violations
from ..judge.evaluate import judge_of
from ..model.reduction import hard_rows
from ..model.situation import Situation
from ..questions import Question

MOST = 200  # neighbours that are kept, as many of each package of the front


def neighbours(question: Question, packages: Sequence[Package], most: int = MOST) -> list[Package]:
    """Feasible packages one step from the given ones that none of them beats by more than a resolution in both risk
    and cost; of each package those that come nearest to the front."""
    situation, judge = question.situation, judge_of(question.case, question.choices, question.catalog)
    known = [chosen for chosen in (_indices(situation, p) for p in packages) if chosen is not None]
    rows, near, seen = hard_rows(situation), _near(question), set(known)
    front = np.array([_point(judge.evaluate(p).values) for p in packages])
    kept: list[Package] = []
    for chosen in known:
        steps = [s for s in _steps(situation, chosen) if s not in seen and all(row.kept(s) for row in rows)]
        seen.update(steps)
        tried = [situation.package(s) for s in dict.fromkeys(steps)]
        points = np.array([_point(judge.evaluate(p).values) for p in tried]).reshape(-1, 2)
        behind = ((points[:, None] - front[None]) / near).min(axis=2).max(axis=1)  # resolutions beyond some package
        close = (tried[k] for k in np.argsort(behind, kind="stable") if behind[k] <= 1)
        allowed = (p for p in close if not violations(question.case, p, question.choices, question.catalog))
        kept += islice(allowed, -(-most // len(known)))
    return kept


def _point(values: dict[str, float]) -> tuple[float, float]:
    return values["risk"], values["cost"]


def _near(question: Question) -> np.ndarray:
    value, situation = question.catalog.value, question.situation
    risk = value("risk_resolution_share_of_baseline") * situation.tree.baseline
    return np.array([risk, value("cost_resolution_share_of_envelope") * situation.settings.budget])


def _indices(situation: Situation, package: Package) -> frozenset[int] | None:
    try:
        return situation.indices(package)
    except KeyError:
        return None


def _steps(situation: Situation, chosen: frozenset[int]) -> Iterator[frozenset[int]]:
    """One lead less, with those who join it; or another column of its tool on its path, or of its family there."""
    for index in sorted(chosen):
        if index >= len(situation.columns):
            continue
        gone = situation.columns[index]
        less = chosen - {index, *situation.joins_by.get((gone.tool.id, gone.node), ())}
        yield less
        for i, other in enumerate(situation.columns):
            if other.node == gone.node and other.tool.family == gone.tool.family and i not in chosen:
                yield (chosen - {index} if other.tool.id == gone.tool.id else less) | {i}
