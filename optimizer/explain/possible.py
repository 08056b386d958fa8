"""Whether any package exists, with each requirement loosened by itself: one live model without anything of risk.

Its rows are those of the programme, on every measure that the judge would look at. Where a requirement is dropped, the
model asks for
no more than the judge would; so what it proves impossible is impossible, and what it finds possible the judge has to
confirm.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..choices import Choices, Package
from ..model.rows import Row
from ..model.rules import RULES, rows_of
from ..model.settings import Settings
from ..model.situation import Situation, compile_situation
from ..model.structure import STRUCTURE
from ..questions import Question
from .live import Array, Arrays, Live, Outcome, Stop, never
from .requirements import Requirement, requirements_of

ALWAYS = ("one_of_each", "exclusions", "prerequisites", "capacity", "participation")
AMOUNTS = ("budget_musd", "funder_musd", "deadline_days", "first_effect_days", "max_measures")  # loosened by degrees


@dataclass
class _Draft:
    """Columns and rows under construction; a row is (weights, upper limit)."""

    upper: list[float]
    integer: list[bool]
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    names: list[frozenset[str]] = field(default_factory=list)  # requirements of each row

    def column(self, upper: float, integer: bool = False) -> int:
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.upper) - 1

    def at_most(self, weights: Mapping[int, float], limit: float, names: Iterable[str] = ()) -> None:
        self.rows.append((dict(weights), limit))
        self.names.append(frozenset(names))

    def add(self, row: Row, slack: Mapping[int, float], names: Iterable[str] = ()) -> None:
        """A row of the model, loosened by slack columns."""
        left = dict(row.weights)
        for weight, group in row.any_of:
            some = self.column(1.0)
            left[some] = left.get(some, 0.0) + weight
            if weight > 0:
                for i in group:
                    self.at_most({i: 1.0, some: -1.0}, 0.0)
            else:
                self.at_most({some: 1.0} | dict.fromkeys(group, -1.0), 0.0)
        for column, coefficient in slack.items():
            left[column] = -coefficient
        self.at_most(left, row.limit, names)


class Possible:
    """The feasibility model of one question. `q`: requirement -> column by which it is loosened."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.requirements = {r.key: r for r in requirements_of(question) if not r.swap}
        released: Choices = replace(question.choices, deadline_days=None, force_out=(), partners_out=())
        self.wide = compile_situation(question.case, question.catalog, released)
        self.size = len(self.wide.columns) + len(self.wide.joins)
        self._draft = _Draft([1.0] * self.size, [True] * self.size)
        self.most: dict[str, float] = {}
        self.q: dict[str, int] = {}
        self._loosening()
        self._rows()
        draft = self._draft
        self._arrays = Arrays(
            np.zeros(len(draft.upper)), np.array(draft.upper), np.array(draft.integer),
            tuple((w, -math.inf, limit) for w, limit in draft.rows),
        )  # fmt: skip
        self._live: dict[bool, Live] = {}

    # --- rows ------------------------------------------------------------

    def _loosening(self) -> None:
        for key, requirement in self.requirements.items():
            by_degrees = requirement.field in AMOUNTS
            self.most[key] = self._range(requirement) if by_degrees else 1.0
            whole = not by_degrees or requirement.field == "max_measures"
            self.q[key] = self._draft.column(self.most[key], whole)

    def _range(self, requirement: Requirement) -> float:
        """By how much a number can be loosened before it stops mattering."""
        if requirement.field in ("budget_musd", "funder_musd"):
            return sum(c.cost_musd for c in self.wide.columns)
        return (
            self.wide.tree.horizon if requirement.field.endswith("days") else float(len(self.wide.catalog.instruments))
        )

    def _rows(self) -> None:
        for name in ALWAYS:
            for row in STRUCTURE[name](self.wide):
                self._draft.add(row, {})
        for row in STRUCTURE["most_measures"](self.wide):
            self._draft.add(row, {self.q["max_measures"]: 1.0}, ["max_measures"])
        self._money()
        self._wishes()
        self._columns_taken_away()
        for key in RULES:
            if f"rule:{key}" in self.q:
                extra = {self.q["budget_musd"]: self._fund_share()} if key == "R46" else {}
                for row in self._lenient(key):
                    self._switched(row, f"rule:{key}", extra=extra)

    def _fund_share(self) -> float:
        """The rapid fund (R46) grows at most by this share of what the envelope grows by."""
        return self.wide.settings.parameter("R46", "share")

    def _switched(self, row: Row, *keys: str, extra: Mapping[int, float] | None = None) -> None:
        """A row that holds while all its requirements do; `extra`: other columns that loosen it."""
        most = sum(w for w in row.weights.values() if w > 0) + sum(w for w, _ in row.any_of if w > 0)
        room = max(most - row.limit, 0.0)
        if room > 0:
            self._draft.add(row, {self.q[key]: room for key in keys} | dict(extra or {}), keys)

    def _under(self, **wishes: object) -> Situation:
        """The wide situation under other wishes of money."""
        bare: Choices = replace(
            self.wide.choices, reserve_musd=None, funder_musd=(), force_in=(), first_effect_days=None
        )
        chosen: Choices = replace(bare, **wishes)  # type: ignore[arg-type]
        return replace(self.wide, settings=Settings(self.question.case, self.question.catalog, chosen))

    def _money(self) -> None:
        money, choices = STRUCTURE["money"], self.question.choices
        plain = tuple(money(self._under()))
        for row in plain:
            self._draft.add(row, {self.q["budget_musd"]: 1.0}, ["budget_musd"])
        if choices.reserve_musd is not None:
            for row in money(self._under(reserve_musd=choices.reserve_musd)):
                if row not in plain:
                    self._switched(row, "reserve_musd", *(("budget_musd",) if "envelope" in row.because else ()))
        for name, most in choices.funder_musd:
            key = f"funder_musd:{name}"
            for row in list(money(self._under(funder_musd=((name, most),))))[len(plain) :]:
                self._draft.add(row, {self.q[key]: 1.0}, [key])

    def _wishes(self) -> None:
        for tool in dict.fromkeys(self.question.choices.force_in):
            for row in STRUCTURE["wishes"](self._under(force_in=(tool,))):
                self._draft.add(row, {self.q[f"force_in:{tool}"]: 1.0}, [f"force_in:{tool}"])
        limit = self.question.choices.first_effect_days
        if limit is not None:
            self._first_effect(limit)

    def _first_effect(self, limit: float) -> None:
        """Some measure of now in force by the day, or by a later day that the loosening pays for."""
        key, columns = "first_effect_days", self.wide.columns
        weights: dict[int, float] = {}
        for i in self.wide.begun("now"):
            late = columns[i].in_force - limit
            if late <= 0:
                weights[i] = -1.0
                continue
            first = self._draft.column(1.0, True)
            weights[first] = -1.0
            self._draft.at_most({first: 1.0, i: -1.0}, 0.0)
            self._draft.at_most({first: late, self.q[key]: -1.0}, 0.0, [key])
        self._draft.at_most(weights, -1.0, [key])

    def _columns_taken_away(self) -> None:
        choices, starts = self.question.choices, {n.name: n.start for n in self.wide.tree.nodes}
        for i, column in enumerate(self.wide.columns):
            if column.tool.id in choices.force_out:
                self._switched(Row({i: 1.0}, 0.0, ""), f"force_out:{column.tool.id}")
            late = (
                0.0 if choices.deadline_days is None else column.in_force - starts[column.node] - choices.deadline_days
            )
            if late > 0:
                self._draft.at_most({i: late, self.q["deadline_days"]: -1.0}, 0.0, ["deadline_days"])
        allies = [part.ally.id for parts in (self.wide.columns, self.wide.joins) for part in parts]
        for i, ally in enumerate(allies):
            if ally in choices.partners_out:
                self._switched(Row({i: 1.0}, 0.0, ""), f"partners_out:{ally}")

    def _lenient(self, key: str) -> Iterator[Row]:
        """The rows of a rule.

        Where one speaks of who else could (R17, R25), only if that partner and tool are not ruled out.
        """
        if key not in ("R17", "R25"):
            yield from rows_of(self.wide, key)
        elif key == "R17":
            yield from (row for row in rows_of(self.wide, key) if self._rival_offered(row))
        else:
            freely = replace(self.wide.choices, rules=(*self.wide.choices.rules, ("R17", "off")))
            situation = replace(self.wide, settings=Settings(self.question.case, self.question.catalog, freely))
            yield from (row for row in rows_of(situation, key) if self._patron_reached(row))

    def _rival_offered(self, row: Row) -> bool:
        rivals = {self.wide.columns[i].ally.id for i, w in row.weights.items() if w < 0}
        return not rivals or not rivals <= set(self.question.choices.partners_out)

    def _patron_reached(self, row: Row) -> bool:
        """Whether somebody well enough placed could engage the patron in the node of the row's cause."""
        node = next(self.wide.columns[i].node for i, w in row.weights.items() if w > 0)
        least = self.wide.settings.parameter("R17", "f_min") if self.wide.settings.on("R17") else 0.0
        offers = (self.wide.columns[i] for i in self.wide.of(node, ["patron_engagement"]))
        out, ruled_out = self.question.choices.partners_out, self.question.choices.force_out
        return "patron_engagement" not in ruled_out and any(c.fit >= least and c.ally.id not in out for c in offers)

    # --- questions ------------------------------------------------------------

    def _model(self, whole: bool) -> Live:
        if whole not in self._live:
            self._live[whole] = Live(self._arrays, whole)
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

    def whole(self, held: Collection[str], seconds: float, stop: Stop = never) -> Outcome:
        """The answer for whole measures."""
        model = self._model(True)
        self._hold(model, held)
        model.minimise(np.zeros(len(self._arrays.lower)))
        return model.run(seconds, stop)

    def least(
        self, costs: Mapping[int, float], loosened: Collection[str], seconds: float, stop: Stop = never
    ) -> Outcome:
        """The cheapest way to loosen some requirements while all others hold."""
        model = self._model(True)
        self._hold(model, [k for k in self.q if k not in loosened], loosened)
        weights = np.zeros(len(self._arrays.lower))
        for column, cost in costs.items():
            weights[column] = cost
        model.minimise(weights)
        return model.run(seconds, stop)

    def blamed(self, ray: Array | None) -> frozenset[str]:
        """The requirements of the rows that a proof rests on; all of them where there is no proof to read."""
        if ray is None:
            return frozenset(self.q)
        names = self._draft.names
        return frozenset(k for row in np.flatnonzero(np.abs(ray[: len(names)]) > 1e-9) for k in names[row])

    def keeps(self, package: Package, rules: Iterable[str]) -> bool:
        """Whether a package keeps the rows of some rules."""
        chosen = self.wide.indices(package)
        return all(row.kept(chosen) for key in rules for row in rows_of(self.wide, key))

    def chosen(self, outcome: Outcome) -> frozenset[int]:
        """The columns of the wide situation that an answer takes."""
        return frozenset() if outcome.x is None else frozenset(np.flatnonzero(outcome.x[: self.size] > 0.5).tolist())
