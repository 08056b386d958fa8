"""Names and numbers in sentences."""

import re

import pytest

from optimizer.choices import Choices
from optimizer.explain.changes import change
from optimizer.explain.mind import _other_effect
from optimizer.explain.requirements import Requirement, requirements_of
from optimizer.explain.things import Thing, impossible
from optimizer.explain.words import Words, between, listed
from optimizer.inputs import case_names, load_case, load_catalog
from optimizer.questions import ask

from .small import CASE, load_case_once


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("international_ngos", "international NGOs are"),
        ("eu", "the European Union is"),
        ("united_states", "the United States is"),
        ("world_bank_imf", "the World Bank and IMF are"),
        ("mass_media", "international and regional mass media are"),
        ("local_civil_society", "local civil society is"),
        ("netherlands", "the Netherlands is"),
        ("nordics", "the Nordic states are"),
        ("oas", "the Organization of American States is"),
        ("coe", "the Council of Europe is"),
        ("ecowas", "ECOWAS is"),
    ],
)
def test_partners_with_article_and_number(key: str, said: str) -> None:
    assert Words(load_case_once(), load_catalog()).does(key, "is") == said


def test_sentences_of_others_get_articles_and_number() -> None:
    words = Words(load_case_once(), load_catalog())
    assert (
        words.plain("International NGOs is not ready enough for it") == "international NGOs are not ready enough for it"
    )
    assert words.plain("eu is better placed than osce") == "the European Union is better placed than the OSCE"
    assert words.plain("mandate of the European Union") == "mandate of the European Union"


@pytest.mark.parametrize("name", case_names())
def test_no_partner_of_any_case_is_named_by_its_id(name: str) -> None:
    case, catalog = load_case(name), load_catalog()
    words = Words(case, catalog)
    for key in {p.partner for p in case.partners}:
        said = words.does(key, "leads")
        assert not re.search(r"_|\(|the the| {2}", said), said
        assert said.split()[-1] in ("lead", "leads")


def test_what_is_not_possible_agrees_with_its_number() -> None:
    words = Words(load_case_once(), load_catalog())
    one = impossible(words, Thing("no_fly_zone"), "it is too slow; nobody who could lead it is ready")
    many = impossible(words, Thing("trade_sanctions"), "it is too slow; nobody who could lead it is ready")
    assert one == "No-fly zone is not possible here: it is too slow; nobody who could lead it is ready."
    assert many == "Trade sanctions are not possible here: they are too slow; nobody who could lead them is ready."


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (
            "Ceasefire monitoring led by osce needs high-level mediation",
            "Ceasefire monitoring led by the OSCE needs high-level mediation",
        ),
        ("mediation led by International NGOs needs money", "mediation led by international NGOs needs money"),
        ("United States does not lead such tools", "the United States does not lead such tools"),
        ("International NGOs does not lead such tools", "international NGOs do not lead such tools"),
        ("osce would lead 3 measures at once, join 0, and can lead 2",
         "the OSCE would lead three measures at once, and the limit is 2"),
        ("osce would lead 2 measures at once, join 1, and can lead 2",
         "the OSCE would lead two measures at once and take part in one more, and the limit is 2"),
        ("still running on day 303.5", "still running on day 304"),
        ("in force in the plan for escalates", "in force in the plan if the crisis escalates"),
        ("behind it: Naming and shaming campaign (NGO, media, UN bodies)", "behind it: naming and shaming campaign"),
        ("naming and shaming campaign (NGO, media, UN bodies) needs", "naming and shaming campaign needs"),
    ],
)  # fmt: skip
def test_sentences_of_others_in_our_words(theirs: str, said: str) -> None:
    assert Words(load_case_once(), load_catalog()).plain(theirs) == said


def test_items_with_commas_are_parted_by_semicolons() -> None:
    assert listed(["mediation", "monitoring", "aid"]) == "mediation, monitoring and aid"
    assert listed(["fast, biting sanctions", "aid"]) == "fast, biting sanctions and aid"
    assert listed(["mediation", "fast, biting sanctions", "aid"]) == "mediation; fast, biting sanctions; and aid"


@pytest.mark.parametrize(
    ("key", "low", "high", "said"),
    [
        ("risk", 0.004, 0.006, "between 0.4 and 0.6 percentage points"),
        ("risk", 0.008, 0.01, "between 0.8 and 1.0 percentage point"),
        ("risk", 0.0001, 0.001, "at most 0.1 percentage points"),
        ("risk", 0.00101, 0.00104, "0.1 percentage points"),
        ("cost", 1.8, 2.5, "between 1.8 and 2.5 M USD"),
    ],
)
def test_ranges_name_their_unit_once(key: str, low: float, high: float, said: str) -> None:
    assert between(key, low, high) == said


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (0.066, 0.08, "took 6.6 % off the risk by itself instead of 8.0 %"),
        (-0.013, 0.05, "added 1.3 % to the risk by itself instead of taking 5.0 % off it"),
        (0.02, -0.01, "took 2.0 % off the risk by itself instead of adding 1.0 % to it"),
        (-0.02, -0.01, "added 2.0 % to the risk by itself instead of 1.0 %"),
    ],
)
def test_another_effect_in_words(then: float, now: float, said: str) -> None:
    assert _other_effect(then, now) == said


def test_a_required_rule_says_what_it_asks() -> None:
    rules = (("R16", "required"), ("R02", "required"), ("R36", "required"))
    choices = Choices(rules=rules, parameters=(("R16.s", 0.25),))
    known = {r.key: r.words for r in requirements_of(ask(load_case(CASE), choices))}
    assert known["rule:R16"].endswith("lead at least 25 % of the measures begun now")
    assert "priced" not in known["rule:R02"] and known["rule:R02"].startswith("the rule '")
    assert known["rule:R36"] == "the rule that slow tools are left out of a crisis of weeks"


@pytest.mark.parametrize(
    ("tool", "verb"),
    [("victim_early_warning", "are"), ("cultural_sporting_boycott", "is"), ("investment_incentives", "are")],
)
def test_the_number_of_a_tool_with_two_heads(tool: str, verb: str) -> None:
    words = Words(load_case_once(), load_catalog())
    assert f" {verb} not possible here" in impossible(words, Thing(tool), "it is too slow")


def test_changes_in_the_planners_units() -> None:
    words, case = Words(load_case_once(), load_catalog()), load_case(CASE)
    choices = Choices(budget_musd=12.0, deadline_days=20.0, max_measures=2, partner_from=(("osce", 4.0),))
    known = {r.field: r for r in requirements_of(ask(case, choices))}
    assert change(words, known["budget_musd"], 15.2) == "raise the envelope from 12.0 to 15.2 M USD"
    assert change(words, known["deadline_days"], 31.0) == "allow eleven days more, until day 31 instead of 20"
    assert change(words, known["partner_from"], 2.0) == "bring in the OSCE by month 2 instead of month 4"
    rule = Requirement("rule:R13", "", "rules", "R13")
    assert change(words, rule, None).startswith("only prefer the rule '")
