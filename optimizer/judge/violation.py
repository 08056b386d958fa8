"""What the judge says when a package breaks a requirement, and the package it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .measures import Timed
from .scene import Node, Scene


@dataclass(frozen=True)
class Violation:
    """A broken requirement: `id` is its key (R17, capacity, ...), all else is for people; value and limit share a unit.

    A yes-or-no requirement has value and limit of 0 and 1, or the count that it has and needs.
    """

    id: str
    what: str
    where: str
    value: float
    limit: float
    because: str


@dataclass(frozen=True, eq=False)
class Plan:
    """A package with its times, in the order it was given."""

    scene: Scene
    items: Sequence[Timed]

    def on(self, path: Sequence[str]) -> list[Timed]:
        """Measures of a path."""
        return [item for item in self.items if item.on(path)]

    def active(self, node: Node) -> list[Timed]:
        """Measures active at some time in a node."""
        return [item for item in self.items if item.active_in(node)]

    def begun(self, node: str) -> list[Timed]:
        """Measures begun in a node."""
        return [item for item in self.items if item.node.name == node]

    def felt_beside(self, item: Timed) -> list[Timed]:
        """Other measures from the same node or from now."""
        return [other for other in self.items if other is not item and other.on(("now", item.node.name))]


def called(name: str) -> str:
    """A node's or partner's key in words."""
    return name.replace("_", " ")


def named(item: Timed) -> str:
    """A measure in words."""
    return f"{item.tool.name} led by {item.lead.name}"


def money(amount: float) -> str:
    """Million 2020 USD in words."""
    return f"{amount:,.1f} million USD"
