"""The judge's numbers against arithmetic done by hand, and properties that must hold for any package."""

from __future__ import annotations

import ast
import math
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from optimizer.choices import Branch, Choices, Measure, Package
from optimizer.inputs.reader import case_names, load_case
from optimizer.judge.evaluate import evaluate, judge_of
from optimizer.judge.offers import is_offered, start_days

from .helpers import CATALOG, NO_BRANCHES, changed, easy, macedonia, measure, package, without_synergies


@pytest.mark.parametrize("name", case_names())
@pytest.mark.parametrize("view", ["inside", "outside"])
def test_doing_nothing_gives_exactly_the_baseline(name, view):
    case = load_case(name)
    nothing = evaluate(case, Package(), Choices(baseline=view), CATALOG)
    known = case.baseline_risk
    assert nothing.risk == pytest.approx(known.p_one_year if view == "inside" else known.outside_view_p, abs=1e-12)
    assert nothing.values["cost"] == nothing.values["coercion"] == 0
    assert nothing.values["days"] == pytest.approx(case.horizon_months * 30.4)


def test_doing_nothing_whatever_the_branches():
    branches = (Branch("worse", 0.7, 3.0, "onset"), Branch("better", 0.3, 0.1, "post_settlement"))
    assert evaluate(macedonia(), Package(), Choices(branches=branches, branch_day=100.0)).risk == pytest.approx(0.2)
    assert evaluate(macedonia(), Package(), Choices(branches=(), baseline=0.37)).risk == pytest.approx(0.37)


def test_branches_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="must sum to 1"):
        evaluate(macedonia(), Package(), Choices(branches=(Branch("worse", 0.7, 3.0, "onset"),)))


def test_one_measure_by_hand():
    """Dialogue led by OSCE in Macedonia from day 0, no branches: every factor written out."""
    fit = CATALOG.fits["osce", "dialogue_facilitation"]
    wait = max(21 * fit.lead_time_multiplier, 30) + 0.5 * min(21 * fit.lead_time_multiplier, 30)  # OSCE is cold
    leverage = (1 - 0.4 * (1 - 0.8)) * (1 - 0.2 * (1 - 0.8))  # receptiveness 0.8, rebel leverage 0.8
    e = 0.06 * fit.fit * leverage * math.exp(-0.05 * wait / 30.4)
    found = evaluate(macedonia(), package(measure("dialogue_facilitation", "osce")), NO_BRANCHES, without_synergies())
    one = found.measures[0]
    assert (one.in_force_day, one.end_day) == pytest.approx((wait, wait + 364.8))
    assert (one.effects[0].e, one.prospect, one.coalition_bonus) == (pytest.approx(e), 1.0, False)
    assert found.values["cost"] == pytest.approx(1.5 * fit.cost_multiplier)
    assert found.risk == pytest.approx(1 - math.exp(-_hazard_left(wait, wait + 364.8, e)))


def _hazard_left(first: float, last: float, e: float) -> float:
    """Hazard of Macedonia left by one tool in force from first to last, period by period."""
    limits = [0, 7, 14, 30, 45, 60, 90, 120, 180, 270, 365, 545, 18 * 30.4]
    profile = macedonia().tempo.hazard_profile

    def passed(day: float) -> float:
        return sum(share * min(max(day / 30.4 - month, 0), 1) for month, share in enumerate(profile))

    left = 0.0
    for a, z in pairwise(limits):
        share = max(0.0, min(z, last) - max(a, first)) / (z - a)
        left += (passed(z) - passed(a)) * math.exp(share * math.log(1 - e))
    return -math.log(0.8) * left


def test_a_branch_measure_by_hand():
    """Talks in one branch only: the others keep their hazard, its cost counts with its chance."""
    branches = (Branch("worse", 0.25, 2.0, "early_war"), Branch("better", 0.75, 0.5, "post_settlement"))
    choices = Choices(branches=branches, branch_day=90.0)
    found = evaluate(easy(), package(measure("high_level_mediation", "eu", "worse", 90.0)), choices)
    assert {effect.node for effect in found.measures[0].effects} == {"worse"}
    assert found.values["cost"] == pytest.approx(0.25 * found.measures[0].cost_musd)
    untouched = [period for period in found.risk_path if period.node != "worse"]
    assert all(period.u == 1 for period in untouched) and found.risk < found.baseline
    assert sum(p.hazard for p in found.risk_path if p.node == "worse") == pytest.approx(
        4 * sum(p.hazard for p in found.risk_path if p.node == "better")
    )


