"""What a planner gets: a front of packages with its certificate, every number recomputed by the judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .choices import Choices, Measure, Package
from .front import Certificate
from .inputs.records import Case
from .judge.evaluate import Evaluation
from .model.audit import RuleAudit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Axis:
    """One objective as the answer states it; `resolution` in the unit."""

    key: str
    title: str
    unit: str
    direction: str
    resolution: float


@dataclass(frozen=True)
class Option:
    """One package of the front: its exact objectives, the judge's evaluation, and the audit of all rules."""

    id: str
    objectives: Mapping[str, float]
    package: Package
    evaluation: Evaluation
    rules: tuple[RuleAudit, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return self.package.measures

    @property
    def broken(self) -> tuple[RuleAudit, ...]:
        """Rules in force that the package does not keep."""
        return tuple(r for r in self.rules if not r.kept and r.state != "off")


@dataclass(frozen=True)
class Conflict:
    """Requirements that collide; `proven`: without any one of them some package exists, with all none does."""

    requirements: tuple[str, ...]
    proven: bool


@dataclass(frozen=True)
class PlanFront:
    """The answer to a planner's question. Packages are sorted by the first objective, best first."""

    case: Case
    choices: Choices
    data_fingerprint: str
    objectives: tuple[Axis, ...]
    packages: tuple[Option, ...]
    certificate: Certificate
    seed: int = 0
    conflict: Conflict | None = None
    records: Any = field(default=None, repr=False)  # for the next search after a change

    def __len__(self) -> int:
        return len(self.packages)

    def __iter__(self) -> Iterator[Option]:
        return iter(self.packages)

    def __getitem__(self, key: str) -> Option:
        """A package by its id."""
        return next(p for p in self.packages if p.id == key)

    def __repr__(self) -> str:
        return f"<{self.case.id}: {self.status}; {self._ranges()}>"

    @property
    def status(self) -> str:
        """In one line: proved or not, the gap, how many packages."""
        c, count = self.certificate, len(self.packages)
        if c.infeasible:
            return "no package satisfies the requirements (proven)"
        packages = "1 package" if count == 1 else f"{count} packages"
        if c.complete:
            return f"complete to the resolution, {packages}"
        gaps = ", ".join(f"{key} {gap:.2g}" for key, gap in c.gap.items())
        return f"not complete ({c.stopped_by or 'open zones'}), {packages}, gap in resolutions: {gaps}"

    def _ranges(self) -> str:
        parts = []
        for axis in self.objectives if self.packages else ():
            values = [p.objectives[axis.key] for p in self.packages]
            parts.append(f"{axis.key} {min(values):.4g} to {max(values):.4g} {axis.unit}")
        return "; ".join(parts) or "no packages"

    def to_frame(self) -> pd.DataFrame:
        """One row a package: id, objectives, the baseline and its measures in words."""
        import pandas as pd

        rows = [
            {"id": p.id, **p.objectives, "measures": "; ".join(m.instrument for m in p.measures)} for p in self.packages
        ]
        return pd.DataFrame(rows, columns=["id", *(a.key for a in self.objectives), "measures"])

    def to_json(self) -> dict[str, Any]:
        """The published form (docs/schema.json): plain values only."""
        return {
            "case": self.case.id,
            "title": self.case.title,
            "data_fingerprint": self.data_fingerprint,
            "seed": self.seed,
            "baseline": self.packages[0].evaluation.baseline if self.packages else None,
            "objectives": [vars(a).copy() for a in self.objectives],
            "packages": [_package_json(p) for p in self.packages],
            "certificate": _certificate_json(self.certificate),
            "conflict": None
            if self.conflict is None
            else {"requirements": list(self.conflict.requirements), "proven": self.conflict.proven},
        }


def _package_json(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "objectives": dict(option.objectives),
        "risk_without_measures": option.evaluation.baseline,
        "measures": measures_json(option),
        "rules": [
            {"id": r.id, "title": r.title, "state": r.state, "kept": r.kept, "because": r.because, "price": r.price}
            for r in option.rules
        ],
    }


def measures_json(option: Option) -> list[dict[str, Any]]:
    """The measures of a package with the judge's dates and cost (days from the start, M USD of 2020)."""
    return [
        {
            "instrument": j.measure.instrument,
            "mode": option_mode(j),
            "lead": j.measure.lead,
            "joined": list(j.measure.joined),
            "node": j.measure.node,
            "start_day": round(j.measure.start_day, 6),
            "in_force_day": round(j.in_force_day, 6),
            "end_day": round(j.end_day, 6),
            "cost_musd": round(j.cost_musd, 6),
        }
        for j in option.evaluation.measures
    ]


def option_mode(judged: Any) -> str:
    """A measure's mode, from the shipped catalog."""
    from .inputs.reader import load_catalog

    return load_catalog().instruments[judged.measure.instrument].mode


def _certificate_json(c: Certificate) -> dict[str, Any]:
    finite = {k: (None if v == float("inf") else v) for k, v in c.gap.items()}
    return {
        "complete": c.complete,
        "infeasible": c.infeasible,
        "gap": finite,
        "hypervolume_gap": None if c.hypervolume_gap != c.hypervolume_gap else c.hypervolume_gap,
        "method": c.method,
        "solves": c.solves,
        "seconds": round(c.seconds, 3),
        "stopped_by": c.stopped_by,
        "open_zones": [
            {"corner": [None if abs(x) == float("inf") else x for x in z.corner], "reason": z.reason}
            for z in c.open_zones
        ],
        "records": c.records,
        "resolutions": dict(c.resolutions),
        "versions": dict(c.versions),
        "verified": c.verified,
    }
