"""The programme against the judge, against enumeration, and against attempts to get an unbacked threat through."""

from __future__ import annotations

import itertools

import numpy as np
import pulp
import pytest

from optimizer import Choices, load_case, load_catalog, solve
from optimizer.judge.check import violations
from optimizer.judge.evaluate import judge_of
from optimizer.model.objectives import OBJECTIVES, expression
from optimizer.model.programme import build_programme, programme_of
from optimizer.model.reduction import hard_rows, without_dead_columns
from optimizer.model.situation import compile_situation
from optimizer.questions import ask

from .helpers import only, situation

FEW = {  # case -> instruments and partners that leave a dozen columns
    "macedonia_2001": (["high_level_mediation", "threat_of_sanctions", "elite_asset_seizure"], ["eu"]),
    "kenya_2007": (["high_level_mediation", "aid_suspension", "threat_of_loan_suspension"], ["eu"]),
    "burundi_1965": (
        ["diplomatic_pressure", "naming_shaming", "increased_aid"],
        ["united_states", "international_ngos"],
    ),
    "zimbabwe_2010": (["high_level_mediation", "neighbour_engagement", "incentives_to_spoilers"], ["sadc"]),
}


def packages(question):
    """Every package that the rows allow: none or one column of each tool in each node, any joins."""
    s = question.situation
    rows = hard_rows(s)
    groups = [(None, *group) for group in s.by_instrument.values()]
    joins = range(len(s.columns), len(s.columns) + len(s.joins))
    subsets = [c for size in range(len(joins) + 1) for c in itertools.combinations(joins, size)]
    for leads in itertools.product(*groups):
        for joined in subsets:
            chosen = frozenset(i for i in (*leads, *joined) if i is not None)
            if all(row.kept(chosen) for row in rows):
                yield chosen


def covered(front, points, resolution):
    """Whether every point has one on the front that is no worse by more than the resolution."""
    return bool((front[None] <= points[:, None] + resolution + 1e-9).all(axis=2).any(axis=1).all())


@pytest.mark.parametrize("case", FEW)
@pytest.mark.parametrize("keys", [("risk", "cost"), ("risk", "cost", "coercion")])
def test_the_front_covers_every_feasible_package(case, keys):
    choices = only(case, *FEW[case], objectives=keys, rules=(("R28", "off"), ("R25", "off")), max_measures=4)
    question = ask(load_case(case), choices)
    judge = judge_of(question.case, choices, question.catalog)
    feasible = [(c, judge.evaluate(question.situation.package(c))) for c in packages(question)]
    assert 3 <= len(feasible) <= 5000
    points = np.array([list(question.values(c, e).values()) for c, e in feasible])
    front = solve(question.case, choices=choices, time_limit=60)
    assert front.certificate.complete
    found = np.array([[p.objectives[k] for k in keys] for p in front])
    resolution = np.array([a.resolution for a in front.objectives])
    assert covered(found, points, resolution)
    known = {tuple(np.round(p, 9)) for p in points}
    assert all(tuple(np.round(p, 9)) in known for p in found)


@pytest.mark.parametrize("case", ["macedonia_2001", "east_timor_1999", "rwanda_1993", "sudan_2010"])
def test_programme_and_judge_agree_on_random_packages(case):
    rng = np.random.default_rng(7)
    choices = Choices(partners_out=tuple(p.partner for p in load_case(case).partners[5:]))
    s = situation(case, choices)
    programme = build_programme(s)
    s, problem = programme.situation, programme.problem
    days, cost = (expression(OBJECTIVES[k].solver_form(programme)) for k in ("days", "cost"))
    judge, rows = judge_of(s.case, choices, s.catalog), hard_rows(s)
    for _ in range(2):
        wish = {v: rng.normal() - (0.6 if i < len(s.columns) else 0) for i, v in enumerate(programme.x)}
        problem.setObjective(pulp.LpAffineExpression(wish))
        problem.solve(pulp.HiGHS(msg=False, threads=1, gapRel=0.3))
        chosen = frozenset(i for i, v in enumerate(programme.x) if v.value() > 0.5)
        limits = [(v.lowBound, v.upBound) for v in programme.x]
        for i, v in enumerate(programme.x):
            v.lowBound = v.upBound = float(i in chosen)
        problem.setObjective(pulp.LpAffineExpression(programme.inner) + 1e-6 * days)
        problem.solve(pulp.HiGHS(msg=False, threads=1))
        inner = sum(w * v.value() for v, w in programme.inner.items())
        told = (cost.value(), days.value())
        for v, (low, high) in zip(programme.x, limits, strict=True):
            v.lowBound, v.upBound = low, high
        package = s.package(chosen)
        exact = judge.evaluate(package)
        assert exact.inner * (1 - 3e-3) <= inner <= exact.inner * (1 + 1e-6)  # bound from below, close
        assert told == pytest.approx((exact.values["cost"], exact.values["days"]), abs=1e-4)
        assert not violations(s.case, package, choices, s.catalog)
        assert all(row.kept(chosen) for row in rows)


