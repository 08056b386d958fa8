"""What an explanation is: data, one plain sentence, and how far it can be trusted."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..choices import Choices, Package

Exactness = Literal["proven", "gap", "sampled", "at most these"]
Topic = Literal[
    "replacement_loss", "leave_one_out", "shapley", "held_by", "ceiling", "why_partner", "why_not", "one_step",
    "alternative",
    "alternatives", "nesting", "change_of_mind",
]  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """One answer about the model.

    `about`: what it is about, in words. `numbers`: by name, with the unit in the name; an unknown is None.
    `evidence`: the weakest grade of evidence among the instruments that it rests on; empty: it rests on none.
    `exactness`: proven; gap (the true value lies between numbers that are given); sampled (with its standard error).
    """

    topic: Topic
    about: str
    sentence: str
    exactness: Exactness
    evidence: str = ""
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    package: Package | None = None


@dataclass(frozen=True)
class Repair:
    """Changes that together make some package possible: `choices` after them, and one package that proves it.

    `changes`: each in the planner's units. `exactness`: proven, if smaller changes of the same requirements do not do.
    """

    sentence: str
    changes: tuple[str, ...]
    choices: Choices
    package: Package
    exactness: Exactness


@dataclass(frozen=True)
class WhyNothing:
    """Requirements that cannot hold together.

    None can be spared. `keys` name them for programs, `requirements` for people.
    """

    sentence: str
    requirements: tuple[str, ...]
    keys: tuple[str, ...]
    exactness: Exactness
    relaxed: bool  # impossible even for fractions of measures, so that no rounding is to blame
    witnesses: tuple[Package | None, ...] = ()  # for each requirement a package that keeps all the others


def plain(record: Any) -> Any:
    """A record as JSON holds it: infinite and unknown numbers become null."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: plain(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Mapping):
        return {str(k): plain(v) for k, v in record.items()}
    if isinstance(record, (tuple, list, set, frozenset)):
        return [plain(v) for v in record]
    if isinstance(record, float) and not math.isfinite(record):
        return None
    return record
