"""The record, third part: risk, rules, evidence, alternatives."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from .parts import Part, Quantity
from .text import Plain


class Step(Part):
    """Risk over one stretch of time."""

    phase: Plain
    start: date
    end: date
    before: float = Field(description="hazard if nothing is done")
    left: float = Field(description="share of it that is left")


class Risk(Part):
    """Risk before and after."""

    before: Quantity
    after: Quantity
    fall: Quantity = Field(description="relative fall; its range draw by draw, or a bracket at the middle baseline")
    range_is: Plain = Field(description="what the ranges are: nine of ten draws, or a bracket of extremes")
    outside: float = Field(description="outside view of the baseline, yearly")
    steps: tuple[Step, ...]
    how: Plain


class RuleCheck(Part):
    """One rule on this plan."""

    title: Plain
    state: Plain
    where: Plain = Field(description="what looks after it: the rows of the plan, the numbers, or this document")
    checked: bool = Field(description="true: the plan itself was checked against it")
    kept: bool = Field(description="false only where it was checked and is broken")
    words: Plain
    price: float = Field(description="risk points; what the exception is priced at")


class Evidence(Part):
    """One number of the plan with its grade and sources."""

    what: Plain
    value: Quantity
    references: tuple[Plain, ...] = Field(description="full references, each with seen or recalled")


class Alternative(Part):
    """Another package, and why it was not chosen."""

    name: Plain
    risk: float
    cost: float
    others: Plain = Field(description="further objectives, in words")
    differs: Plain
    why_not: Plain
