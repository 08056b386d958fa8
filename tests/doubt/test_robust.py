"""Robust counterparts against enumeration of every package of a small question."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from types import SimpleNamespace

import numpy as np
import pulp
import pytest

from optimizer.choices import Choices, Package
from optimizer.doubt import robust
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.judge.evaluate import evaluate
from optimizer.model.algebra import Builder
from optimizer.model.objectives import FURTHER, expression
from optimizer.questions import ask
from optimizer.redteam.replies import board, replies_of
from optimizer.reuse import only_tightens
from optimizer.solving import searching, solve

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


def solver_value(kind, indices):
    """The solver form's value of a package: everything else left free, made as small as it can be."""
    asked = ask(CASE, replace(SMALL, objectives=("risk", kind)))
    form = expression(asked.objectives[1].solver_form(asked.programme))
    problem = asked.programme.problem
    problem += form
    for i, x in enumerate(asked.programme.x):
        problem += x == (1 if i in indices else 0)
    status = problem.solve(pulp.HiGHS(msg=False))
    assert status == pulp.LpStatusOptimal
    return robust.to_user(pulp.value(form))


@pytest.mark.parametrize("kind", sorted(FURTHER))
def test_the_solver_form_is_never_above_the_exact_value(every, kind):
    exact = ask(CASE, replace(SMALL, objectives=("risk", kind))).further[0][1]
    gaps = []
    for k in np.random.default_rng(3).choice(len(every), 4, replace=False):
        indices, package = every[k]
        found, true = solver_value(kind, indices), exact(package)
        assert found <= true + 1e-6
        gaps.append(true - found)
    if kind == "cvar":  # tangents only: within a tenth of the resolution
        assert max(gaps) < 0.002


@pytest.mark.parametrize("kind", sorted(FURTHER))
def test_the_front_is_that_of_enumeration(question, every, kind):
    """Asked for by name; what was proved is a cover of every package, and every value is the exact one."""
    front = solve(CASE, ["cost", kind], choices=SMALL, time_limit=60)
    exact = ask(CASE, replace(SMALL, objectives=("cost", kind))).further[0][1]
    assert len(front)
    for option in front:
        assert option.objectives[kind] == pytest.approx(exact(option.package))
        assert not violations(CASE, option.package, SMALL, CATALOG)
    gap = [front.certificate.gap[axis.key] * axis.resolution for axis in front.objectives]
    found = np.array([[p.objectives["cost"], p.objectives[kind]] for p in front])
    judge = robust.make_judge(CASE, question.choices, CATALOG)
    for _indices, package in every:
        point = np.array([float(judge.outcomes(package).cost), exact(package)])
        assert (found <= point + np.array(gap) * 1.001 + 1e-9).all(axis=1).any()


def test_exact_values_are_what_they_say(question, every):
    """Tail risk by the judge over its scenarios one by one, the best reply by all replies, failures by all subsets."""
    package = max((package for _, package in every), key=lambda p: len(p.measures))
    few = robust.reduced(question, robust.sketches(question), of=256)
    left = []
    for k in range(few.count):
        one = {name: values[k : k + 1] for name, values in few.draws.items()}
        left.append(-np.log1p(-robust.make_judge(CASE, SMALL, CATALOG, one).outcomes(package).risk[0]))
    tail = robust.to_user(float(np.mean(sorted(left)[-round(few.worst) :])))
    assert robust.tail(question, few).exact(package) == pytest.approx(tail)
    here = board(CASE, SMALL, CATALOG, replies_of(CASE, CATALOG))
    assert robust.best_reply(question).exact(package) == pytest.approx(here.risks([package]).max())
    worst = max(evaluate(CASE, left, SMALL, CATALOG).risk for left in robust.failures(package, 2))
    assert robust.any_failing(question, 2).exact(package) == pytest.approx(worst)


def test_a_further_objective_carries_no_proof_over():
    one = replace(SMALL, objectives=("risk", "cvar"))
    assert not only_tightens(one, replace(one, budget_musd=10.0), 300.0)
    assert only_tightens(SMALL, replace(SMALL, budget_musd=10.0), 300.0)


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
    n = len(package.measures)
    assert len(list(robust.failures(package, 2))) == 1 + n + n * (n - 1) // 2
    judge = robust.make_judge(CASE, question.choices, CATALOG)
    risks = [robust.worst_k(judge, package, k) for k in range(n + 1)]
    assert risks == sorted(risks)


def test_a_reduced_set_states_its_error(question):
    found = robust.reduced(question, robust.sketches(question), of=256)
    assert found.count == robust.KEPT and 0 <= found.error < 0.1
    assert f"{100 * found.error:.1f} points" in robust.tail(question, found).title


def test_the_plain_question_is_asked_first():
    """Its packages are among the first points, the clock runs on, and what is found is covered either way."""
    question = ask(CASE, replace(SMALL, objectives=("cost", "worst_k")))
    states = list(searching(question))
    plain = [state for state in states if not state.gap]
    assert plain and states[: len(plain)] == plain and not any(len(state.points) for state in plain)
    seconds = [state.seconds for state in states]
    assert seconds == sorted(seconds) and states[-1].front.certificate.seconds >= plain[-1].seconds
    alone = list(searching(question, plain_first=False))
    assert all(state.gap for state in alone)
    step = np.array([axis.resolution for axis in question.axes()])
    for one, other in ((states, alone), (alone, states)):
        here, there = one[-1].front, other[-1].front
        gap = np.array(list(here.certificate.gap.values())) * step
        assert all((here.points <= point + gap * 1.001 + 1e-9).all(axis=1).any() for point in there.points)


WARNED = {
    "targeted_sanctions_rapid", "trade_sanctions", "condemnation_multilateral", "condemnation_unilateral",
    "observer_mission", "evacuation_corridors", "heightened_presence", "high_level_mediation",
}  # fmt: skip


def test_harm_of_tools_that_stand_alone_is_never_overstated():
    """Rows that ask for something beside a tool, in the coarse form and by the judge, on packages drawn at random."""
    choices = replace(SMALL, force_out=tuple(t for t in CATALOG.instruments if t not in WARNED), partners_out=())
    situation, judge = ask(CASE, choices).situation, robust.make_judge(CASE, choices, CATALOG)
    rng, harmed = np.random.default_rng(5), 0
    for size in (1, 1, 1, 1, 2, 2, 3, 4, 4):
        bare = SimpleNamespace(situation=situation, builder=Builder())
        bare.x = [bare.builder.binary() for _ in situation.columns + situation.joins]
        form = robust.Coarse(bare).hazard_left(judge)
        picked = {situation.columns[i].tool.id: i for i in rng.permutation(len(situation.columns))[: 3 * size].tolist()}
        indices = frozenset(list(picked.values())[:size])
        bare.builder.problem += expression((form, 0.0))
        for i, x in enumerate(bare.x):
            bare.builder.problem += x == (1 if i in indices else 0)
        assert bare.builder.problem.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusOptimal
        found, true = (
            pulp.value(bare.builder.problem.objective),
            robust.hazard(judge, situation.package(indices)).item(),
        )
        assert found <= true + 1e-6
        harmed += found > robust.hazard(judge, Package()).item() + 1e-9
    assert harmed  # some of them do harm alone, and the form knows it
