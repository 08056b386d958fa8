"""Synergies and clashes in one period of one node, as rows (docs/method.md, section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import pulp

from ..inputs.records import Synergy
from .algebra import Builder, Sum, add_up
from .rules import backing, backing_by
from .settings import FORCE_GROUP
from .situation import Column, Situation
from .tree import MONTH_DAYS, Node

SPREAD_DAYS = 4 * MONTH_DAYS  # gate "start dates spread over more than 4 months"
TOKEN_TYPES = {"one_diplomatic": "diplomatic", "one_economic": "economic", "one_military": "military"}
TOKENS = (*TOKEN_TYPES, "any_two_other_instruments", "more_than_three_lead_partners")
MANY_LEADS = 3  # gate "count(partners leading talks)>3"


@dataclass
class Terms:
    """Sums of the terms of a period: what reinforces (from above) and what harms (from below)."""

    plus_soft: Sum = field(default_factory=dict)
    plus_hard: Sum = field(default_factory=dict)
    minus_soft: Sum = field(default_factory=dict)
    minus_hard: Sum = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One row of synergies.csv in one period of one node: what can run, and what counts as present."""

    builder: Builder
    situation: Situation
    x: Sequence[pulp.LpVariable]
    row: Synergy
    node: Node
    period: tuple[float, float]

    @property
    def window(self) -> float:
        return self.row.window_months * MONTH_DAYS

    def columns(self, tools: Iterable[str], after: float = 0.0, before: float = 0.0) -> list[int]:
        """Columns of these tools in force in the period, their time in force stretched by so many days."""
        shares = self.situation.shares(self.period, after, before)
        return [i for i in self.situation.of(self.node.name, tools) if shares[i] > 0]

    def total(self, indices: Iterable[int]) -> Sum:
        return self.builder.named(self.held(dict.fromkeys(indices, 1.0)))

    def held(self, values: Mapping[int, float]) -> Sum:
        """Sum of value x chosen, tool by tool: a tool enters several synergies."""
        by_tool: dict[str, Sum] = {}
        for i, value in values.items():
            by_tool.setdefault(self.situation.tool(i).id, {})[self.x[i]] = value
        return add_up(*((1.0, self.builder.named(part)) for part in by_tool.values()))

    def l_value(self, i: int) -> float:
        return self.situation.strengths(self.node.name, self.period)[i]

    @property
    def tokens(self) -> list[str]:
        return [s[0] for s in self.row.instruments if s[0] in TOKENS]

    @property
    def named(self) -> list[tuple[str, ...]]:
        return [s for s in self.row.instruments if s[0] not in TOKENS]

    def runs_of_type(self, kind: str | None, but: Iterable[str] = ()) -> list[int]:
        """Columns of running tools of a functional type (any if None), enablers and the tools `but` left out."""
        without, shares = set(but), self.situation.shares(self.period)

        def fits(c: Column) -> bool:
            return c.tool.mode != "enabler" and c.tool.id not in without and kind in (None, c.tool.functional_type)

        return [i for i in self.situation.pick(self.node.name, fits) if shares[i] > 0]


def synergy_terms(
    builder: Builder, situation: Situation, x: Sequence[pulp.LpVariable], node: Node, period: tuple[float, float]
) -> Terms:
    """All terms of a period."""
    terms = Terms()
    for row in situation.catalog.synergies.values():
        if acts(situation, row, node):
            scene = Scene(builder, situation, x, row, node, period)
            if row.strength.mid > 0:
                _reinforce(scene, terms)
            else:
                _harm(scene, terms)
    return terms


def acts(situation: Situation, row: Synergy, node: Node) -> bool:
    """Whether a row can fire at all in a node under the states of the rules."""
    if row.judges_backing:
        return not situation.settings.required("R01")
    if row.id == "con_sanction_alone" and situation.settings.required("R33"):
        return False
    if (
        "count(" in row.gate
        and situation.settings.required("R30")
        and situation.settings.parameter("R30", "leads") <= MANY_LEADS
    ):
        return False
    return "state=onset" not in row.gate or node.point == "onset"


# --- reinforcing ----------------------------------------------------------------------------------------------------


