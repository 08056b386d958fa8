"""Small questions on real cases, and packages written down by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from optimizer import Choices, Measure, Package, load_case, load_catalog
from optimizer.model.audit import with_measures
from optimizer.model.rules import rows_of
from optimizer.model.situation import Situation, compile_situation


def m(instrument: str, lead: str, node: str = "now", start: float = 0.0, joined: tuple[str, ...] = ()) -> Measure:
    return Measure(instrument, lead, node, start, joined)


def situation(case: str, choices: Choices | None = None) -> Situation:
    return compile_situation(load_case(case), load_catalog(), choices or Choices())


def kept(rule: str, case: str, measures: Iterable[Measure], choices: Choices | None = None) -> bool:
    """Whether a rule's rows hold on hand-written measures, on offer or not."""
    grown, chosen = with_measures(situation(case, choices), Package(tuple(measures)))
    return all(row.kept(chosen) for row in rows_of(grown, rule))


def only(case: str, instruments: Iterable[str], partners: Iterable[str], **wishes: object) -> Choices:
    """Choices that leave a few instruments and partners on offer: small enough for enumeration."""
    tools, allies = set(instruments), set(partners)
    choices = Choices(
        force_out=tuple(k for k in load_catalog().instruments if k not in tools),
        partners_out=tuple(p.partner for p in load_case(case).partners if p.partner not in allies),
    )
    return replace(choices, **wishes)  # type: ignore[arg-type]
