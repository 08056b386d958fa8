"""Every fault of a table, in CSV and in workbooks, is told with its row, column, value, reason and remedy."""

import datetime

import pytest

from optimizer.inputs import InputError, load_catalog

from .helpers import faults_of, only, row_of, rows_of, write_table

CELLS = [  # table, row, column, cell, what the reason says, what the remedy says
    ("instruments", {"id": "travel_bans"}, "effect_mid", "0,03", "decimal comma", "Write 0.03"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "2026-03-01", "a date stands", "number"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "nan", "finite", "leave out"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "inf", "finite", "leave out"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "about 3", "not a number", "without a unit"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "", "missing", "Fill"),
    ("instruments", {"id": "debt_relief"}, "cost_high_musd", "1'000", "thousands", "digits"),
    ("instruments", {"id": "travel_bans"}, "effect_mid", "0.9", "rising order", "Correct"),
    ("instruments", {"id": "travel_bans"}, "effect_high", "1.5", "within -1 to 1", "Correct"),
    ("instruments", {"id": "travel_bans"}, "cost_low_musd", "-1", "within 0 to", "Correct"),
    ("instruments", {"id": "travel_bans"}, "stance", "coerciv", "not one of cooperative, coercive", "'coercive'"),
    ("instruments", {"id": "travel_bans"}, "family", "dipl_sanction", "not one of", "'dip_sanction'"),
    ("instruments", {"id": "travel_bans"}, "target_groups", "", "empty", "at least one"),
    ("instruments", {"id": "travel_bans"}, "target_groups", "victim", "not one of", "'victims'"),
    ("instruments", {"id": "travel_bans"}, "excludes", "no such tool", "not an id", "letters"),
    ("instruments", {"id": "travel_bans"}, "typical_duration_months", "0", "more than 0", "more than 0"),
    ("instruments", {"id": "travel_bans"}, "cost_monthly_musd", "50", "more than the whole cost", "Lower"),
    ("instruments", {"id": "travel_bans"}, "needs_backing_by", "aid_suspensio", "no row", "'aid_suspension'"),
    ("instruments", {"id": "travel_bans"}, "requires", "aid_suspensio", "no row", "'aid_suspension'"),
    ("instruments", {"id": "travel_bans"}, "excludes", "aid_suspensio", "no row", "'aid_suspension'"),
    ("instruments", {"id": "travel_bans"}, "excludes", "aid_suspension", "does not exclude", "too"),
    ("instruments", {"id": "travel_bans"}, "excludes", "travel_bans", "names itself", "Leave"),
    ("instruments", {"id": "travel_bans"}, "sources", "no_such_study", "no row", ""),
    ("instruments", {"id": "travel_bans"}, "authorization_alternatives", "executive", "its own", "Leave"),
    ("instruments", {"id": "threat_of_sanctions"}, "needs_backing_by", "", "nothing can back", "Name"),
    ("partners", {"id": "eu"}, "legitimacy", "1.2", "at most 1", "at most 1"),
    ("partners", {"id": "eu"}, "max_concurrent_instruments", "2.5", "whole number", "whole"),
    ("partners", {"id": "eu"}, "max_concurrent_instruments", "0", "at least 1", "at least 1"),
    ("partner_fit", {"partner_id": "eu"}, "partner_id", "eu_", "partners.csv has no row", "'eu'"),
    ("partner_fit", {"partner_id": "eu"}, "instrument_id", "mediation", "instruments.csv has no row", "Did you mean"),
    ("partner_fit", {"partner_id": "eu"}, "fit", "1.1", "at most 1", "at most"),
    ("partner_fit", {"partner_id": "eu"}, "fit", "0", "more than 0", "more than"),
    ("partner_fit", {"partner_id": "eu"}, "cost_multiplier", "0", "more than 0", "more than"),
    ("partner_fit", {"partner_id": "eu"}, "family", "force", "instruments.csv puts", "Write"),
    ("synergies", {"sign": "+"}, "sign", "-", "another sign", "Correct"),
    ("synergies", {"sign": "+"}, "strength_low", "-0.5", "does not agree", "Correct"),
    ("synergies", {"sign": "+"}, "instruments", "high_level_mediatio", "no row", "'high_level_mediation'"),
    ("synergies", {"sign": "+"}, "absent_instruments", "travel_bans", "only by it", "Correct"),
    ("synergies", {"id": "con_threat_unbacked_sanctions"}, "absent_instruments", "trade_sanctions", "differs", "same"),
    ("leverage", {}, "weight_mid", "0.9", "rising order", "Correct"),
    ("leverage", {}, "case_field", "leverage.trade", "no case has", ""),
    ("leverage", {}, "direction", "up", "not one of", "Known"),
    ("rules", {"id": "R01"}, "default_on", "yes", "neither true nor false", "true or false"),
    ("rules", {"id": "R01"}, "id", "1", "not an id", ""),
    ("risk_model", {"parameter": "beta_autocracy"}, "high", "0.1", "rising order", "Correct"),
    ("planning", {"parameter": "branch_day"}, "mid", "x", "not a number", "Write"),
    ("branch_defaults", {"tempo": "rolling"}, "p_drags_on_mid", "0.9", "do not sum to 1", "rest"),
    ("branch_defaults", {"tempo": "rolling"}, "p_escalates_high", "0.99", "more than 1", "Lower"),
    ("branch_defaults", {"tempo": "rolling"}, "mult_escalates_mid", "2.1", "average", "Divide"),
    ("partner_will_force", {"case_id": "kosovo_1998", "partner": "nato"}, "will_force", "1", "above", "smaller"),
    ("partner_will_force", {"case_id": "kosovo_1998", "partner": "nato"}, "partner", "natto", "no such", "'nato'"),
    ("partner_will_force", {"case_id": "kosovo_1998", "partner": "nato"}, "case_id", "kosovo", "no case", "'kosovo"),
    ("outcomes", {"case_id": "kosovo_1998"}, "outcome_class", "averted", "the case file says", "Correct"),
    ("intrusion", {"instrument": "travel_bans"}, "intrusion_high", "2", "within 0 to 1", "Correct"),
    ("partner_scope", {}, "families", "presense", "not one of", "'presence'"),
]


