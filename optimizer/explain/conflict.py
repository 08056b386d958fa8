"""Why nothing: smallest sets of requirements that cannot hold together.

The relaxation first: a proof of emptiness names few requirements. Where only whole measures collide, the relaxation
is asked with one amount tightened until it is empty, and what that proof names is tried first. Then one requirement
after the other is spared if the rest still collide (deletion filter, Chinneck and Dravnieks 1991). Further conflicts
come from the tree of hitting sets (Reiter 1987).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator

from ..answers import Conflict
from ..choices import Package
from ..questions import Question
from .live import Stop, never
from .possible import Possible
from .records import WhyNothing
from .requirements import AMOUNTS
from .trials import Keys, Trials, Unsettled, trials_of
from .words import counted, start

SECONDS = 20.0  # for the whole answer; what is not settled by then is said to be open


def why_nothing(question: Question, seconds: float = SECONDS, stop: Stop = never) -> WhyNothing | None:
    """A smallest set of requirements that cannot hold together; None if some package satisfies them all."""
    return shrunk(trials_of(question, seconds, stop))


def conflicts(question: Question, seconds: float = SECONDS, stop: Stop = never) -> Iterator[WhyNothing]:
    """Smallest sets that cannot hold together, one after the other, none containing another."""
    trials, seen = trials_of(question, seconds, stop), list[Keys]()
    for _, found in tree(trials, most=len(trials.keys)):
        if isinstance(found, WhyNothing) and frozenset(found.keys) not in seen:
            seen.append(frozenset(found.keys))
            yield found


def conflict(question: Question) -> Conflict:
    """The record that a front without packages carries."""
    found = why_nothing(question)
    if found is None:
        return Conflict((), False)
    return Conflict(found.requirements, found.exactness == "proven")


def tree(trials: Trials, most: int) -> Iterator[tuple[Keys, WhyNothing | Package]]:
    """Sets of requirements to drop, fewest first.

    With a conflict where that is not enough, with a package where it is.
    """
    waiting: deque[Keys] = deque([frozenset()])
    seen: set[Keys] = {frozenset()}
    enough: list[Keys] = []
    known: list[WhyNothing] = []
    while waiting:
        without = waiting.popleft()
        if any(done <= without for done in enough):
            continue
        conflict = next((c for c in known if not without & frozenset(c.keys)), None) or shrunk(trials, without)
        if conflict is None:
            package = trials.package([k for k in trials.keys if k not in without])
            assert package is not None
            enough.append(without)
            yield without, package
            continue
        known.append(conflict)
        yield without, conflict
        if conflict.exactness != "proven":
            return
        children = [without | {key} for key in conflict.keys] if len(without) < most else []
        waiting.extend(child for child in children if child not in seen)
        seen.update(children)


def shrunk(trials: Trials, without: Collection[str] = ()) -> WhyNothing | None:
    """A smallest conflict among the requirements less those given; None if they can hold together."""
    fixed, swaps = _held(trials, without)
    few = _relaxed(trials, without, fixed)
    try:
        kept = _few(trials, without, fixed, swaps) if few is None else few
        return None if kept is None else _said(trials, _filter(trials, kept, swaps), few is not None, True)
    except Unsettled:
        return _said(trials, [*(fixed if few is None else few), *swaps], few is not None, False)


def collision(trials: Trials, without: Collection[str] = ()) -> Keys | None:
    """Few requirements that cannot hold together, found sooner than a smallest set; None if all can. Unsettled."""
    fixed, swaps = _held(trials, without)
    kept = _relaxed(trials, without, fixed)
    kept = _few(trials, without, fixed, swaps) if kept is None else kept
    return None if kept is None else frozenset((*kept, *swaps))


def _held(trials: Trials, without: Collection[str]) -> tuple[list[str], list[str]]:
    """The requirements that are held in one model, and those that can only be dropped by asking anew."""
    held = [k for k in trials.keys if k not in without]
    swaps = [k for k in held if trials.requirements[k].swap]
    return [k for k in held if k not in swaps], swaps


def _relaxed(trials: Trials, without: Collection[str], held: list[str]) -> list[str] | None:
    """Few requirements that collide even for fractions of measures; None if all can be held.

    The rules are left aside at first: they are most of the rows, and what the planner asks often collides by itself.
    """
    for gone in (trials.rules.union(without), without):
        possible = trials.model(gone)
        outcome = possible.relaxed([k for k in held if k in possible.q])
        if outcome.status == "infeasible":
            blamed = possible.blamed(outcome.ray)
            return _relaxed_filter(possible, [k for k in held if k in possible.q and k in blamed])
    return None


def _relaxed_filter(possible: Possible, kept: list[str]) -> list[str]:
    """Spare each requirement without which the relaxation is still empty."""
    for key in list(kept):
        rest = [k for k in kept if k != key]
        if key in kept and (outcome := possible.relaxed(rest)).status == "infeasible":
            blamed = possible.blamed(outcome.ray)
            kept = [k for k in rest if k in blamed]
    return kept


def _few(trials: Trials, without: Collection[str], fixed: list[str], swaps: list[str]) -> list[str] | None:
    """Few requirements that collide for whole measures: those that nearly collide for fractions, or what else it takes.

    The amounts are tightened in turn, the scarcest first, and the requirements blamed are held together. None if all
    can be held.
    """
    if not trials.impossible([*fixed, *swaps]):
        return None
    possible, near = trials.model(without), list[str]()
    amounts = [k for k in fixed if trials.requirements[k].field in AMOUNTS]
    spare = {k: possible.spare(k, fixed) for k in amounts}
    for key in sorted(amounts, key=lambda k: spare[k] / max(trials.requirements[k].now or 0.0, 1.0)):
        outcome = possible.tightest(key, spare[key], fixed)
        if outcome.status == "infeasible":
            blamed = possible.blamed(outcome.ray) | {key}
            near = [k for k in fixed if k in blamed or k in near]
            if trials.impossible([*near, *swaps]):
                return near
    rest = [k for k in fixed if k not in near]
    return [*near, *_divided(trials, [*near, *swaps], rest)]


def _divided(trials: Trials, held: list[str], kept: list[str], fresh: bool = False) -> list[str]:
    """The part of `kept` that a conflict with `held` needs, halves at a time (QuickXplain, Junker 2004)."""
    if fresh and trials.impossible(held):
        return []
    if len(kept) <= 1:
        return kept
    first, second = kept[: len(kept) // 2], kept[len(kept) // 2 :]
    later = _divided(trials, [*held, *first], second, True)
    return [*_divided(trials, [*held, *later], first, bool(later)), *later]


def _filter(trials: Trials, kept: list[str], swaps: list[str]) -> list[str]:
    """Spare each requirement without which the rest still collide, for whole measures; until none can be spared."""
    kept = [*kept, *swaps]
    again = True
    while again:
        again = False
        for key in list(kept):
            rest = [k for k in kept if k != key]
            if trials.idle(key, rest) or trials.impossible(rest):
                kept, again = rest, bool(swaps)  # a wish that is asked anew can make an earlier one needless
    return kept


def _said(trials: Trials, kept: list[str], relaxed: bool, proven: bool) -> WhyNothing:
    requirements = [trials.requirements[k] for k in trials.keys if k in kept]
    words = tuple(r.words for r in requirements)
    keys = tuple(r.key for r in requirements)
    witnesses = (
        tuple(trials.known.get(trials.without(frozenset(kept) - {k})) for k in keys) if proven else tuple[Package]()
    )
    return WhyNothing(
        _sentence(words, proven), words, keys, "proven" if proven else "at most these", relaxed, witnesses
    )


def _sentence(words: tuple[str, ...], proven: bool) -> str:
    if len(words) == 1:
        return f"One requirement cannot be met in this case, whatever else is given up: {words[0]}."
    head = f"{start(counted(len(words), 'requirement'))} cannot be kept together: {'; '.join(words)}."
    if proven:
        return f"{head} Give up any one of them, and these no longer collide."
    return f"{head} Time ran out: at most these collide, and some of them may not matter."
