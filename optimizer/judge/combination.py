"""How the strengths of tools add up in one period (catalog README, section 8; docs/method.md, section 3).

Arrays are (..., tools, cells): a cell is one period of one node, and leading axes, such as scenarios, are free.
The strength L of a tool is -ln(1 - e), with e its relative fall in risk; sums and ceilings are in the same unit.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """Shares as in the catalog; `sanctions` is None where R35 is off, `joint` is (cells,)."""

    family_discount: float
    synergy_share: float
    words: float
    soft: float
    joint: Floats
    sanctions: float | None


@dataclass(frozen=True)
class Terms:
    """Sums of synergy terms, at least 0; each (..., cells)."""

    plus_soft: Floats
    minus_soft: Floats
    plus_hard: Floats
    minus_hard: Floats


@dataclass(frozen=True)
class Combined:
    """Joint strength after the ceilings, and which ceilings cut something; each (..., cells)."""

    words: Floats
    soft: Floats
    total: Floats
    binds: dict[str, Bools]


def groups_of(tools: tuple[tuple[str, str], ...]) -> Groups:
    """Groups of (instrument id, family) pairs, in their order."""
    family = tuple(pair[1] for pair in tools)
    words = np.array([f in WORDS for f in family], dtype=bool)
    hard = np.array([f in FORCE_GROUP for f in family], dtype=bool)
    sanctions = np.array([f in SANCTIONS or i == "travel_bans" for i, f in tools], dtype=bool)
    return Groups(family, words, ~(words | hard), hard, sanctions)


def limit(share: float | Floats) -> Floats:
    """The strength at which the risk has fallen by a share."""
    return np.asarray(-np.log1p(-np.asarray(share, dtype=float)))


def family_factors(weight: Floats, present: Bools, family: tuple[str, ...], discount: float) -> Floats:
    """1 for the leading tool of each family, the discount for its others; (..., tools, nodes).

    weight: (..., tools, nodes), the strength of a tool over the node weighted with hazard. present: (tools, nodes).
    Tools come in the order of their ids, so that the first of equals leads.
    """
    factors = np.ones(np.broadcast_shapes(weight.shape, present.shape))
    for name in {f for f in family if family.count(f) > 1}:
        members = [k for k, f in enumerate(family) if f == name]
        ranked = np.where(present[members], weight[..., members, :], -np.inf)
        leader = ranked.argmax(axis=-2)[..., None, :] == np.arange(len(members))[:, None]
        factors[..., members, :] = np.where(leader, 1.0, discount)
    return factors


def discounted(strength: Floats, runs: Bools, groups: Groups, hazard: Floats, node: Floats, discount: float) -> Floats:
    """Strength after the same-family discount, the leading tool named once per node; (..., tools, cells).

    hazard: (cells,).  node: (nodes, cells), 1 where the cell belongs to the node.
    """
    present = (runs @ node.T) > 0
    factors = family_factors((strength * hazard) @ node.T, present, groups.family, discount)
    return np.asarray(strength * (factors @ node))


def combine(strength: Floats, groups: Groups, terms: Terms, ceilings: Ceilings) -> Combined:
    """Joint strength of tools in each cell; strength (..., tools, cells) after the family discount.

    The order and the names are those of docs/method.md, section 3: words, soft and all tools under nested ceilings.
    """

    def total(mask: Bools) -> Floats:
        return np.asarray(strength[..., mask, :].sum(axis=-2))

    words, other, hard = total(groups.words), total(groups.other), total(groups.hard)
    bound_soft = ceilings.synergy_share * np.maximum(words + other, 0)
    bound_hard = ceilings.synergy_share * np.maximum(words + other + hard, 0)
    s_soft = np.minimum(terms.plus_soft, bound_soft) - terms.minus_soft
    s_hard = np.minimum(terms.plus_hard, bound_hard) - terms.minus_hard
    imposed, threatened = total(groups.sanctions & ~groups.words), total(groups.sanctions & groups.words)
    l_words = np.minimum(words, limit(ceilings.words))
    spoken = _under_both(imposed, threatened, words - threatened, ceilings)
    soft = spoken + (other - imposed) + s_soft
    l_soft = np.minimum(soft, limit(ceilings.soft))
    everything = l_soft + hard + s_hard
    binds = {
        "words": words > limit(ceilings.words),
        "soft": soft > limit(ceilings.soft),
        "joint": everything > limit(ceilings.joint),
        "sanctions": spoken < imposed + l_words,
        "synergies_soft": terms.plus_soft > bound_soft,
        "synergies_hard": terms.plus_hard > bound_hard,
    }
    return Combined(l_words, l_soft, np.minimum(everything, limit(ceilings.joint)), binds)


def _under_both(imposed: Floats, threatened: Floats, quiet: Floats, ceilings: Ceilings) -> Floats:
    """The most that sanctions, threats of them and other words can count together.

    Words stay under their ceiling, sanctions and threats of them under R35's; the largest such sum, by its four bounds.
    """
    most_words = limit(ceilings.words)
    best = imposed + np.minimum(threatened + quiet, most_words)
    if ceilings.sanctions is not None:
        best = np.minimum(best, limit(ceilings.sanctions) + np.minimum(quiet, most_words))
    return np.asarray(best)


def residual(total: Floats, hazard: Floats) -> Floats:
    """Sum of hazard that is left, over cells; hazard (cells,) is weighted with the branch's probability."""
    return np.asarray((np.exp(-total) * hazard).sum(axis=-1))
