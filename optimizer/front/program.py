"""The programme as plain arrays: what crosses to workers and solvers. Everything is minimised from here on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pulp

from .types import Array, Mask, Places, frozen

_DECIMALS = 4  # coefficients given with up to four decimals still make a lattice of objective values
_MAX_LATTICE = 1e9  # beyond this many steps, floats no longer tell neighbouring lattice values apart safely


@dataclass(frozen=True)
class Program:
    """Columns, rows and objectives of a mixed-integer programme; all objectives minimised.

    lower, upper: (columns,).  integer: (columns,) bool.
    row, col, value: the nonzero entries of the constraint matrix.  row_lower, row_upper: (rows,).
    costs: (objectives, columns), constants: (objectives,).  prefer: (columns,), see `exact_front`.
    lattice: (objectives,), step of a grid on which all values of that objective lie; 0: no such grid.
    """

    names: tuple[str, ...]
    lower: Array
    upper: Array
    integer: Mask
    row: Places
    col: Places
    value: Array
    row_lower: Array
    row_upper: Array
    costs: Array
    constants: Array
    prefer: Array
    lattice: Array

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.names)

    def values(self, x: Array) -> Array:
        """Objective values of x in solver form, minimised; snapped to the lattice where there is one."""
        s = self.costs @ x + self.constants
        step = np.where(self.lattice > 0, self.lattice, 1.0)
        return np.where(self.lattice > 0, np.round((s - self.constants) / step) * step + self.constants, s)

    def activity(self, x: Array) -> Array:
        """Value of every row at x; (rows,)."""
        sums: Array = np.bincount(self.row, self.value * x[self.col], len(self.row_lower)).astype(float)
        return sums

    def rounded(self, x: Array) -> Array:
        """x with integer columns made integral and every column put inside its bounds."""
        x = np.where(self.integer, np.round(x), x)
        return np.clip(x, self.lower, self.upper)

    def feasible(self, x: Array, tolerance: float = 1e-6) -> bool:
        """Whether x keeps bounds, integrality and rows; the tolerance grows with the size of a row's terms."""
        if (x < self.lower - tolerance).any() or (x > self.upper + tolerance).any():
            return False
        if (np.abs(x - np.round(x))[self.integer] > tolerance).any():
            return False
        size = np.bincount(self.row, weights=np.abs(self.value * x[self.col]), minlength=len(self.row_lower))
        slack = tolerance * np.maximum(1.0, size)
        activity = self.activity(x)
        return bool((activity >= self.row_lower - slack).all() and (activity <= self.row_upper + slack).all())

    def named(self, x: Array) -> dict[str, float]:
        """The columns of x that are not zero, by the caller's names."""
        return {self.names[j]: float(x[j]) for j in np.flatnonzero(np.abs(x) > 1e-9)}

    def vector(self, values: Mapping[str, float]) -> Array:
        """Column values from a mapping by name; absent names are zero."""
        return np.array([values.get(name, 0.0) for name in self.names], dtype=float)


def row_scale(program: Program) -> Array:
    """(objectives,) divisors of the bound rows: lattice steps stay whole numbers, others get coefficients up to 1."""
    largest = np.abs(program.costs).max(axis=1, initial=0.0)
    return np.where(program.lattice > 0, program.lattice, np.where(largest > 0, largest, 1.0))


def read(problem: pulp.LpProblem, objectives: Sequence[Any], signs: Array, prefer: Any, keys: Sequence[str]) -> Program:
    """The arrays of a PuLP problem, which is left as it was; its own objective is not looked at.

    signs: (objectives,), +1 to minimise and -1 to maximise.
    Raises ValueError for special ordered sets, for two variables of one name, and for what is not affine.
    """
    if problem.sos1 or problem.sos2:
        raise ValueError(
            "The problem has special ordered sets, which the front engine cannot read; write them as rows."
        )
    constraints = problem.constraints()
    affine = [_affine(e, key) for e, key in zip(objectives, keys, strict=True)]
    wish = _affine(0 if prefer is None else prefer, "prefer")
    columns = _columns([*constraints, *affine, wish])
    index = {variable: j for j, variable in enumerate(columns)}
    entries = [(i, index[v], float(a)) for i, c in enumerate(constraints) for v, a in c.items() if a != 0]
    row, col, value = zip(*entries, strict=True) if entries else ((), (), ())
    integer = np.array([v.cat == pulp.LpInteger for v in columns], dtype=bool)
    costs = np.array([_dense(e, index) for e in affine]).reshape(len(affine), len(columns)) * signs[:, None]
    return Program(
        names=tuple(v.name for v in columns),
        lower=_bounds([v.lowBound for v in columns], -math.inf, integer, np.ceil),
        upper=_bounds([v.upBound for v in columns], math.inf, integer, np.floor),
        integer=integer,
        row=np.array(row, dtype=np.int64),
        col=np.array(col, dtype=np.int64),
        value=frozen(value),
        row_lower=frozen([_or(c.getLb(), -math.inf) for c in constraints]),
        row_upper=frozen([_or(c.getUb(), math.inf) for c in constraints]),
        costs=frozen(costs),
        constants=frozen(signs * np.array([e.constant for e in affine])),
        prefer=frozen(_dense(wish, index)),
        lattice=frozen([_lattice(c, integer) for c in costs]),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def _affine(expression: Any, key: str) -> pulp.LpAffineExpression:
    """A PuLP expression, variable or number as an affine expression."""
    if not isinstance(expression, (pulp.LpAffineExpression, pulp.LpVariable, int, float)):
        raise ValueError(f"Objective {key!r} is a {type(expression).__name__}; give a PuLP expression.")
    affine = pulp.LpAffineExpression(expression)
    if not all(math.isfinite(a) for a in [affine.constant, *affine.values()]):
        raise ValueError(f"Objective {key!r} has a coefficient that is not a finite number.")
    return affine


def _columns(expressions: Sequence[Any]) -> list[Any]:
    """All variables that occur, in order of first occurrence; their names must differ."""
    variables = list(dict.fromkeys(v for e in expressions for v in e))
    names = [v.name for v in variables]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"Different variables share a name: {', '.join(twice[:5])}. Give each its own.")
    return variables


def _dense(expression: Any, index: Mapping[Any, int]) -> Array:
    costs = np.zeros(len(index))
    for variable, a in expression.items():
        costs[index[variable]] += a
    return costs


def _bounds(given: Sequence[float | None], default: float, integer: Mask, inward: Any) -> Array:
    bounds = np.array([_or(b, default) for b in given], dtype=float)
    finite = np.where(np.isinf(bounds), 0.0, bounds)
    snapped = np.where(np.abs(finite - np.round(finite)) < 1e-9, np.round(finite), inward(finite))
    return frozen(np.where(integer & np.isfinite(bounds), snapped, bounds))


def _lattice(costs: Array, integer: Mask) -> float:
    """Largest step of which every coefficient is a multiple, for integer columns only; 0 where there is none."""
    used = costs != 0
    if not used.any():
        return 1.0
    if not integer[used].all():
        return 0.0
    for decimals in range(_DECIMALS + 1):
        scaled = np.abs(costs[used]) * 10.0**decimals
        whole = np.round(scaled)
        if (np.abs(scaled - whole) <= 1e-9 * np.maximum(1, scaled)).all() and whole.sum() < _MAX_LATTICE:
            return float(reduce(math.gcd, (int(w) for w in whole))) / 10.0**decimals
    return 0.0
