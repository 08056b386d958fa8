"""Why nothing: smallest sets of requirements that cannot hold together, and changes that make some package possible.

Conflicts: relaxation first (a proof of emptiness names few requirements), then one requirement after the other is
spared if the rest
still collide (deletion filter, Chinneck and Dravnieks 1991), at the end for whole measures. Repairs: the tree of
hitting sets (Reiter
1987); its nodes drop sets of requirements, fewest first, and what is not yet possible shows another conflict.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from ..answers import Conflict
from ..choices import Choices, Package
from ..judge.check import violations
from ..model.algebra import Builder
from ..model.programme import Programme
from ..model.situation import compile_situation
from ..model.tree import MONTH_DAYS
from ..questions import Question
from .live import Stop, measured, never
from .possible import AMOUNTS, Possible
from .records import Repair, WhyNothing
from .requirements import Requirement, changed, dropped, requirements_of
from .words import Words, counted, start

Keys = frozenset[str]
SECONDS = 20.0  # for the whole answer; what is not settled by then is said to be open
MOST_TRIED = 12  # values of a wish tried one by one; half a year of half months
DECIMALS = {"M USD": 1, "days": 0, "measures": 0}


class Unsettled(Exception):
    """Time ran out before it was known whether a package exists."""


@dataclass
class Trials:
    """Answers, remembered, to one question.

    Does a package exist if these requirements are dropped and all others hold?
    """

    question: Question
    seconds: float
    stop: Stop = never
    models: dict[Keys, Possible] = field(default_factory=dict)
    known: dict[Keys, Package | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.requirements = {r.key: r for r in requirements_of(self.question)}
        self.left = measured(self.seconds)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.requirements)

    def model(self, without: Collection[str]) -> Possible:
        """The model without the wishes that can only be dropped by asking anew."""
        swaps = frozenset(k for k in without if self.requirements[k].swap)
        if swaps not in self.models:
            self.models[swaps] = Possible(self.asked(swaps) if swaps else self.question)
        return self.models[swaps]

    def choices(self, without: Collection[str]) -> Choices:
        """The choices without some requirements."""
        choices = self.question.choices
        for key in without:
            choices = dropped(choices, self.requirements[key])
        return choices

    def asked(self, without: Collection[str]) -> Question:
        """The question without some requirements, and without anything of risk."""
        return light(self.question, self.choices(without))

    def impossible(self, held: Collection[str]) -> bool:
        """Whether no package keeps these requirements; Unsettled if time runs out."""
        return self.package(held) is None

    def package(self, held: Collection[str]) -> Package | None:
        """Some package that keeps these requirements, or None if there is none; Unsettled if time runs out."""
        without = frozenset(self.keys) - frozenset(held)
        if without not in self.known:
            self.known[without] = self._found(without, held)
        return self.known[without]

    def _found(self, without: Keys, held: Collection[str]) -> Package | None:
        if self.confirmed(Package(), without):
            return Package()
        possible = self.model(without)
        outcome = possible.whole(frozenset(held) & possible.q.keys(), self._time(), self.stop)
        if outcome.status == "infeasible":
            return None
        package = possible.wide.package(possible.chosen(outcome)) if outcome.x is not None else None
        if package is None:
            raise Unsettled
        return package if self.confirmed(package, without) else self._strictly(without)

    def _strictly(self, without: Keys) -> Package | None:
        """The same asked anew, where dropping a requirement brings rows that the loosened model lacks."""
        strict = Possible(self.asked(without))
        outcome = strict.whole(strict.q.keys(), self._time(), self.stop)
        if outcome.status == "infeasible":
            return None
        package = strict.wide.package(strict.chosen(outcome)) if outcome.x is not None else None
        if package is None or not self.confirmed(package, without):
            raise Unsettled
        return package

    def confirmed(self, package: Package, without: Collection[str]) -> bool:
        """Whether the judge finds nothing against a package once some requirements are dropped, and no rule held
        does.
        """
        if violations(self.question.case, package, self.choices(without), self.question.catalog):
            return False
        held = [k.removeprefix("rule:") for k in self.keys if k.startswith("rule:") and k not in without]
        soft = [
            k for k in held if self.question.catalog.rules[k].kind == "soft_penalty"
        ]  # the judge reads hard ones only
        return not soft or self.model(without).keeps(package, soft)

    def _time(self) -> float:
        if self.left() <= 0.011 or self.stop():
            raise Unsettled
        return self.left()


def light(question: Question, choices: Choices) -> Question:
    """The same case under other choices, for questions of whether, not of how good."""
    situation = compile_situation(question.case, question.catalog, choices)
    return replace(question, choices=choices, programme=Programme(situation, Builder(), []), priced=())


def why_nothing(question: Question, seconds: float = SECONDS, stop: Stop = never) -> WhyNothing | None:
    """A smallest set of requirements that cannot hold together; None if some package satisfies them all."""
    trials = Trials(question, seconds, stop)
    return next(_conflicts(trials), None)


def conflicts(question: Question, seconds: float = SECONDS, stop: Stop = never) -> Iterator[WhyNothing]:
    """Smallest sets that cannot hold together, one after the other, none containing another."""
    yield from _conflicts(Trials(question, seconds, stop))


def _conflicts(trials: Trials) -> Iterator[WhyNothing]:
    seen: list[Keys] = []
    for _, found in _tree(trials, most=len(trials.keys)):
        if isinstance(found, WhyNothing) and frozenset(found.keys) not in seen:
            seen.append(frozenset(found.keys))
            yield found


def _tree(trials: Trials, most: int) -> Iterator[tuple[Keys, WhyNothing | Package]]:
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
        for key in conflict.keys if len(without) < most else ():
            child = without | {key}
            if child not in seen:
                seen.add(child)
                waiting.append(child)


def shrunk(trials: Trials, without: Collection[str] = ()) -> WhyNothing | None:
    """A smallest conflict among the requirements less those given; None if they can hold together."""
    held = [k for k in trials.keys if k not in without]
    possible = trials.model(without)
    fixed = [k for k in held if k in possible.q]
    outcome = possible.relaxed(fixed)
    relaxed = outcome.status == "infeasible"
    if relaxed:
        fixed = _relaxed_filter(possible, [k for k in fixed if k in possible.blamed(outcome.ray)])
    try:
        if not relaxed and not trials.impossible(held):
            return None
        swaps = [k for k in held if k not in possible.q]
        return _said(
            trials, _filter(trials, fixed if relaxed else _divided(trials, swaps, fixed), swaps), relaxed, "proven"
        )
    except Unsettled:
        return _said(trials, [*fixed, *(k for k in held if k not in possible.q)], relaxed, "at most these")


def _relaxed_filter(possible: Possible, kept: list[str]) -> list[str]:
    """Spare each requirement without which the relaxation is still empty."""
    for key in list(kept):
        rest = [k for k in kept if k != key]
        if key in kept and (outcome := possible.relaxed(rest)).status == "infeasible":
            blamed = possible.blamed(outcome.ray)
            kept = [k for k in rest if k in blamed]
    return kept


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
            if trials.impossible(rest):
                kept, again = rest, bool(swaps)  # a wish that is asked anew can make an earlier one needless
    return kept


def _said(trials: Trials, kept: list[str], relaxed: bool, exactness: str) -> WhyNothing:
    requirements = [trials.requirements[k] for k in trials.keys if k in kept]
    words = tuple(r.words for r in requirements)
    proven = exactness == "proven"
    witnesses = (
        tuple(trials.known.get(frozenset(trials.keys) - (frozenset(kept) - {r.key})) for r in requirements)
        if proven
        else ()
    )
    return WhyNothing(
        _sentence(words, proven),
        words,
        tuple(r.key for r in requirements),
        "proven" if proven else "at most these",
        relaxed,
        witnesses,
    )


def _sentence(words: tuple[str, ...], proven: bool) -> str:
    if len(words) == 1:
        return f"One requirement cannot be met in this case, whatever else is given up: {words[0]}."
    head = f"{start(counted(len(words), 'requirement'))} cannot be kept together: {'; '.join(words)}."
    if proven:
        return f"{head} Give up any one of them, and these no longer collide."
    return f"{head} Time ran out: at most these collide, and some of them may not matter."


# --- repairs ------------------------------------------------------------


def repairs(question: Question, most: int = 5, seconds: float = SECONDS, stop: Stop = never) -> tuple[Repair, ...]:
    """Up to `most` changes that make some package possible, the fewest and smallest first, each with a package that
    proves it.
    """
    trials = Trials(question, seconds, stop)
    found: list[tuple[float, Repair]] = []
    try:
        for without, outcome in _tree(trials, most=3):
            if isinstance(outcome, Package) and without:
                found.extend(_repaired(trials, without, outcome))
            if len(found) >= 2 * most or (found and len(without) > len(found[0][1].changes)):
                break
    except Unsettled:
        pass
    return tuple(repair for _, repair in sorted(found, key=lambda pair: pair[0])[:most])


def _repaired(trials: Trials, without: Keys, package: Package) -> list[tuple[float, Repair]]:
    """The repair, where its least change can be confirmed; none else."""
    try:
        return [_repair(trials, without, package)]
    except Unsettled:
        return []


def _repair(trials: Trials, without: Keys, package: Package) -> tuple[float, Repair]:
    """The least change of these requirements that does, and how much that asks."""
    requirements = [trials.requirements[k] for k in trials.keys if k in without]
    amounts, package, proven = _amounts(trials, requirements, package)
    choices, said, size = trials.question.choices, [], 0.0
    words = Words(trials.question.case, trials.question.catalog)
    for requirement in requirements:
        value = amounts.get(requirement.key)
        choices = dropped(choices, requirement) if value is None else changed(choices, requirement, value)
        said.append(_change(words, requirement, value))
        size += _size(requirement, value)
    if violations(trials.question.case, package, choices, trials.question.catalog):
        raise Unsettled
    sentence = f"{start(' and '.join(said))}: then some package satisfies all the rest."
    return size + 10 * len(said), Repair(sentence, tuple(said), choices, package, "proven" if proven else "gap")


def _amounts(
    trials: Trials, requirements: list[Requirement], package: Package
) -> tuple[dict[str, float], Package, bool]:
    """The new number of each requirement that has one, with a package that keeps them; True if nothing smaller does."""
    by_degrees = [r for r in requirements if r.field in AMOUNTS]
    numbers = {
        r.key: 1.0 for r in requirements if r.field == "authorization" and r.now == 0.0
    }  # a body ruled out is ruled in
    if len(requirements) == 1 and requirements[0].field in ("partner_from", "capacity"):
        return _nearest(trials, requirements[0], package)
    if not by_degrees:
        return numbers, package, True
    others = [r.key for r in requirements if r not in by_degrees]
    possible = Possible(trials.asked(others)) if others else trials.model(())
    costs = {possible.q[r.key]: 1.0 / max(r.now or 0.0, 1.0) for r in by_degrees}
    outcome = possible.least(costs, [r.key for r in by_degrees], trials.left(), trials.stop)
    if outcome.x is None:
        raise Unsettled
    values = {r.key: _rounded_up(r, (r.now or 0.0) + float(outcome.x[possible.q[r.key]])) for r in by_degrees}
    return values | numbers, possible.wide.package(possible.chosen(outcome)), outcome.status == "optimal"


def _nearest(trials: Trials, requirement: Requirement, package: Package) -> tuple[dict[str, float], Package, bool]:
    """The value nearest to the planner's, on the way to the case's own, with which a package exists.

    All nearer ones are tried.
    """
    for value in _towards_own(trials, requirement):
        question = light(trials.question, changed(trials.question.choices, requirement, value))
        possible = Possible(question)
        outcome = possible.whole(possible.q.keys(), trials.left(), trials.stop)
        found = possible.wide.package(possible.chosen(outcome)) if outcome.x is not None else None
        if found is not None and not violations(question.case, found, question.choices, question.catalog):
            return {requirement.key: value}, found, True
        if outcome.status != "infeasible":
            break
    return {}, package, True


def _towards_own(trials: Trials, requirement: Requirement) -> list[float]:
    """Half months earlier, or one measure more at a time, before the case's own value."""
    own, now = (
        trials.asked([requirement.key]).situation.settings.allies.get(str(requirement.item)),
        requirement.now or 0.0,
    )
    if own is None:
        return []
    if requirement.field == "capacity":
        return [float(k) for k in range(int(now) + 1, own.capacity)]
    halves = range(math.ceil(2 * now) - 1, math.floor(2 * own.available_day / MONTH_DAYS), -1)
    return [k / 2 for k in halves][:MOST_TRIED]


