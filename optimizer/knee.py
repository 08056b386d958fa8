"""The knee of a front: the package that gives most of what can be had in every objective at once."""

from __future__ import annotations

from collections.abc import Sequence


def knee(points: Sequence[Sequence[float]]) -> int:
    """Place of the point with the smallest sum of values scaled from 0, best of the points, to 1, worst."""
    spans = [(min(column), (max(column) - min(column)) or 1.0) for column in zip(*points, strict=True)]
    sums = [sum((v - low) / width for v, (low, width) in zip(point, spans, strict=True)) for point in points]
    return sums.index(min(sums))
