"""What was given up is said as long as it is true, and nothing else is."""

from dataclasses import replace
from functools import partial

import pytest

from optimizer import Choices, load_case, load_catalog
from optimizer.explain import repairs
from optimizer.pages.changes import changes_in_words
from optimizer.pages.given_up import GivenUp, in_words
from optimizer.questions import ask

ASKED = Choices(budget_musd=10.0, deadline_days=30.0, force_in=("a", "b"), max_measures=6)
RAISED = replace(ASKED, budget_musd=15.0)
LOOSE = replace(RAISED, force_in=("b",), deadline_days=None)
TAKEN = (
    GivenUp(("raise the envelope from 10 to 15 M USD",), ASKED, RAISED),
    GivenUp(("do not insist on a now", "do without the deadline"), RAISED, LOOSE),
)
ALL = ("Raise the envelope from 10 to 15 M USD", "Do not insist on a now", "Do without the deadline")


def wishes(choices):
    yield from (f"envelope {choices.budget_musd:g}",) if choices.budget_musd else ()
    yield from (f"begin {i} now" for i in choices.force_in)
    yield from (f"all by day {choices.deadline_days:g}",) if choices.deadline_days else ()
    yield from (f"at most {choices.max_measures}",) if choices.max_measures else ()


CHANGED_SINCE = [  # what the planner did after both repairs, what is said of them
    ({}, ALL),
    ({"max_measures": 4}, ALL),  # another wish altogether
    ({"force_in": ()}, ALL),  # more of the same kind given up, by hand
    ({"budget_musd": 20.0}, ("Asked for at first and given up: envelope 10", *ALL[1:])),
    ({"budget_musd": 10.0}, ALL[1:]),  # taken back
    ({"force_in": ("b", "a"), "deadline_days": 30.0}, ALL[:1]),
    ({"deadline_days": 30.0}, (ALL[0], "Asked for at first and given up: begin a now")),
]


@pytest.mark.parametrize(("change", "said"), CHANGED_SINCE)
def test_what_is_given_up_follows_the_choices(change, said):
    assert in_words(TAKEN, replace(LOOSE, **change), wishes) == said


def test_all_taken_back_is_nothing_given_up():
    assert in_words(TAKEN, ASKED, wishes) == ()


def test_a_real_repair_is_said_in_its_own_words():
    case, catalog = load_case("macedonia_2001"), load_catalog()
    kept = ("dialogue_facilitation", "high_level_mediation", "ceasefire_monitoring", "targeted_sanctions_rapid")
    asked = Choices(
        force_out=tuple(k for k in catalog.instruments if k not in kept), branches=(), first_effect_days=1.0
    )
    way = repairs(ask(case, asked))[0]
    taken, said = (GivenUp(way.changes, asked, way.choices),), partial(changes_in_words, case, catalog)
    (words,) = in_words(taken, way.choices, said)
    assert words.startswith("Wait ") and words.endswith("instead of 1")
    later = replace(way.choices, first_effect_days=1000.0)
    assert in_words(taken, later, said) == ("Asked for at first and given up: first effect by day 1",)
