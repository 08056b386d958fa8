"""The hazard left in a scenario, bounded from below by few rows: one cell a node in place of its periods.

The model's own rows would make one scenario as large as the whole programme, and slow to solve. Here the strengths of a
node are their means over its periods, weighted by hazard. As exp(-L) is convex in L, and L concave in the strengths
(ceilings, discount, shares of synergies), the hazard left is at least H exp(-mean L), and the mean at most the same
function of the means (Jensen, twice). Halves of nodes in place of whole ones brought nothing in trials. Left out, as
each only adds to the risk: tools that undermine each other, the ceiling of R35, what an unbacked threat loses.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from ..choices import Measure
from ..inputs.records import Synergy
from ..judge.combination import FORCE_GROUP, WORDS
from ..judge.evaluate import Judge
from ..judge.measures import can_follow, coalition_counts
from ..judge.scene import Stage
from ..judge.synergies import TOKENS
from ..model.algebra import Sum, add_up
from ..model.programme import Programme

# No joint strength is below this, though some are below 0, where harm passes help. CBC errs on columns without a bound.
LOWEST = -1e3
STEP = 0.12  # between tangents to the exponential: it is then missed by at most 0.2 %
Keep = Callable[[int], bool]


@dataclass(frozen=True)
class Means:
    """A column in one node of one scenario: mean strength without bonuses, with that of sequence, and with all."""

    plain: float
    followed: float
    full: float
    runs: float  # share of the hazard in the periods in which it runs


class Coarse:
    """Blocks of rows for one programme; what does not hang on the scenario is shared among them."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.builder = programme, programme.builder
        self.situation, self.x = programme.situation, programme.x
        self._joined: dict[tuple[str, str], pulp.LpVariable] = {}
        self._fires: dict[tuple[str, str], pulp.LpVariable] = {}

    def hazard_left(self, judge: Judge, scenario: int = 0, keep: Keep = lambda i: True) -> Sum:
        """The hazard left in a scenario of a judge, from below, if only the columns that `keep` names do anything."""
        return add_up(*((1.0, _Node(self, judge, stage, scenario, keep).left()) for stage in judge.scene.stages))

    def joined(self, tool: str, node: str) -> pulp.LpVariable | None:
        """At most 1, and only where some partner joins the leading one; None where nobody can."""
        joins = self.situation.joins_by.get((tool, node), ())
        if not joins:
            return None
        if (tool, node) not in self._joined:
            there = self._joined[tool, node] = self.builder.number(0, 1)
            for some in (joins, self.situation.by_instrument[tool, node]):
                self.builder.at_most(add_up((1.0, {there: 1.0}), (-1.0, {self.x[i]: 1.0 for i in some})), 0)
        return self._joined[tool, node]

    def fires(self, row: Synergy, node: str, felt: Sequence[int]) -> pulp.LpVariable | None:
        """At most 1, and only where columns that the row asks for are felt in the node; None where that cannot be."""
        if (row.id, node) not in self._fires:
            gates = list(self._gates(row, felt))
            if not all(some for _, some in gates):
                return None
            there = self._fires[row.id, node] = self.builder.number(0, 1)
            for count, some in gates:
                self.builder.at_most(add_up((count, {there: 1.0}), (-1.0, {self.x[i]: 1.0 for i in some})), 0)
        return self._fires[row.id, node]

    def _gates(self, row: Synergy, felt: Sequence[int]) -> Iterator[tuple[float, list[int]]]:
        """How many of which columns a row asks for; gates on partners and dates are left out."""
        columns, named = self.situation.columns, {tool for s in _named(row) for tool in s}
        acting = [i for i in felt if columns[i].tool.mode != "enabler"]
        for keys in row.instruments:
            if keys[0] == "any_two_other_instruments":
                yield 2.0, [i for i in acting if columns[i].tool.id not in named]
            elif keys[0].startswith("one_"):
                yield 1.0, [i for i in acting if columns[i].tool.functional_type == keys[0].removeprefix("one_")]
            elif keys[0] not in TOKENS:
                yield 1.0, [i for i in felt if columns[i].tool.id in keys]


