"""The command line: what it prints, what it returns, and how it refuses."""

from __future__ import annotations

import json

import pytest

from optimizer import case_names, load_catalog
from optimizer.cli import BAD_INPUT, DONE, NO_PACKAGE, main

MAC = "macedonia_2001"
KEEP = ("high_level_mediation", "increased_aid", "diplomatic_pressure", "threat_of_sanctions", "elite_asset_seizure")
SMALL = [arg for key in load_catalog().instruments if key not in KEEP for arg in ("--force-out", key)]


def run(capsys, *args):
    code = main([str(a) for a in args])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_cases_and_rules_list_everything(capsys):
    code, out, _ = run(capsys, "cases")
    assert code == DONE and all(name in out for name in case_names())
    code, out, _ = run(capsys, "rules")
    assert code == DONE and all(key in out for key in load_catalog().rules)


def test_solve_writes_json_and_csv(capsys, tmp_path):
    args = [
        "solve",
        MAC,
        *SMALL,
        "--json",
        tmp_path / "f.json",
        "--csv",
        tmp_path / "f.csv",
        "--show",
        "P1",
        "--workers",
        1,
    ]
    code, out, _ = run(capsys, *args)
    assert code == DONE
    data = json.loads((tmp_path / "f.json").read_text())
    assert data["case"] == MAC and data["certificate"]["complete"] and data["packages"][0]["id"] == "P1"
    assert (tmp_path / "f.csv").read_text().startswith("id,risk,cost,measures")
    assert "Package P1" in out and "5-95 %" in out


def test_a_package_of_a_front_can_be_judged_again(capsys, tmp_path):
    run(capsys, "solve", MAC, *SMALL, "--json", tmp_path / "f.json", "--workers", 1)
    code, out, _ = run(capsys, "evaluate", MAC, "--package", tmp_path / "f.json", "--id", "P1", *SMALL)
    assert code == DONE and "Not allowed" not in out
    risk = json.loads((tmp_path / "f.json").read_text())["packages"][0]["objectives"]["risk"]
    assert f"{100 * risk:.1f} %" in out


@pytest.mark.parametrize("name", [n for n in case_names() if not n.endswith("_2010")])
def test_what_was_really_done_can_be_judged(capsys, name):
    code, out, _ = run(capsys, "evaluate", name, "--actual")
    assert code == DONE and "outcome:" in out


def test_bad_input_names_every_fault_at_once(capsys):
    code, _, err = run(
        capsys, "solve", MAC, "--partner-out", "natoo", "--rule", "R99=off", "--set", "R17.f_mim=1", "--budget", "-5"
    )
    assert code == BAD_INPUT
    assert all(word in err for word in ("natoo", "'nato'", "R99", "R17.f_min", "-5"))
    code, _, err = run(capsys, "solve", MAC, "--capacity", "eu", "--budget", "much")
    assert code == BAD_INPUT and "--capacity" in err and "--budget" in err
    code, _, err = run(capsys, "solve", "macedonia_2002")
    assert code == BAD_INPUT and "macedonia_2001" in err


def test_a_package_file_is_checked_whole(capsys, tmp_path):
    bad = {"measures": [{"instrument": "mediation", "lead": "eu", "node": "now", "start_day": -3}, 7]}
    (tmp_path / "p.json").write_text(json.dumps(bad))
    code, _, err = run(capsys, "evaluate", MAC, "--package", tmp_path / "p.json")
    assert code == BAD_INPUT and "measure 1" in err and "measure 2" in err and "start_day" in err
    (tmp_path / "q.json").write_text("{")
    code, _, err = run(capsys, "evaluate", MAC, "--package", tmp_path / "q.json")
    assert code == BAD_INPUT and "not JSON" in err


def test_when_nothing_fits_the_colliding_requirements_are_named(capsys):
    args = ["solve", MAC, "--force-in", "threat_of_military_force", "--budget", "9000", "--max-measures", "2"]
    code, out, _ = run(capsys, *args, "--workers", 1)
    assert code == NO_PACKAGE
    assert "cannot be kept together" in out and "at most two measures" in out
    assert "threat of military force must be begun now" in out and "budget" not in out


def test_check_returns_faults(capsys, tmp_path):
    (tmp_path / "case.yaml").write_text("id: x\n")
    code, out, _ = run(capsys, "check", tmp_path / "case.yaml")
    assert code == 1 and "error" in out
    assert run(capsys, "check")[0] == DONE
