"""Every number that the plan rests on, with its range, grade and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..inputs.records import Instrument
from . import words
from .context import Context
from .record import Evidence, Quantity
from .tables import numbers

_FILE = re.compile(r"\b\d{3}_[0-9a-f]{16}\.txt \(seed document\)\. ?")  # names of files are no part of a reference


def evidence(ctx: Context) -> tuple[Evidence, ...]:
    """Baseline, branches, each instrument's effect, cost and lead time, each partner's fit, and the playbook's own numbers."""
    return (*_case(ctx), *_branches(ctx), *_tools(ctx), *_fits(ctx), *_own())


def _case(ctx: Context) -> Iterator[Evidence]:
    refs = references(ctx, ctx.case.sources)
    yield Evidence(what="Risk if nothing is done", value=ctx.ranges.baseline, references=refs)
    harm = ctx.case.harm_if_unmitigated
    value = Quantity(
        low=harm.deaths_low, mid=harm.deaths_best, high=harm.deaths_high, unit="persons",
        grade=f"case file, confidence {harm.confidence or 'not stated'}", source=harm.basis or "case file",
    )  # fmt: skip
    yield Evidence(what="Civilian deaths if it happens", value=value, references=refs)


def _branches(ctx: Context) -> Iterator[Evidence]:
    from .contingencies import contingencies

    row = ctx.catalog.branch_defaults[ctx.case.intervention_point, ctx.case.tempo.tempo_class]
    refs = references(ctx, row.sources)
    first: dict[str, str] = {}  # where a basis stands in full
    for one in contingencies(ctx):
        for what, value in ((f"{one.phase}: chance", one.chance), (f"{one.phase}: hazard", one.hazard)):
            said = first.get(value.source)
            told = value if said is None else value.model_copy(update={"source": f"as for {words.lower(said)}"})
            first.setdefault(value.source, what)
            yield Evidence(what=what, value=told, references=refs)


def _tools(ctx: Context) -> Iterator[Evidence]:
    used = dict.fromkeys(j.measure.instrument for _, j in ctx.numbered)
    for tool in (ctx.catalog.instruments[key] for key in used):
        refs, grade = references(ctx, tool.sources), tool.evidence_grade.replace("_", " ")
        rows = (
            ("effect alone, in time and well led", tool.effect, "relative fall in risk", tool.effect_basis),
            ("cost over its usual duration", tool.cost_musd, "million USD of 2020", tool.cost_basis),
            ("lead time", tool.lead_days, "days", tool.lead_basis),
            ("intrusion on sovereignty", tool.intrusion, "0 to 1", "judged"),
        )
        for name, t, unit, basis in rows:
            value = Quantity(
                low=t.low, mid=t.mid, high=t.high, unit=unit, grade=grade, source=_readable(ctx, basis) or "catalog"
            )
            yield Evidence(what=f"{tool.name}: {name}", value=value, references=refs)


def _fits(ctx: Context) -> Iterator[Evidence]:
    pairs = dict.fromkeys((j.measure.lead, j.measure.instrument) for _, j in ctx.numbered)
    for partner, key in pairs:
        fit = ctx.catalog.fits[ctx.entry(partner).generic_partner, key]
        tool: Instrument = ctx.catalog.instruments[key]
        value = Quantity(
            low=None,
            mid=fit.fit,
            high=None,
            unit="fit, 0 to 1",
            grade="expert judgement",
            source=_readable(ctx, fit.reason),
        )
        yield Evidence(
            what=f"{ctx.names.partner(partner)} for {tool.name}", value=value, references=references(ctx, fit.source)
        )


def _own() -> Iterator[Evidence]:
    for key, value in numbers().items():
        what = key.removeprefix("prepare_").removesuffix("_months").replace("_", " ")
        label = {
            "concern_high_baseline": "Baseline from which concern is high",
            "review_months": "Time between reviews",
        }
        yield Evidence(
            what=label.get(key, f"Preparation, {words.GATES.get(what.replace(' ', '_'), what)}"),
            value=value,
            references=(),
        )


METHODS = {  # catalog/README.md: how an effect was made
    "M1": "a measured effect, shrunk",
    "M2": "a success rate turned into an effect",
    "M3": "studies that give a sign only",
    "M4": "cases and judgement",
}


def _readable(ctx: Context, basis: str) -> str:
    """A basis without keys: short references for sources, words for the codes of methods."""
    known = {**ctx.catalog.case_sources, **ctx.catalog.sources}

    def said(hit: re.Match[str]) -> str:
        word = hit.group()
        return METHODS[word] if word in METHODS else _short(known[word].reference) if word in known else word

    return re.sub(r"\w+", said, basis)


def _short(reference: str) -> str:
    """Up to the year, or the first words."""
    found = re.match(r".{0,60}?\(?\b(1[89]|20)\d\d\b\)?", reference)
    return found.group() if found else " ".join(reference.split()[:4])


def references(ctx: Context, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Full references; a source that was recalled from memory says so."""
    known = {**ctx.catalog.case_sources, **ctx.catalog.sources}
    return tuple(
        f"{_FILE.sub('', known[k].reference)} ({'recalled from memory, to be checked' if known[k].status == 'recalled' else 'seen'})"
        for k in dict.fromkeys(keys)
        if k in known
    )