RICH = {"budget_musd": 9000.0}
FORCE_DEEDS = load_catalog().instruments["threat_of_military_force"].needs_backing_by
TROOPS = load_catalog().instruments["security_guarantees"].needs_backing_by
PARTNERS = tuple(p.partner for p in load_case("macedonia_2001").partners)
IMPOSSIBLE = [  # a threat or guarantee forced in, and one reason why nobody could carry it out
    ("threat_of_military_force", {"force_out": FORCE_DEEDS}),
    ("threat_of_military_force", {"budget_musd": 300.0}),
    ("threat_of_military_force", {"capacity": tuple((p, 1) for p in PARTNERS)}),
    ("threat_of_military_force", {"max_measures": 2}),
    ("threat_of_loan_suspension", {"force_out": ("aid_suspension", "trade_sanctions")}),
    ("threat_of_sanctions", {"deadline_days": 20.0}),
    ("security_guarantees", {"force_out": TROOPS}),
    ("security_guarantees", {"will": tuple((p, 0.1) for p in PARTNERS if p != "eu")}),
]


def has_package(wishes):
    question = ask(load_case("macedonia_2001"), Choices(**wishes))
    problem = question.programme.problem
    problem.setObjective(pulp.LpAffineExpression(dict.fromkeys(question.programme.x, 1.0)))
    problem.solve(pulp.HiGHS(msg=False, threads=1, gapRel=1.0))
    return problem.sol_status != pulp.LpSolutionInfeasible


@pytest.mark.parametrize(("threat", "reason"), IMPOSSIBLE)
def test_a_threat_that_nobody_could_carry_out_never_gets_through(threat, reason):
    assert not has_package(RICH | {"force_in": (threat,)} | reason)


@pytest.mark.parametrize("threat", sorted({threat for threat, _ in IMPOSSIBLE}))
def test_the_same_threat_gets_through_when_it_can_be_carried_out(threat):
    assert has_package(RICH | {"force_in": (threat,)})


def test_columns_left_out_beforehand_could_not_be_chosen():
    choices = Choices(partners_out=tuple(p.partner for p in load_case("kenya_2007").partners[6:]))
    whole = compile_situation(load_case("kenya_2007"), load_catalog(), choices)
    left = {(c.tool.id, c.ally.id, c.node, c.start) for c in without_dead_columns(whole).columns}
    programme = programme_of(whole)
    out = [i for i, c in enumerate(whole.columns) if (c.tool.id, c.ally.id, c.node, c.start) not in left]
    assert len(out) > 10
    problem = programme.problem
    for i in out[:: len(out) // 6]:
        programme.x[i].lowBound = 1
        problem.setObjective(pulp.LpAffineExpression(programme.x[0]))
        problem.solve(pulp.HiGHS(msg=False, threads=1))
        assert problem.status == pulp.LpStatusInfeasible
        programme.x[i].lowBound = 0


def test_a_soft_rule_made_required_holds_in_every_package():
    choices = only(
        "macedonia_2001",
        ["high_level_mediation", "diplomatic_pressure", "increased_aid", "ngo_civil_society"],
        ["eu", "local_civil_society"],
        rules=(("R16", "required"),),
    )
    front = solve(load_case("macedonia_2001"), choices=choices, time_limit=30)
    assert front.certificate.complete and len(front) > 1
    assert all(next(r for r in p.rules if r.id == "R16").kept for p in front)


def test_leaving_columns_out_hides_no_better_placed_partner():
    """A rival that money rules out still keeps a worse placed partner from leading, as the judge has it."""
    whole = situation("rwanda_1993")
    reduced = without_dead_columns(whole)
    for key in ("R17", "R25"):
        rivals = {c.tool.id: {x.ally.id for x in reduced.on_offer(c.tool.id, (c.node,))} for c in reduced.columns}
        assert all(
            {x.ally.id for x in whole.columns if x.tool.id == tool} >= names for tool, names in rivals.items()
        ), key
    assert len(reduced.columns) < len(whole.columns)
    assert reduced.offers == whole.columns
