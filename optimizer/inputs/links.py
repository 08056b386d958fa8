"""What must hold between the rows of the catalog's tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import row_checks, tool_checks
from .faults import Fault, did_you_mean
from .library import Library
from .tables import columns_of
from .views import names_in, view_of

# Words that may stand for tools in synergies.csv (catalog README, section 5).
TOKENS = frozenset(
    ("any_two_other_instruments", "one_diplomatic", "one_economic", "one_military", "more_than_three_lead_partners")
)


@dataclass(frozen=True)
class Reference:
    """A field that names rows of another table."""

    table: str
    field: str
    target: str
    besides: frozenset[str] = frozenset()
    warns: bool = False  # for what the model does not read


REFERENCES = (
    Reference("instruments", "needs_backing_by", "instruments"),
    Reference("instruments", "requires", "instruments"),
    Reference("instruments", "excludes", "instruments"),
    Reference("intrusion", "instrument", "instruments"),
    Reference("partner_fit", "partner", "partners"),
    Reference("partner_fit", "instrument", "instruments"),
    Reference("synergies", "instruments", "instruments", TOKENS),
    Reference("synergies", "absent_instruments", "instruments", TOKENS),
    Reference("leverage", "instrument", "instruments"),
    *(
        Reference(table, "sources", "sources", warns=True)
        for table in ("instruments", "partners", "synergies", "risk_model", "planning", "adversary")
    ),
    Reference("adversary", "instruments", "instruments"),
    Reference("partner_fit", "source", "sources", warns=True),
    Reference("intrusion", "source", "sources", warns=True),
    Reference("branch_defaults", "sources", "case_sources", warns=True),
    Reference("outcomes", "sources", "case_sources", warns=True),
)


def check_links(library: Library) -> Iterator[Fault]:
    """All faults between rows."""
    for reference in REFERENCES:
        yield from _unknown(library, reference)
    view = view_of(library)
    for table, checks in {**row_checks.CHECKS, **tool_checks.CHECKS}.items():
        for entry in library.entries[table].values():
            for check in checks:
                yield from check(view, entry)


def _unknown(library: Library, reference: Reference) -> Iterator[Fault]:
    known = library.named[reference.target] | reference.besides
    for entry in library.entries[reference.table].values():
        for name in names_in(getattr(entry.record, reference.field)):
            if name not in known:
                say = entry.row.warning if reference.warns else entry.row.error
                where = " ".join(columns_of(reference.table)[reference.field])
                reason = f"{reference.target.removeprefix('case_')}.csv has no row {name!r}"
                yield say(where, reason, did_you_mean(name, known), name)
