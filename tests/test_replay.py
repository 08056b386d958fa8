"""What was really done, put through the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer import Choices, Package, case_names, load_case
from optimizer.judge.check import violations
from optimizer.judge.evaluate import evaluate
from optimizer.replay import actual

HISTORICAL = [n for n in case_names() if load_case(n).outcome is not None]


@pytest.mark.parametrize("name", HISTORICAL)
def test_every_real_package_is_judged(name):
    option = actual(load_case(name)).option
    assert 0 < option.evaluation.risk < 1
    assert option.evaluation.baseline == pytest.approx(load_case(name).baseline_risk.p_one_year)


def test_success_shows_a_larger_fall_than_failure():
    """Ordering only, as the case notes advise: N is 14, and nothing is fitted."""
    fall = {
        n: 1 - actual(load_case(n)).option.evaluation.risk / load_case(n).baseline_risk.p_one_year for n in HISTORICAL
    }
    by_class = {
        c: [fall[n] for n in HISTORICAL if load_case(n).outcome.outcome_class == c]
        for c in ("averted", "mitigated", "failed")
    }
    assert np.mean(by_class["averted"]) > np.mean(by_class["mitigated"]) > np.mean(by_class["failed"])


def test_a_coded_threat_needs_no_deed_on_record_but_a_planned_one_may_not_say_so():
    case = load_case("macedonia_2001")
    package = actual(case).option.package
    threat = next(m for m in package.measures if m.instrument == "threat_of_loan_suspension")
    coded = evaluate(case, package, Choices(branches=()))
    bare = Package(tuple(replace(m, backed=False) if m is threat else m for m in package.measures))
    assert evaluate(case, bare, Choices(branches=())).risk > coded.risk
    planned = Package((replace(threat, in_force_day=None, end_day=None, intensity=1.0, node="now", start_day=30.4),))
    assert any(v.id == "own_days" for v in violations(case, planned, Choices()))
