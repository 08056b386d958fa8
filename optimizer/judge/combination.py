"""How the strengths of tools add up in one period (catalog README, section 8; docs/method.md, section 3).

Strengths are one (..., cells) array for each tool, or one array (..., tools, cells): a cell is one period of one
node, and
leading axes, such as scenarios, are free. A number may be one for all or (scenarios,). The strength L of a tool is
-ln(1 - e), with e its relative fall in risk; sums and ceilings are in the same unit.
"""

from __future__ import annotations

import functools
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
    """Which tools stand in which sum; each (tools,), of the same order."""

    family: tuple[str, ...]
    words: Bools
    other: Bools
    hard: Bools
    sanctions: Bools


@dataclass(frozen=True)
class Ceilings:
    """Shares as in the catalog, each one number or (scenarios,); `sanctions` is None where R35 is off, `joint` (...,
    cells)."""

    family_discount: Any
    synergy_share: Any
    words: Any
    soft: Any
    joint: Floats
    sanctions: Any

    @cached_property
    def most(self) -> Floats:
        """The last ceiling, as a strength."""
        return limit(self.joint)


@dataclass(frozen=True)
class Terms:
    """Sums of synergy terms, at least 0; each (..., cells)."""

    plus_soft: Floats
    minus_soft: Floats
    plus_hard: Floats
    minus_hard: Floats


@dataclass(frozen=True, eq=False)
class Combined:
    """Joint strength after the ceilings; each (..., cells). The last five are what the ceilings were laid on."""

    words: Floats
    soft: Floats
    total: Floats
    uncapped: tuple[Floats, Floats, Floats]  # words, soft, everything
    spoken: tuple[Floats, Floats]  # words and sanctions under both ceilings, and sanctions beside capped words
    bounds: tuple[Floats, Floats]  # on synergies without and with force
    terms: Terms
    ceilings: Ceilings

    @cached_property
    def binds(self) -> dict[str, Bools]:
        """Where each ceiling cuts something off, (..., cells)."""
        words, soft, everything = self.uncapped
        return {
            "words": words > limit(wide(self.ceilings.words)),
            "soft": soft > limit(wide(self.ceilings.soft)),
            "joint": everything > self.ceilings.most,
            "sanctions": self.spoken[0] < self.spoken[1],
            "synergies_soft": self.terms.plus_soft > self.bounds[0],
            "synergies_hard": self.terms.plus_hard > self.bounds[1],
        }


def wide(number: Any) -> Any:
    """One number as it is; (scenarios,) as (scenarios, 1), to stand beside (scenarios, cells)."""
    return number[..., None] if isinstance(number, np.ndarray) and number.ndim else number


def groups_of(tools: tuple[tuple[str, str], ...]) -> Groups:
    """Groups of (instrument id, family) pairs, in their order."""
    family = tuple(pair[1] for pair in tools)
    words = np.array([f in WORDS for f in family], dtype=bool)
    hard = np.array([f in FORCE_GROUP for f in family], dtype=bool)
    sanctions = np.array([f in SANCTIONS or i == "travel_bans" for i, f in tools], dtype=bool)
    return Groups(family, words, ~(words | hard), hard, sanctions)


def limit(share: Any) -> Floats:
    """The strength at which the risk has fallen by a share."""
    return np.asarray(-np.log1p(-np.asarray(share)))


def none_of(shape: tuple[int, ...], dtype: Any = float) -> NDArray[Any]:
    """Zeros of a shape, scenarios side by side in memory as everywhere: mixed layouts are three times slower."""
    return np.zeros(shape, dtype, order="F")


def added(parts: Sequence[Floats], shape: tuple[int, ...] = (), dtype: Any = float) -> Floats:
    """The sum of arrays of one shape; zeros of `shape` where there are none."""
    return functools.reduce(np.add, parts) if parts else none_of(shape, dtype)


def any_of(parts: Sequence[Bools], shape: tuple[int, ...] = ()) -> Bools:
    """Where any of the arrays holds; nowhere in `shape` if there are none."""
    return functools.reduce(np.logical_or, parts) if parts else none_of(shape, bool)


def spans(node: Floats) -> list[slice]:
    """The cells of each node, which stand side by side; node: (nodes, cells), 1 where the cell belongs to the node."""
    places = [np.flatnonzero(row) for row in node]
    return [slice(int(p[0]), int(p[-1]) + 1) if len(p) else slice(0, 0) for p in places]


def by_tool(values: Any) -> list[Any]:
    """A (..., cells) array for each tool."""
    return list(np.moveaxis(values, -2, 0)) if isinstance(values, np.ndarray) else list(values)


