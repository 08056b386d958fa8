"""The objectives, each declared once: title, unit, resolution, solver form; the judge gives the exact value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulp

from .algebra import Sum, add_up
from .settings import Settings
from .situation import Situation

if TYPE_CHECKING:
    from .programme import Programme


@dataclass(frozen=True)
class Objective:
    """One thing to make small. `solver_form` is never above the exact value; `resolution` is in the user's unit."""

    key: str
    title: str
    unit: str
    better: str
    source: str
    resolution: Callable[[Situation], float]
    solver_form: Callable[[Programme], tuple[Sum, float]]  # sum and constant
    to_user: Callable[[float], float] | None = None
    to_solver: Callable[[float], float] | None = None


def _inner_to_risk(inner: float) -> float:
    return -math.expm1(-inner)


def _risk_to_inner(risk: float) -> float:
    return -math.log1p(-risk) if risk < 1 else math.inf


def _share(settings: Settings, name: str) -> float:
    return settings.catalog.value(name)


def _expected(programme: Programme, weight: Callable[[int], float]) -> tuple[Sum, float]:
    """Sum of a weight over the measures of now, and over the branches by their probability."""
    situation = programme.situation
    chance = {n.name: n.probability for n in situation.tree.nodes}
    parts = ((chance[c.node] * weight(i), {programme.x[i]: 1.0}) for i, c in enumerate(situation.columns))
    return add_up(*parts), 0.0


def _days(programme: Programme) -> tuple[Sum, float]:
    return programme.days()


def _further(key: str) -> Callable[[Programme], tuple[Sum, float]]:
    """The form of an objective that is made with the question, from scenarios, replies or failures."""
    return lambda programme: (programme.further[key], 0.0)


def _like_risk(key: str, title: str) -> Objective:
    return Objective(
        key, title, "probability", "less", "MODEL.md, sections 8 and 10",
        lambda s: _share(s.settings, "risk_resolution_share_of_baseline") * s.tree.baseline,
        _further(key), _inner_to_risk, _risk_to_inner,
    )  # fmt: skip


def coercion_range(situation: Situation) -> float:
    """Sum of the N highest intrusions on offer."""
    scores = sorted({c.tool.id: c.tool.intrusion.mid for c in situation.columns}.values(), reverse=True)
    return sum(scores[: situation.settings.max_measures])


OBJECTIVES: dict[str, Objective] = {
    o.key: o
    for o in (
        Objective(
            "risk", "Projected risk", "probability", "less", "MODEL.md, sections 5 and 8",
            lambda s: _share(s.settings, "risk_resolution_share_of_baseline") * s.tree.baseline,
            lambda p: (p.inner, 0.0), _inner_to_risk, _risk_to_inner,
        ),
        Objective(
            "cost", "Cost, now and expected contingent", "M USD of 2020", "less", "MODEL.md, section 8",
            lambda s: _share(s.settings, "cost_resolution_share_of_envelope") * s.settings.budget,
            lambda p: _expected(p, lambda i: p.situation.columns[i].cost_musd),
        ),
        Objective(
            "days", "Days to protection", "days", "less", "MODEL.md, section 8; Table 2 of the second seed",
            lambda s: _share(s.settings, "days_resolution"), _days,
        ),
        Objective(
            "coercion", "Coerciveness", "points of intrusion", "less", "MODEL.md, section 8; catalog/intrusion.csv",
            lambda s: max(_share(s.settings, "coercion_resolution_share_of_range") * coercion_range(s), 1e-6),
            lambda p: _expected(p, lambda i: p.situation.columns[i].tool.intrusion.mid),
        ),
        Objective(
            "shortfall", "Price of preferred rules not kept", "risk points", "less", "MODEL.md, section 6",
            lambda s: _share(s.settings, "shortfall_resolution"), lambda p: (p.shortfall(), 0.0),
        ),
        _like_risk("worst_k", "Risk if the worst measures fail"),
        _like_risk("worst_reply", "Risk under the adversary's best reply"),
        _like_risk("cvar", "Tail risk, worst tenth of scenarios"),
    )
}  # fmt: skip


FURTHER = frozenset({"worst_k", "worst_reply", "cvar"})  # need more than the mids: optimizer/doubt/robust.py
CHANCES = FURTHER | {"risk"}  # shown in per cent


def expression(form: tuple[Sum, float]) -> pulp.LpAffineExpression:
    """A PuLP expression from a sum and its constant."""
    return pulp.LpAffineExpression(form[0], constant=form[1])
