"""What the caller sees of a run: progress while it lasts, the front with its certificate at the end."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Mapping

import numpy as np

from .book import GIVEN_UP, TIRED
from .run import Run
from .types import Array, Certificate, Front, OpenZone, Progress, frozen
from .volume import volume_gaps

METHODS = {"zones": "search zones", "walk": "epsilon walk"}
_AFFORDABLE = 0.1  # seconds that a stopped run may still spend on its gaps
_SHARE = 0.04  # of the time so far that may have gone into computing gaps; a run to the end reports exact ones


def progress(run: Run, front: Front | None = None) -> Progress:
    """The state of the run; gaps are as of the last time they were affordable to compute."""
    if run.seconds_reporting <= _SHARE * run.seconds():
        measure(run)
    fresh, run.fresh = tuple(run.fresh), []
    points, zones = frozen(_sorted(run)[0]), len(run.book.corners)
    return Progress(run.seconds(), run.solves, points, _gap(run), run.volume, zones, fresh, front, run.unsettled)


def measure(run: Run) -> None:
    """Compute both gaps anew."""
    began, first = time.thread_time(), math.isnan(run.volume)
    run.book.gap()
    book, ideal = run.book, run.space.z_of(run.low)
    unsettled = run.space.empty_corner(book.corners)
    latest = volume_gaps(book.points, unsettled, book.records(), ideal, run.reference)
    run.volume, run.unsettled = (
        latest if math.isnan(run.volume) else np.minimum(latest, (run.volume, run.unsettled)).tolist()
    )
    run.last_measure = time.thread_time() - began
    run.seconds_reporting += 0.0 if first else run.last_measure  # the first one loads moocore


def finish(run: Run, proved_by: Mapping[str, int]) -> Front:
    """The front with its certificate, whatever stopped the run; proved_by: how many answers of each solver proved something."""
    if not run.stopped_by or run.last_measure < _AFFORDABLE:  # older gaps are valid too: they only shrink
        measure(run)
    user, packages = _sorted(run)
    signs, keys = run.space.signs, run.wishes.keys
    zones, records = _open_zones(run), run.book.records()
    certificate = Certificate(
        gap=_gap(run),
        hypervolume_gap=run.volume if zones or (run.space.slack > 0).any() else 0.0,
        method=METHODS[run.wishes.method],
        solves=run.solves,
        seconds=run.seconds(),
        resolutions=dict(zip(keys, run.space.resolutions.tolist(), strict=True)),
        stopped_by=run.trouble or (run.stopped_by if zones else ""),
        open_zones=zones,
        records=len(records),
        ideal=tuple((run.space.z_of(run.low) * signs).tolist()),
        reference=tuple((run.reference * signs).tolist()),
        versions=dict(versions()),
        infeasible=not zones and not len(user),
        cover_gap=run.unsettled if zones else 0.0,
        proved_by=dict(proved_by),
    )
    return Front(frozen(user), tuple(run.program.named(x) for x in packages), certificate, frozen(records * signs))


@functools.cache
def versions() -> dict[str, str]:
    """Versions of what a proof rests on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in ("pulp", "highspy", "cbcbox", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _open_zones(run: Run) -> tuple[OpenZone, ...]:
    book, otherwise = run.book, run.stopped_by or "not reached"
    return tuple(
        OpenZone(
            tuple((corner * run.space.signs).tolist()),
            book.reasons.get(corner.tobytes(), otherwise) if state in (GIVEN_UP, TIRED) else otherwise,
        )
        for corner, state in zip(book.corners, book.states, strict=True)
    )


def _gap(run: Run) -> dict[str, float]:
    return dict(zip(run.wishes.keys, run.book.reach.tolist(), strict=True))


def _sorted(run: Run) -> tuple[Array, list[Array]]:
    """Points in user units, by row, and their packages."""
    user = run.book.points * run.space.signs
    order = np.lexsort(user.T[::-1])
    return user[order] + 0.0, [run.book.packages[i] for i in order]
