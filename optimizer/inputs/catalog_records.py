"""Records of the catalog: one class per table, one field per column or triple of columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from .base_records import (
    Amount,
    AmountTriple,
    Confidence,
    Count,
    EffectTriple,
    Family,
    Flag,
    Gate,
    Grade,
    Group,
    Id,
    Number,
    Point,
    Positive,
    Record,
    Share,
    ShareTriple,
    Tempo,
    Text,
    Triple,
    Whole,
)

Mode = Literal[
    "threat",
    "imposed_measure",
    "inducement",
    "promise",
    "facilitation",
    "protective_presence",
    "information",
    "enabler",
]
Multiplier = Annotated[float, Field(strict=True, gt=0, le=10)]


class Instrument(Record):
    """A preventive tool."""

    id: Id = Field(description="key")
    name: Text = Field(description="label")
    functional_type: Literal["diplomatic", "economic", "legal", "military", "civil_society"] = Field(
        description="functional type, Table 1 of the second seed"
    )
    stance: Literal["cooperative", "coercive"] = Field(description="stance, Table 1 of the second seed")
    mode: Mode = Field(description="what the tool is; threats and promises need follow-through")
    target_groups: tuple[Group, ...] = Field(min_length=1, description="groups of Table 2 that the tool reaches")
    intervention_points: tuple[Point, ...] = Field(min_length=1, description="points at which it can be used")
    needs_backing_by: tuple[Id, ...] = Field(description="any one of these makes a threat or guarantee credible")
    requires: tuple[tuple[Id, ...], ...] = Field(description="of every group, any one must be in place")
    excludes: tuple[Id, ...] = Field(description="tools it may not run together with")
    needs_authorization: Gate = Field(description="usual legal or political gate")
    authorization_alternatives: tuple[Gate, ...] = Field(description="other gates that have been used")
    cost_musd: AmountTriple = Field(
        description="set-up and running cost over the typical duration, million 2020 USD, for 10-25 million people"
    )
    cost_monthly_musd: Amount = Field(description="running cost, million 2020 USD a month, part of cost_musd")
    lead_days: AmountTriple = Field(description="days from decision to first effect, with an available partner")
    effect: EffectTriple = Field(
        description="relative fall in the one-year risk if used alone, in time and well led; negative: makes it worse"
    )
    typical_duration_months: Positive = Field(description="months that cost_musd pays for")
    pace_suitability: Literal["both", "rolling_only"] = Field(description="rolling_only: too slow for volcanic cases")
    family: Family = Field(description="group of like tools, for the discount of second tools and for fit and leverage")
    evidence_grade: Grade = Field(description="grade of the evidence, not of the tool")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")
    seed_reference: str = Field(description="where the seeds name it")
    backfire_note: str = Field(description="how it can do harm")
    table1_cell: tuple[str, ...] = Field(description="items of Table 1 that it covers")
    table2_cell: tuple[str, ...] = Field(description="measures of Table 2 that it covers")
    cost_basis: str = Field(description="how the cost was made")
    lead_basis: str = Field(description="how the lead time was made")
    effect_basis: str = Field(description="how the effect was made (codes M1 to M4)")
    planner_default: Literal["on", "off_review"] = Field(
        description="off_review: off until a named, accountable user turns it on after legal review"
    )
    intrusion: ShareTriple = Field(description="intrusion on sovereignty, 0 invited help to 1 invasion; judged")


class Intrusion(Record):
    """How far a tool intrudes on the sovereignty of the state it is used in."""

    instrument: Id = Field(description="instrument")
    intrusion: ShareTriple = Field(description="0 invited help to 1 invasion")
    reason: Text = Field(description="why this value")
    evidence_grade: Grade = Field(description="grade of the evidence")
    source: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")


class Partner(Record):
    """An actor that can lead a tool."""

    id: Id = Field(description="key")
    name: Text = Field(description="label")
    kind: Text = Field(description="state, international_organisation, regional_organisation, ...")
    regions: tuple[str, ...] = Field(min_length=1, description="where it can act; a hint, a case file overrides it")
    legitimacy: Share = Field(description="breadth of acceptance as a lead, 0 to 1, judged")
    availability_constraint: str = Field(description="what may keep it away")
    max_concurrent_instruments: Annotated[Whole, Field(ge=1)] = Field(description="tools it can lead at once in a case")
    capacity_unit: str = Field(description="what capacity_amount counts")
    capacity_amount: Amount = Field(description="capacity, in capacity_unit")
    activation_days: Amount = Field(description="days to activate the partner from cold, mid")
    decision_rule: str = Field(description="how it decides")
    notes: str = Field(description="notes")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")


class Fit(Record):
    """How well a partner is placed to lead a tool; a pair that is not listed is not allowed."""

    partner: Id = Field(description="partner")
    instrument: Id = Field(description="instrument")
    fit: Share = Field(gt=0, description="0 to 1, multiplies the effect")
    lead_time_multiplier: Multiplier = Field(description="factor on the tool's lead days")
    cost_multiplier: Multiplier = Field(description="factor on the tool's cost")
    reason: Text = Field(description="why this value")
    source: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")
    basis: Text = Field(description="family: from the family's row; exception: set for this pair")
    family: Family = Field(description="family of the instrument")


class Synergy(Record):
    """A group of tools that reinforce or undermine each other."""

    id: Id = Field(description="key")
    instruments: tuple[tuple[Id, ...], ...] = Field(min_length=1, description="of every group, any one must run")
    absent_instruments: tuple[Id, ...] = Field(description="fires only when none of these runs")
    relation: Literal["reinforces", "undermines", "conditional_without"] = Field(description="kind of relation")
    sign: Literal["+", "-"] = Field(description="+ lowers risk, - raises it")
    strength: Triple = Field(description="share of the tools' effects that is added (or taken away)")
    window_months: Positive = Field(description="how near in time the tools must be, months")
    gate: Text = Field(description="further condition, README section 5")
    passage_or_study: str = Field(description="what it rests on")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")
    evidence_grade: Grade = Field(description="grade of the evidence")

    @property
    def judges_backing(self) -> bool:
        """Whether absent means not backed, as rule R01 judges it."""
        return self.gate.startswith("not_backed")


class Leverage(Record):
    """How a property of the case scales the effect of a family, or of one of its instruments."""

    family: Family = Field(description="family")
    instrument: Id | None = Field(description="one instrument of the family; blank: all of them")
    case_field: Text = Field(description="field of the case, 0 to 1")
    direction: Literal["more", "less"] = Field(description="more: the higher the field the stronger the tool")
    weight: ShareTriple = Field(description="w in 1 - w (1 - v) for more, 1 - w v for less")
    reason: Text = Field(description="why")
    seed_locator: str = Field(description="where the seeds say it")
    evidence_grade: Grade = Field(description="grade of the evidence")


class RuleText(Record):
    """A decision rule that the seeds state, in our words; the code declares what it does."""

    id: Annotated[str, Field(pattern=r"^R\d{2}$")] = Field(description="key, R01 to R55")
    title: Text = Field(description="short title")
    statement: Text = Field(description="what the seeds ask")
    seed_file: tuple[str, ...] = Field(min_length=1, description="seed documents that state it")
    seed_locator: Text = Field(description="place in the seeds")
    kind: Literal["hard_constraint", "soft_penalty", "effect_modifier", "playbook_content", "process"] = Field(
        description="what the rule does"
    )
    formalisation: Text = Field(description="one line for a 0/1 model")
    default_on: Flag = Field(description="whether it is on by default")
    tunable_parameter: Text = Field(description="parameter and proposed value")


class Parameter(Record):
    """A number of the risk model or of the planning conventions; blank low or high: no range is known."""

    section: Text = Field(description="group of parameters")
    name: Text = Field(description="key; section.name where two sections share a name")
    low: Number | None = Field(description="low, in unit")
    mid: Number = Field(description="value used, in unit")
    high: Number | None = Field(description="high, in unit")
    unit: Text = Field(description="unit")
    definition: Text = Field(description="what it is")
    how_to_use: str = Field(description="where it enters, or why this value")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")
    status: Text = Field(description="seen, recalled, judged, own calculation, ...")


class Source(Record):
    """A source: seen in stored text, or recalled from memory and to be checked before it is quoted."""

    key: Id = Field(description="key")
    reference: Text = Field(description="full reference")
    status: Literal["seen", "recalled"] = Field(description="seen or recalled")
    what_was_taken: str = Field(default="", description="what was taken from it")
    where_seen: str = Field(default="", description="where it was seen")
    what_was_seen: str = Field(default="", description="how much of it was seen")


class BranchDefault(Record):
    """How a crisis may go on after the branch day, by intervention point and tempo."""

    intervention_point: Point = Field(description="intervention point at the start")
    tempo: Tempo = Field(description="tempo class")
    branch_day: Annotated[Whole, Field(gt=0)] = Field(description="day on which the branches part")
    p_escalates: ShareTriple = Field(description="chance that it escalates")
    p_settles: ShareTriple = Field(description="chance that it settles")
    p_drags_on_mid: Share = Field(description="chance that it drags on, at the mids")
    mult_escalates: AmountTriple = Field(description="hazard relative to the case's own after the branch day")
    mult_settles: AmountTriple = Field(description="hazard relative to the case's own after the branch day")
    mult_drags_on: AmountTriple = Field(description="hazard relative to the case's own after the branch day")
    status: Text = Field(description="judged, or judged with counts as an anchor")
    basis: Text = Field(description="what it rests on")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of the cases' sources.csv")


class WillForce(Record):
    """Readiness of a partner to send troops or use force in a case."""

    case_id: Id = Field(description="case")
    partner: Id = Field(description="partner of the case")
    will_force: Share = Field(description="0 to 1, judged with hindsight; never above political_will")
    basis: str = Field(description="what it rests on")
    confidence: Confidence = Field(description="confidence")


class PartnerScope(Record):
    """A partner that may lead tools of some families only."""

    partner: Id = Field(description="partner, as case files name it")
    families: tuple[Family, ...] = Field(min_length=1, description="families it may lead")
    reason: Text = Field(description="why")
    source: Text = Field(description="where it is stated")


class OutcomeRow(Record):
    """Outcome of a historical case; not for the optimizer, for scoring only."""

    case_id: Id = Field(description="case")
    outcome_class: Literal["averted", "mitigated", "partial", "failed"] = Field(description="outcome class")
    deaths_low: Count = Field(description="civilian deaths, low")
    deaths_best: Count = Field(description="civilian deaths, best estimate")
    deaths_high: Count = Field(description="civilian deaths, high")
    deaths_best_within_horizon: Count = Field(description="civilian deaths inside the horizon, best estimate")
    deaths_scope: str = Field(description="what is counted")
    mass_killing: Annotated[Count, Field(le=1)] = Field(description="1: a mass killing took place")
    duration_months: Count = Field(description="months")
    first_serious_response_days: int | None = Field(description="days from the trigger to a response with real means")
    first_response_days_from_start: int | None = Field(description="days from the start date to the first response")
    first_response_days_from_onset: int | None = Field(description="days from the onset to the first response")
    confidence: Confidence = Field(description="confidence")
    justification: str = Field(description="why")
    sources: tuple[Id, ...] = Field(description="keys of the cases' sources.csv")


class InstrumentCode(Record):
    """A finer code of the case files and the instrument it stands for."""

    id: str = Field(description="instrument, or blank")
    local_code: Id = Field(description="code used in the case files")
    local_name: Text = Field(description="label")
    type: str = Field(description="functional type as coded in the cases")
    stance: str = Field(description="stance as coded in the cases")
    mapping: str = Field(description="default, or used where it fits the act better")
    shared_cases_using_it: Count = Field(description="number of case files that use it")


class PartnerCode(Record):
    """A partner of the case files and the generic partner it stands for."""

    id: str = Field(description="partner id used in the case files")
    local_code: Id = Field(description="finer code")
    local_name: Text = Field(description="label")
    in_evidence_partners: str = Field(description="yes: a partner of the catalog itself")
    generic_partner: str = Field(description="partner of the catalog for fit and cost")
    shared_cases_using_it: Count = Field(description="number of case files that use it")


class AdversaryReply(Record):
    """A reply of the perpetrators to a package: what it weakens, delays or makes dearer."""

    id: Id = Field(description="key")
    reply: Text = Field(description="label")
    families: tuple[Family, ...] = Field(description="families of instruments that it acts on")
    instruments: tuple[Id, ...] = Field(description="further instruments that it acts on")
    keep: ShareTriple = Field(description="share of a helpful effect that is left")
    delay_days: AmountTriple = Field(description="days by which these instruments come into force later")
    surcharge: AmountTriple = Field(description="factor on their cost")
    haste: AmountTriple = Field(
        description="exponent on the elapsed share of the horizon in the hazard profile; below 1: sooner"
    )
    volcanic: ShareTriple = Field(description="chance that it is tried in a volcanic crisis")
    rolling: ShareTriple = Field(description="chance that it is tried in a rolling crisis")
    slow: ShareTriple = Field(description="chance that it is tried in a slow crisis")
    case_field: str = Field(description="field of the case, 0 to 1, that this chance hangs on; blank: none")
    direction: Literal["more", "less", ""] = Field(
        description="more: the higher the field the likelier; less: the rarer"
    )
    how: Text = Field(description="how it works")
    seed_locator: Text = Field(description="where the seeds speak of it")
    cases: tuple[Id, ...] = Field(min_length=1, description="shipped cases in which it was seen or is to be expected")
    evidence_grade: Grade = Field(description="grade of the evidence")
    sources: tuple[Id, ...] = Field(min_length=1, description="keys of sources.csv")


@dataclass(frozen=True)
class Catalog:
    """All tables, read and checked. Mappings keep the order of the files; treat them as read-only."""

    instruments: Mapping[str, Instrument]
    partners: Mapping[str, Partner]
    fits: Mapping[tuple[str, str], Fit]  # (partner, instrument)
    synergies: Mapping[str, Synergy]
    leverage: tuple[Leverage, ...]
    rules: Mapping[str, RuleText]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    case_sources: Mapping[str, Source]
    branch_defaults: Mapping[tuple[str, str], BranchDefault]  # (intervention point, tempo)
    will_force: Mapping[tuple[str, str], float]  # (case id, partner)
    partner_scope: Mapping[str, tuple[str, ...]]  # partner -> families it may lead; not listed: all
    fingerprint: str  # sha256 of the bytes of all tables
    adversary: Mapping[str, AdversaryReply] = field(default_factory=dict)

    def value(self, name: str) -> float:
        """Mid of a parameter, in its own unit."""
        return self.parameters[name].mid
