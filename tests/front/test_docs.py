"""The example of docs/front.md runs as it stands and finds what enumeration finds."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np

from benchmarks.programmes import front_by_enumeration, sorted_rows

PAGE = Path(__file__).parents[2] / "docs" / "front.md"


def test_the_example_of_the_page(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict = {}
    exec(code, names)
    data = np.array(list(names["ovens"].values()))
    values = np.array([np.array(n) @ data for n in itertools.product(range(3), repeat=3)])
    values = values[(values[:, 0] <= 60) & (values[:, 2] >= 3)]
    signs = np.array([1, 1, -1])
    wanted = sorted_rows(front_by_enumeration(values * signs) * signs)
    np.testing.assert_array_equal(names["front"].points, wanted)
    assert names["front"].certificate.complete
    assert len(capsys.readouterr().out.splitlines()) == len(wanted) + 1
