"""What would help: the smallest changes with which some package exists, of requirements or of the case's facts.

A model with a switch for each requirement is asked for the cheapest change, then for the next that does not contain
it. Every change is then made, and a package found for the changed choices is confirmed by the judge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..choices import Choices, Package
from ..model.tree import MONTH_DAYS
from ..questions import Question
from .changes import FACT, GIVEN_UP, change, each, fixed, rounded_up, size
from .conflict import shrunk
from .corrections import Correction, Corrections, Price
from .facts import MORE, MovedFacts
from .live import Stop, never
from .possible import Possible
from .records import Exactness, Repair
from .requirements import AMOUNTS, Requirement, changed, dropped
from .trials import Keys, Trials, Unsettled, light, trials_of
from .words import Words, listed, start

SECONDS = 20.0  # for the whole answer
MOST_TRIED = 12  # values of a wish tried one by one; half a year of half months
MOST_FAILED = 3  # changes of facts that do with all facts moved but not by themselves: the next ones hardly would
MOST_WITH_FACTS = 2  # changes at once, facts among them: more would be another case
Values = Mapping[str, float | None]  # requirement or fact -> its new number; None: given up


@dataclass(frozen=True)
class _Change:
    """A change that works: `least`, if nothing smaller of the same kind does."""

    requirements: tuple[Requirement, ...]
    values: Values
    choices: Choices
    package: Package
    least: bool

    @property
    def size(self) -> float:
        return sum(size(r, self.values[r.key]) for r in self.requirements)


def repairs(question: Question, most: int = 5, seconds: float = SECONDS, stop: Stop = never) -> tuple[Repair, ...]:
    """Up to `most` changes that make some package possible, the fewest and smallest first, each with a package that
    proves it.
    """
    *_, found = ((), *repairs_so_far(question, most, seconds, stop))
    return found


def repairs_so_far(
    question: Question, most: int = 5, seconds: float = SECONDS, stop: Stop = never
) -> Iterator[tuple[Repair, ...]]:
    """The same as they are found: each time the best so far, the best first. Each of them works."""
    search = _Search(trials_of(question, seconds, stop), most)
    words = Words(question.case, question.catalog)
    try:
        if search.trials.impossible(search.trials.keys):
            for _ in search.changes():
                yield tuple(_said(words, c) for c in search.best)
    except Unsettled:
        pass


def _said(words: Words, found: _Change) -> Repair:
    changes = {r.key: change(words, r, found.values[r.key]) for r in found.requirements}
    insisted = [r for r in found.requirements if r.field == "force_in"]
    orders = [said for key, said in changes.items() if key not in {r.key for r in insisted}]
    if insisted:
        orders.append(f"do not insist on {listed(words.tool(str(r.item)) for r in insisted)} now")
    sentence = f"{start(listed(orders))}: then some package satisfies all the rest."
    exactness: Exactness = "proven" if found.least else "gap"
    return Repair(sentence, tuple(changes.values()), found.choices, found.package, exactness)


@dataclass
class _Search:
    """The changes found so far, of which none contains another."""

    trials: Trials
    most: int
    found: list[_Change] = field(default_factory=list)
    seen: list[Keys] = field(default_factory=list)

    @property
    def best(self) -> list[_Change]:
        return sorted(self.found, key=lambda c: c.size)[: self.most]

    @property
    def enough(self) -> float:
        """What a change must ask less than to be among the best."""
        return self.best[-1].size if len(self.found) >= self.most else math.inf

    def changes(self) -> Iterator[_Change]:
        """Of requirements; then with one wish given up that has to be asked anew; then of the facts of the case."""
        for new in self._all():
            self.found = [c for c in self.found if not new.values.keys() <= c.values.keys()] + [new]
            yield new

    def _all(self) -> Iterator[_Change]:
        trials = self.trials
        conflicts, first = _given_up(trials)
        yield first
        if first.least:
            self.seen.append(frozenset(first.values))
        yield from self._by_requirements(frozenset(), conflicts)
        for key in (k for k in trials.keys if trials.requirements[k].swap):
            requirement = trials.requirements[key]
            if _least_size(requirement) >= self.enough:
                continue
            if trials.impossible([k for k in trials.keys if k != key]):
                yield from self._by_requirements(frozenset({key}), conflicts)
            else:
                yield _nearest(trials, requirement)
                self.seen.append(frozenset({key}))
        yield from self._by_facts()

    def _by_requirements(self, without: Keys, conflicts: list[Keys]) -> Iterator[_Change]:
        """Changes of requirements besides what is given up, the cheapest first."""
        trials, known = self.trials, self.trials.requirements
        asked = Corrections(trials, {k: _price(known[k]) for k in trials.model(without).q}, without)
        for keys in self.seen:
            asked.exclude(keys)
        for keys in conflicts:
            if not keys & without:
                asked.require(keys)
        given_up = sum(size(known[k], None) for k in without)
        for found in asked.each(lambda: self.enough - given_up):
            self.seen.append(without | found.amounts.keys())
            values: dict[str, float | None] = dict.fromkeys(without) | _values(known, found)
            yield from _made(trials, tuple(known[k] for k in values), values, found)

    def _by_facts(self) -> Iterator[_Change]:
        """Changes of the case's facts, alone or with a requirement."""
        if self.enough <= FACT:
            return
        moved = MovedFacts(self.trials.question, self.trials.left(), self.trials.stop)
        known, facts = moved.requirements, moved.facts
        asked = Corrections(moved, {k: _price(r) for k, r in known.items()})
        asked.no_more_than(MOST_WITH_FACTS)
        asked.require(facts.known)
        for keys in self.seen:
            asked.exclude(keys)
        failed = 0
        for found in asked.each(lambda: self.enough):
            values = _values(known, found) | {k: facts.value(f) for k, f in facts.known.items() if k in found.amounts}
            made = next(_made(moved, tuple(known[k] for k in values), values, found), None)
            if made is not None:
                yield _least(moved, made)
            elif (failed := failed + 1) == MOST_FAILED:
                return


