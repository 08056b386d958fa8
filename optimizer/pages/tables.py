"""The evidence as frames: every row with its range, grade and sources. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..inputs.records import Catalog
from ..model.settings import default_state
from .words import plain


def _triple(value: object) -> str:
    """low to high, with the mid."""
    low, mid, high = (getattr(value, k) for k in ("low", "mid", "high"))
    return f"{mid:g} ({low:g} to {high:g})"


def instruments(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "instrument": t.name, "type": plain(t.functional_type), "stance": t.stance, "kind": plain(t.mode),
            "effect alone": _triple(t.effect), "cost (M USD)": _triple(t.cost_musd), "lead (days)": _triple(t.lead_days),
            "intrusion": _triple(t.intrusion), "needs": plain(t.needs_authorization), "grade": plain(t.evidence_grade),
            "how it can do harm": t.backfire_note, "basis of the effect": t.effect_basis, "seed": t.seed_reference,
            "sources": ", ".join(t.sources), "default": plain(t.planner_default), "id": t.id,
        }
        for t in catalog.instruments.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def partners(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "partner": p.name, "kind": plain(p.kind), "acts in": ", ".join(map(plain, p.regions)),
            "legitimacy": p.legitimacy, "leads at once": p.max_concurrent_instruments,
            "activation (days)": p.activation_days, "how it decides": p.decision_rule,
            "what may keep it away": p.availability_constraint, "sources": ", ".join(p.sources), "id": p.id,
        }
        for p in catalog.partners.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def fits(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "partner": catalog.partners[f.partner].name, "instrument": catalog.instruments[f.instrument].name,
            "fit": f.fit, "lead time x": f.lead_time_multiplier, "cost x": f.cost_multiplier, "reason": f.reason,
            "basis": f.basis, "sources": ", ".join(f.source),
        }
        for f in catalog.fits.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def synergies(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "tools": " + ".join(" or ".join(map(plain, keys)) for keys in s.instruments), "relation": plain(s.relation),
            "strength": _triple(s.strength), "window (months)": s.window_months, "condition": s.gate,
            "grade": plain(s.evidence_grade), "rests on": s.passage_or_study, "sources": ", ".join(s.sources), "id": s.id,
        }
        for s in catalog.synergies.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def rules(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "rule": r.id, "title": r.title, "what the seeds ask": r.statement, "kind": plain(r.kind),
            "default": default_state(r.kind, r.default_on), "parameter": r.tunable_parameter, "seed": r.seed_locator,
        }
        for r in catalog.rules.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def parameters(catalog: Catalog) -> pd.DataFrame:
    rows = [
        {
            "parameter": p.name, "section": p.section, "value": p.mid, "low": p.low, "high": p.high, "unit": p.unit,
            "what it is": p.definition, "status": p.status, "sources": ", ".join(p.sources),
        }
        for p in catalog.parameters.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def sources(catalog: Catalog) -> pd.DataFrame:
    both = {**catalog.sources, **catalog.case_sources}
    rows = [
        {"key": s.key, "reference": s.reference, "status": s.status, "what was taken": s.what_was_taken}
        for s in both.values()
    ]
    return pd.DataFrame(rows)


TABLES: dict[str, Callable[[Catalog], pd.DataFrame]] = {
    "Instruments": instruments,
    "Partners": partners,
    "Fit": fits,
    "Synergies": synergies,
    "Rules": rules,
    "Parameters": parameters,
    "Sources": sources,
}


def found(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    """Rows that hold every one of the words, anywhere and in any case; the words are never read as a pattern."""
    text = pd.Series([" ".join(map(str, row)).lower() for row in frame.itertuples(index=False)], index=frame.index)
    keep = pd.Series(True, index=frame.index)
    for word in words.lower().split():
        keep &= text.str.contains(word, regex=False)
    return frame[keep]
