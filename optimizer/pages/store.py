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

from ..inputs.faults import Fault, InputError

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
    "ALTER TABLE scenario ADD COLUMN overlay TEXT;",
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
    overlay: str | None = None  # with the mark of its tables, as in a link


def home() -> Path:
    """The folder of the planner's own data."""
    given = os.environ.get("OHRID_HOME")
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ohrid"
    folder = Path(given) if given else base
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction, with the file at the present version; InputError where it cannot be used."""
    try:
        with _transaction() as db:
            yield db
    except sqlite3.OperationalError as error:  # full, locked, not to be written
        raise _unusable(
            f"it cannot be used now ({error})", "Look at the disk and at the rights of its folder"
        ) from error
    except sqlite3.DatabaseError as error:
        remedy = "Move it away, and a new one is begun; links and JSON files of scenarios still hold theirs"
        raise _unusable(f"it is damaged ({error})", remedy) from error
    except OSError as error:
        raise _unusable(f"it cannot be reached ({error.strerror})", "Name another folder in OHRID_HOME") from error


def _unusable(reason: str, remedy: str) -> InputError:
    return InputError([Fault("the file of saved scenarios", "", "ohrid.db", "", reason, remedy)])


@contextmanager
def _transaction() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home() / "ohrid.db", timeout=WAIT, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")
        try:
            _migrate(db)
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # a disk that is full has ended it already
                db.execute("ROLLBACK")
            raise


def _migrate(db: sqlite3.Connection) -> None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise _unusable("it was written by a newer Ohrid", "Use that one, or name another folder in OHRID_HOME")
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
            "SELECT name, case_id, choices, picked, saved, note, overlay FROM scenario ORDER BY id DESC"
        ).fetchall()
    return tuple(Scenario(*row) for row in rows)


def save(wanted: Scenario) -> str:
    """Save under a name that nobody has yet: a second `plan` becomes `plan (2)`, so no tab overwrites another."""
    with opened() as db:
        taken = {row[0] for row in db.execute("SELECT name FROM scenario")}
        name = wanted.name.strip()[:120] or "unnamed"
        free = next(n for n in _variants(name) if n not in taken)
        row = (free, wanted.case_id, wanted.choices, wanted.picked, _now(), wanted.note, wanted.overlay)
        columns = "name, case_id, choices, picked, saved, note, overlay"
        db.execute(f"INSERT INTO scenario ({columns}) VALUES (?,?,?,?,?,?,?)", row)
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


_TEXTS: dict[str, str] = {}  # texts by their digest: a case in use outlives a file that is lost


def case_text(digest: str) -> str | None:
    if digest not in _TEXTS:
        with opened() as db:
            row = db.execute("SELECT text FROM own_case WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            return None
        _TEXTS[digest] = str(row[0])
    return _TEXTS[digest]


def overlay_folder(name: str) -> Path:
    """The folder of a named overlay of the catalog; the shipped tables are never written."""
    safe = "".join(c if c.isalnum() or c in "-_ " else "_" for c in name).strip()[:60] or "overlay"
    return home() / "overlays" / safe


def overlays() -> tuple[str, ...]:
    folder = home() / "overlays"
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir())) if folder.is_dir() else ()


def overlay_mark(name: str) -> str:
    """The name of an overlay with a mark of its tables, for links: the same name may hold other numbers elsewhere."""
    digest = hashlib.sha256()
    for path in sorted(p for p in overlay_folder(name).iterdir() if p.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{name}~{digest.hexdigest()[:8]}"


def overlay_of(mark: str) -> str:
    """The overlay of a link; InputError where it is not on this machine, or holds other tables by now."""
    name = mark.rpartition("~")[0]
    remedy = "Ask for its tables and keep them under this name, on the page Evidence"
    if name not in overlays():
        raise InputError([Fault("link", "", "overlay", mark[:80], "this evidence is not on this machine", remedy)])
    if overlay_mark(name) != mark:
        reason = "the tables under this name are not those that the link was made with"
        raise InputError([Fault("link", "", "overlay", mark[:80], reason, remedy)])
    return name
