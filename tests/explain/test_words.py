"""Names and numbers in sentences."""

import re

import pytest

from optimizer.choices import Choices
from optimizer.explain.changes import change
from optimizer.explain.requirements import Requirement, requirements_of
from optimizer.explain.things import Thing, impossible
from optimizer.explain.words import Words
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


def test_changes_in_the_planners_units() -> None:
    words, case = Words(load_case_once(), load_catalog()), load_case(CASE)
    choices = Choices(budget_musd=12.0, deadline_days=20.0, max_measures=2, partner_from=(("osce", 4.0),))
    known = {r.field: r for r in requirements_of(ask(case, choices))}
    assert change(words, known["budget_musd"], 15.2) == "raise the envelope from 12.0 to 15.2 M USD"
    assert change(words, known["deadline_days"], 31.0) == "allow eleven days more, until day 31 instead of 20"
    assert change(words, known["partner_from"], 2.0) == "bring in the OSCE by month 2 instead of month 4"
    rule = Requirement("rule:R13", "", "rules", "R13")
    assert change(words, rule, None).startswith("only prefer the rule '")
