"""The three assessments, the aims, and the lines of authority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ..choices import Group
from ..explain.partners import agreeing, inside
from ..explain.words import start
from ..inputs.records import Party
from ..model.tree import MONTH_DAYS
from . import words
from .context import Context
from .dates import on
from .record import Aims, Assessments, Authority, Cell, Quantity, Risk, Stakeholder, Voice
from .text import listed, one_line, sentence

MOST_OPEN = 4  # open options named in one cell; the strongest by their middle effect


def assessments(ctx: Context) -> Assessments:
    """Target country, estimate and impact, options by group and stage."""
    case = ctx.case
    return Assessments(
        trigger=case.trigger_event,
        stage=words.POINTS[case.intervention_point],
        pace=words.TEMPO[case.tempo.tempo_class],
        parties=tuple(_stakeholder(p) for p in case.parties),
        preconditions=tuple(
            (label, (item := getattr(case.preconditions, key)).score, item.evidence)
            for key, label in words.PRECONDITIONS.items()
        ),
        leverage=tuple((label, getattr(case.leverage, key), means) for key, (label, means) in words.LEVERAGE.items()),
        leverage_note=case.leverage.note,
        estimate=tuple(_estimate(ctx)),
        impact=tuple(_impact(ctx)),
        options=tuple(_options(ctx)),
    )


def _stakeholder(party: Party) -> Stakeholder:
    groups = tuple(words.GROUPS[g] for g in party.table2_groups)
    return Stakeholder(name=one_line(party.name), role=words.ROLES[party.role], groups=groups, notes=party.notes)


def _estimate(ctx: Context) -> Iterator[tuple[str, Quantity]]:
    case, harm = ctx.case, ctx.case.harm_if_unmitigated
    yield "Chance of mass killing within a year if nothing is done", ctx.ranges.baseline
    yield (
        "Civilian deaths if it happens and nothing is done",
        Quantity(
            low=harm.deaths_low, mid=harm.deaths_best, high=harm.deaths_high, unit="persons",
            grade=f"case file, confidence {harm.confidence or 'not stated'}", source=harm.basis or "case file",
        ),
    )  # fmt: skip
    yield (
        "People of the threatened groups within reach",
        Quantity(
            low=None, mid=1000 * case.at_risk_population_thousands, high=None, unit="persons", grade="case file",
            source="case file",
        ),
    )  # fmt: skip


def _impact(ctx: Context) -> Iterator[str]:
    """When the harm is due, whom it drives out and draws in."""
    case, profile = ctx.case, ctx.case.tempo.hazard_profile
    peak = max(range(len(profile)), key=lambda k: profile[k])
    yield sentence(
        f"The risk is expected to peak in month {peak + 1} of the plan (from {on(ctx.start, peak * MONTH_DAYS)}); "
        f"{words.percent(sum(profile[:3]), 0)} of it falls in the first three months"
    )
    people = f"{1000 * case.at_risk_population_thousands:,.0f}".replace(",", "\u00a0")
    yield sentence(f"{people} people of threatened groups live within reach of the violence and may flee")
    near = [one_line(p.name) for p in case.parties if p.role == "neighbour"]
    if near:
        yield sentence(f"Neighbours that may be drawn in, or take people in: {listed(near)}")
    patrons = [one_line(p.name) for p in case.parties if p.role == "patron"]
    if patrons:
        yield sentence(f"Patrons that stand behind the regime: {listed(patrons)}")
    yield "Own nationals, trade and property in the country are not in the data: the planner adds them as a note."


def _options(ctx: Context) -> Iterator[Cell]:
    """For each target group of Table 2 and each stage: what is planned, and what else could be had."""
    for group in get_args(Group):
        for node in ctx.tree.nodes:
            planned = [
                f"{ctx.tool(j).name} (task {n})" for n, j in ctx.begun(node.name) if group in ctx.tool(j).target_groups
            ]
            taken = {j.measure.instrument for n in ("now", node.name) for _, j in ctx.begun(n)}
            on_offer = {c.tool.id: c.tool for c in ctx.question.situation.columns if c.node == node.name}
            left = [t for t in on_offer.values() if group in t.target_groups and t.id not in taken]
            left.sort(key=lambda t: (-t.effect.mid, t.name))
            yield Cell(
                group=words.GROUPS[group], stage=words.phase(node.name), planned=tuple(planned),
                open=tuple(t.name for t in left[:MOST_OPEN]),
            )  # fmt: skip


def aims(ctx: Context, risk: Risk) -> Aims:
    """What is at stake, what the plan is to reach, and how things are to stand at its end."""
    case, r = ctx.case, ctx.ranges
    threatened = listed([one_line(p.name) for p in case.parties if p.role == "threatened_group"]) or "civilians"
    near = [one_line(p.name) for p in case.parties if p.role == "neighbour"]
    interests = [
        f"The lives of the threatened: {threatened}",
        "A settlement that the parties keep, so that the danger does not return",
    ]
    if near:
        interests.append(f"Peace around the country: {listed(near)}")
    interests.append("The credibility of what partners announce: no word without the deed behind it")
    reached = {g for _, j in ctx.begun("now") for g in ctx.tool(j).target_groups}
    objectives = [_less_risk(risk)]
    days = r.mid.values["days"]
    if days < r.scene.horizon:
        objectives.append(
            f"Have a measure in force for each target group that the planner asks for by {on(ctx.start, days)}"
        )
    objectives += [
        f"{words.GROUPS[g]}: {listed([f'task {n}' for n, j in ctx.begun('now') if g in ctx.tool(j).target_groups])}"
        for g in words.GROUPS
        if g in reached
    ]
    causes = [
        label.lower()
        for key, label in words.PRECONDITIONS.items()
        if key != "prior_genocide" and getattr(case.preconditions, key).score > 0
    ]
    ends = [
        f"No mass killing of civilians up to {on(ctx.start, ctx.tree.horizon)}, and none in preparation",
        "Parties talk, or carry out what they have signed, under the eyes of monitors",
        "Threatened people can stay or return in safety, and help reaches them",
        "Measures end on their dates, and what was promised has been delivered",
        f"What lies beneath is being dealt with, so that it does not return: {listed(causes) or 'to be named by the planner'}",
    ]
    return Aims(
        interests=tuple(map(sentence, interests)),
        objectives=tuple(map(sentence, objectives)),
        end_state=tuple(map(sentence, ends)),
    )


def _less_risk(risk: Risk) -> str:
    before, after = risk.before.mid, risk.after.mid
    digits = words.apart(before, after)
    if after >= before:
        return f"None for the risk itself: these measures do not lower the chance of mass killing ({words.percent(before, digits)} before, {words.percent(after, digits)} after)"
    span = f"{risk.range_is} {words.span(risk.after.low, risk.after.high)}"
    return f"Bring the chance of mass killing from {words.percent(before, digits)} to about {words.percent(after, digits)} ({span})"


TALKS = ("mediation", "pol_induce", "pressure", "econ_induce")
CHANNELS: tuple[
    tuple[str, str, tuple[str, ...]], ...
] = (  # who is spoken to, role of the party, families that reach it
    ("the government", "government", TALKS),
    ("the armed opposition", "rebels", ("mediation", "pol_induce", "econ_induce")),
    ("militias", "militia", ("legal", "info", "mediation", "force_threat")),
    ("the patron of the regime", "patron", ("third", "pressure")),
    ("neighbours", "neighbour", ("third", "presence")),
    ("threatened people", "threatened_group", ("protect_civ", "civil", "monitor", "presence")),
)


def authority(ctx: Context) -> Authority:
    """Who approves, who coordinates, who decides on a branch, and who speaks to whom."""
    lead = ctx.names.partner(ctx.lead) if ctx.lead else "no partner"
    lines = [
        "The standing committee approves the plan and meets at every review date, or at once when a member asks",
        f"{start(inside(lead))} {agreeing(lead, 'coordinates')} (proposed: the one with the largest part of what begins now); each task has one lead, who reports to the coordinator",
        "Partners that take part in a task follow its lead",
    ]
    if ctx.tree.branches:
        lines.append(
            f"On {on(ctx.start, ctx.tree.now.end)}, or as soon as a trigger is seen, the committee decides which contingency playbook begins "
            "and releases its share of the reserve"
        )
    gates = dict.fromkeys(ctx.gate(j) for _, j in ctx.numbered if j.gate != "none")
    for gate in gates:
        numbers = [str(n) for n, j in ctx.numbered if ctx.gate(j) == gate]
        lines.append(f"{gate}: before task{'s' if len(numbers) > 1 else ''} {listed(numbers)}")
    return Authority(lines=tuple(map(sentence, lines)), voices=tuple(_voices(ctx)))


def _voices(ctx: Context) -> Iterator[Voice]:
    roles = {p.role for p in ctx.case.parties}
    for channel, role, families in CHANNELS:
        if role in roles:
            yield _voice(ctx, channel, families)
    lead = ctx.names.partner(ctx.lead) if ctx.lead else "not assigned"
    yield _voice(ctx, "business, prominent people and the diaspora", ("third", "civil", "econ_induce"))
    yield Voice(channel="the public and the media", who=lead, why="coordinates the plan; all partners repeat its words")


def _voice(ctx: Context, channel: str, families: tuple[str, ...]) -> Voice:
    """The lead of the first measure of the most fitting family."""
    fitting = [
        (families.index(ctx.tool(j).family), n, j) for n, j in ctx.begun("now") if ctx.tool(j).family in families
    ]
    if not fitting:
        return Voice(
            channel=channel,
            who="not assigned",
            why="no measure of this plan speaks to them: name one before the plan begins",
        )
    _, number, judged = min(fitting, key=lambda f: f[:2])
    return Voice(channel=channel, who=ctx.names.partner(judged.measure.lead), why=f"leads task {number}")
