"""Saved scenarios and cases of one's own in one SQLite file; safe for several tabs at once."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MIGRATIONS = (  # one step for each version of the file; a step that has been shipped is never changed
    """
    CREATE TABLE scenario (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, case_id TEXT NOT NULL,
                           choices TEXT NOT NULL, picked TEXT, saved TEXT NOT NULL);
    CREATE TABLE own_case (digest TEXT PRIMARY KEY, text TEXT NOT NULL, saved TEXT NOT NULL);
    CREATE TABLE front (key TEXT PRIMARY KEY, picture TEXT NOT NULL, saved TEXT NOT NULL);
    """,
    "ALTER TABLE scenario ADD COLUMN note TEXT NOT NULL DEFAULT '';",
    # Fronts are remembered with those of the command line; `picked` holds a whole package where it held a short name.
    "DROP TABLE front; UPDATE scenario SET picked = NULL;",
)
WAIT = 5.0  # seconds for another tab to finish writing


@dataclass(frozen=True)
class Scenario:
    """A named set of choices on a case."""

    name: str
    case_id: str
    choices: str  # packed, as in a link
    picked: str | None  # packed, as in a link
    saved: str
    note: str = ""


def home() -> Path:
    """The folder of the planner's own data."""
    given = os.environ.get("OHRID_HOME")
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ohrid"
    folder = Path(given) if given else base
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction, with the file at the present version."""
    with closing(sqlite3.connect(home() / "ohrid.db", timeout=WAIT, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")
        try:
            _migrate(db)
            yield db
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def _migrate(db: sqlite3.Connection) -> None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise RuntimeError("the file of saved scenarios was written by a newer Ohrid")
    for step in MIGRATIONS[version:]:
        for statement in filter(str.strip, step.split(";")):
            db.execute(statement)
    db.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def scenarios() -> tuple[Scenario, ...]:
    """All saved scenarios, the newest first."""
    with opened() as db:
        rows = db.execute(
            "SELECT name, case_id, choices, picked, saved, note FROM scenario ORDER BY id DESC"
        ).fetchall()
    return tuple(Scenario(*row) for row in rows)


def save(wanted: Scenario) -> str:
    """Save under a name that nobody has yet: a second `plan` becomes `plan (2)`, so no tab overwrites another."""
    with opened() as db:
        taken = {row[0] for row in db.execute("SELECT name FROM scenario")}
        name = wanted.name.strip()[:120] or "unnamed"
        free = next(n for n in _variants(name) if n not in taken)
        row = (free, wanted.case_id, wanted.choices, wanted.picked, _now(), wanted.note)
        db.execute("INSERT INTO scenario (name, case_id, choices, picked, saved, note) VALUES (?,?,?,?,?,?)", row)
    return free


def _variants(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1


def remove(name: str) -> None:
    with opened() as db:
        db.execute("DELETE FROM scenario WHERE name = ?", (name,))


def keep_case(text: str) -> str:
    """Store a case of one's own; returns its digest."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    with opened() as db:
        db.execute("INSERT OR IGNORE INTO own_case VALUES (?,?,?)", (digest, text, _now()))
    return digest


def case_text(digest: str) -> str | None:
    with opened() as db:
        row = db.execute("SELECT text FROM own_case WHERE digest = ?", (digest,)).fetchone()
    return None if row is None else str(row[0])


def overlay_folder(name: str) -> Path:
    """The folder of a named overlay of the catalog; the shipped tables are never written."""
    safe = "".join(c if c.isalnum() or c in "-_ " else "_" for c in name).strip()[:60] or "overlay"
    return home() / "overlays" / safe


def overlays() -> tuple[str, ...]:
    folder = home() / "overlays"
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir())) if folder.is_dir() else ()
