"""The rows of a question without anything of risk, each requirement loosened by a column of its own.

The rows are those of the programme, on every measure that the judge would look at. Where a requirement is dropped,
they ask no more than the judge would: what they prove impossible is impossible, what they allow the judge confirms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace

from ..choices import Choices
from ..inputs.records import Case, Catalog
from ..model.reduction import merged
from ..model.rows import Row
from ..model.rules import RULES, rows_of
from ..model.settings import Settings
from ..model.situation import Situation, compile_situation
from ..model.structure import STRUCTURE
from ..questions import Question
from .draft import Draft
from .requirements import AMOUNTS, Requirement, requirements_of

ALWAYS = ("one_of_each", "exclusions", "prerequisites", "capacity", "participation")
REMEMBERED = 4  # situations kept; a change of money, number or wish needs no new one
ROWS_ONLY = frozenset({"R02", "R16", "R17", "R18", "R25", "R28", "R30", "R31", "R36", "R42"})  # numbers move no column


class Loosened:
    """Rows of one question without its rules. `q`: requirement -> column by which it is loosened, from 0 to `most`."""

    def __init__(self, question: Question) -> None:
        self.question = question
        known = {r.key: r for r in requirements_of(question) if not r.swap}
        self.requirements = {key: r for key, r in known.items() if r.field != "rules"}
        self._rule_requirements = {key: r for key, r in known.items() if r.field == "rules"}
        self.wide = wide_of(question.case, question.catalog, question.choices)
        self.size = len(self.wide.columns) + len(self.wide.joins)
        self.draft = Draft([1.0] * self.size, [True] * self.size)
        self.most: dict[str, float] = {}
        self.q: dict[str, int] = {}
        for key, requirement in self.requirements.items():
            by_degrees = requirement.field in AMOUNTS
            self.most[key] = self._range(requirement) if by_degrees else 1.0
            self.q[key] = self.draft.column(self.most[key], not by_degrees or requirement.field == "max_measures")
        self.capacity_rows: list[tuple[int, str]] = []  # with the partner whose capacity it is
        self._structure()
        self._money()
        self._wishes()
        self._columns_taken_away()
        self.draft.compacted()

    def gated(self, names: Iterable[str], gates: Iterable[tuple[int, tuple[str, ...]]], more: int) -> None:
        """Facts that may be moved too: columns that wait for one of some, and measures more that a partner can lead."""
        for key in names:
            self.most[key], self.q[key] = 1.0, self.draft.column(1.0, True)
        for column, needed in gates:
            self.draft.at_most({column: 1.0} | {self.q[k]: -1.0 for k in needed}, 0.0, needed)
        for r, ally in self.capacity_rows:
            key = f"fact:capacity:{ally}"
            if key in self.q:
                weights, limit = self.draft.rows[r]
                self.draft.rows[r] = {**weights, self.q[key]: -float(more)}, limit
                self.draft.names[r] |= {key}

    def with_rules(self) -> Loosened:
        """The same with the rows of the rules, which take longer to make than all others."""
        other = copy(self)
        other.draft, other.most, other.q = self.draft.copied(), dict(self.most), dict(self.q)
        other.requirements = self._rule_requirements | self.requirements
        for key in self._rule_requirements:
            other.most[key], other.q[key] = 1.0, other.draft.column(1.0, True)
        other._rules()
        other.draft.compacted(len(self.draft.rows))
        return other

    def _range(self, requirement: Requirement) -> float:
        """By how much a number can be loosened before it stops mattering."""
        if requirement.field in ("budget_musd", "funder_musd"):
            dearest: dict[tuple[str, str], float] = {}  # one measure of an instrument on a path
            for c in self.wide.columns:
                dearest[c.node, c.tool.id] = max(dearest.get((c.node, c.tool.id), 0.0), c.cost_musd)
            return sum(dearest.values())
        if requirement.field.endswith("days"):
            return self.wide.tree.horizon
        return float(len(self.wide.catalog.instruments))

    def _structure(self) -> None:
        for name in ALWAYS:
            for row in merged(self.wide, STRUCTURE[name](self.wide)):
                self.draft.add(row, {})
                if name == "capacity":
                    self.capacity_rows.append((len(self.draft.rows) - 1, self._whose(row)))
        for row in STRUCTURE["most_measures"](self.wide):
            self.draft.add(row, {self.q["max_measures"]: 1.0}, ["max_measures"])

    def _whose(self, row: Row) -> str:
        i = next(iter(row.weights))
        return (self.wide.columns[i] if i < len(self.wide.columns) else self.wide.join(i)).ally.id

    def _rules(self) -> None:
        for key in RULES:
            if f"rule:{key}" in self.q:
                # the rapid fund (R46) grows at most by its share of what the envelope grows by
                share = self.wide.settings.parameter("R46", "share") if key == "R46" else 0.0
                extra = {self.q["budget_musd"]: share} if share else {}
                for row in merged(self.wide, self._lenient(key)):
                    self._switched(row, f"rule:{key}", extra=extra)

    def _switched(self, row: Row, *keys: str, extra: Mapping[int, float] | None = None) -> None:
        """A row that holds while all its requirements do; `extra`: other columns that loosen it."""
        most = sum(w for w in row.weights.values() if w > 0) + sum(w for w, _ in row.any_of if w > 0)
        room = max(most - row.limit, 0.0)
        if room > 0:
            self.draft.add(row, {self.q[key]: room for key in keys} | dict(extra or {}), keys)

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
            self.draft.add(row, {self.q["budget_musd"]: 1.0}, ["budget_musd"])
        if choices.reserve_musd is not None:
            for row in money(self._under(reserve_musd=choices.reserve_musd)):
                if row not in plain:
                    self._switched(row, "reserve_musd", *(("budget_musd",) if "envelope" in row.because else ()))
        for name, most in choices.funder_musd:
            key = f"funder_musd:{name}"
            for row in list(money(self._under(funder_musd=((name, most),))))[len(plain) :]:
                self.draft.add(row, {self.q[key]: 1.0}, [key])

    def _wishes(self) -> None:
        for tool in dict.fromkeys(self.question.choices.force_in):
            for row in STRUCTURE["wishes"](self._under(force_in=(tool,))):
                self.draft.add(row, {self.q[f"force_in:{tool}"]: 1.0}, [f"force_in:{tool}"])
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
            first = self.draft.column(1.0, True)
            weights[first] = -1.0
            self.draft.at_most({first: 1.0, i: -1.0}, 0.0)
            self.draft.at_most({first: late, self.q[key]: -1.0}, 0.0, [key])
        self.draft.at_most(weights, -1.0, [key])

    def _columns_taken_away(self) -> None:
        choices, starts = self.question.choices, {n.name: n.start for n in self.wide.tree.nodes}
        for i, column in enumerate(self.wide.columns):
            if column.tool.id in choices.force_out:
                self._switched(Row({i: 1.0}, 0.0, ""), f"force_out:{column.tool.id}")
            offset = column.in_force - starts[column.node]
            if choices.deadline_days is not None and offset > choices.deadline_days:
                late = {i: offset - choices.deadline_days, self.q["deadline_days"]: -1.0}
                self.draft.at_most(late, 0.0, ["deadline_days"])
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


_remembered: list[tuple[Case, Catalog, Choices, Situation]] = []


def forget() -> None:
    """Forget the situations kept, as if nothing had been asked before."""
    _remembered.clear()


def wide_of(case: Case, catalog: Catalog, choices: Choices) -> Situation:
    """Every measure on offer once nothing is ruled out and nothing is too late."""
    released: Choices = replace(choices, deadline_days=None, force_out=(), partners_out=())
    alike = _without_what_moves_no_column(released, catalog)
    for known in _remembered:
        if known[0] is case and known[1] is catalog and known[2] == alike:
            return replace(known[3], settings=Settings(case, catalog, released))
    situation = compile_situation(case, catalog, released)
    _remembered.insert(0, (case, catalog, alike, situation))
    del _remembered[REMEMBERED:]
    return situation


def _without_what_moves_no_column(choices: Choices, catalog: Catalog) -> Choices:
    brought = tuple(k for k in choices.force_in if catalog.instruments[k].planner_default != "on")
    numbers = tuple((name, value) for name, value in choices.parameters if name.split(".")[0] not in ROWS_ONLY)
    return replace(
        choices, objectives=(), budget_musd=None, reserve_musd=None, funder_musd=(), first_effect_days=None,
        max_measures=None, waived_groups=(), influence=(), force_in=brought, parameters=numbers,
    )  # fmt: skip
