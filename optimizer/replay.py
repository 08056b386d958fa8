"""Packages that did not come from the search: what was really done, and a user's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .answers import Option
from .choices import Choices, Measure, Package
from .files import read_json
from .inputs import InputError, load_catalog
from .inputs.faults import Fault, did_you_mean
from .inputs.records import ActualAction, Case, Catalog
from .judge.check import violations
from .judge.evaluate import judge_of
from .judge.violation import Violation
from .model.audit import audit, with_measures
from .model.situation import compile_situation
from .model.tree import MONTH_DAYS
from .wishes import checked


@dataclass(frozen=True)
class Replayed:
    """A package with its evaluation and audit, and what the independent check holds against it."""

    option: Option
    violations: tuple[Violation, ...]


def actual(case: Case, choices: Choices | None = None, catalog: Catalog | None = None) -> Replayed:
    """What was really done, on one path without branches; acts that did nothing for prevention are left out.

    A real action counts from the middle of its coded month, at its coded intensity; lead times lie behind it.
    """
    catalog = catalog or load_catalog()
    choices = replace(choices or Choices(), branches=())
    horizon = case.horizon_months * MONTH_DAYS
    acts = [
        a for a in case.actual_actions if a.preventive and not a.beyond_horizon and a.start_month < case.horizon_months
    ]
    package = Package(tuple(_measure(a, horizon) for a in acts))
    return _replayed(case, choices, catalog, package, checks=False)


def _measure(act: ActualAction, horizon: float) -> Measure:
    start = (act.start_month + 0.5) * MONTH_DAYS
    end = horizon if act.duration_months is None else min(horizon, start + act.duration_months * MONTH_DAYS)
    joined = tuple(p for p in dict.fromkeys(act.partners[1:]) if p != act.partners[0])
    backed = act.threat_backed if isinstance(act.threat_backed, bool) else None
    return Measure(act.instrument, act.partners[0], "now", start, joined, start, end, act.intensity, backed)


def from_file(
    case: Case, choices: Choices, path: str, wanted: str | None = None, catalog: Catalog | None = None
) -> Replayed:
    """A package from JSON: `{"measures": [...]}`, or one package (`wanted`) of a front as written by solve."""
    catalog = catalog or load_catalog()
    package = read_package(case, path, wanted, catalog)
    return _replayed(case, checked(case, choices, catalog), catalog, package, checks=True)


def _replayed(case: Case, choices: Choices, catalog: Catalog, package: Package, checks: bool) -> Replayed:
    evaluation = judge_of(case, choices, catalog).evaluate(package)
    found = violations(case, package, choices, catalog) if checks else ()
    grown, chosen = with_measures(compile_situation(case, catalog, choices), package)
    return Replayed(Option("given", evaluation.values, package, evaluation, audit(grown, chosen)), found)


def read_package(case: Case, path: str, wanted: str | None, catalog: Catalog) -> Package:
    """The package in a JSON file; InputError with every fault of it."""
    data = _pick(path, read_json(path, 'Write {"measures": [...]} in UTF-8'), wanted)
    faults: list[Fault] = []
    measures = [
        m for k, row in enumerate(data, start=1) if (m := _row(case, catalog, path, k, row, faults)) is not None
    ]
    if faults:
        raise InputError(faults)
    return Package(tuple(measures))


def _pick(path: str, data: Any, wanted: str | None) -> list[Any]:
    if isinstance(data, dict) and isinstance(data.get("packages"), list):
        options = {str(p.get("id")): p for p in data["packages"] if isinstance(p, dict)}
        if wanted not in options:
            reason = "the file holds several packages" if wanted is None else "there is no such package"
            remedy = did_you_mean(wanted or "", options) if wanted else f"Give --id, one of {', '.join(options)}"
            raise InputError([Fault(path, "packages", "id", wanted or "", reason, remedy)])
        data = options[wanted]
    if not isinstance(data, dict) or not isinstance(data.get("measures"), list):
        raise InputError(
            [
                Fault(
                    path,
                    "",
                    "measures",
                    "",
                    "there is no list of measures",
                    'Write {"measures": [{"instrument": ..., "lead": ..., "node": ..., "start_day": ...}]}',
                )
            ]
        )
    return list(data["measures"])


def _row(case: Case, catalog: Catalog, path: str, number: int, row: Any, faults: list[Fault]) -> Measure | None:
    place, before = f"measure {number}", len(faults)
    if not isinstance(row, Mapping):
        faults.append(Fault(path, place, "", str(row), "it is no measure", "Give instrument, lead, node and start_day"))
        return None
    partners = [p.partner for p in case.partners]
    known = {
        "instrument": catalog.instruments,
        "lead": partners,
        "node": ("now", "escalates", "settles", "drags_on", *(b.name for b in case.branches)),
    }
    for field, names in known.items():
        if row.get(field) not in names:
            faults.append(
                Fault(
                    path,
                    place,
                    field,
                    str(row.get(field, "")),
                    "it is not known here",
                    did_you_mean(str(row.get(field, "")), names),
                )
            )
    joined = row.get("joined", [])
    if not isinstance(joined, list) or any(q not in partners for q in joined):
        faults.append(
            Fault(
                path,
                place,
                "joined",
                str(joined),
                "it is no list of partners of the case",
                f"Known: {', '.join(partners)}",
            )
        )
    start = row.get("start_day")
    if (
        isinstance(start, bool)
        or not isinstance(start, (int, float))
        or not 0 <= start <= case.horizon_months * MONTH_DAYS
    ):
        faults.append(
            Fault(
                path,
                place,
                "start_day",
                str(start),
                "it is no day of the case",
                f"Give a number from 0 to {case.horizon_months * MONTH_DAYS:.0f}",
            )
        )
    if len(faults) > before:
        return None
    return Measure(row["instrument"], row["lead"], row["node"], float(start), tuple(joined))  # type: ignore[arg-type]