@pytest.mark.parametrize(("table", "match", "column", "cell", "reason", "remedy"), CELLS)
def test_bad_cell(tmp_path, table, match, column, cell, reason, remedy):
    row = row_of(table, **match) | {column: cell}
    faults = faults_of(write_table(tmp_path / "mine.csv", [row]))
    told = [fault for fault in faults if reason in fault.reason]
    assert told, [str(fault) for fault in faults]
    assert column in told[0].field or told[0].field in column or told[0].severity == "error"
    assert told[0].place == "line 2"
    assert remedy in told[0].remedy


def test_good_rows_give_no_fault(tmp_path):
    for table in sorted({case[0] for case in CELLS}):
        assert not faults_of(write_table(tmp_path / f"my_{table}.csv", rows_of(table)[:3]))


def test_all_faults_of_a_table_at_once(tmp_path):
    rows = [row_of("partners", id="eu") | {"legitimacy": "high", "activation_days_mid": "-1"}]
    rows += [row_of("partners", id="nato") | {"kind": ""}, row_of("partners", id="nato")]
    faults = faults_of(write_table(tmp_path / "p.csv", rows))
    assert [(fault.place, fault.field) for fault in faults] == [
        ("line 4", "id"),
        ("line 2", "legitimacy"),
        ("line 2", "activation_days_mid"),
        ("line 3", "kind"),
    ]


def test_columns_missing_and_unknown(tmp_path):
    rows = [
        {("legitimacies" if key == "legitimacy" else key): cell for key, cell in row_of("partners", id="eu").items()}
    ]
    missing, unknown = faults_of(write_table(tmp_path / "p.csv", rows))
    assert (missing.field, missing.severity, missing.remedy) == ("legitimacy", "error", "Rename 'legitimacies'")
    assert (unknown.field, unknown.severity) == ("legitimacies", "warning")


def test_column_twice_and_rows_too_long_or_short(tmp_path):
    path = tmp_path / "s.csv"
    head = "partner,families,reason,source"
    path.write_text(f"{head},partner\nun_pko,force,a,b\nx,force,a,b,c,d\n", encoding="utf-8")
    reasons = [fault.reason for fault in faults_of(path)]
    assert reasons[0] == "the column stands twice"
    assert reasons[1:3] == [f"the row has {count} cells, the header 5" for count in (4, 6)]


def _chain(tmp_path, *links: tuple[str, str]):
    rows = [row_of("instruments", id=name) | {"requires": needs} for name, needs in links]
    return faults_of(write_table(tmp_path / "i.csv", rows))


def test_circular_requirements(tmp_path):
    faults = _chain(tmp_path, ("travel_bans", "naming_shaming"), ("naming_shaming", "travel_bans"))
    assert len(faults) == 2
    assert {fault.place for fault in faults} == {"line 2", "line 3"}
    assert any("travel_bans -> naming_shaming -> travel_bans" in fault.reason for fault in faults)


def test_an_alternative_leads_out_of_the_circle(tmp_path):
    assert not _chain(tmp_path, ("travel_bans", "naming_shaming|arbitration"), ("naming_shaming", "travel_bans"))


def test_requirement_that_cannot_be_met_in_time(tmp_path):
    fault = only(_chain(tmp_path, ("condemnation_unilateral", "disarmament_supervision")))
    assert "at new_elite, early_war, onset none of the required tools" in fault.reason


