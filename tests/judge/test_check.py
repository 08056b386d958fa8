"""Every requirement has one package that keeps it and one that breaks it; unbacked threats do not get past."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from optimizer.choices import Branch, Choices, Measure
from optimizer.judge.check import violations

from .helpers import CATALOG, broken, changed, easy, measure, package

M = measure
TALKS = M("high_level_mediation", "facilitator_state")
RELIEF = M("humanitarian_relief")
MEDIA = M("media_campaign")
MEDIA_LATER = M("media_campaign", node="settles", start=60.0)
SANCTIONS = M("targeted_sanctions_rapid")
PLANNING = M("military_contingency_planning", "united_states")
THREAT = M("threat_of_military_force", "united_states", start=30.0)
DEED = M("rapid_coalition_force", "united_states", "escalates", 60.0)
PRESENCE = M("heightened_presence", "united_states", start=30.0)
BACKED = (PLANNING, THREAT, DEED)
AID = M("long_term_economic_assistance", "eu", "settles", 60.0)
MONITORS = M("ceasefire_monitoring", "osce", "settles", 60.0)
GUARANTEE = M("security_guarantees", "united_states")
PATRON = changed(easy(), leverage={"patron_shield": 0.9})
VOLCANIC = changed(easy(), tempo={"tempo_class": "volcanic"})
POOR = changed(easy(), constraints={"budget_musd_2020": 100.0})
UNWILLING = changed(
    easy(), partners=tuple(p.model_copy(update={"will_force": 0.1, "political_will": 0.4}) for p in easy().partners)
)
LATE = changed(
    easy(),
    partners=tuple(
        p.model_copy(update={"available_from_month": 1.0}) if p.partner == "facilitator_state" else p
        for p in easy().partners
    ),
)
UN_FORCE = changed(easy(), partners=(*easy().partners, easy().partners[2].model_copy(update={"partner": "un_pko"})))
R13 = Choices(rules=(("R13", "required"),))


def chosen(**given):
    return Choices(**given)


# requirement, choices, case, measures that keep it (and everything else), measures that break it
CASES = [
    ("unknown", chosen(), easy(), (RELIEF,), (M("humanitarian_relief", "nobody"),)),
    ("unknown", chosen(), easy(), (RELIEF,), (Measure("prayer", "eu", "now", 0.0),)),
    ("unknown", chosen(branches=()), easy(), (RELIEF,), (M("humanitarian_relief", node="escalates", start=60.0),)),
    ("no_fit", chosen(), easy(), (RELIEF,), (M("humanitarian_relief", "nato"),)),
    ("partner_out", chosen(partners_out=("eu",)), easy(), (RELIEF,), (M("increased_aid", "eu"),)),
    ("will", chosen(), UNWILLING, (MEDIA,), (M("preventive_tripwire_deployment", "un_secretariat"),)),
    ("will", chosen(will=(("eu", 0.2),)), easy(), (RELIEF,), (M("increased_aid", "eu"),)),
    (
        "scope", chosen(), UN_FORCE, (M("preventive_tripwire_deployment", "un_pko"),),
        (M("high_level_mediation", "un_pko"), RELIEF, MEDIA),
    ),
    ("intervention_point", chosen(), easy(), (RELIEF,), (M("military_training"),)),
    ("review", chosen(review_allowed=("victim_defense_support",)), easy(), (M("victim_defense_support"),), None),
    ("review", chosen(), easy(), (RELIEF,), (M("victim_defense_support"),)),
    ("ruled_out", chosen(force_out=("media_campaign",)), easy(), (RELIEF,), (MEDIA,)),
    ("authorization", chosen(authorization=(("unsc", False), ("regional", False))), easy(), (RELIEF,),
     (M("preventive_tripwire_deployment"),)),
    ("start", chosen(), easy(), (replace(RELIEF, start_day=30.0),), (replace(RELIEF, start_day=8.0),)),
    ("start", chosen(), LATE, (replace(TALKS, start_day=30.4), RELIEF, MEDIA), (TALKS, RELIEF, MEDIA)),
    ("start", chosen(), easy(), (M("humanitarian_relief", node="settles", start=60.0),),
     (M("humanitarian_relief", node="settles", start=30.0),)),
    ("horizon", chosen(), changed(easy(), horizon_months=3), (RELIEF,), (M("increased_aid"),)),
    ("own_days", chosen(), easy(), (RELIEF,), (replace(RELIEF, in_force_day=1.0),)),
    ("own_days", chosen(), easy(), (RELIEF,), (replace(RELIEF, end_day=900.0),)),
    ("own_days", chosen(), easy(), (RELIEF,), (replace(RELIEF, intensity=3.0),)),
    ("join", chosen(), easy(), (replace(TALKS, joined=("eu",)), RELIEF, MEDIA),
     (replace(TALKS, joined=("nato",)), RELIEF, MEDIA)),
    ("join", chosen(partners_out=("eu",)), easy(), (RELIEF,), (replace(TALKS, joined=("eu",)), RELIEF, MEDIA)),
    ("join", chosen(), easy(), (RELIEF,), (replace(TALKS, joined=("facilitator_state",)), RELIEF, MEDIA)),
    ("join", chosen(), easy(), (RELIEF,), (replace(TALKS, joined=("eu", "eu")), RELIEF, MEDIA)),
    ("join", chosen(partner_from=(("eu", 1.0),)), easy(), (RELIEF,), (replace(TALKS, joined=("eu",)), RELIEF, MEDIA)),
    ("join", chosen(will=(("eu", 0.1),)), easy(), (RELIEF,), (replace(TALKS, joined=("eu",)), RELIEF, MEDIA)),
    ("join", chosen(), easy(), (RELIEF,), (M("targeted_sanctions_rapid", joined=("eu",)),)),
    ("twice", chosen(), easy(), (RELIEF,), (RELIEF, M("humanitarian_relief", "international_ngos"))),
    ("twice", chosen(), easy(),
     (M("humanitarian_relief", node="settles", start=60.0), M("humanitarian_relief", node="escalates", start=60.0)),
     (RELIEF, M("humanitarian_relief", node="escalates", start=60.0))),
    ("excludes", chosen(), easy(), (M("targeted_sanctions_rapid"),),
     (M("targeted_sanctions_rapid"), M("travel_bans"))),
    ("requires", chosen(), easy(), (PLANNING, PRESENCE),
     (PRESENCE,)),
    ("requires", chosen(), easy(), (PLANNING, PRESENCE),
     (replace(PLANNING, start_day=30.0), M("heightened_presence", "united_states", start=0.0))),
    ("capacity", chosen(capacity=(("humanitarian_agencies", 1),)), easy(), (RELIEF,),
     (RELIEF, M("evacuation_corridors", "humanitarian_agencies"))),
    ("capacity", chosen(capacity=(("eu", 1),)), easy(), (M("increased_aid", "eu"),),
     (M("increased_aid", "eu"), replace(TALKS, joined=("eu",)), RELIEF)),
    ("max_measures", chosen(max_measures=1), easy(), (RELIEF,), (RELIEF, MEDIA)),
    ("max_measures", chosen(max_measures=1), easy(), (RELIEF,), (RELIEF, MEDIA_LATER)),
    ("budget", chosen(budget_musd=160.0), easy(), (M("media_campaign"),), (RELIEF, M("increased_aid", "eu"))),
    ("budget", chosen(), POOR, (MEDIA,), (MEDIA, replace(DEED, lead="eu"), replace(PLANNING, lead="eu"))),
    ("reserve", chosen(reserve_musd=10.0), easy(), (RELIEF,), (M("humanitarian_relief", node="settles", start=60.0),)),
    ("reserve", chosen(reserve_musd=99_990.0), easy(), (MEDIA,), (RELIEF,)),
    ("funder", chosen(funder_musd=(("eu", 50.0),)), easy(), (RELIEF,), (M("increased_aid", "eu"),)),
    ("deadline", chosen(deadline_days=20.0), easy(), (RELIEF,), (M("increased_aid", "eu"),)),
    ("deadline", chosen(deadline_days=20.0), easy(), (M("humanitarian_relief", node="settles", start=60.0),),
     (M("humanitarian_relief", node="settles", start=90.0),)),
    ("first_effect", chosen(first_effect_days=20.0), easy(), (RELIEF,), (M("increased_aid", "eu"),)),
    ("first_effect", chosen(first_effect_days=80.0), easy(), (RELIEF,),
     (M("humanitarian_relief", node="settles", start=60.0),)),
    ("forced_in", chosen(force_in=("media_campaign",)), easy(), (MEDIA,), (MEDIA_LATER,)),
    ("R01", chosen(), easy(), BACKED, (PLANNING, THREAT)),
    ("R13", R13, easy(), (M("robust_peacekeeping", "un_secretariat"),), (RELIEF,)),
    ("R13", R13, easy(), (PLANNING, DEED), (PLANNING, replace(DEED, node="drags_on"))),
    ("R17", chosen(), easy(), (RELIEF,), (M("fact_finding_diplomatic", "igad"),)),
    ("R17", chosen(), easy(), (M("increased_aid", "eu"),), (M("high_level_mediation", "osce"), RELIEF, MEDIA)),
    ("R17", chosen(), easy(), (RELIEF,), (M("suspension_from_io", "united_states"),)),
    ("R18", chosen(), easy(), (TALKS, RELIEF, MEDIA, MONITORS), None),
    ("R18", chosen(), easy(), (RELIEF,), (TALKS, RELIEF, MEDIA, M("amnesty_immunity", node="settles", start=60.0))),
    ("R25", chosen(), PATRON, (M("patron_engagement"), SANCTIONS), (SANCTIONS,)),
    ("R25", chosen(), PATRON, (M("patron_engagement"), replace(M("targeted_sanctions_rapid"), start_day=30.0)),
     (replace(M("patron_engagement"), start_day=30.0), M("targeted_sanctions_rapid"))),
    ("R28", chosen(), easy(), (TALKS, RELIEF, MEDIA), (TALKS, RELIEF, M("dialogue_facilitation"))),
    ("R30", chosen(parameters=(("R30.leads", 1.0),)), easy(), (TALKS, RELIEF, MEDIA),
     (TALKS, M("dialogue_facilitation", "eu"), RELIEF, MEDIA)),
    ("R36", chosen(), VOLCANIC, (RELIEF,), (M("increased_aid", "eu"),)),
    ("R36", chosen(), VOLCANIC, (RELIEF,), (M("fact_finding_diplomatic"),)),
    ("R46", chosen(parameters=(("R46.share", 0.0),)), easy(), (RELIEF, PLANNING, PRESENCE),
     (RELIEF, M("evacuation_corridors"))),
]  # fmt: skip


@pytest.mark.parametrize(("key", "choices", "case", "keeps", "breaks"), CASES)
def test_each_requirement_is_kept_and_broken(key, choices, case, keeps, breaks):
    assert broken(keeps, choices, case) == set()
    assert breaks is None or key in broken(breaks, choices, case)


def test_everything_the_judge_can_say_is_tested():
    from pathlib import Path

    folder = Path(violations.__code__.co_filename).parent
    text = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in ("check", "offers", "structure"))
    said = set(re.findall(r'Violation\(\s*"(\w+)"', text)) | set(re.findall(r'_too_dear\("(\w+)"', text))
    rules = {"R01", "R13", "R17", "R18", "R25", "R28", "R30", "R36", "R46"}
    assert said | rules == {case[0] for case in CASES}


@pytest.mark.parametrize(("key", "choices", "case", "keeps", "breaks"), CASES)
def test_sentences_are_for_people(key, choices, case, keeps, breaks):
    """No internal name, one sentence, and something to compare."""
    ids = {*CATALOG.instruments, *CATALOG.partners, *CATALOG.rules}
    ids = {one for one in ids if "_" in one or one.startswith("R")}
    for found in violations(case, package(*(breaks or ())), choices, CATALOG):
        words = set(re.findall(r"\w+", f"{found.what} {found.where} {found.because}"))
        assert not words & ids and "_" not in found.because
        assert found.because.endswith(".") and found.value != found.limit


@pytest.mark.parametrize("rule", ["R01", "R17", "R18", "R25", "R28", "R30", "R36", "R46"])
def test_a_rule_that_is_not_required_forbids_nothing(rule):
    _, choices, case, _, breaks = next(one for one in CASES if one[0] == rule and one[4])
    for state in ("preferred", "off"):
        assert rule not in broken(breaks, replace(choices, rules=((rule, state),)), case)


def test_a_busy_better_partner_lets_another_lead():
    """OSCE may lead talks once every partner that is much better placed leads all it can."""
    talks = M("high_level_mediation", "osce")
    fit = {p: f.fit for (p, tool), f in CATALOG.fits.items() if tool == talks.instrument}
    much_better = tuple(p for p in fit if fit[p] > fit["osce"] + 0.25)
    assert much_better
    assert "R17" in broken((talks, RELIEF, MEDIA))
    assert "R17" not in broken((talks, RELIEF, MEDIA), Choices(partners_out=much_better))
    assert "R17" not in broken((talks, RELIEF, MEDIA), Choices(partner_from=tuple((p, 1.0) for p in much_better)))
    one = much_better[0]
    rest = Choices(partners_out=much_better[1:], capacity=((one, 1),))
    other_work = next(M(tool, p) for (p, tool), f in CATALOG.fits.items() if p == one and tool != talks.instrument)
    assert "R17" in broken((talks, RELIEF, MEDIA), rest)
    assert "R17" not in broken((talks, RELIEF, MEDIA, other_work), rest)


def test_a_join_takes_part_of_a_partner_only_in_its_own_node():
    choices = Choices(capacity=(("eu", 1),))
    joined = replace(TALKS, joined=("eu",))
    assert "capacity" not in broken((joined, RELIEF, MEDIA, M("increased_aid", "eu", "settles", 60.0)), choices)
    assert "capacity" in broken((joined, RELIEF, MEDIA, M("increased_aid", "eu")), choices)


SHORT = changed(easy(), constraints={"time_to_first_effect_limit_days": 5.0})
SNEAKS = {
    "wrong partner carries it out": ("R01", (PLANNING, THREAT, replace(DEED, lead="nato")), Choices(), easy()),
    "carried out too late": ("R01", BACKED, Choices(parameters=(("R01.g", 0.1),)), SHORT),
    "carried out in another branch": ("R01", (PLANNING, THREAT, replace(DEED, node="drags_on")), Choices(), easy()),
    "over before it is defied": (
        "R01",
        (PLANNING, THREAT, replace(DEED, node="now", start_day=30.0)),
        Choices(branch_day=300.0),
        easy(),
    ),
    "planning alone": ("R01", (PLANNING, THREAT), Choices(), easy()),
    "presence instead of force": (
        "R01",
        (PLANNING, THREAT, M("heightened_presence", "united_states", "escalates", 60.0)),
        Choices(),
        easy(),
    ),
    "no capacity": ("capacity", BACKED, Choices(capacity=(("united_states", 2),)), easy()),
    "no reserve money": ("reserve", BACKED, Choices(reserve_musd=500.0), easy()),
    "no money": ("budget", BACKED, Choices(budget_musd=500.0), easy()),
    "no will": ("will", BACKED, Choices(), UNWILLING),
    "no authorization": (
        "authorization",
        BACKED,
        Choices(authorization=(("unsc", False), ("regional", False))),
        easy(),
    ),
    "in force by its own word": ("own_days", (*BACKED[:2], replace(DEED, in_force_day=61.0)), Choices(), SHORT),
    "begun before the branch": ("start", (*BACKED[:2], replace(DEED, start_day=40.0)), Choices(), SHORT),
    "taking part without being able to": (
        "join",
        (
            PLANNING,
            replace(THREAT, lead="un_security_council"),
            replace(DEED, joined=("un_security_council",)),
        ),
        Choices(),
        easy(),
    ),
    "a promise kept in the wrong branch": (
        "R01",
        (TALKS, RELIEF, MEDIA, GUARANTEE, M("robust_peacekeeping", "united_states", "escalates", 60.0)),
        Choices(),
        easy(),
    ),
    "a branch named otherwise": (
        "R01",
        BACKED,
        Choices(branches=(Branch("escalates", 0.5, 1, "onset"), Branch("settles", 0.5, 1, "post_settlement"))),
        SHORT,
    ),
    "a threat where there are no branches": ("R01", (PLANNING, THREAT), Choices(branches=()), easy()),
    "a threat in a branch, its deed in another": (
        "R01",
        (PLANNING, replace(THREAT, node="drags_on", start_day=60.0), DEED),
        Choices(),
        easy(),
    ),
}


@pytest.mark.parametrize("trick", SNEAKS)
def test_an_unbacked_threat_does_not_get_past(trick):
    key, measures, choices, case = SNEAKS[trick]
    if trick == "a branch named otherwise":
        choices = replace(choices, parameters=(("R01.g", 0.1),))
    assert key in broken(measures, choices, case)


def test_a_threat_is_backed_by_one_who_takes_part():
    joined = replace(DEED, lead="nato", joined=("united_states",))
    assert broken((PLANNING, THREAT, joined)) == set()


def test_a_threat_in_a_branch_is_backed_there():
    threat = replace(THREAT, node="escalates", start_day=60.0)
    assert broken((PLANNING, threat, DEED)) == set()
    assert "R01" in broken((PLANNING, threat))