def _reinforce(scene: Scene, terms: Terms) -> None:
    """Term <= s x what the running tools offer, and <= 0 unless every gate is open."""
    value = scene.situation.catalog.value
    gates = _gates(scene)
    if any(not gate for gate in gates):
        return
    cap = value("synergy_tool_cap")
    offers = {i: min(scene.l_value(i), cap) for s in scene.named for i in scene.columns(s) if scene.l_value(i) > 0}
    if scene.named and not offers:
        return
    tokens = value("synergy_token") * len(scene.tokens)
    most = _most(scene, offers) + tokens
    strength = scene.row.strength.mid
    soft, hard = _sided(scene, offers)
    parts = [scene.builder.number(0, strength * most) for side in (soft, hard) if side]
    term: Sum = dict.fromkeys(parts, 1.0)
    scene.builder.at_most(add_up((1.0, term), (-strength, scene.held(offers))), strength * tokens)
    for gate in gates:
        scene.builder.at_most(add_up((1.0, term), (-strength * most, gate)), 0)
    if soft:
        terms.plus_soft = add_up((1.0, terms.plus_soft), (1.0, {parts[0]: 1.0}))
    if hard:
        terms.plus_hard = add_up((1.0, terms.plus_hard), (1.0, {parts[-1]: 1.0}))
        if soft:  # only a running tool of the force group moves the term to the hard side
            force = scene.total(i for i in offers if scene.situation.columns[i].tool.family in FORCE_GROUP)
            scene.builder.at_most(add_up((1.0, {parts[-1]: 1.0}), (-strength * most, force)), 0)


def _most(scene: Scene, offers: dict[int, float]) -> float:
    """Largest sum of offers: at most one measure of a tool is in force at once."""
    best: dict[str, float] = {}
    for i, l_value in offers.items():
        key = scene.situation.columns[i].tool.id
        best[key] = max(best.get(key, 0.0), l_value)
    return sum(best.values())


def _sided(scene: Scene, running: Iterable[int]) -> tuple[bool, bool]:
    """Whether the term can stand on the soft side, and on the hard side."""
    columns = scene.situation.columns
    hard = any(columns[i].tool.family in FORCE_GROUP for i in running)
    forced = any(all(scene.situation.catalog.instruments[t].family in FORCE_GROUP for t in s) for s in scene.named)
    return not (hard and forced), hard


def _gates(scene: Scene) -> list[Sum]:
    """Sums that must be at least 1 for the row to fire; an empty one cannot be."""
    gates = [scene.total(scene.columns(s, after=scene.window)) for s in scene.named]
    gates += [_token_gate(scene, token) for token in scene.tokens]
    if scene.named:
        gates.append(scene.total(i for s in scene.named for i in scene.columns(s)))
    if "same_partner" in scene.row.gate:
        gates.append(_same_partner(scene))
    if scene.row.gate.startswith("partner="):
        allowed = scene.row.gate.removeprefix("partner=").split("|")
        troops = scene.columns(scene.named[-1], after=scene.window)
        gates.append(scene.total(i for i in troops if scene.situation.columns[i].ally.generic.id in allowed))
    return gates


def _token_gate(scene: Scene, token: str) -> Sum:
    if token in TOKEN_TYPES:
        return scene.total(scene.runs_of_type(TOKEN_TYPES[token]))
    others = scene.runs_of_type(None, but=[t for s in scene.named for t in s])
    if len({scene.situation.columns[i].tool.id for i in others}) < 2:
        return {}
    pair = scene.builder.binary()
    scene.builder.at_most(add_up((2.0, {pair: 1.0}), (-1.0, scene.total(others))), 0)
    return {pair: 1.0}


def _same_partner(scene: Scene) -> Sum:
    """A variable for each partner that leads the first tool and leads or joins one of the second set."""
    first, second = scene.named[0], scene.named[1]
    columns, gate = scene.situation.columns, {}
    for name in sorted({columns[i].ally.id for i in scene.columns(first, after=scene.window)}):
        leads = [i for i in scene.columns(first, after=scene.window) if columns[i].ally.id == name]
        deeds = [i for i in scene.columns(second, after=scene.window) if columns[i].ally.id == name]
        joins = [
            j
            for j in _joins(scene, scene.columns(second, after=scene.window))
            if scene.situation.join(j).ally.id == name
        ]
        both = scene.builder.number(0, 1)
        scene.builder.at_most(add_up((1.0, {both: 1.0}), (-1.0, scene.total(leads))), 0)
        scene.builder.at_most(add_up((1.0, {both: 1.0}), (-1.0, scene.total([*deeds, *joins]))), 0)
        gate[both] = 1.0
    return gate


def _joins(scene: Scene, deeds: Iterable[int]) -> list[int]:
    places = {(scene.situation.columns[i].tool.id, scene.situation.columns[i].node) for i in deeds}
    return [j for place in sorted(places) for j in scene.situation.joins_by.get(place, ())]


# --- harm -----------------------------------------------------------------------------------------------------------


