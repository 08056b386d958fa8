"""A red-team study of a front: replies, what they do, which threats they make hollow, remedies, and the game."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..choices import Measure, Package
from ..judge.backing import is_backed, needs_backing
from ..questions import Question
from .game import Game, solve_game
from .remedies import Remedy, remedies
from .replies import Board, Level, Reply, board, replies_of


class Named(Protocol):
    """A package with its name, such as an option of a front."""

    @property
    def id(self) -> str: ...
    @property
    def package(self) -> Package: ...


@dataclass(frozen=True, eq=False)
class Finding:
    """What the red team found on one package. Risks as shares; `hollow`: threats and promises that stop being
    credible."""

    id: str
    risk: float
    best: Reply
    risk_after: float
    mildest: float  # the same reply at its low and its high
    harshest: float
    expected: float  # mean over the single replies, weighted by their chances
    hollow: tuple[Measure, ...]
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, eq=False)
class Study:
    """All findings; `risks`: (replies, packages), the first row without a reply."""

    replies: tuple[Reply, ...]
    ids: tuple[str, ...]
    risks: NDArray[np.float64]
    findings: tuple[Finding, ...]
    game: Game

    @property
    def front_before(self) -> list[str]:
        """Packages by risk without a reply."""
        return [self.ids[k] for k in np.argsort(self.risks[0], kind="stable")]

    @property
    def front_after(self) -> list[str]:
        """Packages by risk under the adversary's best reply to each."""
        return [self.ids[k] for k in np.argsort(self.risks.max(axis=0), kind="stable")]


def study(
    question: Question,
    front: Iterable[Named],
    *,
    at_once: int = 1,
    least: float = 0.05,
    remedies_for: Sequence[str] | None = None,
) -> Study:
    """The red team's study of a front; `remedies_for`: ids of packages to look for remedies for (default: none but
    the safest)."""
    replies = replies_of(question.case, question.catalog, at_once, least=least)
    options = list(front)
    packages, ids = [option.package for option in options], tuple(option.id for option in options)
    here = board(question.case, question.choices, question.catalog, replies)
    risks = here.risks(packages)
    wanted = set(ids[:1] if remedies_for is None else remedies_for)
    found = tuple(
        finding(question, ids[k], packages[k], here, risks[:, k], packages if ids[k] in wanted else None)
        for k in range(len(ids))
    )
    return Study(replies, ids, risks, found, solve_game(risks))


def finding(
    question: Question,
    name: str,
    package: Package,
    here: Board,
    risks: NDArray[np.float64],
    others: Sequence[Package] | None,
) -> Finding:
    """What the red team says of one package; others: the front, where remedies are wanted."""
    best = int(risks.argmax())
    reply = here.replies[best]
    weights = np.array([r.likelihood if len(r.ids) == 1 else 0.0 for r in here.replies])
    expected = float((risks * weights).sum() / weights.sum()) if weights.sum() > 0 else float(risks[0])
    mild, harsh = _levels(question, package, reply)
    cures = tuple(remedies(question, package, best, here, others)) if others is not None else ()
    return Finding(
        name, float(risks[0]), reply, float(risks[best]), mild, harsh, expected, hollow(here, package, best), cures
    )


def _levels(question: Question, package: Package, reply: Reply) -> tuple[float, float]:
    """Risk under the reply at its mildest and at its harshest."""
    levels: tuple[Level, ...] = ("low", "high")
    both = [Reply(reply.ids, reply.name, reply.likelihood, level) for level in levels]
    low, high = board(question.case, question.choices, question.catalog, both).risks([package])[:, 0]
    return float(low), float(high)


def hollow(here: Board, package: Package, reply: int) -> tuple[Measure, ...]:
    """Threats and promises that were backed, and are not under the reply: the deed behind them comes too late or not
    at all."""
    scene = here.judge.scene
    items = [here.judge.lane(measure).item for measure in package.measures]
    found = []
    for item in items:
        if needs_backing(item):
            backed = np.broadcast_to(np.asarray(is_backed(scene, item, items)), (len(here.replies),))
            if backed[0] and not backed[reply]:
                found.append(item.measure)
    return tuple(found)
