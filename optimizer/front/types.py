"""What the front engine gives back: plain frozen data, no solver and no PuLP object in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


def frozen(values: Any) -> Array:
    """A read-only float copy of values."""
    copy = np.array(values, dtype=float)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True)
class OpenZone:
    """A region that was not proved empty: packages better than `corner` in every objective may exist.

    corner: one number per objective in user units; infinite where nothing bounds the zone.
    reason: why it is still open, e.g. "not reached", "time limit", "approximation",
        "rejected by the independent check".
    """

    corner: tuple[float, ...]
    reason: str


@dataclass(frozen=True)
class Certificate:
    """How far a front can be trusted.

    gap: per objective, in resolutions: for every feasible package there is one on the front that is no
        worse by more than this in that objective (all objectives at once). Infinite where unknown.
    hypervolume_gap: share of the volume that could be dominated and is not yet, 0 to 1, measured between
        `ideal` (proved bounds) and `reference`; nan before any point is known.
    cover_gap: the same with what the resolutions forgive counted as settled: the share in which packages may still lie
        that no known one matches to within a resolution. 0 for a complete front; never above hypervolume_gap.
    stopped_by: "" after a run to the end, else "time limit", "stopped", "numerics: ..." and the like.
    records: number of proved-empty regions that the proof rests on.
    versions: of all that took part.  proved_by: the solvers whose proofs were used, and how many of each.
    verified: True or False after `verify`, None before.
    """

    gap: Mapping[str, float]
    hypervolume_gap: float
    method: str
    solves: int
    seconds: float
    resolutions: Mapping[str, float]
    stopped_by: str = ""
    open_zones: tuple[OpenZone, ...] = ()
    records: int = 0
    ideal: tuple[float, ...] = ()
    reference: tuple[float, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    verified: bool | None = None
    infeasible: bool = False
    cover_gap: float = math.nan
    proved_by: Mapping[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether the front is proved: nothing open, and no gap above one resolution."""
        return not self.open_zones and not self.stopped_by and all(g <= 1 for g in self.gap.values())


@dataclass(frozen=True)
class Front:
    """Mutually nondominated packages with their certificate.

    points: (points, objectives), user units and senses, sorted by row, read-only.
    solutions: for each point its variables that are not zero, by the caller's variable names.
    records: (records, objectives), user units: no feasible package is strictly better than a record in every
        objective. Hand them to the next run as `records` when the change only removed packages.
    """

    points: Array
    solutions: tuple[Mapping[str, float], ...]
    certificate: Certificate
    records: Array

    @property
    def infeasible(self) -> bool:
        """Whether it is proved that no package at all satisfies the constraints."""
        return self.certificate.infeasible

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        c = self.certificate
        stopped = "complete" if c.complete else f"stopped by {c.stopped_by or 'open zones'}"
        gaps = ", ".join(f"{key} {value:.3g}" for key, value in c.gap.items())
        state = "infeasible" if c.infeasible else f"{stopped}; gap in resolutions: {gaps}"
        return f"<Front of {len(self)} points, {state}; {c.solves} solves, {c.seconds:.1f} s>"


@dataclass(frozen=True)
class Progress:
    """State of a running search.

    points: as in Front.  gap, hypervolume_gap, cover_gap: as in Certificate.  new: solutions found since the last Progress.
    front: the final Front in the last Progress of a run, else None.
    """

    seconds: float
    solves: int
    points: Array
    gap: Mapping[str, float]
    hypervolume_gap: float
    open_zones: int
    new: tuple[Mapping[str, float], ...] = ()
    front: Front | None = None
    cover_gap: float = math.nan
