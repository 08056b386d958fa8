"""Packages in thousands of scenarios: the judge's own functions, all uncertain numbers drawn together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices import Choices, Package
from ..inputs.reader import load_catalog
from ..inputs.records import Case, Catalog
from ..judge.evaluate import make_judge
from .draws import BLOCK, Design, Law, needed_by
from .numbers import Number, numbers_of

Floats = NDArray[np.float32]
KEYS = ("risk", "cost", "days", "coercion")
COLLECTED = 16  # spans after which cycles are collected: a scene and its stages hold their draws, 10 MB a span
SPAN = 5 * BLOCK  # scenarios judged at once: arrays of one node then fit a core's cache, and few calls are made


@dataclass(frozen=True)
class Ensemble:
    """What to draw: so many scenarios, by one law, from one seed; `held` groups or names stay at their mid."""

    scenarios: int = 4096
    seed: int = 0
    law: Law = field(default_factory=Law)
    held: frozenset[str] = frozenset()
    precision: type = np.float32  # risks agree with the judge's to about 1e-6


@dataclass(frozen=True, eq=False)
class Result:
    """Outcomes, (scenarios, packages, objectives) in the order of `keys`; risk as a share, cost in million 2020 USD."""

    values: Floats
    keys: tuple[str, ...] = KEYS
    draws: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def of(self, key: str) -> Floats:
        """One objective, (scenarios, packages)."""
        return self.values[:, :, self.keys.index(key)]


@dataclass(frozen=True, eq=False)
class Task:
    """All that a worker needs to judge blocks of scenarios."""

    case: Case
    catalog: Catalog
    choices: Choices
    packages: tuple[Package, ...]
    ensemble: Ensemble
    numbers: tuple[Number, ...]
    added: Mapping[str, float] = field(default_factory=dict)  # what an adversary's reply does, by the judge's names

    def design(self) -> Design:
        """The design of the scenarios."""
        e = self.ensemble
        return Design(self.numbers, self.catalog, e.law, e.seed, e.held)


def task(
    case: Case, packages: Sequence[Package], ensemble: Ensemble = Ensemble(), choices: Choices | None = None,
    catalog: Catalog | None = None, added: Mapping[str, float] | None = None,
) -> Task:  # fmt: skip
    """Packages and scenarios put together; nothing is computed yet."""
    catalog, choices = catalog or load_catalog(), choices or Choices()
    numbers = numbers_of(case, catalog, choices)
    return Task(case, catalog, choices, tuple(packages), ensemble, numbers, added or {})


def assess(
    case: Case, packages: Sequence[Package], ensemble: Ensemble = Ensemble(), choices: Choices | None = None,
    catalog: Catalog | None = None, *, workers: int = 1, client: Any = None, keep_draws: bool = False,
    added: Mapping[str, float] | None = None,
) -> Result:  # fmt: skip
    """Every package in every scenario. `workers` processes through joblib, or a Dask `client`; the numbers do not
    change."""
    work = task(case, packages, ensemble, choices, catalog, added)
    spans = spans_of(ensemble.scenarios, SPAN if client is not None else share(ensemble.scenarios, workers))
    jobs = [(work, [span]) for span in spans] if workers > 1 or client is not None else [(work, spans)]
    values = [values for part in spread(judge_spans, jobs, workers, client) for values in part]
    every = np.concatenate(values) if values else np.zeros((0, len(packages), len(KEYS)), ensemble.precision)
    kept = work.design().draws(0, ensemble.scenarios, needed(work), np.float64) if keep_draws else {}
    return Result(every, KEYS, kept)


def share(scenarios: int, workers: int) -> int:
    """Scenarios that one worker judges at once, in whole blocks, so that all have as much to do."""
    blocks = -(-scenarios // BLOCK)
    rounds = -(-blocks * BLOCK // (workers * SPAN))
    return max(1, -(-blocks // (workers * rounds))) * BLOCK if blocks else BLOCK


def spans_of(scenarios: int, size: int = SPAN) -> list[tuple[int, int]]:
    """First scenario and number of scenarios of each span."""
    return [(first, min(size, scenarios - first)) for first in range(0, scenarios, size)]


def spread(function: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], workers: int, client: Any) -> list[Any]:
    """function(*job) for each job, in their order: here, in processes, or on a Dask cluster."""
    if client is not None:
        return list(client.gather([client.submit(function, *job, pure=False) for job in jobs]))
    if workers == 1 or len(jobs) == 1:
        return [function(*job) for job in jobs]
    from joblib import Parallel, delayed

    return list(Parallel(n_jobs=workers)(delayed(function)(*job) for job in jobs))


def needed(work: Task) -> list[Number]:
    """The numbers that bear on the task's packages."""
    measures = [m for package in work.packages for m in package.measures]
    partners = {who for m in measures for who in (m.lead, *m.joined)}
    generic = {p.partner: p.generic_partner for p in work.case.partners}
    return needed_by(
        work.numbers, {m.instrument for m in measures}, partners, {generic[p] for p in partners if p in generic}
    )


def judge_spans(work: Task, spans: Sequence[tuple[int, int]]) -> list[Floats]:
    """Outcomes of all packages in some spans of scenarios."""
    return [values for _, values in judged(work, spans)]


def judged(work: Task, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Floats]]:
    """Outcomes span by span, (scenarios, packages, objectives): a million scenarios need the memory of one span."""
    design, wanted = work.design(), needed(work)
    for k, (first, count) in enumerate(spans, start=1):
        yield first, outcomes(work, design.draws(first, count, wanted, work.ensemble.precision))
        if k % COLLECTED == 0:
            gc.collect()


def outcomes(work: Task, drawn: Mapping[str, NDArray[Any]]) -> Floats:
    """Outcomes under given draws, (scenarios, packages, objectives)."""
    count, dtype = len(next(iter(drawn.values()))), work.ensemble.precision
    extra: dict[str, NDArray[Any]] = {name: np.full(count, value, dtype) for name, value in work.added.items()}
    judge = make_judge(work.case, work.choices, work.catalog, {**drawn, **extra})
    found: NDArray[Any] = np.empty((len(KEYS), len(work.packages), count), dtype)  # as it is written, and sent whole
    for k, package in enumerate(work.packages):
        one = judge.outcomes(package)
        found[:, k] = one.risk, one.cost, one.days, one.coercion
    judge.forget()
    return found.T
