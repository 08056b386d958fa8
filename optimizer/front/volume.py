"""Certified hypervolume gap: how much of the volume that might be dominated is not dominated yet."""

from __future__ import annotations

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


def volume_gap(points: Array, records: Array, ideal: Array, reference: Array) -> float:
    """1 - lower / upper: dominated by points, over the box from ideal to reference less what records prove empty.

    points, records: (n, objectives), minimised; nothing feasible is strictly below a record or the ideal.
    """
    if not len(points) or not np.isfinite(ideal).all() or not np.isfinite(reference).all():
        return float("nan")
    side = np.maximum(reference - ideal, 0.0)
    if not side.all():
        return 0.0
    lower = hypervolume((points - ideal) / side, np.ones(len(ideal)))
    clipped = np.minimum((records - ideal) / side, 1.0)
    upper = 1.0 - hypervolume(-clipped, np.zeros(len(ideal)))
    return float(min(max(1.0 - lower / upper, 0.0), 1.0)) if upper > 0 else 0.0
