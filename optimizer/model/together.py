"""How effects combine in one period of one node, as rows (docs/method.md, sections 3 and 4).

Everything here bounds risk from below for fixed measures, and is exact up to the tangents wherever the method page is
linear: discount, positive synergies and ceilings are concave and piecewise linear; harm has product rows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulp

from . import effects
from .algebra import Builder, Sum, add_up
from .settings import FORCE_GROUP, WORDS_GROUP
from .situation import Column, Period, Situation, is_troops
from .synergies import Terms, synergy_terms
from .tree import Node

GROUPS = ("words", "sanction_words", "sanctions", "other", "hard")
LOWEST = -2.0  # bound on sums of L from below, beyond any harm that the catalog could do
WEAKEST = -0.5  # lowest L* for which tangents are laid; harm beyond it is still bounded by the last tangent


@dataclass(frozen=True)
class Gains:
    """Columns that coalition and sequence can raise, and variables that are 1 where a chosen one misses that bonus."""

    switches: Mapping[int, tuple[tuple[str, pulp.LpVariable], ...]]  # column -> (kind, variable)


class Risk:
    """The rows of risk for one situation; `inner` is the sum that the solver minimises."""

    def __init__(self, builder: Builder, situation: Situation, x: Sequence[pulp.LpVariable], gains: Gains) -> None:
        self.builder, self.situation, self.x, self.gains = builder, situation, x, gains
        self._leads: dict[
            tuple[int, str], pulp.LpVariable
        ] = {}  # (column, node) -> 1 where it leads its family; absent: half
        self._alone: set[tuple[int, str]] = set()  # columns whose family has no rival in the node
        self._felt_in: dict[str, list[int]] = {}
        self.inner: Sum = {}
        for node in situation.tree.nodes:
            self._node(node)

    def _node(self, node: Node) -> None:
        self._lead_families(node)
        for period, hazard in zip(node.periods, node.hazards, strict=True):
            if hazard > 0:
                u = self._period(node, period)
                self.inner = add_up((1.0, self.inner), (node.probability * hazard, {u: 1.0}))

    def _felt(self, node: Node) -> list[int]:
        if node.name not in self._felt_in:
            columns = self.situation.columns
            self._felt_in[node.name] = [
                i
                for i in self.situation.on_path[node.name]
                if columns[i].end > node.start and columns[i].in_force < node.end
            ]
        return self._felt_in[node.name]

    # --- family discount and bonuses ---------------------------------------------------------------------------------

    def _lead_families(self, node: Node) -> None:
        families: dict[str, list[int]] = defaultdict(list)
        for i in self._felt(node):
            families[self.situation.columns[i].tool.family].append(i)
        for group in families.values():
            if len({self.situation.columns[i].tool.id for i in group}) > 1:
                self._name_one(group, node)
            else:
                self._alone |= {(i, node.name) for i in group}

    def _name_one(self, group: list[int], node: Node) -> None:
        """One measure of a family leads in a node and counts in full, surely one that outweighs every rival."""
        sure = self._surely_leading(group, node)
        top = {i: self.x[i] if i in sure else self.builder.number(0, 1) for i in group}
        for i in group:
            if i not in sure:
                self.builder.at_most({top[i]: 1.0, self.x[i]: -1.0}, 0)
        self.builder.at_most(dict.fromkeys(top.values(), 1.0), 1)
        if any(
            self.situation.columns[i].effects[node.name] < 0 for i in group
        ):  # harm may not hide behind the discount
            for i in set(group) - sure:
                self.builder.at_most(add_up((1.0, {self.x[i]: 1.0}), (-1.0, dict.fromkeys(top.values(), 1.0))), 0)
        self._leads |= {(i, node.name): v for i, v in top.items()}

    def _surely_leading(self, group: list[int], node: Node) -> set[int]:
        """Columns that weigh more over the node, with no bonus, than any column of another tool with every bonus."""
        columns = self.situation.columns
        weight = {i: self._weight(i, node) for i in group}
        best: dict[str, float] = defaultdict(lambda: -math.inf)
        for i in group:
            best[columns[i].tool.id] = max(best[columns[i].tool.id], weight[i][1])
        return {i for i in group if weight[i][0] > max(w for tool, w in best.items() if tool != columns[i].tool.id)}

    def _weight(self, i: int, node: Node) -> tuple[float, float]:
        """Sum of hazard x L over a node, without and with every bonus."""
        column = self.situation.columns[i]
        shares = (self.situation.shares(p)[i] for p in node.periods)
        time = sum(h * share for share, h in zip(shares, node.hazards, strict=True))
        plain = effects.log_effect(column.effects[node.name])
        return time * plain, time * (plain + sum(extra for extra, _ in self._bonuses(i, node)))

    def _bonuses(self, i: int, node: Node) -> list[tuple[float, str]]:
        """(extra beta, kind) of a column in a node; each on top of the last, so never less than the exact product."""
        column, found = self.situation.columns[i], []
        e = column.effects[node.name]
        for kind, _ in self.gains.switches.get(i, ()) if e > 0 else ():
            gain = effects.coalition_gain if kind == "coalition" else effects.sequence_gain
            better = e * gain(self.situation.settings, column.tool)
            found.append((effects.log_effect(better) - effects.log_effect(e), kind))
            e = better
        return found

    # --- one period --------------------------------------------------------------------------------------------------

    def _period(self, node: Node, period: Period) -> pulp.LpVariable:
        """The variable u = exp(-L*) of a period, from below."""
        sums = self._group_sums(node, period)
        terms = synergy_terms(self.builder, self.situation, self.x, node, period)
        l_star = self._ceilings(node, period, sums, terms)
        points = self._tangent_points(node)
        u = self.builder.number(0, max(math.exp(-p) * (1 + p - LOWEST) for p in points))  # so much at the worst L*
        for point in points:  # u >= exp(-p) (1 + p - L*)
            self.builder.at_most({u: -1.0, l_star: -math.exp(-point)}, -math.exp(-point) * (1 + point))
        return u

    def _group_sums(self, node: Node, period: Period) -> dict[str, Sum]:
        """Sums of L after the discount, by group; `possible` adds only what is positive."""
        gains: dict[str, list[tuple[float, Sum]]] = {name: [] for name in GROUPS}
        losses: dict[str, list[tuple[float, Sum]]] = {name: [] for name in GROUPS}
        for i in self._felt(node):
            name = _group(self.situation.columns[i])
            for l_value, part in self._pieces(i, node, period):
                (gains if l_value > 0 else losses)[name].append((l_value, part))
        positive = {name: self.builder.named(add_up(*pieces)) for name, pieces in gains.items()}
        negative = {name: self.builder.named(add_up(*pieces)) for name, pieces in losses.items()}
        sums = {name: add_up((1.0, positive[name]), (1.0, negative[name])) for name in GROUPS}
        sums["soft_possible"] = add_up(*((1.0, positive[name]) for name in GROUPS if name != "hard"))
        sums["possible"] = add_up(*((1.0, part) for part in positive.values()))
        return sums

    def _pieces(self, i: int, node: Node, period: Period) -> list[tuple[float, Sum]]:
        """(L, sum) pairs: the measure with every bonus, discounted, less what it loses where a bonus is missing.

        The loss is counted at the least weight the measure can have, so risk stays bounded from below.
        """
        share, plain = self.situation.shares(period)[i], self.situation.strengths(node.name, period)[i]
        if plain == 0:
            return []
        bonuses = self._bonuses(i, node)
        full = plain + share * sum(extra for extra, _ in bonuses)
        least = 1.0 if self._counts_in_full(i, node) else self.situation.catalog.value("same_family_discount")
        missing = dict(self.gains.switches.get(i, ()))
        losses = [(-share * extra * least, {missing[kind]: 1.0}) for extra, kind in bonuses]
        return [(full, self._discounted(i, node)), *losses]

    def _counts_in_full(self, i: int, node: Node) -> bool:
        return (i, node.name) in self._alone or self._leads[i, node.name] is self.x[i]

    def _discounted(self, i: int, node: Node) -> Sum:
        """How much of its L a column counts with: all of it where it leads, else the discount's share."""
        if self._counts_in_full(i, node):
            return {self.x[i]: 1.0}
        share = self.situation.catalog.value("same_family_discount")
        return {self.x[i]: share, self._leads[i, node.name]: 1 - share}

    # --- ceilings ----------------------------------------------------------------------------------------------------

    def _ceilings(self, node: Node, period: Period, sums: Mapping[str, Sum], terms: Terms) -> pulp.LpVariable:
        add, value, share = (
            self.builder,
            self.situation.catalog.value,
            self.situation.catalog.value("synergy_total_share"),
        )
        s_soft = self._synergy_sum(terms.plus_soft, share, sums["soft_possible"])
        s_hard = self._synergy_sum(terms.plus_hard, share, sums["possible"])
        words = self._words_and_sanctions(sums)
        soft = add_up((1.0, words), (1.0, sums["other"]), (1.0, s_soft), (-1.0, terms.minus_soft))
        l_soft = self._capped(soft, _limit(value("cap_non_force_group")))
        l_star = add.number(LOWEST, None)
        total = add_up(
            (1.0, {l_star: 1.0}), (-1.0, l_soft), (-1.0, sums["hard"]), (-1.0, s_hard), (1.0, terms.minus_hard)
        )
        add.at_most(total, 0)
        early, late = (_limit(value(f"max_joint_reduction_{k}")) for k in ("early", "onset"))
        troops = self._troops(node, period) if node.point == "onset" else []
        add.at_most(add_up((1.0, {l_star: 1.0}), (early - late, {self.x[i]: 1.0 for i in troops})), early)
        add.at_most({l_star: 1.0}, late if troops else early)
        return l_star

    def _words_and_sanctions(self, sums: Mapping[str, Sum]) -> Sum:
        """Words and economic sanctions together, under the ceiling on words and, if R35 is on, the one on sanctions."""
        settings = self.situation.settings
        words_cap = _limit(self.situation.catalog.value("cap_words_group"))
        plain, loud, quiet = sums["sanctions"], sums["sanction_words"], sums["words"]
        bounds = [(add_up((1.0, plain), (1.0, loud), (1.0, quiet)), 0.0), (plain, words_cap)]
        if settings.on("R35") and (plain or loud):
            cap = _limit(settings.parameter("R35", "cap"))
            bounds += [(quiet, cap), ({}, cap + words_cap)]
        both = self.builder.number(LOWEST, None)
        for left, room in bounds:
            self.builder.at_most(add_up((1.0, {both: 1.0}), (-1.0, left)), room)
        return {both: 1.0}

    def _synergy_sum(self, plus: Sum, share: float, base: Sum) -> Sum:
        if not plus:
            return {}
        total = self.builder.number(0)
        self.builder.at_most(add_up((1.0, {total: 1.0}), (-1.0, plus)), 0)
        self.builder.at_most(add_up((1.0, {total: 1.0}), (-share, base)), 0)
        return {total: 1.0}

    def _capped(self, sum_: Sum, cap: float) -> Sum:
        """min(sum, cap), as a variable from below."""
        low = self.builder.number(LOWEST, cap)
        self.builder.at_most(add_up((1.0, {low: 1.0}), (-1.0, sum_)), 0)
        return {low: 1.0}

    def _troops(self, node: Node, period: Period) -> list[int]:
        columns, shares = self.situation.columns, self.situation.shares(period)
        return [i for i in self._felt(node) if shares[i] > 0 and is_troops(columns[i].tool)]

    def _tangent_points(self, node: Node) -> list[float]:
        """Points so close that between two of them exp is missed by at most the stated share (catalog/planning.csv)."""
        error = self.situation.catalog.value("tangent_error_share")
        step = math.sqrt(8 * error)
        top = _limit(
            self.situation.catalog.value(f"max_joint_reduction_{'onset' if node.point == 'onset' else 'early'}")
        )
        count = math.ceil((top - WEAKEST / 5) / step)
        return [WEAKEST / 5 + k * (top - WEAKEST / 5) / count for k in range(count + 1)]


def _group(column: Column) -> str:
    """The sum that a column's L enters."""
    family = column.tool.family
    if family == "econ_sanction":
        return "sanctions"
    if family == "econ_threat" or column.tool.id == "travel_bans":
        return "sanction_words"
    if family in FORCE_GROUP:
        return "hard"
    return "words" if family in WORDS_GROUP else "other"


def _limit(fraction: float) -> float:
    """A ceiling on a fall in risk, as a ceiling on L."""
    return -math.log1p(-fraction)
