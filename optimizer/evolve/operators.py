"""What pymoo asks for: how packages are mated and changed. This file and engine.py alone know pymoo."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.core.crossover import Crossover
from pymoo.core.mutation import Mutation
from pymoo.core.repair import Repair as PymooRepair

from ..model.situation import Situation
from .repair import Bits, Repair


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
    """One measure added, dropped, or given to another partner or another day."""

    def __init__(self, alike: list[list[int]]) -> None:
        super().__init__()
        self.alike = alike

    def _do(self, problem: Any, X: NDArray[Any], *args: Any, random_state: Any = None, **kwargs: Any) -> NDArray[Any]:
        X = X.copy()
        for bits in X:
            for _ in range(int(random_state.integers(0, 3))):
                self._change(bits, random_state)
        return X

    def _change(self, bits: Bits, rng: Any) -> None:
        chosen = np.flatnonzero(bits)
        kind = rng.random()
        if kind < 0.45 or not len(chosen):
            bits[int(rng.integers(len(bits)))] = True
            return
        gone = int(chosen[int(rng.integers(len(chosen)))])
        bits[gone] = False
        if kind < 0.8 and self.alike[gone]:
            bits[self.alike[gone][int(rng.integers(len(self.alike[gone])))]] = True


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
    """For each column the others of its tool in its node; for each join the other joins there."""
    groups: dict[object, list[int]] = {}
    keys: list[object] = [("lead", c.tool.id, c.node) for c in situation.columns]
    keys += [("join", j.tool.id, j.node) for j in situation.joins]
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return [[j for j in groups[key] if j != i] for i, key in enumerate(keys)]
