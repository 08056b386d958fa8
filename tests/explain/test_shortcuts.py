"""What is not asked again: numbers of rules that move no column, and packages that cannot do."""

from typing import Any

import pytest

from optimizer.choices import Choices
from optimizer.explain.loosened import ROWS_ONLY
from optimizer.explain.trials import Trials
from optimizer.inputs import load_case, load_catalog
from optimizer.model.situation import Situation, compile_situation
from optimizer.questions import ask

from .small import CASE, packages, question
from .test_nothing import COLLIDING, kept_out

NUMBERS = sorted(k for k in load_catalog().parameters if k.split(".")[0] in ROWS_ONLY and "." in k)


def on_offer(**wishes: Any) -> list[object]:
    made: Situation = compile_situation(load_case(CASE), load_catalog(), Choices(branches=(), **wishes))
    parts = [(c.measure, c.in_force, c.end, c.cost_musd, c.early_cost_musd, c.fit) for c in made.columns]
    return [*parts, *((j.tool.id, j.ally.id, j.node) for j in made.joins)]


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_only_rows_read_move_no_column(name: str) -> None:
    now = load_catalog().value(name)
    assert on_offer(parameters=((name, 2 * now + 1),)) == on_offer(parameters=((name, now / 3),)) == on_offer()


@pytest.mark.parametrize("wishes", COLLIDING)
def test_no_package_that_would_do_is_passed_over(wishes: dict[str, Any]) -> None:
    q = question(**wishes)
    trials, left = Trials(q), kept_out(q)
    trials.witnesses.packages = list(packages()[::40])
    for key in [k for k in trials.keys if k not in left]:
        dropped = frozenset({key})
        tried = list(trials.witnesses.without(dropped, trials.model(dropped)))
        assert [p for p in trials.witnesses.packages if trials.confirmed(p, dropped)] == [
            p for p in tried if trials.confirmed(p, dropped)
        ]
        assert len(tried) < len(trials.witnesses.packages)


def test_a_number_of_a_rule_that_is_not_held_asks_nothing() -> None:
    q = ask(load_case(CASE), Choices(rules=(("R02", "required"),), parameters=(("R02.k", 3.0), ("R17.f_min", 0.5))))
    trials = Trials(q)
    assert trials.idle("parameters:R02.k", ["parameters:R02.k"])
    assert not trials.idle("parameters:R02.k", ["rule:R02"])
    assert not trials.idle("parameters:R17.f_min", ["rule:R25"])
