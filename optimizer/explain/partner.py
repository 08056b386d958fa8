"""Why this partner and this start: the other leads and starts of a measure, the rest of the package held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..answers import Option
from ..choices import Measure, Package
from ..judge.check import violations
from ..judge.offers import start_days
from ..questions import Question
from .records import Explanation
from .resolve import Resolver, resolver_of
from .words import Words, amount, counted, difference, start


def why_partner(question: Question, option: Option, index: int) -> tuple[Explanation, ...]:
    """The other leads and starts of one measure, best first, the rest of the package held; and why some cannot be."""
    resolver, words, measure = resolver_of(question), Words(question.case, question.catalog), option.measures[index]
    found = [_swapped(resolver, words, option, index, other) for other in _others(question, measure)]
    return tuple(sorted(found, key=lambda e: (bool(e.numbers["forbidden"]), e.numbers["risk_more"] or 0.0)))


def _others(question: Question, measure: Measure) -> Iterator[Measure]:
    """The same instrument under every other partner that the fit table lists, and at every other start."""
    scene = resolver_of(question).judge.scene
    node = scene.nodes[scene.node_index[measure.node]]
    for partner in scene.partners.values():
        if (partner.generic, measure.instrument) in scene.catalog.fits:
            for day in start_days(partner, node):
                other = Measure(
                    measure.instrument,
                    partner.id,
                    measure.node,
                    day,
                    tuple(q for q in measure.joined if q != partner.id),
                )
                if (other.lead, round(other.start_day, 6)) != (measure.lead, round(measure.start_day, 6)):
                    yield other


def _swapped(resolver: Resolver, words: Words, option: Option, index: int, other: Measure) -> Explanation:
    question, old = resolver.question, option.measures[index]
    package = Package(tuple(other if k == index else m for k, m in enumerate(option.measures)))
    broken = violations(question.case, package, question.choices, question.catalog)
    now, then = option.evaluation, resolver.judge.evaluate(package)
    place = option.package.measures.index(old)
    before, after = now.measures[place], then.measures[place]
    scene = resolver.judge.scene
    fits = {m.lead: scene.catalog.fits[scene.partners[m.lead].generic, m.instrument].fit for m in (old, other)}
    numbers = {
        "forbidden": float(bool(broken)), "risk_more": then.risk - now.risk,
        "cost_more_musd": after.cost_musd - before.cost_musd, "days_later": after.in_force_day - before.in_force_day,
        "fit": fits[other.lead], "fit_of_chosen": fits[old.lead],
        "capacity": float(scene.partners[other.lead].capacity),
    }  # fmt: skip
    moved = abs(other.start_day - old.start_day) > 1e-6
    who = words.partner(other.lead) + (f" from day {other.start_day:.0f}" if moved else "")
    sentence = _swap_sentence(words, old, other, who, numbers, broken[0].because if broken else "")
    return Explanation(
        "why_partner", words.measure(old), sentence, "proven", words.grade([old.instrument]), numbers, package
    )


def _swap_sentence(words: Words, old: Measure, other: Measure, who: str, n: Mapping[str, float], because: str) -> str:
    if because:
        return (
            f"{start(who)} cannot lead {words.tool(old.instrument)} with the rest as it is: "
            f"{words.plain(because.rstrip('.'))}."
        )
    risk = (
        f"{difference('risk', n['risk_more'])} {'more' if n['risk_more'] > 0 else 'less'} risk"
        if abs(n["risk_more"]) > 5e-5
        else "the same risk"
    )
    days = round(n["days_later"])
    when = f", in force {counted(abs(days), 'day')} {'later' if days > 0 else 'sooner'}" if days else ""
    cost = n["cost_more_musd"]
    price = f", {amount('cost', abs(cost))} {'dearer' if cost > 0 else 'cheaper'}" if abs(cost) >= 0.05 else ""
    fit = (
        f"fit {n['fit']:.2f} against {n['fit_of_chosen']:.2f}"
        if other.lead != old.lead
        else "the same lead, begun at another time"
    )
    return f"With {who} in the lead of {words.tool(old.instrument)}: {risk}{when}{price} ({fit})."
