"""Facts of a case that a planner can work on: who comes when, who is ready, who can lead how much, which body agrees.

A fact is a requirement that nobody asked for; to drop it is to move it. All are moved at once in one model, in which
each measure that only a moved fact allows stands behind a gate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from ..choices import Choices, Package
from ..model import effects
from ..model.settings import Ally
from ..model.situation import Column, Situation
from ..model.tree import MONTH_DAYS
from ..questions import Question
from .loosened import Loosened, wide_of
from .requirements import BODIES, Requirement, changed
from .trials import Keys, Trials, light

FIELDS = ("partner_from", "capacity", "will", "authorization")
MORE = 2  # measures that a partner could at most lead besides those it can: more would be another partner
Gate = tuple[int, tuple[str, ...]]


class Facts:
    """The facts of one question that could be moved."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._base = wide_of(question.case, question.catalog, question.choices).settings
        self.least = question.catalog.value("will_to_lead_least")
        chosen = {(field, item) for field in FIELDS for item, _ in getattr(question.choices, field)}
        self.known = {f.key: f for f in self._facts() if (f.field, f.item) not in chosen}

    def _facts(self) -> Iterator[Requirement]:
        for ally in self._base.allies.values():
            if ally.id in self.question.choices.partners_out:
                continue
            yield _fact("capacity", ally.id, ally.capacity)
            if ally.available_day > 0:
                yield _fact("partner_from", ally.id, round(ally.available_day / MONTH_DAYS, 1))
            if min(ally.will, ally.will_force) < self.least:
                yield _fact("will", ally.id, min(ally.will, ally.will_force))
        yield from (_fact("authorization", body, 0.0) for body in BODIES if not self._agrees(body))

    def _agrees(self, body: str) -> bool:
        legitimacy = self.question.case.legitimacy
        known = {"unsc": legitimacy.unsc_authorization_prospect, "regional": legitimacy.regional_authorization_prospect}
        return known.get(body, 1.0) > 0

    def value(self, fact: Requirement) -> float:
        """The number to which a fact is moved."""
        more = (fact.now or 0.0) + MORE
        return {"partner_from": 0.0, "authorization": 1.0, "capacity": more, "will": self.least}[fact.field]

    @cached_property
    def moved(self) -> Choices:
        choices = self.question.choices
        for fact in self.known.values():
            if fact.field != "capacity":  # its rows are loosened instead
                choices = changed(choices, fact, self.value(fact))
        return choices

    def gates(self, moved: Situation) -> Iterator[Gate]:
        """For each measure and participation, all facts moved, what it waits for, one gate each."""
        for i, column in enumerate(moved.columns):
            for names in self._waits(column):
                yield i, names
        for i, join in enumerate(moved.joins, start=len(moved.columns)):
            ally = self._base.allies[join.ally.id]
            if not ally.willing(join.tool, self.least):
                yield i, self._named("will", ally)
            elif ally.available_day > 0:
                yield i, self._named("partner_from", ally)

    def _waits(self, column: Column) -> Iterator[tuple[str, ...]]:
        ally = self._base.allies[column.ally.id]
        if column.start < ally.available_day - 1e-6:
            yield self._named("partner_from", ally)
        if not ally.willing(column.tool, self.least):
            yield self._named("will", ally)
        if effects.authorization(self._base, column.tool)[1] <= 0:
            bodies = (column.tool.needs_authorization, *column.tool.authorization_alternatives)
            yield tuple(k for body in bodies if (k := f"fact:authorization:{body}") in self.known)

    def _named(self, field: str, ally: Ally) -> tuple[str, ...]:
        key = f"fact:{field}:{ally.id}"
        return (key,) if key in self.known else ()


class MovedFacts(Trials):
    """Trials of a question whose facts may be moved as well; the wishes that have to be asked anew stay."""

    def __post_init__(self) -> None:
        self.facts = Facts(self.question)
        super().__post_init__()

    def _asked_for(self) -> Iterator[Requirement]:
        yield from self.facts.known.values()  # first: what collides without them is to be found, as it rules out most
        yield from (r for r in super()._asked_for() if not r.swap)

    def _without_one(self, choices: Choices, requirement: Requirement) -> Choices:
        if requirement.fact:
            return changed(choices, requirement, self.facts.value(requirement))
        return super()._without_one(choices, requirement)

    def _found(self, without: Keys, held: Collection[str]) -> Package | None:
        """Of the model alone: what it finds is made by itself, and confirmed there."""
        possible = self.model(without)
        return self._settled(possible, possible.whole(frozenset(held) & possible.q.keys(), self.time(), self.stop))

    def _loosened(self, swaps: Keys) -> Loosened:
        rows = Loosened(light(self.question, self.facts.moved))
        rows.gated(self.facts.known, tuple(self.facts.gates(rows.wide)), MORE)
        return rows


def _fact(field: str, item: str, now: float) -> Requirement:
    return Requirement(f"fact:{field}:{item}", "", field, item, float(now), own=False, fact=True)
