"""The rules of the seeds, each defined once (catalog/rules.csv holds their words, locators, kinds and defaults).

A rule acts by rows on a package (this file), in the effect of a measure (effects.py), in the way effects combine
(together.py), by construction of the model, or as content or process of the playbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..inputs.records import Instrument
from .rows import Row, at_least, needs, never, weigh
from .settings import WORDS_GROUP
from .situation import Column, Situation
from .tree import MONTH_DAYS, Node

Rows = Callable[[Situation], Iterator[Row]]


@dataclass(frozen=True)
class Rule:
    """How a rule acts; its words stand in the catalog under the same id."""

    id: str
    acts: str  # rows | effects | combination | construction | playbook | process | portfolio
    how: str
    rows: Rows | None = None


RULES: dict[str, Rule] = {}


def rule(key: str, how: str) -> Callable[[Rows], Rows]:
    """Register the rows of a rule; a second definition of one id is refused."""

    def register(rows: Rows) -> Rows:
        _add(Rule(key, "rows", how, rows))
        return rows

    return register


def _add(new: Rule) -> None:
    if new.id in RULES:
        raise ValueError(f"rule {new.id} is defined twice")
    RULES[new.id] = new


def rows_of(situation: Situation, key: str) -> tuple[Row, ...]:
    """The rows of one rule in a situation, whatever its state; made once."""
    if key not in situation.rule_rows:
        found = RULES[key].rows
        situation.rule_rows[key] = tuple(found(situation)) if found is not None else ()
    return situation.rule_rows[key]


def say(tool: Instrument) -> str:
    """A tool's name inside a sentence."""
    head = tool.name.split(" ", 1)[0]
    return tool.name if head.isupper() else tool.name[0].lower() + tool.name[1:]


# --- credible threats -----------------------------------------------------------------------------------------------

SAME_PARTNER = ("threat_of_military_force", "security_guarantees")  # rules.csv R01
STEP_SLACK = 1e-9


def accountable_node(situation: Situation, column: Column) -> Node:
    """The node in which a threat is defied, or a promise accepted."""
    role = "escalates" if column.tool.mode == "threat" else "settles"
    branch = situation.tree.where(role) if column.node == "now" else None
    return branch or situation.tree.node(column.node)


def backing(situation: Situation, column: Column) -> tuple[int, ...]:
    """Columns that make a threat or promise good, led by anybody (docs/method.md, section 6)."""
    node = accountable_node(situation, column)
    later = node.name != column.node
    first = node.start if later else column.in_force
    last = first + situation.settings.backing_limit_days + STEP_SLACK
    deeds = situation.of(node.name, column.tool.needs_backing_by)
    return tuple(i for i in deeds if situation.columns[i].in_force <= last and situation.columns[i].end > first)


def backing_by(situation: Situation, column: Column) -> tuple[int, ...]:
    """As `backing`, but led or joined by the partner that threatens or guarantees, where the tool asks for that."""
    deeds = backing(situation, column)
    if column.tool.id not in SAME_PARTNER:
        return deeds
    led = tuple(i for i in deeds if situation.columns[i].ally.id == column.ally.id)
    places = {(situation.columns[i].tool.id, situation.columns[i].node) for i in deeds}
    joins = (j for place in sorted(places) for j in situation.joins_by.get(place, ()))
    return led + tuple(j for j in joins if situation.join(j).ally.id == column.ally.id)


@rule(
    "R01",
    "a threat or promise needs, in the branch where it is defied or accepted, one of the measures that make it good",
)
def threat_is_backed(situation: Situation) -> Iterator[Row]:
    for index, column in enumerate(situation.columns):
        if column.tool.needs_backing_by and not column.backed:
            names = ", ".join(say(situation.catalog.instruments[k]) for k in column.tool.needs_backing_by)
            where = accountable_node(situation, column).name.replace("_", " ")
            by = f" led or joined by {column.ally.id}" if column.tool.id in SAME_PARTNER else ""
            because = f"{say(column.tool)} needs one of these{by} ready in the branch '{where}': {names}"
            yield needs([index], backing_by(situation, column), because)
            if by:  # a partner that joins makes nothing good where nobody leads the deed in time
                yield needs([index], backing(situation, column), because)


