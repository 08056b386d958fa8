"""Evolutionary search with an archive (NSGA-II: Deb et al. 2002, by pymoo) as a source of first packages.

For programmes of 0/1 columns. The engine's only door to pymoo, which is loaded when it is asked for. It gives what
`local.improve` gives and can stand in for it; what either finds goes through the same books and proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from .local import SLICE, Archive, dense_rows
from .program import Program
from .types import Array

_POPULATION = 100
_FLIPS = 30  # columns that a repair may change before a package is given up
_NOISE = 0.3  # share by which chance moves the choice of a repair, so that equal parents have different children


def suits(program: Program) -> bool:
    """Whether all columns are 0 or 1."""
    return bool(program.integer.all() and (program.lower >= 0).all() and (program.upper <= 1).all())


def evolve(program: Program, starts: Array, seconds: float, rng: np.random.Generator) -> Iterator[Array]:
    """Nondominated packages known so far, (packages, columns), every few hundredths of a second of processor time."""
    from pymoo.core.evaluator import Evaluator
    from pymoo.problems.static import StaticProblem

    began = paused = time.thread_time()
    archive, rows, evaluator = Archive(program), dense_rows(program), Evaluator()
    archive.add(starts)
    algorithm = _nsga2(program, starts, rng)
    while time.thread_time() < began + seconds:
        children = algorithm.ask()
        x = repaired(program, rows, children.get("X").astype(float), rng)
        kept = np.array([program.feasible(package) for package in x])
        archive.add(x[kept])
        children.set("X", x.astype(bool))
        values = {"F": x @ program.costs.T + program.constants, "G": np.where(kept, 0.0, 1.0)[:, None]}
        evaluator.eval(StaticProblem(algorithm.problem, **values), children)
        algorithm.tell(infills=children)
        if time.thread_time() > paused + SLICE:
            yield archive.packages
            paused = time.thread_time()
    yield archive.packages


def _nsga2(program: Program, starts: Array, rng: np.random.Generator) -> Any:
    """pymoo's algorithm, filled up with random packages beside the starts."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.core.termination import NoTermination
    from pymoo.operators.crossover.ux import UniformCrossover
    from pymoo.operators.mutation.bitflip import BitflipMutation

    n, p = program.columns, len(program.costs)
    problem = Problem(n_var=n, n_obj=p, n_ieq_constr=1, xl=program.lower, xu=program.upper, vtype=bool)
    first = np.vstack([starts, rng.integers(0, 2, (_POPULATION, n))])[:_POPULATION].astype(bool)
    algorithm = NSGA2(
        _POPULATION, sampling=first, crossover=UniformCrossover(), mutation=BitflipMutation(prob_var=1 / n)
    )
    algorithm.setup(problem, termination=NoTermination(), seed=int(rng.integers(2**31)), verbose=False)
    return algorithm


def repaired(program: Program, rows: Array, x: Array, rng: np.random.Generator) -> Array:
    """Packages (n, columns) with columns flipped, always the one that helps most, until no row is broken."""
    x = np.clip(x, program.lower, program.upper)
    fixed = program.lower == program.upper
    for _ in range(_FLIPS):
        broken = np.flatnonzero(_excess(program, x @ rows.T).sum(axis=1) > 1e-9)
        if not len(broken):
            break
        steps = 1.0 - 2.0 * x[broken]
        after = (x[broken] @ rows.T)[:, None] + steps[:, :, None] * rows.T[None]
        left = _excess(program, after).sum(axis=2) + np.where(fixed, np.inf, 0.0)
        left *= 1.0 + _NOISE * rng.random(left.shape)
        best = left.argmin(axis=1)
        x[broken, best] += steps[np.arange(len(broken)), best]
    return x


def _excess(program: Program, activity: Array) -> Array:
    """By how much rows are broken; shape of activity, (..., rows)."""
    excess: Array = np.maximum(activity - program.row_upper, 0.0) + np.maximum(program.row_lower - activity, 0.0)
    return excess
