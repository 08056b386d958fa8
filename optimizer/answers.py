"""What a planner gets: a front of packages with its certificate, every number recomputed by the judge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .choices import Choices, Measure, Package
from .front import Certificate
from .inputs.records import Case
from .judge.evaluate import Evaluation, Judged
from .model.audit import RuleAudit
from .published import (
    PublishedCertificate,
    PublishedConflict,
    PublishedFront,
    PublishedMeasure,
    PublishedObjective,
    PublishedPackage,
    PublishedRule,
    PublishedZone,
)

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
        """The published form (docs/front.schema.json): plain values only."""
        return published_front(self).model_dump(mode="json")


def published_front(front: PlanFront) -> PublishedFront:
    """A front in its published form."""
    return PublishedFront(
        case=front.case.id,
        title=front.case.title,
        data_fingerprint=front.data_fingerprint,
        seed=front.seed,
        choices=chosen_fields(front.choices),
        objectives=tuple(PublishedObjective(**vars(a)) for a in front.objectives),
        packages=tuple(published_package(p) for p in front.packages),
        certificate=_published_certificate(front.certificate),
        conflict=None if front.conflict is None else PublishedConflict(**vars(front.conflict)),
    )


def chosen_fields(choices: Choices) -> dict[str, Any]:
    """The fields of the choices that differ from their defaults, as plain values."""
    return {k: v for k, v in asdict(choices).items() if v != getattr(Choices(), k)}


def published_package(option: Option) -> PublishedPackage:
    """A package in its published form, with the judge's dates and costs."""
    return PublishedPackage(
        id=option.id,
        objectives=dict(option.objectives),
        risk_without_measures=option.evaluation.baseline,
        measures=tuple(_published_measure(j) for j in option.evaluation.measures),
        rules=tuple(PublishedRule(**vars(r)) for r in option.rules),
    )


def _published_measure(judged: Judged) -> PublishedMeasure:
    return PublishedMeasure(
        instrument=judged.measure.instrument,
        mode=judged.mode,
        lead=judged.measure.lead,
        joined=judged.measure.joined,
        node=judged.measure.node,
        start_day=round(judged.measure.start_day, 6),
        in_force_day=round(judged.in_force_day, 6),
        end_day=round(judged.end_day, 6),
        cost_musd=round(judged.cost_musd, 6),
    )


def _published_certificate(c: Certificate) -> PublishedCertificate:
    return PublishedCertificate(
        complete=c.complete,
        infeasible=c.infeasible,
        gap={k: _finite(v) for k, v in c.gap.items()},
        hypervolume_gap=_finite(c.hypervolume_gap),
        cover_gap=_finite(c.cover_gap),
        method=c.method,
        solves=c.solves,
        seconds=round(c.seconds, 3),
        stopped_by=c.stopped_by,
        open_zones=tuple(PublishedZone(corner=tuple(map(_finite, z.corner)), reason=z.reason) for z in c.open_zones),
        records=c.records,
        resolutions=dict(c.resolutions),
        versions=dict(c.versions),
        verified=c.verified,
        proved_by=dict(c.proved_by),
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
