"""Evolution: packages that keep every rule, near the exact front where both can judge, and honest about what it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.choices import Choices
from optimizer.evolve import Evolution, evolve
from optimizer.evolve.repair import Repair
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.judge.evaluate import evaluate
from optimizer.questions import ask
from optimizer.solving import solve

CATALOG, CASE = load_catalog(), load_case("macedonia_2001")
SMALL = Choices(branches=(), max_measures=3)
QUICK = Evolution(generations=6, population=16, scenarios=0, time_limit=None)


@pytest.fixture(scope="module")
def question():
    return ask(CASE, SMALL)


@pytest.fixture(scope="module")
def found(question):
    return evolve(question, settings=QUICK)


def test_every_package_keeps_every_requirement(found):
    assert len(found) > 1
    for option in found:
        assert not violations(CASE, option.package, SMALL, CATALOG)
        assert option.objectives["risk"] == pytest.approx(evaluate(CASE, option.package, SMALL, CATALOG).risk)


def test_it_says_that_it_proves_nothing(found):
    assert not found.certificate.complete and found.certificate.method == "evolutionary"
    assert all(math.isinf(gap) for gap in found.certificate.gap.values())
    assert "proves nothing" in found.status


def test_nobody_on_the_front_is_dominated(found):
    points = np.array([list(p.objectives.values()) for p in found])
    better = (points[:, None] <= points[None]).all(axis=2) & (points[:, None] < points[None]).any(axis=2)
    assert not better.any()


def test_same_seed_same_front_and_another_seed_another_way(question, found):
    again = evolve(question, settings=QUICK)
    assert [p.package for p in again] == [p.package for p in found]


def test_started_from_a_front_it_never_falls_behind_it(question):
    exact = solve(CASE, choices=SMALL, time_limit=4)
    grown = evolve(question, [p.package for p in exact], QUICK)
    points = np.array([list(p.objectives.values()) for p in grown])
    for option in exact:
        assert (points <= np.array(list(option.objectives.values())) + 1e-9).all(axis=1).any()


def test_it_can_be_stopped_and_taken_up_again(question):
    seen = []
    first = evolve(question, settings=QUICK, on_progress=seen.append, stop=lambda: len(seen) >= 2)
    assert [s.generation for s in seen] == [1, 2] and first.certificate.stopped_by.startswith("stopped")
    second = evolve(question, [p.package for p in first], QUICK)
    points = np.array([list(p.objectives.values()) for p in second])
    assert all((points <= np.array(list(p.objectives.values())) + 1e-9).all(axis=1).any() for p in first)


@pytest.mark.parametrize("algorithm", ["nsga2", "nsga3"])
def test_on_the_stochastic_model_the_objectives_are_the_ensembles(question, algorithm):
    from optimizer.doubt import Ensemble, assess

    settings = Evolution(3, 12, scenarios=64, algorithm=algorithm, seed=2, time_limit=None)
    front = evolve(question, settings=settings)
    again = assess(CASE, [p.package for p in front], Ensemble(64, seed=2), SMALL, CATALOG)
    risks = again.of("risk").astype(float).mean(axis=0)
    assert [p.objectives["risk"] for p in front] == pytest.approx(list(risks), abs=1e-6)


def test_repair_keeps_what_is_allowed_and_mends_the_rest(question):
    repair, rng = Repair(question.situation), np.random.default_rng(0)
    nothing = np.zeros(repair.size, dtype=bool)
    assert not repair.broken(nothing)
    for _ in range(30):
        bits = rng.random(repair.size) < 0.03
        mended = repair.mended(bits, nothing, rng)
        assert not repair.broken(mended)
        chosen = frozenset(np.flatnonzero(mended).tolist())
        assert not violations(CASE, question.situation.package(chosen), SMALL, CATALOG)
