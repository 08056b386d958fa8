"""What must hold between the parts of a case, and between a case and the catalog."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from .case_files import Draft, Path
from .catalog_records import Catalog
from .faults import Fault, did_you_mean

Check = Callable[..., Iterable[Fault]]
Listed = list[tuple[int, Any]]


def check_case(draft: Draft, catalog: Catalog) -> list[Fault]:
    """All faults between parts; a check whose parts could not be read is left out."""
    parts = {"draft": draft, "catalog": catalog, **draft.parts}
    faults: list[Fault] = []
    for needs, check in CHECKS.items():
        if all(name in parts for name in needs):
            faults += check(*(parts[name] for name in needs))
    return faults


def _hazard(draft: Draft, tempo: Any, horizon: int) -> Iterator[Fault]:
    path = ("tempo", "hazard_profile")
    profile = tempo.hazard_profile
    if len(profile) != horizon:
        reason = f"it has {len(profile)} shares for a horizon of {horizon} months"
        yield draft.error(path, len(profile), reason, "Give one share for each month of the horizon")
    total = math.fsum(profile)
    if abs(total - 1) > 1e-6:
        remedy = f"Divide every share by {total:g}" if total else "Say in which months the harm is expected"
        yield draft.error(path, f"{total:g}", "the shares do not sum to 1", remedy)


def _dates(draft: Draft, start: str, onset: str | None, end: str | None) -> Iterator[Fault]:
    for name, text in (("start_date", start), ("onset_date", onset), ("end_date", end)):
        if text is not None and _day(text) is None:
            yield draft.error((name,), text, "it is not a date of the calendar", "Write YYYY-MM-DD, such as 2001-01-22")
    first, killing, last = _day(start), _day(onset), _day(end)
    if first and last and last < first:
        yield draft.error(("end_date",), end, f"it lies before the start date {start}", "Correct one of the two dates")
    if killing and last and killing > last:
        yield draft.error(("onset_date",), onset, f"it lies after the end date {end}", "Correct one of the two dates")


def _day(text: str | None) -> date | None:
    if text is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decision_points(draft: Draft, points: Listed) -> Iterator[Fault]:
    for at, point in points:
        if _day(point.date) is None:
            path = ("alternative_decision_points", at, "date")
            yield draft.warning(path, point.date, "it is not a date of the calendar", "Write YYYY-MM-DD")


def _baseline(draft: Draft, risk: Any) -> Iterator[Fault]:
    if not risk.low <= risk.p_one_year <= risk.high:
        value = f"{risk.low:g}, {risk.p_one_year:g}, {risk.high:g}"
        reason = "low, p_one_year and high are not in rising order"
        yield draft.error(("baseline_risk", "p_one_year"), value, reason, "Correct the range")


def _harm(draft: Draft, harm: Any) -> Iterator[Fault]:
    if not harm.deaths_low <= harm.deaths_best <= harm.deaths_high:
        value = f"{harm.deaths_low}, {harm.deaths_best}, {harm.deaths_high}"
        reason = "deaths_low, deaths_best and deaths_high are not in rising order"
        yield draft.error(("harm_if_unmitigated", "deaths_best"), value, reason, "Correct the range")


def _preconditions(draft: Draft, preconditions: Any) -> Iterator[Fault]:
    for name in type(preconditions).model_fields:
        score = getattr(getattr(preconditions, name), "score", 0)
        if score not in (0, 0.5, 1):
            reason = "scores are 0, 0.5 or 1"
            yield draft.warning(("preconditions", name, "score"), score, reason, "Round it, or keep it knowingly")


def _doubles(draft: Draft, block: str, key: str, rows: Listed) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for at, row in rows:
        name = getattr(row, key)
        if first.setdefault(name, at) != at:
            reason = f"the same {key} stands in {block}[{first[name]}]"
            yield draft.error((block, at, key), name, reason, "Keep one of the two")


def _parties(draft: Draft, parties: Listed) -> Iterator[Fault]:
    yield from _doubles(draft, "parties", "id", parties)
    known = draft.raw_ids("parties", "id")
    for at, party in parties:
        path = ("parties", at, "target_group")
        if party.target_group is not None and party.target_group not in known:
            yield draft.error(path, party.target_group, "no party has this id", did_you_mean(party.target_group, known))


def _partners(draft: Draft, catalog: Catalog, partners: Listed) -> Iterator[Fault]:
    yield from _doubles(draft, "partners", "partner", partners)
    for at, partner in partners:
        generic = partner.generic_partner
        if generic not in catalog.partners:
            remedy = did_you_mean(generic, catalog.partners)
            yield draft.error(
                ("partners", at, "generic_partner"), generic, "no partner of the catalog has this id", remedy
            )
        if partner.will_force is not None and partner.will_force > partner.political_will:
            reason = f"it is above political_will {partner.political_will:g}"
            path = ("partners", at, "will_force")
            yield draft.warning(path, partner.will_force, reason, "The smaller of the two is used")


def _actions(draft: Draft, catalog: Catalog, partners: Listed, actions: Listed) -> Iterator[Fault]:
    known = draft.raw_ids("partners", "partner")
    generic = {partner.partner: partner.generic_partner for _, partner in partners}
    for at, action in actions:
        path: Path = ("actual_actions", at)
        if action.instrument not in catalog.instruments:
            remedy = did_you_mean(action.instrument, catalog.instruments)
            yield draft.error(
                (*path, "instrument"), action.instrument, "no instrument of the catalog has this id", remedy
            )
        for place, name in enumerate(action.partners):
            if name not in known:
                reason = "the partner is not in the list of partners"
                yield draft.error((*path, "partners", place), name, reason, did_you_mean(name, known) + ", or list it")
        if action.preventive and action.instrument in catalog.instruments:
            yield from _lead(draft, catalog, path, action, generic.get(action.partners[0]))


def _lead(draft: Draft, catalog: Catalog, path: Path, action: Any, generic: str | None) -> Iterator[Fault]:
    if generic in catalog.partners and (generic, action.instrument) not in catalog.fits:
        reason = f"the fit table does not let {generic} lead {action.instrument}"
        remedy = "Name first the partner that led it; the action cannot be replayed otherwise"
        yield draft.warning((*path, "partners", 0), action.partners[0], reason, remedy)


def _action_times(draft: Draft, kind: str, horizon: int, partners: Listed, actions: Listed) -> Iterator[Fault]:
    since = {partner.partner: partner.available_from_month for _, partner in partners}
    for at, action in actions:
        path: Path = ("actual_actions", at)
        if action.beyond_horizon != (action.start_month >= horizon):
            reason = f"start_month is {action.start_month} and the horizon {horizon} months"
            yield draft.warning((*path, "beyond_horizon"), action.beyond_horizon, reason, "Correct one of them")
        if action.duration_months is None and kind == "historical":
            reason = "the action has no end although the case is past"
            yield draft.warning((*path, "duration_months"), "", reason, "Say how many months it lasted")
        for name in action.partners:
            if kind == "historical" and 0 <= action.start_month < since.get(name, 0):
                reason = f"{name} acts before it is available (month {since[name]:g})"
                yield draft.warning((*path, "start_month"), action.start_month, reason, "Correct one of the two")


def _calendar(draft: Draft, calendar: Listed) -> Iterator[Fault]:
    for at, event in calendar:
        if event.month < 0:  # dates beyond the horizon are worth knowing, and the shipped cases have some
            reason = "it lies before the start"
            yield draft.warning(("calendar", at, "month"), event.month, reason, "Correct it or leave it out")


def _outcome(draft: Draft, kind: str, outcome: Any) -> Iterator[Fault]:
    if (kind == "historical") != (outcome is not None):
        reason = "a historical case has an outcome" if outcome is None else "a forward case has no outcome yet"
        yield draft.warning(("outcome",), "", reason, "Correct kind, or the outcome")
    if outcome is None:
        return
    low, best, high = outcome.civilian_deaths_low, outcome.civilian_deaths_best, outcome.civilian_deaths_high
    if not low <= best <= high:
        reason = "low, best and high are not in rising order"
        yield draft.error(("outcome", "civilian_deaths_best"), f"{low}, {best}, {high}", reason, "Correct the range")
    inside = outcome.civilian_deaths_best_within_horizon
    if inside is not None and inside > best:
        reason = f"more died inside the horizon than in all ({best})"
        yield draft.error(("outcome", "civilian_deaths_best_within_horizon"), inside, reason, "Correct one of the two")
    if outcome.mass_killing and high < 1000:
        reason = f"mass killing is 1,000 or more civilians, and at most {high} died"
        yield draft.error(("outcome", "mass_killing"), 1, reason, "Correct one of the two")
    if outcome.outcome_class == "averted" and outcome.mass_killing:
        reason = "a case with mass killing was not averted"
        yield draft.error(("outcome", "class"), "averted", reason, "Correct one of the two")


def _sources(draft: Draft, catalog: Catalog, sources: tuple[str, ...], actions: Listed) -> Iterator[Fault]:
    yield from _unknown_sources(draft, catalog, ("sources",), sources)
    for at, action in actions:
        yield from _unknown_sources(draft, catalog, ("actual_actions", at, "source"), action.source)


def _unknown_sources(draft: Draft, catalog: Catalog, path: Path, keys: tuple[str, ...]) -> Iterator[Fault]:
    for at, key in enumerate(keys):
        if key not in catalog.case_sources:
            remedy = did_you_mean(key, catalog.case_sources)
            yield draft.warning((*path, at), key, "sources.csv of the cases does not list this source", remedy)


def _branches(draft: Draft, branches: Listed) -> Iterator[Fault]:
    if not branches:
        return
    yield from _doubles(draft, "branches", "name", branches)
    total = math.fsum(branch.probability for _, branch in branches)
    if abs(total - 1) > 1e-6:
        yield draft.error(("branches",), f"{total:g}", "the probabilities do not sum to 1", f"Divide them by {total:g}")
    mean = math.fsum(branch.probability * branch.multiplier for _, branch in branches)
    if abs(mean - 1) > 1e-3:
        reason = "the multipliers average (by probability) to something other than 1, which would shift the baseline"
        yield draft.error(("branches",), f"{mean:g}", reason, f"Divide the multipliers by {mean:g}")


def _branch_day(draft: Draft, horizon: int, day: int | None) -> Iterator[Fault]:
    if day is not None and day >= horizon * 30.4:
        yield draft.error(
            ("branch_day",), day, f"it lies beyond the horizon of {horizon} months", "Give an earlier day"
        )


def _country(draft: Draft, code: str) -> Iterator[Fault]:
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        yield draft.warning(("country_iso3",), code, "it is not a code of three capitals", "Write such as MKD")


CHECKS: Mapping[tuple[str, ...], Check] = {
    ("draft", "tempo", "horizon_months"): _hazard,
    ("draft", "start_date", "onset_date", "end_date"): _dates,
    ("draft", "alternative_decision_points"): _decision_points,
    ("draft", "baseline_risk"): _baseline,
    ("draft", "harm_if_unmitigated"): _harm,
    ("draft", "preconditions"): _preconditions,
    ("draft", "parties"): _parties,
    ("draft", "catalog", "partners"): _partners,
    ("draft", "catalog", "partners", "actual_actions"): _actions,
    ("draft", "kind", "horizon_months", "partners", "actual_actions"): _action_times,
    ("draft", "calendar"): _calendar,
    ("draft", "kind", "outcome"): _outcome,
    ("draft", "catalog", "sources", "actual_actions"): _sources,
    ("draft", "branches"): _branches,
    ("draft", "horizon_months", "branch_day"): _branch_day,
    ("draft", "country_iso3"): _country,
}
