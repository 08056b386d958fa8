"""The store: two writers lose nothing, and old files are brought up to date."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from optimizer import Choices
from optimizer.inputs import InputError
from optimizer.pages import store
from optimizer.pages.plain import packed


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("OHRID_HOME", str(tmp_path))
    return tmp_path


def scenario(name):
    return store.Scenario(name, "macedonia_2001", packed(Choices(budget_musd=7.0)), None, "")


def test_eight_writers_at_once_lose_nothing():
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: store.save(scenario("plan")), range(24)))
    assert len(set(names)) == 24
    assert {s.name for s in store.scenarios()} == set(names)


def test_a_file_of_the_first_version_is_brought_up_to_date(home):
    with sqlite3.connect(home / "ohrid.db") as db:
        for statement in filter(str.strip, store.MIGRATIONS[0].split(";")):
            db.execute(statement)
        db.execute("INSERT INTO scenario (name, case_id, choices, saved) VALUES ('old', 'kenya_2007', '', 'then')")
        db.execute("PRAGMA user_version=1")
    assert [s.name for s in store.scenarios()] == ["old"]
    with sqlite3.connect(home / "ohrid.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(store.MIGRATIONS),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_of_a_newer_version_is_left_alone(home):
    with sqlite3.connect(home / "ohrid.db") as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(InputError, match="newer"):
        store.scenarios()


def test_overlay_names_stay_in_their_folder(home):
    for name in ("../../evil", "/etc", "..", "a/b"):
        assert store.overlay_folder(name).resolve().parent == (home / "overlays").resolve()
