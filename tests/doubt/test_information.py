"""Value of information against a double loop, Sobol indices on Ishigami's function, pooled opinions by formula, core
index by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from optimizer.choices import Measure, Package
from optimizer.doubt import core, experts, information, sensitivity
from optimizer.doubt.ensemble import Ensemble, task
from optimizer.inputs import InputError
from optimizer.inputs.reader import load_case
from optimizer.judge.evaluate import evaluate

from .helpers import AS_IT_IS, CATALOG

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=(2, 20_000))
LOSSES = np.stack([np.zeros_like(X), X + 2 * Y, 0.5 - X**2 / 4], axis=1)


def loss(x, y):
    return np.stack(np.broadcast_arrays(0.0, x + 2 * y, 0.5 - x**2 / 4), axis=-1)


def double_loop(fixed):
    """EVPPI of one of two normal numbers: an outer loop over it, an inner one over the other, both by midpoints of
    the law."""
    grid = stats.norm.ppf((np.arange(1500) + 0.5) / 1500)
    x, y = (grid[:, None], grid[None]) if fixed == "x" else (grid[None], grid[:, None])
    inner = loss(x, y).mean(axis=1)
    return inner.mean(axis=0).min() - inner.min(axis=1).mean()


def test_perfect_information_by_double_loop():
    grid = stats.norm.ppf((np.arange(1500) + 0.5) / 1500)
    every = loss(grid[:, None], grid[None])
    assert information.evpi(LOSSES) == pytest.approx(every.mean(axis=(0, 1)).min() - every.min(axis=2).mean(), abs=0.03)


@pytest.mark.parametrize(("name", "values"), [("x", X), ("y", Y)])
def test_partial_information_by_double_loop(name, values):
    worth = information.evppi(LOSSES, values[:, None])
    assert worth.gain == pytest.approx(double_loop(name), abs=3 * worth.error + 0.01)
    assert 0 < worth.gain < information.evpi(LOSSES) and 0 < worth.changes < 1


def test_what_bears_on_nothing_is_worth_nothing():
    noise = RNG.normal(size=(len(X), 5))
    worth = information.evppi(LOSSES, noise)
    assert worth.gain <= 3 * worth.error + 1e-3


def test_groups_and_numbers_come_sorted_with_their_titles():
    draws = {"x": X, "y": Y, "z": RNG.normal(size=len(X))}
    groups = information.by_group(LOSSES, draws, {"x": "one", "z": "one", "y": "two"}, {"one": "First"})
    assert [g.name for g in groups] == ["two", "one"] and groups[1].title == "First"
    single = information.by_number(LOSSES, draws, {"x": "X", "y": "Y", "z": "Z"}, most=2)
    assert [s.title for s in single] == ["Y", "X"]


def test_money_is_the_cheapest_step_to_the_safest_package():
    assert information.money(0.01, [0.2, 0.15, 0.14], [0.0, 50.0, 150.0]) == pytest.approx(0.01 * 150 / 0.06)
    assert information.money(0.01, [0.2], [0.0]) is None


def ishigami(points):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_ishigami():
    pytest.importorskip("SALib")
    found = sensitivity.sobol(ishigami, ["a", "b", "c"], 4096)
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
    first = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 / variance
    cross = 8 * 0.1**2 * np.pi**8 / 225 / variance
    assert found["S1"] == pytest.approx([first, 7**2 / 8 / variance, 0.0], abs=0.02)
    assert found["ST"] == pytest.approx([first + cross, 7**2 / 8 / variance, cross], abs=0.02)


def test_morris_of_a_line():
    pytest.importorskip("SALib")
    assert sensitivity.morris(lambda p: p @ np.array([3.0, -1.0, 0.0]), ["a", "b", "c"]) == pytest.approx([3, 1, 0])


CASE = load_case("macedonia_2001")
TALKS = Package((Measure("high_level_mediation", "eu", "now", 30.4),))
WATCH = Package((Measure("ceasefire_monitoring", "osce", "now", 0.0),))
WORK = task(CASE, [TALKS, WATCH], Ensemble(8, precision=np.float64), AS_IT_IS, CATALOG)


def test_tornado_bars_are_the_judge_at_the_ends():
    bars = {bar.name: bar for bar in sensitivity.tornado(WORK, 0, most=50)}
    bar = bars["effect:high_level_mediation"]
    tool = CATALOG.instruments["high_level_mediation"]
    assert bar.low == pytest.approx(tool.effect.mid - 1.1 * (tool.effect.mid - tool.effect.low))  # moderate evidence
    assert bar.risk_at_high < evaluate(CASE, TALKS).risk < bar.risk_at_low
    assert bars["baseline"].risk_at_low < bars["baseline"].risk_at_high
    assert "effect:ceasefire_monitoring" not in bars or bars["effect:ceasefire_monitoring"].width < 1e-9
    widths = [b.width for b in sensitivity.tornado(WORK, 0)]
    assert widths == sorted(widths, reverse=True)


def test_turning_points_change_the_choice_there_and_not_before():
    best = int(np.argmin([evaluate(CASE, p).risk for p in (TALKS, WATCH)]))
    turns = {t.name: t for t in sensitivity.turning_points(WORK, best, lambda risks: risks)}
    turn = turns["effect:high_level_mediation"]
    _, risks = sensitivity.one_at_a_time(WORK, [turn.way, turn.way * 0.8])
    names = [n.name for n in sensitivity.one_at_a_time(WORK, [0.5])[0]]
    at, before = risks[names.index("effect:high_level_mediation")]
    assert at.argmin() == turn.package != best and before.argmin() == best


def test_throws_of_a_group_move_all_its_numbers():
    risk = sensitivity.risk_of_groups(WORK, ["effects", "baseline"])
    found = risk(np.array([[0.1, 0.5], [0.9, 0.5], [0.5, 0.9]]))
    assert found[0] > found[1] and found[2] > found[1]


OPINIONS = [experts.Opinion("A", 0.0, 0.1, 0.2), experts.Opinion("B", 0.1, 0.2, 0.6, weight=3.0)]


def test_linear_pool_by_formula():
    pool = experts.pooled(OPINIONS, "linear")
    assert pool.mean == pytest.approx(0.25 * 0.1 + 0.75 * 0.3, abs=1e-6)
    laws = [stats.triang(0.5, 0, 0.2), stats.triang(0.2, 0.1, 0.5)]
    for share, value in ((0.1, pool.p10), (0.5, pool.p50), (0.9, pool.p90)):
        assert 0.25 * laws[0].cdf(value) + 0.75 * laws[1].cdf(value) == pytest.approx(share, abs=1e-5)
    assert pool.apart == tuple(OPINIONS)


def test_logarithmic_pool_by_formula():
    pool = experts.pooled(OPINIONS, "logarithmic")
    grid = np.linspace(0.1, 0.2, 200_001)
    density = stats.triang(0.5, 0, 0.2).pdf(grid) ** 0.25 * stats.triang(0.2, 0.1, 0.5).pdf(grid) ** 0.75
    assert pool.mean == pytest.approx(np.trapezoid(grid * density) / np.trapezoid(density), abs=1e-4)
    same = experts.pooled([OPINIONS[0], experts.Opinion("C", 0.0, 0.1, 0.2)], "logarithmic")
    assert same.mean == pytest.approx(0.1, abs=1e-6)


def test_opinions_that_share_nothing_or_cannot_be_used():
    with pytest.raises(InputError, match="share no value"):
        experts.pooled([experts.Opinion("A", 0, 0.1, 0.2), experts.Opinion("B", 0.3, 0.4, 0.5)], "logarithmic")
    with pytest.raises(InputError) as fault:
        experts.pooled([experts.Opinion("A", 1, 0, 2), experts.Opinion("B", 0, 1, 2, weight=0)])
    assert "rising order" in str(fault.value) and "more than 0" in str(fault.value)


def test_core_index_by_hand():
    packages = [TALKS, WATCH, Package((*TALKS.measures, *WATCH.measures))]
    losses = np.array([[[1.0, 1.0], [2.0, 2.0], [0.5, 3.0]], [[1.0, 1.0], [0.5, 0.5], [0.4, 3.0]]])
    first, last = core.core_index(packages, iter([losses[:1], losses[1:]]), np.zeros(2))
    assert (first.draws, last.draws) == (1, 2)
    share = {(i.kind, i.name): i for i in last.indices}
    # scenario 1: TALKS and both are good; scenario 2: WATCH and both
    assert share["instrument", "high_level_mediation"].share == 0.75
    assert share["instrument", "ceasefire_monitoring"].share == 0.75
    assert share["pair", "ceasefire_monitoring + high_level_mediation"].share == 0.5
    assert share["pair", "ceasefire_monitoring + high_level_mediation"].standing == "borderline"
    near = core.good(losses, np.array([1.1, 1.1]))
    assert near.all()
