"""A crisis in which nobody stands in the way, and short forms for tests of the judge."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from optimizer.choices import Choices, Measure, Package
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.inputs.records import Case, CasePartner, Catalog
from optimizer.judge.check import violations

CATALOG = load_catalog()
AS_IT_IS = Choices()
NO_BRANCHES = Choices(branches=())
PLAIN = tuple((rule, "off") for rule in ("R03", "R04", "R05", "R06", "R07", "R22", "R32", "R35", "R38"))


@cache
def macedonia() -> Case:
    return load_case("macedonia_2001")


@cache
def easy() -> Case:
    """Macedonia with every partner willing, able and long there, all gates open and money for everything."""
    partners = tuple(
        CasePartner(
            partner=key,
            generic_partner=key,
            available_from_month=-12.0,
            capacity=1.0,
            political_will=1.0,
            will_force=1.0,
        )
        for key in CATALOG.partners
    )
    return changed(
        macedonia(),
        partners=partners,
        legitimacy={
            "unsc_authorization_prospect": 1.0,
            "regional_authorization_prospect": 1.0,
            "host_consent_prospect": 1.0,
        },
        constraints={"budget_musd_2020": 100_000.0},
    )


def changed(case: Case, **changes: Any) -> Case:
    """The case with some fields changed; a dict changes fields of a block."""
    blocks = {
        key: getattr(case, key).model_copy(update=value) if isinstance(value, dict) else value
        for key, value in changes.items()
    }
    return case.model_copy(update=blocks)


def without_synergies(catalog: Catalog = CATALOG) -> Catalog:
    return replace(catalog, synergies={})


def best(tool: str) -> str:
    """The partner that is best placed for a tool."""
    return max((fit.fit, key) for (key, one), fit in CATALOG.fits.items() if one == tool)[1]


def measure(tool: str, lead: str = "", node: str = "now", start: float = 0.0, **given: Any) -> Measure:
    return Measure(tool, lead or best(tool), node, start, **given)


def package(*measures: Measure) -> Package:
    return Package(measures)


def broken(measures: tuple[Measure, ...], choices: Choices = AS_IT_IS, case: Case | None = None) -> set[str]:
    """Ids of the requirements that the measures break."""
    return {found.id for found in violations(case or easy(), package(*measures), choices, CATALOG)}
