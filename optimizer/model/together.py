"""How effects combine in one period of one node, as rows (docs/method.md, sections 3 and 4).

Everything here bounds risk from below for fixed measures, and is exact up to the tangents wherever the method page is linear:
discount, positive synergies and ceilings are concave and piecewise linear in the direction of less risk; harm has product rows.
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
from .situation import Column, Situation, is_troops, log_share
from .synergies import Terms, synergy_terms
from .tree import Node

Period = tuple[float, float]
Piece = tuple[float, pulp.LpVariable, pulp.LpVariable | None]  # L; on; on and leading its family
WEAKEST = -0.5  # lowest L* for which tangents are laid; harm beyond it is still bounded by the last tangent


@dataclass(frozen=True)
class Gains:
    """Extra beta of a column through coalition and sequence, and the variables that switch them on."""

    switches: Mapping[int, tuple[tuple[str, pulp.LpVariable], ...]]  # column -> (kind, variable)


class Risk:
    """The rows of risk for one situation; `inner` is the sum that the solver minimises."""

    def __init__(self, builder: Builder, situation: Situation, x: Sequence[pulp.LpVariable], gains: Gains) -> None:
        self.builder, self.situation, self.x, self.gains = builder, situation, x, gains
        self._tops: dict[tuple[int, str], pulp.LpVariable] = {}  # (column, node) -> 1 where it leads its family; absent: no rival
        self._bonuses: dict[tuple[int, str], list[Piece]] = {}  # beta added by coalition and sequence
        self.inner: Sum = {}
        for node in situation.tree.nodes:
            self._node(node)

    def _node(self, node: Node) -> None:
        felt = self._felt(node)
        self._lead_families(node, felt)
        self._bonuses |= {(i, node.name): self._make_bonuses(i, node) for i in felt}
        for period, hazard in zip(node.periods, node.hazards, strict=True):
            if hazard > 0:
                u = self._period(node, period)
                self.inner = add_up((1.0, self.inner), (node.probability * hazard, {u: 1.0}))

    def _felt(self, node: Node) -> list[int]:
        columns = self.situation.columns
        return [i for i in self.situation.on_path[node.name] if columns[i].end > node.start and columns[i].in_force < node.end]

    # --- family discount and bonuses ---------------------------------------------------------------------------------

    def _lead_families(self, node: Node, felt: list[int]) -> None:
        families: dict[str, list[int]] = defaultdict(list)
        for i in felt:
            families[self.situation.columns[i].tool.family].append(i)
        for group in families.values():
            if len({self.situation.columns[i].tool.id for i in group}) > 1:
                self._name_one(group, node)

    def _name_one(self, group: list[int], node: Node) -> None:
        """One measure of a family leads in a node: it counts in full."""
        top = {i: self.builder.number(0, 1) for i in group}
        for i in group:
            self.builder.at_most({top[i]: 1.0, self.x[i]: -1.0}, 0)
        self.builder.at_most({v: 1.0 for v in top.values()}, 1)
        if any(self.situation.columns[i].effects[node.name] < 0 for i in group):  # harm may not hide behind the discount
            for i in group:
                self.builder.at_most(add_up((1.0, {self.x[i]: 1.0}), (-1.0, {v: 1.0 for v in top.values()})), 0)
        self._tops |= {(i, node.name): v for i, v in top.items()}

    def _make_bonuses(self, i: int, node: Node) -> list[Piece]:
        column, found = self.situation.columns[i], []
        e = column.effects[node.name]
        for kind, switch in self.gains.switches.get(i, ()) if e > 0 else ():
            gain = effects.coalition_gain if kind == "coalition" else effects.sequence_gain
            better = e * gain(self.situation.settings, column.tool)
            found.append((effects.log_effect(better) - effects.log_effect(e), switch, self._led_bonus(i, node, switch)))
            e = better  # the later bonus is counted on top: never less than the exact product
        return found

    def _led_bonus(self, i: int, node: Node, switch: pulp.LpVariable) -> pulp.LpVariable | None:
        top = self._tops.get((i, node.name))
        if top is None:
            return None
        led = self.builder.number(0, 1)
        self.builder.at_most({led: 1.0, top: -1.0}, 0)
        self.builder.at_most({led: 1.0, switch: -1.0}, 0)
        return led

    # --- one period --------------------------------------------------------------------------------------------------

    def _period(self, node: Node, period: Period) -> pulp.LpVariable:
        """The variable u = exp(-L*) of a period, from below."""
        sums = self._group_sums(node, period)
        terms = synergy_terms(self.builder, self.situation, self.x, node, period)
        l_star = self._ceilings(node, period, sums, terms)
        u = self.builder.number(0)
        for point in self._tangent_points(node):  # u >= exp(-p) (1 + p - L*)
            self.builder.at_most({u: -1.0, l_star: -math.exp(-point)}, -math.exp(-point) * (1 + point))
        return u

    def _group_sums(self, node: Node, period: Period) -> dict[str, Sum]:
        """Sums of L after the discount, by group; `possible` adds only what is positive."""
        sums: dict[str, Sum] = {"words": {}, "other": {}, "hard": {}, "sanctions": {}, "soft_possible": {}, "possible": {}}
        parts: dict[str, list[tuple[float, Sum]]] = {name: [] for name in sums}
        for i in self._felt(node):
            column = self.situation.columns[i]
            for l_value, variable, top in self._pieces(i, node, period):
                part = self._discounted(l_value, variable, top)
                for name in _groups(column, l_value):
                    parts[name].append((1.0, part))
        return {name: add_up(*pieces) for name, pieces in parts.items()}

    def _pieces(self, i: int, node: Node, period: Period) -> list[Piece]:
        """(L, switch, switch and leading) of the measure itself and of its bonuses."""
        column = self.situation.columns[i]
        l_value = log_share(column, node.name, period)
        if l_value == 0:
            return []
        bonuses = [(column.share(period) * extra, switch, led) for extra, switch, led in self._bonuses[i, node.name]]
        return [(l_value, self.x[i], self._tops.get((i, node.name))), *bonuses]

    def _discounted(self, l_value: float, variable: pulp.LpVariable, top: pulp.LpVariable | None) -> Sum:
        if top is None:
            return {variable: l_value}
        share = self.situation.catalog.value("same_family_discount")
        return {variable: share * l_value, top: (1 - share) * l_value}

    # --- ceilings ----------------------------------------------------------------------------------------------------

    def _ceilings(self, node: Node, period: Period, sums: Mapping[str, Sum], terms: Terms) -> pulp.LpVariable:
        add, value, share = self.builder, self.situation.catalog.value, self.situation.catalog.value("synergy_total_share")
        s_soft = self._synergy_sum(terms.plus_soft, share, sums["soft_possible"])
        s_hard = self._synergy_sum(terms.plus_hard, share, sums["possible"])
        words = self._capped(sums["words"], -math.log(1 - value("cap_words_group")))
        over = self._over(sums["sanctions"])
        soft = add_up((1.0, words), (1.0, sums["other"]), (1.0, s_soft), (-1.0, terms.minus_soft), (-1.0, over))
        l_soft = self._capped(soft, -math.log(1 - value("cap_non_force_group")))
        l_star = add.number(WEAKEST * 4, None)
        total = add_up((1.0, {l_star: 1.0}), (-1.0, l_soft), (-1.0, sums["hard"]), (-1.0, s_hard), (1.0, terms.minus_hard))
        add.at_most(total, 0)
        early, late = (-math.log(1 - value(f"max_joint_reduction_{k}")) for k in ("early", "onset"))
        troops = self._troops(node, period) if node.point == "onset" else []
        add.at_most(add_up((1.0, {l_star: 1.0}), (early - late, {self.x[i]: 1.0 for i in troops})), early)
        add.at_most({l_star: 1.0}, late if troops else early)
        return l_star

    def _synergy_sum(self, plus: Sum, share: float, base: Sum) -> Sum:
        if not plus:
            return {}
        total = self.builder.number(0)
        self.builder.at_most(add_up((1.0, {total: 1.0}), (-1.0, plus)), 0)
        self.builder.at_most(add_up((1.0, {total: 1.0}), (-share, base)), 0)
        return {total: 1.0}

    def _capped(self, sum_: Sum, cap: float) -> Sum:
        """min(sum, cap), as a variable from below."""
        low = self.builder.number(WEAKEST * 4, cap)
        self.builder.at_most(add_up((1.0, {low: 1.0}), (-1.0, sum_)), 0)
        return {low: 1.0}

    def _over(self, sanctions: Sum) -> Sum:
        """What sanctions and threats of them claim beyond their own ceiling (R35)."""
        if not sanctions or not self.situation.settings.on("R35"):
            return {}
        over = self.builder.number(0)
        cap = -math.log(1 - self.situation.settings.parameter("R35", "cap"))
        self.builder.at_most(add_up((1.0, sanctions), (-1.0, {over: 1.0})), cap)
        return {over: 1.0}

    def _troops(self, node: Node, period: Period) -> list[int]:
        columns = self.situation.columns
        return [i for i in self._felt(node) if is_troops(columns[i].tool) and columns[i].share(period) > 0]

    def _tangent_points(self, node: Node) -> list[float]:
        """Points so close that between two of them exp is missed by at most the stated share (catalog/planning.csv)."""
        error = self.situation.catalog.value("tangent_error_share")
        step = math.sqrt(8 * error)
        top = -math.log(1 - self.situation.catalog.value(f"max_joint_reduction_{'onset' if node.point == 'onset' else 'early'}"))
        count = math.ceil((top - WEAKEST / 5) / step)
        return [WEAKEST / 5 + k * (top - WEAKEST / 5) / count for k in range(count + 1)]


def _groups(column: Column, l_value: float) -> list[str]:
    family = column.tool.family
    hard, words = family in FORCE_GROUP, family in WORDS_GROUP
    names = ["hard" if hard else "words" if words else "other"]
    if family in ("econ_sanction", "econ_threat") or column.tool.id == "travel_bans":
        names.append("sanctions")
    if l_value > 0:
        names += ["possible"] if hard else ["possible", "soft_possible"]
    return names