def discounted(
    strength: Sequence[Floats] | Floats,
    runs: Sequence[Bools] | Bools,
    groups: Groups,
    hazard: Floats,
    node: Floats,
    discount: Any,
) -> Any:
    """Strength after the same-family discount, the leading tool named once per node; in the form that it was given in.

    hazard: (..., cells).  node: (nodes, cells), 1 where the cell belongs to the node.  In each node the tool with the
    largest
    sum of hazard x strength leads its family and counts in full; tools come in the order of ids, so that the first of
    equals leads.
    """
    plain, running = by_tool(strength), by_tool(runs)
    counted = list(plain)
    for name in sorted({f for f in groups.family if groups.family.count(f) > 1}):
        members = [k for k, f in enumerate(groups.family) if f == name]
        for k, changed in zip(members, _family(plain, running, members, hazard, spans(node), discount), strict=True):
            counted[k] = changed
    return np.stack(counted, axis=-2) if isinstance(strength, np.ndarray) and counted else counted


def _family(
    strength: Sequence[Floats],
    runs: Sequence[Bools],
    members: list[int],
    hazard: Floats,
    nodes: list[slice],
    discount: Any,
) -> list[Floats]:
    """The strengths of one family's tools after the discount."""
    found = [np.array(strength[k], copy=True, order="K") for k in members]
    for cells in nodes:
        here = [k for k in members if np.any(runs[k][..., cells])]
        if len(here) < 2:
            continue
        leader = leading([_weight(strength[k], runs[k], hazard, cells) for k in here])
        for place, k in enumerate(here):
            part = found[members.index(k)]
            part[..., cells] *= np.where(leader == place, 1.0, discount)[..., None]
    return found


def leading(weights: Sequence[Floats]) -> Floats:
    """Place of the largest weight, the first of equals; each weight (...,)."""
    return np.asarray(np.argmax(np.stack(np.broadcast_arrays(*weights)), axis=0))


def _weight(strength: Floats, runs: Bools, hazard: Floats, cells: slice) -> Floats:
    """Hazard x strength over the cells of a node; below everything where the tool does not run in it."""
    weight = (strength[..., cells] * hazard[..., cells]).sum(axis=-1)
    return np.where(runs[..., cells].any(axis=-1), weight, -np.inf)


def combine(strength: Sequence[Floats] | Floats, groups: Groups, terms: Terms, ceilings: Ceilings) -> Combined:
    """Joint strength of tools in each cell, from their strengths after the family discount.

    The order and the names are those of docs/method.md, section 3: words, soft and all tools under nested ceilings.
    """
    like, parts = terms.plus_soft, by_tool(strength)

    def total(mask: Bools) -> Floats:
        return added([parts[k] for k in np.flatnonzero(mask)], np.shape(like), like.dtype)

    imposed, threatened = total(groups.sanctions & ~groups.words), total(groups.sanctions & groups.words)
    quiet, gentle = total(groups.words & ~groups.sanctions), total(groups.other & ~groups.sanctions)
    words, hard = threatened + quiet, total(groups.hard)
    everything_soft = words + gentle + imposed
    bound_soft = wide(ceilings.synergy_share) * np.maximum(everything_soft, 0)
    bound_hard = wide(ceilings.synergy_share) * np.maximum(everything_soft + hard, 0)
    s_soft = np.minimum(terms.plus_soft, bound_soft) - terms.minus_soft
    s_hard = np.minimum(terms.plus_hard, bound_hard) - terms.minus_hard
    l_words = np.minimum(words, limit(wide(ceilings.words)))
    spoken = _under_both(imposed, l_words, quiet, ceilings)
    soft = spoken + gentle + s_soft
    l_soft = np.minimum(soft, limit(wide(ceilings.soft)))
    everything = l_soft + hard + s_hard
    return Combined(
        l_words, l_soft, np.minimum(everything, ceilings.most), (words, soft, everything), (spoken, imposed + l_words),
        (bound_soft, bound_hard), terms, ceilings,
    )  # fmt: skip


def _under_both(imposed: Floats, l_words: Floats, quiet: Floats, ceilings: Ceilings) -> Floats:
    """The most that sanctions, threats of them and other words can count together.

    Words stay under their ceiling, sanctions and threats of them under R35's; the largest such sum, by its four bounds.
    """
    best = imposed + l_words
    if ceilings.sanctions is not None:
        best = np.minimum(best, limit(wide(ceilings.sanctions)) + np.minimum(quiet, limit(wide(ceilings.words))))
    return np.asarray(best)


def residual(total: Floats, hazard: Floats) -> Floats:
    """Sum of hazard that is left, over cells; hazard (..., cells) is weighted with the branch's probability."""
    return np.asarray((np.exp(-total) * hazard).sum(axis=-1))
