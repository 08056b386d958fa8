"""Small packages and cases for the tests of doubt."""

from __future__ import annotations

import random
from functools import cache

from optimizer.choices import Choices, Package
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.model.situation import Situation, compile_situation

CATALOG = load_catalog()
AS_IT_IS = Choices()


@cache
def situation(case: str = "macedonia_2001") -> Situation:
    return compile_situation(load_case(case), CATALOG, AS_IT_IS)


def some_packages(count: int, case: str = "macedonia_2001", seed: int = 1) -> list[Package]:
    """Packages drawn at random, joins included; not all of them keep the rules."""
    here, rng = situation(case), random.Random(seed)
    found = []
    for _ in range(count):
        chosen = set(rng.sample(range(len(here.columns)), rng.randint(1, 12)))
        taken = {(here.columns[i].tool.id, here.columns[i].node) for i in chosen}
        joins = [k for k, j in enumerate(here.joins, len(here.columns)) if (j.tool.id, j.node) in taken]
        found.append(here.package(chosen | {k for k in joins if rng.random() < 0.3}))
    return found
