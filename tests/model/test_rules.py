"""Each rule with rows has one package that keeps it and one that breaks it; each modifier moves the risk."""

from __future__ import annotations

import pytest

from optimizer import Choices, load_case, load_catalog
from optimizer.choices import Package
from optimizer.judge.evaluate import evaluate
from optimizer.model.audit import audit, with_measures
from optimizer.model.rules import RULES

from .helpers import kept, m, situation

MAC, KEN, BUR, EAST = "macedonia_2001", "kenya_2007", "burundi_1965", "east_timor_1999"
MEDIATION = m("high_level_mediation", "eu", start=30.4)
THREAT = m("threat_of_sanctions", "eu", start=30.4)
DEED = m("elite_asset_seizure", "eu", "escalates", 60)
FORCE = m("threat_of_military_force", "nato", start=30.4)
COALITION = m("rapid_coalition_force", "nato", "escalates", 60)

RULE_CASES = [  # rule, case, measures, kept?, choices
    ("R01", MAC, [THREAT], False, None),
    ("R01", MAC, [THREAT, DEED], True, None),
    ("R02", MAC, [m("naming_shaming", "international_ngos")], False, None),
    ("R02", MAC, [m("naming_shaming", "international_ngos"), m("increased_aid", "eu", start=30.4)], True, None),
    ("R08", BUR, [m("diplomatic_pressure", "united_states")], False, None),
    ("R08", BUR, [m("diplomatic_pressure", "united_states"), m("increased_aid", "united_states")], True, None),
    ("R09", MAC, [THREAT], False, None),
    ("R09", MAC, [THREAT, m("increased_aid", "eu", start=30.4)], True, None),
    ("R10", MAC, [m("increased_aid", "eu", start=30.4)], False, None),
    ("R10", MAC, [MEDIATION], True, None),
    ("R11", MAC, [m("increased_aid", "eu", start=30.4)], False, None),
    ("R11", MAC, [MEDIATION], True, None),
    ("R13", MAC, [MEDIATION], False, None),
    ("R13", MAC, [COALITION], True, None),
    ("R15", MAC, [MEDIATION, m("increased_aid", "eu", start=30.4)], False, None),
    ("R15", MAC, [MEDIATION, m("increased_aid", "eu"), m("heightened_presence", "nato", start=30.4)], True, None),
    ("R16", MAC, [MEDIATION], False, None),
    ("R16", MAC, [MEDIATION, m("ngo_civil_society", "local_civil_society")], True, None),
    ("R17", MAC, [m("high_level_mediation", "un_security_council", start=30.4)], False, None),
    ("R17", MAC, [MEDIATION], True, None),
    ("R18", MAC, [m("amnesty_immunity", "eu", "settles", 60)], False, None),
    (
        "R18",
        MAC,
        [m("amnesty_immunity", "eu", "settles", 60), m("long_term_economic_assistance", "eu", "settles", 60)],
        True,
        None,
    ),
    ("R24", MAC, [MEDIATION], False, Choices(influence=("nato",))),
    ("R24", MAC, [FORCE], True, Choices(influence=("nato",))),
    ("R25", "sudan_2010", [m("targeted_sanctions_rapid", "un_security_council")], False, None),
    (
        "R25",
        "sudan_2010",
        [m("targeted_sanctions_rapid", "un_security_council"), m("patron_engagement", "united_states")],
        True,
        None,
    ),
    ("R26", MAC, [MEDIATION], False, None),
    ("R26", MAC, [m("neighbour_engagement", "eu", start=30.4)], True, None),
    ("R28", MAC, [MEDIATION], False, None),
    (
        "R28",
        MAC,
        [MEDIATION]
        + [
            m(tool, "eu", node, start)
            for tool in ("increased_aid", "diplomatic_pressure")
            for node, start in (("now", 30.4),)
        ],
        True,
        None,
    ),
    ("R30", MAC, [MEDIATION, m("dialogue_facilitation", "osce")], True, None),
    (
        "R30",
        MAC,
        [
            MEDIATION,
            m("dialogue_facilitation", "osce"),
            m("negotiation_support_ta", "united_states"),
            m("mediation_surge_team", "nato"),
        ],
        False,
        None,
    ),
    ("R31", MAC, [m("travel_bans", "eu", start=30.4), m("aid_suspension", "eu", "escalates", 90)], True, None),
    (
        "R31",
        MAC,
        [m("travel_bans", "eu"), m("aid_suspension", "eu", "escalates", 90)],
        False,
        Choices(parameters=(("R31.s", 1.0),)),
    ),
    ("R33", MAC, [m("aid_suspension", "eu", start=30.4)], False, None),
    ("R33", MAC, [m("aid_suspension", "eu", start=30.4), MEDIATION], True, None),
    ("R36", KEN, [m("fact_finding_diplomatic", "african_union")], False, None),
    ("R36", KEN, [m("high_level_mediation", "african_union")], True, None),
    ("R42", MAC, [MEDIATION], False, None),
    (
        "R42",
        MAC,
        [m("security_guarantees", "nato", start=30.4), m("neighbour_engagement", "eu", start=30.4)],
        True,
        None,
    ),
    ("R46", MAC, [m("humanitarian_relief", "eu")], True, None),
    ("R46", MAC, [m("humanitarian_relief", "eu")], False, Choices(budget_musd=4, parameters=(("R46.floor_musd", 1),))),
    ("R54", MAC, [MEDIATION], True, None),
    ("R54", MAC, [m("rapid_coalition_force", "nato", start=30.4)], False, None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "case", "measures", "expected", "choices"), RULE_CASES)
