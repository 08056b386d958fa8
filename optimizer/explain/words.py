"""Names and numbers as people say them; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..choices import Measure
from ..inputs.records import Case, Catalog
from ..model.objectives import OBJECTIVES
from ..model.tree import MONTH_DAYS
from .partners import ARTICLE as ARTICLE
from .partners import Partners

MODEL_NOT_WORLD = "This explains the model, not the world: the effects are estimates with wide ranges."
NOTHING = 5e-5  # risk: less than what a tenth of a percentage point rounds to
GRADES = ("expert_judgement", "weak", "moderate", "strong")  # weakest first
GRADE_WORDS = {
    "expert_judgement": "expert judgement only", "weak": "weak evidence", "moderate": "moderate evidence", "strong":
    "strong evidence",
}  # fmt: skip
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
        self._partners = Partners((p.partner for p in case.partners), catalog)
        names = {said for t in catalog.instruments.values() for said in (t.name, lower_first(t.name))}
        longest = sorted(names, key=lambda name: (-len(name), name))
        self._tools = re.compile(r"([\w,;:] )?(" + "|".join(map(re.escape, longest)) + ")")

    def is_never(self, key: str, value: float) -> bool:
        """Whether a value says that some group is not protected before the plan ends."""
        return key == "days" and value > self.case.horizon_months * MONTH_DAYS - 0.5

    def amount(self, key: str, value: float) -> str:
        """A value of an objective."""
        return "some group never protected" if self.is_never(key, value) else amount(key, value)

    def tool(self, key: str) -> str:
        """An instrument inside a sentence."""
        return lower_first(_short(self.catalog.instruments[key].name))

    def partner(self, key: str) -> str:
        """A partner inside a sentence, with its article."""
        return self._partners.name(key)

    def does(self, key: str, verb: str) -> str:
        """A partner and what it does, the verb given in the singular: 'international NGOs are'."""
        return self._partners.does(key, verb)

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
        named = self._tools.sub(_tool_said, self._partners.mended(CAPACITY.sub(_too_many, because)))
        named = re.sub(r"\bday (\d+\.\d+)", lambda m: f"day {float(m[1]):.0f}", named)
        keys = "|".join(key.replace("_", "[ _]") for key in PLACES)
        named = re.sub(rf"the plan for ({keys})\b", lambda m: f"the plan {PLACES[m[1].replace(' ', '_')]}", named)
        placed = re.sub(rf"in (?:the branch )?'({keys})'", lambda m: PLACES[m[1].replace(" ", "_")], named)
        return re.sub(rf"for '({keys})'", lambda m: f"for what follows {PLACES[m[1].replace(' ', '_')]}", placed)

    def grade(self, tools: Iterable[str]) -> str:
        """The weakest grade of evidence among some instruments; empty for none."""
        grades = [self.catalog.instruments[key].evidence_grade for key in tools]
        return min(grades, key=GRADES.index, default="")


CAPACITY = re.compile(r"would lead (\d+) measures at once, join (\d+), and can lead (\d+)")


def _too_many(found: re.Match[str]) -> str:
    leads, joins, most = (int(number) for number in found.groups())
    besides = f" and take part in {counted(joins, 'more', 'more')}" if joins else ""
    return f"would lead {counted(leads, 'measure')} at once{besides}, and the limit is {most}"


def _short(name: str) -> str:
    """A label without what stands in brackets."""
    return re.sub(r" \([^)]*\)", "", name)


def _tool_said(found: re.Match[str]) -> str:
    before, name = found[1] or "", _short(found[2])
    return before + (lower_first(name) if before else name)


def lower_first(name: str) -> str:
    """A label inside a sentence: an acronym keeps its capitals."""
    head = name.split(" ", 1)[0]
    return name if head.isupper() or not head[1:].islower() else name[0].lower() + name[1:]


def start(sentence: str) -> str:
    """A sentence with its capital."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    if any(", " in item for item in items):  # where an item has commas of its own, these cannot part them
        return f"{'; '.join(items[:-1])}{';' if len(items) > 2 else ''} {last} {items[-1]}"
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


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


def between(key: str, low: float, high: float) -> str:
    """Two differences in an objective, the smaller first; one where both read the same."""
    least, most = difference(key, low), difference(key, high)
    if least == most:
        return most
    if least.startswith("less"):
        return at_most(key, high)
    number, unit = most.split(" ", 1)
    least = least.split(" ", 1)[0] if least.split(" ", 1)[1].rstrip("s") == unit.rstrip("s") else least
    return f"between {least} and {number} {unit}"


def difference(key: str, value: float) -> str:
    """A difference in an objective, without its sign."""
    return points(value) if key in CHANCES else amount(key, abs(value))