@rule(
    "R02",
    "each verbal measure beyond what costly ones carry is priced (unbacked threats pay their own negative effect)",
)
def words_are_carried(situation: Situation) -> Iterator[Row]:
    get = situation.settings.parameter
    verbal = situation.begun("now", lambda c: c.tool.family in ("pressure", "shaming"))
    modes = ("imposed_measure", "protective_presence", "promise", "inducement")
    costly = situation.begun(
        "now", lambda c: c.tool.mode in modes and c.tool.family not in WORDS_GROUP and c.cost_musd > get("R02", "c")
    )
    yield Row(
        weigh((1.0, verbal), (-get("R02", "k"), costly)), 0.0, "more strong words than costly deeds", get("R02", "w")
    )


# --- who does what --------------------------------------------------------------------------------------------------


@rule("R17", "a partner leads only with enough fit, and not where a better placed partner has a free hand")
def division_of_labour(situation: Situation) -> Iterator[Row]:
    least, margin = situation.settings.parameter("R17", "f_min"), situation.settings.parameter("R17", "margin")
    for index, column in enumerate(situation.columns):
        if column.fit < least - STEP_SLACK:
            yield never(
                index, f"{column.ally.id} is not well enough placed for {say(column.tool)} (fit {column.fit:g})"
            )
        else:
            yield from _better_placed(situation, index, margin)


def _better_placed(situation: Situation, index: int, margin: float) -> Iterator[Row]:
    column = situation.columns[index]
    rivals = {c.ally.id: c for c in situation.on_offer(column.tool.id, (column.node,))}
    for rival in rivals.values():
        if rival.fit > column.fit + margin + STEP_SLACK and rival.ally.available_day <= column.start:
            led = situation.led_by.get((rival.ally.id, column.node), ())
            busy = [i for i in led if situation.columns[i].start <= column.start < situation.columns[i].end]
            because = (
                f"{rival.ally.id} is better placed than {column.ally.id} for {say(column.tool)} and has a free hand"
            )
            yield Row(weigh((float(rival.ally.capacity), [index]), (-1.0, busy)), 0.0, because)


@rule("R16", "non-governmental and humanitarian bodies lead at least this share of the measures of now")
def role_for_ngos(situation: Situation) -> Iterator[Row]:
    get = situation.settings.parameter
    everything = situation.begun("now")
    theirs = [i for i in everything if situation.columns[i].ally.generic.kind in ("non_governmental", "humanitarian")]
    because = "non-governmental bodies lead too few of the measures"
    yield Row(weigh((get("R16", "s"), everything), (-1.0, theirs)), 0.0, because, get("R16", "w"))


@rule("R24", "somebody works on, or with, each actor that the planner names as able to move the perpetrators")
def work_through_influence(situation: Situation) -> Iterator[Row]:
    for name in situation.choices.influence:
        cure = situation.begun("now", lambda c: c.tool.family == "third" or c.ally.id == name)
        yield at_least(
            1, cure, f"nothing engages {name}, who can move the perpetrators", situation.settings.parameter("R24", "w")
        )


@rule("R26", "a neighbour is engaged or takes part")
def bring_in_neighbours(situation: Situation) -> Iterator[Row]:
    cure = situation.begun(
        "now", lambda c: c.tool.id == "neighbour_engagement" or c.ally.generic.id == "neighbouring_states"
    )
    joins = [
        i
        for i, j in enumerate(situation.joins, start=len(situation.columns))
        if j.node == "now" and j.ally.generic.id == "neighbouring_states"
    ]
    yield at_least(1, (*cure, *joins), "no neighbour is brought in", situation.settings.parameter("R26", "w"))


@rule("R25", "where a patron shields the regime, multilateral coercion goes with engaging the patron")
def engage_the_patron(situation: Situation) -> Iterator[Row]:
    if situation.case.leverage.patron_shield < situation.settings.parameter("R25", "v"):
        return
    least = situation.settings.parameter("R17", "f_min") if situation.settings.required("R17") else 0.0
    for index, column in enumerate(situation.columns):
        if column.tool.stance == "coercive" and column.tool.needs_authorization in ("unsc", "regional"):
            able = situation.on_offer("patron_engagement", tuple(dict.fromkeys(("now", column.node))))
            engaged = situation.of(column.node, ["patron_engagement"])
            cure = [
                i for i in engaged if situation.columns[i].fit >= least and situation.columns[i].start <= column.start
            ]
            if any(c.fit >= least for c in able):
                yield needs([index], cure, f"{say(column.tool)} needs the patron engaged no later than it begins")


