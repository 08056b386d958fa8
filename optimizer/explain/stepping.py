"""One live programme for every step that moves rows alone: a step is other limits of its rows, and a few rows more.

The programme has all measures on offer and all rows of the question, each under its own index. What rows a step has is
read from the same declarations: rows that it has no longer are let go, rows with another limit get it, new ones are
added. So nothing is said twice, and the relaxation of the step before is where the next begins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..choices import Choices
from ..front.program import Program
from ..model.programme import Programme, programme_of
from ..model.reduction import hard_rows, merged
from ..model.rows import Row
from ..model.rules import rows_of
from ..model.settings import Settings
from ..model.situation import Situation, compile_situation
from ..questions import Question
from .draft import Draft
from .engine import Engine, Shift
from .resolve import Resolver
from .steppable import Step

FIELDS = frozenset({"budget_musd", "reserve_musd", "first_effect_days", "max_measures", "capacity"})
STATES = frozenset({"R17", "R18", "R25", "R28", "R36", "R46"})  # whose states speak in rows alone
NUMBERS = frozenset(
    {"R01.g", "R17.f_min", "R17.margin", "R18.months", "R25.v", "R28.n", "R36.days", "R46.share"}
)  # the same of numbers of rules
OBJECTIVES = frozenset({"risk", "cost", "days", "coercion"})  # whose form no step changes

Key = tuple[frozenset[tuple[int, float]], tuple[tuple[float, tuple[int, ...]], ...]]


@dataclass(frozen=True)
class Stepping:
    """The live programme of one question and its steps."""

    question: Question

    def moves_rows_only(self, step: Step) -> bool:
        """Whether the step changes nothing but rows, so that it can be asked here."""
        if not {o.key for o in self.question.objectives} <= OBJECTIVES:
            return False
        among = {"rules": STATES, "parameters": NUMBERS}
        return step.field in FIELDS or step.item in among.get(step.field, ())

    def resolver(self, choices: Choices) -> Resolver | None:
        """What answers for the question under other choices, until the next is asked for; None: it has to be asked anew."""
        situation = self._under(choices)
        hard = hard_rows(situation)
        rows, base = _keyed(merged(situation, hard)), self._base
        added = [row for key, row in rows.items() if key not in base]
        if any(row.any_of for row in added):  # needs columns of its own, which a live programme does not get
            return None
        limits = {k: rows[k].limit if k in rows else math.inf for k in base}
        moved = {self._index[k]: limit for k, limit in limits.items() if limit != base[k].limit}
        self.engine.shift = Shift(moved, tuple((row.weights, row.limit) for row in added))
        return Resolver(self._asked(choices, situation), self.engine, hard)

    @property
    def idle(self) -> bool:
        """Whether the step asked for last moves no row at all."""
        return not self.engine.shift.moved and not self.engine.shift.added

    def _under(self, choices: Choices) -> Situation:
        wide, settings = self._wide, Settings(self.question.case, self.question.catalog, choices)
        if settings.allies == wide.settings.allies:
            return replace(wide, settings=settings)
        columns = tuple(replace(c, ally=settings.allies[c.ally.id]) for c in wide.columns)
        joins = tuple(replace(j, ally=settings.allies[j.ally.id]) for j in wide.joins)
        return replace(wide, settings=settings, columns=columns, joins=joins)

    def _asked(self, choices: Choices, situation: Situation) -> Question:
        q = self.question
        soft = [
            r.id for r in q.catalog.rules.values() if r.kind == "soft_penalty" and situation.settings.required(r.id)
        ]
        promoted = tuple(row for key in soft for row in rows_of(situation, key))
        programme = Programme(situation, q.programme.builder, [])
        return replace(q, choices=choices, programme=programme, priced=(), promoted=promoted)

    @cached_property
    def _wide(self) -> Situation:
        return compile_situation(self.question.case, self.question.catalog, self.question.choices)

    @cached_property
    def _base(self) -> dict[Key, Row]:
        return _keyed(merged(self._wide, hard_rows(self._wide)))

    @cached_property
    def _index(self) -> dict[Key, int]:
        first = len(self._bare.program.row_lower)
        return {key: first + k for key, k in zip(self._base, self._drafted[1], strict=True)}

    @cached_property
    def _bare(self) -> Engine:
        """Risk and costs without a single requirement."""
        return Engine(replace(self.question, programme=programme_of(self._wide, ())))

    @cached_property
    def _drafted(self) -> tuple[Draft, list[int]]:
        """All rows of the question on the wide columns, and where each of them stands."""
        size = len(self._wide.columns) + len(self._wide.joins)
        draft, places = Draft([1.0] * size, [True] * size), []
        for row in self._base.values():
            draft.add(row, {})
            places.append(len(draft.rows) - 1)
        draft.compacted()
        return draft, places

    @cached_property
    def engine(self) -> Engine:
        bare, (draft, _) = self._bare, self._drafted
        place = dict(bare.place)
        for j in range(len(draft.upper)):
            place.setdefault(j, bare.program.columns + sum(k not in bare.place for k in range(j)))
        leads = range(len(self._wide.columns) + len(self._wide.joins))
        return bare.with_rows(_extended(bare.program, draft, place), {i: place[i] for i in leads})


def _keyed(rows: Iterable[Row]) -> dict[Key, Row]:
    """Rows by what they weigh; of two that weigh the same the stricter."""
    found: dict[Key, Row] = {}
    for row in rows:
        key = frozenset(row.weights.items()), row.any_of
        if key not in found or row.limit < found[key].limit:
            found[key] = row
    return found


def _extended(program: Program, draft: Draft, place: Mapping[int, int]) -> Program:
    """A programme with the columns and rows of a draft besides its own."""
    new = [j for j in range(len(draft.upper)) if place[j] >= program.columns]
    entries = [(r, place[j], w) for r, (weights, _) in enumerate(draft.rows) for j, w in weights.items()]
    row, col, value = (np.array(part) for part in zip(*entries, strict=True))
    costs = np.pad(program.costs, ((0, 0), (0, len(new))))
    return replace(
        program,
        names=(*program.names, *(f"draft{j}" for j in new)),
        lower=np.append(program.lower, np.zeros(len(new))),
        upper=np.append(program.upper, [draft.upper[j] for j in new]),
        integer=np.append(program.integer, [draft.integer[j] for j in new]),
        row=np.append(program.row, row.astype(np.int64) + len(program.row_lower)),
        col=np.append(program.col, col.astype(np.int64)),
        value=np.append(program.value, value.astype(float)),
        row_lower=np.append(program.row_lower, np.full(len(draft.rows), -math.inf)),
        row_upper=np.append(program.row_upper, [limit for _, limit in draft.rows]),
        costs=costs,
        prefer=np.append(program.prefer, np.zeros(len(new))),
    )
