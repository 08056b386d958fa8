"""A question so small that every package can be written down: four tools, a few partners, no branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from optimizer.answers import Option
from optimizer.choices import Choices, Package
from optimizer.inputs import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.model.rules import rows_of
from optimizer.model.situation import compile_situation
from optimizer.questions import Question, ask
from optimizer.solving import option

CASE = "macedonia_2001"
TOOLS = ("high_level_mediation", "ceasefire_monitoring", "naming_shaming", "ngo_civil_society")
PARTNERS = ("eu", "osce", "international_ngos", "local_civil_society")


@cache
def loosest() -> Choices:
    """Few tools and partners, nothing else asked."""
    case, catalog = load_case(CASE), load_catalog()
    return Choices(
        branches=(),
        force_out=tuple(k for k in catalog.instruments if k not in TOOLS),
        partners_out=tuple(p.partner for p in case.partners if p.partner not in PARTNERS),
        rules=(("R04", "off"), ("R17", "off"), ("R28", "off")),
        max_measures=6,
        budget_musd=400.0,
    )


def question(**wishes: Any) -> Question:
    base = loosest()
    rules = tuple((k, s) for k, s in base.rules if k not in dict(wishes.get("rules", ()))) + tuple(
        wishes.pop("rules", ())
    )
    return ask(load_case(CASE), replace(base, rules=rules, **wishes))


@cache
def packages() -> tuple[Package, ...]:
    """Every package of the tools: each by any partner at any start, or not at all."""
    situation = compile_situation(load_case(CASE), load_catalog(), loosest())
    ways: list[list[int | None]] = [[None] for _ in TOOLS]
    for i, column in enumerate(situation.columns):
        ways[TOOLS.index(column.tool.id)].append(i)
    return tuple(situation.package([i for i in way if i is not None]) for way in product(*ways))


def allowed(choices: Choices, among: Sequence[Package] | None = None) -> Iterator[Package]:
    """The packages that the judge allows under some choices, and that keep what is required of soft rules."""
    case, catalog = load_case_once(), load_catalog()
    situation = compile_situation(case, catalog, replace(choices, deadline_days=None))
    soft = [k for k, state in choices.rules if state == "required" and catalog.rules[k].kind == "soft_penalty"]
    rows = [row for key in soft for row in rows_of(situation, key)]
    for package in among or packages():
        keeps = not rows or all(row.kept(situation.indices(package)) for row in rows)
        if keeps and not violations(case, package, choices, catalog):
            yield package


@cache
def load_case_once() -> Any:
    return load_case(CASE)


def option_of(q: Question, package: Package) -> Option:
    return option(q, q.situation.indices(package))


@cache
def plain_question() -> Question:
    return question()


@cache
def options() -> tuple[Option, ...]:
    """Every package that the plain question allows, judged."""
    q = plain_question()
    found = []
    for package in allowed(q.choices):
        try:
            found.append(option_of(q, package))
        except KeyError:
            continue
    return tuple(found)
