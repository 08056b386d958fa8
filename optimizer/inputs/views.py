"""What the checks between rows look up, worked out once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .catalog_records import Instrument, Synergy
from .faults import Fault
from .library import Library
from .tables import Entry


@dataclass(frozen=True)
class View:
    """Tools, who may lead them, and which of them can be started at all."""

    tools: Mapping[str, Instrument]
    fits: Mapping[str, Mapping[str, float]]  # tool -> partner -> fit
    least_fit: float  # from which a partner may lead
    startable: frozenset[str]
    synergies: tuple[Synergy, ...]
    with_intrusion: frozenset[str]

    def leaders(self, tool: str) -> set[str]:
        """Partners that may lead a tool."""
        return {partner for partner, fit in self.fits.get(tool, {}).items() if fit >= self.least_fit}


RowCheck = Callable[[View, Entry], Iterator[Fault]]


def view_of(library: Library) -> View:
    """The view of a library."""
    tools = {tool.id: tool for tool in library.records("instruments")}
    fits: dict[str, dict[str, float]] = {}
    for fit in library.records("partner_fit"):
        fits.setdefault(fit.instrument, {})[fit.partner] = fit.fit
    synergies = tuple(library.records("synergies"))
    return View(tools, fits, _least_fit(library), _startable(tools), synergies, library.named["intrusion"])


def _least_fit(library: Library) -> float:
    """Parameter f_min of rule R17."""
    texts = [rule.tunable_parameter for rule in library.records("rules") if rule.id == "R17"]
    found = re.search(r"f_min=([\d.]+)", " ".join(texts))
    return float(found[1]) if found else 0.0


def _startable(tools: Mapping[str, Instrument]) -> frozenset[str]:
    """Tools whose requirements can be met one after the other, from tools that require nothing."""
    found: set[str] = set()
    while more := {
        name for name in tools.keys() - found if all(met(group, found, tools) for group in tools[name].requires)
    }:
        found |= more
    return frozenset(found)


def met(group: tuple[str, ...], startable: Any, tools: Mapping[str, Instrument]) -> bool:
    """Whether a tool of the group can be started; unknown tools are a fault of their own."""
    return not group or any(one in startable or one not in tools for one in group)


def names_in(value: Any) -> Iterator[str]:
    """All names in a name, a list or a list of lists."""
    if isinstance(value, str):
        yield value
    elif value is not None:
        for item in value:
            yield from names_in(item)
