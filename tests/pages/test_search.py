"""Searches of the page: what was found is remembered, proved or not, with the certificate that it had."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import replace

import pytest

from optimizer import Choices, Package, load_case, load_catalog
from optimizer.inputs import InputError
from optimizer.pages.early import early
from optimizer.pages.live import spot_of
from optimizer.pages.search import Search

from .conftest import KEPT

CASE, CATALOG = load_case("macedonia_2001"), load_catalog()
SMALL = Choices(force_out=tuple(k for k in CATALOG.instruments if k not in KEPT), branches=())


def finished(choices=SMALL, **more):
    """The last picture of a search, waited for as long as it takes."""
    search = Search(CASE, choices, CATALOG, **more)
    for thread in threading.enumerate():
        if thread.name == "ohrid-search":
            thread.join(120)
    assert not search.picture.running and not search.picture.fault
    return search


def test_a_front_is_shown_again_without_a_search_and_with_its_own_certificate(monkeypatch):
    stopped = finished(seconds=0.0)
    assert stopped.picture.certificate.stopped_by and not stopped.picture.certificate.complete
    assert shown(again_without_search(monkeypatch)) == shown(stopped.picture)
    proved = finished(again=True)
    assert proved.picture.certificate.complete and len(proved.picture.spots) >= 3
    assert shown(again_without_search(monkeypatch)) == shown(proved.picture)
    finished(again=True, seconds=0.0)
    assert again_without_search(monkeypatch).certificate.complete  # what was proved once is not lost


def again_without_search(monkeypatch):
    with monkeypatch.context() as without:
        without.setattr(subprocess, "Popen", None)
        return finished().picture


def shown(picture):
    return picture.spots, picture.certificate.complete, picture.certificate.stopped_by, dict(picture.gap)


def ended(search):
    """The last picture, however the search ended."""
    for thread in threading.enumerate():
        if thread.name == "ohrid-search":
            thread.join(120)
    assert not search.picture.running
    return search.picture


def test_a_search_whose_process_is_killed_keeps_what_it_found_and_says_so():
    search = Search(CASE, Choices(budget_musd=599.0), CATALOG)
    while search._process is None or not search.picture.spots:
        threading.Event().wait(0.01)
    search._process.kill()
    last = ended(search)
    assert last.state == "failed" and "start it again" in last.fault and last.spots and last.certificate is None


def test_a_process_that_cannot_begin_is_said(monkeypatch):
    monkeypatch.setattr("optimizer.pages.search.CHILD", "raise SystemExit(3)")
    last = ended(Search(CASE, Choices(budget_musd=598.0), CATALOG))
    assert last.state == "failed" and "before its last word" in last.fault


def test_a_cache_that_cannot_be_read_counts_as_none(monkeypatch, tmp_path):
    monkeypatch.setenv("OHRID_CACHE", str(tmp_path))
    kept = finished()
    (file,) = tmp_path.glob("*.json")
    for data in (b"\x00\xff", b"[]", b'{"front": {"schema": 99}, "records": []}', file.read_bytes()[:-100]):
        file.write_bytes(data)
        assert finished().picture.spots == kept.picture.spots
    monkeypatch.setenv("OHRID_CACHE", str(file))  # a file where the folder should be
    assert finished().picture.spots == kept.picture.spots


def test_first_packages_are_found_once_and_are_the_same_for_all_who_wait():
    found = [list(early(CASE, SMALL, CATALOG).growing())[-1] for _ in range(2)]
    assert found[0] and found[0] is found[1]
    question = early(CASE, SMALL, CATALOG).question()
    assert all(spot_of(question, spot.package) == spot for spot in found[0])


def test_a_question_that_cannot_be_asked_raises_where_it_is_waited_for():
    for _ in range(2):  # a failure is not remembered as an answer
        asked = early(CASE, Choices(objectives=("risk", "none such")), CATALOG)
        with pytest.raises(InputError):
            asked.question()
        with pytest.raises(InputError):
            list(asked.growing())


def test_a_package_with_a_measure_that_is_not_on_offer_is_no_spot():
    question = finished(seconds=0.0).question
    column = next(c for c in question.situation.columns if c.tool.id == "dialogue_facilitation")
    assert spot_of(question, Package((replace(column.measure, instrument="arms_embargo"),))) is None
