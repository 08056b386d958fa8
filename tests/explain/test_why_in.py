"""What holds a measure, where a ceiling binds, and what would change a mind, against plain enumeration."""

import itertools
from functools import cache

import numpy as np

from optimizer.answers import Option
from optimizer.choices import Choices, Package
from optimizer.explain.ceilings import eaten
from optimizer.explain.held import held_by
from optimizer.explain.mind import HALVINGS, Estimate, _lead, _scaled, turning_point
from optimizer.explain.resolve import resolver_of, without
from optimizer.explain.words import Words
from optimizer.inputs import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.judge.evaluate import judge_of
from optimizer.questions import Question, ask
from optimizer.solving import option

from .small import CASE, allowed, option_of, question

LOUD = ("naming_shaming", "diplomatic_pressure", "condemnation_multilateral", "condemnation_unilateral",
        "media_campaign", "neighbour_engagement", "recall_expel_diplomats")  # fmt: skip


@cache
def strict() -> Question:
    """Mediation must not stand alone, and somebody outside government must lead."""
    rules = (("R28", "required"), ("R16", "required"))
    return question(rules=rules, parameters=(("R28.n", 1.0), ("R28.r0", 0.0)))


def test_a_measure_is_held_where_the_judge_objects_to_the_rest() -> None:
    q = strict()
    resolver, words = resolver_of(q), Words(q.case, q.catalog)
    seen = set[bool]()
    for package in [p for p in allowed(q.choices) if 2 <= len(p.measures) <= 3][::25]:
        made = option_of(q, package)
        held = {e.about for e in held_by(resolver, words, made) if "preferred" not in e.sentence}
        for k, measure in enumerate(made.measures):
            rest = without(made.package, k)
            kept = next(iter(allowed(q.choices, [rest])), None) is not None
            assert (words.measure(measure) in held) == (not kept)
            seen.add(kept)
    assert seen == {True, False}


@cache
def loud() -> tuple[Question, Option]:
    """A package of words, each made so strong that together they reach their ceiling."""
    catalog = load_catalog()
    for tool in LOUD:
        catalog = _scaled(catalog, tool, 12.0)
    q = ask(load_case(CASE), Choices(branches=(), rules=(("R17", "off"), ("R02", "off"))), catalog)
    chosen: dict[str, int] = {}
    for i, column in enumerate(q.situation.columns):
        if column.tool.id in LOUD and column.node == "now":
            chosen.setdefault(column.tool.id, i)
    made = option(q, frozenset(chosen.values()), 1)
    assert not violations(q.case, made.package, q.choices, catalog)
    return q, made


def test_measures_under_a_ceiling_that_add_nothing() -> None:
    q, made = loud()
    judge = judge_of(q.case, q.choices, q.catalog)
    found = list(eaten(resolver_of(q), Words(q.case, q.catalog), made))
    assert {c.name for c in made.evaluation.ceilings} >= {"words"} and any("Words" in e.sentence for e in found)
    for e in found:
        count = int(e.numbers["measures_that_add_nothing"] or 0)
        idle = [
            s
            for size in range(len(made.measures) + 1)
            for s in itertools.combinations(made.measures, size)
            if judge.evaluate(Package(tuple(m for m in made.measures if m not in s))).risk
            <= made.evaluation.risk + 5e-5
        ]
        assert count <= max(len(s) for s in idle)
        assert (count > 0) == any(len(s) == 1 for s in idle)


def test_the_turning_point_is_the_nearest_of_a_grid() -> None:
    q = strict()
    made = [option_of(q, p) for p in [p for p in allowed(q.choices) if p.measures][::11]]
    made.sort(key=lambda o: o.evaluation.risk)
    one, other = made[len(made) // 3].package, made[len(made) // 2].package
    for tool in sorted({m.instrument for m in {*one.measures} ^ {*other.measures}}):
        lead = _lead(q, one, other, tool)
        grid = np.linspace(0.0, 2.0, 33)
        turned = [abs(f - 1) for f in grid if lead(float(f)) <= 0]
        found = turning_point(q, one, other, Estimate(tool, 0.0, 2.0))
        assert (found is None) == (not turned)
        if found is not None:
            step = grid[1] - grid[0]
            assert min(turned) - step - 2.0**-HALVINGS <= abs(found - 1) <= min(turned) + 2.0**-HALVINGS
