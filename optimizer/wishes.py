"""Check a planner's choices against the case and the catalog: all faults at once, each with its remedy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from .choices import Choices
from .inputs.faults import Fault, InputError, did_you_mean
from .inputs.records import Case, Catalog
from .model.objectives import OBJECTIVES
from .model.rules import TARGET_GROUPS
from .model.tree import MONTH_DAYS

BODIES = ("unsc", "regional", "national_legislature")
STATES = ("required", "preferred", "off")
MOST_OBJECTIVES = 5


def checked(case: Case, choices: Choices, catalog: Catalog) -> Choices:
    """The choices, if every one of them can be used; InputError with all faults otherwise."""
    faults = tuple(_faults(case, choices, catalog))
    if faults:
        raise InputError(faults)
    return choices


def _faults(case: Case, choices: Choices, catalog: Catalog) -> Iterator[Fault]:
    partners = {p.partner for p in case.partners}
    names = {
        "objectives": (choices.objectives, OBJECTIVES),
        "partners_out": (choices.partners_out, partners),
        "planned_with": (choices.planned_with, partners),
        "influence": (choices.influence, partners),
        "force_in": (choices.force_in, catalog.instruments),
        "force_out": (choices.force_out, catalog.instruments),
        "review_allowed": (choices.review_allowed, catalog.instruments),
        "waived_groups": (choices.waived_groups, TARGET_GROUPS),
        "rules": (dict(choices.rules), catalog.rules),
        "parameters": (dict(choices.parameters), [k for k in catalog.parameters if k[:1] == "R" and "." in k]),
        "authorization": (dict(choices.authorization), BODIES),
        **{key: (dict(getattr(choices, key)), partners) for key in ("partner_from", "capacity", "will", "funder_musd")},
    }
    for field, (given, known) in names.items():
        yield from _unknown(field, given, known)
    yield from _numbers(choices)
    yield from _objectives(choices)
    yield from _contradictions(choices, case)


def _fault(field: str, value: object, reason: str, remedy: str) -> Fault:
    return Fault("choices", "", field, str(value), reason, remedy.rstrip("."))


def _unknown(field: str, given: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    known = list(known)
    for name in given:
        if name not in known:
            yield _fault(field, name, "it is not known here", did_you_mean(name, known))


LIMITS: dict[str, tuple[float, float]] = {
    "budget_musd": (0, math.inf),
    "reserve_musd": (0, math.inf),
    "deadline_days": (0, math.inf),
    "first_effect_days": (0, math.inf),
    "max_measures": (0, math.inf),
    "failing": (1, 3),
    "branch_day": (1, math.inf),
}
PAIR_LIMITS: dict[str, tuple[float, float]] = {
    "partner_from": (-math.inf, math.inf),
    "capacity": (0, 1000),
    "will": (0, 1),
    "funder_musd": (0, math.inf),
    "parameters": (0, math.inf),
}


def _numbers(choices: Choices) -> Iterator[Fault]:
    for field, (low, high) in LIMITS.items():
        value = getattr(choices, field)
        if value is not None:
            yield from _outside(field, value, low, high)
    for field, (low, high) in PAIR_LIMITS.items():
        for name, value in getattr(choices, field):
            yield from _outside(f"{field} of {name}", value, low, high)
    if not isinstance(choices.baseline, str):
        yield from _outside("baseline", choices.baseline, 1e-6, 1 - 1e-6)
    elif choices.baseline not in ("inside", "outside"):
        yield _fault(
            "baseline", choices.baseline, "it is no view", "Give inside, outside or a probability between 0 and 1"
        )
    for rule, state in choices.rules:
        if state not in STATES:
            yield _fault(f"rule {rule}", state, "it is no state of a rule", f"Give one of {', '.join(STATES)}")


def _outside(field: str, value: float, low: float, high: float) -> Iterator[Fault]:
    if not (isinstance(value, (int, float)) and math.isfinite(value) and low <= value <= high):
        top = "" if high == math.inf else f" and at most {high:g}"
        bottom = "any finite number" if low == -math.inf else f"a number of at least {low:g}{top}"
        yield _fault(field, value, "it cannot be used", f"Give {bottom}")


def _objectives(choices: Choices) -> Iterator[Fault]:
    count = len(choices.objectives)
    if count != len(set(choices.objectives)):
        yield _fault("objectives", ", ".join(choices.objectives), "one is named twice", "Name each once")
    if not 1 <= count <= MOST_OBJECTIVES:
        yield _fault(
            "objectives",
            count,
            "their number cannot be used",
            f"Give one to {MOST_OBJECTIVES} of {', '.join(OBJECTIVES)}",
        )


def _contradictions(choices: Choices, case: Case) -> Iterator[Fault]:
    for name in sorted(set(choices.force_in) & set(choices.force_out)):
        yield _fault("force_in", name, "it is ruled out too", "Take it out of one of the two")
    if choices.branch_day is not None and choices.branch_day >= case.horizon_months * MONTH_DAYS:
        yield _fault(
            "branch_day",
            choices.branch_day,
            "it lies beyond the case's horizon",
            f"Give less than {case.horizon_months * MONTH_DAYS:.0f}",
        )
    chances = [b.probability for b in choices.branches or ()]
    if chances and (abs(sum(chances) - 1) > 1e-6 or min(chances) < 0):
        yield _fault("branches", chances, "the probabilities do not add up to 1", "Give shares that sum to 1")
