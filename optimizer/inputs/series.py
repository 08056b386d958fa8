"""What must hold between the cases and the tables and watchlists that name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from .case_files import Draft
from .faults import Fault, did_you_mean
from .library import Library, shipped, to_catalog
from .reader import case_names, draft_file, shipped_case
from .tables import Entry


@dataclass(frozen=True)
class Cases:
    """Cases by id: those that are being checked, and the shipped ones, read when they are asked for."""

    drafts: Mapping[str, Draft]

    def names(self) -> set[str]:
        """Ids of all cases."""
        return {*self.drafts, *case_names()}

    def get(self, name: str) -> Draft | None:
        """The case of this id, or None."""
        return self.drafts.get(name) or (_shipped(name) if name in case_names() else None)


@cache
def _shipped(name: str) -> Draft:
    return draft_file(shipped_case(name), to_catalog(shipped()))


def check_case_tables(library: Library, cases: Cases, mine: set[str] | None) -> Iterator[Fault]:
    """Faults of will to use force and of outcomes; `mine`: files whose rows are looked at, None for all."""
    for table, check in (("partner_will_force", _will), ("outcomes", _outcome)):
        for entry in library.entries[table].values():
            if mine is None or entry.row.file.split("[")[0] in mine:
                yield from check(cases, entry)


def _will(cases: Cases, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    draft = cases.get(row.case_id)
    if draft is None:
        yield entry.row.warning("case_id", "no case has this id", did_you_mean(row.case_id, cases.names()))
        return
    known = draft.raw_ids("partners", "partner")
    if row.partner not in known:
        yield entry.row.error("partner", f"{row.case_id} has no such partner", did_you_mean(row.partner, known))
    for _, partner in draft.parts.get("partners", ()):
        if partner.partner == row.partner and row.will_force > partner.political_will:
            reason = f"it is above political_will {partner.political_will:g} of the case"
            yield entry.row.warning("will_force", reason, "The smaller of the two is used")


# column of outcomes.csv -> field of the outcome block of a case
_SAME = {
    "outcome_class": "outcome_class",
    "deaths_low": "civilian_deaths_low",
    "deaths_best": "civilian_deaths_best",
    "deaths_high": "civilian_deaths_high",
    "deaths_best_within_horizon": "civilian_deaths_best_within_horizon",
    "mass_killing": "mass_killing",
    "duration_months": "duration_months",
    "first_serious_response_days": "first_serious_response_days",
    "first_response_days_from_start": "first_response_days_from_start",
    "first_response_days_from_onset": "first_response_days_from_onset",
}


def _outcome(cases: Cases, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    if not row.deaths_low <= row.deaths_best <= row.deaths_high:
        yield entry.row.error("deaths_best", "low, best and high are not in rising order", "Correct the range")
    draft = cases.get(row.case_id)
    if draft is None:
        yield entry.row.warning("case_id", "no case has this id", did_you_mean(row.case_id, cases.names()))
        return
    outcome = draft.parts.get("outcome")
    for column, field in _SAME.items() if outcome else ():
        if getattr(row, column) != getattr(outcome, field):
            reason = f"the case file says {getattr(outcome, field)}"
            yield entry.row.error(column, reason, "Correct one of the two")


def check_watchlist(draft: Draft, cases: Cases) -> Iterator[Fault]:
    """Faults between a watchlist and its cases."""
    listed = draft.parts.get("cases", ())
    for at, name in enumerate(listed):
        if name not in cases.names():
            yield draft.error(("cases", at), name, "no case has this id", did_you_mean(name, cases.names()))
    for at, shared in draft.parts.get("shared_partners", ()):
        for n, name in enumerate(shared.cases):
            case, path = cases.get(name), ("shared_partners", at, "cases", n)
            if name not in listed:
                yield draft.error(path, name, "the case is not on the watchlist", did_you_mean(name, listed))
            elif case and shared.partner not in case.raw_ids("partners", "partner"):
                reason, remedy = (
                    f"{shared.partner} is no partner of this case",
                    "Leave it out, or list it there",
                )
                yield draft.error(path, name, reason, remedy)
