"""Check cases A, B and C of catalog/README.md, section 8, to the last printed digit, by the function users call."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from optimizer.choices import Choices, Measure, Package
from optimizer.inputs.records import Catalog
from optimizer.judge.combination import Ceilings, Terms, combine, discounted, groups_of
from optimizer.judge.evaluate import Evaluation, evaluate

from .helpers import CATALOG, PLAIN, changed, easy, without_synergies

TOOLS = {
    "high_level_mediation": ("facilitator_state", 0.0960, 0.100926),
    "mediation_surge_team": ("un_mediation_support_unit", 0.0380, 0.038741),
    "neighbour_engagement": ("united_states", 0.0325, 0.033040),
    "targeted_sanctions_rapid": ("un_security_council", 0.0560, 0.057629),
    "threat_of_sanctions": ("united_states", 0.0680, 0.070422),
    "increased_aid": ("eu", 0.0400, 0.040822),
    "ceasefire_monitoring": ("eu", 0.0640, 0.066140),
    "military_contingency_planning": ("nato", 0.0090, 0.009041),
    "documentation_for_indictment": ("un_human_rights_system", 0.0270, 0.027371),
}
Z = -5.28 + 0.46 + 0.69 * 0.5 + 0.53 + 0.74 + 0.83 * 0.5 + 0.34
P = 1 / (1 + math.exp(-Z))
CASE = changed(easy(), horizon_months=12, tempo={"hazard_profile": (1 / 12,) * 12})
CHOICES = Choices(branches=(), rules=PLAIN, baseline=P)


def judged(catalog: Catalog, end_day: float | None = 364.8) -> Evaluation:
    """All nine tools in force from the first day; end None: for their typical duration."""
    measures = [Measure(tool, row[0], "now", 0.0, in_force_day=0.0, end_day=end_day) for tool, row in TOOLS.items()]
    return evaluate(CASE, Package(tuple(measures)), CHOICES, catalog)


def levels(evaluation: Evaluation) -> tuple[float, float, float, float, float]:
    """Words, soft, all; fall in per cent; risk left. The same in every period."""
    assert len({round(period.L_star, 12) for period in evaluation.risk_path}) == 1
    one = evaluation.risk_path[0]
    return (
        round(one.L_words, 4),
        round(one.L_soft, 4),
        round(one.L_star, 4),
        round(100 * (1 - one.u), 1),
        round(P * one.u, 4),
    )


def test_baseline_of_the_check_case():
    assert (round(Z, 2), round(P, 4)) == (-2.45, 0.0794)


def test_effect_and_strength_of_each_tool():
    for one in judged(without_synergies()).measures:
        _, e, strength = TOOLS[one.measure.instrument]
        assert (round(one.effects[0].e, 4), round(one.effects[0].beta, 6)) == (e, strength)


def test_case_a():
    only = {key: row for key, row in CATALOG.synergies.items() if key == "syn_sanction_inducement_mediation"}
    evaluation = judged(replace(CATALOG, synergies=only))
    assert round(evaluation.synergies[0].term, 4) == 0.0498
    assert levels(evaluation) == (0.1308, 0.4656, 0.4746, 37.8, 0.0494)
    assert not evaluation.ceilings


def test_case_b():
    evaluation = judged(CATALOG)
    assert {row.id: round(row.term, 6) for row in evaluation.synergies} == {
        "syn_sanction_inducement_mediation": 0.049844,
        "syn_threat_sanction_offramp": 0.031826,
        "syn_neighbour_pressure": 0.020095,
        "syn_mediation_concurrent": 0.012074,
        "neg_threat_spent_sanctions": -0.044818,
    }
    assert levels(evaluation) == (0.1308, 0.4748, 0.4839, 38.4, 0.0490)
    assert {ceiling.name for ceiling in evaluation.ceilings} == {"synergies_soft"}


def test_case_c():
    def at_its_best(key):
        tool = CATALOG.instruments[key]
        return tool.model_copy(update={"effect": tool.effect.model_copy(update={"mid": tool.effect.high})})

    strong = replace(without_synergies(), instruments={key: at_its_best(key) for key in CATALOG.instruments})
    evaluation = judged(strong)
    assert levels(evaluation) == (0.2877, 0.5108, 0.5382, 41.6, 0.0464)
    assert {ceiling.name for ceiling in evaluation.ceilings} == {"words", "soft"}


def test_cost_of_the_check_cases():
    assert judged(CATALOG, end_day=None).values["cost"] == pytest.approx(188.55, abs=0.005)


def test_the_same_sums_by_hand_and_for_many_scenarios_at_once():
    """combine itself, on the printed strengths, with a leading scenario axis."""
    tools = sorted(TOOLS)
    groups = groups_of(tuple((key, CATALOG.instruments[key].family) for key in tools))
    strength = np.array([[TOOLS[key][2]] for key in tools]) * np.array([1.0, 0.5]).reshape(2, 1, 1)
    runs, one = np.ones((len(tools), 1), dtype=bool), np.ones(1)
    counted = discounted(list(np.moveaxis(strength, 1, 0)), list(runs), groups, one, 0.5)
    assert sum(counted)[:, 0].round(4).tolist() == [0.4248, 0.2124]
    joint = combine(counted, groups, Terms(0.0, 0.0, 0.0, 0.0), Ceilings(0.5, 0.25, 0.25, 0.4, 0.7, None))
    assert joint.total[:, 0].round(4).tolist() == [0.4248, 0.2124]
    assert joint.words[:, 0].round(4).tolist() == [0.1308, 0.0654]
