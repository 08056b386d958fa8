"""Generated questions that nothing satisfies: half of them empty even for fractions of measures, half only for whole.

Each is made from its seed and number alone, so that any part of the corpus can be run by itself. `check` holds an
answer against a model that shares nothing with the explanations but the rows: what is said to collide does, and each
repair is made and solved anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimizer.choices import Choices
from optimizer.explain import Repair, WhyNothing
from optimizer.explain.draft import Draft
from optimizer.explain.live import Live
from optimizer.explain.possible import Possible
from optimizer.explain.requirements import Requirement, dropped, requirements_of
from optimizer.inputs import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.model.reduction import reduced
from optimizer.model.rules import rows_of
from optimizer.model.situation import Situation, compile_situation
from optimizer.questions import Question, ask

CASES = ("macedonia_2001", "kenya_2007", "rwanda_1993", "bosnia_1992", "east_timor_1999", "sudan_2010")
OFTEN = ("high_level_mediation", "ceasefire_monitoring", "naming_shaming", "ngo_civil_society", "dialogue_facilitation",
         "diplomatic_pressure", "media_campaign", "neighbour_engagement", "targeted_sanctions_rapid")  # fmt: skip
NUMBERS = {"R02.k": [1, 2, 3], "R02.c": [0.5, 1, 2], "R16.s": [0.15, 0.2, 0.3]}
SCARCE: tuple[dict[str, Any], ...] = (  # ways in which wishes cannot be met; the envelope comes besides
    {"max_measures": 1}, {"deadline_days": 12.0}, {"first_effect_days": 1.0}, {"budget_musd": 1.0},
    {"max_measures": 2, "budget_musd": 3.0}, {"reserve_musd": 30.0, "budget_musd": 31.0},
)  # fmt: skip
LEAST_ROOM = 0.05  # M USD between what fractions and what whole measures need


@dataclass(frozen=True)
class Item:
    """A question of the corpus, and whether even fractions of measures cannot answer it."""

    number: int
    relaxed: bool
    question: Question


def item(seed: int, number: int) -> Item:
    """The question of this number; those with even numbers are empty even for fractions."""
    rng, relaxed = np.random.default_rng([seed, number]), number % 2 == 0
    for _ in range(1000):
        choices = _drawn(rng)
        case = load_case(str(rng.choice(CASES)))
        question = (_scarce if relaxed else between)(case, choices, rng)
        if question is not None:
            return Item(number, relaxed, question)
    raise RuntimeError(f"no question for number {number} in a thousand drawn")


def _drawn(rng: np.random.Generator) -> Choices:
    """Six tools, some of them forced in, and rules whose shares make whole numbers matter."""
    tools = [str(t) for t in rng.choice(OFTEN, size=6, replace=False)]
    return Choices(
        branches=(),
        force_in=tuple(str(t) for t in rng.choice(tools, size=int(rng.integers(1, 4)), replace=False)),
        force_out=tuple(k for k in load_catalog().instruments if k not in tools),
        rules=(("R02", "required"), ("R16", "required"), *((k, "off") for k in ("R04", "R17", "R46", "R36"))),
        parameters=tuple((key, float(rng.choice(among))) for key, among in NUMBERS.items()),
        max_measures=int(rng.integers(3, 7)),
    )  # fmt: skip


def _scarce(case: Any, choices: Choices, rng: np.random.Generator) -> Question | None:
    question = ask(case, replace(choices, **SCARCE[int(rng.integers(len(SCARCE)))]))
    possible = Possible(question)
    return question if possible.relaxed(possible.q).status == "infeasible" else None


def between(case: Any, choices: Choices, rng: np.random.Generator) -> Question | None:
    """An envelope between what fractions and what whole measures need."""
    question = ask(case, replace(choices, budget_musd=0.01))
    low, high = (_need(question, whole) for whole in (False, True))
    if not low + LEAST_ROOM < high < math.inf:
        return None
    return ask(case, replace(choices, budget_musd=float(low + (high - low) * rng.uniform(0.3, 0.7))))


def _need(question: Question, whole: bool) -> float:
    """The least envelope; infinite if money does not help."""
    possible = Possible(question)
    model = Live(possible.arrays, whole)
    key = possible.q["budget_musd"]
    others = [c for k, c in possible.q.items() if k != "budget_musd"]
    model.bound_columns(others, np.zeros(len(others)), np.zeros(len(others)))
    costs = np.zeros(len(possible.arrays.lower))
    costs[key] = 1.0
    model.minimise(costs)
    outcome = model.run(20.0)
    return math.inf if outcome.x is None else 0.01 + float(outcome.x[key])


# --- the second opinion ------------------------------------------------------------


def feasible(question: Question, choices: Choices) -> bool:
    """Whether some package satisfies choices: the hard rows of the programme, nothing loosened or summed up."""
    situation, rows = reduced(compile_situation(question.case, question.catalog, choices))
    size = len(situation.columns) + len(situation.joins)
    draft = Draft([1.0] * size, [True] * size)
    for row in rows:
        draft.add(row, {})
    if not size:  # nothing is on offer, so that only doing nothing is left
        return all(row.limit >= 0 for row in rows) and accepted(situation, choices, ())
    outcome = Live(draft.arrays()).run(60.0)
    if outcome.status == "infeasible":
        return False
    assert outcome.x is not None, f"the plain model was not settled: {outcome.status}"
    return accepted(situation, choices, np.flatnonzero(outcome.x[:size] > 0.5).tolist())


def accepted(situation: Situation, choices: Choices, chosen: Iterable[int]) -> bool:
    """Whether the judge finds nothing against a package."""
    return not violations(situation.case, situation.package(chosen), choices, situation.catalog)


def only(question: Question, keys: Iterable[str]) -> Choices:
    """The choices with none but these requirements."""
    held, choices = frozenset(keys), question.choices
    for requirement in requirements_of(question):
        if requirement.key not in held:
            choices = dropped(choices, requirement)
    return choices


def faults(question: Question, found: WhyNothing | None, relaxed: bool) -> Iterator[str]:
    """What is wrong with a conflict: it does not collide, or it does without one of its members."""
    if found is None:
        yield "no conflict was found"
        return
    if found.relaxed != relaxed:
        yield "fractions of measures were judged otherwise"
    if found.exactness != "proven":
        yield "not settled"
    if feasible(question, only(question, found.keys)):
        yield "the requirements can be kept together"
    for key in found.keys:
        if not feasible(question, only(question, set(found.keys) - {key})):
            yield f"they collide without {key}"


def works(question: Question, repair: Repair) -> bool:
    """Whether a repaired question has a package: the one handed over, and one found anew."""
    soft = [r.key for r in requirements_of(ask(question.case, repair.choices)) if _soft(question, r)]
    situation = compile_situation(question.case, question.catalog, repair.choices)
    chosen = situation.indices(repair.package)
    kept = all(row.kept(chosen) for key in soft for row in rows_of(situation, key.removeprefix("rule:")))
    return kept and accepted(situation, repair.choices, chosen) and feasible(question, repair.choices)


def _soft(question: Question, requirement: Requirement) -> bool:
    return requirement.field == "rules" and question.catalog.rules[str(requirement.item)].kind == "soft_penalty"