def _harm(scene: Scene, terms: Terms) -> None:
    """Term >= |s| x what the running tools hold, where the row fires; never less than the least harm."""
    fires = _fires(scene)
    if not fires:
        return
    strength = -scene.row.strength.mid
    running = {i: scene.l_value(i) for s in scene.named for i in scene.columns(s)}
    value = scene.situation.catalog.value
    constant = value("synergy_token") * len(scene.tokens)
    most = _most(scene, {i: max(0.0, v) for i, v in running.items()}) + constant
    on, term = scene.builder.number(0), scene.builder.number(0)
    for left, limit in fires:  # sum(left) - limit <= on
        scene.builder.at_most(add_up((1.0, left), (-1.0, {on: 1.0})), limit)
    scene.builder.at_most(
        add_up((strength, scene.held(running)), (-1.0, {term: 1.0}), (strength * most, {on: 1.0})),
        strength * (most - constant),
    )
    scene.builder.at_most({on: strength * value("synergy_least_harm"), term: -1.0}, 0)
    soft, hard = _sided(scene, running)
    if hard and not soft:
        terms.minus_hard = add_up((1.0, terms.minus_hard), (1.0, {term: 1.0}))
    else:  # a mixed row is charged where it can do less: risk stays bounded from below
        terms.minus_soft = add_up((1.0, terms.minus_soft), (1.0, {term: 1.0}))


def _fires(scene: Scene) -> list[tuple[Sum, float]]:
    """Pairs (sum, limit): the row fires at least as far as the sum exceeds the limit."""
    if scene.row.relation == "conditional_without":
        return _without(scene)
    if "start dates" in scene.row.gate:
        return _spread(scene)
    if "count(" in scene.row.gate:
        return _many_leads(scene)
    after = 0.0 if scene.row.id.startswith("neg_threat_spent") else scene.window
    groups = [[_by_tool(scene, [t], after) for t in s] for s in scene.named]
    found = [(add_up(*((1.0, part) for part in parts)), len(parts) - 1.0) for parts in product(*groups) if all(parts)]
    return found


def _by_tool(scene: Scene, tools: Iterable[str], after: float = 0.0) -> Sum:
    return scene.total(scene.columns(tools, after=after))


def _without(scene: Scene) -> list[tuple[Sum, float]]:
    """Named tools that run while none of the absent ones is near; threats are judged as R01 does."""
    if scene.row.judges_backing:
        return [(_unbacked(scene, i), 0.0) for s in scene.named for i in scene.columns(s)]
    near = scene.total(scene.columns(scene.row.absent_instruments, after=scene.window, before=scene.window))
    found = [(add_up((1.0, _by_tool(scene, [tool])), (-1.0, near)), 0.0) for s in scene.named for tool in s]
    return [(left, limit) for left, limit in found if any(w > 0 for w in left.values())]


def _unbacked(scene: Scene, index: int) -> Sum:
    column = scene.situation.columns[index]
    same = "same_partner" in scene.row.gate
    deeds: Callable[[Situation, Column], tuple[int, ...]] = backing_by if same else backing
    return add_up((1.0, {scene.x[index]: 1.0}), (-1.0, scene.total(deeds(scene.situation, column))))


def _spread(scene: Scene) -> list[tuple[Sum, float]]:
    """Pairs of measures whose starts lie far apart."""
    columns = scene.situation.columns
    first, second = (scene.columns(s, after=scene.window) for s in scene.named)
    found = []
    for i in first:
        for tool in sorted({columns[j].tool.id for j in second}):
            far = [
                j
                for j in second
                if columns[j].tool.id == tool and abs(columns[i].start - columns[j].start) > SPREAD_DAYS
            ]
            if far:
                found.append((scene.total([i, *far]), 1.0))
    return found


def _many_leads(scene: Scene) -> list[tuple[Sum, float]]:
    """More than three distinct partners lead running talks, beside the named tool."""
    by_lead: dict[str, list[int]] = {}
    for i in scene.runs_of_type(None):
        if scene.situation.columns[i].tool.family == "mediation":
            by_lead.setdefault(scene.situation.columns[i].ally.id, []).append(i)
    for i in scene.situation.pick(scene.node.name, lambda c: c.tool.family == "mediation" and c.tool.mode == "enabler"):
        if scene.situation.shares(scene.period)[i] > 0:
            by_lead.setdefault(scene.situation.columns[i].ally.id, []).append(i)
    if len(by_lead) <= MANY_LEADS:
        return []
    leads: Sum = {}
    for group in by_lead.values():
        seen = scene.builder.number(0, 1)
        for i in group:
            scene.builder.at_most({scene.x[i]: 1.0, seen: -1.0}, 0)
        leads[seen] = 1.0
    talks = _by_tool(scene, scene.named[0])
    many = scene.builder.binary()
    scene.builder.at_most(add_up((1.0, leads), (-float(len(by_lead)), {many: 1.0})), MANY_LEADS)
    return [(add_up((1.0, {many: 1.0}), (1.0, talks)), 1.0)]
