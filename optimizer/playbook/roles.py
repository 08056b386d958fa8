"""Names by role: every form of a name that catalog and case know, in whatever text it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from string import ascii_uppercase
from typing import Any

from ..inputs.partner_names import codes, other_names
from ..inputs.records import CasePartner, Instrument, Partner
from .naming import Names

ROLE_OF_KIND = {
    "state": "State",
    "regional_organisation": "Regional organisation",
    "international_organisation": "International organisation",
    "ad_hoc_group": "Contact group",
    "court": "Court",
    "non_governmental": "Non-governmental body",
    "private": "Private body",
}


UNSEEN = re.compile("[\u200b-\u200d\u2060\u00ad]")  # marks that would part a name without being seen
NOBODY = re.compile(r"\((generic|.* type)\)")  # names of the catalog that are of a kind of partner and name nobody
UNNAMED = ("non_governmental", "private")  # kinds of partners that the case files call by plain nouns, such as media
LONGER = {"united_states": ("USA", "U.S.A.")}  # abbreviations that no table has
SHORT, ABBREVIATION = (
    2,
    4,
)  # letters: a form so short may be a word of its own and counts in capitals only; longer codes are plain words


def by_role(names: Names, hidden: Iterable[str]) -> Mapping[str, str]:
    """Every form of every name that is to be hidden -> a role."""
    hidden, found = set(hidden), dict[str, str]()
    if "instruments" in hidden:
        found |= _tools(names)
    if "partners" in hidden:
        found |= _partners(names)
    return found


def _partners(names: Names) -> dict[str, str]:
    counts, found, generics = Counter[str](), dict[str, str](), dict[str, str]()
    for partner in names.case.partners:
        generic = names.catalog.partners[partner.generic_partner]
        role = ROLE_OF_KIND.get(generic.kind, "Partner")
        label = f"{role} {letters(counts[role])}"
        known = names.catalog.partners.get(partner.partner)
        if known is not None and NOBODY.search(known.name):
            continue
        counts[role] += 1
        found |= dict.fromkeys(_own_forms(names, partner), label)
        if not NOBODY.search(generic.name):
            generics |= dict.fromkeys(_name_forms(generic), role)
    return generics | found


def _own_forms(names: Names, partner: CasePartner) -> list[str]:
    """Key, name on paper, the names of the case files, abbreviations; with and without what stands in brackets."""
    key, known = partner.partner, names.catalog.partners.get(partner.partner)
    forms = [key, key.replace("_", " "), names.partners[key]]
    if known is None or known.kind not in UNNAMED:
        short = [code.upper() for code in codes(key) if len(code) <= ABBREVIATION]
        forms += [*other_names(key), *short, *(".".join(code) + "." for code in short if len(code) < ABBREVIATION)]
        forms += LONGER.get(key, ())
    return [*forms, *(form.split(" (")[0] for form in forms), *(_name_forms(known) if known else ())]


def _name_forms(partner: Partner) -> list[str]:
    """A name of the catalog, and the abbreviations that it has in brackets."""
    name = partner.name.replace(" (generic)", "")
    return [partner.name, name, name.split(" (")[0], *re.findall(r"\b[A-Z]{3,}\b", name)]


def _tools(names: Names) -> dict[str, str]:
    counts, found = Counter[str](), dict[str, str]()
    for tool in names.catalog.instruments.values():
        role = tool_role(tool)
        label = f"{role} {letters(counts[role])}"
        counts[role] += 1
        found |= {tool.id: label, tool.name: label}
        found.setdefault(re.sub(r" ?\([^)]*\)", "", tool.name), label)
        if "_" in tool.id:
            found.setdefault(tool.id.replace("_", " "), label)
    return found


def tool_role(tool: Instrument) -> str:
    """What kind of tool it is, without its name."""
    return f"{tool.functional_type.replace('_', '-').capitalize()} measure ({tool.stance})"


def letters(k: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    word = ascii_uppercase[k % 26]
    return word if k < 26 else letters(k // 26 - 1) + word


def replacer(pairs: Mapping[str, str]) -> Callable[[str], str]:
    """A function that puts roles for names in a text: whatever their capitals, and however their words are parted."""
    wanted = {_plain(form): role for form, role in pairs.items() if form}
    longest = sorted(wanted, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(_loose, longest)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def put(hit: re.Match[str]) -> str:
        word = hit.group()
        return word if len(word) <= SHORT and not word.isupper() else wanted[_plain(word)]

    return lambda text: pattern.sub(put, UNSEEN.sub("", text))


def _plain(form: str) -> str:
    return re.sub(r"[\s_-]+", " ", form).lower()


def _loose(form: str) -> str:
    """A form whose words may be parted by blanks, line ends, hyphens or underscores."""
    return r"[\s_-]+".join(map(re.escape, form.split(" ")))


def walked(data: Any, change: Any, keep: frozenset[str] = frozenset()) -> Any:
    """Plain data with a function applied to every text, but under the keys in `keep`."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {k: v if k in keep else walked(v, change, keep) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [walked(x, change, keep) for x in data]
    return data
