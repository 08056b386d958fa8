"""Small vector charts, written by hand: no browser, no outside font, no outside reference."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from .blocks import Picture
from .text import one_line

WIDTH = 700
INK, PALE, RULE = "#1a1a1a", "#8a8a8a", "#d9d9d9"
COLOURS = (
    "#1f4e79",
    "#b04a2f",
    "#3d7a4a",
    "#8a6d1f",
    "#5b4a8a",
    "#2f7f86",
)  # dark enough on white for all to tell apart
SIZE = 11


def text(
    x: float, y: float, words_: str, anchor: str = "start", size: float = SIZE, fill: str = INK, weight: str = "normal"
) -> str:
    look = f'text-anchor="{anchor}" font-size="{size:g}" fill="{fill}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words_)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = RULE, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def box(x: float, y: float, w: float, h: float, fill: str, opacity: float = 1) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0.5):.1f}" height="{h:.1f}" fill="{fill}" fill-opacity="{opacity:g}"/>'


def dot(x: float, y: float, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{fill}"/>'


def picture(caption: str, alt: str, height: float, parts: Sequence[str]) -> Picture:
    h = round(height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {h}" width="{WIDTH}" height="{h}" role="img" '
        f'aria-label={quoteattr(one_line(alt))} font-family="Libertinus Serif, Georgia, serif">'
    )
    return Picture(caption, head + "".join(parts) + "</svg>", alt, WIDTH, h)


def share_axis(top: float, x: Callable[[float], float], bottom: float) -> Iterator[str]:
    for share in ticks(top):
        yield line(x(share), 8, x(share), bottom)
        yield text(x(share), bottom + 16, f"{100 * share:g} %", "middle", fill=PALE)


def ticks(top: float, most: int = 7) -> list[float]:
    """Round numbers from 0 to at most `top`."""
    size = 10.0 ** math.floor(math.log10(top / most))
    step = next(s * size for s in (1, 2, 5, 10, 20) if top / (s * size) <= most)
    return [round(k * step, 9) for k in range(int(top / step + 1e-9) + 1)]


def months_axis(start: date, end: date, x: Callable[[date], float], bottom: float, most: float) -> Iterator[str]:
    """A line at the first of every so many months."""
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next(s for s in (1, 2, 3, 6, 12, 24) if months / s <= 9)
    for k in range(0, months + 1):
        year, month = divmod(start.year * 12 + start.month - 1 + k, 12)
        if month % step == 0 and start <= (day := date(year, month + 1, 1)) <= end:
            yield line(x(day), 16, x(day), bottom)
            yield text(min(x(day), most - 12), 11, f"{day:%Y-%m}", "middle", fill=PALE, size=10)


def wrapped(words_: str, most: int) -> list[str]:
    """At most two lines; what does not fit stands in full in the table below."""
    lines = textwrap.wrap(one_line(words_), most, break_long_words=True) or [""]
    return lines if len(lines) <= 2 else [lines[0], lines[1][: most - 1] + "\u2026"]


def legend(names: Sequence[str], left: float, y: float) -> Iterator[str]:
    """A square and a name for each colour, four in a row."""
    for j, name in enumerate(names):
        x, below = left + 165 * (j % 4), y + 16 * (j // 4)
        yield box(x, below, 10, 10, COLOURS[j % 6])
        yield text(x + 14, below + 9, name[:26])