def _rounded_up(requirement: Requirement, value: float) -> float:
    digits = 10.0 ** DECIMALS[requirement.unit]
    return math.ceil(value * digits - 1e-4) / digits


def _change(words: Words, requirement: Requirement, value: float | None) -> str:
    now, item = requirement.now or 0.0, str(requirement.item)
    if requirement.field == "rules":
        return f"prefer the rule '{words.catalog.rules[item].title}' instead of requiring it"
    if requirement.field == "force_in":
        return f"do not insist on {words.tool(item)} now"
    if requirement.field == "force_out":
        return f"allow {words.tool(item)}"
    if requirement.field == "partners_out":
        return f"let {words.partner(item)} take part"
    if value is None:
        return f"give up that {requirement.words}" if requirement.swap else f"do without {requirement.words}"
    return {
        "budget_musd": f"raise the envelope from {now:,.1f} to {value:,.1f} M USD",
        "funder_musd": f"let {words.partner(item)} pay up to {value:,.1f} instead of {now:,.1f} M USD",
        "deadline_days": f"allow {counted(round(value - now), 'day')} more, until day {value:.0f} instead of {now:.0f}",
        "first_effect_days": (
            f"wait {counted(round(value - now), 'day')} more for the "
            f"first measure, until day {value:.0f} instead of {now:.0f}"
        ),
        "max_measures": f"allow {counted(round(value), 'measure')} at once instead of {now:.0f}",
        "partner_from": f"bring in {words.partner(item)} by month {value:g} instead of {now:g}",
        "capacity": f"let {words.partner(item)} lead {counted(round(value), 'measure')} at once instead of {now:.0f}",
        "authorization": f"rule in {requirement.words.removesuffix(' is ruled out')}",
    }[requirement.field]


def _size(requirement: Requirement, value: float | None) -> float:
    """How much a change asks: a number by its share, a wish more, a rule most."""
    if value is not None and requirement.now:
        return min(value / requirement.now - 1.0, 5.0) / 5.0
    return 1.0 if requirement.own else 1.5


def conflict(question: Question) -> Conflict:
    """The record that a front without packages carries."""
    found = why_nothing(question)
    if found is None:
        return Conflict((), False)
    return Conflict(found.requirements, found.exactness == "proven")
