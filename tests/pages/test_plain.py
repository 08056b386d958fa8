"""Links and files: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer import Branch, Choices, InputError, Measure, Package
from optimizer.pages.plain import MOST_TEXT, choices_from, packed, packed_package, unpacked, unpacked_package

NUMBERS = st.floats(0, 1e6, allow_nan=False)
NAMES = st.text(max_size=20)
SOME = st.builds(
    Choices,
    objectives=st.sampled_from([("risk", "cost"), ("risk", "days", "coercion")]),
    budget_musd=st.none() | NUMBERS,
    max_measures=st.none() | st.integers(0, 99),
    partners_out=st.lists(NAMES, max_size=4).map(tuple),
    will=st.lists(st.tuples(NAMES, NUMBERS), max_size=3).map(tuple),
    authorization=st.sampled_from([(), (("unsc", True),), (("unsc", False), ("regional", True))]),
    rules=st.sampled_from([(), (("R17", "off"),)]),
    baseline=st.sampled_from(["inside", "outside", 0.25]),
    branches=st.sampled_from([None, (), (Branch("escalates", 1.0, 1.0, "onset"),)]),
)


MEASURES = st.builds(Measure, NAMES, NAMES, NAMES, NUMBERS, st.lists(NAMES, max_size=2).map(tuple))
PACKAGES = st.builds(Package, st.lists(MEASURES, max_size=5).map(tuple))


@given(PACKAGES)
def test_a_link_restores_the_package(package):
    assert unpacked_package(packed_package(package)) == package


@given(SOME)
def test_a_link_restores_every_choice(choices):
    assert unpacked(packed(choices)) == choices


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: urlsafe_b64encode(b).decode()))
def test_no_text_makes_the_reader_fall(text):
    for read in (unpacked, unpacked_package):
        try:
            read(text)
        except InputError as error:
            assert error.faults


def test_a_bomb_in_a_link_is_refused():
    bomb = urlsafe_b64encode(zlib.compress(b'"' + b"a" * 4_000_000 + b'"', 9)).decode()
    assert len(bomb) < MOST_TEXT
    for read in (unpacked, unpacked_package):
        with pytest.raises(InputError, match="damaged"):
            read(bomb)


def test_choices_are_no_package():
    with pytest.raises(InputError, match="damaged"):
        unpacked_package(packed(Choices(budget_musd=7.0)))


def test_all_faults_are_named_at_once():
    with pytest.raises(InputError) as held:
        choices_from({"budget_musd": "<b>", "no_such": 1, "rules": [["R01", "perhaps"]]})
    assert {f.field.split(".")[0] for f in held.value.faults} == {"budget_musd", "no_such", "rules"}


def test_every_field_of_the_choices_has_a_word():
    from optimizer import load_case, load_catalog
    from optimizer.pages.changes import changes_in_words

    case, catalog = load_case("macedonia_2001"), load_catalog()
    other = {
        "objectives": ("risk", "days"), "budget_musd": 5.0, "reserve_musd": 1.0, "funder_musd": (("eu", 1.0),),
        "deadline_days": 9.0, "first_effect_days": 9.0, "max_measures": 3, "failing": 2, "partners_out": ("nato",),
        "partner_from": (("eu", 2.0),), "capacity": (("eu", 2),), "will": (("eu", 0.5),), "planned_with": ("eu",),
        "influence": ("eu",), "authorization": (("unsc", True),), "force_in": ("arbitration",),
        "force_out": ("divestment",), "review_allowed": ("arms_embargo",), "rules": (("R17", "off"),),
        "parameters": (("R17.f_min", 0.5),), "baseline": 0.3, "waived_groups": ("victims",), "branch_day": 30.0,
        "branches": (),
    }  # fmt: skip
    assert set(other) == {f.name for f in fields(Choices)}
    for name, value in other.items():
        assert len(changes_in_words(case, catalog, Choices(**{name: value}))) == 1, name


def test_every_objective_has_its_words():
    from optimizer.model.objectives import OBJECTIVES
    from optimizer.pages.words import DIGITS, SHORT, UNITS

    for words in (SHORT, UNITS, DIGITS):
        assert set(OBJECTIVES) <= set(words)
