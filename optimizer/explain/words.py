"""Names and numbers as people say them; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..choices import Measure
from ..inputs.records import Case, Catalog, Instrument
from ..judge.evaluate import Judged
from ..model.objectives import OBJECTIVES

MODEL_NOT_WORLD = "This explains the model, not the world: the effects are estimates with wide ranges."
NOTHING = 5e-5  # risk: less than what a tenth of a percentage point rounds to
GRADES = ("expert_judgement", "weak", "moderate", "strong")  # weakest first
GRADE_WORDS = {
    "expert_judgement": "expert judgement only", "weak": "weak evidence", "moderate": "moderate evidence", "strong":
    "strong evidence",
}  # fmt: skip
ARTICLE = (
    "UN ",
    "UK",
    "OSCE",
    "OAU",
    "International Criminal",
    "Lead-nation",
    "European",
    "African Union",
    "World Bank",
    "United ",
    "Business",
    "Contact",
)
UPPER = {
    "uk",
    "un",
    "eu",
    "us",
    "nato",
    "osce",
    "icc",
    "igad",
    "ecowas",
    "imf",
    "ngo",
    "ngos",
    "pko",
    "drc",
    "asean",
    "sadc",
    "oau",
    "csce",
}
SPELT = {"pko": "peacekeepers", "and": "and", "of": "of"}
PLACES = {
    "now": "now",
    "escalates": "if the crisis escalates",
    "settles": "if it settles",
    "drags_on": "if it drags on",
}


NAMES = {
    "risk": "risk",
    "cost": "cost",
    "days": "time to protection",
    "coercion": "coerciveness",
    "shortfall": "price of rules not kept",
    "worst_k": "risk if measures fail",
    "worst_reply": "risk under the best reply",
    "cvar": "tail risk",
}


CHANCES = frozenset(key for key, o in OBJECTIVES.items() if o.unit == "probability")


class Words:
    """The names of one case: its partners, the catalog's instruments, the nodes of the plan."""

    def __init__(self, case: Case, catalog: Catalog) -> None:
        self.case, self.catalog = case, catalog
        ids = sorted((p.partner for p in case.partners), key=len, reverse=True)
        self._ids = re.compile(r"\b(" + "|".join(map(re.escape, ids)) + r")\b")

    def tool(self, key: str) -> str:
        """An instrument inside a sentence."""
        return lower_first(re.sub(r" \([^)]*\)", "", self.catalog.instruments[key].name))

    def partner(self, key: str) -> str:
        """A partner inside a sentence, with its article."""
        known = self.catalog.partners.get(key)
        name = re.sub(r" \(.*\)$", "", known.name) if known else titled(key)
        return f"the {lower_start(name)}" if name.startswith(ARTICLE) else lower_start(name)

    def place(self, node: str) -> str:
        """When a measure is begun: now, or in a branch."""
        return PLACES.get(node, f"in the branch '{node.replace('_', ' ')}'")

    def measure(self, measure: Measure) -> str:
        """A measure in words."""
        return f"{self.tool(measure.instrument)} led by {self.partner(measure.lead)} ({self.place(measure.node)})"

    @staticmethod
    def places() -> tuple[str, ...]:
        """The ways to say when, the branches first."""
        return tuple(reversed(PLACES.values()))

    def plain(self, because: str) -> str:
        """A row's own words, with partners and parts of the plan by name."""
        named = self._ids.sub(lambda m: self.partner(m[1]), because)
        keys = "|".join(key.replace("_", "[ _]") for key in PLACES)
        placed = re.sub(rf"in (?:the branch )?'({keys})'", lambda m: PLACES[m[1].replace(" ", "_")], named)
        return re.sub(rf"for '({keys})'", lambda m: f"for what follows {PLACES[m[1].replace(' ', '_')]}", placed)

    def grade(self, tools: Iterable[str]) -> str:
        """The weakest grade of evidence among some instruments; empty for none."""
        grades = [self.catalog.instruments[key].evidence_grade for key in tools]
        return min(grades, key=GRADES.index, default="")


def titled(key: str) -> str:
    """An id as a name."""
    return " ".join(SPELT.get(w) or (w.upper() if w in UPPER else w.capitalize()) for w in key.split("_"))


def lower_first(name: str) -> str:
    """A label inside a sentence: an acronym keeps its capitals."""
    head = name.split(" ", 1)[0]
    return name if head.isupper() or not head[1:].islower() else name[0].lower() + name[1:]


def lower_start(name: str) -> str:
    """A partner's label inside a sentence: common nouns lose their capital, names keep it."""
    common = (
        "International NGOs",
        "Local civil",
        "International and",
        "Business",
        "Diaspora",
        "Humanitarian",
        "Neighbouring",
        "Patron",
        "Contact",
        "Lead-nation",
        "Facilitator",
    )
    return name[0].lower() + name[1:] if name.startswith(common) else name


def title_of(tool: Instrument) -> str:
    """An instrument at the start of a sentence."""
    return tool.name


def start(sentence: str) -> str:
    """A sentence with its capital."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    items = list(names)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def counted(number: int, one: str, many: str = "") -> str:
    """Three measures, one measure."""
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return f"{small[number] if number < len(small) else number} {one if number == 1 else many or one + 's'}"


def points(risk: float) -> str:
    """A difference in risk, in percentage points."""
    size = abs(100 * risk)
    text = "less than 0.05" if 0 < size < 0.05 else f"{size:.1f}"
    return f"{text} percentage {'point' if text == '1.0' else 'points'}"


def at_most(key: str, value: float) -> str:
    """ "At most so much", which a difference too small to print says by itself."""
    said = difference(key, value)
    return said if said.startswith("less") else f"at most {said}"


def amount(key: str, value: float) -> str:
    """A value of an objective."""
    if key in CHANCES:
        return f"{100 * value:.1f} %"
    return {
        "cost": f"{value:,.1f} M USD", "days": f"{value:.0f} days", "coercion": f"{value:.2f} points of intrusion",
        "shortfall": f"{value:.2f} risk points in rule prices",
    }[key]  # fmt: skip


def difference(key: str, value: float) -> str:
    """A difference in an objective, without its sign."""
    return points(value) if key in CHANCES else amount(key, abs(value))


def dated(judged: Judged) -> str:
    """When a measure is in force."""
    return f"in force from day {judged.in_force_day:.0f}"
