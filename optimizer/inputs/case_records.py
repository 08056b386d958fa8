"""Records of a case file: the blocks and fields of cases/schema.md under their own names."""

from typing import Annotated, Literal

from pydantic import Field

from .base_records import (
    Amount,
    Confidence,
    Count,
    Date,
    Flag,
    Group,
    Id,
    Number,
    Point,
    Positive,
    Record,
    Share,
    Tempo,
    Text,
    Whole,
)

Role = Literal["government", "rebels", "militia", "patron", "neighbour", "threatened_group", "third_party"]
Known = Confidence | None


class TempoBlock(Record):
    """How fast, and when within the horizon, the harm is expected if nothing new is done."""

    tempo_class: Tempo = Field(alias="class", description="volcanic, rolling or slow")
    hazard_profile: tuple[Share, ...] = Field(description="share of the harm in each month of the horizon, sums to 1")
    hazard_basis: str = Field(default="", description="observed or counterfactual, and why")
    confidence: Known = Field(default=None, description="confidence")


class Precondition(Record):
    """One of the seven preconditions."""

    score: Share = Field(description="0 absent, 0.5 partly or contested, 1 clearly present")
    evidence: str = Field(default="", description="one line of evidence")


class Preconditions(Record):
    """Preconditions of genocidal violence at the start."""

    upheaval: Precondition = Field(description="political upheaval")
    exclusionary_ideology: Precondition = Field(description="exclusionary ideology of the elite")
    polarised_elite: Precondition = Field(description="ethnically polarised or minority-based elite")
    state_led_discrimination: Precondition = Field(description="state-led discrimination")
    autocracy: Precondition = Field(description="autocracy")
    low_interconnectedness: Precondition = Field(description="low trade and political interconnectedness")
    prior_genocide: Precondition = Field(description="earlier genocide or politicide")
    confidence: Known = Field(default=None, description="confidence")


class BaselineRisk(Record):
    """Chance of mass killing (1,000 or more civilians of a group) without new action."""

    p_one_year: Share = Field(gt=0, lt=1, description="probability within one year of the start, inside view")
    low: Share = Field(description="low of p_one_year")
    high: Share = Field(lt=1, description="high of p_one_year")
    outside_view_p: Share = Field(gt=0, lt=1, description="yearly probability from the five-factor model")
    harff_formula_p: Share | None = Field(default=None, description="probability per upheaval, recalled odds ratios")
    basis: str = Field(default="", description="basis")
    confidence: Known = Field(default=None, description="confidence")


class Harm(Record):
    """Civilian deaths inside the horizon if mass killing happens and nothing new is done."""

    deaths_low: Count = Field(description="persons, low")
    deaths_best: Count = Field(description="persons, best estimate")
    deaths_high: Count = Field(description="persons, high")
    basis: str = Field(default="", description="basis")
    confidence: Known = Field(default=None, description="confidence")


class LeverageFactors(Record):
    """What outsiders can pull on; 0 to 1."""

    economic_integration: Share = Field(description="trade, investment, wish for membership")
    aid_dependence: Share = Field(description="share of the regime's means that come from donors")
    geographic_accessibility: Share = Field(description="ease of reaching people at risk")
    regime_receptiveness: Share = Field(description="readiness of those in power to listen or consent")
    patron_shield: Share = Field(description="how strongly a patron protects the regime; higher is worse")
    diaspora_networks: Share = Field(description="diaspora and other groups that can press")
    rebel_leverage: Share = Field(description="how far outsiders can move the armed opposition")
    peace_process: Share = Field(description="how far a peace process is under way at the start")
    note: str = Field(default="", description="note")
    confidence: Known = Field(default=None, description="confidence")


class Party(Record):
    """A party to the crisis."""

    id: Id = Field(description="key within the case")
    name: Text = Field(description="label")
    role: Role = Field(description="role")
    table2_groups: tuple[Group, ...] = Field(description="groups of Table 2 that it belongs to")
    target_group: Id | None = Field(default=None, description="party that it threatens")
    notes: str = Field(default="", description="notes")


class CasePartner(Record):
    """A partner that could help in this case."""

    partner: Id = Field(description="id in this case")
    generic_partner: Id = Field(description="partner of the catalog, for fit and cost")
    available_from_month: Number = Field(description="months from the start; may be negative")
    capacity: Share = Field(description="means it could bring, 0 to 1")
    political_will: Share = Field(description="readiness to use them in this case, 0 to 1")
    constraints: tuple[str, ...] = Field(default=(), description="such as a veto threat")
    will_force: Share | None = Field(default=None, description="readiness for troops and force, 0 to 1")


