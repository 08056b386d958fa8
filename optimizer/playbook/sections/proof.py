"""Evidence, notes, and how the document was made."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Bullets, Heading, Text, table
from ..forms import NOTE_HEAD, SECTION_NAMES
from ..record import Playbook
from ..text import listed
from .numbers import MODEL_NOT_WORLD, between, number


def evidence(p: Playbook) -> Iterator[Block]:
    yield Heading("Evidence: every number with its range, grade and source")
    references = list(dict.fromkeys(r for e in p.evidence for r in e.references))
    place = {r: k for k, r in enumerate(references, start=1)}
    rows = [
        (
            e.what,
            number(e.value),
            between(e.value),
            e.value.unit,
            e.value.grade,
            e.value.source,
            ", ".join(str(place[r]) for r in e.references) or "\u2013",
        )
        for e in p.evidence
    ]
    yield table(
        "Numbers",
        ("What", "Mid", "Range", "Unit", "Grade", "Basis", "Sources"),
        rows,
        (2.4, 0.8, 1.8, 1.2, 1.2, 2.6, 1),
        (1,),
    )
    yield table("Sources", ("No.", "Reference"), [(str(k), r) for r, k in place.items()], (0.6, 9.4), (0,))


def notes(p: Playbook) -> Iterator[Block]:
    about = p.about
    yield Heading("Notes, and how this was made")
    yield table(
        "Notes", NOTE_HEAD, [(SECTION_NAMES[k], p.notes.get(k, "")) for k in SECTION_NAMES], (2, 8), (), "notes"
    )
    yield Heading("What the planner asked for", 2)
    yield Bullets(about.requirements or ("Nothing beyond what the case and the default rules ask for.",))
    if about.repairs:
        yield Heading("What was given up so that a plan exists", 2)
        yield Bullets(about.repairs)
    yield Heading("How this was made", 2)
    hidden = (
        f" Names of {listed(about.redacted)} are given by role; free text was searched for the names that the case and the catalog know, and for no others."
        if about.redacted
        else ""
    )
    yield Text(
        f"Package {about.package.removeprefix('P')} of the front; seed {about.seed}; print of the data {about.data_fingerprint}. "
        f"Dates are year-month-day; money is million USD of 2020; a point parts decimals.{hidden} {MODEL_NOT_WORLD}",
        "small",
    )
