"""One HTML file without any outside reference: styles and charts are inside it."""

from __future__ import annotations

import re
from html import escape

from .blocks import Block, Bullets, Facts, Heading, NewPage, Picture, Table, Text
from .document import lay_out
from .record import Playbook

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 Georgia, 'Libertinus Serif', serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1, h2, h3 { color: #1f4e79; line-height: 1.25; }
h2 { margin-top: 2.2rem; border-top: 1px solid #ccc; padding-top: 1rem; }
.lead { font-size: 1.2rem; font-weight: bold; }
.small, .label, .intro, figcaption, footer { color: #595959; font-size: .9rem; }
.banner { text-align: center; color: #8a1f1f; font-weight: bold; }
.facts { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; list-style: none; }
.facts li { flex: 1 1 10rem; background: #eef3f8; padding: .6rem; }
.facts strong { display: block; font-size: 1.5rem; color: #1f4e79; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; overflow-wrap: break-word; }
caption { text-align: left; font-weight: bold; color: #595959; padding: .8rem 0 .3rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #d0d0d0; min-width: 3rem; }
th { background: #e3ebf3; } .n { text-align: right; } .d { white-space: nowrap; }
svg { max-width: 100%; height: auto; }
@media print { thead { display: table-header-group; } tr { break-inside: avoid; } .page { break-after: page; } }
"""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(playbook: Playbook) -> bytes:
    """The whole document as one file."""
    document = lay_out(playbook)
    banner = f'<p class="banner">{say(document.banner)}</p>' if document.banner else ""
    body = "\n".join(filter(None, map(_block, document.blocks)))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{say(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{banner}\n<main>\n{body}\n</main>\n"
        f"<footer>{say(document.foot)}</footer>\n{banner}\n</body>\n</html>\n"
    ).encode()


def say(text: str) -> str:
    """Text, whatever it holds; right-to-left words stand apart from the rest of their line."""
    return escape(text, quote=True)


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            tag = f"h{min(level + 1, 4)}"
            return f'<{tag} dir="auto">{say(text)}</{tag}>'
        case Text(text, look):
            lines = "<br>".join(map(say, text.split("\n")))
            return f'<p dir="auto" class="{look}">{lines}</p>'
        case Bullets(items):
            return "<ul>" + "".join(f'<li dir="auto">{say(i)}</li>' for i in items) + "</ul>"
        case Facts(items):
            cells = "".join(f"<li>{say(a)} <strong>{say(b)}</strong> {say(c)}</li>" for a, b, c in items)
            return f'<ul class="facts">{cells}</ul>'
        case Picture(caption, svg, _):
            return f"<figure>{svg}<figcaption>{say(caption)}</figcaption></figure>"
        case Table():
            return _table(block)
        case NewPage():
            return '<div class="page"></div>'


def _table(block: Table) -> str:
    kinds = ["n" if k in block.numeric else "" for k in range(len(block.head))]
    head = "".join(f'<th scope="col" class="{k}">{say(h)}</th>' for h, k in zip(block.head, kinds, strict=True))
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td dir="auto" class="{"d" if _DATE.fullmatch(c) else k}">{"<br>".join(map(say, c.split(chr(10))))}</td>'
            for c, k in zip(row, kinds, strict=True)
        )
        + "</tr>\n"
        for row in block.rows
    )
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{say(block.caption)}"><table><caption>{say(block.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )
