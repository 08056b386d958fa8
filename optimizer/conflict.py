"""Every requirement of the planner's own in a few words; why some collide is answered by `optimizer.explain`."""

from __future__ import annotations

from .choices import Choices

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


def wishes_of(choices: Choices) -> dict[str, tuple[str, object]]:
    """Every requirement of the planner's own in words -> the field and the item that make it."""
    found: dict[str, tuple[str, object]] = {}
    for key, words in SINGLE.items():
        if getattr(choices, key) is not None:
            found[words.format(getattr(choices, key))] = (key, None)
    for key, words in LISTS.items():
        for item in getattr(choices, key):
            found[words.format(item if isinstance(item, str) else item[0])] = (key, item)
    return found
