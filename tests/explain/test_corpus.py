"""A sample of the corpus of questions that nothing satisfies (python -m benchmarks.explain corpus runs all of it)."""

import pytest

from benchmarks.infeasible import faults, item, works
from optimizer.explain import repairs, why_nothing

SAMPLE = (2, 3, 6, 7)  # small ones of both kinds


@pytest.mark.parametrize("number", SAMPLE)
def test_conflicts_and_repairs_of_the_corpus(number: int) -> None:
    made = item(0, number)
    assert list(faults(made.question, why_nothing(made.question, seconds=120.0), made.relaxed)) == []
    for repair in repairs(made.question, most=2, seconds=120.0):
        assert works(made.question, repair), repair.sentence


def test_the_same_number_is_the_same_question() -> None:
    assert item(0, 2).question.choices == item(0, 2).question.choices
