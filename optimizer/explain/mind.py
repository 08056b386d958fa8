"""What would change my mind? The smallest change of one estimate with which another package of the front is
preferable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..answers import Option, PlanFront
from ..choices import Package
from ..inputs.records import Catalog
from ..judge.evaluate import make_judge
from ..questions import Question
from .live import Stop, measured, never
from .records import Explanation
from .words import Words, start

SECONDS = 10.0
HALVINGS = 12  # of the estimate's range: a four-thousandth of it
TWICE = 2.0  # how far beyond an estimate it is looked; its own range where that is wider


@dataclass(frozen=True)
class Estimate:
    """An instrument's effect, scaled: `low` and `high` are its range as shares of the mid."""

    instrument: str
    low: float
    high: float


def what_would_change(
    question: Question, front: PlanFront, option: Option, *, seconds: float = SECONDS, stop: Stop = never
) -> tuple[Explanation, ...]:
    """The estimates whose change would make another package of the front no worse in any objective, the smallest
    change first.

    Another package is preferable once it leaves no more risk and is no worse in all else that the planner counts.
    """
    words, found = Words(question.case, question.catalog), list[Explanation]()
    left = measured(seconds)
    for rival in _rivals(front, option):
        for estimate in _estimates(question.catalog, option.package, rival.package):
            if stop() or left() < 0.05:
                break
            factor = turning_point(question, option.package, rival.package, estimate)
            if factor is not None:
                found.append(_said(words, option, rival, estimate, factor))
    return tuple(sorted(found, key=lambda e: abs((e.numbers["factor"] or 1.0) - 1.0)))


def _rivals(front: PlanFront, option: Option) -> tuple[Option, ...]:
    """Packages that are no worse in all objectives but risk, those nearest in risk first."""
    others = [a.key for a in front.objectives if a.key != "risk"]
    found = [
        p
        for p in front
        if p.package != option.package and all(p.objectives[k] <= option.objectives[k] + 1e-9 for k in others)
    ]
    return tuple(sorted(found, key=lambda p: p.evaluation.risk))[:4]


def _estimates(catalog: Catalog, one: Package, other: Package) -> Iterator[Estimate]:
    """The effects of the instruments that only one of two packages has, or has elsewhere."""
    keys = {m.instrument for m in set(one.measures) ^ set(other.measures)}
    for key in sorted(keys):
        effect = catalog.instruments[key].effect
        if effect.mid:
            ends = sorted((effect.low / effect.mid, effect.high / effect.mid))
            yield Estimate(key, min(ends[0], 0.0), max(ends[1], TWICE))


def turning_point(question: Question, one: Package, other: Package, estimate: Estimate) -> float | None:
    """The factor on an estimate, nearest to 1, at which the other package leaves no more risk.

    None within its range.
    """
    lead = _lead(question, one, other, estimate.instrument)
    if lead(1.0) <= 0:
        return 1.0
    ends = [f for f in (estimate.low, estimate.high) if lead(f) <= 0]
    turned = [_halved(lead, 1.0, end) for end in ends]
    return min(turned, key=lambda f: abs(f - 1), default=None)


def _halved(lead: Callable[[float], float], before: float, after: float) -> float:
    """The factor between two at which the lead is lost."""
    for _ in range(HALVINGS):
        middle = (before + after) / 2
        before, after = (middle, after) if lead(middle) > 0 else (before, middle)
    return after


def _lead(question: Question, one: Package, other: Package, instrument: str) -> Callable[[float], float]:
    """By how much the first package leaves less risk, as a function of the factor on an instrument's effect."""

    def lead(factor: float) -> float:
        judge = make_judge(question.case, question.choices, _scaled(question.catalog, instrument, factor))
        return judge.evaluate(other).risk - judge.evaluate(one).risk

    return lead


def _scaled(catalog: Catalog, instrument: str, factor: float) -> Catalog:
    tool = catalog.instruments[instrument]
    effect = tool.effect.model_copy(
        update={k: min(factor * getattr(tool.effect, k), 0.99) for k in ("low", "mid", "high")}
    )
    tools = {**catalog.instruments, instrument: tool.model_copy(update={"effect": effect})}
    return replace(catalog, instruments=tools, fingerprint=f"{catalog.fingerprint} {instrument} x {factor!r}")


def _other_effect(then: float, now: float) -> str:
    """A share of the risk that a measure takes away, or adds where it is negative, instead of what it does now."""
    new, old = f"{100 * abs(then):.1f} %", f"{100 * abs(now):.1f} %"
    if (then < 0) == (now < 0):
        return (
            f"{'added' if then < 0 else 'took'} {new} {'to' if then < 0 else 'off'} the risk by itself instead of {old}"
        )
    instead = f"adding {old} to it" if now < 0 else f"taking {old} off it"
    return (
        f"{'added' if then < 0 else 'took'} {new} {'to' if then < 0 else 'off'} the risk by itself instead of {instead}"
    )


def _said(words: Words, option: Option, rival: Option, estimate: Estimate, factor: float) -> Explanation:
    tool, effect = words.tool(estimate.instrument), words.catalog.instruments[estimate.instrument].effect
    mid, turned = effect.mid, factor * effect.mid
    inside = min(effect.low, effect.high) <= turned <= max(effect.low, effect.high)
    where = "inside the range of the evidence" if inside else "outside the range of the evidence"
    other = f"package {rival.id} ({', '.join(words.amount(k, v) for k, v in rival.objectives.items())})"
    if factor == 1.0:
        sentence = f"{start(other)} leaves no more risk already."
    else:
        sentence = (
            f"If {tool} {_other_effect(turned, mid)} ({where}), "
            f"{other} would leave no more risk and be no worse otherwise."
        )
    numbers = {"factor": factor, "effect_now": mid, "effect_then": turned, "inside_its_range": float(inside)}
    return Explanation(
        "change_of_mind", tool, sentence, "proven", words.grade([estimate.instrument]), numbers, rival.package
    )
