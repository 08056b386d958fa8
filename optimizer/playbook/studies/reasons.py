"""Why each measure is in: what is lost without it, what holds it there, and where a ceiling eats its effect."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np

from ...explain.mind import what_would_change
from ...explain.package import eaten, held_by, left_out, replaced, shares
from ...explain.records import Explanation
from ...explain.resolve import Resolver
from ...explain.words import GRADE_WORDS, MODEL_NOT_WORLD, Words
from ..context import Context
from ..parts import Finding, Study
from ..text import sentence

ORDERS = 64  # random orders, each with its reverse, for shares of packages too large to try every subset
SURE = {
    "proven": "exact in this model",
    "gap": "not settled to the last: a range",
    "sampled": "sampled",
    "at most these": "not settled to the last",
}
_PACKAGE = re.compile(r"\bpackage P(\d+)\b", re.IGNORECASE)


def reasons(ctx: Context, full: bool, seed: int) -> Study:
    """Explanations one by one; full: also each measure's share, and what would make another package preferable."""
    found = [*_quick(ctx), *(_more(ctx, seed) if full else ())]
    how = "Simply taken away: the rest is judged again, and nothing is planned anew in its place"
    if full:
        how += ". The best other package: planned anew under the same bounds, around the packages known"
        how += f". Shares are means over all orders of taking measures up, or over {2 * ORDERS} orders drawn with seed {seed}"
    return Study(run=True, how=sentence(how), summary=MODEL_NOT_WORLD, findings=tuple(map(_finding, found)))


def _quick(ctx: Context) -> Iterator[Explanation]:
    resolver, words = Resolver(ctx.question), Words(ctx.case, ctx.catalog)
    yield from left_out(resolver, words, ctx.option)
    if ctx.on_offer:
        yield from held_by(resolver, words, ctx.option)
    yield from eaten(resolver, words, ctx.option)


def _more(ctx: Context, seed: int) -> Iterator[Explanation]:
    words, rng = Words(ctx.case, ctx.catalog), np.random.default_rng(seed)
    if ctx.on_offer:
        yield from _replaced(ctx, words)
    yield from shares(Resolver(ctx.question).judge, words, ctx.option, rng=rng, orders=ORDERS)
    if ctx.front is not None:
        yield from what_would_change(ctx.question, ctx.front, ctx.option, seconds=math.inf)[:6]


def _replaced(ctx: Context, words: Words) -> Iterator[Explanation]:
    """What the best package without each measure would lose: by counted work, from a resolver that has seen nothing else."""
    resolver = Resolver(ctx.question)
    resolver.known.learn(ctx.front)
    count, key = len(ctx.option.measures), ctx.question.objectives[0].key
    found = [replaced(resolver, words, ctx.option, k, ctx.front, whole=False) for k in range(count)]
    free = [e for e in found if _no_loss(e, key)]
    yield from (e for e in found if e not in free)
    if free:
        all_of = "; ".join(e.about for e in free)
        told = f"Each of these can be replaced at no loss, another package within the same bounds doing as well without it: {all_of}"
        yield Explanation("replacement_loss", "", told, "proven")


def _no_loss(one: Explanation, key: str) -> bool:
    """Whether a package without the measure is known that does as well."""
    without, value = one.numbers.get(f"{key}_without_at_most"), one.numbers.get(f"{key}_with")
    return without is not None and value is not None and without <= value + 1e-9


def _finding(one: Explanation) -> Finding:
    text = _PACKAGE.sub(r"package \1 of the front", one.sentence)
    return Finding(text=sentence(text), sure=SURE[one.exactness], evidence=GRADE_WORDS.get(one.evidence, ""))
