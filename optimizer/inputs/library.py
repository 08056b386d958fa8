"""All tables together: shipped ones, and a user's own rows laid over them."""

import difflib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

from .base_records import Triple
from .catalog_records import Catalog, Instrument, Parameter
from .csv_files import Sheet, read_csv
from .faults import Fault, did_you_mean
from .files import decode, read_bytes, refuse
from .places import data_folder
from .tables import TABLES, Entry, columns_of, read_rows

Key = tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """Records by table and key, the faults of the rows that gave none, and a digest of each table read."""

    entries: Mapping[str, Mapping[Key, Entry]]
    faults: tuple[Fault, ...]
    digests: Mapping[str, str]  # name of the file -> sha256 of its bytes
    named: Mapping[str, frozenset[str]]  # ids that a table names, those of rows with faults included

    def records(self, table: str) -> list[Any]:
        """The records of a table, in the order of its rows."""
        return [entry.record for entry in self.entries[table].values()]

    def fingerprint(self) -> str:
        """One digest of all tables, by sorted names."""
        text = "\n".join(f"{name} {digest}" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(text.encode()).hexdigest()


EMPTY = Library({name: {} for name in TABLES}, (), {}, {name: frozenset() for name in TABLES})


def add_table(library: Library, name: str, sheet: Sheet, file: str, data: bytes) -> Library:
    """The library with the rows of a sheet added; rows of the same key replace those that were there."""
    table = TABLES[name]
    entries, faults = read_rows(name, sheet.rows)
    mine = {table.key_of(entry.row): entry for entry in entries}
    ids = frozenset(table.key_of(row)[0] for row in sheet.rows)
    return Library(
        {**library.entries, name: {**library.entries[name], **mine}},
        (*library.faults, *sheet.faults, *_column_faults(name, sheet), *_doubles(name, sheet), *faults),
        {**library.digests, file: hashlib.sha256(data).hexdigest()},
        {**library.named, name: library.named[name] | ids},
    )


def _doubles(name: str, sheet: Sheet) -> list[Fault]:
    """Rows with the key of an earlier row."""
    first: dict[Key, str] = {}
    faults = []
    for row in sheet.rows:
        key = TABLES[name].key_of(row)
        if first.setdefault(key, row.place) != row.place:
            value = ", ".join(part for part in key if part)
            reason = f"the same {' and '.join(TABLES[name].key)} stand in {first[key]}"
            faults.append(row.error(" ".join(TABLES[name].key), reason, "Keep one of the two rows", value))
    return faults


def _column_faults(name: str, sheet: Sheet) -> Iterator[Fault]:
    wanted = table_columns(name)
    unknown = [column for column in sheet.header if column and column not in wanted]
    for column in wanted:
        if column not in sheet.header:
            reason = f"the column is missing from the table {name}"
            yield Fault(sheet.file, "header", column, "", reason, _rename(column, unknown))
    for column in unknown:
        reason, remedy = "the column is not known and is not read", did_you_mean(column, wanted)
        yield Fault(sheet.file, "header", column, "", reason, remedy, "warning")


def _rename(column: str, unknown: list[str]) -> str:
    close = difflib.get_close_matches(column, unknown, n=1)
    return f"Rename {close[0]!r}" if close else f"Add the column {column}"


def table_columns(name: str) -> list[str]:
    """All columns of a table."""
    return [column for columns in columns_of(name).values() for column in columns]


def recognise(sheet: Sheet) -> str:
    """Name of the table that a header belongs to, whatever its file is called."""

    def likeness(name: str) -> float:
        columns = set(table_columns(name))
        return len(columns & set(sheet.header)) / len(columns | set(sheet.header))

    best = max(TABLES, key=likeness)
    if likeness(best) < 0.4:
        raise refuse(
            sheet.file,
            "the header is not that of any table of the catalog",
            f"The nearest is {best} with the columns {', '.join(table_columns(best))}",
            "header",
            ", ".join(sheet.header[:8]),
        )
    return best


@cache
def shipped() -> Library:
    """The tables that come with Ohrid."""
    library = EMPTY
    for name, table in TABLES.items():
        path = data_folder(table.folder) / table.file
        data = read_bytes(path)
        file = f"{table.folder}/{table.file}"
        library = add_table(library, name, read_csv(file, decode(file, data)), file, data)
    return library


def to_catalog(library: Library) -> Catalog:
    """The catalog of all good records."""
    return Catalog(
        instruments=_with_intrusion(library),
        partners={partner.id: partner for partner in library.records("partners")},
        fits={(fit.partner, fit.instrument): fit for fit in library.records("partner_fit")},
        synergies={synergy.id: synergy for synergy in library.records("synergies")},
        leverage=tuple(library.records("leverage")),
        rules={rule.id: rule for rule in library.records("rules")},
        parameters=_by_name([*library.records("risk_model"), *library.records("planning")]),
        sources={source.key: source for source in library.records("sources")},
        case_sources={source.key: source for source in library.records("case_sources")},
        branch_defaults={(row.intervention_point, row.tempo): row for row in library.records("branch_defaults")},
        will_force={(row.case_id, row.partner): row.will_force for row in library.records("partner_will_force")},
        partner_scope={scope.partner: scope.families for scope in library.records("partner_scope")},
        fingerprint=library.fingerprint(),
        adversary={reply.id: reply for reply in library.records("adversary")},
    )


def _with_intrusion(library: Library) -> dict[str, Instrument]:
    """Instruments with the intrusion of their own row, or the range of their family's (the check warns of it)."""
    own = {row.instrument: row.intrusion for row in library.records("intrusion")}
    tools: list[Instrument] = library.records("instruments")
    like: dict[str, list[Triple]] = defaultdict(list)
    for tool in tools:
        like[tool.family] += [own[tool.id]] if tool.id in own else []
    found = {tool.id: own.get(tool.id) or _range_of(like[tool.family]) for tool in tools}
    return {tool.id: tool.model_copy(update={"intrusion": found[tool.id]}) for tool in tools}


def _range_of(like: list[Triple]) -> Triple:
    if not like:
        return Triple(low=0, mid=0.5, high=1)
    return Triple(low=min(t.low for t in like), mid=median(t.mid for t in like), high=max(t.high for t in like))


def _by_name(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    """Parameters by name; where two sections share a name, by section.name."""
    listed = list(parameters)
    uses = Counter(parameter.name for parameter in listed)
    names = [one.name if uses[one.name] == 1 else f"{one.section}.{one.name}" for one in listed]
    return {name: one.model_copy(update={"name": name}) for name, one in zip(names, listed, strict=True)}
