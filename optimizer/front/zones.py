"""Search zones (Klamroth, Lacour and Vanderpooten 2015): where nondominated points may still be.

A zone is the region strictly below its corner, a local upper bound of the known points. All arrays are to be minimised.
"""

from __future__ import annotations

import numpy as np

from .types import Array, Places


def split(zones: Array, z: Array) -> tuple[Array, Array]:
    """Zones once the point z is known.

    zones: (zones, objectives).  z: (objectives,), which need not be nondominated.
    Returns the zones that do not hold z, and the corners that replace those that do; corners inside another
    zone are left out (Proposition 2.3 of the paper, checked directly, so that ties need no special care).
    """
    hit = (z < zones).all(axis=1)
    kept, old = zones[~hit], zones[hit]
    if not len(old):
        return zones, old
    axes = np.repeat(np.arange(len(z)), len(old))
    children = np.tile(old, (len(z), 1))
    children[np.arange(len(children)), axes] = z[axes]
    return kept, _outermost(np.unique(children, axis=0), kept)


def _outermost(children: Array, kept: Array) -> Array:
    """The children that lie in no other child and in no kept zone; (children, objectives)."""
    inside = np.zeros(len(children), dtype=bool)
    for i, child in enumerate(children):
        inside[i] = (child <= kept).all(axis=1).any() or (child <= children).all(axis=1).sum() > 1
    return children[~inside]


def nondominated(points: Array) -> Places:
    """Positions of the rows of points that no other row dominates; of equal rows the first one."""
    order = np.lexsort(points.T[::-1])
    kept = np.empty_like(points)
    places: list[int] = []
    for i in order:
        known = kept[: len(places)]
        if not (known <= points[i]).all(axis=1).any():
            kept[len(places)] = points[i]
            places.append(int(i))
    return np.array(sorted(places), dtype=np.int64)
