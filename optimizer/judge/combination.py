"""How the strengths of tools add up in one period (catalog README, section 8; docs/method.md, section 3).

Strengths are one (..., cells) array for each tool: a cell is one period of one node, and leading axes, such as
scenarios, are free. A number may be one for all or (scenarios,); a sum of nothing is 0.0. The strength L of a tool is
-ln(1 - e), with e its relative fall in risk; sums and ceilings are in the same unit.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WORDS = frozenset({"pressure", "shaming", "dip_sanction", "legal", "econ_threat", "info", "third", "civil"})
FORCE_GROUP = frozenset({"presence", "force", "guarantee", "covert"})
SANCTIONS = frozenset({"econ_sanction", "econ_threat"})  # and the tool travel_bans (R35)


@dataclass(frozen=True)
class Groups:
    """Places of the tools that stand in each sum."""

    family: tuple[str, ...]
    imposed: tuple[int, ...]  # economic sanctions
    threatened: tuple[int, ...]  # words that threaten sanctions
    quiet: tuple[int, ...]  # all other words
    gentle: tuple[int, ...]
    hard: tuple[int, ...]


@dataclass(frozen=True)
class Ceilings:
    """Shares as in the catalog, each one number or (scenarios,); `sanctions` is None where R35 is off, `joint` (...,
    cells)."""

    family_discount: Any
    synergy_share: Any
    words: Any
    soft: Any
    joint: Any
    sanctions: Any

    @cached_property
    def most(self) -> Any:
        """The last ceiling, as a strength."""
        return limit(self.joint)

    @cached_property
    def most_words(self) -> Any:
        """The ceiling on words, as a strength."""
        return limit(wide(self.words))

    @cached_property
    def most_soft(self) -> Any:
        """The ceiling on everything without force, as a strength."""
        return limit(wide(self.soft))

    @cached_property
    def most_sanctions(self) -> Any:
        """The ceiling on sanctions and threats of them, as a strength."""
        return limit(wide(self.sanctions))


@dataclass(frozen=True)
class Terms:
    """Sums of synergy terms, at least 0; each (..., cells), or 0.0 where no row fires."""

    plus_soft: Any
    minus_soft: Any
    plus_hard: Any
    minus_hard: Any


@dataclass(frozen=True, eq=False)
class Combined:
    """Joint strength after the ceilings; each (..., cells), or 0.0 where nothing adds to it. The last three are what
    the ceilings were laid on."""

    words: Any
    soft: Any
    total: Any
    uncapped: tuple[Any, Any, Any]  # words, soft, everything
    spoken: tuple[Any, Any]  # words and sanctions under both ceilings, and sanctions beside capped words
    sums: tuple[Any, Any, Terms, Ceilings]  # all without force, force

    def left(self, hazard: Floats) -> Floats:
        """Sum of the hazard that is left, over cells; hazard (..., cells)."""
        return np.asarray((np.exp(-self.total) * hazard).sum(axis=-1))

    @cached_property
    def binds(self) -> dict[str, Any]:
        """Where each ceiling cuts something off, (..., cells)."""
        words, soft, everything = self.uncapped
        gentle, hard, terms, ceilings = self.sums
        return {
            "words": words > ceilings.most_words,
            "soft": soft > ceilings.most_soft,
            "joint": everything > ceilings.most,
            "sanctions": self.spoken[0] < self.spoken[1],
            "synergies_soft": terms.plus_soft > bound(gentle, ceilings),
            "synergies_hard": terms.plus_hard > bound(added([gentle, hard]), ceilings),
        }


def wide(number: Any) -> Any:
    """One number as it is; (scenarios,) as (scenarios, 1), to stand beside (scenarios, cells)."""
    return number[..., None] if isinstance(number, np.ndarray) and number.ndim else number


@functools.lru_cache(maxsize=4096)
def groups_of(tools: tuple[tuple[str, str], ...]) -> Groups:
    """Groups of (instrument id, family) pairs, in their order."""
    kinds = [_kind(tool, family) for tool, family in tools]

    def places(kind: str) -> tuple[int, ...]:
        return tuple(k for k, one in enumerate(kinds) if one == kind)

    family = tuple(pair[1] for pair in tools)
    return Groups(family, *(places(kind) for kind in ("imposed", "threatened", "quiet", "gentle", "hard")))


def _kind(tool: str, family: str) -> str:
    """The sum that a tool enters."""
    sanction = family in SANCTIONS or tool == "travel_bans"
    if family in WORDS:
        return "threatened" if sanction else "quiet"
    if family in FORCE_GROUP:
        return "hard"
    return "imposed" if sanction else "gentle"


def limit(share: Any) -> Any:
    """The strength at which the risk has fallen by a share."""
    return -np.log1p(-share) if isinstance(share, np.ndarray) else -math.log1p(-share)


def none_of(shape: tuple[int, ...], dtype: Any = float) -> NDArray[Any]:
    """Zeros of a shape, scenarios side by side in memory as everywhere: mixed layouts are three times slower."""
    return np.zeros(shape, dtype, order="F")


def added(parts: Sequence[Any]) -> Any:
    """The sum of arrays, less those that are nothing; 0.0 where all are."""
    there = [part for part in parts if isinstance(part, np.ndarray)]
    return functools.reduce(np.add, there) if there else 0.0


def any_of(parts: Sequence[Bools], shape: tuple[int, ...] = ()) -> Bools:
    """Where any of the arrays holds; nowhere in `shape` if there are none."""
    return functools.reduce(np.logical_or, parts) if parts else none_of(shape, bool)


def under(value: Any, most: Any) -> Any:
    """A sum under a ceiling; nothing stays nothing."""
    return np.minimum(value, most) if isinstance(value, np.ndarray) else value


def discounted(
    strength: Sequence[Floats], runs: Sequence[Bools], groups: Groups, hazard: Floats, discount: Any
) -> list[Floats]:
    """Strengths in one node after the same-family discount, one for each tool.

    hazard: (..., cells).  Of a family the tool with the largest sum of hazard x strength over the node leads and counts
    in full; tools come in the order of ids, so that the first of equals leads.
    """
    counted = list(strength)
    for name in sorted({f for f in groups.family if groups.family.count(f) > 1}):
        here = [k for k, f in enumerate(groups.family) if f == name and runs[k].any()]
        if len(here) > 1:
            leader = leading([_weight(strength[k], runs[k], hazard) for k in here])
            for place, k in enumerate(here):
                counted[k] = strength[k] * np.where(leader == place, 1.0, discount)[..., None]
    return counted


def leading(weights: Sequence[Floats]) -> Floats:
    """Place of the largest weight, the first of equals; each weight (...,)."""
    return np.asarray(np.argmax(np.stack(np.broadcast_arrays(*weights)), axis=0))


def _weight(strength: Floats, runs: Bools, hazard: Floats) -> Floats:
    """Hazard x strength over the cells of a node; below everything where the tool does not run in it."""
    return np.where(runs.any(axis=-1), (strength * hazard).sum(axis=-1), -np.inf)


def combine(strength: Sequence[Floats], groups: Groups, terms: Terms, ceilings: Ceilings) -> Combined:
    """Joint strength of tools in each cell, from their strengths after the family discount.

    The order and the names are those of docs/method.md, section 3: words, soft and all tools under nested ceilings.
    """
    imposed, threatened, quiet, gentle, hard = (
        added([strength[k] for k in places])
        for places in (groups.imposed, groups.threatened, groups.quiet, groups.gentle, groups.hard)
    )
    words = added([threatened, quiet])
    l_words = under(words, ceilings.most_words)
    spoken = _under_both(imposed, threatened, l_words, quiet, ceilings)
    without_force = added([words, gentle, imposed])
    s_soft = _synergies(terms.plus_soft, without_force, ceilings)
    soft = added([spoken, gentle, s_soft]) - terms.minus_soft
    l_soft = under(soft, ceilings.most_soft)
    s_hard = _synergies(terms.plus_hard, added([without_force, hard]), ceilings)
    everything = added([l_soft, hard, s_hard]) - terms.minus_hard
    return Combined(
        l_words, l_soft, under(everything, ceilings.most), (words, soft, everything),
        (spoken, added([imposed, l_words])), (without_force, hard, terms, ceilings),
    )  # fmt: skip


def bound(strength: Any, ceilings: Ceilings) -> Any:
    """The most that reinforcing terms may add to a strength."""
    return wide(ceilings.synergy_share) * np.maximum(strength, 0)


def _synergies(plus: Any, strength: Any, ceilings: Ceilings) -> Any:
    return np.minimum(plus, bound(strength, ceilings)) if isinstance(plus, np.ndarray) else 0.0


def _under_both(imposed: Any, threatened: Any, l_words: Any, quiet: Any, ceilings: Ceilings) -> Any:
    """The most that sanctions, threats of them and other words can count together.

    Words stay under their ceiling, sanctions and threats of them under R35's; the largest such sum, by its four bounds.
    """
    best = added([imposed, l_words])
    if ceilings.sanctions is None or not (isinstance(imposed, np.ndarray) or isinstance(threatened, np.ndarray)):
        return best
    return np.minimum(best, ceilings.most_sanctions + under(quiet, ceilings.most_words))
