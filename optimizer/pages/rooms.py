"""The one door to rooms that a page can do without: explanations, ranges, red team, playbook. Each is imported when used."""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ..answers import Option, PlanFront
from ..choices import Choices, Package
from ..front import Certificate
from ..questions import Question
from .background import Said
from .words import Names, plain


@dataclass(frozen=True)
class Way:
    """A repair: what it changes in words, as one sentence and one by one, and the choices after it."""

    sentence: str
    changes: tuple[str, ...]
    choices: Choices


@dataclass(frozen=True)
class WhyNone:
    """Why no package satisfies the requirements, and the cheapest ways out."""

    sentence: str
    requirements: tuple[str, ...] = ()
    proven: bool = False
    ways: tuple[Way, ...] = ()


def room(path: str, name: str) -> Callable[..., Any] | None:
    """A public function of another room, or None where this build of Ohrid has not got it."""
    try:
        found = getattr(importlib.import_module(f"optimizer.{path}"), name, None)
    except ImportError:
        return None
    return found if callable(found) else None


def why_none(question: Question, stop: Callable[[], bool]) -> WhyNone:
    """The conflict in the planner's words, with its repairs."""
    why, repairs = room("explain", "why_nothing"), room("explain", "repairs")
    if why is None or repairs is None:
        return WhyNone("No package satisfies all requirements. Which of them collide was not looked for.")
    found = why(question, stop=stop)
    if found is None:
        return WhyNone("No package was found, but it is not proved that none exists.")
    ways = tuple(Way(r.sentence, r.changes, r.choices) for r in repairs(question, stop=stop))
    return WhyNone(found.sentence, tuple(found.requirements), found.exactness == "proven", ways)


# --- explanations, ranges, red team -----------------------------------------------------------------------------------

SURE = {"proven": "proved in the model", "gap": "not settled to the last: a range", "sampled": "sampled"}
SECONDS = 15.0  # for one study
SCENARIOS = 1024  # draws: enough for a 5 to 95 % range that is read to a point

Made = Callable[[Callable[[], bool]], Iterator[Said]]
FrontOf = Callable[[], PlanFront]  # what is known of the front, made in the study's own thread


def explained(question: Question, option: Option, front: FrontOf) -> Made | None:
    """Why each measure is in: what is lost without it, its share, what holds it, which ceiling eats it."""
    return _told_by("explain_package", question, option, front)


def steps(question: Question, option: Option, front: FrontOf) -> Made | None:
    """What one step more of each requirement would buy."""
    return _told_by("steps", question, option, front)


def _told_by(name: str, question: Question, option: Option, front: FrontOf) -> Made | None:
    found = room("explain", name)
    if found is None:
        return None
    return lambda stop: map(_said, found(question, option, front(), seconds=SECONDS, stop=stop))


def others(question: Question, option: Option, front: FrontOf) -> Made | None:
    """Packages that are nearly as good and as different as can be."""
    found = room("explain", "alternatives")

    def make(stop: Callable[[], bool]) -> Iterator[Said]:
        assert found is not None
        answer = found(question, option, front=front(), seconds=SECONDS, stop=stop)
        yield Said(answer.sentence, SURE.get(answer.exactness, ""))
        yield from map(_said, answer.found)

    return None if found is None else make


def why_not(question: Question, option: Option, instrument: str, front: FrontOf) -> Made | None:
    """The best package that has an instrument, and what it costs; or what forbids it."""
    found, things = room("explain", "why_not"), room("explain", "things_of")
    if found is None or things is None:
        return None
    return lambda stop: iter([_said(found(question, option, things(instrument), front(), seconds=SECONDS, stop=stop))])


GROUPS = {
    "replacement_loss": "If it is ruled out and the rest planned anew",
    "leave_one_out": "If it is simply taken away",
    "shapley": "Its share of the risk reduction",
    "held_by": "What holds it in the plan",
    "ceiling": "Where effects meet a ceiling",
}


def _said(explanation: Any) -> Said:
    sure = SURE.get(explanation.exactness, plain(str(explanation.exactness)))
    return Said(explanation.sentence, sure, group=GROUPS.get(explanation.topic, ""))


