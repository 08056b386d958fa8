"""What must hold between the rows of the catalog's tables."""

from collections.abc import Iterator

from .faults import Fault
from .library import Library


def check_links(library: Library) -> Iterator[Fault]:
    """All faults between rows."""
    return iter(())
