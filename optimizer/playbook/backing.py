"""Which deeds stand behind a threat or a promise, and which words a deed makes good: as the judge counts it (rule R01)."""

from __future__ import annotations

from ..judge.backing import is_backed
from ..judge.evaluate import Judged
from ..judge.measures import timed
from .context import Context
from .dates import on
from .text import listed


def backing(ctx: Context, judged: Judged) -> str:
    """What executes or keeps a word; for a deed, the words that it makes good."""
    if ctx.tool(judged).needs_backing_by:
        return _behind(ctx, judged)
    said: dict[str, list[str]] = {"executes": [], "keeps": [], "begun before the words of": []}
    for n, word in ((n, word) for n, word in ctx.numbered if backs(ctx, judged, word)):
        verb = "executes" if ctx.tool(word).mode == "threat" else "keeps"
        said["begun before the words of" if comes_anyway(judged, word) else verb].append(f"task {n}")
    return "; ".join(f"{verb} {listed(words)}" for verb, words in said.items() if words)


def _behind(ctx: Context, word: Judged) -> str:
    deeds = [(n, deed) for n, deed in ctx.numbered if backs(ctx, deed, word)]
    if not deeds:
        return "NOT BACKED by any measure of this plan"
    later = [f"task {n}" for n, deed in deeds if not comes_anyway(deed, word)]
    verb = "executed by" if ctx.tool(word).mode == "threat" else "kept by"
    return "; ".join(t for t in (f"{verb} {listed(later, 'or')}" if later else "", spent(ctx, word)) if t)


def spent(ctx: Context, word: Judged) -> str:
    """That a deed comes whether or not the word is heeded, so that the word is spent from then on; empty: none does."""
    sure = [(n, d) for n, d in ctx.numbered if backs(ctx, d, word) and comes_anyway(d, word)]
    if not sure:
        return ""
    said = [f"task {n}, begun earlier, is in force from {on(ctx.start, d.in_force_day)} in any case" for n, d in sure]
    only = f"from then on only more of it can be {'threatened' if ctx.tool(word).mode == 'threat' else 'promised'}"
    less = ", and the two count for less together" if any(_undermines(ctx, word, d) for _, d in sure) else ""
    return f"{listed(said)}; {only}{less}"


def backs(ctx: Context, deed: Judged, word: Judged) -> bool:
    """Whether the judge lets a deed back a word: a backing tool, on its path, in time, by the right partner."""
    if deed.measure.instrument not in ctx.tool(word).needs_backing_by:
        return False
    scene = ctx.ranges.scene
    return bool(is_backed(scene, timed(scene, word.measure), [timed(scene, deed.measure)]))


def comes_anyway(deed: Judged, word: Judged) -> bool:
    """Whether a deed was begun on the way to a word, and is in force while the word stands."""
    on_its_path = deed.measure.node in ("now", word.measure.node)
    earlier = deed.measure.start_day < word.measure.start_day
    return on_its_path and earlier and deed.in_force_day < word.end_day and word.in_force_day < deed.end_day


def _undermines(ctx: Context, word: Judged, deed: Judged) -> bool:
    tools = (word.measure.instrument, deed.measure.instrument)
    rows = (s.instruments for s in ctx.catalog.synergies.values() if s.relation == "undermines")
    return any(tools[0] in first and any(tools[1] in g for g in others) for first, *others in rows)
