"""Which package of a front: knee, cheapest, safest, its id, or the cheapest that keeps a limit."""

from __future__ import annotations

import re

from ..answers import Option, PlanFront
from ..inputs.faults import Fault, InputError, did_you_mean
from ..knee import knee as place_of_knee
from ..model.objectives import CHANCES, OBJECTIVES

_LIMIT = re.compile(r"^\s*([a-z_]+)\s*(<=|>=|=<|=>|<|>)\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*$", re.IGNORECASE)
_ID = re.compile(r"^p\d+$", re.IGNORECASE)
WORDS = ("knee", "cheapest", "safest")
KEYS = tuple(OBJECTIVES)
EXAMPLE = 'Write for example "risk<=0.1" or "risk<=10%, cost<=300"'
Limit = tuple[str, str, float]


def pick(front: PlanFront, text: str = "knee") -> Option:
    """The package that `text` asks for: knee, cheapest, safest, an id, or limits such as "risk<=0.1, cost<=300"."""
    if not front.packages:
        raise _fault(text, "the front holds no package", "Loosen the requirements and solve again")
    ids, wanted = {p.id.lower(): p for p in front}, text.strip().lower()
    if wanted in ids:
        return ids[wanted]
    limits = checked(text)
    if wanted in WORDS:
        return {"knee": knee, "cheapest": cheapest, "safest": safest}[wanted](front)
    if limits:
        return _within(front, limits, text)
    raise _fault(text, "the front has no such package", f"It has {_some([p.id for p in front])}")


def checked(text: str) -> tuple[Limit, ...]:
    """The limits that a text sets, none for a word or an id; InputError if it can pick nothing from any front."""
    wanted = text.strip().lower()
    if wanted in WORDS or _ID.match(wanted):
        return ()
    if any(sign in wanted for sign in "<>="):
        return tuple(_limit(part, text) for part in wanted.split(","))
    raise _fault(text, "it picks no package", did_you_mean(wanted, [*WORDS, "risk<=0.1", "P1"]))


def _some(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= 8 else f"{', '.join(ids[:3])} to {ids[-1]}"


def value(option: Option, key: str) -> float:
    """An objective of a package, asked for or not."""
    return option.objectives[key] if key in option.objectives else option.evaluation.values[key]


def knee(front: PlanFront) -> Option:
    """The package that gives most of what can be had in every objective at once."""
    return front.packages[place_of_knee([[value(p, a.key) for a in front.objectives] for p in front])]


def cheapest(front: PlanFront) -> Option:
    """Least cost; of equals, least risk."""
    return min(front, key=lambda p: (value(p, "cost"), value(p, "risk")))


def safest(front: PlanFront) -> Option:
    """Least risk; of equals, least cost."""
    return min(front, key=lambda p: (value(p, "risk"), value(p, "cost")))


def _within(front: PlanFront, limits: tuple[Limit, ...], text: str) -> Option:
    """The cheapest package inside all limits; where only cost is limited, the safest."""
    known = [*(a.key for a in front.objectives), *front.packages[0].evaluation.values]
    unknown = [key for key, _, _ in limits if key not in known]
    if unknown:
        raise _fault(
            text,
            f"the front was not asked for {unknown[0]!r}",
            f"Add it to the objectives, or limit one of {', '.join(dict.fromkeys(known))}",
        )
    inside = [p for p in front if all(_keeps(value(p, key), sign, most) for key, sign, most in limits)]
    if not inside:
        reached = ", ".join(f"{key} {_best(front, key, sign):.4g}" for key, sign, _ in limits)
        raise _fault(text, "no package of the front keeps it", f"Taken alone, the front reaches {reached}")
    order = ("risk", "cost") if all(key == "cost" for key, _, _ in limits) else ("cost", "risk")
    return min(inside, key=lambda p: tuple(value(p, key) for key in order))


def _best(front: PlanFront, key: str, sign: str) -> float:
    values = [value(p, key) for p in front]
    return max(values) if ">" in sign else min(values)


def _keeps(number: float, sign: str, limit: float) -> bool:
    slack = 1e-9 * max(1.0, abs(limit))
    if "=" not in sign:
        slack = -slack
    return number >= limit - slack if ">" in sign else number <= limit + slack


def _limit(part: str, text: str) -> Limit:
    found = _LIMIT.match(part)
    if found is None:
        comma = "; a point parts decimals" if re.match(r"^\s*\d+\s*%?\s*$", part) else ""
        raise _fault(text, f"{part.strip()!r} is no limit", EXAMPLE + comma)
    key, sign, number, percent = found.groups()
    if key not in KEYS:
        raise _fault(text, f"{key!r} is no objective", did_you_mean(key, KEYS))
    if percent and key not in CHANCES:
        raise _fault(text, f"{key} has no percentages", EXAMPLE)
    amount = float(number) / (100 if percent else 1)
    if key in CHANCES and amount > 1:
        raise _fault(
            text,
            "a risk lies from 0 to 1",
            f"Write {key}{sign}{float(number) / 100:g}, or {key}{sign}{number}%"
            if not percent and amount <= 100
            else EXAMPLE,
        )
    return key, sign, amount


def _fault(text: str, reason: str, remedy: str) -> InputError:
    return InputError([Fault("pick", "", "", text, reason, remedy.rstrip(".?"))])
