"""An edited plan judged again: what broke, in words, and what the edits cost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from ..choices import Choices, Measure, Package
from ..inputs.faults import Fault, InputError
from ..inputs.reader import load_case, load_catalog
from ..inputs.records import Case, Catalog
from ..judge.check import violations
from ..judge.evaluate import Evaluation, Judge, judge_of
from ..judge.measures import timed
from ..model.audit import RuleAudit, audit, with_measures
from ..model.situation import compile_situation
from . import words
from .edits import Edit, as_date, as_number, names_in, partner_key
from .naming import Names
from .own_dates import date_faults
from .reading import returned
from .record import Playbook, Task
from .reread import Price, Reread
from .text import sentence

_CHOICES = TypeAdapter(Choices)
OF_THE_SEARCH = (
    "start",
    "own_days",
)  # what only a search keeps to: its own start days, its own lead times; judged here instead


def read_playbook(
    path: str | os.PathLike[str],
    *,
    case: Case | None = None,
    original: Playbook | None = None,
    catalog: Catalog | None = None,
) -> Reread:
    """Find the edits in a DOCX, XLSX or JSON, and judge and price the changed plan.

    case: the case it was made for, if it is not a shipped one. original: for files with names by role, or without their record.
    """
    found = returned(path, original)
    return recheck(found.original, found.edits, case=case, catalog=catalog)


def recheck(
    original: Playbook, edits: Iterable[Edit], *, case: Case | None = None, catalog: Catalog | None = None
) -> Reread:
    """The edited plan against constraints and rules, beside the plan as it was written."""
    edits = tuple(edits)
    if any(t.key is None for t in original.tasks):
        raise InputError(
            [
                Fault(
                    "playbook",
                    "",
                    "",
                    "",
                    "it gives names by role, so it cannot be judged",
                    "Give the full JSON as well (--against)",
                )
            ]
        )
    catalog = catalog or load_catalog()
    case = case or load_case(original.about.case)
    return _Check(original, edits, case, catalog).result()


@dataclass(frozen=True)
class _Check:
    original: Playbook
    edits: tuple[Edit, ...]
    case: Case
    catalog: Catalog

    @property
    def choices(self) -> Choices:
        return _CHOICES.validate_python(_tuples(self.original.about.choices))

    def changed_choices(self) -> Choices:
        amount = next((as_number(e.after) for e in self.edits if e.kind == "envelope" and not e.problem), None)
        return self.choices if amount is None else replace(self.choices, budget_musd=amount)

    def result(self) -> Reread:
        choices = self.changed_choices()
        first = Package(tuple(_measure(t) for t in self.original.tasks))
        edited = self._edited()
        package = Package(tuple(m for m, _ in edited))
        judge = judge_of(self.case, choices, self.catalog)
        found = violations(self.case, package, choices, self.catalog)
        cannot = any(v.id in ("unknown", "no_fit") for v in found)
        names = Names(self.case, self.catalog)
        by_hand = ("budget", "reserve") if any(e.kind == "cost" and not e.problem for e in self.edits) else ()
        broken = [v.because for v in found if v.id not in (*OF_THE_SEARCH, *by_hand)]
        if not cannot:
            broken += [line for m, t in edited for line in date_faults(judge, self.original.about.start, m, t)]
        before = _price(judge_of(self.case, self.choices, self.catalog).evaluate(first))
        after = None if cannot else self._priced(judge, judge.evaluate(package), edited, broken)
        new = () if cannot else self._rules(first, package, choices)
        told = {v.id for v in found}
        broken += [self._in_words(r) for r in new if r.state == "required" and r.id not in told]  # soft rules made hard
        rules = tuple(map(self._in_words, new))
        return Reread(
            original=self.original, edits=self.edits, package=package, before=before, after=after, rules=rules,
            broken=tuple(dict.fromkeys(sentence(names.say(b)) for b in broken)), warnings=tuple(self._warnings()),
        )  # fmt: skip

    def _edited(self) -> list[tuple[Measure, Task]]:
        """Each measure with its edits that can be used; removed ones are gone."""
        by_task: dict[int, dict[str, Edit]] = {}
        for edit in self.edits:
            if not edit.problem:
                by_task.setdefault(edit.task, {})[edit.kind] = edit
        kept = [t for t in self.original.tasks if "removed" not in by_task.get(t.number, {})]
        return [(self._changed(t, by_task.get(t.number, {})), t) for t in kept]

    def _changed(self, task: Task, edits: Mapping[str, Edit]) -> Measure:
        """A changed start or lead lets the days in force follow; a day in force or end is taken as it stands on paper."""
        measure, new = _measure(task), dict[str, Any]()
        if "lead" in edits:
            new["lead"] = partner_key(self.original, edits["lead"].after)
        if "with" in edits:
            new["joined"] = tuple(
                sorted({k for n in names_in(edits["with"].after) if (k := partner_key(self.original, n))})
            )
        for kind, field in (("start", "start_day"), ("in force", "in_force_day"), ("end", "end_day")):
            if kind in edits:
                new[field] = self._day(edits[kind].after)
        if "in force" in edits and "end" not in edits:
            new["end_day"] = timed(judge_of(self.case, self.choices, self.catalog).scene, measure).end
        return replace(measure, **new)

    def _day(self, text: str) -> float:
        day = as_date(text)
        assert day is not None
        return float((day - self.original.about.start).days)

    def _priced(
        self, judge: Judge, evaluation: Evaluation, edited: list[tuple[Measure, Task]], broken: list[str]
    ) -> Price:
        """The judge's numbers, with amounts that people set by hand in place of computed ones."""
        own = {e.task: as_number(e.after) or 0.0 for e in self.edits if e.kind == "cost" and not e.problem}
        spent: dict[str, float] = {n.name: 0.0 for n in judge.scene.nodes}
        expected = evaluation.values["cost"]
        chance = {n.name: n.probability for n in judge.scene.nodes}
        for judged, (measure, task) in zip(evaluation.measures, edited, strict=True):
            amount = own.get(task.number, judged.cost_musd)
            spent[measure.node] += amount
            expected += float(chance[measure.node]) * (amount - judged.cost_musd)
        total = spent["now"] + max((v for k, v in spent.items() if k != "now"), default=0.0)
        if own and total > judge.scene.envelope + 1e-6:
            broken.append(
                f"With the amounts set by hand it would cost {words.musd(total)} million USD, "
                f"and there are {words.musd(judge.scene.envelope)}"
            )
        return Price(evaluation.risk, expected, evaluation.values["days"])

    def _rules(self, first: Package, package: Package, choices: Choices) -> tuple[RuleAudit, ...]:
        """Rules that were kept before and are not now."""
        situation = compile_situation(self.case, self.catalog, choices)
        old = {r.id for r in self._audit(situation, first) if not r.kept and r.state != "off"}
        now = self._audit(situation, package)
        return tuple(r for r in now if not r.kept and r.state != "off" and r.id not in old)

    def _in_words(self, rule: RuleAudit) -> str:
        said = Names(self.case, self.catalog).say(rule.because)
        return sentence(f"{rule.title} ({words.STATES[rule.state]}): {said}{_cost(rule)}")

    def _audit(self, situation: Any, package: Package) -> tuple[RuleAudit, ...]:
        grown, chosen = with_measures(situation, package)
        return audit(grown, chosen)

    def _warnings(self) -> Iterator[str]:
        if self.original.about.case_fingerprint != self.case.fingerprint:
            yield "The case was changed since this playbook was made: both plans are judged by the case as it is now."


def _cost(rule: RuleAudit) -> str:
    return f" (price {100 * rule.price:.1f} points of risk)" if rule.price else ""


def _measure(task: Task) -> Measure:
    key = task.key
    assert key is not None
    return Measure(key.instrument, key.lead, key.node, key.start_day, key.joined, key.in_force_day, key.end_day)


def _price(evaluation: Evaluation) -> Price:
    v = evaluation.values
    return Price(v["risk"], v["cost"], v["days"])


def _tuples(data: Any) -> Any:
    """Lists as tuples, as choices hold them."""
    if isinstance(data, list):
        return tuple(map(_tuples, data))
    return {k: _tuples(v) for k, v in data.items()} if isinstance(data, dict) else data
