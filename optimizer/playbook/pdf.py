"""PDF through Typst: tagged, PDF/UA-1, fonts embedded. The one door to the package typst."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from .blocks import Block, Bullets, Document, Facts, Heading, NewPage, Picture, Table, Text
from .document import lay_out
from .extras import needed
from .record import Playbook

OWN_FONTS = [
    "Libertinus Serif",
    "New Computer Modern",
    "DejaVu Sans Mono",
]  # come with Typst, the same on every machine
STANDARDS = ["1.7", "ua-1"]
LINE_CM, TALLEST_CM = 17.0, 23.0  # of a picture, so that it stays on its page
LONG_WORD = re.compile(r"(\S{18})(?=\S{6})")


def pdf(playbook: Playbook) -> bytes:
    """The PDF; the same bytes for the same playbook as long as the fonts that come with Typst hold its letters."""
    document = lay_out(playbook)
    moment = datetime(playbook.about.as_of.year, playbook.about.as_of.month, playbook.about.as_of.day, tzinfo=UTC)
    return typeset(document, moment)


def typeset(document: Document, moment: datetime) -> bytes:
    """First with Typst's own fonts; letters that these lack take a font of this machine, and at last their code in words."""
    typst = needed("typst", "PDF")
    template = (files(__package__) / "template.typ").read_bytes()
    last: Exception | None = None
    for change, system in ((_same, False), (_same, True), (_by_code, False)):
        data = _data(document, moment, change, OWN_FONTS)
        try:
            made: bytes = typst.compile(
                template, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, ignore_system_fonts=not system,
                font_paths=[], pdf_standards=STANDARDS, timestamp=moment,
            )  # fmt: skip
            return made
        except typst.TypstError as error:
            last = error
    assert last is not None
    raise last


def png(picture: Picture, ppi: float = 200) -> bytes:
    """A chart as a picture of dots, for formats that hold no vectors."""
    typst = needed("typst", "pictures in DOCX")
    source = (
        '#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 17cm)'
    )
    made: bytes = typst.compile(
        source.encode(), sys_inputs={"svg": picture.svg}, ignore_system_fonts=True, font_paths=[], format="png", ppi=ppi
    )
    return made


def _same(text: str) -> str:
    return text


def _by_code(text: str) -> str:
    """Letters beyond Latin, Greek and Cyrillic by their code."""
    return "".join(c if ord(c) < 0x530 or 0x2010 <= ord(c) <= 0x2044 else f"[U+{ord(c):04X}]" for c in text)


def _breakable(text: str) -> str:
    """Room to break in words that are longer than a narrow column."""
    return LONG_WORD.sub("\\1\u200b", text)


def _data(document: Document, moment: datetime, change: Callable[[str], str], fonts: list[str]) -> dict[str, Any]:
    def say(text: str) -> str:
        return _breakable(change(text))

    return {
        "title": change(document.title), "banner": say(document.banner), "foot": say(document.foot), "fonts": fonts,
        "date": [moment.year, moment.month, moment.day], "blocks": [_block(b, say) for b in document.blocks],
    }  # fmt: skip


def _block(block: Block, say: Callable[[str], str]) -> dict[str, Any]:
    match block:
        case Heading(text, 0):
            return {"kind": "title", "text": say(text)}
        case Heading(text, level):
            return {"kind": "heading", "text": say(text), "level": level}
        case Text(text, look):
            return {"kind": "text", "text": say(text), "look": look}
        case Bullets(items):
            return {"kind": "bullets", "items": [say(i) for i in items]}
        case Table():
            rows = [[say(c) for c in r] for r in block.rows]
            return {
                "kind": "table", "caption": say(block.caption), "head": list(block.head), "rows": rows,
                "widths": list(block.widths), "numeric": list(block.numeric),
            }  # fmt: skip
        case Picture():
            return {
                "kind": "picture",
                "caption": say(block.caption),
                "svg": block.svg,
                "alt": block.alt,
                "share": min(1.0, TALLEST_CM * block.width / (LINE_CM * block.height)),
            }
        case Facts(items):
            return {"kind": "facts", "items": [[say(x) for x in i] for i in items]}
        case NewPage():
            return {"kind": "newpage"}
