"""What the document is, what it was made from, and how sure it is that nothing better was missed."""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from ..answers import PlanFront
from ..choices import Choices
from ..conflict import wishes_of
from ..solving import fingerprint
from . import words
from .context import Context
from .dates import on
from .record import About
from .studies import Depth
from .tables import numbers
from .text import listed, one_line, sentence
from .verdict import amount

_CHOICES = TypeAdapter(Choices)


def about(ctx: Context, repairs: tuple[str, ...], classification: str, picked: str, depth: Depth) -> About:
    """What the document is and what it was made from."""
    case, front = ctx.case, ctx.front
    kind, concern = level_of_concern(ctx)
    return About(
        title=one_line(case.title or case.id),
        subtitle=f"Playbook: {kind}",
        kind=kind,
        concern=concern,
        classification=one_line(classification),
        as_of=ctx.as_of,
        start=ctx.start,
        end=on(ctx.start, ctx.tree.horizon),
        horizon_months=case.horizon_months,
        branch_date=on(ctx.start, ctx.tree.now.end) if ctx.tree.branches else None,
        package=ctx.option.id,
        picked=picked or "chosen by the planner",
        certificate=_certificate(front),
        case=case.id,
        case_fingerprint=case.fingerprint,
        data_fingerprint=front.data_fingerprint if front else fingerprint(case, ctx.catalog),
        seed=front.seed if front else 0,
        choices=_CHOICES.dump_python(ctx.question.choices, mode="json"),
        requirements=_requirements(ctx),
        repairs=repairs,
        depth=depth,
    )


def _requirements(ctx: Context) -> tuple[str, ...]:
    """The planner's own requirements, with names in place of keys and rules by their titles."""
    titles = {r.id: r.title for r in ctx.catalog.rules.values()}
    found = []
    for text in wishes_of(ctx.question.choices):
        for key, title in titles.items():
            text = text.replace(f"rule {key}", f"the rule '{title}'").replace(
                f"parameter {key}.", f"rule '{title}', its number "
            )
        found.append(sentence(ctx.say(text)))
    return tuple(found)


def level_of_concern(ctx: Context) -> tuple[Literal["crisis prevention plan", "crisis response plan"], str]:
    """Moderate concern asks for a prevention plan, high and rising for a response plan (seed 002, Recommendation 4-2)."""
    limit, base = numbers()["concern_high_baseline"], ctx.ranges.mid.baseline
    share = words.percent(base)
    if ctx.case.intervention_point == "onset":
        return "crisis response plan", f"high: {words.POINTS['onset']}, and the baseline risk is {share}"
    if base >= limit.mid:
        rising = " and rising" if ctx.case.intervention_point != "post_settlement" else ""
        return (
            "crisis response plan",
            f"high{rising}: the baseline risk of {share} is at least {words.percent(limit.mid)} (a judged limit)",
        )
    return (
        "crisis prevention plan",
        f"moderate: the baseline risk of {share} is below {words.percent(limit.mid)} (a judged limit)",
    )


def _certificate(front: PlanFront | None) -> str:
    """How sure it is that no better package was missed; in words, without the search's own terms."""
    if front is None:
        return "This package was not taken from a search: nothing is known of better ones."
    c = front.certificate
    if c.complete:
        return "Every possible package was accounted for: none beats all that were found by more than the stated resolution, in this model."
    gaps = [amount(a, c.gap[a.key] * a.resolution) for a in front.objectives if c.gap.get(a.key, float("inf")) < 1e6]
    known = (
        f"A package not shown could be better by at most {listed(gaps)}"
        if gaps
        else "How much better a package not shown could be is not known"
    )
    return f"The search was stopped early. {known}, in this model."