class Legitimacy(Record):
    """Prospects of authorization and consent."""

    unsc_authorization_prospect: Share = Field(description="probability of a Council mandate")
    regional_authorization_prospect: Share = Field(description="probability of a regional mandate")
    host_consent_prospect: Share = Field(description="probability of host consent")
    expected_months_to_authorization: Amount = Field(description="months; 99: not in reach")
    regional_body: str = Field(default="", description="regional body")
    note: str = Field(default="", description="note")
    confidence: Known = Field(default=None, description="confidence")


class CaseConstraints(Record):
    """The envelope a planner might have had."""

    budget_musd_2020: Positive = Field(description="million 2020 USD")
    budget_basis: str = Field(default="", description="basis")
    time_to_first_effect_limit_days: Positive = Field(description="latest useful day for a first effect")
    confidence: Known = Field(default=None, description="confidence")


class CalendarEvent(Record):
    """A date known in advance."""

    month: Number = Field(description="month of the horizon")
    event: Text = Field(description="what happens")


class DecisionPoint(Record):
    """Another point from which a long war could have been planned."""

    date: Date = Field(description="YYYY-MM-DD")
    label: str = Field(default="", description="what happened")


class ActualAction(Record):
    """What was really done."""

    instrument: Id = Field(description="instrument of the catalog")
    local_code: str = Field(default="", description="finer code")
    partners: tuple[Id, ...] = Field(min_length=1, description="partners; the first is the lead")
    start_month: Whole = Field(description="months from the start; negative: before it")
    duration_months: Positive | None = Field(default=None, description="months; blank: open-ended")
    intensity: Share = Field(default=1.0, description="against the instrument at full strength, 0 to 1")
    threat_backed: Flag | Literal["na"] = Field(default="na", description="whether a believable threat stood behind it")
    preventive: Flag = Field(default=True, description="false: did nothing for prevention or worked against it")
    beyond_horizon: Flag = Field(default=False, description="true: after the horizon")
    note: str = Field(default="", description="note")
    source: tuple[str, ...] = Field(default=(), description="keys of the cases' sources.csv")


class Outcome(Record):
    """How a historical case ended: for scoring, never for the optimizer."""

    outcome_class: Literal["averted", "mitigated", "partial", "failed"] = Field(alias="class", description="class")
    civilian_deaths_low: Count = Field(description="persons, low")
    civilian_deaths_best: Count = Field(description="persons, best estimate")
    civilian_deaths_high: Count = Field(description="persons, high")
    deaths_scope: str = Field(default="", description="what is counted")
    civilian_deaths_best_within_horizon: Count | None = Field(default=None, description="persons inside the horizon")
    mass_killing: Annotated[Count, Field(le=1)] = Field(description="1: a mass killing took place")
    duration_months: Amount | None = Field(default=None, description="months")
    first_response_days_from_start: Number | None = Field(default=None, description="days from the start date")
    first_response_days_from_onset: Number | None = Field(default=None, description="days from the onset")
    first_serious_response_days: Number | None = Field(default=None, description="days from the trigger")
    summary: str = Field(default="", description="summary")
    response_note: str = Field(default="", description="note on the response")
    confidence: Known = Field(default=None, description="confidence")


class Panel(Record):
    """Values of a public country-year panel for the year before (or of) the start."""

    country_code_cow: Number | None = Field(default=None, description="Correlates of War country code")
    reference_year: Number | None = Field(default=None, description="year")
    polity2: Number | None = Field(default=None, description="Polity score, -10 to 10")
    polity2_year: Number | None = Field(default=None, description="year of the score, where another had to be used")
    trade_to_gdp: Number | None = Field(default=None, description="ratio, GDP at purchasing power")
    trade_to_gdp_year: Number | None = Field(default=None, description="year, where another had to be used")
    excluded_population_share: Number | None = Field(default=None, description="share excluded from power")
    excluded_population_share_year: Number | None = Field(default=None, description="year")
    discriminated_population_share: Number | None = Field(default=None, description="share discriminated against")
    discriminated_population_share_year: Number | None = Field(default=None, description="year")
    population_thousands: Number | None = Field(default=None, description="thousand people")
    gdp_per_capita_const_usd: Number | None = Field(default=None, description="constant USD a head")
    mass_killing_ongoing: Number | None = Field(default=None, description="1: mass killing under way")
    civil_war_ongoing: Number | None = Field(default=None, description="1: civil war under way")
    source: str = Field(default="", description="key of the cases' sources.csv")


class DatasetChecks(Record):
    """What public data sets say about the case."""

    panel: Panel | None = Field(default=None, description="country-year panel")
    ewp_episode: str | None = Field(default=None, description="matching episode of the Early Warning Project")


class SeedPassage(Record):
    """Where a seed speaks of the case."""

    file: str = Field(default="", description="seed document")
    where: str = Field(default="", description="place")
    what_it_says: str = Field(default="", description="in our words")


