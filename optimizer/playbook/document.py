"""A playbook laid out for reading: PDF, DOCX, HTML and Markdown all print this."""

from __future__ import annotations

from collections.abc import Iterator

from . import words
from .blocks import Block, Bullets, Document, Facts, Heading, NewPage, Table, Text
from .record import Playbook
from .sections import SECTIONS


def lay_out(playbook: Playbook) -> Document:
    """The whole document; the first page is the one that a minister reads."""
    about = playbook.about
    blocks: list[Block] = [*_first_page(playbook), NewPage()]
    for number, section in enumerate(SECTIONS, start=1):
        title, *rest = section(playbook)
        assert isinstance(title, Heading)
        blocks += [Heading(f"{number}  {title.text}"), *rest]
    foot = f"{about.title} \u00b7 {about.kind} \u00b7 {about.as_of}"
    return Document(about.title, about.classification, foot, tuple(b for b in blocks if not _empty(b)))


def _empty(block: Block) -> bool:
    return (
        (isinstance(block, Table) and not block.rows)
        or (isinstance(block, Bullets) and not block.items)
        or (isinstance(block, Text) and not block.text)
    )


def _first_page(p: Playbook) -> Iterator[Block]:
    about, s = p.about, p.summary
    yield Heading(about.title, 0)
    yield Text(
        f"{about.subtitle[0].upper()}{about.subtitle[1:]}. As of {about.as_of}; plan from {about.start} to {about.end}.",
        "label",
    )
    yield Heading("Summary")
    yield Text(s.headline, "lead")
    yield Facts(tuple(_facts(p)))
    yield Heading("What happened", 2)
    yield Text(s.situation)
    yield Heading("What the plan does", 2)
    yield Bullets(s.does)
    yield Heading("What has to be decided", 2)
    yield Bullets(s.decide)
    yield Heading("What can go wrong", 2)
    yield Bullets(s.wrong)
    yield Heading("How sure this is", 2)
    yield Text(s.sure)


def _facts(p: Playbook) -> Iterator[tuple[str, str, str]]:
    r, m = p.risk, p.money
    digits = words.apart(r.before.mid, r.after.mid)
    yield (
        "Risk if nothing is done",
        words.percent(r.before.mid, digits),
        f"{r.range_is} {words.span(r.before.low, r.before.high)}",
    )
    yield (
        "Risk with this plan",
        words.percent(r.after.mid, digits),
        f"{r.range_is} {words.span(r.after.low, r.after.high)}",
    )
    yield "Money now", f"{words.musd(m.now.mid)} M USD", f"range {words.span(m.now.low, m.now.high, words.musd)}"
    yield "Reserve", f"{words.musd(m.reserve.mid)} M USD", f"envelope {words.musd(m.envelope)}"
