"""Partners as sentences name them: with their article, and with verbs in the right number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..inputs.partner_names import name_of
from ..inputs.records import Catalog

ARTICLE = ("UN ", "UK", "OSCE", "OAU", "International Criminal", "Lead-nation", "Force led", "European", "African Union",
           "World Bank", "United ", "Business", "Contact", "Council", "Commonwealth", "Holy See", "Netherlands", "Nordic",
           "Organization", "Patron", "Facilitator")  # fmt: skip
COMMON = ("International NGOs", "Local civil", "International and", "Business", "Diaspora", "Humanitarian",
          "Neighbouring", "Patron", "Contact", "Lead-nation", "Facilitator", "Force led")  # fmt: skip
ONE = ("United States", "Netherlands")  # plural in form, one in sense
MANY = ("media",)  # plural without an s
VERBS = {"is": "are", "has": "have", "was": "were", "does": "do"}
FOLLOWING = "is|has|does|needs|comes|takes|leads|pays"  # verbs that sentences of others put after a partner's bare name


def bare(key: str, catalog: Catalog) -> str:
    """A partner's name without an article."""
    known = catalog.partners.get(key)
    name = known.name if known else name_of(key)
    return re.sub(r" \(.*\)$", "", name.split(" / ")[0])


def inside(name: str) -> str:
    """A name inside a sentence: its article, and no capital for common nouns."""
    lowered = name[0].lower() + name[1:] if name.startswith(COMMON) else name
    return f"the {lowered}" if name.startswith(ARTICLE) else lowered


def is_many(name: str) -> bool:
    """Whether a name takes its verb in the plural: 'international NGOs are', 'the European Union is'."""
    head = name.split(" of ")[0]
    last = head.split(" ")[-1]
    ends = (last.endswith("s") and not last.isupper() and not last.endswith("ss")) or last in MANY
    return name not in ONE and (ends or " and " in head)


def agreeing(name: str, verb: str) -> str:
    """A verb given in the singular, in the number of a name."""
    return VERBS.get(verb, verb.removesuffix("s")) if is_many(name) else verb


class Partners:
    """The partners of one case, by their ids and by the bare names under which others speak of them."""

    def __init__(self, keys: Iterable[str], catalog: Catalog) -> None:
        self._catalog = catalog
        spoken = {k: catalog.partners[k].name if k in catalog.partners else k.replace("_", " ") for k in keys}
        named = {other: k for k in spoken for other in (bare(k, catalog), name_of(k))}
        self._keys = named | {k: k for k in spoken} | {name: k for k, name in spoken.items()}
        names = "|".join(re.escape(n) for n in sorted(self._keys, key=len, reverse=True))
        self._said = re.compile(rf"(led by )?(?<![Tt]he )(?<!\w)({names})(?!\w)(?: ({FOLLOWING})\b)?")

    def name(self, key: str) -> str:
        return inside(bare(key, self._catalog))

    def does(self, key: str, verb: str) -> str:
        """A partner and what it does: 'international NGOs are'; the verb is given in the singular."""
        return f"{self.name(key)} {agreeing(bare(key, self._catalog), verb)}"

    def mended(self, said: str) -> str:
        """A sentence of others with articles, and verbs in their number."""
        return self._said.sub(self._one, said) if self._keys else said

    def _one(self, found: re.Match[str]) -> str:
        led, key, verb = found[1] or "", self._keys[found[2]], found[3]
        if led and verb:  # the verb is that of what the partner leads
            return f"{led}{self.name(key)} {verb}"
        return led + (self.does(key, verb) if verb else self.name(key))
