"""The words for what the data hold as keys."""

from __future__ import annotations

GROUPS = {
    "decision_makers": "Decision makers",
    "perpetrators": "Perpetrators",
    "victims": "Threatened people",
    "third_parties": "Third parties",
}
POINTS = {
    "new_elite": "a new elite has just taken power",
    "early_war": "armed conflict is in its first stage",
    "onset": "mass killing has begun or is certain",
    "post_settlement": "an accord has to be carried out",
}
TEMPO = {
    "volcanic": "fast: about half or more of the harm within three to four months of the onset",
    "rolling": "rolling: the harm is spread over a year or more",
    "slow": "slow: a build-up with a low monthly risk",
}
ROLES = {
    "government": "government",
    "rebels": "armed opposition",
    "militia": "militia",
    "patron": "patron of the regime",
    "neighbour": "neighbour",
    "threatened_group": "threatened group",
    "third_party": "third party",
}
MODES = {
    "threat": "threat",
    "imposed_measure": "imposed measure",
    "inducement": "offer",
    "promise": "promise",
    "facilitation": "facilitation",
    "protective_presence": "protective presence",
    "information": "information",
    "enabler": "preparation for other measures",
}
OWN_DECISION = "decision of the lead's own body"
GATES = {
    "none": "the leading partner's own word",
    "executive": "decision of the executive",
    "national_legislature": "vote of a national legislature",
    "regional": "mandate of a regional body",
    "unsc": "mandate of the Security Council",
}
PRECONDITIONS = {
    "upheaval": "Political upheaval",
    "exclusionary_ideology": "Exclusionary ideology of the elite",
    "polarised_elite": "Polarised or minority-based elite",
    "state_led_discrimination": "State-led discrimination",
    "autocracy": "Autocracy",
    "low_interconnectedness": "Few ties of trade and politics",
    "prior_genocide": "Earlier genocide or politicide",
}
LEVERAGE = {
    "economic_integration": ("Ties of trade and wish for membership", "the higher, the more economic levers do"),
    "aid_dependence": ("Dependence on aid", "the higher, the more aid and loans can move"),
    "geographic_accessibility": (
        "Access to people at risk",
        "the higher, the easier monitors, relief and troops reach them",
    ),
    "regime_receptiveness": (
        "Readiness of those in power to listen",
        "the higher, the more talks and consent can be had",
    ),
    "patron_shield": ("Protection by a patron", "the higher, the less pressure does"),
    "diaspora_networks": ("Diaspora and other groups that can press", "the higher, the more they can do"),
    "rebel_leverage": ("Hold of outsiders on the armed opposition", "the higher, the more it can be moved"),
    "peace_process": ("Peace process under way", "0: none, 1: a full process"),
}
CEILINGS = {
    "words": "what words can do",
    "soft": "what can be done without force",
    "joint": "what all measures can do together",
    "sanctions": "what sanctions can do",
}
STATES = {"required": "required", "preferred": "preferred", "off": "switched off"}
PHASES = {"now": "Now", "escalates": "If it escalates", "settles": "If it settles", "drags_on": "If it drags on"}


def phase(node: str) -> str:
    """A node of the tree in words."""
    return PHASES.get(node, f"If: {node.replace('_', ' ')}")


SHARE = "\u00a0%"


def percent(share: float, digits: int | None = None) -> str:
    """A share as a percentage: whole numbers from 10 % on, one digit below, so that nothing looks surer than it is."""
    number = 100 * share
    if digits is None:
        digits = 0 if abs(number) >= 9.95 else 1
    return minus(f"{number:.{digits}f}{SHARE}")


def minus(text: str) -> str:
    """A number with a true minus, at which no line breaks."""
    return text.replace("-", "\u2212", 1) if text.startswith("-") else text


def count(number: float) -> str:
    """A whole number, a blank between thousands."""
    return minus(f"{number:,.0f}".replace(",", "\u00a0"))


def musd(amount: float) -> str:
    """Million USD; no digit after the point from 20 on."""
    if amount == 0:
        return "0"
    return count(amount) if abs(amount) >= 19.95 else f"{amount:.1f}"


def span(low: float | None, high: float | None, say: object = percent) -> str:
    """low to high, in the manner of `say`."""
    assert callable(say)
    return "not known" if low is None or high is None else joined(say(low), say(high))


def joined(low: str, high: str) -> str:
    """low to high, their common unit once."""
    low = low.removesuffix(SHARE) if high.endswith(SHARE) else low
    return f"{low}\u00a0to\u00a0{high}"


def apart(before: float, after: float) -> int | None:
    """Digits for two shares that stand side by side, so that a small difference is seen."""
    return 1 if percent(before) == percent(after) and before != after else None


def lower(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it begins a name in capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