def test_requires_what_it_excludes(tmp_path):
    row = row_of("instruments", id="dialogue_facilitation") | {"requires": "withdrawal_of_mission"}
    assert any(
        "requires what it excludes" in fault.reason for fault in faults_of(write_table(tmp_path / "i.csv", [row]))
    )


def test_threat_that_nobody_can_carry_out(tmp_path):
    new = row_of("instruments", id="threat_of_sanctions") | {
        "id": "new_threat",
        "needs_backing_by": "new_deed",
        "excludes": "",
    }
    deed = row_of("instruments", id="trade_sanctions") | {"id": "new_deed", "excludes": ""}
    faults = faults_of(write_table(tmp_path / "i.csv", [new, deed]))
    assert any(f.severity == "error" and "nobody can carry it out" in f.reason for f in faults)
    assert sum("nobody can lead it" in f.reason for f in faults) == 2
    assert sum("intrusion.csv has no row" in f.reason for f in faults) == 2


def test_threat_whose_deed_comes_too_late(tmp_path):
    row = row_of("instruments", id="threat_of_sanctions") | {"needs_backing_by": "disarmament_supervision"}
    assert any("defied" in fault.reason for fault in faults_of(write_table(tmp_path / "i.csv", [row])))


def test_who_threatens_must_be_able_to_take_part(tmp_path):
    threat = row_of("instruments", id="threat_of_military_force") | {"needs_backing_by": "world_force"}
    deed = row_of("instruments", id="rapid_coalition_force") | {"id": "world_force", "excludes": ""}
    fit = row_of("partner_fit", instrument_id="rapid_coalition_force") | {
        "partner_id": "icc",
        "instrument_id": "world_force",
    }
    paths = [write_table(tmp_path / "i.csv", [threat, deed]), write_table(tmp_path / "f.csv", [fit | {"fit": "0.9"}])]
    assert any("takes part in the deed" in fault.reason for fault in faults_of(*paths))


def test_own_tables_lie_over_the_shipped_ones(tmp_path):
    tool = row_of("instruments", id="travel_bans") | {"id": "visa_limits", "excludes": ""}
    fit = row_of("partner_fit", partner_id="eu", instrument_id="travel_bans")
    write_table(tmp_path / "a.csv", [tool])
    write_table(tmp_path / "b.csv", [fit | {"instrument_id": "visa_limits"}, fit | {"fit": "0.5"}])
    catalog = load_catalog(tmp_path)
    assert len(catalog.instruments) == 76
    assert catalog.fits["eu", "visa_limits"].fit == load_catalog().fits["eu", "travel_bans"].fit
    assert catalog.fits["eu", "travel_bans"].fit == 0.5
    assert catalog.fingerprint != load_catalog().fingerprint
    like = [tool.intrusion for tool in load_catalog().instruments.values() if tool.family == "dip_sanction"]
    assert catalog.instruments["visa_limits"].intrusion.high == max(one.high for one in like)


def test_catalog_with_faults_is_refused(tmp_path):
    write_table(tmp_path / "a.csv", [row_of("partners", id="eu") | {"legitimacy": "2"}])
    with pytest.raises(InputError, match=r"a\.csv, line 2, legitimacy is '2': it must be at most 1"):
        load_catalog(tmp_path)
    (tmp_path / "a.csv").unlink()
    with pytest.raises(InputError, match="no tables"):
        load_catalog(tmp_path / ".")


def _workbook(path, rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_workbook_with_good_rows(tmp_path):
    row = row_of("partners", id="eu")
    decimal = ("legitimacy", "activation_days_mid", "capacity_amount")
    numbers = {key: float(cell) if key in decimal else cell for key, cell in row.items()}
    numbers["max_concurrent_instruments"] = 7
    assert not faults_of(_workbook(tmp_path / "p.xlsx", [list(row), list(numbers.values())]))


def test_workbook_with_dates_formulas_and_empty_cells(tmp_path):
    row = row_of("partners", id="eu")
    bad = row | {"legitimacy": datetime.datetime(2026, 3, 1), "activation_days_mid": "=1+1", "kind": None}
    faults = faults_of(_workbook(tmp_path / "p.xlsx", [list(row), list(bad.values())]))
    told = {fault.field: fault.reason for fault in faults}
    assert "a date" in told["legitimacy"]
    assert "empty" in told["kind"]
    assert any("formula" in fault.reason for fault in faults if fault.field == "activation_days_mid")
    assert all(fault.place == "row 2" for fault in faults)


def test_empty_workbook(tmp_path):
    assert "holds no table" in only(faults_of(_workbook(tmp_path / "p.xlsx", []))).reason
