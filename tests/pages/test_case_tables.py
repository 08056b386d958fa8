"""Tables of a case: what is not edited stays as it was, what is edited arrives, and what cannot be used is named."""

from __future__ import annotations

import pandas as pd
import pytest

from optimizer import InputError, case_names
from optimizer.pages.case_tables import SECTIONS, data_of, put, table, text_of
from optimizer.pages.own import read_case, shipped_text


@pytest.fixture
def data():
    return data_of(shipped_text("macedonia_2001"))


@pytest.mark.parametrize("name", case_names())
def test_tables_lose_nothing(name):
    before = data_of(shipped_text(name))
    for section in SECTIONS:
        assert put(before, section, table(before, section)) == before, section
    assert data_of(text_of(before)) == before


def test_an_edited_partner_arrives_with_the_others_as_they_were(data):
    frame = table(data, "Partners")
    frame.loc[frame["partner"] == "nato", ["available_from_month", "political_will"]] = [4, 0.5]
    frame.loc[frame["partner"] == "nato", "constraints"] = "one thing | another"
    case = read_case(text_of(put(data, "Partners", frame)))
    nato = next(p for p in case.partners if p.partner == "nato")
    assert (nato.available_from_month, nato.political_will) == (4, 0.5)
    assert list(nato.constraints) == ["one thing", "another"]
    others = [p for p in case.partners if p.partner != "nato"]
    assert others == [p for p in read_case(shipped_text("macedonia_2001")).partners if p.partner != "nato"]


def test_partners_come_and_go(data):
    frame = table(data, "Partners")
    row = {
        "partner": "oas",
        "generic_partner": "osce",
        "available_from_month": 2,
        "capacity": 0.5,
        "political_will": 0.4,
    }
    grown = pd.concat([frame[frame["partner"] != "uk"], pd.DataFrame([row], index=[99])])
    case = read_case(text_of(put(data, "Partners", grown)))
    assert {p.partner for p in case.partners} == {p["partner"] for p in data["partners"]} - {"uk"} | {"oas"}


def test_a_score_and_a_month_of_the_pace_arrive(data):
    frame = table(data, "Preconditions")
    frame.loc[0, ["value", "note"]] = ["0.75", "seen so"]
    pace = table(data, "Pace by month")
    pace.loc[[0, 1], "share of the harm"] = [0.02, 0.02]
    case = read_case(text_of(put(put(data, "Preconditions", frame), "Pace by month", pace)))
    assert (case.preconditions.upheaval.score, case.preconditions.upheaval.evidence) == (0.75, "seen so")
    assert case.tempo.hazard_profile[:2] == (0.02, 0.02)


def test_what_cannot_be_used_stays_and_every_fault_is_named(data):
    leverage, legitimacy = table(data, "Leverage"), table(data, "Authorization")
    leverage.loc[0, "value"] = "much"
    legitimacy.loc[0, "value"] = "7"
    edited = put(put(data, "Leverage", leverage), "Authorization", legitimacy)
    assert edited["leverage"]["economic_integration"] == "much"
    with pytest.raises(InputError) as held:
        read_case(text_of(edited))
    named = " ".join(map(str, held.value.faults))
    assert "economic_integration" in named and "unsc_authorization_prospect" in named
