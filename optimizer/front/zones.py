"""Search zones (Klamroth, Lacour and Vanderpooten 2015): where nondominated points may still be.

A zone is the region strictly below its corner, a local upper bound of the known points. All arrays are to be minimised.
"""

from __future__ import annotations

import numpy as np

from .types import Array, Places

_HUGE = 1e300
_MANY = 100  # rows beyond which the compiled test pays for its import


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
    children = [_outermost(z, axis, kept, old) for axis in range(len(z))]
    return kept, np.vstack(children)


def _outermost(z: Array, axis: int, kept: Array, old: Array) -> Array:
    """The old corners cut at z along one axis, less those inside another zone; (children, objectives).

    A zone around such a child has z itself on its corner along that axis, or it would hold z: few are compared.
    """
    children = old.copy()
    children[:, axis] = z[axis]
    children = np.unique(children, axis=0)
    rivals = np.vstack([kept[kept[:, axis] == z[axis]], children])
    inside = (children[:, None] <= rivals[None]).all(axis=2).sum(axis=1) > 1
    outermost: Array = children[~inside]
    return outermost


def nondominated(points: Array) -> Places:
    """Positions of the rows of points that no other row dominates; of equal rows the first one."""
    if len(points) > _MANY:
        import moocore  # type: ignore[import-untyped]

        finite = np.nan_to_num(points, posinf=_HUGE, neginf=-_HUGE)  # moocore 0.3.2 dies of infinite numbers
        found: Places = np.flatnonzero(moocore.is_nondominated(np.ascontiguousarray(finite)))
        return found
    kept: list[int] = []
    for i in np.lexsort(points.T[::-1]):
        if not (points[kept] <= points[i]).all(axis=1).any():
            kept.append(int(i))
    return np.array(sorted(kept), dtype=np.int64)
