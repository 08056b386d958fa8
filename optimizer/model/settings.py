"""The numbers of a case under a planner's choices: rule parameters, states, partners. No formulas here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..choices import Choices, State
from ..inputs.records import Case, CasePartner, Catalog, Instrument, Partner
from .tree import MONTH_DAYS

FORCE_GROUP = frozenset({"presence", "force", "guarantee", "covert"})  # catalog/README.md, section 8
WORDS_GROUP = frozenset({"pressure", "shaming", "dip_sanction", "legal", "econ_threat", "info", "third", "civil"})
TROOP_FAMILIES = frozenset(
    {"presence", "force", "force_threat", "guarantee"}
)  # cases/schema.md: the smaller of two wills
ORGANISATIONS = frozenset({"regional_organisation", "international_organisation"})


@dataclass(frozen=True)
class Ally:
    """A partner as it stands in this case: month, will and capacity after the planner's changes."""

    id: str
    entry: CasePartner
    generic: Partner
    available_day: float
    will: float
    will_force: float
    capacity: int
    families: tuple[str, ...]  # empty: any

    def willing(self, instrument: Instrument, least: float) -> bool:
        allowed = not self.families or instrument.family in self.families
        will = min(self.will, self.will_force) if instrument.family in TROOP_FAMILIES else self.will
        return allowed and will >= least

    @property
    def is_organisation(self) -> bool:
        return self.generic.kind in ORGANISATIONS


@dataclass(frozen=True)
class Settings:
    """Case, catalog and choices read together."""

    case: Case
    catalog: Catalog
    choices: Choices

    @cached_property
    def states(self) -> Mapping[str, State]:
        """State of every rule: the planner's, else the catalog's default."""
        return {r.id: default_state(r.kind, r.default_on) for r in self.catalog.rules.values()} | dict(
            self.choices.rules
        )

    def on(self, rule: str) -> bool:
        return self.states[rule] != "off"

    def required(self, rule: str) -> bool:
        return self.states[rule] == "required"

    def parameter(self, rule: str, name: str) -> float:
        """A rule's parameter: the planner's, else catalog/planning.csv."""
        chosen = self.choices.of("parameters", f"{rule}.{name}")
        return float(chosen) if isinstance(chosen, (int, float)) else self.catalog.value(f"{rule}.{name}")

    @cached_property
    def leverages(self) -> dict[str, float]:
        """Leverage of the instruments met so far, by id; `effects.leverage` fills it."""
        return {}

    @cached_property
    def volcanic(self) -> bool:
        return self.case.tempo.tempo_class == "volcanic"

    @cached_property
    def budget(self) -> float:
        chosen = self.choices.budget_musd
        return self.case.constraints.budget_musd_2020 if chosen is None else chosen

    @cached_property
    def max_measures(self) -> int:
        chosen = self.choices.max_measures
        return int(self.catalog.value("max_active_instruments")) if chosen is None else chosen

    @cached_property
    def backing_limit_days(self) -> float:
        """How long after a threat is defied its deed must stand (R01)."""
        return max(self.parameter("R01", "g") * MONTH_DAYS, self.case.constraints.time_to_first_effect_limit_days)

    @cached_property
    def allies(self) -> Mapping[str, Ally]:
        """Partners that are in, by their id in the case."""
        return {p.partner: self._ally(p) for p in self.case.partners if p.partner not in self.choices.partners_out}

    def _ally(self, entry: CasePartner) -> Ally:
        generic = self.catalog.partners[entry.generic_partner]
        month = self.choices.of("partner_from", entry.partner)
        will = self.choices.of("will", entry.partner)
        capacity = self.choices.of("capacity", entry.partner)
        own = max(1, math.floor(generic.max_concurrent_instruments * entry.capacity + 0.5))
        force = entry.political_will if entry.will_force is None else entry.will_force
        return Ally(
            id=entry.partner,
            entry=entry,
            generic=generic,
            available_day=MONTH_DAYS * (entry.available_from_month if month is None else float(month)),  # type: ignore[arg-type]
            will=entry.political_will if will is None else float(will),  # type: ignore[arg-type]
            will_force=force if will is None else float(will),  # type: ignore[arg-type]
            capacity=own if capacity is None else int(capacity),  # type: ignore[call-overload]
            families=tuple(self.catalog.partner_scope.get(entry.partner, ())),
        )


def default_state(kind: str, default_on: bool) -> State:
    """A rule's state before the planner touches it: soft rules are preferred, all others hold."""
    if not default_on:
        return "off"
    return "preferred" if kind == "soft_penalty" else "required"
