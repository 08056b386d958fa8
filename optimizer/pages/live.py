"""What is known of a front at one moment, and the question behind it. No Streamlit here."""

from __future__ import annotations

import functools
import hashlib
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..answers import Axis, PlanFront
from ..choices import Choices, Package
from ..front import Certificate
from ..inputs.records import Case, Catalog
from ..questions import Question, ask
from ..solving import exact_of, fingerprint, option
from . import rooms

PREPARING = threading.Lock()
OFF = "of your choice"  # a package that is not on the front
SAME = 1e-7  # relative difference below which two values are one


@dataclass(frozen=True)
class Spot:
    """One package of a front with its objective values, in the order of the axes."""

    key: str
    values: tuple[float, ...]
    package: Package


@dataclass(frozen=True)
class Picture:
    """What is known at one moment: packages, the gap, and how the search stands."""

    state: str = "waiting"  # waiting, preparing, searching, explaining, done, failed
    axes: tuple[Axis, ...] = ()
    spots: tuple[Spot, ...] = ()
    gap: Mapping[str, float] = field(default_factory=dict)
    hypervolume_gap: float = math.nan
    open_zones: int = 0
    solves: int = 0
    seconds: float = 0.0
    first_seconds: float | None = None  # until the first package was known
    certificate: Certificate | None = None
    why_nothing: rooms.WhyNone | None = None
    fault: str = ""

    @property
    def running(self) -> bool:
        return self.state not in ("done", "failed")

    @property
    def infeasible(self) -> bool:
        return self.certificate is not None and self.certificate.infeasible

    def find(self, key: str | None) -> Spot | None:
        return next((s for s in self.spots if s.key == key), None)

    def label(self, key: str) -> str:
        """P1, P2, ... in the order of the first objective; a package that is not on the front has no number."""
        return next((f"P{k}" for k, s in enumerate(self.spots, start=1) if s.key == key), OFF)


def key_of(package: Package) -> str:
    """A short name of a package that does not change while the front grows."""
    return hashlib.sha256(repr(package).encode()).hexdigest()[:10]


@functools.lru_cache(maxsize=8)
def _prepared(prints: str, choices: Choices, held: Held) -> Question:
    return ask(held.case, choices, held.catalog)


class Held:
    """Data that stand behind a fingerprint: equal to one another, so that the fingerprint alone decides."""

    def __init__(self, case: Case, catalog: Catalog) -> None:
        self.case, self.catalog = case, catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)

    def __hash__(self) -> int:
        return 0


def prepared(case: Case, choices: Choices, catalog: Catalog) -> Question:
    """The question of a case under choices, built once; two threads that ask for it at once wait for one another."""
    with PREPARING:
        return _prepared(fingerprint(case, catalog), choices, Held(case, catalog))


def spot_of(question: Question, package: Package) -> Spot | None:
    """A package as the judge sees it under a question; None where it is not on offer or breaks a requirement."""
    try:
        return judged_spot(question, question.situation.indices(package))
    except KeyError:
        return None


def judged_spot(question: Question, chosen: frozenset[int]) -> Spot | None:
    """Chosen columns with the judge's values; None if the judge finds a requirement broken."""
    values = exact_of(question, chosen)
    if values is None:
        return None
    package = question.situation.package(chosen)  # measures in one order for all, so that one package has one key
    return Spot(key_of(package), tuple(map(float, values)), package)


def ordered(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda s: s.values))


def nondominated(spots: Sequence[Spot]) -> list[Spot]:
    """Spots that no other one beats; all objectives are better when less."""
    if not spots:
        return []
    values = np.array([s.values for s in spots])
    slack = SAME * np.maximum(1.0, np.abs(values))
    return [
        s
        for s, v, e in zip(spots, values, slack, strict=True)
        if not ((values <= v).all(axis=1) & (values < v - e).any(axis=1)).any()
    ]


def plan_front(question: Question, picture: Picture) -> PlanFront:
    """The picture as the front that every other room takes; packages are judged here."""
    options = tuple(
        replace(option(question, question.situation.indices(s.package)), id=f"P{k}")
        for k, s in enumerate(picture.spots, start=1)
    )
    certificate = picture.certificate or Certificate(
        picture.gap, picture.hypervolume_gap, "search zones", picture.solves, picture.seconds,
        {a.key: a.resolution for a in picture.axes}, stopped_by="still searching",
    )  # fmt: skip
    print_ = fingerprint(question.case, question.catalog)
    return PlanFront(question.case, question.choices, print_, picture.axes, options, certificate)
