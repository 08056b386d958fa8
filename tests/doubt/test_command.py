"""The verbs of doubt and of the red team, end to end, on a small front."""

from __future__ import annotations

import json

import pytest

from optimizer.cli import main
from optimizer.doubt import charts
from optimizer.doubt.command import plans_in
from optimizer.doubt.ensemble import Ensemble
from optimizer.doubt.report import assessed, learning
from optimizer.inputs.reader import load_case

PLAN = {"instrument": "high_level_mediation", "lead": "eu", "node": "now", "start_day": 30.4, "joined": []}
OTHER = {"instrument": "ceasefire_monitoring", "lead": "osce", "node": "now", "start_day": 0.0, "joined": ["eu"]}
FRONT = {
    "case": "macedonia_2001",
    "packages": [
        {"id": "P1", "measures": [PLAN, OTHER]},
        {"id": "P2", "measures": [OTHER]},
        {"id": "P3", "measures": []},
    ],
}


@pytest.fixture
def front(tmp_path):
    path = tmp_path / "front.json"
    path.write_text(json.dumps(FRONT), encoding="utf-8")
    return path


def test_assess_writes_what_it_prints(front, tmp_path, capsys):
    assert (
        main(["assess", str(front), "--scenarios", "512", "--target", "0.2", "--json", str(tmp_path / "a.json")]) == 0
    )
    printed, written = capsys.readouterr().out, json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [p["id"] for p in written["packages"]] == ["P1", "P2", "P3"]
    assert written["packages"][0]["mean"] < written["packages"][2]["mean"]
    assert f"{100 * written['packages'][0]['mean']:.1f} %" in printed
    assert written["core"]["draws"] == 512 and 0 < written["packages"][0]["missed"] < 1


def test_voi_writes_what_it_prints(front, tmp_path, capsys):
    command = ["voi", "macedonia_2001", "--front", str(front), "--scenarios", "512", "--json", str(tmp_path / "v.json")]
    assert main(command) == 0
    printed, written = capsys.readouterr().out, json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert written["chosen"] in printed and written["perfect"] >= max(g["gain"] for g in written["groups"]) - 0.01
    assert "_" not in printed.replace("__", "")  # no internal ids


def test_a_front_that_cannot_be_used_is_one_clear_error(tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    assert main(["assess", str(bad)]) == 2
    assert "is not JSON" in capsys.readouterr().err
    assert main(["assess", str(tmp_path / "none.json")]) == 2
    bad.write_text('{"case": "macedonia_2001", "packages": []}', encoding="utf-8")
    assert main(["assess", str(bad)]) == 2
    assert "there are no packages" in capsys.readouterr().err


def test_redteam_runs_on_a_short_search(tmp_path, capsys):
    path = tmp_path / "r.json"
    command = [
        "redteam",
        "macedonia_2001",
        "--no-branches",
        "--max-measures",
        "2",
        "--time-limit",
        "4",
        "--json",
        str(path),
    ]
    assert main(command) == 0
    written, printed = json.loads(path.read_text(encoding="utf-8")), capsys.readouterr().out
    assert len(written["risks"]) == len(written["replies"]) and len(written["risks"][0]) == len(written["packages"])
    for finding in written["findings"]:
        assert finding["risk_after"] >= finding["risk"]
    assert "Replies" in printed


def test_charts_are_made_from_plain_results(front):
    case = load_case("macedonia_2001")
    plans = plans_in(str(front), case)
    found, known = assessed(case, plans, Ensemble(128)), learning(case, plans, Ensemble(128))
    for chart in (
        charts.ranges_chart(found.rows),
        charts.core_chart(found.core),
        charts.tornado_chart(known.bars),
        charts.worth_chart(known.groups),
    ):
        assert chart.to_dict()["$schema"].startswith("https://vega.github.io")


def test_the_page_for_an_adviser_is_the_same_each_time_and_in_plain_words(front, tmp_path):
    pages = []
    for name in ("one.md", "two.md"):
        path = tmp_path / name
        assert main(["assess", str(front), "--scenarios", "256", "--page", str(path)]) == 0
        pages.append(path.read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert [line for line in pages[0].splitlines() if line.startswith("## ")] == [
        "## The packages", "## What the safest, P1, does", "## How the perpetrators may reply",
        "## What most good packages hold", "## The assumptions that the choice of P1 hangs on", "## What to doubt here",
    ]  # fmt: skip
    assert [line[:2] for line in pages[0].splitlines() if line[:2] in ("1.", "2.", "3.", "4.")] == ["1.", "2.", "3."]
    for name in ("high_level_mediation", "ceasefire_monitoring", "agrees:", "effect:", "nan", "_"):
        assert name not in pages[0]


def test_the_page_says_how_far_the_search_came():
    from optimizer.doubt.page import status_of

    assert "complete" in status_of({"complete": True})
    half = {"complete": False, "gap": {"risk": 4.0}, "resolutions": {"risk": 0.002}}
    assert "not complete" in status_of(half) and "0.8 points" in status_of(half)
    assert "not complete" in status_of({"gap": {}})


@pytest.mark.parametrize(("method", "head"), [("sobol", "in all"), ("morris", "effect, risk points")])
def test_sensitivity_by_group(front, tmp_path, capsys, method, head):
    path = tmp_path / "s.json"
    command = ["sensitivity", str(front), "--package", "P1", "--method", method, "--points", "16", "--json", str(path)]
    assert main(command) == 0
    found = json.loads(path.read_text(encoding="utf-8"))["groups"]
    assert found[0]["group"] == "baseline" and found[0][head] > 0  # nothing moves the risk more
    assert "the risk if nothing is done" in capsys.readouterr().out
    assert main([*command[:2], "--package", "P9"]) == 2
    assert "no such package" in capsys.readouterr().err
