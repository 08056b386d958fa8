"""Steps of a live programme against every package written down under the stepped choices."""

from functools import cache
from typing import Any

import pytest

from optimizer.answers import Option
from optimizer.choices import Package
from optimizer.explain.live import never
from optimizer.explain.resolve import resolver_of
from optimizer.explain.steppable import Step, steps_of
from optimizer.explain.stepping import Stepping
from optimizer.explain.steps import _Asker
from optimizer.inputs import load_case, load_catalog
from optimizer.model.reduction import hard_rows
from optimizer.model.situation import compile_situation
from optimizer.questions import Question, ask

from .small import allowed, option_of, question

CLOSE = 2e-4  # risk: the tangents' error, and what the judge and the programme may differ by
STRICT: list[dict[str, Any]] = [
    {"max_measures": 2, "budget_musd": 12.0, "capacity": (("eu", 1), ("osce", 1))},
    {"rules": (("R17", "required"), ("R28", "required")), "parameters": (("R28.n", 1.0), ("R28.r0", 0.0))},
    {"rules": (("R18", "required"), ("R46", "required")), "budget_musd": 40.0, "first_effect_days": 60.0},
]


@cache
def asked(number: int) -> tuple[Question, Option, tuple[Step, ...], Stepping]:
    """A question, a middling package of it, and its steps."""
    q = question(**STRICT[number])
    among = sorted((option_of(q, p) for p in allowed(q.choices)), key=lambda o: o.objectives["cost"])
    chosen = among[len(among) // 2]
    return q, chosen, steps_of(q, chosen), Stepping(q)


@pytest.mark.parametrize("number", range(len(STRICT)))
def test_a_step_buys_what_the_best_package_under_it_does(number: int) -> None:
    q, option, steps, live = asked(number)
    asker, seen = _Asker(q, option, None, never, live), 0
    for step in steps:
        choices = None if step.bound is not None else step.choices(q.choices, 1)
        if choices is None or not live.moves_rows_only(step):
            continue
        judged = (resolver_of(q).judge.evaluate(p).values for p in allowed(choices))
        best = min(v["risk"] for v in judged if v["cost"] <= option.objectives["cost"] + 1e-9)
        found = asker.gain(step, 1, 60.0)
        seen += 1
        if found.most:  # a step that moves no row is not asked
            assert found.proven
            assert found.least == pytest.approx(option.objectives["risk"] - best, abs=CLOSE), step.words
    assert seen > 3


def test_the_rows_of_a_step_are_those_of_the_question_asked_anew() -> None:
    q, _, steps, live = asked(1)
    for step in steps:
        choices = None if step.bound is not None else step.choices(q.choices, 1)
        if choices is None or not live.moves_rows_only(step):
            continue
        found = live.resolver(choices)
        anew = compile_situation(q.case, q.catalog, choices)
        assert found is not None
        assert [(c.measure, c.effects) for c in found.question.situation.columns] == [
            (c.measure, c.effects) for c in anew.columns
        ]
        assert found.known.rows == hard_rows(anew)


def test_a_rule_that_rules_measures_out_is_not_called_idle() -> None:
    """Slow tools are left out of a crisis of weeks before a programme is made; letting the rule go brings them back."""
    q = ask(load_case("kenya_2007"), catalog=load_catalog())
    live = Stepping(q)
    rule = next(s for s in steps_of(q, option_of(q, Package())) if s.item == "R36")
    choices = rule.choices(q.choices, 1)
    assert choices is not None and live.resolver(choices) is not None
    assert not live.idle
