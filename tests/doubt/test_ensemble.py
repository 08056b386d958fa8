"""Drawn numbers, and the judge under many scenarios against the judge one scenario at a time."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from optimizer.choices import Choices, Measure, Package
from optimizer.doubt.draws import BLOCK, Design, Law, quantile, widened
from optimizer.doubt.ensemble import KEYS, Ensemble, assess, outcomes, task
from optimizer.doubt.numbers import GROUPS, Number, numbers_of
from optimizer.inputs.reader import case_names, load_case
from optimizer.judge.evaluate import evaluate
from optimizer.judge.lanes import Lane

from .helpers import AS_IT_IS, CATALOG, some_packages

CASE = load_case("macedonia_2001")
CERTAIN = frozenset(GROUPS)


@pytest.mark.parametrize("name", ["macedonia_2001", "kenya_2007", "east_timor_1999", "burundi_1965"])
def test_with_every_number_at_its_mid_the_ensemble_is_the_judge(name):
    case, packages = load_case(name), some_packages(12, name)
    mids = {n.name: np.full(2, n.mid) for n in numbers_of(case, CATALOG, AS_IT_IS) if not n.chance}
    work = task(case, packages, Ensemble(2, precision=np.float64), AS_IT_IS, CATALOG)
    found = outcomes(work, mids)
    for k, package in enumerate(packages):
        exact = evaluate(case, package, AS_IT_IS, CATALOG).values
        assert found[1, k] == pytest.approx([exact[key] for key in KEYS], abs=1e-9)


def _as_catalog(drawn, k):
    """A catalog whose mids are what scenario k drew: effects, costs, lead days, leverage, synergies, parameters."""

    def triple(old, value):
        value = float(value)
        return old.model_copy(update={"low": min(old.low, value), "mid": value, "high": max(old.high, value)})

    def drawn_or(name, old):
        return triple(old, drawn[name][k]) if name in drawn else old

    tools = {}
    for key, tool in CATALOG.instruments.items():
        new = {"effect": drawn_or(f"effect:{key}", tool.effect), "lead_days": drawn_or(f"lead:{key}", tool.lead_days)}
        tools[key] = tool.model_copy(update=new)
    fits = {
        (g, t): fit.model_copy(update={"fit": float(drawn[f"fit:{g}:{t}"][k])}) if f"fit:{g}:{t}" in drawn else fit
        for (g, t), fit in CATALOG.fits.items()
    }
    rows = {
        key: row.model_copy(update={"strength": triple(row.strength, drawn[f"strength:{key}"][k])})
        for key, row in CATALOG.synergies.items()
    }
    levers = tuple(
        row.model_copy(
            update={"weight": drawn_or(f"leverage:{row.family}:{row.instrument or ''}:{row.case_field}", row.weight)}
        )
        for row in CATALOG.leverage
    )
    numbers = {
        key: p.model_copy(update={"mid": float(drawn[key][k])}) if key in drawn else p
        for key, p in CATALOG.parameters.items()
    }
    return replace(CATALOG, instruments=tools, fits=fits, synergies=rows, leverage=levers, parameters=numbers)


def test_every_scenario_is_what_the_judge_says_of_a_catalog_with_its_numbers():
    """One scenario after another, each written into a catalog of its own and judged by the plain judge."""
    packages = some_packages(6, seed=3)
    others = {"durations", "activation", "case", "triggers"}  # see the next test
    held = frozenset({"partners", "authorization", "branches", "costs", "hazard", "baseline"} | others)
    work = task(CASE, packages, Ensemble(4, precision=np.float64, held=held), AS_IT_IS, CATALOG)
    drawn = work.design().draws(0, 4, dtype=np.float64)
    found = outcomes(work, drawn)
    for k in range(4):
        catalog = _as_catalog(drawn, k)
        for j, package in enumerate(packages):
            exact = evaluate(CASE, package, AS_IT_IS, catalog)
            assert found[k, j, 0] == pytest.approx(exact.risk, abs=1e-9)


def test_times_and_scores_are_drawn_as_if_data_or_plan_had_them():
    talks = Measure("high_level_mediation", "eu", "now", 0.0)
    troops = Measure("observer_mission", "osce", "escalates", 60.0)
    found = evaluate(CASE, Package((talks, troops)), AS_IT_IS, CATALOG).measures

    def drawn(**one):
        work = task(CASE, [Package((talks, troops))], Ensemble(1, precision=np.float64), AS_IT_IS, CATALOG)
        return outcomes(work, {name.replace("__", ":"): np.array([value]) for name, value in one.items()})[0, 0, 0]

    def risk(*measures, case=CASE, catalog=CATALOG):
        return evaluate(case, Package(measures), AS_IT_IS, catalog).risk

    longer = found[0].in_force_day + 1.2 * (found[0].end_day - found[0].in_force_day)
    assert drawn(duration__high_level_mediation=1.2) == pytest.approx(risk(replace(talks, end_day=longer), troops))
    days = {"in_force_day": found[1].in_force_day + 20, "end_day": found[1].end_day + 20}
    assert drawn(late=20.0) == pytest.approx(risk(talks, replace(troops, **days)))
    slow = CATALOG.partners["eu"].model_copy(update={"activation_days": 3 * CATALOG.partners["eu"].activation_days})
    sluggish = replace(CATALOG, partners={**CATALOG.partners, "eu": slow})
    assert drawn(activation__eu=3.0) == pytest.approx(risk(talks, troops, catalog=sluggish))
    shut = CASE.model_copy(update={"leverage": CASE.leverage.model_copy(update={"regime_receptiveness": 0.1})})
    assert drawn(**{"field:leverage.regime_receptiveness": 0.1}) == pytest.approx(risk(talks, troops, case=shut))
    assert len({drawn(late=0.0), drawn(late=20.0), drawn(activation__eu=3.0), risk(talks, troops, case=shut)}) == 4


def test_a_partner_that_declines_leaves_no_trace():
    talks, other = (
        Measure("high_level_mediation", "eu", "now", 30.4),
        Measure("ceasefire_monitoring", "osce", "now", 0.0),
    )
    work = task(
        CASE, [Package((talks, other)), Package((other,))], Ensemble(2, precision=np.float64), AS_IT_IS, CATALOG
    )
    found = outcomes(work, {"agrees:talks:eu": np.array([0.0, 1.0])})
    assert found[0, 0] == pytest.approx(found[0, 1])
    assert found[1, 0, 0] < found[1, 1, 0] and found[1, 0, 1] > found[1, 1, 1]


def test_a_threat_is_hollow_where_the_deed_behind_it_is_not_authorized():
    threat = Measure("threat_of_sanctions", "eu", "now", 30.4)
    deed = Measure("targeted_sanctions_rapid", "un_security_council", "escalates", 60.0)
    work = task(CASE, [Package((threat, deed)), Package(())], Ensemble(2, precision=np.float64), AS_IT_IS, CATALOG)
    closed = {"gate:unsc": np.array([0.0, 1.0]), "gate:regional": np.array([0.0, 1.0])}
    found = outcomes(work, closed)[:, :, 0]
    assert found[0, 0] > found[0, 1]  # worse than nothing
    assert found[1, 0] < found[1, 1]


def test_branches_and_baseline_are_drawn_so_that_doing_nothing_is_the_drawn_baseline():
    result = assess(CASE, [Package()], Ensemble(256, precision=np.float64), keep_draws=True)
    assert result.of("risk")[:, 0] == pytest.approx(result.draws["baseline"], abs=1e-12)


def test_same_numbers_for_any_number_of_workers_and_any_length():
    packages = some_packages(3)
    one = assess(CASE, packages, Ensemble(BLOCK + 64, seed=4)).values
    assert np.array_equal(one, assess(CASE, packages, Ensemble(BLOCK + 64, seed=4), workers=2).values)
    assert np.array_equal(one[:100], assess(CASE, packages, Ensemble(100, seed=4)).values)
    assert np.array_equal(one[:100, :1], assess(CASE, packages[:1], Ensemble(100, seed=4)).values)
    random = Law(design="random")
    plain = assess(CASE, packages, Ensemble(512, 4, random)).values
    assert np.array_equal(plain[:64], assess(CASE, packages, Ensemble(64, 4, random)).values)
    assert not np.array_equal(plain, assess(CASE, packages, Ensemble(512, 5, random)).values)


class FakeCluster:
    """What a Dask client does, in this process."""

    def submit(self, function, *job, pure=False):
        return lambda: function(*job)

    def gather(self, futures):
        return [future() for future in futures]


def test_a_cluster_gives_the_same_numbers():
    packages = some_packages(2)
    here = assess(CASE, packages, Ensemble(BLOCK + 64)).values
    assert np.array_equal(here, assess(CASE, packages, Ensemble(BLOCK + 64), client=FakeCluster()).values)


def test_a_real_dask_cluster_gives_the_same_numbers():
    distributed = pytest.importorskip("distributed")
    packages = some_packages(2)
    here = assess(CASE, packages, Ensemble(BLOCK + 64)).values
    made = distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None)
    with made as cluster, distributed.Client(cluster) as client:
        assert np.array_equal(here, assess(CASE, packages, Ensemble(BLOCK + 64), client=client).values)


def test_a_span_of_scenarios_leaves_nothing_behind(monkeypatch):
    """Without the collector of cycles: a million scenarios must not pile up what each span was judged with."""
    laid, at = [], Lane.at

    def noted(lane, stage):
        part = at(lane, stage)
        laid.append(weakref.ref(part))
        return part

    monkeypatch.setattr(Lane, "at", noted)
    work = task(CASE, some_packages(2), Ensemble(8), AS_IT_IS, CATALOG)
    drawn = work.design().draws(0, 8)
    gc.disable()
    try:
        outcomes(work, drawn)
        assert laid and not any(part() for part in laid)
    finally:
        gc.enable()


def test_single_precision_is_close_enough():
    packages = some_packages(20, seed=9)
    fine = assess(CASE, packages, Ensemble(64, precision=np.float64)).of("risk")
    coarse = assess(CASE, packages, Ensemble(64)).of("risk")
    assert np.abs(fine - coarse).max() < 5e-6


@pytest.mark.parametrize(("ends", "mean"), [((0, 1, 4), 5 / 3), ((2, 2, 3), 7 / 3), ((-1, 3, 3), 5 / 3)])
def test_triangles_have_the_quantiles_of_the_law(ends, mean):
    low, mid, high = ends
    u = (np.arange(4000) + 0.5) / 4000
    drawn = quantile(ends, u, "triangle")
    law = stats.triang((mid - low) / (high - low), low, high - low)
    assert drawn == pytest.approx(law.ppf(u), abs=1e-9) and drawn.mean() == pytest.approx(mean, abs=1e-3)


def test_pert_curves_have_their_mean():
    u = (np.arange(4000) + 0.5) / 4000
    assert quantile((0, 1, 4), u, "pert").mean() == pytest.approx(8 / 6, abs=1e-3)


def test_weaker_evidence_has_wider_ranges_within_what_can_be():
    widening = Design((), CATALOG).widening
    factors = [
        widening(Number("n", "effects", "", 0, 0.1, 0.3, g)) for g in ("strong", "moderate", "weak", "expert_judgement")
    ]
    assert factors == [1.0, 1.1, 1.25, 1.5]
    assert widened(Number("n", "effects", "", 0.0, 0.1, 0.7, "weak", -1, 0.95), 1.5) == pytest.approx(
        (-0.05, 0.1, 0.95)
    )


def test_effects_share_a_common_cause_and_costs_do_not():
    numbers = numbers_of(CASE, CATALOG, AS_IT_IS)
    drawn = Design(numbers, CATALOG).draws(0, 2 * BLOCK)

    def correlation(one, other):
        return stats.spearmanr(drawn[one], drawn[other]).statistic

    assert 0.2 < correlation("effect:high_level_mediation", "effect:naming_shaming") < 0.4  # mid 0.3
    assert abs(correlation("cost:high_level_mediation", "cost:naming_shaming")) < 0.05


def test_what_a_planner_sets_is_certain_and_will_is_the_chance_to_agree():
    choices = Choices(parameters=(("R04.b", 0.2),), authorization=(("unsc", True),), will=(("eu", 0.4),), baseline=0.3)
    numbers = {n.name: n for n in numbers_of(CASE, CATALOG, choices)}
    assert not {"R04.b", "gate:unsc", "baseline"} & set(numbers)
    assert numbers["agrees:talks:eu"].mid == 0.4
    drawn = Design(tuple(numbers.values()), CATALOG).draws(0, BLOCK)
    assert drawn["agrees:talks:eu"].mean() == pytest.approx(0.4, abs=0.01)
    assert (drawn["agrees:force:nato"] <= drawn["agrees:talks:nato"]).all()


@pytest.mark.parametrize("name", case_names())
def test_every_case_has_its_numbers_in_their_groups(name):
    numbers = numbers_of(load_case(name), CATALOG, AS_IT_IS)
    assert {n.group for n in numbers} == set(GROUPS)
    assert len({n.name for n in numbers}) == len(numbers)
    assert all(n.low <= n.mid <= n.high and n.title for n in numbers)
