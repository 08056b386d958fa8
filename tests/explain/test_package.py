"""Explanations of one package against every package of a small question."""

import itertools
import re

import numpy as np
import pytest

from optimizer.answers import Option
from optimizer.choices import Package
from optimizer.explain import (
    Thing,
    alternatives,
    difference_of,
    explain_package,
    nesting,
    nesting_chart,
    one_step_more,
    plain,
    replacement_loss,
    things_of,
    why_not,
    why_partner,
)
from optimizer.explain.shapley import sampled_shapley, shapley
from optimizer.inputs import InputError
from optimizer.judge.evaluate import judge_of

from .small import options, plain_question

CLOSE = 2e-4  # risk: the tangents' error, and what the judge and the programme may differ by


def chosen() -> Option:
    """The best package within a middling cost."""
    costs = sorted(o.objectives["cost"] for o in options())
    return best(costs[len(costs) // 3])


def best(cost: float, test: object = None) -> Option:
    fits = [o for o in options() if o.objectives["cost"] <= cost + 1e-9 and (test is None or test(o))]  # type: ignore[operator]
    return min(fits, key=lambda o: o.objectives["risk"])


def test_replacement_is_the_best_package_without() -> None:
    option = chosen()
    for k, measure in enumerate(option.measures):
        found = replacement_loss(plain_question(), option, k, seconds=10)
        rival = best(
            option.objectives["cost"], lambda o, m=measure: m.instrument not in [x.instrument for x in o.measures]
        )
        assert found.exactness == "proven"
        assert found.numbers["risk_without_at_most"] == pytest.approx(rival.objectives["risk"], abs=CLOSE)


def test_shapley_is_the_mean_over_all_orders() -> None:
    option, q = chosen(), plain_question()
    judge = judge_of(q.case, q.choices, q.catalog)
    risk = {
        s: judge.evaluate(Package(tuple(option.measures[k] for k in sorted(s)))).risk
        for s in _subsets(len(option.measures))
    }
    orders = list(itertools.permutations(range(len(option.measures))))
    mean = np.zeros(len(option.measures))
    for order in orders:
        for j, k in enumerate(order):
            mean[k] += (risk[frozenset(order[:j])] - risk[frozenset(order[: j + 1])]) / len(orders)
    exact = shapley(judge, option.measures)
    assert exact == pytest.approx(mean, abs=1e-12)
    assert exact.sum() == pytest.approx(option.evaluation.baseline - option.evaluation.risk, abs=1e-12)
    sampled, error = sampled_shapley(judge, option.measures, 0.0, np.random.default_rng(1), lambda: False, orders=40)
    assert (np.abs(sampled - exact) <= 5 * error + 1e-9).all()
    hurried, error = sampled_shapley(judge, option.measures, 0.0, np.random.default_rng(2), lambda: False)
    eight, same = sampled_shapley(judge, option.measures, 9.0, np.random.default_rng(2), lambda: False, orders=8)
    assert (hurried == eight).all() and (error == same).all()  # however short the time


def _subsets(count: int) -> list[frozenset[int]]:
    return [frozenset(s) for size in range(count + 1) for s in itertools.combinations(range(count), size)]


def test_why_not_is_the_best_package_with_it() -> None:
    option, q = chosen(), plain_question()
    for column in q.situation.columns:
        thing = Thing(column.tool.id, column.ally.id, column.start)
        holds = lambda o, c=column: any(  # noqa: E731
            (m.instrument, m.lead, m.start_day) == (c.tool.id, c.ally.id, c.start) for m in o.measures
        )
        found = why_not(q, option, thing, seconds=10)
        if holds(option):
            assert found.sentence.startswith("This package has")
            continue
        within = [o for o in options() if holds(o) and o.objectives["cost"] <= option.objectives["cost"] + 1e-9]
        if within:
            rival = min(o.objectives["risk"] for o in within) - option.objectives["risk"]
            assert found.numbers["risk_more_at_most"] == pytest.approx(rival, abs=CLOSE)
        cheap = [o for o in options() if holds(o) and o.objectives["risk"] <= option.objectives["risk"] + 1e-9]
        if cheap and found.numbers:
            rival = min(o.objectives["cost"] for o in cheap) - option.objectives["cost"]
            assert found.numbers["cost_more_at_most"] == pytest.approx(rival, abs=0.02 * max(1, abs(rival)))


def test_why_not_names_what_forbids_it() -> None:
    found = why_not(plain_question(), chosen(), Thing("no_fly_zone"))
    assert found.exactness == "proven" and found.package is None
    assert "ruled out" in found.sentence
    with pytest.raises(InputError, match="Did you mean"):
        why_not(plain_question(), chosen(), Thing("no_fly_zon"))
    with pytest.raises(InputError, match="no day"):
        things_of("no_fly_zone@nato:soon")


def test_other_partners_are_judged_and_in_order() -> None:
    option, q = chosen(), plain_question()
    found = why_partner(q, option, 0)
    open_ = [e for e in found if not e.numbers["forbidden"]]
    assert [e.numbers["risk_more"] for e in open_] == sorted(e.numbers["risk_more"] or 0.0 for e in open_)
    for e in open_:
        assert e.package is not None
        same = next(o for o in options() if set(o.measures) == set(e.package.measures))
        assert e.numbers["risk_more"] == pytest.approx(same.objectives["risk"] - option.objectives["risk"], abs=1e-12)


def test_no_time_for_alternatives_is_no_proof() -> None:
    found = alternatives(plain_question(), chosen(), 0.0, 5, 3, seconds=0.0)
    assert not found.complete and found.exactness == "gap" and found.found == ()
    assert "No other package was found" in found.sentence and "time ran out" in found.sentence


@pytest.mark.parametrize(("within", "distance"), [(0.02, 2), (0.002, 3), (0.0, 5)])
def test_alternatives_keep_both_guarantees_or_are_proven_few(within: float, distance: int) -> None:
    option = chosen()
    found = alternatives(plain_question(), option, within, distance, 3, seconds=20)
    taken = [option.package, *(e.package for e in found.found if e.package is not None)]
    assert len(taken) == len(found.found) + 1
    for one, other in itertools.combinations(taken, 2):
        assert difference_of(one, other) >= distance
    near = [
        o for o in options() if all(o.objectives[k] <= v * (1 + within) + 1e-9 for k, v in option.objectives.items())
    ]
    assert {frozenset(p.measures) for p in taken} <= {frozenset(o.measures) for o in near}
    more = [o for o in near if all(difference_of(o.package, p) >= distance for p in taken)]
    assert found.complete == (len(found.found) < 3)
    assert not (found.complete and more)


def test_one_step_more_is_what_the_next_cost_buys() -> None:
    option, q = chosen(), plain_question()
    found = {e.about: e for e in one_step_more(q, option, seconds=8)}
    size = next(a.resolution for a in q.axes() if a.key == "cost")
    gain = option.objectives["risk"] - best(option.objectives["cost"] + size).objectives["risk"]
    bound = next(e for about, e in found.items() if about.endswith("of cost"))
    assert bound.exactness == "proven"
    assert bound.numbers["gain_at_least"] == pytest.approx(gain, abs=CLOSE)
    gains = [e.numbers["gain_at_least"] for e in found.values()]
    assert gains == sorted(gains, key=lambda g: -(g or 0.0))


def test_nesting_is_the_best_for_each_money() -> None:
    found = nesting(plain_question(), 5, seconds=30)
    assert len(found.rungs) == 6
    for rung in found.rungs:
        assert rung.risk == pytest.approx(best(rung.money_musd).objectives["risk"], abs=CLOSE)
        assert rung.risk_at_least <= rung.risk
    assert not found.rungs[-1].instruments
    chart = nesting_chart(found.to_frame()).to_dict()
    assert chart["encoding"]["y"]["field"] == "instrument"


def test_everything_is_said_in_words() -> None:
    option, q = chosen(), plain_question()
    said = list(explain_package(q, option, seconds=20))
    assert {"leave_one_out", "shapley", "replacement_loss"} <= {e.topic for e in said}
    forbidden = re.compile(r"\bR\d\d\b|\w_\w|solver|infeasible|LP|MILP|optimal|variable|column\b|inf\b|nan")
    for e in said:
        assert e.sentence.endswith(".") and e.sentence[0] == e.sentence[0].upper()
        assert not forbidden.search(e.sentence), e.sentence
        assert plain(e)["sentence"] == e.sentence


def test_a_stop_ends_the_stream() -> None:
    option, q = chosen(), plain_question()
    assert list(explain_package(q, option, stop=lambda: True)) == []
    stream = explain_package(q, option)
    next(stream)
    stream.close()
