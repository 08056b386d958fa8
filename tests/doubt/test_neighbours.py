"""Neighbours of a front: feasible, one step away, and near enough to be good."""

from __future__ import annotations

import numpy as np

from optimizer.choices import Package
from optimizer.doubt.core import good
from optimizer.doubt.neighbours import neighbours
from optimizer.judge.check import violations
from optimizer.judge.evaluate import evaluate
from optimizer.questions import ask

from .test_robust import CASE, CATALOG, SMALL


def test_neighbours_are_feasible_one_step_away_and_near_the_front():
    question = ask(CASE, SMALL)
    columns = question.situation.columns
    by_tool = {c.tool.id: i for i, c in enumerate(columns)}
    pair = question.situation.package([by_tool["high_level_mediation"], by_tool["naming_shaming"]])
    front = [pair, Package()]
    found = neighbours(question, front)
    assert found and pair not in found
    near = np.array([axis.resolution for axis in question.axes()])
    points = [[evaluate(CASE, p, SMALL, CATALOG).values[k] for k in ("risk", "cost")] for p in (*front, *found)]
    assert good(np.array([points]), near)[0, len(front) :].all()
    for package in found:
        assert not violations(CASE, package, SMALL, CATALOG)
        assert len({m.instrument for m in package.measures} ^ {m.instrument for m in pair.measures}) <= 2
    assert len(neighbours(question, front, most=2)) <= len(found)


def test_nothing_has_no_neighbours():
    assert neighbours(ask(CASE, SMALL), [Package()]) == []
