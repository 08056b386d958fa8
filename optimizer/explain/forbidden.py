"""Why something cannot be at all: the reasons for which no measure of its kind is on offer."""

from __future__ import annotations

import re

from ..choices import Measure, Package
from ..judge.check import violations
from ..judge.offers import in_force_days, is_offered, refusals, start_days
from ..model.reduction import hard_rows
from ..model.situation import compile_situation
from .resolve import Resolver
from .things import Thing, is_meant
from .words import Words, counted, lower_first

SETTLED = ("ruled_out", "review", "authorization")  # reasons that leave no other to ask for


def forbids(resolver: Resolver, words: Words, thing: Thing) -> str:
    """The reasons for which no measure of this kind is on offer: each kind of reason once."""
    scene, reasons = resolver.judge.scene, dict[str, str]()
    tools = (
        [scene.catalog.instruments[thing.instrument]] if thing.instrument else list(scene.catalog.instruments.values())
    )
    partners = [scene.partners[thing.partner]] if thing.partner else list(scene.partners.values())
    nodes = [n for n in scene.nodes if thing.node in (None, n.name)]
    pairs = [(t, p) for t in tools for p in partners if (p.generic, t.id) in scene.catalog.fits]
    if not pairs:
        return "it is no tool of this partner" if thing.partner else "nobody in this case is placed to lead it"
    best_will = max((p.will_for(t.family) for t, p in pairs), default=0.0)
    for tool, partner in pairs:
        for node in nodes:
            found = {v.id: v.because for v in refusals(scene, tool, partner, node)}
            if not found and is_offered(scene, tool, partner, node):
                found = _broken_alone(resolver, Measure(tool.id, partner.id, node.name, start_days(partner, node)[0]))
            elif not found and not in_force_days(scene, tool, partner, node):
                found = {"late": f"{words.does(partner.id, 'comes')} too late to begin it {words.place(node.name)}"}
            for key, because in sorted(found.items(), key=lambda pair: pair[0] not in SETTLED)[:1]:
                reasons.setdefault(
                    key,
                    _reason(words, key, because, tool.name, best_will, scene.number("will_to_lead_least"), len(pairs)),
                )
    settled = [because for key, because in reasons.items() if key in SETTLED]
    return "; ".join(settled[:1] or reasons.values()) or _crowded_out(resolver, words, thing)


def _reason(words: Words, key: str, because: str, tool: str, will: float, least: float, pairs: int) -> str:
    if key == "will" and pairs > 1:
        if will < least:
            return f"nobody who could lead it is ready enough to (readiness at best {will:g}, and {least:g} is needed)"
        return f"some who could lead it are not ready enough to ({least:g} is needed)"
    said = because.rstrip(".").replace(f"tools such as {tool}", "such tools")
    said = re.sub(re.escape(tool) + r"(?! led by)", "it", said)
    return lower_first(words.plain(said)) if said.startswith((tool, "It ", "it ")) else words.plain(said)


def _crowded_out(resolver: Resolver, words: Words, thing: Thing) -> str:
    """The row that leaves no room for any such measure, whatever else is chosen of what is left on offer."""
    q = resolver.question
    whole = compile_situation(q.case, q.catalog, q.choices)
    left = {c.measure for c in q.situation.columns}
    gone = frozenset(i for i, c in enumerate(whole.columns) if c.measure not in left)
    meant = [i for i in gone if is_meant(thing, whole.columns[i])]
    if not meant:
        return "it would not be in force in time" if thing.start_day is None else "it cannot begin on that day"
    for row in hard_rows(whole):
        for i in meant:
            helpers = frozenset(j for j, w in row.weights.items() if w < 0 and j not in gone)
            if not row.any_of and row.weights.get(i, 0.0) > 0 and not row.kept(helpers | {i}):
                return words.plain(row.because)
    return "what it needs beside it cannot be had"


def _broken_alone(resolver: Resolver, measure: Measure) -> dict[str, str]:
    """What a measure breaks by itself."""
    q = resolver.question
    deadline = q.choices.deadline_days
    judged = resolver.judge.evaluate(Package((measure,))).measures[0]
    offset = judged.in_force_day - q.situation.tree.node(measure.node).start
    if deadline is not None and offset > deadline:
        return {
            "deadline": (
                f"it would be in force only after {counted(round(offset), 'day')}, and {deadline:.0f} are allowed"
            )
        }
    return {v.id: v.because for v in violations(q.case, Package((measure,)), q.choices, q.catalog)}
