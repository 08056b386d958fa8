"""The programme of one question, loaded once: an ask changes its bounds, limits and costs, and it is run again."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..front.program import Program, read
from ..model.objectives import OBJECTIVES, expression
from ..questions import Question
from .asks import Ask
from .live import STEP_BY_STEP, Array, Arrays, Live, Options, Outcome, Stop
from .tree import Gains, Tree


@dataclass(frozen=True)
class Shift:
    """Rows of the programme with other upper limits, and rows besides (weights by column of the situation, limit)."""

    moved: Mapping[int, float] = field(default_factory=dict)
    added: tuple[tuple[Mapping[int, float], float], ...] = ()


class Engine:
    """Live models of a programme: one for whole measures, and for each objective a relaxation that stays warm."""

    def __init__(self, question: Question) -> None:
        self.keys = tuple(dict.fromkeys([o.key for o in question.objectives] + ["risk", "cost"]))
        forms = [expression(OBJECTIVES[key].solver_form(question.programme)) for key in self.keys]
        with np.errstate(invalid="ignore"):
            program = read(question.programme.problem, forms, np.ones(len(forms)), None, self.keys)
        places = {name: j for j, name in enumerate(program.names)}
        self._load(program, {i: places[v.name] for i, v in enumerate(question.programme.x) if v.name in places})

    def _load(self, program: Program, place: Mapping[int, int]) -> None:
        self.program, self.place = program, place
        self.shift = Shift()
        self.binaries = int(program.integer.sum())
        self._first_bound = len(program.row_lower)
        self._live: dict[str, Live] = {}
        self._ends: dict[str, tuple[int, Any]] = {}  # rows of the last ask of each objective, and where it ended

    def with_rows(self, program: Program, place: Mapping[int, int]) -> Engine:
        """The same objectives over a programme with more columns and rows."""
        other = copy(self)
        other._load(program, place)
        return other

    @cached_property
    def _arrays(self) -> Arrays:
        return _arrays(self.program)

    def relaxed(self, ask: Ask, seconds: float, stop: Stop, held: Collection[int] = frozenset()) -> Outcome:
        """The relaxation of an ask; `held` columns are taken."""
        return self._run(self._model(ask.minimise, False), ask, seconds, stop, held=held)

    def whole(
        self, ask: Ask, seconds: float, stop: Stop, start: Collection[int] | None = None,
        held: Collection[int] = frozenset(), only: Collection[int] | None = None, gap: float = 0.0,
    ) -> Outcome:  # fmt: skip
        """An ask for whole measures; `held` columns are taken, others than `only` are not."""
        return self._run(self._model("", True), ask, seconds, stop, start, held, only, gap)

    def _model(self, key: str, whole: bool, options: Options | None = None) -> Live:
        if key not in self._live:
            self._live[key] = Live(self._arrays, whole, options=options)
        return self._live[key]

    def _run(
        self, model: Live, ask: Ask, seconds: float, stop: Stop, start: Collection[int] | None = None,
        held: Collection[int] = frozenset(), only: Collection[int] | None = None, gap: float = 0.0,
    ) -> Outcome:  # fmt: skip
        lower, upper = self._bounds(ask)
        if only is not None:
            upper[[j for i, j in self.place.items() if i not in only]] = 0.0
        lower[[self.place[i] for i in held if i in self.place and i not in ask.out]] = 1.0
        model.bound_columns(range(self.program.columns), lower, upper)
        with self._asked(model, ask):
            if not model.whole:
                self._go_on(model, ask)
            outcome = model.run(seconds, stop, None if start is None else self._vector(start), gap)
            if not model.whole:
                self._ends[ask.minimise] = self._count(ask), model.basis()
            return outcome

    def _go_on(self, model: Live, ask: Ask) -> None:
        """Let a relaxation begin where the last one of its objective ended.

        A solver forgets that with the rows of an ask, where they were at their limits; it fits where as many stand now.
        """
        count, end = self._ends.get(ask.minimise, (-1, None))
        if count == self._count(ask):
            model.start_from(end)

    def _count(self, ask: Ask) -> int:
        """Rows that an ask brings."""
        return len(ask.one_of) + len(ask.rows) + len(self.shift.added)

    def _bounds(self, ask: Ask) -> tuple[Array, Array]:
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        upper[[self.place[i] for i in ask.out if i in self.place]] = 0.0
        return lower, upper

    @contextmanager
    def _asked(self, model: Live, ask: Ask) -> Iterator[None]:
        """A model with the costs, limits and rows of an ask, while it is being asked."""
        model.minimise(self.program.costs[self.keys.index(ask.minimise)])
        for k, key in enumerate(self.keys):
            model.limit_row(self._first_bound + k, self._limit(key, ask.at_most.get(key, math.inf)))
        moved = self.shift.moved
        for row, limit in moved.items():
            model.limit_row(row, limit)
        rows = self._extra(ask)
        model.add_rows(rows)
        yield
        model.drop_rows(len(rows))
        for row in moved:
            model.limit_row(row, float(self.program.row_upper[row]))

    @contextmanager
    def tree(self, ask: Ask) -> Iterator[Tree]:
        """An ask to be branched on, in a model of its own, so that others can be asked beside it."""
        model = self._model(f"tree of {ask.minimise}", False, STEP_BY_STEP)
        with self._asked(model, ask):
            self._go_on(model, ask)
            yield Tree(model, *self._bounds(ask), self._gains)

    @cached_property
    def _gains(self) -> Gains:
        return Gains(self.program)

    def _limit(self, key: str, limit: float) -> float:
        value = self.in_program(key, limit)
        return value + 1e-7 * max(1.0, abs(limit) if math.isfinite(limit) else 1.0)

    def _extra(self, ask: Ask) -> list[tuple[Mapping[int, float], float]]:
        groups = [({self.place[i]: -1.0 for i in group if i in self.place}, -1.0) for group in ask.one_of]
        given = [
            ({self.place[i]: w for i, w in weights.items() if i in self.place}, limit)
            for weights, limit in (*ask.rows, *self.shift.added)
        ]
        return [*groups, *given]

    def _vector(self, chosen: Collection[int]) -> Array:
        start = np.zeros(self.program.columns)
        start[[self.place[i] for i in chosen if i in self.place]] = 1.0
        return start

    def chosen(self, x: Array | None) -> frozenset[int] | None:
        """The columns that an answer takes."""
        return None if x is None else frozenset(i for i, j in self.place.items() if x[j] > 0.5)

    def to_user(self, key: str, value: float) -> float:
        """A value of the programme's objective in the user's unit."""
        if not math.isfinite(value):
            return value
        value += float(self.program.constants[self.keys.index(key)])
        to_user = OBJECTIVES[key].to_user
        return to_user(value) if to_user is not None else value

    def in_program(self, key: str, value: float) -> float:
        """A value in the user's unit as the programme's objective has it."""
        to_solver = OBJECTIVES[key].to_solver
        value = to_solver(value) if to_solver is not None and math.isfinite(value) else value
        return value - float(self.program.constants[self.keys.index(key)])

    def to_program(self, key: str, value: float, step: float) -> float:
        """By how much the programme's objective falls where the user's falls by a step from a value."""
        to_solver = OBJECTIVES[key].to_solver
        return to_solver(value) - to_solver(value - step) if to_solver is not None and value > step else step


def _arrays(program: Program) -> Arrays:
    rows: list[dict[int, float]] = [{} for _ in program.row_lower]
    for i, j, value in zip(program.row.tolist(), program.col.tolist(), program.value.tolist(), strict=True):
        rows[i][j] = rows[i].get(j, 0.0) + value
    bounded = zip(rows, program.row_lower.tolist(), program.row_upper.tolist(), strict=True)
    objectives = [({int(j): float(c[j]) for j in np.flatnonzero(c)}, -math.inf, math.inf) for c in program.costs]
    return Arrays(program.lower, program.upper, program.integer, (*bounded, *objectives))
