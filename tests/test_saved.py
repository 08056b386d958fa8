"""Saved fronts: read back, proved again, kept in the cache; what carries over after a change."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from optimizer import Choices, load_case, load_catalog, solve
from optimizer.questions import ask
from optimizer.reuse import only_tightens
from optimizer.saved import choices_from, keep, known, prove_again, read_front, rebuilt
from optimizer.solving import carried

from .model.helpers import only

MAC = "macedonia_2001"
FEW = only(
    MAC,
    ["high_level_mediation", "increased_aid", "diplomatic_pressure", "naming_shaming"],
    ["eu", "osce", "international_ngos"],
)


@pytest.fixture(scope="module")
def front():
    return solve(load_case(MAC), choices=FEW, time_limit=60)


@pytest.fixture
def saved(front, tmp_path):
    (tmp_path / "f.json").write_text(json.dumps(front.to_json()))
    return tmp_path / "f.json"


def test_a_saved_front_is_proved_again_by_the_other_solver(front, saved):
    assert front.certificate.complete
    assert prove_again(read_front(str(saved)), 120).verified is True


@pytest.mark.parametrize("harm", ["value", "package", "missing"])
def test_a_front_that_was_tampered_with_is_refuted(saved, harm):
    data = json.loads(saved.read_text())
    if harm == "value":
        data["packages"][0]["objectives"]["risk"] *= 0.9
    elif harm == "package":
        data["packages"][0]["measures"][0]["lead"] = "osce"
        data["packages"][0]["measures"][0]["instrument"] = "increased_aid"
    else:
        data["packages"] = data["packages"][-1:]
    saved.write_text(json.dumps(data))
    assert prove_again(read_front(str(saved)), 120).verified is False


def test_choices_survive_their_plain_form():
    choices = Choices(rules=(("R13", "required"),), capacity=(("eu", 2),), force_in=("increased_aid",), branches=())
    plain = json.loads(
        json.dumps({"rules": choices.rules, "capacity": choices.capacity, "force_in": choices.force_in, "branches": []})
    )
    assert choices_from(plain) == choices


def test_the_cache_gives_the_same_front_back(front, tmp_path, monkeypatch):
    monkeypatch.setenv("OHRID_CACHE", str(tmp_path / "cache"))
    assert known(front.case, FEW, 0) is None
    keep(front)
    found = known(front.case, FEW, 0)
    assert found is not None
    again = rebuilt(ask(front.case, FEW), found, 0)
    assert again is not None and again.certificate.complete
    assert [p.objectives for p in again] == [p.objectives for p in front]
    assert known(front.case, replace(FEW, budget_musd=1.0), 0) is None
    for path in (tmp_path / "cache").glob("*.json"):
        path.write_text("{")
    assert known(front.case, FEW, 0) is None


CHANGES = [  # change, tightens?
    ({"budget_musd": 100.0}, True),
    ({"budget_musd": 1000.0}, False),
    ({"reserve_musd": 50.0}, True),
    ({"max_measures": 5}, True),
    ({"force_in": ("increased_aid",)}, True),
    ({"force_out": ("increased_aid",)}, True),
    ({"force_out": ("patron_engagement",)}, False),
    ({"partners_out": ("eu",)}, False),
    ({"deadline_days": 30.0}, False),
    ({"rules": (("R13", "required"),)}, True),
    ({"rules": (("R13", "off"),)}, False),
    ({"rules": (("R01", "preferred"),)}, False),
    ({"parameters": (("R17.f_min", 0.5),)}, False),
    ({"baseline": "outside"}, False),
]


@pytest.mark.parametrize(("change", "tightens"), CHANGES)
def test_what_tightens_is_known(change, tightens):
    assert only_tightens(Choices(), replace(Choices(), **change), 600.0) is tightens


def test_proofs_on_other_tables_do_not_carry_over(front):
    question = ask(front.case, FEW)
    packages, records = carried(question, front)
    assert len(packages) == len(front.packages) and len(records)
    assert carried(ask(front.case, FEW, replace(load_catalog(), fingerprint="another")), front) == ((), ())
    assert carried(question, replace(front, data_fingerprint="solved on other tables")) == ((), ())


@pytest.mark.parametrize(
    "change", [{"budget_musd": 60.0}, {"budget_musd": 2000.0}, {"max_measures": 2}, {"force_in": ("increased_aid",)}]
)
def test_a_search_that_starts_from_an_earlier_answer_gives_a_valid_front(front, change):
    choices = replace(FEW, **change)
    fresh, reused = (solve(front.case, choices=choices, time_limit=60, previous=p) for p in (None, front))
    assert fresh.certificate.complete and reused.certificate.complete
    step = np.array([a.resolution for a in fresh.objectives])
    one, two = (np.array([list(p.objectives.values()) for p in f]) for f in (fresh, reused))
    for mine, other in ((one, two), (two, one)):
        assert (mine[None] <= other[:, None] + step + 1e-9).all(axis=2).any(axis=1).all()
