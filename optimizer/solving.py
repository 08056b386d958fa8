"""From a case and a planner's choices to a certified front of packages."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .answers import Option, PlanFront
from .choices import Choices, Package
from .front import Front, Progress, search
from .inputs.records import Case, Catalog
from .judge.check import violations
from .judge.evaluate import judge_of
from .model.audit import audit
from .model.objectives import FURTHER, expression
from .questions import Question, ask
from .reuse import only_tightens

FIRST_SHARE = 1 / 3  # of the time limit for the plain question, where objectives look beyond the mids
FIRST_SECONDS = 20.0  # the same, where there is no limit


def exact_values(question: Question) -> Callable[[Mapping[str, float]], Sequence[float] | None]:
    """The judge's word on a solution: its exact objectives, or None if the independent check rejects it."""
    return lambda values: exact_of(question, question.programme.chosen(values))


def exact_of(question: Question, chosen: frozenset[int]) -> list[float] | None:
    """Exact objectives of chosen columns and joins, or None if the judge finds a requirement broken."""
    package = question.situation.package(chosen)
    if violations(question.case, package, question.choices, question.catalog):
        return None
    if not all(row.kept(chosen) for row in question.promoted):
        return None
    evaluation = judge_of(question.case, question.choices, question.catalog).evaluate(package)
    return list(question.values(chosen, evaluation).values())


def searching(
    question: Question,
    *,
    time_limit: float | None = None,
    workers: int = 1,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    records: Sequence[Sequence[float]] = (),
    packages: Sequence[Package] = (),
    solvers: Sequence[str] = ("highs", "cbc"),
    plain_first: bool = True,
) -> Iterator[Progress]:
    """The search as a generator of its states (seconds); closing it keeps what was found.

    packages: known beforehand; those that still fit are the first points. records: corners in the units of the
    objectives below which nothing feasible lies, proved for these choices or for looser ones. plain_first: where an
    objective looks beyond the mids, the plain question is asked first and its packages are among the first points.
    """
    import numpy as np

    began, known = time.monotonic(), list(packages)
    if question.further and plain_first:
        share = FIRST_SECONDS if time_limit is None else time_limit * FIRST_SHARE
        known += yield from _plain(question, time_limit=share, workers=workers, seed=seed, stop=stop, packages=packages)
    taken = time.monotonic() - began
    programme = question.programme
    forms = [o.solver_form(programme) for o in question.objectives]
    states = search(
        programme.problem,
        [expression(form) for form in forms],
        keys=[o.key for o in question.objectives],
        resolutions=[axis.resolution for axis in question.axes()],
        transforms=[(o.to_user, o.to_solver) if o.to_user and o.to_solver else None for o in question.objectives],
        exact=exact_values(question),
        seeds=[s for s in _seeds(question, known) if s is not None],
        records=records,
        stop=stop,
        time_limit=None if time_limit is None else max(0.0, time_limit - taken),
        workers=workers,
        solvers=solvers,
        rng=np.random.default_rng(seed),
    )
    yield from (_later(state, taken) for state in states)


def _plain(question: Question, **how: Any) -> Generator[Progress, None, list[Package]]:
    """The packages of the front with risk in place of what looks beyond the mids, which comes quickly."""
    import numpy as np

    keys = tuple(dict.fromkeys("risk" if key in FURTHER else key for key in question.choices.objectives))
    choices = replace(question.choices, objectives=keys if len(keys) > 1 else ("risk", "cost"))
    plain, found = ask(question.case, choices, question.catalog), list[Package]()
    for state in searching(plain, **how):
        found += [] if state.front is None else [o.package for o in answer(plain, state.front)]
        yield Progress(state.seconds, state.solves, np.empty((0, len(question.objectives))), {}, math.nan, 1)
    return found


def _later(state: Progress, seconds: float) -> Progress:
    """A state that began so many seconds before its search did."""
    front = state.front
    if front is not None:
        certificate = replace(front.certificate, seconds=front.certificate.seconds + seconds)
        front = replace(front, certificate=certificate)
    return replace(state, seconds=state.seconds + seconds, front=front)


def _seeds(question: Question, packages: Sequence[Package]) -> Iterator[Mapping[str, float] | None]:
    """Doing nothing, and packages known before, as values of the columns."""
    for package in (Package(), *packages):
        try:
            chosen = question.situation.indices(package)
        except KeyError:
            yield None
            continue
        yield {v.name: float(i in chosen) for i, v in enumerate(question.programme.x)}


