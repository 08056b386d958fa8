"""Packages to start from: what is given, doing nothing, and greedy ones for many prices of risk in money."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..choices import Package
from ..doubt.robust import covered
from ..model.situation import Situation
from .repair import Bits, Repair

PRICES = 12  # of money in risk, from none at all to one at which nothing pays
SIZES = (4, 8, 12)  # measures that a greedy package begins with


def given(situation: Situation, packages: Sequence[Package], repair: Repair) -> NDArray[np.bool_]:
    """The packages that keep every row, and doing nothing where that does; (packages, columns and joins)."""
    found = []
    for package in (*packages, Package()):
        try:
            chosen = situation.indices(package)
        except KeyError:
            continue
        bits = np.zeros(repair.size, dtype=bool)
        bits[list(chosen)] = True
        if not repair.broken(bits):
            found.append(bits)
    return np.array(found, dtype=bool).reshape(-1, repair.size)


def greedy(situation: Situation, repair: Repair, rng: np.random.Generator) -> list[Bits]:
    """For each price and size the columns that gain most, one of each tool on a path, mended."""
    gain, cost = gains(situation), costs(situation)
    worth = gain / np.maximum(cost, 1e-6)
    prices = [0.0, *np.quantile(worth[gain > 0], np.linspace(0.05, 0.95, PRICES - 1))] if (gain > 0).any() else []
    found = []
    for price in prices:
        order = np.argsort(-(gain - price * cost), kind="stable")
        for size in SIZES:
            bits = np.zeros(repair.size, dtype=bool)
            for i in order[: 6 * size]:
                if gain[i] > price * cost[i] and bits.sum() < size and not _taken(situation, bits, int(i)):
                    bits[i] = True
            found.append(repair.mended(bits, np.zeros(repair.size, dtype=bool), rng))
    return [bits for bits in found if not repair.broken(bits)]


def gains(situation: Situation) -> NDArray[np.float64]:
    """The most hazard x strength that each column can cover, (columns,)."""
    return np.array([covered(situation, i) for i in range(len(situation.columns))])


def costs(situation: Situation) -> NDArray[np.float64]:
    """What each column costs by the chance of its node, million 2020 USD, (columns,)."""
    chance = {node.name: node.probability for node in situation.tree.nodes}
    return np.array([chance[c.node] * c.cost_musd for c in situation.columns])


def _taken(situation: Situation, bits: Bits, index: int) -> bool:
    """Whether the tool of a column is on its path already."""
    column = situation.columns[index]
    nodes = (column.node, "now") if column.node != "now" else [n.name for n in situation.tree.nodes]
    return any(bits[i] for node in nodes for i in situation.by_instrument.get((column.tool.id, node), ()))
