"""Fronts on disk: read back what `--json` wrote, keep fronts in a bounded cache, prove a saved front again."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from .answers import PlanFront, chosen_fields
from .choices import Branch, Choices, Measure, Package
from .files import write_text
from .front import Certificate, Front, OpenZone
from .inputs import load_case, load_catalog
from .inputs.faults import Fault, InputError
from .inputs.records import Case, Catalog
from .judge.check import violations
from .published import PublishedCertificate, PublishedFront
from .questions import Question, ask
from .solving import answer, exact_of, fingerprint, option, searching

MOST_KEPT = 200  # fronts in the cache: about 50 kB each
RESTS_ON = ("pulp", "highspy", "numpy", "scipy")  # whose change can change an answer


@dataclass(frozen=True)
class Saved:
    """A published front read back: its case, choices and packages."""

    case: Case
    choices: Choices
    published: PublishedFront

    @property
    def packages(self) -> tuple[Package, ...]:
        return tuple(
            Package(tuple(Measure(m.instrument, m.lead, m.node, m.start_day, m.joined) for m in p.measures))
            for p in self.published.packages
        )


def read_front(path: str, case: str | None = None) -> Saved:
    """A front that `solve --json` wrote; `case`: path of the case file where it is not a shipped one."""
    try:
        published = PublishedFront.model_validate_json(Path(path).read_bytes())
    except OSError as error:
        raise InputError(
            [Fault(path, "", "", "", f"it cannot be read ({error.strerror})", "Name a file that exists")]
        ) from None
    except ValidationError as error:
        places = [(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()[:20]]
        remedy = "Write the file with: ohrid solve CASE --json FILE"
        raise InputError([Fault(path, place, "", "", message.lower(), remedy) for place, message in places]) from None
    return Saved(load_case(case or published.case), choices_from(published.choices), published)


def choices_from(plain: Mapping[str, Any]) -> Choices:
    """Choices from their plain form: lists become tuples again."""
    known = {f.name for f in fields(Choices)}
    unknown = sorted(set(plain) - known)
    if unknown:
        raise InputError(
            [Fault("choices", "", name, "", "there is no such choice", "Leave it out") for name in unknown]
        )
    found = {k: _tuples(v) for k, v in plain.items()}
    if found.get("branches"):
        found["branches"] = tuple(Branch(**b) for b in found["branches"])
    return Choices(**found)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, (list, tuple)) else value


# --- proving again --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """Whether a saved front was proved again (True), refuted (False), or neither in the time given (None)."""

    verified: bool | None
    because: str


def prove_again(saved: Saved, time_limit: float | None = None, solver: str = "cbc") -> Verdict:
    """Check every package anew, then search again with the other solver and nothing believed but the packages."""
    question = ask(saved.case, saved.choices)
    if fingerprint(saved.case, question.catalog) != saved.published.data_fingerprint:
        return Verdict(False, "the data have changed since the front was saved")
    for known, package in zip(saved.published.packages, saved.packages, strict=True):
        fault = _fault_of(question, known.objectives, package)
        if fault:
            return Verdict(False, f"package {known.id}: {fault}")
    front: Front | None = None
    for state in searching(
        question, packages=saved.packages, solvers=(solver,), time_limit=time_limit, plain_first=False
    ):
        front = front if state.front is None else state.front
    assert front is not None
    return _compare(saved, front)


def _fault_of(question: Question, told: Mapping[str, float], package: Package) -> str:
    broken = violations(question.case, package, question.choices, question.catalog)
    if broken:
        return broken[0].because
    found = option(question, question.situation.indices(package)).objectives
    wrong = [k for k, v in told.items() if not math.isclose(v, found[k], rel_tol=1e-9, abs_tol=1e-9)]
    return f"its {wrong[0]} is {found[wrong[0]]:g}, not {told[wrong[0]]:g}" if wrong else ""


def _compare(saved: Saved, again: Front) -> Verdict:
    keys = [o.key for o in saved.published.objectives]
    mine = np.array([[p.objectives[k] for k in keys] for p in saved.published.packages]).reshape(-1, len(keys))
    allowed = np.array([saved.published.certificate.resolutions[k] * _allowed(saved, k) for k in keys])
    no_worse = mine[None] <= again.points[:, None] + allowed * (1 + 1e-9) + 1e-12
    covered = np.any(np.all(no_worse, axis=2), axis=1)
    if len(again.points) and not covered.all():
        worst = again.points[int(np.flatnonzero(~covered)[0])]
        return Verdict(False, f"a package with {dict(zip(keys, worst.tolist(), strict=True))} is not covered")
    if again.infeasible != saved.published.certificate.infeasible:
        return Verdict(False, "one search finds packages, the other proves that there are none")
    if again.certificate.complete:
        return Verdict(True, f"proved again in {again.certificate.solves} solves, {again.certificate.seconds:.1f} s")
    return Verdict(
        None, f"not settled: {again.certificate.stopped_by or 'open zones'}, gap {dict(again.certificate.gap)}"
    )


def _allowed(saved: Saved, key: str) -> float:
    gap = saved.published.certificate.gap.get(key)
    return math.inf if gap is None else max(1.0, gap)


# --- the cache ------------------------------------------------------------------------------------------------------


def cache_folder() -> Path | None:
    """Where fronts are kept: OHRID_CACHE, else the user's cache folder; None if OHRID_CACHE is empty."""
    chosen = os.environ.get("OHRID_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ohrid"


@cache
def code_version() -> str:
    """Digest of the code that makes fronts, so that a change of it never meets an old answer."""
    root, digest = Path(__file__).parent, hashlib.sha256()
    rooms = (
        p for room in ("model", "judge", "front", "inputs", "doubt", "redteam") for p in (root / room).rglob("*.py")
    )
    for path in sorted((*root.glob("*.py"), *rooms)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(data: str, choices: Choices, seed: int) -> str:
    """Address of a front: fingerprint of its data, choices, code, versions of solvers and of what draws scenarios."""
    parts = [data, json.dumps(chosen_fields(choices), sort_keys=True), code_version(), str(seed)]
    return hashlib.sha256("\n".join([*parts, *map(version, RESTS_ON)]).encode()).hexdigest()[:32]


def keep(front: PlanFront) -> None:
    """Put a front into the cache, proved or not; a folder that cannot be written is no fault, a proof is not lost."""
    folder = cache_folder()
    if folder is None or not (front.packages or front.certificate.infeasible):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{key_of(front.data_fingerprint, front.choices, front.seed)}.json"
        before = _read(path, front.case, front.choices)
        if before is not None and before.certificate.complete and not front.certificate.complete:
            return
        records = [] if front.records is None else np.asarray(front.records).tolist()
        write_text(str(path), json.dumps({"front": front.to_json(), "records": records}))
        for old in sorted(folder.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, InputError):
        return


@dataclass(frozen=True)
class Known:
    """What the cache holds for a question: packages, proofs, and the certificate they carried."""

    packages: tuple[Package, ...]
    records: tuple[tuple[float, ...], ...]
    certificate: Certificate


def known(case: Case, choices: Choices, seed: int, catalog: Catalog | None = None) -> Known | None:
    """The cached answer to the same question on the same data (catalog: the shipped one), or None."""
    folder = cache_folder()
    if folder is None:
        return None
    return _read(folder / f"{key_of(fingerprint(case, catalog or load_catalog()), choices, seed)}.json", case, choices)


def _read(path: Path, case: Case, choices: Choices) -> Known | None:
    """A file of the cache; one that is damaged counts as none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        saved = Saved(case, choices, PublishedFront.model_validate(data["front"]))
        records = tuple(tuple(math.inf if x is None else float(x) for x in r) for r in data["records"])
        return Known(saved.packages, records, _certificate(saved.published.certificate))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _certificate(c: PublishedCertificate) -> Certificate:
    def number(value: float | None) -> float:
        return math.inf if value is None else value

    return Certificate(
        gap={k: number(v) for k, v in c.gap.items()},
        hypervolume_gap=math.nan if c.hypervolume_gap is None else c.hypervolume_gap,
        method=c.method, solves=c.solves, seconds=c.seconds, resolutions=c.resolutions, stopped_by=c.stopped_by,
        open_zones=tuple(OpenZone(tuple(map(number, z.corner)), z.reason) for z in c.open_zones),
        records=c.records, versions=c.versions, verified=c.verified, infeasible=c.infeasible,
        cover_gap=math.nan if c.cover_gap is None else c.cover_gap, proved_by=c.proved_by,
    )  # fmt: skip


def rebuilt(question: Question, found: Known, seed: int) -> PlanFront | None:
    """A front from the cache, every package evaluated and checked anew; None if one of them is not sound."""
    try:
        chosen = [question.situation.indices(p) for p in found.packages]
    except KeyError:
        return None
    if any(exact_of(question, indices) is None for indices in chosen):
        return None
    solutions = tuple({question.programme.x[i].name: 1.0 for i in indices} for indices in chosen)
    points = np.array([list(option(question, indices).objectives.values()) for indices in chosen])
    return answer(question, Front(points, solutions, found.certificate, np.array(found.records)), seed)
