"""What was edited is listed, each value once, with the old one and the new one."""

from __future__ import annotations

import pytest

from optimizer.pages.case_tables import data_of, put, table
from optimizer.pages.edited import edits
from optimizer.pages.own import shipped_text

CASE = data_of(shipped_text("macedonia_2001"))


def test_an_untouched_case_has_no_edits():
    assert list(edits(CASE, data_of(shipped_text("macedonia_2001")))) == []


def test_one_cell_is_one_edit():
    frame = table(CASE, "Partners")
    frame.loc[1, "political_will"] = 0.125
    (line,) = edits(CASE, put(CASE, "Partners", frame))
    assert line.startswith("partners, nato, political will: ") and line.endswith(" → 0.125")


def test_a_row_that_goes_and_one_that_comes_are_named_and_the_others_are_not():
    frame = table(CASE, "Partners").drop(index=0)
    frame.loc[99] = dict(frame.iloc[0]) | {"partner": "newcomer"}
    found = list(edits(CASE, put(CASE, "Partners", frame)))
    assert found == ["partners, eu: taken out", "partners, newcomer: added"]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"a": 1}, {"a": None}, ["a: 1 → empty"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a, 2: 2 → 3"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a: [1, 2] → [1]"]),
        ({"a": [{"name": "x", "v": 1}]}, {"a": []}, ["a: [{'name': 'x', 'v': 1}] → empty"]),
        ({"a": {"b_c": 1}}, {"a": {"b_c": "1"}}, ["a, b c: 1 → 1"]),
        (None, {"a": 1}, ["the text: empty → {'a': 1}"]),
    ],
)
def test_values_of_every_kind(before, after, lines):
    assert list(edits(before, after)) == lines