def answer(question: Question, front: Front, seed: int = 0) -> PlanFront:
    """A front of the search as packages with the judge's numbers and the audit of the rules."""
    options = [option(question, trimmed(question, question.programme.chosen(s))) for s in front.solutions]
    first = question.objectives[0].key
    options.sort(key=lambda o: o.objectives[first])
    named = tuple(replace(o, id=f"P{k}") for k, o in enumerate(options, start=1))
    print_ = fingerprint(question.case, question.catalog)
    return PlanFront(
        question.case, question.choices, print_, question.axes(), named, front.certificate, seed, records=front.records
    )


def option(question: Question, chosen: frozenset[int], number: int = 0) -> Option:
    """One package with its evaluation and audit."""
    package = question.situation.package(chosen)
    evaluation = judge_of(question.case, question.choices, question.catalog).evaluate(package)
    return Option(
        f"P{number}", question.values(chosen, evaluation), package, evaluation, audit(question.situation, chosen)
    )


def trimmed(question: Question, chosen: frozenset[int]) -> frozenset[int]:
    """The same package without the partners whose joining changes no objective and no requirement."""
    judge = judge_of(question.case, question.choices, question.catalog)

    def plain(indices: frozenset[int]) -> tuple[float, ...]:
        """Objectives at the mids; the judge remembers the nodes that a partner does not touch."""
        found = judge.outcomes(question.situation.package(indices))
        return tuple(float(getattr(found, key)) for key in ("risk", "cost", "days", "coercion"))

    before, values = plain(chosen), exact_of(question, chosen)
    for join in sorted(i for i in chosen if i >= len(question.situation.columns)):
        fewer = chosen - {join}
        if plain(fewer) == before and exact_of(question, fewer) == values:
            chosen = fewer
    return chosen


def fingerprint(case: Case, catalog: Catalog) -> str:
    """One digest of all data that an answer rests on."""
    return hashlib.sha256(f"{catalog.fingerprint} {case.fingerprint}".encode()).hexdigest()[:16]


def solve(
    case: Case,
    objectives: Sequence[str] | None = None,
    *,
    choices: Choices | None = None,
    time_limit: float | None = 60.0,
    workers: int = 1,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    catalog: Catalog | None = None,
    previous: PlanFront | None = None,
    **wishes: Any,
) -> PlanFront:
    """The certified front of packages for a case.

    objectives: two to five of risk, cost, days, coercion, shortfall (default risk and cost). choices: a `Choices`; any
    of its fields can be given by name instead (`budget_musd=300, partners_out=("nato",)`). time_limit in seconds:
    what was found by then comes back with its gap. previous: an answer for this case to start from; its packages that
    still fit, and its proofs where the change only tightens, carry over. Raises InputError, which names every choice
    that cannot be used.
    """
    wanted = wished(choices or Choices(), wishes)
    if objectives is not None:
        wanted = replace(wanted, objectives=tuple(objectives))
    question = ask(case, wanted, catalog)
    packages, records = carried(question, previous)
    front: Front | None = None
    for state in searching(
        question, time_limit=time_limit, workers=workers, seed=seed, stop=stop, packages=packages, records=records
    ):
        if on_progress is not None:
            on_progress(state)
        front = front if state.front is None else state.front
    assert front is not None
    found = answer(question, front, seed)
    if not front.infeasible:
        return found
    from .explain.conflict import conflict  # explanations are made of solved questions, so they import this module

    return replace(found, conflict=conflict(question))


def carried(question: Question, previous: PlanFront | None) -> tuple[tuple[Package, ...], Sequence[Sequence[float]]]:
    """Packages and records of an earlier answer that may start this search."""
    if previous is None or previous.data_fingerprint != fingerprint(question.case, question.catalog):
        return (), ()
    packages = tuple(p.package for p in previous.packages)
    own = question.case.constraints.budget_musd_2020
    sound = previous.records is not None and only_tightens(previous.choices, question.choices, own)
    return packages, previous.records if sound else ()


def wished(choices: Choices, wishes: Mapping[str, Any]) -> Choices:
    """Choices with some fields given by name; mappings and lists become tuples."""
    unknown = sorted(set(wishes) - set(choices.__dataclass_fields__))
    if unknown:
        from .inputs.faults import Fault, InputError, did_you_mean

        raise InputError(
            Fault("choices", "", w, "", "there is no such choice", did_you_mean(w, choices.__dataclass_fields__))
            for w in unknown
        )
    plain = {
        k: tuple(v.items()) if isinstance(v, Mapping) else tuple(v) if isinstance(v, (list, set)) else v
        for k, v in wishes.items()
    }
    return replace(choices, **plain)  # type: ignore[arg-type]