def test_days_to_protection_step_by_period_limits():
    relief = measure("humanitarian_relief", in_force_day=46.0)
    waived = Choices(branches=(), waived_groups=("decision_makers", "perpetrators", "third_parties"))
    assert evaluate(easy(), package(relief), waived).values["days"] == 60
    assert evaluate(easy(), package(replace(relief, in_force_day=45.0)), waived).values["days"] == 45
    in_one_branch = package(measure("humanitarian_relief", node="escalates", start=60.0))
    assert evaluate(easy(), in_one_branch, replace(waived, branches=None)).values["days"] == pytest.approx(547.2)


def test_bonuses_and_marks():
    talks, force = (
        measure("high_level_mediation", in_force_day=5.0),
        measure("rapid_coalition_force", in_force_day=12.0),
    )
    found = evaluate(easy(), package(talks, force), NO_BRANCHES)
    assert [one.sequence_bonus for one in found.measures] == [False, True]
    later = evaluate(easy(), package(replace(talks, in_force_day=5.1), force), NO_BRANCHES)
    assert not later.measures[1].sequence_bonus
    joined = evaluate(easy(), package(replace(talks, joined=("eu",)), force), NO_BRANCHES)
    assert joined.measures[0].coalition_bonus
    assert joined.measures[0].effects[0].e == pytest.approx(1.15 * found.measures[0].effects[0].e)
    states = replace(talks, lead="united_states", joined=("neighbouring_states",))
    assert not evaluate(easy(), package(states), NO_BRANCHES).measures[0].coalition_bonus


def test_an_alternative_gate_counts_at_a_discount():
    case = changed(easy(), legitimacy={"unsc_authorization_prospect": 0.3, "regional_authorization_prospect": 0.9})
    one = evaluate(case, package(measure("rapid_coalition_force")), NO_BRANCHES).measures[0]
    assert (one.gate, one.prospect) == ("regional", pytest.approx(0.9 * 0.85))
    ruled = replace(NO_BRANCHES, authorization=(("unsc", True), ("regional", False)))
    one = evaluate(case, package(measure("rapid_coalition_force")), ruled).measures[0]
    assert (one.gate, one.prospect) == ("unsc", 1.0)


def test_unbacked_threat_does_harm_wherever_it_runs():
    threat = package(measure("threat_of_military_force", in_force_day=0.0))
    found = evaluate(easy(), threat, replace(NO_BRANCHES, rules=(("R01", "preferred"),)))
    assert {row.id for row in found.synergies} == {"con_threat_unbacked_force"}
    assert found.risk > found.baseline


def test_sanctions_alone_are_left_to_the_rule_where_it_is_required():
    alone = package(measure("targeted_sanctions_rapid"))
    assert {row.id for row in evaluate(easy(), alone, NO_BRANCHES).synergies} == {"con_sanction_alone"}
    required = replace(NO_BRANCHES, rules=(("R33", "required"),))
    assert not evaluate(easy(), alone, required).synergies


def test_replay_the_strongest_of_equal_tools_counts_and_all_are_paid():
    strong = Measure("observer_mission", "osce", "now", 0.0, in_force_day=30.0, end_day=300.0, intensity=0.8)
    weak = Measure("observer_mission", "eu", "now", 60.0, in_force_day=60.0, end_day=400.0, intensity=0.2)
    both, one, other = (
        evaluate(macedonia(), package(*which), NO_BRANCHES, without_synergies())
        for which in ((strong, weak), (strong,), (weak,))
    )
    assert both.values["cost"] == pytest.approx(one.values["cost"] + other.values["cost"])
    for together, first, second in zip(both.risk_path, one.risk_path, other.risk_path, strict=True):
        assert together.L_star == pytest.approx(max(first.L_star, second.L_star))


def test_real_actions_of_all_historical_cases_can_be_judged():
    for name in case_names():
        case = load_case(name)
        actions = [action for action in case.actual_actions if action.preventive and not action.beyond_horizon]
        measures = [
            Measure(
                action.instrument,
                action.partners[0],
                "now",
                action.start_month * 30.4,
                action.partners[1:],
                action.start_month * 30.4,
                None if action.duration_months is None else (action.start_month + action.duration_months) * 30.4,
                action.intensity,
            )
            for action in actions
        ]
        found = evaluate(case, package(*measures), NO_BRANCHES, CATALOG)
        assert 0 < found.risk < 1 and len(found.measures) == len(actions)


