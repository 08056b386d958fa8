"""Searches of the page: what was found is remembered, proved or not, with the certificate that it had."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import replace

from optimizer import Choices, Package, load_case, load_catalog
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


def test_a_package_with_a_measure_that_is_not_on_offer_is_no_spot():
    question = finished(seconds=0.0).question
    column = next(c for c in question.situation.columns if c.tool.id == "dialogue_facilitation")
    assert spot_of(question, Package((replace(column.measure, instrument="arms_embargo"),))) is None
