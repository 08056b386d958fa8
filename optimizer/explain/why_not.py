"""Why is it out: the best package that has it and its price in each objective, or what forbids it."""

from __future__ import annotations

from ..answers import Option, PlanFront
from ..questions import Question
from .asks import Ask, Found
from .forbidden import forbids
from .live import Stop, measured, never
from .near import WORTH
from .records import Explanation
from .resolve import Resolver, floor_of, resolver_of
from .things import Thing, check, columns_of, impossible, name_of
from .words import NAMES, Words, at_most, between, difference

SECONDS = 0.85  # for one "why is it out": a second by the clock, with what cannot be cut short
NEARLY = 1e-9  # a difference that is none

Groups = tuple[frozenset[int], ...]  # of each, at least one column


def why_not(
    question: Question, option: Option, thing: Thing | tuple[Thing, ...], front: PlanFront | None = None, *,
    seconds: float = SECONDS, stop: Stop = never,
) -> Explanation:  # fmt: skip
    """The best package that has a thing (or several at once) and its price in each objective, or what forbids it.

    The price in an objective is asked with the others at most as the option has them. `front`: the front that the
    option is from; its packages are worked from. Asked again with more seconds, the answer narrows.
    """
    things = thing if isinstance(thing, tuple) else (thing,)
    check(question, things)
    resolver, words = resolver_of(question, front), Words(question.case, question.catalog)
    groups = tuple(columns_of(question, t) for t in things)
    about = " together with ".join(name_of(words, t) for t in things)
    missing = next((t for t, group in zip(things, groups, strict=True) if not group), None)
    if missing is not None:
        because = impossible(words, missing, forbids(resolver, words, missing))
        return Explanation("why_not", about, because, "proven")
    if all(group & question.situation.indices(option.package) for group in groups):
        return Explanation("why_not", about, f"This package has {about} already.", "proven")
    found = _prices(resolver, option, front, groups, seconds, stop)
    grade = words.grade(question.situation.columns[min(group)].tool.id for group in groups)
    if all(f.none for f in found.values()):
        sentence = f"No package {_alone_too(resolver, groups)} has {about}."
        return Explanation("why_not", about, sentence, "proven", grade)
    return _said(resolver, words, option, about, grade, found)


def _prices(
    resolver: Resolver, option: Option, front: PlanFront | None, groups: Groups, seconds: float, stop: Stop
) -> dict[str, Found]:
    """The best package with something of each group, in each objective in turn; the first one, which is mostly the
    hardest, is asked last, with all the time that the others left.
    """
    left, keys, near = measured(seconds), [o.key for o in resolver.question.objectives], resolver.judged(option.package)
    asks = {key: Ask(key, resolver.bounds_of(option, key), one_of=groups) for key in keys}
    found = {key: Found(None, resolver.relaxed(ask), "proven") for key, ask in asks.items()}
    open_ = [key for key in reversed(keys) if not found[key].none]
    for again in (False, True):
        for done, key in enumerate(open_):
            if again and (left() < WORTH or stop()):
                return found
            share, floor = left() / (len(open_) - done), floor_of(front, key, dict(asks[key].at_most))
            found[key] = resolver.best(asks[key], share, near, floor, stop)
        open_ = [key for key in open_ if found[key].exactness != "proven"]
    return found


def _said(
    resolver: Resolver, words: Words, option: Option, about: str, grade: str, found: dict[str, Found]
) -> Explanation:
    now = option.objectives
    most = {f"{k}_more_at_most": None if f.best is None else f.best.values[k] - now[k] for k, f in found.items()}
    least = {f"{k}_more_at_least": None if f.none else f.bound - now[k] for k, f in found.items()}
    prices = "; ".join(_price(words, k, f, now[k], resolver.resolution(k)) for k, f in found.items())
    exact = all(f.exactness == "proven" for f in found.values())
    package = next((f.best.package for f in found.values() if f.best is not None), None)
    return Explanation(
        "why_not", about, f"With {about}: {prices}.", "proven" if exact else "gap", grade, most | least, package
    )


def _alone_too(resolver: Resolver, groups: Groups) -> str:
    free = resolver.relaxed(Ask(resolver.question.objectives[0].key, {}, one_of=groups))
    return "that keeps these requirements" if free == float("inf") else "that is as good in the other objectives"


def _price(words: Words, key: str, found: Found, value: float, resolution: float) -> str:
    name, low = NAMES[key], found.bound - value
    if found.none:
        return f"no package as good in the other objectives has it, whatever its {name}"
    if found.best is None:
        least = f"rises by {difference(key, low)} at least" if low > 0.05 * resolution else "is open"
        return f"the price in {name} {least}, and no package was found in the time given"
    more = found.best.values[key] - value
    if more <= 0.02 * resolution:
        return f"{name} need not rise" if more <= NEARLY else f"{name} hardly rises"
    if words.is_never(key, value + more):
        sure = words.is_never(key, found.bound)
        return f"some group is never protected{'' if sure else ' in the best package known'}"
    return f"{name} rises by {between(key, low, more) if low > 0.05 * resolution else at_most(key, more)}"
