"""`ohrid check`: all faults of the shipped data, or of a user's own files, at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path

from .case_files import Draft
from .faults import Fault, InputError, errors
from .files import refuse
from .library import Library, shipped, to_catalog
from .links import check_links
from .reader import case_names, draft_file, shipped_case, shipped_watchlist
from .series import Cases, check_case_tables, check_watchlist
from .sheets import TABLE_SUFFIXES, add_file

_CASE_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Report:
    """What a check found in which files."""

    files: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that forbid the use of the data."""
        return errors(self.faults)


def check(paths: Iterable[str | PathLike[str]] = ()) -> Report:
    """Check a user's files against the shipped data they build on; without paths, the shipped data."""
    files = [file for path in paths for file in _files(Path(path))]
    if not files:
        return _check_shipped()
    faults: list[Fault] = []
    tables = [file for file in files if file.suffix.lower() in TABLE_SUFFIXES]
    library = _read_tables(tables, faults)
    faults += [*library.faults, *check_links(library)]
    drafts = _read_cases([file for file in files if file.suffix.lower() in _CASE_SUFFIXES], library, faults)
    faults += _check_others(files)
    faults += _across(library, drafts, {str(path) for path in tables})
    return Report(tuple(str(file) for file in files), tuple(faults))


def _check_shipped() -> Report:
    library = shipped()
    faults = [*library.faults, *check_links(library)]
    paths = [*(shipped_case(name) for name in case_names()), shipped_watchlist()]
    drafts = _read_cases(paths, library, faults)
    faults += _across(library, drafts, None)
    return Report((*library.digests, *(path.name for path in paths)), tuple(faults))


def _files(path: Path) -> list[Path]:
    """A file, or the files of a folder that look like data."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix.lower() in (*TABLE_SUFFIXES, *_CASE_SUFFIXES))


def _read_tables(paths: list[Path], faults: list[Fault]) -> Library:
    library = shipped()
    for path in paths:
        try:
            library = add_file(library, path)
        except InputError as error:
            faults += error.faults
    return library


def _read_cases(paths: Iterable[Path | Traversable], library: Library, faults: list[Fault]) -> list[Draft]:
    catalog, drafts = to_catalog(library), []
    for path in paths:
        try:
            drafts.append(draft_file(path, catalog))
            faults += drafts[-1].faults
        except InputError as error:
            faults += error.faults
    return drafts


def _check_others(paths: list[Path]) -> Iterator[Fault]:
    for path in paths:
        if path.suffix.lower() not in (*TABLE_SUFFIXES, *_CASE_SUFFIXES):
            reason = "the suffix tells no kind of file that can be read"
            yield from refuse(str(path), reason, "Give .csv or .xlsx for tables, .yaml for cases").faults


def _across(library: Library, drafts: list[Draft], mine: set[str] | None) -> list[Fault]:
    """Faults between tables, cases and watchlists; `mine`: files whose rows are looked at, None for all."""
    cases = Cases({str(draft.raw["id"]): draft for draft in drafts if "id" in draft.raw and "tempo" in draft.raw})
    faults = list(check_case_tables(library, cases, mine))
    for draft in drafts:
        if "shared_partners" in draft.raw:
            faults += check_watchlist(draft, cases)
    return faults
