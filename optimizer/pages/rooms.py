"""The one door to rooms that a page can do without: explanations, ranges, red team, playbook. Each is imported when used."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..choices import Choices
from ..questions import Question


@dataclass(frozen=True)
class Way:
    """A repair: what it changes in words, and the choices after it."""

    sentence: str
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
    why, repairs = room("explain.conflict", "why_nothing"), room("explain.conflict", "repairs")
    if why is None or repairs is None:
        return WhyNone("No package satisfies all requirements. Which of them collide was not looked for.")
    found = why(question, stop=stop)
    if found is None:
        return WhyNone("No package was found, but it is not proved that none exists.")
    ways = tuple(Way(r.sentence, r.choices) for r in repairs(question, stop=stop))
    return WhyNone(found.sentence, tuple(found.requirements), found.exactness == "proven", ways)


FORMS = (  # the best one that this machine can make is offered: name, suffix, type, module, function, package it needs
    ("pdf", "pdf", "application/pdf", "playbook.pdf", "pdf", "typst"),
    ("html", "html", "text/html", "playbook.html", "html", ""),
    ("markdown", "md", "text/markdown", "playbook.markdown", "markdown", ""),
    ("json", "json", "application/json", "playbook", "build_playbook", ""),
)


def best_playbook() -> tuple[str | None, str, str]:
    """Format, suffix and type of the playbook that can be made here."""
    from importlib.util import find_spec

    for form, suffix, mime, module, name, needed in FORMS:
        if (not needed or find_spec(needed)) and room("playbook", "build_playbook") and room(module, name):
            return form, suffix, mime
    return None, "", ""


def playbook(question: Question, front: Any, option: Any, form: str) -> bytes:
    """The playbook of a package in one format."""
    made = room("playbook", "build_playbook")
    assert made is not None
    record = made(question, front, option)
    if form == "json":
        return str(record.model_dump_json(indent=1)).encode()
    _, _, _, module, name, _ = next(f for f in FORMS if f[0] == form)
    render = room(module, name)
    assert render is not None
    result = render(record)
    return result if isinstance(result, bytes) else str(result).encode()
