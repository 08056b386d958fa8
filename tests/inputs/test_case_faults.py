"""Every fault of a case file is told with place, value, reason and remedy; what the model does not read may lack."""

from pathlib import Path

import pytest

from optimizer.inputs import InputError, load_case, load_watchlist

from .helpers import case_data, faults_of, only, write_case

BAD = [  # path, value, reason, remedy, severity
    (("tempo", "class"), "fast", "not one of", "Known: rolling", "error"),
    (("tempo", "hazard_profile"), [0.5] * 18, "do not sum to 1", "Divide every share by 9", "error"),
    (("tempo", "hazard_profile"), [0.5, 0.5], "2 shares for a horizon of 18", "each month", "error"),
    (("tempo", "hazard_profile", 0), 1.5, "at most 1", "at most 1", "error"),
    (("baseline_risk", "p_one_year"), 0.9, "rising order", "Correct", "error"),
    (("baseline_risk", "p_one_year"), "0,2", "text stands where a number", "without quotes", "error"),
    (("baseline_risk", "p_one_year"), 1, "less than 1", "less than 1", "error"),
    (("baseline_risk", "p_one_year"), True, "true or false stands", "Write a number", "error"),
    (("baseline_risk", "low"), float("nan"), "finite", "leave out", "error"),
    (("harm_if_unmitigated", "deaths_low"), 10**6, "rising order", "Correct", "error"),
    (("leverage", "patron_shield"), -0.1, "at least 0", "at least 0", "error"),
    (("leverage", "patron_shield"), None, "nothing stands", "Write a number", "error"),
    (("leverage", "aid_dependance"), 0.3, "not known", "'aid_dependence'", "warning"),
    (("start_date",), "2001-02-30", "not a date", "YYYY-MM-DD", "error"),
    (("start_date",), "22.1.2001", "not a date", "YYYY-MM-DD", "error"),
    (("end_date",), "2000-01-01", "before the start", "Correct", "error"),
    (("onset_date",), "2002-06-01", "after the end", "Correct", "error"),
    (("intervention_point",), "early", "not one of", "'early_war'", "error"),
    (("horizon_months",), 18.5, "whole number", "whole", "error"),
    (("partners", 0, "generic_partner"), "e_u", "no partner of the catalog", "'eu'", "error"),
    (("partners", 0, "political_will"), 7, "at most 1", "at most 1", "error"),
    (("partners", 0, "will_force"), 1, "above political_will", "smaller", "warning"),
    (("partners", 1, "partner"), "eu", "stands in partners[0]", "Keep one", "error"),
    (("partners",), [], "empty", "at least one", "error"),
    (("parties", 0, "target_group"), "albanian_mk", "no party", "'albanians_mk'", "error"),
    (("parties", 0, "role"), "goverment", "not one of", "'government'", "error"),
    (("parties", 1, "id"), "gov", "stands in parties[0]", "Keep one", "error"),
    (("preconditions", "autocracy", "score"), 0.3, "0, 0.5 or 1", "Round", "warning"),
    (("legitimacy", "host_consent_prospect"), "high", "text stands", "number", "error"),
    (("constraints", "budget_musd_2020"), 0, "more than 0", "more than 0", "error"),
    (("actual_actions", 0, "instrument"), "condemnation", "no instrument", "'condemnation_", "error"),
    (("actual_actions", 0, "partners", 0), "natto", "not in the list", "'nato'", "error"),
    (("actual_actions", 0, "partners", 0), "international_ngos", "does not let", "first", "warning"),
    (("actual_actions", 0, "start_month"), 1.5, "whole number", "whole", "error"),
    (("actual_actions", 0, "duration_months"), 0, "more than 0", "more than 0", "error"),
    (("actual_actions", 0, "duration_months"), None, "no end", "how many", "warning"),
    (("actual_actions", 0, "start_month"), 0, "before it is available", "Correct", "warning"),
    (("actual_actions", 0, "beyond_horizon"), True, "start_month is 1", "Correct", "warning"),
    (("actual_actions", 0, "source"), ["recall_unsrc"], "does not list", "'recall_unscr'", "warning"),
    (("outcome",), None, "a historical case has an outcome", "Correct", "warning"),
    (("outcome", "civilian_deaths_low"), 100, "rising order", "Correct", "error"),
    (("outcome", "civilian_deaths_best_within_horizon"), 70, "more died inside", "Correct", "error"),
    (("outcome", "mass_killing"), 1, "1,000 or more", "Correct", "error"),
    (("outcome", "mass_killing"), 1, "was not averted", "Correct", "error"),
    (("kind",), "forward", "no outcome yet", "Correct", "warning"),
    (("kind",), "past", "not one of", "Known: forward", "error"),
    (("calendar",), [{"month": -1, "event": "vote"}], "before the start", "Correct", "warning"),
    (("calendar",), [{"month": 3}], "missing", "Fill", "error"),
    (("alternative_decision_points",), [{"date": "2001"}], "not a date", "YYYY", "warning"),
    (("sources",), ["nothing_known"], "does not list", "", "warning"),
    (("country_iso3",), "Mkd", "three capitals", "MKD", "warning"),
    (("branch_day",), 600, "beyond the horizon", "earlier", "error"),
    (("comment",), "x", "not known", "", "warning"),
]


def _put(data, path, value):
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = value


