"""What the books cost beside the solvers when there are many zones: `python -m benchmarks.bookkeeping [--zones N]`.

Points of a random three-objective front are entered until there are so many zones; then the same number of points,
cuts, boxes and measures of the gap is timed. A solver's answer brings one point or one proof to the books, so the
share of a search that bookkeeping takes is these milliseconds over theirs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from optimizer.front.book import Book
from optimizer.front.direct import by_uncertainty, neighbours
from optimizer.front.space import Space
from optimizer.front.volume import volume_gaps

REPEATS = 20


def points_of(count: int, rng: np.random.Generator) -> np.ndarray:
    """Whole-number points near a quarter sphere, most of them nondominated; (count, 3)."""
    direction = np.abs(rng.normal(size=(count, 3)))
    bent = 1 - direction / np.linalg.norm(direction, axis=1)[:, None]
    return rng.permutation(np.unique(np.round(20_000 * bent), axis=0))


def filled(zones: int, rng: np.random.Generator) -> tuple[Book, np.ndarray]:
    """A book with that many zones, and points not entered yet."""
    three = np.ones(3)
    book = Book(Space(three, three, three, 0 * three, (None,) * 3), np.full(3, 20_001.0))
    points = points_of(2 * zones, rng)
    for place, z in enumerate(points):
        book.add_point(z, z)
        if len(book.corners) >= zones:
            return book, points[place + 1 :]
    return book, points[:0]


def milliseconds(action: Callable[[int], object]) -> float:
    """Mean of REPEATS calls."""
    began = time.process_time()
    for repeat in range(REPEATS):
        action(repeat)
    return 1e3 * (time.process_time() - began) / REPEATS


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bookkeeping", description=__doc__)
    parser.add_argument("--zones", type=int, default=10_000)
    zones = parser.parse_args().zones
    rng = np.random.default_rng(0)
    began = time.process_time()
    book, left = filled(zones, rng)
    print(f"{len(book.points)} points, {len(book.corners)} zones after {time.process_time() - began:.1f} s")
    reference, everywhere = np.full(3, 20_001.0), np.full(3, np.inf)
    free = book.free()
    steps: dict[str, Callable[[int], object]] = {
        "pick a zone": lambda _: by_uncertainty(book, reference, free),
        "find 16 neighbours": lambda k: neighbours(book, int(free[k]), 16),
        "find a zone by its corner": lambda k: book.place(book.corners[k]),
        "enter a point": lambda k: book.add_point(left[k], left[k]),
        "enter a cut": lambda _: book.add_cut(everywhere, rng.dirichlet(np.ones(3)), 5000.0),
        "enter a box": lambda k: book.add_box(book.corners[k] - 1),
        "gap in resolutions": lambda _: book.gap(),
        "records": lambda _: book.records(),
        "gaps in volume": lambda _: volume_gaps(book.points, book.corners, book.boxes, 0 * reference, reference),
    }
    for name, action in steps.items():
        print(f"{name:28s} {milliseconds(action):8.2f} ms", flush=True)


if __name__ == "__main__":
    main()
