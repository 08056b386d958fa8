"""What one measure does, when and for how much (docs/method.md, section 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..inputs.records import Fit, Instrument, Leverage
from .settings import FORCE_GROUP, Ally, Settings
from .tree import MONTH_DAYS


@dataclass(frozen=True)
class Timing:
    """Days from the case's start."""

    start: float
    in_force: float
    end: float


def timing(settings: Settings, tool: Instrument, ally: Ally, fit: Fit, slot: float, horizon: float) -> Timing:
    """When a measure begins, comes into force and ends."""
    start = max(slot, ally.available_day)
    factor = (
        settings.parameter("R55", "factor") if ally.id in settings.choices.planned_with and settings.on("R55") else 1.0
    )
    cold = max(0.0, ally.generic.activation_days * factor - (start - ally.available_day))
    lead = tool.lead_days.mid * fit.lead_time_multiplier
    in_force = start + max(lead, cold) + 0.5 * min(lead, cold)
    return Timing(start, in_force, min(in_force + tool.typical_duration_months * MONTH_DAYS, horizon))


def cost_musd(tool: Instrument, fit: Fit, when: Timing, until: float = math.inf) -> float:
    """Set-up and running cost in M USD of 2020, up to the day `until`."""
    set_up = max(0.0, tool.cost_musd.mid - tool.cost_monthly_musd * tool.typical_duration_months)
    months = max(0.0, min(when.end, until) - when.in_force) / MONTH_DAYS
    return fit.cost_multiplier * (set_up + tool.cost_monthly_musd * months)


def authorization(settings: Settings, tool: Instrument) -> tuple[str, float]:
    """The gate that counts, and its prospect (R05: an alternative body counts less)."""
    discount = settings.parameter("R05", "discount") if settings.on("R05") else 1.0
    gates = [(tool.needs_authorization, 1.0), *((g, discount) for g in tool.authorization_alternatives)]
    return max(((g, weight * _prospect(settings, g)) for g, weight in gates), key=lambda pair: pair[1])


def _prospect(settings: Settings, gate: str) -> float:
    ruled = settings.choices.of("authorization", gate)
    if ruled is not None:
        return float(bool(ruled))
    legitimacy = settings.case.legitimacy
    known = {"unsc": legitimacy.unsc_authorization_prospect, "regional": legitimacy.regional_authorization_prospect}
    return known.get(gate, 1.0)


def leverage(settings: Settings, tool: Instrument) -> float:
    """How the target scales the tool (R38): rows of the family, the instrument's own in their place."""
    if not settings.on("R38"):
        return 1.0
    if tool.id not in settings.leverages:
        settings.leverages[tool.id] = _leverage(settings, tool)
    return settings.leverages[tool.id]


def _leverage(settings: Settings, tool: Instrument) -> float:
    rows: dict[str, Leverage] = {}
    for row in settings.catalog.leverage:
        own = row.instrument == tool.id
        if row.family == tool.family and (own or (row.instrument is None and row.case_field not in rows)):
            rows[row.case_field] = row
    return max(0.1, math.prod(_leverage_factor(settings, row) for row in rows.values()))


def _leverage_factor(settings: Settings, row: Leverage) -> float:
    block, field = row.case_field.split(".")
    value = getattr(getattr(settings.case, block), field)
    return float(1 - row.weight.mid * (1 - value) if row.direction == "more" else 1 - row.weight.mid * value)


def level(settings: Settings, tool: Instrument) -> float:
    """The catalog's effect, mixed towards its low end for threats and coercive military tools (R03)."""
    risky = tool.mode == "threat" or (tool.stance == "coercive" and tool.functional_type == "military")
    q = settings.parameter("R03", "q") if risky and settings.on("R03") else 0.0
    return (1 - q) * tool.effect.mid + q * tool.effect.low


def phase(settings: Settings, tool: Instrument, point: str) -> float:
    """Words and money do less once mass killing has begun (R07)."""
    late = point == "onset" and tool.family not in FORCE_GROUP and settings.on("R07")
    return settings.parameter("R07", "factor") if late else 1.0


def fade(settings: Settings, in_force: float) -> float:
    """Effect left after a delay, by the pace of the crisis (R06)."""
    if not settings.on("R06"):
        return 1.0
    rate = settings.parameter("R06", "d_volcanic" if settings.volcanic else "d_rolling")
    return math.exp(-rate * in_force / MONTH_DAYS)


def other_modifiers(settings: Settings, tool: Instrument) -> float:
    """Breadth of sanctions (R32), and consent-based troops where the government kills."""
    factor = 1.0
    if tool.family == "econ_sanction" and settings.on("R32"):
        factor *= 0.4 + 0.6 * settings.parameter("R32", "share")
    if tool.family == "presence" and government_kills(settings):
        factor *= settings.catalog.value("government_perpetrator_factor_peace_forces")
    return factor


def government_kills(settings: Settings) -> bool:
    return any(p.role == "government" and "perpetrators" in p.table2_groups for p in settings.case.parties)


def effect(settings: Settings, tool: Instrument, fit: Fit, in_force: float, point: str) -> float:
    """e: relative fall in hazard by one measure in a node with this intervention point; negative where it does harm."""
    factors = (
        fit.fit,
        leverage(settings, tool),
        authorization(settings, tool)[1],
        phase(settings, tool, point),
        fade(settings, in_force),
        other_modifiers(settings, tool),
    )
    return level(settings, tool) * math.prod(factors)


def coalition_gain(settings: Settings, tool: Instrument) -> float:
    """Factor on the effect when others take part (R04); 1 where coalition is counted otherwise."""
    sanctions = tool.family == "econ_sanction" and settings.on("R32")
    return 1.0 if sanctions or not settings.on("R04") else 1 + settings.parameter("R04", "b")


def sequence_gain(settings: Settings, tool: Instrument) -> float:
    """Factor on the effect of force that peaceful means preceded (R22)."""
    counts = tool.family == "force" and tool.mode != "enabler" and settings.on("R22") and not settings.volcanic
    return 1 + settings.parameter("R22", "bonus") if counts else 1.0


def log_effect(e: float) -> float:
    """beta = -ln(1 - e)."""
    return -math.log1p(-e)
