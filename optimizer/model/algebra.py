"""A thin layer over PuLP: sums as dictionaries, generated names, rows of `<=` only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulp

Sum = dict[pulp.LpVariable, float]


def add_up(*parts: tuple[float, Mapping[pulp.LpVariable, float]]) -> Sum:
    """The weighted sum of sums, without zero weights."""
    total: Sum = {}
    for factor, part in parts:
        for variable, weight in part.items():
            total[variable] = total.get(variable, 0.0) + factor * weight
    return {v: w for v, w in total.items() if w}


def once(variables: Iterable[pulp.LpVariable]) -> Sum:
    """Each variable with weight 1."""
    return add_up(*((1.0, {v: 1.0}) for v in variables))


def _key(sum_: Sum) -> frozenset[tuple[int, float]]:
    """What tells sums apart: numbers are compared faster than PuLP's variables."""
    return frozenset(zip(map(id, sum_), sum_.values(), strict=True))


SHORT = 4  # sums of so few terms cost no more written out than under a name


class Builder:
    """A PuLP problem under construction; every name is generated, so PuLP never has to mend one."""

    def __init__(self) -> None:
        self.problem = pulp.LpProblem("ohrid", pulp.LpMinimize)
        self.variables = 0
        self.rows = 0
        self._named: dict[frozenset[tuple[int, float]], pulp.LpVariable] = {}

    def binary(self) -> pulp.LpVariable:
        return self._variable(0, 1, pulp.LpBinary)

    def number(self, low: float | None = 0.0, high: float | None = None) -> pulp.LpVariable:
        return self._variable(low, high, pulp.LpContinuous)

    def _variable(self, low: float | None, high: float | None, category: str) -> pulp.LpVariable:
        self.variables += 1
        return self.problem.add_variable(f"v{self.variables}", low, high, category)

    def at_most(self, left: Mapping[pulp.LpVariable, float], limit: float) -> None:
        """left <= limit."""
        self.rows += 1
        self.problem += (pulp.LpAffineExpression(dict(left)) <= limit, f"r{self.rows}")

    def named(self, sum_: Sum) -> Sum:
        """The same sum as one variable, made once however often it is asked for: entries, and so time, are saved."""
        if len(sum_) <= SHORT:
            return sum_
        key = _key(sum_)
        if key not in self._named:
            self._named[key] = self._result(sum_, self.number(None, None))
        return {self._named[key]: 1.0}

    def counted(self, sum_: Sum) -> None:
        """Give a name to a sum that is 0 or 1."""
        self._named[_key(sum_)] = self._result(sum_, self.number(0, 1))

    def _result(self, sum_: Sum, variable: pulp.LpVariable) -> pulp.LpVariable:
        self.rows += 1
        self.problem += (pulp.LpAffineExpression(dict(sum_) | {variable: -1.0}) == 0, f"r{self.rows}")
        return variable
