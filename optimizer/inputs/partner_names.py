"""What the partners of the case files are called, where the catalog has no name for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from .csv_files import read_csv
from .files import decode, read_bytes
from .places import data_folder

FILE = "vocab_partners.csv"


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    return tuple(row.cells for row in read_csv(FILE, decode(FILE, read_bytes(data_folder("cases") / FILE))).rows)


@cache
def partner_names() -> Mapping[str, str]:
    """Names by id; a row whose finer code is the id itself wins."""
    found: dict[str, str] = {}
    for cells in _rows():
        if cells["id"] not in found or cells["local_code"] == cells["id"]:
            found[cells["id"]] = cells["local_name"]
    return found


@cache
def codes(key: str) -> tuple[str, ...]:
    """Short codes of a partner in the case files."""
    return tuple(
        dict.fromkeys(row["local_code"] for row in _rows() if row["id"] == key and "_" not in row["local_code"])
    )


@cache
def other_names(key: str) -> tuple[str, ...]:
    """Every name that the case files have for a partner, each part of one with slashes by itself."""
    names = [row["local_name"] for row in _rows() if row["id"] == key]
    return tuple(dict.fromkeys(part.strip() for name in names for part in (name, *name.split("/"))))


def name_of(key: str) -> str:
    """A partner's name in words, never its key: the first of several with slashes."""
    return partner_names().get(key, key.replace("_", " ").capitalize()).split(" / ")[0]
