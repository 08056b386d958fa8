"""Conflicts and repairs against every package written down."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.infeasible import feasible
from optimizer.answers import Conflict
from optimizer.choices import Choices
from optimizer.explain import conflicts, repairs, repairs_so_far, whether, why_nothing
from optimizer.explain.conflict import conflict
from optimizer.explain.corrections import Corrections, Price
from optimizer.explain.possible import Possible
from optimizer.explain.requirements import dropped, requirements_of
from optimizer.explain.trials import Trials
from optimizer.inputs import InputError
from optimizer.questions import Question, ask

from .small import allowed, question

MUST = ("high_level_mediation", "ceasefire_monitoring")
COLLIDING: list[dict[str, Any]] = [
    {"force_in": MUST, "max_measures": 1},
    {"force_in": MUST, "budget_musd": 12.0},
    {"force_in": ("ngo_civil_society",), "first_effect_days": 1.0},
    {"force_in": ("ceasefire_monitoring",), "deadline_days": 15.0},
    {"force_in": ("high_level_mediation",), "rules": (("R28", "required"),), "max_measures": 1},
    {
        "force_in": ("high_level_mediation",),
        "rules": (("R17", "required"),),
        "partner_from": (("eu", 20.0), ("osce", 20.0)),
    },
    {"force_in": MUST, "funder_musd": (("eu", 1.0), ("osce", 1.0))},
    {"force_in": MUST, "budget_musd": 9.0, "first_effect_days": 1.0, "max_measures": 1},
    {"force_in": MUST, "capacity": (("eu", 1), ("osce", 0), ("international_ngos", 0), ("local_civil_society", 0))},
]
FITTING: list[dict[str, Any]] = [
    {},
    {"force_in": MUST},
    {"force_in": ("naming_shaming",), "max_measures": 1, "budget_musd": 5.0},
]


def only(q: Question, keys: frozenset[str]) -> Choices:
    """The choices with only these of the requirements that can be loosened."""
    choices = q.choices
    for requirement in requirements_of(q):
        if requirement.key not in keys:
            choices = dropped(choices, requirement)
    return choices


def kept_out(q: Question) -> frozenset[str]:
    """What keeps the question small: it is dropped by no test."""
    return frozenset(r.key for r in requirements_of(q) if r.field in ("force_out", "partners_out"))


def possible(choices: Choices) -> bool:
    return next(allowed(choices), None) is not None


@pytest.mark.parametrize("wishes", COLLIDING)
def test_a_conflict_is_minimal_and_real(wishes: dict[str, Any]) -> None:
    q = question(**wishes)
    assert not possible(q.choices)
    found = why_nothing(q)
    assert found is not None and found.exactness == "proven"
    keys, small = frozenset(found.keys), kept_out(q)
    assert not possible(only(q, keys | small))
    for key in keys - small:
        assert possible(only(q, (keys - {key}) | small)), key
    trials = Trials(q, 20.0)
    for key, witness in zip(found.keys, found.witnesses, strict=True):
        assert witness is not None
        assert trials.confirmed(witness, frozenset(trials.keys) - (keys - {key}))


@pytest.mark.parametrize("wishes", FITTING)
def test_no_conflict_where_a_package_exists(wishes: dict[str, Any]) -> None:
    q = question(**wishes)
    assert possible(q.choices)
    assert why_nothing(q) is None
    assert repairs(q) == ()


@pytest.mark.parametrize("wishes", COLLIDING)
def test_every_repair_works_and_asks_no_more_than_needed(wishes: dict[str, Any]) -> None:
    q = question(**wishes)
    found = repairs(q)
    assert found
    for repair in found:
        assert list(allowed(repair.choices, [repair.package])) == [repair.package]
        assert why_nothing(ask(q.case, repair.choices, q.catalog)) is None


@pytest.mark.parametrize("wishes", [COLLIDING[0], COLLIDING[4], COLLIDING[7]])
def test_the_ways_out_are_the_smallest_sets_that_a_package_breaks(wishes: dict[str, Any]) -> None:
    q = question(**wishes)
    trials, small = Trials(q, 120.0), kept_out(q)
    keys = [k for k in trials.keys if k not in small]
    asked = Corrections(trials, {k: Price(10.0) for k in keys})
    found = [frozenset(c.amounts) for c in asked.each(lambda: math.inf)]
    breaks = {p: set[str]() for p in allowed(only(q, small))}
    for key in keys:
        keeping = set(allowed(only(q, small | {key}), list(breaks)))
        for package in breaks.keys() - keeping:
            breaks[package].add(key)
    sets = {frozenset(b) for b in breaks.values()}
    assert sorted(map(sorted, found)) == sorted(sorted(s) for s in sets if not any(other < s for other in sets))


def test_the_best_so_far_only_becomes_better() -> None:
    q = question(**COLLIDING[7])
    states = list(repairs_so_far(q))
    assert len(states) > 1 and states[-1] == repairs(q)
    for state in states:
        assert all(why_nothing(whether(q.case, r.choices, q.catalog)) is None for r in state)
    assert len(states[0]) == 1 and len(states[-1]) > 1


def test_a_question_of_whether_has_the_same_answers() -> None:
    q = question(**COLLIDING[1])
    bare = whether(q.case, q.choices, q.catalog)
    one, other = why_nothing(q), why_nothing(bare)
    assert one is not None and other is not None and one.keys == other.keys
    assert [r.choices for r in repairs(q)] == [r.choices for r in repairs(bare)]
    with pytest.raises(InputError, match="budget"):
        whether(q.case, replace(q.choices, budget_musd=-1.0))


def test_the_least_envelope_is_the_cheapest_package() -> None:
    q = question(force_in=MUST, budget_musd=12.0)
    cheapest = min(_dearest_path(q, p) for p in allowed(replace(q.choices, budget_musd=400.0)))
    [repair] = [r for r in repairs(q) if r.choices.budget_musd != 12.0]
    assert repair.choices.budget_musd is not None
    assert 0 <= repair.choices.budget_musd - cheapest <= 0.1


def _dearest_path(q: Question, package: Any) -> float:
    from optimizer.judge.evaluate import judge_of

    return judge_of(q.case, q.choices, q.catalog).evaluate(package).values["cost"]  # no branches: one path


def test_a_conflict_only_of_whole_measures() -> None:
    """One costly measure carries two strong words.

    For one of them half a costly measure would do, and could be paid.
    """
    wishes: dict[str, Any] = {"force_in": ("naming_shaming",), "rules": (("R02", "required"),)}
    wishes["parameters"] = (("R02.k", 2.0), ("R02.c", 2.0))
    need = {whole: _least_envelope(Possible(question(budget_musd=0.5, **wishes)), whole) for whole in (True, False)}
    assert need[False] < need[True] - 0.5
    q = question(budget_musd=(need[True] + need[False]) / 2, **wishes)
    found = why_nothing(q)
    assert found is not None and not found.relaxed and found.exactness == "proven"
    assert not possible(only(q, frozenset(found.keys) | kept_out(q)))
    for key in frozenset(found.keys) - kept_out(q):
        assert possible(only(q, (frozenset(found.keys) - {key}) | kept_out(q)))


def _least_envelope(model: Possible, whole: bool) -> float:
    costs = np.zeros(len(model.arrays.lower))
    costs[model.q["budget_musd"]] = 1.0
    model._hold(model._model(whole), [k for k in model.q if k != "budget_musd"], ["budget_musd"])
    model._model(whole).minimise(costs)
    outcome = model._model(whole).run(10.0)
    assert outcome.x is not None
    return 0.5 + float(outcome.x[model.q["budget_musd"]])


def test_a_partner_that_comes_earlier_is_a_repair() -> None:
    """Nobody can mediate within 35 days, unless one comes before its month; half a month earlier would not do."""
    q = question(force_in=("high_level_mediation",), deadline_days=35.0)
    [(repair, name, month)] = [(r, *r.choices.partner_from[0]) for r in repairs(q) if r.choices.partner_from]
    assert next(p.available_from_month for p in q.case.partners if p.partner == name) > month == 0.0
    assert list(allowed(repair.choices, [repair.package])) == [repair.package]
    assert any(m.lead == name for m in repair.package.measures)
    later = ask(q.case, replace(q.choices, partner_from=((name, 0.5),)), q.catalog)
    assert why_nothing(later) is not None and not feasible(later, later.choices)


def test_another_conflict_is_found() -> None:
    q = question(force_in=MUST, budget_musd=9.0, first_effect_days=1.0)
    sets = [frozenset(c.keys) for c in conflicts(q)]
    assert len(sets) >= 2
    assert not any(a < b for a in sets for b in sets)


def test_time_that_runs_out_is_said() -> None:
    q = question(force_in=MUST, budget_musd=12.0)
    found = why_nothing(q, seconds=0.0)
    assert found is not None and found.exactness == "at most these"
    assert "at most these" in found.sentence


def test_the_record_of_a_front() -> None:
    found = conflict(question(force_in=MUST, max_measures=1))
    assert isinstance(found, Conflict) and found.proven and len(found.requirements) == 2