@pytest.mark.parametrize(("path", "value", "reason", "remedy", "severity"), BAD)
def test_bad_case(tmp_path, path, value, reason, remedy, severity):
    data = case_data()
    _put(data, path, value)
    file = write_case(tmp_path / "mine.yaml", data)
    told = [fault for fault in faults_of(file) if reason in fault.reason]
    assert told, [str(fault) for fault in faults_of(file)]
    assert told[0].severity == severity
    assert remedy in told[0].remedy
    assert "line" in told[0].place
    if severity == "error":
        with pytest.raises(InputError):
            load_case(file)
    else:
        load_case(file)


def test_place_is_path_and_line(tmp_path):
    data = case_data()
    data["partners"][2]["capacity"] = 3
    file = write_case(tmp_path / "mine.yaml", data)
    line = 1 + next(n for n, text in enumerate(file.read_text().splitlines()) if text.strip() == "capacity: 3")
    assert only(faults_of(file)).place == f"partners[2].capacity (line {line})"


def test_all_faults_at_once(tmp_path):
    data = case_data()
    data["partners"][0]["capacity"] = 3
    data["tempo"]["hazard_profile"][0] = 0.5
    data["actual_actions"][3]["instrument"] = "nothing"
    data["actual_actions"][4]["partners"] = ["natto"]
    data["start_date"] = "yesterday"
    del data["leverage"]["peace_process"]
    del data["legitimacy"]
    faults = faults_of(write_case(tmp_path / "mine.yaml", data))
    assert len(faults) == 7, [str(fault) for fault in faults]


OPTIONAL = "outcome calendar dataset_checks seed_passages sources notes title counterfactual_caveat end_date onset_date"


@pytest.mark.parametrize("key", [*OPTIONAL.split(), "actual_actions", "region"])
def test_what_the_model_does_not_read_may_be_missing_or_empty(tmp_path, key):
    data = case_data()
    data.pop(key, None)
    load_case(write_case(tmp_path / "a.yaml", data))
    data[key] = None
    load_case(write_case(tmp_path / "b.yaml", data))


def test_dates_may_stand_without_quotes_and_numbers_with_exponent(tmp_path):
    text = write_case(tmp_path / "a.yaml", case_data()).read_text()
    text = text.replace("'2001-01-22'", "2001-01-22").replace("outside_view_p: 0.0115", "outside_view_p: 1e-2")
    (tmp_path / "b.yaml").write_text(text)
    case = load_case(tmp_path / "b.yaml")
    assert (case.start_date, case.baseline_risk.outside_view_p) == ("2001-01-22", 0.01)


def test_free_text_may_be_a_number_and_a_list_of_one_its_item(tmp_path):
    data = case_data()
    data["leverage"]["note"] = 3
    data["partners"][0]["constraints"] = "veto threat"
    case = load_case(write_case(tmp_path / "a.yaml", data))
    assert (case.leverage.note, case.partners[0].constraints) == ("3", ("veto threat",))


def test_branches_of_a_case(tmp_path):
    data = case_data()
    branch = {"name": "worse", "probability": 0.5, "multiplier": 1.5, "intervention_point": "onset"}
    data["branches"] = [branch, branch | {"name": "better", "multiplier": 0.5, "intervention_point": "post_settlement"}]
    data["branch_day"] = 30
    case = load_case(write_case(tmp_path / "a.yaml", data))
    assert (case.branch_day, case.branches[1].name, case.branches[1].multiplier) == (30, "better", 0.5)
    data["branches"][1] |= {"probability": 0.6, "multiplier": 3}
    reasons = [fault.reason for fault in faults_of(write_case(tmp_path / "b.yaml", data))]
    assert any("sum to 1" in reason for reason in reasons)
    assert any("shift the baseline" in reason for reason in reasons)


def test_will_force_of_the_file_comes_first(tmp_path):
    data = case_data()
    data["partners"][1]["will_force"] = 0.11
    mine = load_case(write_case(tmp_path / "a.yaml", data))
    assert mine.partners[1].will_force == 0.11
    assert mine.fingerprint != load_case("macedonia_2001").fingerprint


def test_case_from_elsewhere_from_any_folder(tmp_path, monkeypatch):
    data = case_data() | {"id": "elsewhere_1990"}
    write_case(tmp_path / "elsewhere.yml", data)
    monkeypatch.chdir(tmp_path)
    case = load_case("elsewhere.yml")
    assert case.id == "elsewhere_1990"
    assert all(partner.will_force is None for partner in case.partners)
    assert load_case(Path("elsewhere.yml")) == load_case(tmp_path / "elsewhere.yml")


def test_unknown_name_gives_the_nearest():
    with pytest.raises(InputError) as error:
        load_case("macedonia")
    said = "1 fault in the data:\n- case is 'macedonia': no shipped case has this name. Did you mean 'macedonia_2001'?"
    assert str(error.value) == said
    with pytest.raises(InputError, match="cannot be read"):
        load_case("nowhere/case.yaml")


def test_watchlist_faults(tmp_path):
    data = case_data("watchlist_2010")
    assert not faults_of(write_case(tmp_path / "w.yaml", data))
    data["cases"][0] = "sudan_2100"
    data["shared_partners"][1]["cases"].append("burma_2010")
    faults = faults_of(write_case(tmp_path / "w.yaml", data))
    reasons = [fault.reason for fault in faults]
    assert "no case has this id" in reasons
    assert "the case is not on the watchlist" in reasons
    assert "brazil is no partner of this case" in reasons
    data["shared_budget_musd_2020"] = 0
    with pytest.raises(InputError, match="more than 0"):
        load_watchlist(write_case(tmp_path / "w.yaml", data))
