"""Quantities as people read them."""

from __future__ import annotations

from .. import words
from ..record import Quantity

MODEL_NOT_WORLD = "The numbers explain a model, not the world. They compare plans with one another and are no forecast."


def number(q: Quantity) -> str:
    """The middle of a quantity as people read it."""
    return _say(q.mid, q.unit)


def between(q: Quantity) -> str:
    return "not known" if q.low is None or q.high is None else words.joined(_say(q.low, q.unit), _say(q.high, q.unit))


def _say(value: float, unit: str) -> str:
    if unit in ("probability", "relative fall in risk", "share of the baseline"):
        return words.percent(value)
    return words.count(value) if unit == "persons" or abs(value) >= 1000 else words.minus(f"{value:.3g}")