@rule("R30", "one mediator of high level, and few partners lead talks in one node")
def one_voice(situation: Situation) -> Iterator[Row]:
    most = situation.settings.parameter("R30", "leads")
    for node in situation.tree.nodes:
        leads: dict[str, list[int]] = {}
        for i in situation.active(node):
            if situation.columns[i].tool.family == "mediation":
                leads.setdefault(situation.columns[i].ally.id, []).append(i)
        if len(leads) > most:
            groups = tuple((1.0, tuple(g)) for g in leads.values())
            yield Row({}, most, f"more than {most:g} partners lead talks at once", any_of=groups)


# --- mix and phase --------------------------------------------------------------------------------------------------

REACH_REBELS = (
    "dialogue_facilitation", "high_level_mediation", "negotiation_support_ta", "incentives_to_spoilers",
    "amnesty_immunity", "threat_of_prosecution", "arms_embargo", "targeted_sanctions_rapid", "security_guarantees",
)  # fmt: skip
ROBUST = (
    "robust_peacekeeping",
    "rapid_coalition_force",
    "safe_havens_enforced",
    "coercive_air_campaign",
    "military_intervention",
)
FORCE_USED = (
    "no_fly_zone",
    "safe_havens_enforced",
    "rapid_coalition_force",
    "coercive_air_campaign",
    "military_intervention",
)
SETTLEMENT_TOOLS = ("security_guarantees", "disarmament_supervision", "ceasefire_monitoring", "amnesty_immunity")
FOLLOW_THROUGH = (
    "robust_peacekeeping", "interpositional_force", "preventive_tripwire_deployment", "ceasefire_monitoring",
    "long_term_economic_assistance",
)  # fmt: skip


def _sides(situation: Situation) -> tuple[str, ...]:
    """The sides of an internal war: the government, and rebels where the case has them."""
    rebels = any(p.role == "rebels" for p in situation.case.parties)
    return ("the government", "the rebels") if rebels else ("the government",)


def _reaches(column: Column, side: str) -> bool:
    if side == "the rebels":
        return column.tool.id in REACH_REBELS
    return "decision_makers" in column.tool.target_groups


@rule("R08", "a new elite is reached by several inducements or pressures within the first weeks")
def reach_new_elites(situation: Situation) -> Iterator[Row]:
    if situation.tree.now.point != "new_elite":
        return
    get = situation.settings.parameter
    modes = ("threat", "imposed_measure", "inducement", "promise")
    early = situation.begun("now", lambda c: c.tool.mode in modes and c.start <= get("R08", "months") * MONTH_DAYS)
    yield at_least(
        get("R08", "n"), early, "the new elite is not reached at once by offers and pressure", get("R08", "w")
    )


@rule("R09", "economic coercion and threats go with an inducement")
def carrots_with_sticks(situation: Situation) -> Iterator[Row]:
    get, columns = situation.settings.parameter, situation.columns
    sticks = situation.begun(
        "now",
        lambda c: c.tool.mode == "threat" or (c.tool.stance == "coercive" and c.tool.functional_type == "economic"),
    )
    near = get("R09", "months") * MONTH_DAYS
    carrots = situation.begun(
        "now",
        lambda c: (
            c.tool.mode in ("inducement", "promise") and any(abs(columns[i].start - c.start) <= near for i in sticks)
        ),
    )
    if sticks:
        because = "there are sticks and no carrot"
        yield Row(weigh((-1.0, carrots)), 0.0, because, get("R09", "w"), any_of=((1.0, sticks),))


@rule("R10", "in internal war some measure reaches each side")
def both_sides(situation: Situation) -> Iterator[Row]:
    for side in _sides(situation) if situation.tree.now.point == "early_war" else ():
        cure = situation.begun("now", lambda c: _reaches(c, side))
        yield at_least(1, cure, f"nothing reaches {side}", situation.settings.parameter("R10", "w"))


@rule("R11", "talks take in every party")
def talk_to_all(situation: Situation) -> Iterator[Row]:
    for side in _sides(situation):
        cure = situation.begun("now", lambda c: c.tool.family == "mediation" and _reaches(c, side))
        yield at_least(1, cure, f"no talks take in {side}", situation.settings.parameter("R11", "w"))


