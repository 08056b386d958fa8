"""Packages met on the way, and what each of them breaks: they show what can be kept together without a new search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..choices import Package
from ..inputs.records import Catalog
from ..judge.check import violations
from ..questions import Question
from .possible import Possible
from .requirements import Requirement

Keys = frozenset[str]
FIELDS = {  # what the judge calls a breach -> the requirements without which it may be none
    "max_measures": ("max_measures",),
    "budget": ("budget_musd",),
    "reserve": ("reserve_musd", "budget_musd"),
    "funder": ("funder_musd",),
    "deadline": ("deadline_days",),
    "first_effect": ("first_effect_days",),
    "forced_in": ("force_in",),
    "ruled_out": ("force_out",),
    "partner_out": ("partners_out",),
    "join": ("partners_out",),
}


@dataclass
class Witnesses:
    """Packages, the latest first, and what each of them breaks: sets of requirements one of which has to go."""

    catalog: Catalog
    requirements: Mapping[str, Requirement]
    packages: list[Package] = field(default_factory=lambda: [Package()])
    _known: dict[tuple[int, Package], tuple[Keys, ...]] = field(default_factory=dict)

    def add(self, package: Package) -> None:
        if package not in self.packages:
            self.packages.insert(0, package)

    def without(self, dropped: Collection[str], possible: Possible) -> Iterator[Package]:
        """The packages that may do without these requirements of a model; the judge has the last word."""
        gone = frozenset(dropped)
        return (p for p in self.packages if all(breach & gone for breach in self._breaches(p, possible)))

    def _breaches(self, package: Package, possible: Possible) -> tuple[Keys, ...]:
        key = id(possible), package
        if key not in self._known:
            self._known[key] = (*self._judged(package, possible.question), *self._soft(package, possible))
        return self._known[key]

    def _judged(self, package: Package, question: Question) -> Iterator[Keys]:
        for found in violations(question.case, package, question.choices, question.catalog):
            fields = FIELDS.get(found.id, ())
            yield frozenset(k for k, r in self.requirements.items() if r.field in fields or k == f"rule:{found.id}")

    def _soft(self, package: Package, possible: Possible) -> Iterator[Keys]:
        """Soft rules that are required: the judge reads hard ones only."""
        rules = (key.removeprefix("rule:") for key in possible.q if key.startswith("rule:"))
        for rule in rules:
            if self.catalog.rules[rule].kind == "soft_penalty" and not _keeps(possible, package, rule):
                yield frozenset({f"rule:{rule}"})


def _keeps(possible: Possible, package: Package, rule: str) -> bool:
    try:
        return possible.keeps(package, [rule])
    except KeyError:  # found under other wishes, which this model does not offer
        return False
