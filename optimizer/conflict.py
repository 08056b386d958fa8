"""When nothing fits: which of the planner's own requirements collide, found by dropping them one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pulp

from .answers import Conflict
from .choices import Choices
from .front import exact_front
from .questions import Question, ask

SECONDS = 20.0  # for one trial; a trial that takes longer counts as unproven, and the answer says so

NO_LIMIT = 1e6  # M USD: more than every instrument of the catalog together

SINGLE = {
    "budget_musd": "the money ({:g} M USD)",
    "reserve_musd": "the reserve ({:g} M USD)",
    "deadline_days": "the deadline (day {:g})",
    "first_effect_days": "the first effect by day {:g}",
    "max_measures": "at most {:g} measures at once",
    "branch_day": "the branch day ({:g})",
}
LISTS = {
    "force_in": "{} is forced in",
    "force_out": "{} is forced out",
    "partners_out": "{} is out",
    "partner_from": "the month of {}",
    "capacity": "the capacity of {}",
    "will": "the will of {}",
    "funder_musd": "the money of {}",
    "authorization": "the authorization by {}",
    "rules": "the state of rule {}",
    "parameters": "the parameter {}",
}


def wishes_of(choices: Choices, budget: float) -> dict[str, tuple[str, object]]:
    """Every requirement of the planner's own in words -> the field and the item that make it; money always counts."""
    found: dict[str, tuple[str, object]] = {}
    choices = replace(choices, budget_musd=budget)
    for key, words in SINGLE.items():
        if getattr(choices, key) is not None:
            found[words.format(getattr(choices, key))] = (key, None)
    for key, words in LISTS.items():
        for item in getattr(choices, key):
            found[words.format(item if isinstance(item, str) else item[0])] = (key, item)
    return found


def without(choices: Choices, dropped: Iterable[tuple[str, object]]) -> Choices:
    """The choices less some of their requirements."""
    for key, item in dropped:
        kept = (
            NO_LIMIT
            if key == "budget_musd"
            else None
            if item is None
            else tuple(x for x in getattr(choices, key) if x != item)
        )
        choices = replace(choices, **{key: kept})  # type: ignore[arg-type]
    return choices


def conflict(question: Question) -> Conflict:
    """A set of requirements of which none can be spared: each one is dropped if the rest still collide without it."""
    found, dropped, proven = wishes_of(question.choices, question.situation.settings.budget), [], True
    for words, wish in list(found.items()):
        fits = has_package(question, without(question.choices, [*dropped, wish]))
        if fits is False:
            dropped.append(wish)
            del found[words]
        proven = proven and fits is not None
    return Conflict(tuple(found), proven)


def has_package(question: Question, choices: Choices) -> bool | None:
    """Whether some package satisfies the choices; None if that was not settled in time."""
    trial = ask(question.case, choices, question.catalog)
    front = exact_front(
        trial.programme.problem,
        [pulp.LpAffineExpression({trial.programme.x[0]: 1.0})],
        resolutions=[10.0],
        time_limit=SECONDS,
    )
    return False if front.infeasible else True if len(front) else None