@rule("R13", "once mass killing has begun, a robust force is part of the plan")
def late_stage_force(situation: Situation) -> Iterator[Row]:
    for node in situation.tree.nodes:
        if node.point == "onset":
            cure = [i for i in situation.active(node) if situation.columns[i].tool.id in ROBUST]
            yield at_least(1, cure, f"no robust force in '{node.name}'", situation.settings.parameter("R13", "w"))


@rule("R15", "political, economic and military instruments are all drawn on")
def integrated_strategy(situation: Situation) -> Iterator[Row]:
    for kind in ("diplomatic", "economic", "military"):
        cure = situation.begun("now", lambda c: c.tool.functional_type == kind and c.tool.mode != "enabler")
        yield at_least(1, cure, f"no {kind} instrument", situation.settings.parameter("R15", "w"))


@rule("R18", "what a settlement promises is followed through to the end of its time")
def follow_through(situation: Situation) -> Iterator[Row]:
    long = situation.settings.parameter("R18", "months") * MONTH_DAYS - STEP_SLACK
    for index, column in enumerate(situation.columns):
        if column.tool.id in SETTLEMENT_TOOLS and situation.tree.node(column.node).point == "post_settlement":
            carried = [
                i
                for i in situation.of(column.node, FOLLOW_THROUGH)
                if situation.columns[i].end > column.start
                and (
                    situation.columns[i].end - situation.columns[i].in_force >= long
                    or situation.columns[i].end >= situation.tree.horizon
                )
            ]
            yield needs([index], carried, f"{say(column.tool)} after a settlement needs somebody who stays")


@rule("R28", "mediation does not stop other prevention")
def not_hostage_to_talks(situation: Situation) -> Iterator[Row]:
    count = situation.settings.parameter("R28", "n")
    if situation.tree.baseline <= situation.settings.parameter("R28", "r0"):
        return
    for node in situation.tree.nodes:
        active = situation.active(node)
        others = [j for j in active if situation.columns[j].tool.family != "mediation"]
        times = np.array([(situation.columns[j].start, situation.columns[j].end) for j in others]).reshape(-1, 2).T
        for i in active:
            talks = situation.columns[i]
            if talks.tool.id == "high_level_mediation":
                # active in the node at some time while the talks are
                meets = np.maximum(times[0], max(talks.start, node.start)) < np.minimum(
                    times[1], min(talks.end, node.end)
                )
                beside = [others[k] for k in np.flatnonzero(meets)]
                because = f"fewer than {count:g} other measures go on beside mediation in '{node.name}'"
                yield Row(weigh((count, [i]), (-1.0, beside)), 0.0, because)


@rule("R36", "slow tools are left out of volcanic crises")
def no_slow_tools(situation: Situation) -> Iterator[Row]:
    if not situation.settings.volcanic:
        return
    limit = situation.settings.parameter("R36", "days")
    for index, column in enumerate(situation.columns):
        if column.tool.pace_suitability == "rolling_only" or column.tool.lead_days.mid > limit:
            yield never(index, f"{say(column.tool)} is too slow for a volcanic crisis")


@rule("R42", "each of the four target groups has a measure")
def cover_target_groups(situation: Situation) -> Iterator[Row]:
    for group in TARGET_GROUPS:
        if group not in situation.choices.waived_groups:
            cure = situation.begun("now", lambda c: group in c.tool.target_groups)
            yield at_least(
                1, cure, f"nothing is aimed at {group.replace('_', ' ')}", situation.settings.parameter("R42", "w")
            )


TARGET_GROUPS = ("decision_makers", "perpetrators", "victims", "third_parties")  # Table 2 of the second seed


@rule("R54", "each use of force before mass killing is priced")
def peaceful_means_first(situation: Situation) -> Iterator[Row]:
    for index, column in enumerate(situation.columns):
        if column.tool.id in FORCE_USED and situation.tree.node(column.node).point != "onset":
            yield never(
                index,
                f"{say(column.tool)} uses force before mass killing",
                situation.settings.parameter("R54", "w_force"),
            )


# --- sanctions and money --------------------------------------------------------------------------------------------


