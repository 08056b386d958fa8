"""A question: a case, a planner's choices, and the programme made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from .answers import Axis
from .choices import Choices, Package
from .inputs.reader import load_catalog
from .inputs.records import Case, Catalog
from .judge.evaluate import Evaluation
from .model.audit import shortfall
from .model.objectives import FURTHER, OBJECTIVES, Objective
from .model.programme import Programme, build_programme
from .model.reduction import priced_rows
from .model.rows import Row
from .model.rules import rows_of
from .model.situation import Situation, compile_situation
from .wishes import checked

BEYOND = "optimizer.doubt.robust"  # makes objectives beyond the mids; it is laid over questions, so it is only named


@dataclass(frozen=True)
class Question:
    """A case, the choices and all that is made from them once: what `ask` builds and the search answers."""

    case: Case
    catalog: Catalog
    choices: Choices
    programme: Programme
    objectives: tuple[Objective, ...]
    priced: tuple[Row, ...]
    promoted: tuple[Row, ...]  # rows of soft rules that the planner made required: the judge knows only the hard rules
    further: tuple[tuple[str, Callable[[Package], float]], ...] = ()  # exact values that look beyond the mids

    @property
    def situation(self) -> Situation:
        return self.programme.situation

    def axes(self) -> tuple[Axis, ...]:
        return tuple(Axis(o.key, o.title, o.unit, o.better, o.resolution(self.situation)) for o in self.objectives)

    def values(self, chosen: frozenset[int], evaluation: Evaluation) -> dict[str, float]:
        """Exact objective values of a package."""
        known = evaluation.values | {"shortfall": shortfall(self.priced, chosen)}
        known |= {key: exact(self.situation.package(chosen)) for key, exact in self.further}
        return {o.key: known[o.key] for o in self.objectives}


def ask(case: Case, choices: Choices | None = None, catalog: Catalog | None = None) -> Question:
    """Check the choices and build the programme; InputError names every choice that cannot be used."""
    choices, catalog = choices or Choices(), catalog or load_catalog()
    checked(case, choices, catalog)
    programme = build_programme(compile_situation(case, catalog, choices))
    objectives = tuple(OBJECTIVES[key] for key in choices.objectives)
    situation = programme.situation
    soft = [r.id for r in catalog.rules.values() if r.kind == "soft_penalty" and situation.settings.required(r.id)]
    promoted = tuple(row for key in soft for row in rows_of(situation, key))
    question = Question(case, catalog, choices, programme, objectives, priced_rows(situation), promoted)
    if FURTHER.isdisjoint(choices.objectives):
        return question
    prepared: Question = import_module(BEYOND).prepared(question)
    return prepared
