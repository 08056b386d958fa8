"""The one reader of files: shipped data by name, a user's own by path."""

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from .case_checks import check_case
from .case_files import Draft, read_draft
from .case_records import Case, WatchList
from .catalog_records import Catalog
from .faults import Fault, InputError, did_you_mean, errors
from .files import decode, read_bytes, refuse
from .library import Library, shipped, to_catalog
from .links import check_links
from .places import data_folder
from .sheets import TABLE_SUFFIXES, add_file
from .yaml_files import Document, read_yaml

_WATCHLIST = "watchlist_2010"


def load_catalog(folder: str | os.PathLike[str] | None = None) -> Catalog:
    """The shipped catalog; with a folder, its tables are laid over it row by row (same key: replaced)."""
    return _catalog(None, ()) if folder is None else _catalog(str(Path(folder).resolve()), _stamp(Path(folder)))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The state of a folder's tables: what was read of them is used again only while they are the same."""
    found = ((path.name, path.stat()) for path in sorted(folder.glob("*")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


@cache
def _catalog(folder: str | None, stamp: tuple[tuple[str, int, int], ...]) -> Catalog:
    library = shipped() if folder is None else overlaid(Path(folder))
    _raise(errors([*library.faults, *check_links(library)]))
    return to_catalog(library)


def overlaid(folder: Path) -> Library:
    """The shipped tables with those of a folder laid over them."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in TABLE_SUFFIXES)
    if not paths:
        raise refuse(str(folder), "the folder holds no tables", "Put CSV or XLSX tables of the catalog there")
    library = shipped()
    for path in paths:
        library = add_file(library, path)
    return library


def case_names() -> tuple[str, ...]:
    """Ids of the shipped cases."""
    names = [path.name.removesuffix(".yaml") for path in data_folder("cases").iterdir() if path.name.endswith(".yaml")]
    return tuple(sorted(name for name in names if name != _WATCHLIST))


def shipped_case(name: str) -> Traversable:
    """The file of a shipped case."""
    return data_folder("cases") / f"{name}.yaml"


def shipped_watchlist() -> Traversable:
    """The file of the shipped watchlist."""
    return data_folder("cases") / f"{_WATCHLIST}.yaml"


def load_case(name_or_path: str | os.PathLike[str], catalog: Catalog | None = None) -> Case:
    """A shipped case by its id, or a case file by its path."""
    catalog = catalog or load_catalog()
    draft = _checked(_read(_locate(name_or_path)), Case, catalog)
    _raise(errors(draft.faults))
    return to_case(draft, catalog)


def load_watchlist(name_or_path: str | os.PathLike[str] = _WATCHLIST) -> WatchList:
    """The shipped watchlist, or one of the same form by its path."""
    path = shipped_watchlist() if name_or_path == _WATCHLIST else Path(name_or_path)
    draft = read_draft(_read(path), WatchList)
    _raise(errors(draft.faults))
    return WatchList.model_validate(draft.clean)


def draft_file(path: Traversable | Path, catalog: Catalog) -> Draft:
    """A case or watchlist as far as it can be read, with all its faults."""
    document = _read(path)
    a_list = isinstance(document.data, dict) and "shared_partners" in document.data and "tempo" not in document.data
    return read_draft(document, WatchList) if a_list else _checked(document, Case, catalog)


def _read(path: Traversable | Path) -> Document:
    own = isinstance(path, Path) and path.parent.resolve() != Path(str(data_folder("cases"))).resolve()
    file, data = str(path) if own else path.name, read_bytes(path)
    return read_yaml(file, decode(file, data))


def _checked(document: Document, record: type[Case], catalog: Catalog) -> Draft:
    draft = read_draft(document, record)
    draft.faults += check_case(draft, catalog)
    return draft


def to_case(draft: Draft, catalog: Catalog) -> Case:
    """The case of a draft without errors, with the will to use force joined from the catalog."""
    case = Case.model_validate(draft.clean)
    partners = tuple(
        partner
        if partner.will_force is not None
        else partner.model_copy(update={"will_force": catalog.will_force.get((case.id, partner.partner))})
        for partner in case.partners
    )
    wills = "\n".join(f"{partner.partner} {partner.will_force}" for partner in partners)
    fingerprint = hashlib.sha256(f"{draft.document.digest}\n{wills}".encode()).hexdigest()
    return case.model_copy(update={"partners": partners, "fingerprint": fingerprint})


def _locate(name_or_path: str | os.PathLike[str]) -> Traversable | Path:
    name = os.fspath(name_or_path)
    if name in case_names():
        return shipped_case(name)
    path = Path(name)
    if path.exists() or path.suffix or len(path.parts) > 1:
        return path
    raise InputError([Fault("", "", "case", name, "no shipped case has this name", did_you_mean(name, case_names()))])


def _raise(faults: Iterable[Fault]) -> None:
    found = tuple(faults)
    if found:
        raise InputError(found)
