"""Numbers, days, money and names spelled the same on every page. No Streamlit here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ..inputs.records import Case, Catalog
from ..model.objectives import CHANCES

SHORT = {
    "risk": "Projected risk",
    "cost": "Expected cost",
    "days": "Days to protection",
    "coercion": "Coerciveness",
    "shortfall": "Price of rules not kept",
    "worst_k": "Risk if measures fail",
    "worst_reply": "Risk under the best reply",
    "cvar": "Tail risk",
}
UNITS = {"cost": "M USD of 2020", "days": "days", "coercion": "points", "shortfall": "risk points"}
UNITS |= dict.fromkeys(CHANCES, "%")
DIGITS = {"cost": 0, "days": 0, "coercion": 2, "shortfall": 3} | dict.fromkeys(CHANCES, 1)
ACRONYM = 4  # letters: eu, nato, osce and the like are spelled in capitals
GRADES = {
    "strong": "strong evidence",
    "moderate": "moderate evidence",
    "limited": "limited evidence",
    "case_based": "evidence from cases",
    "expert_judgement": "expert judgement",
}
CEILINGS = {
    "words": "what words can do",
    "soft": "what can be done without force",
    "joint": "what all measures can do together",
    "sanctions": "what sanctions can do",
    "synergies_soft": "what measures without force can add to one another",
    "synergies_hard": "what measures with force can add to one another",
}
MODEL_ONLY = (
    "These figures explain the model, not the world: effects are judged priors with wide ranges. "
    "Read them beside the evidence grades, and never as a forecast."
)


def shown(key: str, value: float) -> float:
    """An objective's value in the unit of the pages (risk in per cent)."""
    return 100 * value if key in CHANCES else value


def amount(key: str, value: float) -> str:
    """An objective's value with its unit."""
    return f"{shown(key, value):,.{DIGITS[key]}f} {UNITS[key]}"


def axis_title(key: str) -> str:
    return f"{SHORT[key]} ({UNITS[key]})"


def protection(value: float, horizon: float) -> str:
    """Days to protection; the end of the plan stands for never."""
    return "not within the plan" if value >= horizon - 0.5 else f"{value:,.0f} days"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def money(musd: float) -> str:
    return f"{musd:,.1f} M USD" if abs(musd) < 10 else f"{musd:,.0f} M USD"


def calendar(case: Case, day: float) -> date:
    """The date of a day of the case."""
    return date.fromisoformat(str(case.start_date)) + timedelta(days=round(day))


def day_text(case: Case, day: float) -> str:
    return f"{calendar(case, day).isoformat()} (day {day:.0f})"


def plain(key: str) -> str:
    """An identifier as words."""
    return key.replace("_", " ")


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def literal(text: str) -> str:
    """Text of a file or a planner, as it stands: nothing in it is taken for a format, a link or a picture to fetch."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~:$])", r"\\\1", text)


def node_name(node: str) -> str:
    return "Now" if node == "now" else f"If it {plain(node)}"


@dataclass(frozen=True)
class Names:
    """Names of partners and instruments as people read them."""

    case: Case
    catalog: Catalog

    def partner(self, key: str) -> str:
        entry = next((p for p in self.case.partners if p.partner == key), None)
        if entry is not None and entry.generic_partner == key:
            return self.catalog.partners[key].name
        return " ".join(w.upper() if len(w) <= ACRONYM and "_" not in key else w.capitalize() for w in key.split("_"))

    def tool(self, key: str) -> str:
        return self.catalog.instruments[key].name

    def grade(self, key: str) -> str:
        grade = self.catalog.instruments[key].evidence_grade
        return GRADES.get(grade, plain(grade))
