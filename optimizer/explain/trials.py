"""Does a package exist if some requirements are dropped and all others hold? Answers, remembered, to one question."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from ..choices import Choices, Package
from ..inputs.reader import load_catalog
from ..inputs.records import Case, Catalog
from ..judge.check import violations
from ..model.algebra import Builder
from ..model.programme import Programme
from ..model.settings import Settings
from ..questions import Question
from ..wishes import checked
from .live import Outcome, Stop, measured, never
from .loosened import ROWS_ONLY, Loosened, wide_of
from .possible import Possible
from .requirements import Requirement, dropped, requirements_of
from .witnesses import Witnesses

Keys = frozenset[str]
REMEMBERED = 4  # questions whose answers are kept
OWN_ROWS = ROWS_ONLY - {"R17"}  # whose numbers speak in no rows but their own


class Unsettled(Exception):
    """Time ran out before it was known whether a package exists."""


@dataclass
class Trials:
    """What is known about one question; `begin` says for how long more may be found out."""

    question: Question
    seconds: float = 20.0
    stop: Stop = never
    models: dict[tuple[Keys, bool], Possible] = field(
        default_factory=dict
    )  # without these wishes; with the rules or not
    known: dict[Keys, Package | None] = field(default_factory=dict)  # without these requirements

    def __post_init__(self) -> None:
        self.requirements = {r.key: r for r in self._asked_for()}
        self.rules = frozenset(k for k, r in self.requirements.items() if r.field == "rules")
        self.witnesses = Witnesses(self.question.catalog, self.requirements)
        self._loose: list[tuple[Possible, Keys]] = []  # held in a model, and met by fractions of measures
        self.begin(self.seconds, self.stop)

    def _asked_for(self) -> Iterable[Requirement]:
        return requirements_of(self.question)

    def begin(self, seconds: float, stop: Stop) -> Trials:
        self.left, self.stop = measured(seconds), stop
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.requirements)

    def without(self, held: Collection[str]) -> Keys:
        return frozenset(self.keys) - frozenset(held)

    def model(self, without: Collection[str]) -> Possible:
        """The model without the wishes that can only be dropped by asking anew, and without the rules if all are."""
        swaps = frozenset(k for k in without if self.requirements[k].swap)
        ruled = not self.rules <= frozenset(without)
        if (swaps, ruled) not in self.models:
            self.models[swaps, ruled] = self._made(swaps, ruled)
        return self.models[swaps, ruled]

    def _made(self, swaps: Keys, ruled: bool) -> Possible:
        if ruled:
            bare = self.model(swaps | self.rules)
            return Possible(bare.question, bare.loosened.with_rules())
        bare_rows = self._loosened(swaps)
        return Possible(bare_rows.question, bare_rows)

    def _loosened(self, swaps: Keys) -> Loosened:
        """The rows without the rules."""
        return Loosened(self.asked(swaps) if swaps else self.question)

    def idle(self, key: str, held: Collection[str]) -> bool:
        """Whether a requirement asks nothing while only these are held: a number of a rule that is not among them."""
        requirement = self.requirements[key]
        rule = str(requirement.item).split(".")[0] if requirement.field == "parameters" else ""
        return rule in OWN_ROWS and f"rule:{rule}" not in held

    def choices(self, without: Collection[str]) -> Choices:
        """The choices without some requirements."""
        choices = self.question.choices
        for key in without:
            choices = self._without_one(choices, self.requirements[key])
        return choices

    def _without_one(self, choices: Choices, requirement: Requirement) -> Choices:
        return dropped(choices, requirement)

    def asked(self, without: Collection[str]) -> Question:
        """The question without some requirements, and without anything of risk."""
        return light(self.question, self.choices(without))

    def impossible(self, held: Collection[str]) -> bool:
        """Whether no package keeps these requirements; Unsettled if time runs out."""
        return self.package(held) is None

    def package(self, held: Collection[str]) -> Package | None:
        """Some package that keeps these requirements, or None if there is none; Unsettled if time runs out."""
        without = self.without(held)
        if without not in self.known:
            self.known[without] = self._found(without, held)
        return self.known[without]

    def _found(self, without: Keys, held: Collection[str]) -> Package | None:
        if self._impossible_with_more(without):
            return None
        possible = self.model(without)
        for known in self.witnesses.without(without, possible):
            if self.confirmed(known, without):
                return known
        fixed = frozenset(held) & possible.q.keys()
        if self._empty(possible, fixed):
            return None
        package = self._settled(possible, possible.whole(fixed, self.time(), self.stop))
        if package is None or self.confirmed(package, without):
            return self._witness(package)
        strict = Possible(self.asked(without))  # where dropping a requirement brings rows that the model lacks
        package = self._settled(strict, strict.whole(strict.q.keys(), self.time(), self.stop))
        if package is not None and not self.confirmed(package, without):
            raise Unsettled
        return self._witness(package)

    def _empty(self, possible: Possible, fixed: Keys) -> bool:
        """Whether even fractions of measures collide; not asked again where more was held and they did not."""
        if any(possible is model and fixed <= held for model, held in self._loose):
            return False
        empty = possible.relaxed(fixed).status == "infeasible"
        if not empty:
            self._loose.append((possible, fixed))
        return empty

    def _impossible_with_more(self, without: Keys) -> bool:
        """Whether it is known that dropping more would not help (a rule's number may also be looser than its own)."""
        more = (k for k, found in self.known.items() if found is None and without <= k)
        return any(not any(self.requirements[key].swap for key in k - without) for k in more)

    @staticmethod
    def _settled(possible: Possible, outcome: Outcome) -> Package | None:
        """The package of a run, None where it proved that there is none."""
        if outcome.status == "infeasible":
            return None
        package = possible.package(outcome)
        if package is None:
            raise Unsettled
        return package

    def _witness(self, package: Package | None) -> Package | None:
        if package is not None:
            self.witnesses.add(package)
        return package

    def confirmed(self, package: Package, without: Collection[str]) -> bool:
        """Whether a package keeps all requirements but some."""
        return self.accepts(package, self.choices(without), without)

    def accepts(self, package: Package, choices: Choices, without: Collection[str]) -> bool:
        """Whether the judge finds nothing against a package under some choices, nor a soft rule that is held does."""
        if violations(self.question.case, package, choices, self.question.catalog):
            return False
        rules = self.question.catalog.rules
        held = (k.removeprefix("rule:") for k in self.keys if k.startswith("rule:") and k not in without)
        soft = [k for k in held if rules[k].kind == "soft_penalty"]  # the judge reads hard ones only
        return not soft or self._keeps(package, soft, without)

    def _keeps(self, package: Package, rules: list[str], without: Collection[str]) -> bool:
        try:
            return self.model(without).keeps(package, rules)
        except KeyError:  # found under other swaps, which this model does not offer
            return False

    def time(self) -> float:
        """Seconds that are left; Unsettled if there are none."""
        if self.left() <= 0.011 or self.stop():
            raise Unsettled
        return self.left()


def whether(case: Case, choices: Choices | None = None, catalog: Catalog | None = None) -> Question:
    """A question of whether there is a package, not of how good: checked like any other, made in a fraction of the
    time, and answered by `why_nothing`, `conflicts` and `repairs` only.
    """
    choices, catalog = choices or Choices(), catalog or load_catalog()
    return _whether(case, checked(case, choices, catalog), catalog)


def light(question: Question, choices: Choices) -> Question:
    """The same case under other choices, as a question of whether."""
    return _whether(question.case, choices, question.catalog)


def _whether(case: Case, choices: Choices, catalog: Catalog) -> Question:
    settings = Settings(case, catalog, choices)
    situation = replace(wide_of(case, catalog, choices), settings=settings)  # of which only the settings are read
    return Question(case, catalog, choices, Programme(situation, Builder(), []), (), (), ())


_remembered: list[Trials] = []


def trials_of(question: Question, seconds: float, stop: Stop) -> Trials:
    """What was found out before about the same question, with time for more."""
    for known in _remembered:
        if known.question is question:
            return known.begin(seconds, stop)
    _remembered.insert(0, Trials(question, seconds, stop))
    del _remembered[REMEMBERED:]
    return _remembered[0]
