"""A calendar: starts, days in force, decision points, reviews and last days of preparation. The one door to icalendar."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from .extras import needed
from .record import Date, Playbook

KINDS = {
    "start": "Start",
    "in force": "In force",
    "decision": "Decision",
    "review": "Review",
    "preparation": "Preparation",
}


def ics(playbook: Playbook) -> bytes:
    """One all-day entry for each date; the same playbook gives the same identities, so that a second import updates the first."""
    module = needed("icalendar", "ICS")
    about = playbook.about
    calendar = module.Calendar()
    calendar.add("prodid", "-//Ohrid//Playbook//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", about.title)
    stamp = datetime(about.as_of.year, about.as_of.month, about.as_of.day, tzinfo=UTC)
    for number, entry in enumerate(playbook.dates, start=1):
        calendar.add_component(_event(module, playbook, number, entry, stamp))
    made: bytes = calendar.to_ical()
    return made


def _event(module: object, playbook: Playbook, number: int, entry: Date, stamp: datetime) -> object:
    about = playbook.about
    event = module.Event()  # type: ignore[attr-defined]
    event.add(
        "uid", _identity(f"{about.case} {about.data_fingerprint} {about.package} {number} {entry.kind} {entry.what}")
    )
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.what)
    event.add("categories", [KINDS[entry.kind]])
    words = [entry.detail, about.title, about.classification]
    event.add("description", "\n".join(w for w in words if w))
    event.add("transp", "TRANSPARENT")
    if about.classification:
        event.add("class", "CONFIDENTIAL")
    return event


def _identity(text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@ohrid"
