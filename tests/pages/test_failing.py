"""What fails is said in its place: no page ends in an error, and what a planner entered stays."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from optimizer import Choices, pages
from optimizer.inputs import InputError, load_catalog
from optimizer.inputs.places import data_folder
from optimizer.pages import overlay, state, store
from optimizer.pages.nav import TITLES
from optimizer.pages.own import shipped_text
from optimizer.pages.plain import packed
from optimizer.pages.search import Search
from optimizer.pages.views import situation

FRESH = Choices(budget_musd=7.0)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("OHRID_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(state, "prepare", lambda: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def app(home):
    return AppTest.from_file(str(Path(pages.__file__).with_name("main.py")), default_timeout=300)


def turned(app, key):
    """Another page, as Streamlit knows it: by the digest of its path."""
    app._page_hash = calc_hash(key)
    return app.run()


def told(app):
    """All that a page says has gone wrong."""
    assert not app.exception
    return " ".join([e.value for e in app.error] + [c.value for c in app.code])


def broken(kind, home):
    home.mkdir(exist_ok=True)
    if kind == "damaged":
        (home / "ohrid.db").write_bytes(b"no database" * 1000)
    elif kind == "newer":
        with sqlite3.connect(home / "ohrid.db") as db:
            db.execute("PRAGMA user_version=99")
    else:
        (home / "ohrid.db").mkdir()


STORES = [("damaged", "damaged"), ("newer", "newer Ohrid"), ("a folder", "cannot be used now")]


@pytest.mark.parametrize(("kind", "word"), STORES)
def test_a_store_that_cannot_be_used_is_one_clear_fault(home, kind, word):
    broken(kind, home)
    for use in (store.scenarios, lambda: store.keep_case("x"), lambda: store.remove("x"), lambda: store.case_text("x")):
        with pytest.raises(InputError, match=word):
            use()


@pytest.mark.parametrize(("kind", "word"), STORES)
def test_the_scenarios_can_be_taken_along_where_the_store_cannot_be_used(app, home, kind, word):
    broken(kind, home)
    app.query_params["q"] = packed(FRESH)
    turned(app, "scenarios")
    assert word in told(app) and "Take it with you" in [s.value for s in app.subheader]
    name = next(t for t in app.text_input if t.label == "Save what is set now as")
    name.set_value("kept words")
    next(b for b in app.button if b.label == "Save").click().run()
    assert "could not be saved" in told(app)
    assert next(t for t in app.text_input if t.label == "Save what is set now as").value == "kept words"
    assert app.session_state["choices"] == FRESH


def test_a_case_that_is_gone_is_said_on_every_page_with_a_way_on(app, home):
    name = state.OWN + store.keep_case(shipped_text("macedonia_2001"))
    app.query_params["case"] = name
    turned(app, "scenarios")
    assert not app.error and app.session_state["case"] == name
    store._TEXTS.clear()  # as in another server
    (home / "ohrid.db").unlink()
    for key in TITLES:
        turned(app, "" if key == "situation" else key)
        assert "not on this machine" in told(app) and "The case in use cannot be read" in told(app)
        assert app.query_params["case"] == name
    app.button(key="first case").click()
    turned(app, "")
    assert not told(app) and app.session_state["case"] == state.FIRST_CASE


def test_a_case_of_ones_own_outlives_its_file_while_the_server_runs(app, home):
    app.query_params["case"] = state.OWN + store.keep_case(shipped_text("macedonia_2001"))
    turned(app, "evidence")
    (home / "ohrid.db").write_bytes(b"no database" * 1000)
    turned(app, "evidence")
    assert not told(app) and app.sidebar.caption[0].value.startswith("Macedonia 2001")


def test_evidence_that_is_gone_is_said_with_a_way_on(app, home):
    own(home, "mine", 0.2)
    app.query_params["overlay"] = store.overlay_mark("mine")
    app.run()
    assert not told(app) and app.session_state["overlay"] == "mine"
    shutil.rmtree(store.overlay_folder("mine"))
    app.run()
    assert "The evidence in use cannot be read" in told(app) and "no tables" in told(app)
    app.button(key="shipped evidence").click().run()
    assert not told(app) and app.session_state["overlay"] is None


def own(home, name, effect):
    """Evidence of one's own under a name: one instrument with another effect."""
    row = next(iter(load_catalog().instruments.values()))
    folder = store.overlay_folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instruments.csv").write_text(changed(row.id, effect), encoding="utf-8")
    return row.id


def changed(key, effect):
    """The shipped row of an instrument with another effect, under the shipped head."""
    with (data_folder("catalog") / "instruments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(r for r in rows if r["id"] == key)
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]))
    writer.writeheader()
    writer.writerow(row | {"effect_low": effect / 2, "effect_mid": effect, "effect_high": effect * 2})
    return made.getvalue()


def test_other_tables_under_the_same_name_are_read_anew_and_a_link_to_the_old_ones_is_refused(home):
    key = own(home, "mine", 0.2)
    mark = store.overlay_mark("mine")
    assert state.evidence("mine").instruments[key].effect.mid == 0.2
    assert store.overlay_of(mark) == "mine"
    own(home, "mine", 0.25)
    assert state.evidence("mine").instruments[key].effect.mid == 0.25
    with pytest.raises(InputError, match="not those that the link was made with"):
        store.overlay_of(mark)
    with pytest.raises(InputError, match="not on this machine"):
        store.overlay_of("other~12345678")


def test_an_overlay_is_never_written_over(home):
    own(home, "mine", 0.2)
    with pytest.raises(InputError, match="there is one of this name"):
        overlay.keep("mine", [])


def test_a_page_that_fails_is_said_and_the_rest_stands(app, home, monkeypatch):
    def fails():
        raise ZeroDivisionError("inner workings")

    monkeypatch.setattr(situation, "draw", fails)
    app.query_params["q"] = packed(FRESH)
    app.run()
    assert "ended unexpectedly (ZeroDivisionError)" in told(app) and "inner workings" not in told(app)
    assert app.session_state["choices"] == FRESH and app.sidebar.children


def test_a_full_disk_is_said_as_such(app, home, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(situation, "draw", full)
    app.run()
    assert "No space left on device" in told(app)


def test_a_change_that_fails_leaves_the_choices(app, home, monkeypatch):
    def fails(*args):
        raise ZeroDivisionError

    app.run()
    monkeypatch.setattr(state, "checked", fails)
    app.number_input(key="budget").set_value(8.0).run()
    assert "This change cannot be used" in told(app) and app.session_state["choices"] == Choices()


def test_a_search_that_fails_shows_what_it_had(app, home, monkeypatch):
    monkeypatch.setattr(Search, "_run", lambda self: self._fail("The search ended before its last word."))
    turned(app, "front")
    assert "The search failed" in told(app) and "last word" in told(app)
    assert app.button(key="once more").label == "Search again"
