"""Robust counterparts against enumeration of every package of a small question."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pulp
import pytest

from optimizer.choices import Choices
from optimizer.doubt import robust
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.model.algebra import Builder
from optimizer.model.objectives import expression
from optimizer.questions import ask
from optimizer.redteam.replies import draws_of, replies_of

CATALOG, CASE = load_catalog(), load_case("macedonia_2001")
KEPT = {"high_level_mediation", "ceasefire_monitoring", "increased_aid", "naming_shaming", "ngo_civil_society"}
OFF = tuple((rule, "off") for rule in CATALOG.rules if CATALOG.rules[rule].kind == "hard_constraint")
SMALL = Choices(
    objectives=("risk", "cost"),
    branches=(),
    force_out=tuple(t for t in CATALOG.instruments if t not in KEPT),
    partners_out=tuple(p.partner for p in CASE.partners if p.partner not in ("eu", "osce", "international_ngos")),
    rules=OFF,
)


@pytest.fixture(scope="module")
def question():
    return ask(CASE, SMALL)


@pytest.fixture(scope="module")
def every(question):
    """All packages that keep every requirement: at most one lead of each instrument, no joins."""
    columns = question.situation.columns
    found = []
    by_tool = {}
    for i, column in enumerate(columns):
        by_tool.setdefault(column.tool.id, []).append(i)
    tools = sorted(by_tool)
    for chosen in chain.from_iterable(combinations(tools, n) for n in range(len(tools) + 1)):
        picks = [by_tool[tool][:2] for tool in chosen]
        for combo in np.ndindex(*(len(p) for p in picks)) if picks else [()]:
            indices = frozenset(p[k] for p, k in zip(picks, combo, strict=True))
            package = question.situation.package(indices)
            if not violations(CASE, package, SMALL, CATALOG):
                found.append((indices, package))
    return found


def solver_value(question, objective, indices):
    """The solver form's value of a package: everything else left free, made as small as it can be."""
    programme = ask(CASE, SMALL).programme
    form = expression(objective.solver_form(programme))
    problem = programme.problem
    problem += form
    for i, x in enumerate(programme.x):
        problem += x == (1 if i in indices else 0)
    status = problem.solve(pulp.HiGHS(msg=False))
    assert status == pulp.LpStatusOptimal
    return robust.to_user(pulp.value(form))


def scenarios(question, every):
    return robust.reduced(question, [package for _, package in every[:8]], count=4, share=0.5, of=128)


@pytest.mark.parametrize("kind", ["cvar", "worst_reply", "worst_k"])
def test_the_solver_form_is_never_above_the_exact_value(question, every, kind):
    objective, exact = robust_of(kind, question, every)
    rng = np.random.default_rng(3)
    gaps = []
    for k in rng.choice(len(every), 3, replace=False):
        indices, package = every[k]
        found, true = solver_value(question, objective, indices), exact(package)
        assert found <= true + 1e-6
        gaps.append(true - found)
    if kind == "cvar":  # tangents only: within a tenth of the resolution
        assert max(gaps) < 0.002


def robust_of(kind, question, every):
    if kind == "cvar":
        return robust.tail_objective(question, scenarios(question, every))
    if kind == "worst_k":
        return robust.worst_k_objective(question, 1)
    replies = replies_of(CASE, CATALOG, least=0.3)
    return robust.reply_objective(question, draws_of(replies, CATALOG))


@pytest.mark.parametrize("kind", ["cvar", "worst_reply"])
def test_the_front_is_that_of_enumeration(question, every, kind):
    objective, exact = robust_of(kind, question, every)
    front = robust.robust_front(question, [(objective, exact)], time_limit=20)
    axes = {axis.key: axis.resolution for axis in front.objectives}
    found = np.array([[p.objectives[key] for key in axes] for p in front])
    for option in front:
        assert option.objectives[kind] == pytest.approx(exact(option.package))
        assert not violations(CASE, option.package, SMALL, CATALOG)
    if not front.certificate.complete:
        pytest.skip(f"not proved in time: {front.status}")
    for _indices, package in every:
        plain = robust.judge_of(CASE, question.choices, question.catalog).evaluate(package).values
        point = np.array([exact(package) if key == kind else plain[key] for key in axes])
        assert (found <= point + np.array(list(axes.values())) * 1.001).all(axis=1).any()


def test_the_dual_is_the_sum_of_the_k_largest():
    builder = Builder()
    x = [builder.binary() for _ in range(6)]
    losses = dict(zip(x, [3.0, 1.0, 4.0, 1.5, 5.0, 2.0], strict=True))

    class Fake:
        pass

    Fake.builder = builder
    form = robust.top_k_form(Fake, losses, 2)
    builder.problem += pulp.LpAffineExpression(form)
    for variable, value in zip(x, [1, 1, 1, 1, 0, 1], strict=True):
        builder.problem += variable == value
    builder.problem.solve(pulp.HiGHS(msg=False))
    assert pulp.value(builder.problem.objective) == pytest.approx(7.0)  # 4 and 3; 5 is not chosen


def test_worst_k_tries_every_subset(question, every):
    _, package = max(every, key=lambda pair: len(pair[1].measures))
    assert (
        len(list(robust.failures(package, 2)))
        == 1 + len(package.measures) + len(package.measures) * (len(package.measures) - 1) // 2
    )
    risks = [robust.worst_k(question, package, k) for k in range(len(package.measures) + 1)]
    assert risks == sorted(risks)


def test_a_reduced_set_states_its_error(question, every):
    found = scenarios(question, every)
    assert found.count == 4 and 0 <= found.error < 0.1
