"""Names on paper: partners and instruments in words, and keys in sentences replaced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..inputs.partner_names import partner_names
from ..inputs.records import Case, Catalog
from .text import one_line
from .words import phase


@dataclass(frozen=True)
class Names:
    """What partners and instruments of a case are called."""

    case: Case
    catalog: Catalog

    @cached_property
    def partners(self) -> Mapping[str, str]:
        """Partner of the case -> its name; names that stand twice are numbered."""
        plain = {p.partner: self._plain(p.partner, p.generic_partner) for p in self.case.partners}
        uses, seen, found = Counter(plain.values()), Counter[str](), {}
        for key, name in plain.items():
            seen[name] += 1
            found[key] = f"{name} ({seen[name]})" if uses[name] > 1 else name
        return found

    def _plain(self, key: str, generic: str) -> str:
        if key in self.catalog.partners:
            return one_line(self.catalog.partners[key].name).replace(" (generic)", "")
        return partner_names().get(key) or key.replace("_", " ").capitalize()

    def partner(self, key: str) -> str:
        return self.partners.get(key, key.replace("_", " "))

    def tool(self, key: str) -> str:
        return self.catalog.instruments[key].name

    @cached_property
    def _keys(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        """Keys, as they stand and with spaces, -> names; one word alone is left, unless it is a partner's key."""
        pairs = dict(self.partners)
        pairs |= {k.replace("_", " "): v for k, v in self.partners.items()}
        pairs |= {k: t.name for k, t in self.catalog.instruments.items() if "_" in k}
        return _pattern(pairs), pairs

    def say(self, text: str) -> str:
        """A sentence of the model with its keys as names."""
        pattern, pairs = self._keys
        text = pattern.sub(lambda hit: pairs[hit.group()], text)
        text = re.sub(
            r"(?:the branch )?'(now|escalates|settles|drags_on)'",
            lambda hit: f"the phase '{phase(hit[1]).lower()}'",
            text,
        )
        return re.sub(r"\bR\d\d\b(\.\w+)?", "a rule", text)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted((re.escape(w) for w in words if w), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest) or '(?!)'})(?!\w)")