def _given_up(trials: Trials) -> tuple[list[Keys], _Change]:
    """Conflicts met on the way while the latest wish of each is given up, and that as a first change; Unsettled."""
    gone, conflicts = frozenset[str](), list[Keys]()
    while (found := shrunk(trials, gone)) is not None:
        if found.exactness != "proven":
            raise Unsettled
        conflicts.append(frozenset(found.keys))
        gone |= {found.keys[-1]}
    for key in sorted(gone):
        if not trials.impossible([k for k in trials.keys if k not in gone - {key}]):
            gone -= {key}
    package = trials.package([k for k in trials.keys if k not in gone])
    assert package is not None
    requirements = tuple(trials.requirements[k] for k in trials.keys if k in gone)
    least = not any(r.field in AMOUNTS or r.swap for r in requirements)
    return conflicts, _Change(requirements, dict.fromkeys(gone), trials.choices(gone), package, least)


def _price(requirement: Requirement) -> Price:
    return Price(fixed(requirement), each(requirement) if requirement.field in AMOUNTS else 0.0)


def _values(known: Mapping[str, Requirement], found: Correction) -> dict[str, float | None]:
    """The new numbers of what is loosened by degrees; what is not is given up."""
    return {
        k: rounded_up(known[k], (known[k].now or 0.0) + v) if known[k].field in AMOUNTS else None
        for k, v in found.amounts.items()
    }


def _made(
    trials: Trials, requirements: tuple[Requirement, ...], values: Values, found: Correction
) -> Iterator[_Change]:
    """The change, if a package for the changed choices is confirmed: the one found, or one asked for anew."""
    choices = _after(trials.question.choices, requirements, values)
    package = found.package if _keeps(trials, choices, values, found.package) else _anew(trials, choices)
    if package is not None:
        yield _Change(requirements, values, choices, package, found.least)


def _after(choices: Choices, requirements: tuple[Requirement, ...], values: Values) -> Choices:
    for r in requirements:
        value = values[r.key]
        choices = dropped(choices, r) if value is None else changed(choices, r, value)
    return choices


def _keeps(trials: Trials, choices: Choices, values: Values, package: Package) -> bool:
    return trials.accepts(package, choices, frozenset(k for k, v in values.items() if v is None))


def _anew(trials: Trials, choices: Choices) -> Package | None:
    possible = Possible(light(trials.question, choices))
    outcome = possible.whole(possible.q.keys(), trials.time(), trials.stop)
    package = possible.package(outcome)
    return package if package is not None and possible.accepts(package) else None


# --- one wish or fact by itself: the nearest number that does -----------------------------------------------


def _nearest(trials: Trials, requirement: Requirement) -> _Change:
    """A wish that is asked anew moved towards the case's own value as little as will do, else given up."""
    for value in _towards_own(trials, requirement):
        choices = changed(trials.question.choices, requirement, value)
        package = _anew(trials, choices)
        if package is not None:
            return _Change((requirement,), {requirement.key: value}, choices, package, True)
    choices = dropped(trials.question.choices, requirement)
    package = trials.package([k for k in trials.keys if k != requirement.key])
    assert package is not None
    ruled_out = requirement.field == "authorization" and not requirement.now
    return _Change((requirement,), {requirement.key: 1.0 if ruled_out else None}, choices, package, True)


def _least_size(requirement: Requirement) -> float:
    """What moving a wish that has to be asked anew asks at least."""
    by_degrees = requirement.field in ("capacity", "partner_from", "authorization")
    return fixed(requirement) + (0.0 if by_degrees else GIVEN_UP)


def _towards_own(trials: Trials, requirement: Requirement) -> list[float]:
    """Half months earlier, or one measure more at a time, before the case's own value."""
    now, settings = requirement.now or 0.0, trials.asked([requirement.key]).situation.settings
    own = settings.allies.get(str(requirement.item))
    if own is None:
        return []
    if requirement.field == "capacity":
        return [float(k) for k in range(int(now) + 1, own.capacity)]
    if requirement.field == "partner_from":
        return _earlier(now, own.available_day / MONTH_DAYS)
    return []


def _earlier(now: float, own: float) -> list[float]:
    """Half months from one month down to another, the nearest first; whole months where these are many."""
    halves = [k / 2 for k in range(math.ceil(2 * now) - 1, math.floor(2 * own), -1)]
    return halves if len(halves) <= MOST_TRIED else [h for h in halves if h == int(h)][:MOST_TRIED]


def _least(trials: Trials, found: _Change) -> _Change:
    """A single fact moved as little as will do; the change as it is where there are more."""
    requirement, now = found.requirements[0], found.requirements[0].now or 0.0
    if len(found.requirements) > 1:
        return found
    capacity, month = requirement.field == "capacity", requirement.field == "partner_from"
    nearer = [now + k for k in range(1, MORE)] if capacity else _earlier(now, 0.0) if month else []
    for value in nearer:
        choices = changed(trials.question.choices, requirement, value)
        package = _anew(trials, choices)
        if package is not None:
            return _Change((requirement,), {requirement.key: value}, choices, package, True)
    return replace(found, least=True)  # nothing nearer does, in steps of half a month or of one measure
