"""The playbook of each branch: what shows that it has come, what is done then, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..inputs.records import BranchDefault, Triple
from ..judge.evaluate import Evaluation
from ..model.tree import Node
from . import words
from .backing import spent
from .context import Context
from .ranges import total
from .record import Contingency, Quantity, Trigger
from .tables import TriggerText, triggers
from .text import listed, one_line

AS_BRANCH = {"onset": "escalates", "post_settlement": "settles"}  # which triggers a branch of the planner's own takes


def contingencies(ctx: Context) -> tuple[Contingency, ...]:
    """One for each branch of the tree."""
    return tuple(_contingency(ctx, node) for node in ctx.tree.branches)


def _contingency(ctx: Context, node: Node) -> Contingency:
    begun = ctx.begun(node.name)
    return Contingency(
        phase=words.phase(node.name),
        chance=_chance(ctx, node),
        hazard=_hazard(ctx, node),
        triggers=tuple(_triggers(ctx, node)),
        tasks=tuple(n for n, _ in begun),
        carries=tuple(_carries(ctx, node.name)),
        risk=_risk(ctx, node.name),
        cost=total([ctx.ranges.cost(j) for _, j in begun]),
    )


def _row(ctx: Context) -> BranchDefault:
    return ctx.catalog.branch_defaults[ctx.case.intervention_point, ctx.case.tempo.tempo_class]


def _own(ctx: Context) -> str:
    """Who gave the branches, if not the branch table."""
    if ctx.question.choices.branches is not None:
        return "set by the planner"
    return "given in the case file" if ctx.case.branches else ""


def _chance(ctx: Context, node: Node) -> Quantity:
    triple = getattr(_row(ctx), f"p_{node.name}", None)
    return _from_table(ctx, triple, node.probability, "probability", 1.0)


def _hazard(ctx: Context, node: Node) -> Quantity:
    """Against the case's own hazard after the branch day; the table's range, scaled as the model scales it."""
    at = ctx.tree.nodes.index(node)
    mid = ctx.ranges.scene.nodes[at].multiplier
    triple = getattr(_row(ctx), f"mult_{node.name}", None)
    return _from_table(ctx, triple, float(mid), "times the case's own", float(mid) / triple.mid if triple else 1.0)


def _from_table(ctx: Context, triple: Triple | None, mid: float, unit: str, scale: float) -> Quantity:
    own, row = _own(ctx), _row(ctx)
    if own or triple is None:
        source = own or "what is left of the other branches"
        return Quantity(low=None, mid=round(mid, 4), high=None, unit=unit, grade="expert judgement", source=source)
    low, high = round(scale * triple.low, 4), round(scale * triple.high, 4)
    return Quantity(
        low=low, mid=round(mid, 4), high=high, unit=unit, grade=row.status.replace("_", " "), source=row.basis
    )


def _triggers(ctx: Context, node: Node) -> Iterator[Trigger]:
    known = {t.branch for t in triggers()}
    wanted = node.name if node.name in known else AS_BRANCH.get(node.point, "drags_on")
    for text in triggers():
        if text.branch == wanted and (filled := _filled(ctx, text)) is not None:
            yield Trigger(text=filled, seen_by=text.seen_by, grade=text.grade)


def _filled(ctx: Context, text: TriggerText) -> str | None:
    """The trigger's text for this case; None where it does not apply."""
    kind, _, value = text.applies_if.partition("=")
    if kind == "always" or (kind == "tempo" and value == ctx.case.tempo.tempo_class):
        return text.text
    parties = [one_line(p.name) for p in ctx.case.parties if _is_party(p.role, p.table2_groups, kind, value)]
    if kind in ("role", "killing_government") and parties:
        return text.text.replace("{party}", listed(parties, "or"))
    tasks = [(n, ctx.tool(j)) for n, j in ctx.begun("now") if getattr(ctx.tool(j), kind, None) == value]
    if kind in ("family", "mode") and tasks:
        return text.text.replace("{measure}", listed([f"task {n}" for n, _ in tasks]))
    return None


def _is_party(role: str, groups: tuple[str, ...], kind: str, value: str) -> bool:
    return role == value if kind == "role" else role == "government" and "perpetrators" in groups


def _carries(ctx: Context, node: str) -> Iterator[str]:
    """Threats and promises of now that a measure of this branch makes good; words of the branch whose deed comes anyway."""
    for number, word in ctx.begun("now"):
        tool = ctx.tool(word)
        deeds = [n for n, j in ctx.begun(node) if j.measure.instrument in tool.needs_backing_by]
        if deeds and not (tool.mode == "threat" and ctx.node(node).point == "post_settlement"):
            verb = "If the threat of" if tool.mode == "threat" else "If the condition of"
            end = "is defied" if tool.mode == "threat" else "is met"
            yield f"{verb} task {number} ({tool.name}) {end}, it is carried out by {listed([f'task {d}' for d in deeds], 'or')}"
    for number, word in ctx.begun(node):
        if told := spent(ctx, word):
            yield f"Task {number} ({ctx.tool(word).name}): {told}"


def _risk(ctx: Context, node: str) -> Quantity:
    """Chance of mass killing from the branch day on, if this branch comes and the plan is carried out."""
    middle = _left(ctx.ranges.mid, node)
    if ctx.spread is not None:
        return ctx.spread.quantity(ctx.spread.phases[node], middle)
    low, high = _left(ctx.ranges.strong, node), _left(ctx.ranges.weak, node)
    return Quantity(
        low=round(low, 6), mid=round(middle, 6), high=round(high, 6), unit="probability",
        grade="expert judgement and weaker sources mixed", source="computed; ends as for the projected risk",
    )  # fmt: skip


def _left(evaluation: Evaluation, node: str) -> float:
    return 1 - math.exp(-sum(p.hazard * p.u for p in evaluation.risk_path if p.node == node))
