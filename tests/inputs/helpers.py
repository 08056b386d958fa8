"""Files for the tests: shipped ones with something changed."""

import csv
import io
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from optimizer.inputs import Fault, check, data_folder
from optimizer.inputs.tables import TABLES


def shipped(table: str) -> Traversable:
    return data_folder(TABLES[table].folder) / TABLES[table].file


def rows_of(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shipped(table).read_text(encoding="utf-8"))))


def row_of(table: str, **match: str) -> dict[str, str]:
    return next(row for row in rows_of(table) if all(row[key] == value for key, value in match.items()))


def write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@cache
def _text(name: str) -> str:
    return (data_folder("cases") / f"{name}.yaml").read_text(encoding="utf-8")


def case_data(name: str = "macedonia_2001") -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(_text(name), Loader=yaml.CSafeLoader)
    return data


def write_case(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")
    return path


def faults_of(*paths: Path) -> list[Fault]:
    return list(check(paths).faults)


def only(faults: list[Fault]) -> Fault:
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]
