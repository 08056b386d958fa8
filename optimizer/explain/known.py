"""What is known of one question without solving: the judge's numbers, the rows a package breaks, packages seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ..answers import PlanFront
from ..choices import Package
from ..judge.check import violations
from ..judge.evaluate import judge_of
from ..model.reduction import hard_rows
from ..model.rows import Row
from ..questions import Question
from .asks import Ask, Candidate

MOST = 400  # packages remembered


class Known:
    """Packages of one question with the judge's numbers."""

    def __init__(self, question: Question, rows: tuple[Row, ...] | None = None) -> None:
        self.question = question
        if rows is not None:
            self.rows = rows
        self.judge = judge_of(question.case, question.choices, question.catalog)
        self.seen: dict[frozenset[int], Candidate] = {}
        self._learned: PlanFront | None = None

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return hard_rows(self.question.situation)

    @cached_property
    def _rows_against(self) -> Mapping[int, tuple[int, ...]]:
        """Column -> rows that it may break."""
        found: dict[int, list[int]] = defaultdict(list)
        for r, row in enumerate(self.rows):
            for i in (*(i for i, w in row.weights.items() if w > 0), *(i for w, g in row.any_of if w > 0 for i in g)):
                found[i].append(r)
        return {i: tuple(rows) for i, rows in found.items()}

    @cached_property
    def _demands(self) -> tuple[int, ...]:
        """Rows that doing nothing breaks."""
        return tuple(r for r, row in enumerate(self.rows) if row.limit < 0)

    def broken(self, chosen: frozenset[int]) -> list[Row]:
        """The rows that chosen columns break."""
        asked = dict.fromkeys((*self._demands, *(r for i in sorted(chosen) for r in self._rows_against.get(i, ()))))
        return [self.rows[r] for r in asked if not self.rows[r].kept(chosen)]

    def judged(self, package: Package, chosen: frozenset[int] | None = None) -> Candidate:
        """A package with the judge's numbers."""
        evaluation = self.judge.evaluate(package)
        chosen = self.question.situation.indices(package) if chosen is None else chosen
        values = self.question.values(chosen, evaluation) | {k: evaluation.values[k] for k in ("risk", "cost")}
        return Candidate(chosen, package, evaluation, values)

    def candidate(self, chosen: frozenset[int]) -> Candidate:
        return self.seen.get(chosen) or self.judged(self.question.situation.package(chosen), chosen)

    def allowed(self, package: Package) -> bool:
        q = self.question
        return not violations(q.case, package, q.choices, q.catalog)

    def accepted(self, chosen: frozenset[int]) -> Candidate | None:
        """A package that keeps everything, remembered; None if the judge or a row finds something."""
        if chosen in self.seen:
            return self.seen[chosen]
        found = self.candidate(chosen)
        if not self.allowed(found.package) or not all(row.kept(chosen) for row in self.question.promoted):
            return None
        self.remember(found)
        return found

    def remember(self, found: Candidate) -> None:
        if len(self.seen) < MOST:
            self.seen[found.chosen] = found

    def learn(self, front: PlanFront | None) -> None:
        """The packages of a front, of those that this question allows."""
        if front is None or front is self._learned:
            return
        self._learned = front
        for option in front:
            try:
                chosen = self.question.situation.indices(option.package)
            except KeyError:
                continue
            if not self.broken(chosen):
                self.accepted(chosen)

    def fitting(self, ask: Ask) -> Iterator[Candidate]:
        """Packages seen that are within the ask's bounds, whatever else it asks for; the best first."""
        bare = Ask(ask.minimise, ask.at_most)
        yield from sorted((c for c in self.seen.values() if bare.met_by(c)), key=lambda c: c.values[ask.minimise])

    def answers(self, ask: Ask) -> Candidate | None:
        """The best package seen that is an answer."""
        return next((c for c in self.fitting(ask) if ask.met_by(c)), None)

    def leads(self, chosen: Iterable[int]) -> frozenset[int]:
        return frozenset(i for i in chosen if i < len(self.question.situation.columns))
