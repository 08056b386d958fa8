"""How packages are mated and changed. The classes are what pymoo asks for; this file and engine.py alone know pymoo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.core.crossover import Crossover
from pymoo.core.mutation import Mutation
from pymoo.core.repair import Repair as PymooRepair

from ..model.situation import Situation
from .repair import Bits, Repair
from .seeds import gains

Rng = np.random.Generator


class Moves:
    """Small changes of a package: a measure added, dropped, or put in the place of another; a partner joins or
    leaves."""

    def __init__(self, situation: Situation) -> None:
        self.leads, self.nodes = len(situation.columns), nodes_of(situation)
        self.alike = alike_of(situation)
        strong = gains(situation) + 1e-12
        self.chance = strong / strong.sum()  # strong columns are tried more often, and every other one now and then

    def change(self, bits: Bits, rng: Rng) -> None:
        """One change, in place."""
        chosen = np.flatnonzero(bits)
        held = chosen[chosen < self.leads]
        kind = rng.random()
        if kind < 0.3 or not len(held):
            bits[self._some(rng)] = True
        elif kind < 0.5:
            bits[_one(held, rng)] = False
        elif kind < 0.85:
            gone = _one(chosen, rng)
            bits[gone] = False
            others = self.alike[gone] if kind < 0.7 or gone >= self.leads else self._beside(gone)
            if len(others):
                bits[_one(others, rng)] = True
        elif len(bits) > self.leads:
            join = int(rng.integers(self.leads, len(bits)))
            bits[join] = not bits[join]

    def _some(self, rng: Rng) -> int:
        if rng.random() < 0.3:
            return int(rng.integers(self.leads))
        return int(rng.choice(self.leads, p=self.chance))

    def _beside(self, index: int) -> NDArray[np.int64]:
        """Columns of the same node."""
        return np.flatnonzero(self.nodes[: self.leads] == self.nodes[index])


def _one(places: Sequence[int] | NDArray[np.int64], rng: Rng) -> int:
    return int(places[int(rng.integers(len(places)))])


class ByNode(Crossover):  # type: ignore[misc]
    """Children take the plan of each node whole from one parent, and now and then single measures."""

    def __init__(self, nodes: NDArray[np.int64]) -> None:
        super().__init__(2, 2)
        self.nodes = nodes

    def _do(self, problem: Any, X: NDArray[Any], *args: Any, random_state: Any = None, **kwargs: Any) -> NDArray[Any]:
        _, matings, size = X.shape
        whole = random_state.random((matings, self.nodes.max() + 1)) < 0.5
        single = random_state.random((matings, size)) < 0.5
        swap = np.where(random_state.random((matings, 1)) < 0.5, whole[:, self.nodes], single)
        return np.stack([np.where(swap, X[0], X[1]), np.where(swap, X[1], X[0])])


class Change(Mutation):  # type: ignore[misc]
    """Up to two small changes."""

    def __init__(self, moves: Moves) -> None:
        super().__init__()
        self.moves = moves

    def _do(self, problem: Any, X: NDArray[Any], *args: Any, random_state: Any = None, **kwargs: Any) -> NDArray[Any]:
        X = X.copy()
        for bits in X:
            for _ in range(int(random_state.integers(0, 3))):
                self.moves.change(bits, random_state)
        return X


class Mend(PymooRepair):  # type: ignore[misc]
    """Every child keeps every hard row."""

    def __init__(self, repair: Repair, fallback: Bits) -> None:
        super().__init__()
        self.rows, self.fallback = repair, fallback

    def _do(self, problem: Any, X: NDArray[Any], *args: Any, random_state: Any = None, **kwargs: Any) -> NDArray[Any]:
        rng = random_state if isinstance(random_state, np.random.Generator) else np.random.default_rng(0)
        return np.stack([self.rows.mended(bits.astype(bool), self.fallback, rng) for bits in X])


def nodes_of(situation: Situation) -> NDArray[np.int64]:
    """The node of each column and join, as its place in the tree."""
    place = {node.name: k for k, node in enumerate(situation.tree.nodes)}
    nodes = [*(c.node for c in situation.columns), *(j.node for j in situation.joins)]
    return np.array([place[node] for node in nodes])


def alike_of(situation: Situation) -> list[list[int]]:
    """For each column the others of its tool, in any node; for each join the other joins of its tool in its node."""
    groups: dict[object, list[int]] = {}
    keys: list[object] = [("lead", c.tool.id) for c in situation.columns]
    keys += [("join", j.tool.id, j.node) for j in situation.joins]
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return [[j for j in groups[key] if j != i] for i, key in enumerate(keys)]
