"""The library of replies (catalog/adversary.csv) and what each does to the numbers that the judge works with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..choices import Choices, Package
from ..inputs.catalog_records import AdversaryReply
from ..inputs.records import Case, Catalog
from ..judge.evaluate import Judge, make_judge

Level = Literal["low", "mid", "high"]
HARSHEST: dict[Level, tuple[str, str]] = {"low": ("high", "low"), "mid": ("mid", "mid"), "high": ("low", "high")}
MOST_AT_ONCE = 3


@dataclass(frozen=True)
class Reply:
    """One or several replies at once. `level`: how hard they hit (low, mid, high)."""

    ids: tuple[str, ...]
    name: str
    likelihood: float  # chance that all of them are tried in this case, as if independent
    level: Level = "mid"


def likely(row: AdversaryReply, case: Case) -> tuple[float, float, float]:
    """Low, mid and high chance that a reply is tried: the tempo's, scaled by the field of the case that it hangs on."""
    base = getattr(row, case.tempo.tempo_class)
    scale = 1.0
    if row.case_field:
        value: Any = case
        for part in row.case_field.split("."):
            value = getattr(value, part)
        value = getattr(value, "score", value)
        scale = float(value if row.direction == "more" else 1 - value)
    return base.low * scale, base.mid * scale, base.high * scale


def replies_of(
    case: Case, catalog: Catalog, at_once: int = 1, level: Level = "mid", least: float = 0.0
) -> tuple[Reply, ...]:
    """Doing nothing, then every reply and every group of up to `at_once` replies whose chance is at least `least`."""
    chance = {row.id: likely(row, case)[1] for row in catalog.adversary.values()}
    able = [key for key, value in chance.items() if value > 0 and value >= least]
    groups = [ids for size in range(1, min(at_once, MOST_AT_ONCE) + 1) for ids in combinations(able, size)]
    return (Reply((), "No reply", 1.0, level), *(_reply(ids, catalog, chance, level) for ids in groups))


def _reply(ids: tuple[str, ...], catalog: Catalog, chance: Mapping[str, float], level: Level) -> Reply:
    names = [catalog.adversary[key].reply for key in ids]
    name = names[0] if len(names) == 1 else "; ".join([names[0], *(n[0].lower() + n[1:] for n in names[1:])])
    return Reply(ids, name, float(np.prod([chance[key] for key in ids])), level)


def touched(row: AdversaryReply, catalog: Catalog) -> list[str]:
    """Instruments that a reply acts on."""
    return [t.id for t in catalog.instruments.values() if t.family in row.families or t.id in row.instruments]


def draws_of(replies: Sequence[Reply], catalog: Catalog, dtype: type = np.float64) -> dict[str, NDArray[Any]]:
    """What the replies do, by the judge's names, one scenario a reply.

    Several at once: what is left of effects multiplies, the longest delay counts, surcharges multiply, the hastiest
    counts.
    """
    tools = dict.fromkeys(t for reply in replies for key in reply.ids for t in touched(catalog.adversary[key], catalog))
    count = len(replies)
    found: dict[str, NDArray[Any]] = {"timing": np.ones(count, dtype)}
    for tool in tools:
        found |= {f"weaken:{tool}": np.ones(count, dtype), f"surcharge:{tool}": np.ones(count, dtype)}
        found[f"delay:{tool}"] = np.zeros(count, dtype)
    for k, reply in enumerate(replies):
        for key in reply.ids:
            _lay(found, k, catalog.adversary[key], touched(catalog.adversary[key], catalog), reply.level)
    return found


def _lay(found: dict[str, NDArray[Any]], k: int, row: AdversaryReply, tools: Iterable[str], level: Level) -> None:
    less, more = HARSHEST[level]
    found["timing"][k] = min(found["timing"][k], getattr(row.haste, less))
    for tool in tools:
        found[f"weaken:{tool}"][k] *= getattr(row.keep, less)
        found[f"surcharge:{tool}"][k] *= getattr(row.surcharge, more)
        found[f"delay:{tool}"][k] = max(found[f"delay:{tool}"][k], getattr(row.delay_days, more))


@dataclass(frozen=True, eq=False)
class Board:
    """Replies and the judge that knows all of them at once."""

    replies: tuple[Reply, ...]
    judge: Judge

    def risks(self, packages: Sequence[Package]) -> NDArray[np.float64]:
        """Risk, (replies, packages)."""
        if not packages:
            return np.zeros((len(self.replies), 0))
        return np.stack([self.judge.outcomes(package).risk for package in packages], axis=1)


def board(case: Case, choices: Choices, catalog: Catalog, replies: Sequence[Reply]) -> Board:
    """Replies laid out for one case under one set of choices."""
    return Board(tuple(replies), make_judge(case, choices, catalog, draws_of(replies, catalog)))


def worst_reply(risks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Risk under the adversary's best reply, (packages,); risks: (replies, packages), the first row without a reply."""
    return np.asarray(risks.max(axis=0))
