"""How evolution judges packages: at the mids, as the exact search has them, or in the full stochastic model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices import Package
from ..doubt.draws import Design, Law
from ..doubt.ensemble import KEYS
from ..doubt.measures import cvar
from ..doubt.numbers import numbers_of
from ..judge.evaluate import Judge, Outcomes, make_judge
from ..model.audit import shortfall
from ..questions import Question
from ..redteam.replies import Reply, board, draws_of, replies_of

Floats = NDArray[np.float64]
Chosen = frozenset[int]
Judged = Callable[[Sequence[Chosen]], Floats]  # objectives of each package, (packages, objectives)


def at_mids(question: Question) -> Judged:
    """By the mids of all numbers."""
    judge = make_judge(question.case, question.choices, question.catalog)
    return lambda many: _points(question, many, lambda package: _means(judge.outcomes(package), None))


@dataclass(frozen=True)
class Stochastic:
    """What no programme holds: partners that decline, bodies that refuse, lead times that slip, turns that are seen
    late; and, where `reacts`, perpetrators who make their best reply with its chance in this case.

    Risk is the mean over the scenarios, or the mean of the worst `tail` share; the other objectives are means.
    """

    question: Question
    scenarios: int
    seed: int
    tail: float | None = None
    reacts: bool = False
    _judges: dict[tuple[str, ...], Judge] = field(default_factory=dict)
    _replies: list[tuple[Reply, ...]] = field(default_factory=list)

    def __call__(self, many: Sequence[Chosen]) -> Floats:
        return _points(self.question, many, self.means)

    def means(self, package: Package) -> dict[str, float]:
        """Objectives of one package."""
        found = _means(self._judge().outcomes(package), self.tail)
        reply = self.best_reply(package) if self.reacts else None
        if reply is None:
            return found
        then = _means(self._judge(reply).outcomes(package), self.tail)
        return {key: found[key] + reply.likelihood * (then[key] - found[key]) for key in found}

    def best_reply(self, package: Package) -> Reply | None:
        """The reply that leaves most risk at the mids by its chance; None where none does harm."""
        q = self.question
        if not self._replies:
            self._replies.append(replies_of(q.case, q.catalog))
        replies = self._replies[0]
        risks = self._board.outcomes(package).risk
        harm = [reply.likelihood * float(risk - risks[0]) for reply, risk in zip(replies, risks, strict=True)]
        best = int(np.argmax(harm))
        return replies[best] if harm[best] > 0 else None

    @property
    def _board(self) -> Judge:
        q, key = self.question, ("every reply",)
        if key not in self._judges:
            self._judges[key] = board(q.case, q.choices, q.catalog, self._replies[0]).judge
        return self._judges[key]

    def _judge(self, reply: Reply | None = None) -> Judge:
        """The judge of all scenarios, under a reply; remembered, as it remembers what it has judged."""
        key = () if reply is None else reply.ids
        if key not in self._judges:
            q = self.question
            design = Design(numbers_of(q.case, q.catalog, q.choices), q.catalog, Law(), self.seed)
            drawn: Mapping[str, Any] = design.draws(0, self.scenarios)
            self._judges[key] = make_judge(q.case, q.choices, q.catalog, _under(drawn, reply, q))
        return self._judges[key]


def _under(drawn: Mapping[str, Any], reply: Reply | None, question: Question) -> Mapping[str, Any]:
    """Drawn numbers with what a reply does beside them; where it hastens the killing, that exponent scales the drawn
    one."""
    if reply is None:
        return drawn
    one = next(iter(drawn.values()))
    added = {name: np.full(len(one), v[0], one.dtype) for name, v in draws_of([reply], question.catalog).items()}
    if "timing" in drawn:
        added["timing"] = added["timing"] * drawn["timing"]
    return {**drawn, **added}


def _means(found: Outcomes, tail: float | None) -> dict[str, float]:
    means = {key: float(np.mean(getattr(found, key), dtype=float)) for key in KEYS}
    if tail is not None:
        means["risk"] = float(cvar(np.asarray(found.risk, dtype=float)[:, None], tail)[0])
    return means


def _points(question: Question, many: Sequence[Chosen], means: Callable[[Package], dict[str, float]]) -> Floats:
    keys, rows = [o.key for o in question.objectives], []
    for chosen in many:
        package = question.situation.package(chosen)
        known = means(package)
        if "shortfall" in keys:
            known["shortfall"] = shortfall(question.priced, chosen)
        known |= {key: exact(package) for key, exact in question.further}
        rows.append([known[key] for key in keys])
    return np.array(rows, dtype=float).reshape(len(many), len(keys))
