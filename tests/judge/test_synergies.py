"""When rows of the synergy table fire, what they add, and the ceilings and discounts around them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from optimizer.choices import Choices, Measure
from optimizer.judge.evaluate import evaluate

from .helpers import CATALOG, NO_BRANCHES, changed, easy, measure, package, without_synergies

YEARS = changed(easy(), horizon_months=36, tempo={"hazard_profile": (1 / 36,) * 36})


def run(tool, first, last, lead="", **given):
    return measure(tool, lead, in_force_day=float(first), end_day=float(last), **given)


def fired(row, *measures, choices=NO_BRANCHES, case=YEARS):
    """Days from which the periods run in which one row fires, it alone being in the table."""
    only = replace(CATALOG, synergies={row: CATALOG.synergies[row]})
    return {found.from_day: found.term for found in evaluate(case, package(*measures), choices, only).synergies}


def beta(tool, lead, day):
    """-ln(1 - e) of a tool in force on a day, with full leverage as the easy case has it."""
    alone = evaluate(YEARS, package(run(tool, day, 1094, lead)), NO_BRANCHES, without_synergies())
    return alone.measures[0].effects[0].beta


def test_reinforcing_row_adds_its_share_of_what_runs():
    tools = (run("naming_shaming", 0, 365, "international_ngos"), run("documentation_for_indictment", 30, 365, "icc"))
    found = fired("syn_shaming_documentation", *tools)
    assert set(found) == {30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 270.0}
    both = beta("naming_shaming", "international_ngos", 0) + beta("documentation_for_indictment", "icc", 30)
    assert found[90.0] == pytest.approx(0.15 * both)


def test_a_tool_that_has_just_ended_still_lends_its_weight():
    """Window three months (91.2 days): shaming ends on day 90, documentation runs on."""
    found = fired(
        "syn_shaming_documentation", run("naming_shaming", 0, 90), run("documentation_for_indictment", 0, 900)
    )
    assert max(found) == 180.0  # day 181.2 lies in the period from day 180
    assert found[120.0] == pytest.approx(0.15 * beta("documentation_for_indictment", "un_human_rights_system", 0))


def test_no_tool_counts_with_more_than_the_ceiling():
    tools = (run("intelligence_support", 0, 365), run("robust_peacekeeping", 0, 365))
    small, large = (beta(one.instrument, one.lead, 0) for one in tools)
    assert large > 0.15
    assert fired("syn_intel_enabler", *tools)[0.0] == pytest.approx(0.1 * (small + 0.15))


def test_spent_threats_need_both_to_run_now():
    tools = (run("threat_of_sanctions", 0, 90), run("targeted_sanctions_rapid", 90, 400))
    assert fired("neg_threat_spent_sanctions", *tools) == {}
    overlap = (run("threat_of_sanctions", 0, 91), tools[1])
    assert set(fired("neg_threat_spent_sanctions", *overlap)) == {90.0}


def test_undermining_takes_at_least_a_little():
    tools = (run("humanitarian_relief", 0, 365, intensity=0.0), run("comprehensive_embargo", 0, 365, intensity=0.0))
    assert fired("neg_relief_embargo", *tools)[0.0] == pytest.approx(-0.2 * 0.03)


def test_absent_tools_are_looked_for_around_the_period():
    """Observers alone do harm; troops within three months before or after make the difference."""
    watch = run("observer_mission", 0, 1000)
    assert set(fired("con_observers_alone", watch)) >= {0.0, 365.0, 730.0}
    troops = run("robust_peacekeeping", 300, 400)
    # 300 - 91.2 = 208.8 and 400 + 91.2 = 491.2: the periods from 180 to 545 are covered
    assert set(fired("con_observers_alone", watch, troops)) == {0.0, 7, 14, 30, 45, 60, 90, 120, 545, 730}


def test_state_gate():
    haven = (run("safe_havens_consensual", 0, 365),)
    assert fired("con_haven_no_force", *haven) == {}
    onset = changed(YEARS, intervention_point="onset")
    assert fired("con_haven_no_force", *haven, case=onset)


def test_same_partner_gate():
    guarantee = run("security_guarantees", 0, 365, "united_states")
    assert fired("syn_guarantee_force", guarantee, run("robust_peacekeeping", 0, 365, "un_secretariat")) == {}
    joined = run("robust_peacekeeping", 0, 365, "un_secretariat", joined=("united_states",))
    assert fired("syn_guarantee_force", guarantee, joined)


def test_led_by_gate_looks_at_the_generic_partner():
    support = run("third_party_support", 0, 365)
    assert fired("syn_third_support_au", support, run("robust_peacekeeping", 0, 365, "un_secretariat")) == {}
    assert fired("syn_third_support_au", support, run("robust_peacekeeping", 0, 365, "ecowas"))


def test_spread_gate():
    bans, trade = run("travel_bans", 0, 900), run("trade_sanctions", 200, 900)
    assert fired("neg_gradual_sanctions", bans, trade) == {}
    assert fired("neg_gradual_sanctions", bans, replace(trade, start_day=121.0)) == {}
    found = fired("neg_gradual_sanctions", bans, replace(trade, start_day=122.0))
    assert min(found) == 180.0


def test_many_mediators():
    leads = ("eu", "osce", "un_secretariat", "united_states")
    tools = ("high_level_mediation", "dialogue_facilitation", "negotiation_support_ta", "dialogue_facilitation")
    talks = [run(tool, 0, 365, lead) for tool, lead in zip(tools, leads, strict=True)]
    assert fired("neg_many_mediators", *talks[:3]) == {}
    assert fired("neg_many_mediators", *talks[:3], replace(talks[3], lead="eu")) == {}
    term = fired("neg_many_mediators", *talks)[0.0]
    assert term == pytest.approx(-0.2 * (beta("high_level_mediation", "eu", 0) + 0.05))


def test_tokens_do_not_count_enablers_or_the_named_tool():
    talks = run("high_level_mediation", 0, 365)
    one, two = run("media_campaign", 0, 365), run("humanitarian_relief", 30, 365)
    enabler = run("mediation_surge_team", 0, 365)
    assert fired("syn_mediation_concurrent", talks, one, enabler) == {}
    assert min(fired("syn_mediation_concurrent", talks, one, two)) == 30.0
    kinds = (talks, run("increased_aid", 0, 365), run("military_contingency_planning", 0, 365))
    assert fired("syn_integrated_pem", *kinds) == {}
    assert fired("syn_integrated_pem", *kinds[:2], run("robust_peacekeeping", 0, 365))[0.0] == pytest.approx(
        0.12 * 0.15
    )


def test_what_is_begun_in_a_branch_fires_nothing_before_it():
    talks = measure("high_level_mediation")
    aid = measure("increased_aid", "eu", "settles", 60.0)
    rapid = measure("targeted_sanctions_rapid")
    only = replace(
        CATALOG, synergies={"syn_sanction_inducement_mediation": CATALOG.synergies["syn_sanction_inducement_mediation"]}
    )
    found = evaluate(easy(), package(talks, aid, rapid), Choices(), only)
    assert {row.node for row in found.synergies} == {"settles"}


def test_second_tools_of_a_family_count_half_the_leader_named_once():
    """Dialogue early and mediation late: mediation leads the node, so that dialogue counts half throughout."""
    talks, dialogue = run("high_level_mediation", 90, 365), run("dialogue_facilitation", 0, 365, "osce")
    found = evaluate(YEARS, package(talks, dialogue), NO_BRANCHES, without_synergies())
    first = beta("dialogue_facilitation", "osce", 0)
    assert found.risk_path[0].L_star == pytest.approx(first / 2)
    late = next(period for period in found.risk_path if period.from_day == 120)
    assert late.L_star == pytest.approx(beta("high_level_mediation", talks.lead, 90) + first / 2)


def test_sanctions_and_threats_of_them_have_their_own_ceiling():
    tools = [run(tool, 0, 1000) for tool in ("threat_of_sanctions", "targeted_sanctions_rapid", "trade_sanctions")]
    tight = replace(NO_BRANCHES, parameters=(("R35.cap", 0.01),))
    found = evaluate(YEARS, package(*tools), tight, without_synergies())
    assert found.risk_path[0].L_star == pytest.approx(-math.log(0.99))
    assert {ceiling.name for ceiling in found.ceilings} == {"sanctions"}
    off = replace(tight, rules=(("R35", "off"),))
    assert evaluate(YEARS, package(*tools), off, without_synergies()).risk < found.risk


def test_force_after_onset_may_do_more():
    onset = changed(YEARS, intervention_point="onset")
    everything = [
        run(tool, 0, 1000)
        for tool in (
            "robust_peacekeeping", "rapid_coalition_force", "military_intervention", "coercive_air_campaign",
            "high_level_mediation", "humanitarian_relief", "targeted_sanctions_rapid", "arms_embargo",
        )
    ]  # fmt: skip
    large = replace(NO_BRANCHES, parameters=(("same_family_discount", 1.0), ("max_joint_reduction_onset", 0.75)))
    for case, cap in ((YEARS, 0.7), (onset, 0.75)):
        most = max(p.L_star for p in evaluate(case, package(*everything), large, CATALOG).risk_path)
        assert most == pytest.approx(-math.log(1 - cap))


def test_a_tool_that_does_harm_counts_in_full():
    """Pulling out a mission makes it worse; alone in its family it is its leader."""
    out = Measure("withdrawal_of_mission", "united_states", "now", 0.0, in_force_day=0.0, end_day=1000.0)
    found = evaluate(YEARS, package(out), NO_BRANCHES, without_synergies())
    assert found.risk > found.baseline
    assert found.risk_path[0].L_star == pytest.approx(beta("withdrawal_of_mission", "united_states", 0))
