"""Whether any package exists while some requirements are held and others dropped: one live model per question."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from ..choices import Package
from ..judge.check import violations
from ..model.rules import rows_of
from ..questions import Question
from .live import AS_IT_IS, Array, Live, Outcome, Stop, never
from .loosened import Loosened


class Possible:
    """The feasibility model of one question; with `loosened`, of the rows given."""

    def __init__(self, question: Question, loosened: Loosened | None = None) -> None:
        self.question = question
        self.loosened = Loosened(question).with_rules() if loosened is None else loosened
        self.q, self.most, self.wide = self.loosened.q, self.loosened.most, self.loosened.wide
        self.arrays = self.loosened.draft.arrays()
        self._live: dict[bool, Live] = {}

    def _model(self, whole: bool) -> Live:
        if whole not in self._live:
            self._live[whole] = Live(self.arrays, whole, presolve=False, options=None if whole else AS_IT_IS)
        return self._live[whole]

    def _hold(self, model: Live, held: Collection[str], free: Collection[str] = ()) -> None:
        """Fix each requirement as held or dropped; `free` ones may be loosened by any amount."""
        keys = list(self.q)
        most = [0.0 if k in held else self.most[k] for k in keys]
        least = [0.0 if k in free else m for k, m in zip(keys, most, strict=True)]
        model.bound_columns([self.q[k] for k in keys], least, most)

    def relaxed(self, held: Collection[str]) -> Outcome:
        """The answer for fractions of measures: infeasible is a proof."""
        model = self._model(False)
        self._hold(model, held)
        return model.run()

    def spare(self, key: str, held: Collection[str]) -> float:
        """By how much an amount could be tightened before even fractions of measures could not keep it."""
        model, column = self._model(False), self.q[key]
        self._hold(model, held)
        model.bound_columns([column], [-self.most[key]], [0.0])
        model.minimise(self._cost({column: 1.0}))
        outcome = model.run()
        model.minimise(self._cost({}))
        return -outcome.value

    def tightest(self, key: str, spare: float, held: Collection[str]) -> Outcome:
        """The relaxation with one amount tightened by just more than it can spare."""
        model, beyond = self._model(False), -spare - 1e-3 * max(1.0, abs(spare))
        self._hold(model, held)
        model.bound_columns([self.q[key]], [beyond], [beyond])
        return model.run()

    def whole(self, held: Collection[str], seconds: float, stop: Stop = never) -> Outcome:
        """The answer for whole measures."""
        model = self._model(True)
        self._hold(model, held)
        model.minimise(self._cost({}))
        return model.run(seconds, stop)

    def least(
        self, costs: Mapping[int, float], dropped: Collection[str], moved: Collection[str], seconds: float = math.inf,
        stop: Stop = never, gap: float = 0.0, whole: bool = True,
    ) -> Outcome:  # fmt: skip
        """The least amounts by which some of what is dropped has to be moved while all others hold."""
        model = self._model(whole)
        self._hold(model, [k for k in self.q if k not in dropped], moved)
        model.minimise(self._cost(costs))
        outcome = model.run(seconds, stop, gap=gap)
        model.minimise(self._cost({}))
        return outcome

    def _cost(self, costs: Mapping[int, float]) -> Array:
        weights = np.zeros(len(self.arrays.lower))
        for column, cost in costs.items():
            weights[column] = cost
        return weights

    def blamed(self, ray: Array | None) -> frozenset[str]:
        """The requirements of the rows that a proof rests on; all of them where there is no proof to read."""
        if ray is None:
            return frozenset(self.q)
        names = self.loosened.draft.names
        return frozenset(k for row in np.flatnonzero(np.abs(ray[: len(names)]) > 1e-9) for k in names[row])

    def keeps(self, package: Package, rules: Iterable[str]) -> bool:
        """Whether a package keeps the rows of some rules."""
        chosen = self.wide.indices(package)
        return all(row.kept(chosen) for key in rules for row in rows_of(self.wide, key))

    def accepts(self, package: Package) -> bool:
        """Whether the judge finds nothing against a package under the question's choices, nor a soft rule required."""
        q = self.question
        if violations(q.case, package, q.choices, q.catalog):
            return False
        soft = [
            r.id for r in q.catalog.rules.values() if r.kind == "soft_penalty" and self.wide.settings.required(r.id)
        ]
        return not soft or self.keeps(package, soft)

    def package(self, outcome: Outcome) -> Package | None:
        """The package of an answer, if it has one."""
        if outcome.x is None:
            return None
        return self.wide.package(np.flatnonzero(outcome.x[: self.loosened.size] > 0.5).tolist())
