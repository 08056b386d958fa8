"""What carries over when a planner changes something: packages that still fit, and proofs that still hold."""

from __future__ import annotations

from dataclasses import fields, replace

from .choices import Choices
from .model.objectives import FURTHER
from .model.rules import RULES

LESS = ("reserve_musd", "first_effect_days", "max_measures")  # smaller, or given at all: tighter
MORE = ("force_in",)  # one more name: tighter
ENGAGES = "patron_engagement"  # without it on offer R25 asks for nothing, so leaving it out can loosen
TWO_FACED = frozenset({"R01", "R17", "R30", "R33"})  # their state also switches synergies, or what R25 asks


def only_tightens(before: Choices, after: Choices, own_budget: float) -> bool:
    """Whether every package that `after` allows was allowed by `before`, with the same value in every objective.

    Then nothing that was proved empty can fill again. Anything not listed here counts as loosening: a partner that goes
    out, or a deadline, can free a lead that rule R17 kept for a better placed partner. `own_budget`: the case's own.
    """
    if not FURTHER.isdisjoint(after.objectives):  # their scenarios and replies are chosen for the question
        return False
    before, after = (
        replace(c, budget_musd=own_budget if c.budget_musd is None else c.budget_musd) for c in (before, after)
    )
    return all(
        getattr(before, f.name) == getattr(after, f.name) or _tightens(f.name, before, after) for f in fields(Choices)
    )


def _tightens(name: str, before: Choices, after: Choices) -> bool:
    old, new = getattr(before, name), getattr(after, name)
    if name in LESS:
        return new is not None and (old is None or bool(new <= old))
    if name == "budget_musd":
        return bool(new <= old)
    if name in MORE:
        return set(old) <= set(new)
    if name == "force_out":
        return set(old) <= set(new) and ENGAGES not in set(new) - set(old)
    if name == "funder_musd":
        return all(key in dict(new) and dict(new)[key] <= value for key, value in old)
    return name == "rules" and _rules_tighten(dict(old), dict(new))


def _rules_tighten(old: dict[str, str], new: dict[str, str]) -> bool:
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return all(new.get(key) == "required" and RULES[key].rows is not None and key not in TWO_FACED for key in changed)