@rule("R31", "sanctions on one path start close together")
def sanctions_bite_fast(situation: Situation) -> Iterator[Row]:
    free, price = situation.settings.parameter("R31", "s"), situation.settings.parameter("R31", "w")
    for end in situation.tree.ends:
        days: dict[float, list[int]] = {}
        for i in situation.pick(end.name, _is_sanction):
            days.setdefault(situation.columns[i].start, []).append(i)
        for first in days:
            for last in days:
                months = (last - first) / MONTH_DAYS - free
                if months > 0:
                    groups = ((1.0, tuple(days[first])), (1.0, tuple(days[last])))
                    yield Row({}, 1.0, f"sanctions start {last - first:.0f} days apart", price * months, groups)


def _is_sanction(column: Column) -> bool:
    return column.tool.mode == "imposed_measure" and column.tool.family in ("econ_sanction", "dip_sanction")


@rule(
    "R33",
    "a sanction stands beside mediation, pressure or an inducement (unless required, its negative effect says so)",
)
def sanctions_never_alone(situation: Situation) -> Iterator[Row]:
    for index, column in enumerate(situation.columns):
        if column.tool.family == "econ_sanction":
            beside = situation.pick(
                column.node,
                lambda c: (
                    c.tool.family in ("mediation", "pressure", "pol_induce", "econ_induce") and c.overlaps(column)
                ),
            )
            yield needs([index], beside, f"{say(column.tool)} stands alone")


@rule("R46", "what is spent in the first months outside force and presence fits the rapid fund")
def ready_money(situation: Situation) -> Iterator[Row]:
    get = situation.settings.parameter
    fund = max(get("R46", "floor_musd"), get("R46", "share") * situation.settings.budget)
    civil = situation.begun("now", lambda c: c.tool.family not in ("force", "presence"))
    weights = {i: situation.columns[i].early_cost_musd for i in civil}
    yield Row(
        weights, fund, f"the first {get('R46', 'months'):g} months cost more than the rapid fund of {fund:.1f} M USD"
    )


# --- rules that act elsewhere ---------------------------------------------------------------------------------------

_ELSEWHERE = {
    "effects": {
        "R03": "threats and coercive military tools count with a share of their low effect",
        "R04": "a measure with partners, an organisation among them, does more",
        "R05": "the best of the bodies that can authorise counts, an alternative one less",
        "R06": "effect fades with delay, by the pace of the crisis",
        "R07": "non-force tools do less once mass killing has begun",
        "R20": "the outside view of the baseline comes from the five preconditions",
        "R22": "force does more where peaceful means came first",
        "R32": "sanctions do as much as the coalition is broad",
        "R34": "the threat stands in now, its execution where it is defied; a threat whose deed runs is spent",
        "R38": "leverage.csv scales every tool by the target's traits",
        "R40": "support to victims is drawn from its whole range in the ensemble",
        "R55": "partners planned with in advance are ready sooner",
    },
    "combination": {"R35": "sanctions and threats of them have a ceiling of their own"},
    "construction": {"R21": "no row makes a stronger measure wait for a milder one, save physical prerequisites"},
    "portfolio": {"R51": "weights cases by influence when many are planned together"},
    "playbook": {
        "R12": "guarantees and promised aid for both sides stand among the options after a settlement",
        "R14": "military planning stands among the preparatory measures",
        "R23": "inducements to unsavoury people are not filtered out",
        "R27": "business, media, prominent people and diaspora are named as channels",
        "R29": "openings from talks stand among the triggers",
        "R37": "observers are named as a way to set the stage",
        "R41": "recording of crimes stands among the preparatory measures",
        "R43": "branches are the contingent playbooks",
        "R49": "a surge team is offered as a measure",
        "R53": "the desired end state names underlying causes",
    },
    "process": {
        "R19": "a checklist names groups left out of a settlement",
        "R39": "influence of domestic and diaspora groups is asked for",
        "R44": "the front offers several packages, never one",
        "R45": "law, legislature, money and media are listed as preparatory measures",
        "R47": "red-team questions stand in the playbook",
        "R48": "interests, lead and lines of authority are stated",
        "R50": "review dates stand every second month",
        "R52": "after-action reviews are kept",
    },
}
for _acts, _rules in _ELSEWHERE.items():
    for _key, _how in _rules.items():
        _add(Rule(_key, _acts, _how))