def test_a_rule_is_kept_or_broken(rule, case, measures, expected, choices):
    assert kept(rule, case, measures, choices) is expected


def test_every_rule_with_rows_has_both_cases():
    wanted = {(key, yes) for key, rule in RULES.items() if rule.rows is not None for yes in (True, False)}
    assert wanted == {(rule, expected) for rule, _, _, expected, _ in RULE_CASES}


def test_all_rules_of_the_catalog_are_accounted_for():
    assert set(RULES) == set(load_catalog().rules)
    assert len(RULES) == 55


def test_the_audit_names_every_rule_with_its_state():
    grown, chosen = with_measures(situation(MAC), Package((THREAT,)))
    found = {r.id: r for r in audit(grown, chosen)}
    assert set(found) == set(RULES)
    assert not found["R01"].kept and "needs one of these" in found["R01"].because
    assert found["R09"].price == pytest.approx(0.03)
    assert found["R13"].state == "off"


EFFECT_CASES = [  # rule, case, measures; switched off, the projected risk must move the way stated
    ("R03", MAC, [FORCE, COALITION, m("military_contingency_planning", "nato", start=30.4)], "less"),
    ("R04", MAC, [m("high_level_mediation", "eu", start=30.4, joined=("osce",))], "more"),
    ("R05", MAC, [m("preventive_tripwire_deployment", "nato", start=30.4)], "less"),
    ("R06", MAC, [MEDIATION], "less"),
    ("R07", KEN, [m("high_level_mediation", "african_union")], "less"),
    ("R22", MAC, [m("high_level_mediation", "eu", start=30.4), COALITION], "more"),
    ("R32", MAC, [m("aid_suspension", "eu", start=30.4), MEDIATION], "less"),
    ("R38", MAC, [MEDIATION], "less"),
    ("R55", MAC, [m("high_level_mediation", "eu", start=30.4)], "more"),
]


@pytest.mark.parametrize(("rule", "case", "measures", "without"), EFFECT_CASES)
def test_a_rule_that_modifies_effects_acts(rule, case, measures, without):
    names = tuple(p.partner for p in load_case(case).partners)
    on = evaluate(load_case(case), Package(tuple(measures)), Choices(planned_with=names, rules=((rule, "required"),)))
    off = evaluate(load_case(case), Package(tuple(measures)), Choices(planned_with=names, rules=((rule, "off"),)))
    assert (off.risk < on.risk) if without == "less" else (off.risk > on.risk)


def test_the_ceiling_on_sanctions_binds_when_it_is_low():
    measures = (m("aid_suspension", "eu", start=30.4), m("trade_sanctions", "eu", start=30.4), MEDIATION)
    low = evaluate(load_case(MAC), Package(measures), Choices(parameters=(("R35.cap", 0.005),)))
    off = evaluate(load_case(MAC), Package(measures), Choices(rules=(("R35", "off"),)))
    assert off.risk < low.risk