def offered(case, choices):
    """Every measure on offer."""
    scene = judge_of(case, choices, CATALOG).scene
    return [
        Measure(tool.id, lead.id, node.name, start)
        for tool in CATALOG.instruments.values()
        for lead in scene.partners.values()
        for node in scene.nodes
        if is_offered(scene, tool, lead, node)
        for start in start_days(lead, node)
    ]


@pytest.mark.parametrize("seed", range(10))
def test_more_of_what_helps_never_raises_risk(seed):
    """Without undermining rows, discount and R35 one measure more leaves no more risk: the rest are ceilings."""
    choices = Choices(parameters=(("same_family_discount", 1.0),), rules=(("R35", "off"),))
    rng, plain = random.Random(seed), without_synergies()
    good = [one for one in offered(macedonia(), choices) if CATALOG.instruments[one.instrument].effect.low >= 0]
    chosen: list[Measure] = []
    risk = evaluate(macedonia(), Package(), choices, plain).risk
    for one in rng.sample(good, 12):
        if all(one.instrument != other.instrument for other in chosen):
            chosen.append(one)
            now = evaluate(macedonia(), package(*chosen), choices, plain).risk
            assert now <= risk + 1e-12
            risk = now


def test_earlier_stronger_and_better_led_never_leaves_more_risk():
    def risk(case=None, choices=NO_BRANCHES, **given):
        return evaluate(case or easy(), package(measure("ceasefire_monitoring", **given)), choices).risk

    assert risk(in_force_day=10.0) < risk(in_force_day=40.0) < risk(in_force_day=90.0)
    assert risk(intensity=1.0) < risk(intensity=0.5)
    assert risk(end_day=400.0) < risk(end_day=200.0)
    low = changed(easy(), legitimacy={"host_consent_prospect": 0.2})
    assert risk() < risk(low)
    assert risk(choices=replace(NO_BRANCHES, baseline=0.1)) < risk(choices=replace(NO_BRANCHES, baseline=0.3))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_measures_does_not_matter(seed):
    rng = random.Random(seed)
    measures = rng.sample(offered(macedonia(), Choices()), 12)
    one = evaluate(macedonia(), package(*measures), Choices(), CATALOG)
    rng.shuffle(measures)
    other = evaluate(macedonia(), package(*measures), Choices(), CATALOG)
    assert one.risk == pytest.approx(other.risk, abs=1e-12)
    assert {key: one.values[key] for key in one.values} == pytest.approx(other.values)
    assert [row.measure for row in other.measures] == measures


@pytest.mark.parametrize("seed", range(5))
def test_no_ceiling_is_ever_passed(seed):
    rng = random.Random(seed)
    found = evaluate(easy(), package(*rng.sample(offered(easy(), Choices()), 40)), Choices(), CATALOG)
    for period in found.risk_path:
        assert period.L_words <= -math.log(0.75) + 1e-12
        assert period.L_soft <= -math.log(0.6) + 1e-12
        assert period.L_star <= -math.log(0.2) + 1e-12
        assert period.u == pytest.approx(math.exp(-period.L_star))
    weights = {node.name: node.probability for node in judge_of(easy(), Choices(), CATALOG).scene.nodes}
    assert found.inner == pytest.approx(sum(p.hazard * p.u * weights[p.node] for p in found.risk_path))


def test_the_judge_shares_nothing_with_the_formulation():
    folder = Path(evaluate.__code__.co_filename).parent
    for path in folder.glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 2}
        assert all(module == "choices" or module.startswith("inputs.") for module in modules), path


def test_arrays_cover_the_whole_plan():
    scene = judge_of(macedonia(), Choices(), CATALOG).scene
    assert [k for stage in scene.stages for k in range(len(scene.cells))[stage.cells]] == list(range(len(scene.cells)))
    assert sum(stage.chance * stage.hazard.sum() for stage in scene.stages) == pytest.approx(-math.log(0.8))
    assert np.all(scene.cell_to > scene.cell_from)
