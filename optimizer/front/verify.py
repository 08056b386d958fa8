"""A second opinion: a front proved again by the other solver, from its packages and points alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pulp

from .entry import exact_front
from .run import Exact
from .space import Pair, checked_signs
from .types import Array, Front


def verify(
    problem: pulp.LpProblem,
    objectives: Sequence[Any],
    front: Front,
    *,
    senses: str | Sequence[str] = "min",
    transforms: Sequence[Pair | None] | None = None,
    exact: Exact | None = None,
    solvers: Sequence[str] = ("cbc",),
    workers: int = 1,
    time_limit: float | None = None,
) -> Front:
    """The front with `certificate.verified` set: True if it was proved again, False if it was refuted.

    The packages are checked against the rows and evaluated anew; then the search runs with them as its only
    knowledge (no record is believed), with the solvers named here, and at the resolutions of the certificate.
    `verified` stays None if time ran out before either was shown. The relaxation's bounds come from HiGHS, but
    they are recomputed from its duals and so do not depend on it.

    Raises ValueError if the certificate's objectives are not those given.
    """
    resolutions = list(front.certificate.resolutions.values())
    if len(resolutions) != len(objectives):
        raise ValueError(f"The front has {len(resolutions)} objectives, but {len(objectives)} were given.")
    again = exact_front(
        problem, objectives, senses=senses, resolutions=resolutions, keys=list(front.certificate.resolutions),
        transforms=transforms, exact=exact, seeds=front.solutions, solvers=solvers, workers=workers,
        time_limit=time_limit,
    )  # fmt: skip
    signs = checked_signs(senses, len(objectives))
    true = all(
        _holds(problem, package) and _measures(objectives, transforms, exact, package, point)
        for package, point in zip(front.solutions, front.points, strict=True)
    )
    return replace(
        front, certificate=replace(front.certificate, verified=_agrees(front, again, signs) if true else False)
    )


def _value(expression: Any, package: Mapping[str, float]) -> float:
    affine = pulp.LpAffineExpression(expression)
    return float(sum(a * package.get(v.name, 0.0) for v, a in affine.items()) + affine.constant)


def _holds(problem: pulp.LpProblem, package: Mapping[str, float]) -> bool:
    """Whether a package keeps all rows, up to a tolerance that grows with the size of their terms."""
    for row in problem.constraints():
        terms = [a * package.get(v.name, 0.0) for v, a in row.items()]
        slack = 1e-6 * max(1.0, sum(map(abs, terms)))
        low, high = row.getLb(), row.getUb()
        if (low is not None and sum(terms) < low - slack) or (high is not None and sum(terms) > high + slack):
            return False
    return True


def _measures(
    objectives: Sequence[Any], transforms: Sequence[Pair | None] | None, exact: Exact | None,
    package: Mapping[str, float], point: Array,
) -> bool:  # fmt: skip
    """Whether the objectives of a package are those that the front states."""
    values: Sequence[float] | None = [_value(e, package) for e in objectives]
    if exact is not None:
        names = {v.name for e in objectives for v in pulp.LpAffineExpression(e)}
        values = exact({**dict.fromkeys(names, 0.0), **package})
    elif transforms is not None and values is not None:
        values = [pair[0](v) if pair else v for pair, v in zip(transforms, values, strict=True)]
    return values is not None and bool(np.allclose(values, point, rtol=1e-6, atol=1e-6))


def _agrees(front: Front, again: Front, signs: Array) -> bool | None:
    """Whether the second front holds nothing that the first, at its stated gap, does not cover."""
    gap = np.minimum(np.array(list(front.certificate.gap.values())), 1e300)
    room = gap * np.array(list(front.certificate.resolutions.values())) * (1 + 1e-9) + 1e-9
    given = front.points * signs
    missed = any(not (given <= z + room).all(axis=1).any() for z in again.points * signs)
    if missed:
        return False
    return True if again.certificate.complete else None
