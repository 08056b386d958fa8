"""Ranges of a plan's numbers from the low, mid and high of the catalog and the case: a simple bracket, until the ensemble has been run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..choices import Measure, Package
from ..inputs.records import Instrument, Triple
from ..judge.evaluate import Evaluation, Judged, judge_of
from ..judge.measures import level, wait_days
from ..judge.scene import Scene
from ..questions import Question
from .record import Quantity

End = Literal["low", "high"]
COMPUTED = "computed from the case and the catalog"
BRACKET = "all effects at their low or high end together, with the baseline at its unfavourable or favourable end"


@dataclass(frozen=True)
class Ranges:
    """Brackets for one package of a question."""

    question: Question
    package: Package

    @property
    def scene(self) -> Scene:
        q = self.question
        return judge_of(q.case, q.choices, q.catalog).scene

    @cached_property
    def mid(self) -> Evaluation:
        return self.evaluate(self.package)

    def evaluate(self, package: Package) -> Evaluation:
        q = self.question
        return judge_of(q.case, q.choices, q.catalog).evaluate(package)

    @cached_property
    def weak(self) -> Evaluation:
        """Every effect at its low end, against the high baseline."""
        return self._at("low", self.baseline.high)

    @cached_property
    def strong(self) -> Evaluation:
        """Every effect at its high end, against the low baseline."""
        return self._at("high", self.baseline.low)

    @cached_property
    def baseline(self) -> Quantity:
        """Risk if nothing is done, over the plan's window."""
        case, chosen = self.question.case, self.question.choices.baseline
        risk = case.baseline_risk
        grade = f"case file, confidence {risk.confidence or 'not stated'}"
        if chosen == "inside":
            source = "inside view of the case: this crisis as it stood"
            return Quantity(
                low=risk.low, mid=risk.p_one_year, high=risk.high, unit="probability", grade=grade, source=source
            )
        own = "outside view: five-factor model" if chosen == "outside" else "set by the planner"
        return Quantity(
            low=None, mid=round(self.mid.baseline, 6), high=None, unit="probability", grade=grade, source=own
        )

    def _at(self, end: End, baseline: float | None) -> Evaluation:
        q = self.question
        tools = {key: _shifted(tool, end) for key, tool in q.catalog.instruments.items()}
        catalog = replace(q.catalog, instruments=tools, fingerprint=f"{q.catalog.fingerprint} {end}")
        choices = q.choices if baseline is None else replace(q.choices, baseline=min(max(baseline, 1e-6), 1 - 1e-6))
        return judge_of(q.case, choices, catalog).evaluate(self.package)

    def risk(self) -> Quantity:
        """Projected risk with its bracket."""
        return Quantity(
            low=round(self.strong.risk, 6), mid=round(self.mid.risk, 6), high=round(self.weak.risk, 6),
            unit="probability", grade="expert judgement and weaker sources mixed", source=BRACKET,
        )  # fmt: skip

    def fall(self) -> Quantity:
        """Relative fall in risk at the middle baseline."""
        low, high = self._at("low", None).risk, self._at("high", None).risk
        base = self.mid.baseline
        return Quantity(
            low=round(1 - low / base, 6), mid=round(1 - self.mid.risk / base, 6), high=round(1 - high / base, 6),
            unit="share of the baseline", grade="expert judgement and weaker sources mixed",
            source="all effects at their low or high end together, the baseline at its middle",
        )  # fmt: skip

    def cost(self, judged: Judged) -> Quantity:
        """Cost of a measure, the catalog's range scaled to this partner and duration."""
        tool = self.tool(judged.measure)
        triple, mid = tool.cost_musd, judged.cost_musd
        scale = mid / triple.mid if triple.mid else 0.0
        return Quantity(
            low=round(scale * triple.low, 4), mid=round(mid, 4), high=round(scale * triple.high, 4),
            unit="million USD of 2020", grade=grade(tool), source=tool.cost_basis or "catalog of instruments",
        )  # fmt: skip

    def effect(self, judged: Judged) -> Quantity:
        """Relative fall in risk by a measure alone in the node it is begun in; the catalog's range, scaled likewise."""
        tool = self.tool(judged.measure)
        e = next((x.e for x in judged.effects if x.node == judged.measure.node), 0.0)
        middle = level(self.scene, tool)
        low, high = (e / middle * tool.effect.low, e / middle * tool.effect.high) if middle else (None, None)
        return Quantity(
            low=None if low is None else round(max(-1.0, low), 4), mid=round(e, 4),
            high=None if high is None else round(min(1.0, high), 4), unit="relative fall in risk",
            grade=grade(tool), source=tool.effect_basis or "catalog of instruments",
        )  # fmt: skip

    def in_force(self, judged: Judged) -> tuple[float, float]:
        """Days on which a measure is in force with the short and the long lead time."""
        measure, tool, scene = judged.measure, self.tool(judged.measure), self.scene
        lead = scene.partners[measure.lead]
        fit = scene.catalog.fits[lead.generic, tool.id]

        def day(lead_days: float) -> float:
            moved = tool.model_copy(update={"lead_days": Triple(low=lead_days, mid=lead_days, high=lead_days)})
            return float(measure.start_day + wait_days(moved, fit, lead, measure.start_day))

        return day(tool.lead_days.low), day(tool.lead_days.high)

    def tool(self, measure: Measure) -> Instrument:
        return self.question.catalog.instruments[measure.instrument]


def _shifted(tool: Instrument, end: End) -> Instrument:
    value = tool.effect.low if end == "low" else tool.effect.high
    return tool.model_copy(update={"effect": Triple(low=value, mid=value, high=value)})


def grade(tool: Instrument) -> str:
    return tool.evidence_grade.replace("_", " ")


def total(parts: list[Quantity], weights: list[float] | None = None, source: str = COMPUTED) -> Quantity:
    """Sum of costs; ends added, as if all were low or high together."""
    weights = weights or [1.0] * len(parts)
    ends: Mapping[str, float] = {
        end: round(sum(w * (getattr(p, end) or 0.0) for p, w in zip(parts, weights, strict=True)), 4)
        for end in ("low", "mid", "high")
    }
    return Quantity(**ends, unit="million USD of 2020", grade="expert judgement", source=source)
