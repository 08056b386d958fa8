"""Which package of a front: knee, cheapest, safest, its id, or the cheapest that keeps a limit."""

from __future__ import annotations

import re

from ..answers import Option, PlanFront
from ..inputs.faults import Fault, InputError, did_you_mean

_LIMIT = re.compile(r"^\s*([a-z]+)\s*(<=|>=|=<|=>|<|>)\s*([0-9.]+)\s*(%?)\s*$")
WORDS = ("knee", "cheapest", "safest")


def pick(front: PlanFront, text: str = "knee") -> Option:
    """The package that `text` asks for: knee, cheapest, safest, an id, or limits such as "risk<=0.1, cost<=300"."""
    if not front.packages:
        raise _fault(text, "the front holds no package", "Loosen the requirements and solve again")
    wanted = text.strip()
    ids = {p.id.lower(): p for p in front}
    if wanted.lower() in ids:
        return ids[wanted.lower()]
    if wanted in WORDS:
        return {"knee": knee, "cheapest": cheapest, "safest": safest}[wanted](front)
    if "<" in wanted or ">" in wanted:
        return _within(front, wanted)
    known = [*WORDS, "risk<=0.1", *(p.id for p in front)]
    raise _fault(text, "it picks no package", did_you_mean(wanted, known))


def value(option: Option, key: str) -> float:
    """An objective of a package, asked for or not."""
    return option.objectives[key] if key in option.objectives else option.evaluation.values[key]


def knee(front: PlanFront) -> Option:
    """Smallest sum of the objectives on scales from 0, best on the front, to 1, worst."""
    spans = {}
    for axis in front.objectives:
        values = [value(p, axis.key) for p in front]
        spans[axis.key] = (min(values), (max(values) - min(values)) or 1.0)
    return min(front, key=lambda p: sum((value(p, k) - low) / width for k, (low, width) in spans.items()))


def cheapest(front: PlanFront) -> Option:
    """Least cost; of equals, least risk."""
    return min(front, key=lambda p: (value(p, "cost"), value(p, "risk")))


def safest(front: PlanFront) -> Option:
    """Least risk; of equals, least cost."""
    return min(front, key=lambda p: (value(p, "risk"), value(p, "cost")))


def _within(front: PlanFront, text: str) -> Option:
    """The cheapest package inside all limits; where only cost is limited, the safest."""
    limits = [_limit(front, part, text) for part in text.split(",")]
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
    return number >= limit - slack if ">" in sign else number <= limit + slack


def _limit(front: PlanFront, part: str, text: str) -> tuple[str, str, float]:
    found = _LIMIT.match(part)
    if found is None:
        raise _fault(text, "it is no limit", 'Write for example "risk<=0.1" or "risk<=10%, cost<=300"')
    key, sign, number, percent = found.groups()
    known = [*(a.key for a in front.objectives), *front.packages[0].evaluation.values]
    if key not in known:
        raise _fault(text, f"{key!r} is no objective", did_you_mean(key, known))
    try:
        return key, sign, float(number) / (100 if percent else 1)
    except ValueError:
        raise _fault(text, f"{number!r} is no number", "Write for example risk<=0.1") from None


def _fault(text: str, reason: str, remedy: str) -> InputError:
    return InputError([Fault("pick", "", "", text, reason, remedy.rstrip(".?"))])
