"""Readers of the file formats of published instances; each gives a plain `Instance`."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pulp

HERE = Path(__file__).parent / "instances"


@dataclass(frozen=True)
class Instance:
    """A binary programme: costs (objectives, columns), rows (rows, columns) with their sense and limits.

    count: number of nondominated points, if known.  front: the points themselves, sorted, if known.
    """

    name: str
    maximise: bool
    costs: Any
    rows: Any
    limits: Any
    equal: bool = False
    count: int | None = None
    front: Any = None

    @property
    def senses(self) -> str:
        """The word for all objectives."""
        return "max" if self.maximise else "min"

    def problem(self) -> tuple[Any, list[Any]]:
        """A PuLP problem with its objectives."""
        problem = pulp.LpProblem("instance", pulp.LpMinimize)
        x = [problem.add_variable(f"x{j:05d}", 0, 1, cat=pulp.LpBinary) for j in range(self.costs.shape[1])]
        for row, limit in zip(self.rows, self.limits, strict=True):
            terms = pulp.LpAffineExpression([(x[j], float(row[j])) for j in np.flatnonzero(row)])
            problem += terms == float(limit) if self.equal else terms <= float(limit)
        objectives = [pulp.LpAffineExpression([(x[j], float(c[j])) for j in np.flatnonzero(c)]) for c in self.costs]
        return problem, objectives


def pyaugmecon(folder: Path) -> Instance:
    """a.csv weights, b.csv capacities, c.csv profits, pareto_sols.csv the answer."""

    def table(name: str) -> Any:
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            return np.array([[float(v) for v in row[1:]] for row in list(csv.reader(file))[1:]])

    front = _sorted(table("pareto_sols"))
    return Instance(folder.name, True, table("c"), table("a"), table("b")[:, 0], count=len(front), front=front)


def tamby(path: Path) -> Instance:
    """p, n, capacity, then bracketed profits and weights; the counts are published, the points are not."""
    lines = path.read_text(encoding="utf-8").split("\n", 3)
    numbers = re.findall(r"\[\[.*?\]\]|\[[^\[\]]*\]", lines[3].replace("\n", ""), flags=re.DOTALL)
    profits, weights = np.array(json.loads(numbers[0])), np.array(json.loads(numbers[1]))
    counts = {"p-2_n-200": 317, "p-3_n-100": 5421, "p-4_n-50": 1409}
    count = next((n for key, n in counts.items() if key in path.name and path.stem.endswith("_1")), None)
    return Instance(path.stem, True, profits, weights.reshape(1, -1), np.array([float(lines[2])]), count=count)


def vopt_knapsack(path: Path) -> Instance:
    """Numbers after headings that start with #: N, P, K, then the objectives, then per constraint weights and limit."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    values = np.array(text.split(), dtype=float)
    n, p, k = (int(v) for v in values[:3])
    costs = values[3 : 3 + p * n].reshape(p, n)
    rows = values[3 + p * n :].reshape(k, n + 1)
    front = _answer(path.with_suffix(".front"), p, skip=0)
    return Instance(path.stem, True, costs, rows[:, :n], rows[:, n], count=_count(front), front=front)


def vopt_partitioning(path: Path) -> Instance:
    """First line rows and columns, then per column its costs, how many rows it covers, and which."""
    lines = [[int(v) for v in line.split()] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    (m, n), columns = lines[0], lines[1:]
    rows = np.zeros((m, n))
    for j, column in enumerate(columns):
        rows[np.array(column[3:]) - 1, j] = 1
    front = _answer(path.parent / f"Y_N_{path.stem.removeprefix('bio')}.txt", 2, skip=2)
    costs = np.array([column[:2] for column in columns]).T
    return Instance(path.stem, False, costs, rows, np.ones(m), True, _count(front), front)


def _answer(path: Path, objectives: int, skip: int) -> Any:
    if not path.exists():
        return None
    values = np.array(path.read_text(encoding="utf-8").split()[skip:], dtype=float)
    return _sorted(values.reshape(-1, objectives))


def _count(front: Any) -> int | None:
    return None if front is None else len(front)


def _sorted(points: Any) -> Any:
    points = np.unique(points, axis=0)
    return points[np.lexsort(points.T[::-1])]


def known() -> dict[str, Instance]:
    """All instances that come with the repository, by name."""
    found = [pyaugmecon(HERE / "pyaugmecon" / name) for name in ("2kp50", "3kp40")]
    found += [vopt_knapsack(HERE / "voptlib" / "2KP50-50.dat"), vopt_partitioning(HERE / "voptlib" / "biosppnw41.txt")]
    found += [tamby(path) for path in sorted((HERE / "tamby-mokp").glob("*.dat"))]
    return {instance.name: instance for instance in found}
