"""Names on paper: partners and instruments in words, keys in sentences replaced, and names by role where asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Any

from ..explain.partners import ARTICLE
from ..inputs.records import Case, Catalog, Instrument
from .tables import partner_names
from .text import one_line
from .words import phase

ROLE_OF_KIND = {
    "state": "State",
    "regional_organisation": "Regional organisation",
    "international_organisation": "International organisation",
    "ad_hoc_group": "Contact group",
    "court": "Court",
    "non_governmental": "Non-governmental body",
    "private": "Private body",
}


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
        return _pattern(pairs, re.NOFLAG), pairs

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

    def by_role(self, hidden: Iterable[str]) -> Mapping[str, str]:
        """Every name that is to be hidden, in all its forms -> a role."""
        hidden, found = set(hidden), dict[str, str]()
        if "instruments" in hidden:
            found |= self._tools_by_role()
        if "partners" in hidden:
            found |= self._partners_by_role()
        return found

    def _partners_by_role(self) -> dict[str, str]:
        counts, found = Counter[str](), dict[str, str]()
        for partner in self.case.partners:
            generic = self.catalog.partners[partner.generic_partner]
            role = ROLE_OF_KIND.get(generic.kind, "Partner")
            found.setdefault(generic.name, role)
            found.setdefault(generic.name.replace(" (generic)", ""), role)
            label = f"{role} {letters(counts[role])}"
            counts[role] += 1
            for form in (partner.partner, partner.partner.replace("_", " "), self.partners[partner.partner]):
                found[form] = label
        return found

    def _tools_by_role(self) -> dict[str, str]:
        counts, found = Counter[str](), dict[str, str]()
        for tool in self.catalog.instruments.values():
            role = tool_role(tool)
            label = f"{role} {letters(counts[role])}"
            counts[role] += 1
            found |= {tool.id: label, tool.name: label}
            bare = tool.name.split(" (")[0]
            found.setdefault(bare, label)
            if len(tool.id.split("_")) > 1:
                found.setdefault(tool.id.replace("_", " "), label)
        return found


def tool_role(tool: Instrument) -> str:
    """What kind of tool it is, without its name."""
    return f"{tool.functional_type.replace('_', '-').capitalize()} measure ({tool.stance})"


def the(name: str) -> str:
    """A partner's name inside a sentence, with its article where it takes one."""
    return f"the {name}" if name.startswith(ARTICLE) else name


def letters(k: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    word = ascii_uppercase[k % 26]
    return word if k < 26 else letters(k // 26 - 1) + word


def _pattern(words: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest = sorted((re.escape(w) for w in words if w), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest) or '(?!)'})(?!\w)", flags)


def replacer(pairs: Mapping[str, str]) -> Any:
    """A function that puts roles for names in a text, whatever their capitals."""
    lower = {k.lower(): v for k, v in pairs.items()}
    pattern = _pattern(lower, re.IGNORECASE)
    return lambda text: pattern.sub(lambda hit: lower[hit.group().lower()], text)


def walked(data: Any, change: Any, keep: frozenset[str] = frozenset()) -> Any:
    """Plain data with a function applied to every text, but under the keys in `keep`."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {k: v if k in keep else walked(v, change, keep) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [walked(x, change, keep) for x in data]
    return data
