"""Certified gaps in volume: how much of what might be dominated is not dominated yet, or is not settled yet."""

from __future__ import annotations

import math

import numpy as np

from .types import Array


def hypervolume(points: Array, reference: Array) -> float:
    """Volume dominated by points up to the reference, all minimised (moocore; Guerreiro, Fonseca and Paquete 2021)."""
    inside = points[(points < reference).all(axis=1)]
    if not len(inside):
        return 0.0
    if points.shape[1] == 1:
        return float(reference[0] - inside.min())
    import moocore  # type: ignore[import-untyped]

    return float(moocore.hypervolume(np.ascontiguousarray(inside), ref=reference))


def volume_gaps(
    points: Array, open_corners: Array, records: Array, ideal: Array, reference: Array
) -> tuple[float, float]:
    """Shares of the box from ideal to reference, less what records prove empty, that are not dominated and not settled.

    points, records: (n, objectives), minimised; nothing feasible is strictly below a record or the ideal.
    open_corners: (zones, objectives), the corners below which open zones might hold a package that the points do not
        match to within a resolution: what they reach beyond the records is not settled. Without resolutions to spare both
        shares are the same; with them a complete front leaves a strip that is not dominated, and nothing unsettled.
    """
    if not len(points) or not np.isfinite(ideal).all() or not np.isfinite(reference).all():
        return math.nan, math.nan
    side = np.maximum(reference - ideal, 0.0)
    if not side.all():
        return 0.0, 0.0
    lower = hypervolume((points - ideal) / side, np.ones(len(ideal)))
    empty, both = (_below((corners - ideal) / side) for corners in (records, np.vstack([records, open_corners])))
    upper = 1.0 - empty
    if upper <= 0:
        return 0.0, 0.0
    return min(max(1.0 - lower / upper, 0.0), 1.0), min(max((both - empty) / upper, 0.0), 1.0)


def _below(corners: Array) -> float:
    """Share of the unit box that lies strictly below some corner."""
    return hypervolume(-np.minimum(corners, 1.0), np.zeros(corners.shape[1]))