def ranges(question: Question, option: Option) -> Made | None:
    """The package under the joint uncertainty of all numbers."""
    assess, plan, ensemble = room("doubt.report", "assessed"), room("doubt.report", "Plan"), room("doubt", "Ensemble")
    if assess is None or plan is None or ensemble is None:
        return None

    def make(stop: Callable[[], bool]) -> Iterator[Said]:
        plans = [plan(option.id, option.package), plan("doing nothing", Package())]
        found = assess(question.case, plans, ensemble(scenarios=SCENARIOS), question.choices, question.catalog)
        row = next(r for r in found.rows if r.id == option.id)
        p = [f"{100 * v:.0f} %" for v in (row.p05, row.p95, row.mean, row.cvar)]
        tied = " It is not told apart from doing nothing." if "doing nothing" in row.ties else ""
        yield Said(
            f"With all uncertain numbers drawn together, risk lies between {p[0]} and {p[1]} in nine of ten draws "
            f"(mean {p[2]}; mean of the worst tenth {p[3]}).{tied}",
            f"{SCENARIOS:,} draws of the model's own ranges",
        )

    return make


def red_team(question: Question, option: Option, names: Names) -> Made | None:
    """What the perpetrators may reply, and the best remedies."""
    found = room("redteam", "study")

    def make(stop: Callable[[], bool]) -> Iterator[Said]:
        assert found is not None
        front = PlanFront(question.case, question.choices, "", question.axes(), (option,), _NONE)
        yield from _replies(found(question, front), names)

    return None if found is None else make


_NONE = Certificate({}, math.nan, "", 0, 0.0, {})


def _replies(study: Any, names: Names) -> Iterator[Said]:
    finding = study.findings[0]
    risk, after = 100 * finding.risk, 100 * finding.risk_after
    yield Said(
        f"Their best reply is: {finding.best.name}. Risk would be about {after:.0f} % in place of {risk:.0f} % "
        f"(mild {100 * finding.mildest:.0f} %, harsh {100 * finding.harshest:.0f} %).",
        "judged, not measured: read the order, not the digits",
    )
    if finding.hollow:
        hollow = ", ".join(names.tool(m.instrument) for m in finding.hollow)
        yield Said(f"That reply makes these threats or promises hollow: {hollow}.")
    rows = tuple(
        {"reply": r.name, "chance that it is tried": f"{100 * r.likelihood:.0f} %", "risk": f"{100 * v:.0f} %"}
        for r, v in sorted(zip(study.replies[1:], study.risks[1:, 0], strict=False), key=lambda pair: -pair[1])[:8]
    )
    yield Said("All replies, the worst first.", "", rows)
    for remedy in finding.remedies[:3]:
        measure = remedy.into or remedy.out
        what = names.tool(measure.instrument) if measure is not None else "another plan"
        yield Said(f"Remedy ({remedy.kind}): {what}; risk under that reply {100 * remedy.risk:.0f} %.")


# --- evolution ---------------------------------------------------------------------------------------------------------


def evolution(question: Question, packages: Sequence[Package]) -> Made | None:
    """The front of the evolutionary engine from the packages known, on the objectives of the exact search."""
    evolve, settings = room("evolve", "evolve"), room("evolve", "Evolution")

    def make(stop: Callable[[], bool]) -> Iterator[Said]:
        assert evolve is not None and settings is not None
        front = evolve(question, packages, settings(scenarios=0, time_limit=SECONDS), stop=stop)
        rows = tuple(dict(option.objectives) for option in front)
        yield Said(f"Evolutionary search: {len(rows)} packages, without any certificate.", "", rows)

    return None if evolve is None or settings is None else make


# --- playbook ----------------------------------------------------------------------------------------------------------

FORMS = {  # suffix -> name, type, package it needs
    "pdf": ("PDF", "application/pdf", "typst"),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xlsx": ("Workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "openpyxl"),
    "ics": ("Calendar", "text/calendar", "icalendar"),
    "html": ("Web page", "text/html", ""),
    "md": ("Markdown", "text/markdown", ""),
    "json": ("JSON", "application/json", ""),
}


@functools.cache
def playbook_forms() -> tuple[str, ...]:
    """Formats that can be made on this machine, the one for people first."""
    if room("playbook", "build_playbook") is None or find_spec("optimizer.playbook.export") is None:
        return ()
    return tuple(suffix for suffix, (_, _, needed) in FORMS.items() if not needed or find_spec(needed))


def playbook(question: Question, front: PlanFront, option: Option, depth: str, repairs: tuple[str, ...]) -> Any:
    """The record of a package's playbook; depth: how far its studies go; repairs: what was given up."""
    build = room("playbook", "build_playbook")
    assert build is not None
    return build(question, front, option, depth=depth, repairs=repairs)


def exported(record: Any, suffix: str) -> bytes:
    """A record in one format."""
    export = room("playbook.export", "export")
    assert export is not None
    result: bytes = export(record, suffix)
    return result