class _Node:
    """One node of one scenario."""

    def __init__(self, coarse: Coarse, judge: Judge, stage: Stage, scenario: int, keep: Keep) -> None:
        self.coarse, self.builder, self.x = coarse, coarse.builder, coarse.x
        self.stage, self.columns = stage, coarse.situation.columns
        self.value = coarse.situation.catalog.value
        self.felt = list(coarse.situation.on_path[stage.node.name])
        hazard = np.atleast_2d(stage.hazard)[scenario]
        self.hazard = _at(stage.chance, scenario) * float(hazard.sum())
        weight = hazard / max(float(hazard.sum()), 1e-300)
        self.means = {i: _means(judge, stage, self.columns[i].measure, scenario, weight) for i in self.felt if keep(i)}

    def left(self) -> Sum:
        """Hazard left in the node, weighted with its chance."""
        if self.hazard <= 0:
            return {}
        add, u = self.builder, self.builder.number(0)
        strength, most = self._strength()
        for point in np.linspace(0.0, most, max(2, math.ceil(most / STEP) + 1)):
            there = math.exp(-point)
            add.at_most({u: -1.0, strength: -there}, -there * (1 + point))
        return {u: self.hazard}

    def _strength(self) -> tuple[pulp.LpVariable, float]:
        """The joint strength under its ceilings, and the last of these."""
        share, sums = self.value("synergy_total_share"), self._sums()
        soft_sums = add_up((1.0, sums["words"]), (1.0, sums["other"]))
        soft_plus = self._synergies(False, (share, soft_sums))
        hard_plus = self._synergies(True, (share, add_up((1.0, soft_sums), (1.0, sums["hard"]))))
        words = self._under(sums["words"], _limit(self.value("cap_words_group")))
        soft = add_up((1.0, words), (1.0, sums["other"]), (1.0, soft_plus), (-1.0, self._harm(hard=False)))
        soft = self._under(soft, _limit(self.value("cap_non_force_group")))
        most = _limit(self.value(f"max_joint_reduction_{'onset' if self.stage.onset else 'early'}"))
        whole = self._under(
            add_up((1.0, soft), (1.0, sums["hard"]), (1.0, hard_plus), (-1.0, self._harm(hard=True))), most
        )
        return next(iter(whole)), most

    def _under(self, total: Sum, most: float) -> Sum:
        low = self.builder.number(LOWEST, most)
        self.builder.at_most(add_up((1.0, {low: 1.0}), (-1.0, total)), 0)
        return {low: 1.0}

    def _sums(self) -> dict[str, Sum]:
        """Strengths that help, after the family discount, by group."""
        families: dict[str, list[int]] = defaultdict(list)
        for i, mean in self.means.items():
            if mean.full > 0:
                families[self.columns[i].tool.family].append(i)
        parts: dict[str, list[tuple[float, Sum]]] = {"words": [], "other": [], "hard": []}
        for family, members in families.items():
            group = "words" if family in WORDS else "hard" if family in FORCE_GROUP else "other"
            parts[group].append((1.0, self._family(members)))
        return {group: add_up(*some) for group, some in parts.items()}

    def _family(self, members: Sequence[int]) -> Sum:
        whole = add_up((1.0, {self.x[i]: self.means[i].followed for i in members}), *self._coalitions(members))
        if len({self.columns[i].tool.id for i in members}) == 1:
            return whole
        discount = self.value("same_family_discount")
        return add_up((discount, whole), (1 - discount, {self._largest(members): 1.0}))

    def _coalitions(self, members: Iterable[int]) -> Iterable[tuple[float, Sum]]:
        gains: dict[tuple[str, str], float] = defaultdict(float)
        for i in members:
            key = self.columns[i].tool.id, self.columns[i].node
            gains[key] = max(gains[key], self.means[i].full - self.means[i].followed)
        for (tool, node), gain in gains.items():
            there = self.coarse.joined(tool, node) if gain > 0 else None
            if there is not None:
                yield gain, {there: 1.0}

    def _largest(self, members: Sequence[int]) -> pulp.LpVariable:
        """The largest strength of the chosen, from above: at most t + what each chosen one has beyond t, for some t."""
        best: dict[str, float] = defaultdict(float)
        for i in members:
            best[self.columns[i].tool.id] = max(best[self.columns[i].tool.id], self.means[i].full)
        ranked = sorted(best.values(), reverse=True)
        top = self.builder.number(0, ranked[0])
        for t in sorted({0.0, ranked[1], ranked[len(ranked) // 2]}):
            over = {self.x[i]: max(0.0, self.means[i].full - t) for i in members}
            self.builder.at_most(add_up((1.0, {top: 1.0}), (-1.0, over)), t)
        return top

    def _synergies(self, hard: bool, bound: tuple[float, Sum]) -> Sum:
        """What reinforcing rows add at most; a row that may stand on either side counts on both."""
        by_row: list[tuple[float, Sum]] = []
        by_tool: list[tuple[float, Sum]] = []
        for row in self.coarse.situation.catalog.synergies.values():
            named = frozenset(tool for s in _named(row) for tool in s)
            stands = bool(named & self._forceful) if hard else not named or not named <= self._forceful
            if row.relation == "reinforces" and stands:
                there = self.coarse.fires(row, self.stage.node.name, self.felt)
                if there is not None:
                    offers, tokens = self._offers(row), self.value("synergy_token") * _tokens(row)
                    by_row.append((row.strength.mid * (self._best_of(offers) + tokens), {there: 1.0}))
                    by_tool += [(row.strength.mid, {self.x[i]: v for i, v in offers.items()})]
                    by_tool += [(row.strength.mid * tokens, {there: 1.0})]
        if not by_row:
            return {}
        plus = self.builder.number(0)
        for total in (add_up(*by_row), add_up(*by_tool), add_up(bound)):
            self.builder.at_most(add_up((1.0, {plus: 1.0}), (-1.0, total)), 0)
        return {plus: 1.0}

    def _harm(self, hard: bool) -> Sum:
        """What is lost at least where a tool runs and nothing of what should stand beside it is planned."""
        found: Sum = {}
        for row in self.coarse.situation.catalog.synergies.values():
            named = frozenset(tool for s in _named(row) for tool in s)
            if self._warns(row) and hard == (named <= self._forceful):
                found = add_up((1.0, found), (1.0, self._loss(row, named)))
        return found

    def _warns(self, row: Synergy) -> bool:
        """Whether a row does harm for want of something, under the states of the rules; backing is left out."""
        settings = self.coarse.situation.settings
        if row.relation != "conditional_without" or len(row.instruments) > 1 or _tokens(row):
            return False
        if row.id == "con_sanction_alone" and settings.required("R33"):
            return False
        return row.gate == "none_of_absent" or ("state=onset" in row.gate and self.stage.onset)

    def _loss(self, row: Synergy, named: frozenset[str]) -> Sum:
        """At least what the named tools that run have, and at least the least harm of each, where nothing stands
        beside them."""
        tool_of = {i: self.columns[i].tool.id for i in self.means}
        here = [i for i, mean in self.means.items() if tool_of[i] in named and mean.runs > 0]
        if not here:
            return {}
        strength, least = abs(row.strength.mid), self.value("synergy_least_harm")
        beside = {self.x[i]: 1.0 for i in self.felt if self.columns[i].tool.id in row.absent_instruments}
        loss = self.builder.number(0)
        sizes = [{i: self.means[i].plain for i in here}]
        sizes += [{i: least * self.means[i].runs for i in here if tool_of[i] == tool} for tool in sorted(named)]
        for size in sizes:
            most = strength * self._best_of({i: v for i, v in size.items() if v > 0})
            left = {self.x[i]: strength * v for i, v in size.items()}
            self.builder.at_most(add_up((1.0, left), (-most, beside), (-1.0, {loss: 1.0})), 0)
        return {loss: 1.0}

    @cached_property
    def _forceful(self) -> frozenset[str]:
        tools = self.coarse.situation.catalog.instruments.values()
        return frozenset(tool.id for tool in tools if tool.family in FORCE_GROUP)

    def _offers(self, row: Synergy) -> dict[int, float]:
        """What each column of the row's tools lends it."""
        named, cap = {tool for s in _named(row) for tool in s}, self.value("synergy_tool_cap")
        here = {i: min(cap, mean.plain) for i, mean in self.means.items() if self.columns[i].tool.id in named}
        return {i: v for i, v in here.items() if v > 0}

    def _best_of(self, offers: dict[int, float]) -> float:
        """The most that columns lend together: a path has one measure of a tool at most."""
        best: dict[str, float] = defaultdict(float)
        for i, v in offers.items():
            best[self.columns[i].tool.id] = max(best[self.columns[i].tool.id], v)
        return sum(best.values())


def _means(judge: Judge, stage: Stage, measure: Measure, scenario: int, weight: NDArray[np.float64]) -> Means:
    lane = judge.lane(measure)
    part, scene, tool = lane.at(stage), judge.scene, lane.item.tool
    after = can_follow(scene, tool)
    kinds = (
        part.strength,
        part.raised(False, after, "followed"),
        part.raised(coalition_counts(scene, tool), after, "all"),
    )
    runs = np.broadcast_to(part.runs, stage.hazard.shape)
    return Means(*(float(np.atleast_2d(one)[scenario] @ weight) for one in (*kinds, runs)))


def _at(value: Any, scenario: int) -> float:
    """A number that is one for all scenarios, or one for each."""
    return float(value[scenario] if np.ndim(value) else value)


def _named(row: Synergy) -> list[tuple[str, ...]]:
    return [keys for keys in row.instruments if keys[0] not in TOKENS]


def _tokens(row: Synergy) -> int:
    return sum(keys[0] in TOKENS for keys in row.instruments)


def _limit(share: float) -> float:
    return -math.log1p(-share)
