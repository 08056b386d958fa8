"""Other ways to get a front of the same instance: a plain PuLP loop, pymoo with an archive, pyaugmecon elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from .formats import Instance


@dataclass(frozen=True)
class Outcome:
    """points: (points, objectives) in the instance's senses.  note: what limited it, "" if nothing did."""

    points: Any
    seconds: float
    solves: int = 0
    gap: float | None = None
    note: str = ""


def epsilon_loop(instance: Instance, seconds: float) -> Outcome:
    """Two objectives: best of the first under a bound on the second, step by step; a new PuLP solve each time."""
    if len(instance.costs) != 2:
        return Outcome(np.empty((0, len(instance.costs))), 0.0, note="two objectives only")
    sign = -1.0 if instance.maximise else 1.0
    problem, (first, second) = instance.problem()
    first, second = sign * first, sign * second
    spread = float(np.abs(instance.costs[1]).sum()) + 1
    problem.setObjective(first + second * (1 / spread))
    began, points, solves = time.monotonic(), [], 0
    while time.monotonic() - began < seconds:
        problem.solve(pulp.HiGHS(msg=False, threads=1, gapRel=0, timeLimit=seconds))
        solves += 1
        if problem.sol_status != pulp.LpSolutionOptimal:
            break
        point = [round(pulp.value(first)), round(pulp.value(second))]
        points.append(point)
        problem += second <= point[1] - 1
    note = "" if time.monotonic() - began < seconds else "time limit"
    return Outcome(sign * np.array(points).reshape(-1, 2), time.monotonic() - began, solves, note=note)


def evolutionary(instance: Instance, seconds: float, method: str, seed: int = 0) -> Outcome:
    """NSGA-II or NSGA-III of pymoo on bit strings, infeasible ones penalised, all feasible ones kept in an archive."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.pntx import TwoPointCrossover
    from pymoo.operators.mutation.bitflip import BitflipMutation
    from pymoo.operators.sampling.rnd import BinaryRandomSampling
    from pymoo.optimize import minimize
    from pymoo.util.ref_dirs import get_reference_directions

    sign = -1.0 if instance.maximise else 1.0
    p, n = instance.costs.shape
    archive = [np.empty((0, p))]

    class Bits(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=n, n_obj=p, n_ieq_constr=len(instance.rows), xl=0, xu=1, vtype=bool)

        def _evaluate(self, x: Any, out: dict[str, Any], *_: Any, **__: Any) -> None:
            excess = x @ instance.rows.T - instance.limits
            out["F"], out["G"] = sign * (x @ instance.costs.T), np.abs(excess) if instance.equal else excess
            archive.append(out["F"][(out["G"] <= 0).all(axis=1)])

    operators = {"sampling": BinaryRandomSampling(), "crossover": TwoPointCrossover(), "mutation": BitflipMutation()}
    directions = get_reference_directions("das-dennis", p, n_partitions=99 if p == 2 else 12 if p == 3 else 7)
    algorithm = NSGA2(pop_size=100, **operators) if method == "NSGA-II" else NSGA3(directions, **operators)
    began = time.monotonic()
    minimize(Bits(), algorithm, ("time", seconds), seed=seed, verbose=False)
    found = np.unique(np.vstack(archive), axis=0)
    return Outcome(sign * nondominated(found), time.monotonic() - began, note="no proof")


def pyaugmecon(instance: Instance, seconds: float) -> Outcome:
    """pyaugmecon in the Python that the environment variable PYAUGMECON_PYTHON names; skipped without it."""
    python = os.environ.get("PYAUGMECON_PYTHON")
    empty = np.empty((0, len(instance.costs)))
    if not python:
        return Outcome(empty, 0.0, note="skipped: set PYAUGMECON_PYTHON to a Python that has pyaugmecon")
    if instance.front is None or instance.equal:
        return Outcome(empty, 0.0, note="skipped: not an instance of its own format")
    data = {"c": instance.costs.tolist(), "a": instance.rows.tolist(), "b": instance.limits.tolist()}
    began = time.monotonic()
    try:
        done = subprocess.run(
            [python, "-m", "benchmarks.pyaugmecon_run"], input=json.dumps(data), capture_output=True, text=True,
            timeout=seconds, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Outcome(empty, seconds, note="time limit, no result")
    except (subprocess.CalledProcessError, OSError) as error:
        return Outcome(empty, 0.0, note=f"skipped: {str(getattr(error, 'stderr', '') or error).strip()[-80:]}")
    return Outcome(np.array(json.loads(done.stdout.splitlines()[-1])), time.monotonic() - began)


def nondominated(points: Any) -> Any:
    """Nondominated rows, minimised."""
    kept: list[Any] = []
    for point in points[np.lexsort(points.T[::-1])]:
        if not kept or not (np.array(kept) <= point).all(axis=1).any():
            kept.append(point)
    return np.array(kept).reshape(-1, points.shape[1])


PEERS: dict[str, Callable[[Instance, float], Outcome]] = {
    "plain PuLP loop": epsilon_loop,
    "pymoo NSGA-II": lambda instance, seconds: evolutionary(instance, min(seconds, 10.0), "NSGA-II"),
    "pymoo NSGA-III": lambda instance, seconds: evolutionary(instance, min(seconds, 10.0), "NSGA-III"),
    "pyaugmecon": pyaugmecon,
}
