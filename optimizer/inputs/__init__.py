"""From files to checked records: the one reader of the catalog and the cases."""

from .check import Report, check
from .faults import Fault, InputError
from .places import data_folder
from .reader import case_names, load_case, load_catalog, load_watchlist

__all__ = [
    "Fault",
    "InputError",
    "Report",
    "case_names",
    "check",
    "data_folder",
    "load_case",
    "load_catalog",
    "load_watchlist",
]
