"""Which requirements a package breaks: offers, structure, the planner's own choices and the required hard rules."""

from __future__ import annotations

from collections.abc import Iterator

from ..choices import Choices, Measure, Package
from ..inputs.records import Case, Catalog
from .evaluate import AS_THE_CASE_HAS_IT, judge_of
from .hard_rules import hard_rules
from .measures import timed
from .offers import offers
from .scene import Scene
from .structure import structure
from .violation import Plan, Violation, called

__all__ = ["Violation", "violations"]


def violations(
    case: Case,
    package: Package,
    choices: Choices = AS_THE_CASE_HAS_IT,
    catalog: Catalog | None = None,
) -> tuple[Violation, ...]:
    """All requirements that a package breaks; measures that the data do not know are named first, and alone."""
    scene = judge_of(case, choices, catalog).scene
    unknown = tuple(found for measure in package.measures for found in _unknown(scene, measure))
    if unknown:
        return unknown
    plan = Plan(scene, tuple(timed(scene, measure) for measure in package.measures))
    return (*offers(plan), *structure(plan), *hard_rules(plan))


def _unknown(scene: Scene, measure: Measure) -> Iterator[Violation]:
    """Names that stand in no table, and pairs that the fit table does not allow."""
    tool, lead = scene.catalog.instruments.get(measure.instrument), scene.partners.get(measure.lead)
    missing = [name for name in (measure.lead, *measure.joined) if name not in scene.partners]
    missing += [measure.node] if measure.node not in scene.node_index else []
    missing += [measure.instrument] if tool is None else []
    for name in missing:
        because = f"There is nothing called {called(name)} in this case."
        yield Violation("unknown", "Unknown name", called(measure.node), 0, 1, because)
    if tool and lead and (lead.generic, tool.id) not in scene.catalog.fits:
        because = f"{lead.name} cannot lead {tool.name}: the fit table does not list the pair."
        yield Violation("no_fit", "Who may lead what", called(measure.node), 0, 1, because)
