"""Readers of the file formats of published instances; each gives a plain `Instance`.

`read` knows a file by what is in it: the folder of pyaugmecon, the bracketed files of Kirlik and Sayin (knapsack, assignment,
integer programme; Tamby's are of that kind), the knapsacks with headings and the set partitioning problems of vOptLib.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pulp

HERE = Path(__file__).parent / "instances"
COUNTS = {"MOKP_p-2_n-200_1": 317, "MOKP_p-3_n-100_1": 5421, "MOKP_p-4_n-50_1": 1409}  # published without the points


class InstanceError(ValueError):
    """A file that is not what its format promises; says which, where and what was expected."""


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


def read(path: Path) -> Instance:
    """The instance in a file, or in a folder of pyaugmecon; raises InstanceError."""
    if not path.exists():
        raise InstanceError(f"{path}: there is no such file or folder.")
    try:
        reader = pyaugmecon if path.is_dir() else _reader(path)
        instance = reader(path)
    except InstanceError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceError(f"{path}: cannot be read: {error}.") from error
    except (ValueError, IndexError, KeyError) as error:
        raise InstanceError(f"{path}: not a whole file of its format: {error}.") from error
    return _checked(path, instance)


def _reader(path: Path) -> Callable[[Path], Instance]:
    text = path.read_text(encoding="utf-8")
    if "[" in text:
        return bracketed
    if text.lstrip().startswith("#"):
        return vopt_knapsack
    first = text.strip().split("\n", 1)[0].split()
    if len(first) == 2 and all(word.isdigit() for word in first):
        return vopt_partitioning
    raise InstanceError(
        f"{path}: no known format; expected brackets (Kirlik and Sayin), # headings (vOptLib knapsack), a first line "
        "'rows columns' (vOptLib set partitioning) or a folder with a.csv, b.csv and c.csv (pyaugmecon)."
    )


def _checked(path: Path, instance: Instance) -> Instance:
    """The instance if its parts fit each other."""
    n = instance.costs.shape[1]
    if instance.rows.shape[1:] != (n,) or len(instance.rows) != len(instance.limits):
        raise InstanceError(
            f"{path}: {n} columns have costs, but the rows are {instance.rows.shape} with {len(instance.limits)} limits."
        )
    if not all(np.isfinite(part).all() for part in (instance.costs, instance.rows, instance.limits)):
        raise InstanceError(f"{path}: there is a number that is not finite.")
    if instance.front is not None and instance.front.shape[1] != len(instance.costs):
        raise InstanceError(
            f"{path}: the known points have {instance.front.shape[1]} objectives, not {len(instance.costs)}."
        )
    return instance


def pyaugmecon(folder: Path) -> Instance:
    """a.csv weights, b.csv capacities, c.csv profits, pareto_sols.csv the answer if there is one."""

    def table(name: str) -> Any:
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            return np.array([[float(v) for v in row[1:]] for row in list(csv.reader(file))[1:] if row])

    missing = [f"{name}.csv" for name in "abc" if not (folder / f"{name}.csv").exists()]
    if missing:
        raise InstanceError(f"{folder}: {', '.join(missing)} missing; the format has a.csv, b.csv and c.csv.")
    front = _sorted(table("pareto_sols")) if (folder / "pareto_sols.csv").exists() else None
    return Instance(folder.name, True, table("c"), table("a"), table("b")[:, 0], count=_count(front), front=front)


def bracketed(path: Path) -> Instance:
    """Numbers, then arrays in brackets. Knapsack: p, n, capacity, profits, weights. Integer programme: p, n, m, profits,
    rows, limits. Assignment: p, n, then the costs of each objective as a table, minimised."""
    text = path.read_text(encoding="utf-8")
    header = text[: text.index("[")].split()
    arrays = [np.array(json.loads(found)) for found in _arrays(text)]
    if len(header) == 2:
        return _assignment(path, int(header[0]), int(header[1]), arrays)
    if len(header) != 3 or len(arrays) not in (2, 3):
        raise InstanceError(
            f"{path}: {len(header)} numbers and {len(arrays)} arrays; expected 3 and 2 or 3, or 2 numbers."
        )
    p, n = int(header[0]), int(header[1])
    costs, rows = arrays[0].reshape(p, n), arrays[1].reshape(-1, n)
    limits = np.array([float(header[2])]) if len(arrays) == 2 else arrays[2].reshape(-1)
    return Instance(path.stem, True, costs, rows, limits, count=COUNTS.get(path.stem))


def _arrays(text: str) -> list[str]:
    """The outermost bracketed pieces of a text."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign == "[":
            start = start if depth else place
            depth += 1
        elif sign == "]":
            depth -= 1
            if not depth:
                found.append(text[start : place + 1])
    return found


def _assignment(path: Path, p: int, n: int, arrays: list[Any]) -> Instance:
    costs = np.array(arrays, dtype=float).reshape(p, n * n)
    rows = np.vstack([np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))])
    return Instance(path.stem, False, costs, rows, np.ones(2 * n), equal=True)


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
    if len(columns) != n:
        raise InstanceError(
            f"{path}: not a whole file of its format: {n} columns are announced, {len(columns)} follow."
        )
    for j, column in enumerate(columns):
        if len(column) != 3 + column[2] or not all(1 <= row <= m for row in column[3:]):
            raise InstanceError(
                f"{path}, line {j + 2}: not a whole file of its format: {column[2]} rows of 1 to {m} expected."
            )
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


def known() -> dict[str, Path]:
    """Where the instances that come with the repository are, by name."""
    folders = sorted((HERE / "pyaugmecon").iterdir())
    files = [
        HERE / "voptlib" / "2KP50-50.dat",
        HERE / "voptlib" / "biosppnw41.txt",
        *(HERE / "tamby-mokp").glob("*.dat"),
    ]
    return {path.stem: path for path in [*folders, *sorted(files)]}