class Branch(Record):
    """One way the crisis may go after the branch day, where a case overrides the defaults."""

    name: Id = Field(description="name of the branch")
    probability: Share = Field(description="chance; all branches sum to 1")
    multiplier: Amount = Field(description="hazard relative to the case's own after the branch day")
    intervention_point: Point = Field(description="intervention point in the branch")


class Case(Record):
    """A crisis to plan for, as cases/schema.md describes it."""

    schema_version: Whole = Field(default=1, description="version of the schema")
    id: Id = Field(description="key, also the file name")
    title: str = Field(default="", description="label")
    kind: Literal["historical", "forward"] = Field(description="past case, or a country on a risk list")
    region: str = Field(default="", description="region")
    country_iso3: str = Field(default="", description="ISO 3166 code")
    country_iso3_note: str = Field(default="", description="note on the code")
    start_date: Date = Field(description="day on which planning starts, YYYY-MM-DD")
    onset_date: Date | None = Field(default=None, description="day on which mass violence began, YYYY-MM-DD")
    end_date: Date | None = Field(default=None, description="end of the coded period, YYYY-MM-DD")
    trigger_event: str = Field(default="", description="one sentence on the trigger")
    horizon_months: Annotated[Whole, Field(gt=0, le=120)] = Field(description="length of the plan, months")
    intervention_point: Point = Field(description="what a planner faces at the start")
    intervention_point_note: str = Field(default="", description="note")
    tempo: TempoBlock = Field(description="pace and hazard profile")
    preconditions: Preconditions = Field(description="seven preconditions")
    baseline_risk: BaselineRisk = Field(description="risk without new action")
    harm_if_unmitigated: Harm = Field(description="deaths if mass killing happens")
    leverage: LeverageFactors = Field(description="leverage factors")
    parties: tuple[Party, ...] = Field(description="parties")
    at_risk_population_thousands: Amount = Field(description="members of threatened groups in reach, thousands")
    partners: tuple[CasePartner, ...] = Field(min_length=1, description="who could help")
    partners_confidence: Known = Field(default=None, description="confidence")
    legitimacy: Legitimacy = Field(description="authorization and consent")
    constraints: CaseConstraints = Field(description="budget and latest first effect")
    calendar: tuple[CalendarEvent, ...] = Field(default=(), description="dates known in advance")
    episode_months: Number | None = Field(default=None, description="length of a long war, months")
    episode_share_in_horizon: Share | None = Field(default=None, description="share of its harm inside the horizon")
    alternative_decision_points: tuple[DecisionPoint, ...] = Field(default=(), description="other starting points")
    actual_actions: tuple[ActualAction, ...] = Field(default=(), description="what was really done")
    actual_actions_confidence: Known = Field(default=None, description="confidence")
    outcome: Outcome | None = Field(default=None, description="historical cases only, for scoring")
    counterfactual_caveat: str = Field(default="", description="why the outcome may not be due to the actions")
    dataset_checks: DatasetChecks | None = Field(default=None, description="public data sets")
    seed_passages: tuple[SeedPassage, ...] = Field(default=(), description="what the seeds say of it")
    sources: tuple[str, ...] = Field(default=(), description="keys of the cases' sources.csv")
    notes: tuple[str, ...] = Field(default=(), description="notes")
    branches: tuple[Branch, ...] = Field(default=(), description="overrides the branch defaults")
    branch_day: Annotated[Whole, Field(gt=0)] | None = Field(
        default=None, description="overrides the default branch day"
    )
    fingerprint: str = Field(default="", description="sha256 of the file and of its will_force rows")


class SharedPartner(Record):
    """A partner that several cases of a watchlist draw on."""

    partner: Id = Field(description="partner, as the cases name it")
    cases: tuple[Id, ...] = Field(min_length=1, description="cases that list it")
    max_concurrent_cases: Annotated[Whole, Field(ge=1)] = Field(description="cases it can serve at once")


class WatchList(Record):
    """Cases planned together under one budget and one pool of partners."""

    schema_version: Whole = Field(default=1, description="version of the schema")
    id: Id = Field(description="key")
    title: str = Field(default="", description="label")
    start_date: Date = Field(description="YYYY-MM-DD")
    horizon_months: Annotated[Whole, Field(gt=0)] = Field(description="months")
    cases: tuple[Id, ...] = Field(min_length=1, description="case ids")
    shared_budget_musd_2020: Positive = Field(description="million 2020 USD for all cases")
    sum_of_single_case_budgets_musd_2020: Positive = Field(description="million 2020 USD, for comparison")
    budget_basis: str = Field(default="", description="basis")
    shared_partners: tuple[SharedPartner, ...] = Field(default=(), description="partners that cases share")
    shared_partners_note: str = Field(default="", description="note")
    confidence: Known = Field(default=None, description="confidence")
    sources: tuple[str, ...] = Field(default=(), description="keys of the cases' sources.csv")
    notes: tuple[str, ...] = Field(default=(), description="notes")
