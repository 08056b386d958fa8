"""Ohrid: packages of instruments that leave the least projected atrocity risk, with a proof of how good they are."""

from .answers import Option, PlanFront
from .choices import Branch, Choices, Measure, Package
from .front import exact_front
from .inputs import InputError, case_names, check, load_case, load_catalog
from .judge.evaluate import evaluate
from .solving import solve

__all__ = [
    "Branch",
    "Choices",
    "InputError",
    "Measure",
    "Option",
    "Package",
    "PlanFront",
    "case_names",
    "check",
    "evaluate",
    "exact_front",
    "load_case",
    "load_catalog",
    "solve",
]
