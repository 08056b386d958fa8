"""Small vector charts, written by hand: no browser, no outside font, no outside reference."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from ..model.tree import MONTH_DAYS
from . import words
from .blocks import Picture
from .record import Playbook, Task
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


def risk_chart(playbook: Playbook) -> Picture:
    """Chance of mass killing before and after, and in each branch, with their ranges."""
    rows = [("If nothing is done", playbook.risk.before), ("With this plan", playbook.risk.after)]
    rows += [(f"{c.phase}, from the branch day on", c.risk) for c in playbook.contingencies]
    top = min(1.0, max(q.high if q.high is not None else q.mid for _, q in rows) * 1.12 + 0.01)
    left, right, step = 210.0, 90.0, 30.0
    wide = WIDTH - left - right

    def x(share: float) -> float:
        return left + wide * share / top

    parts, height = list(_share_axis(top, x, 14 + step * len(rows))), 46 + step * len(rows)
    for k, (name, q) in enumerate(rows):
        y, colour = 26 + step * k, COLOURS[0 if k else 1] if k < 2 else COLOURS[3]
        low, high = (q.mid if q.low is None else q.low), (q.mid if q.high is None else q.high)
        parts += [
            text(left - 10, y + 4, name, "end"),
            line(x(low), y, x(high), y, colour, 2.5),
            dot(x(q.mid), y, colour),
        ]
        parts += [text(WIDTH - right + 12, y + 4, words.percent(q.mid), weight="bold")]
    alt = "; ".join(f"{name}: {words.percent(q.mid)}, range {words.span(q.low, q.high)}" for name, q in rows)
    return picture(
        f"Chance of mass killing: estimate, and range ({playbook.risk.range_is})",
        f"Chance of mass killing. {alt}.",
        height,
        parts,
    )


def _share_axis(top: float, x: object, bottom: float) -> Iterator[str]:
    assert callable(x)
    for share in _ticks(top):
        yield line(x(share), 8, x(share), bottom)
        yield text(x(share), bottom + 16, f"{100 * share:g} %", "middle", fill=PALE)


def _ticks(top: float) -> list[float]:
    step = next(s for s in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if top / s <= 7)
    return [round(k * step, 6) for k in range(int(top / step) + 1)]


def timeline(playbook: Playbook) -> Picture:
    """When each task begins, comes into force and ends."""
    about = playbook.about
    span, left = max((about.end - about.start).days, 1), 250.0
    wide, y, parts = WIDTH - left - 14, 30.0, list[str]()

    def x(day: date) -> float:
        return left + wide * min(max((day - about.start).days, 0), span) / span

    phase = ""
    for task in playbook.tasks:
        if task.phase != phase:
            phase = task.phase
            parts.append(text(4, y + 4, phase, weight="bold"))
            y += 18
        lines = _wrapped(f"{task.number}  {task.name.split(' (')[0]}", 40)
        parts += [text(14, y + 4 + 12 * k, part) for k, part in enumerate(lines)]
        parts += [box(x(task.start), y - 4, x(task.in_force) - x(task.start), 9, COLOURS[0], 0.3)]
        parts += [box(x(task.in_force), y - 4, x(task.end) - x(task.in_force), 9, COLOURS[0])]
        y += 12 * len(lines) + 5
    grid = list(_years(about.start, about.end, x, y, WIDTH - 10))
    if about.branch_date:
        grid += [line(x(about.branch_date), 22, x(about.branch_date), y, COLOURS[1], 1.2, "4 3")]
        grid += [text(x(about.branch_date) + 3, y + 12, f"branches from {about.branch_date}", fill=COLOURS[1], size=10)]
    alt = "Pale: being set up; dark: in force. " + " ".join(map(_task_words, playbook.tasks))
    return picture("Tasks over time: pale while being set up, dark while in force", alt, y + 20, [*grid, *parts])


def _task_words(task: Task) -> str:
    return f"Task {task.number}: begins {task.start}, in force {task.in_force}, ends {task.end}."


def _wrapped(words_: str, most: int) -> list[str]:
    """At most two lines; what does not fit stands in full in the table below."""
    lines = textwrap.wrap(one_line(words_), most, break_long_words=True) or [""]
    return lines if len(lines) <= 2 else [lines[0], lines[1][: most - 1] + "\u2026"]


def _years(start: date, end: date, x: object, bottom: float, most: float) -> Iterator[str]:
    """A line at the first of every so many months."""
    assert callable(x)
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next(s for s in (1, 2, 3, 6, 12, 24) if months / s <= 9)
    for k in range(0, months + 1):
        year, month = divmod(start.year * 12 + start.month - 1 + k, 12)
        if month % step == 0 and start <= (day := date(year, month + 1, 1)) <= end:
            yield line(x(day), 16, x(day), bottom)
            yield text(min(x(day), most - 12), 11, f"{day:%Y-%m}", "middle", fill=PALE, size=10)


def money_chart(playbook: Playbook) -> Picture:
    """Money month by month: now, and each branch."""
    cash = playbook.money
    left, base, tall = 56.0, 176.0, 140.0
    top = max((sum(m.amounts[:1]) + max(m.amounts[1:], default=0.0) for m in cash.months), default=0.0) or 1.0
    wide = (WIDTH - left - 10) / max(len(cash.months), 1)
    parts = [line(left, base, WIDTH - 10, base, PALE)]
    for k in range(5):
        y = base - tall * k / 4
        parts += [line(left, y, WIDTH - 10, y), text(left - 6, y + 4, f"{top * k / 4:.3g}", "end", fill=PALE)]
    bars = len(cash.phases)
    for k, month in enumerate(cash.months):
        for j, amount in enumerate(month.amounts):
            tall_ = tall * amount / top
            if amount > 0:
                parts.append(
                    box(
                        left + wide * k + wide * 0.08 + wide * 0.84 * j / bars,
                        base - tall_,
                        wide * 0.84 / bars,
                        tall_,
                        COLOURS[j % 6],
                    )
                )
        if k % max(1, -(-len(cash.months) // 9)) == 0:
            parts.append(
                text(left + wide * (k + 0.5), base + 15, f"{month.first_day:%Y-%m}", "middle", fill=PALE, size=10)
            )
    for j, name in enumerate(cash.phases):
        parts += [
            box(left + 165 * (j % 4), base + 26 + 16 * (j // 4), 10, 10, COLOURS[j % 6]),
            text(left + 14 + 165 * (j % 4), base + 35 + 16 * (j // 4), name[:26]),
        ]
    total = [f"{name}: {words.musd(sum(m.amounts[j] for m in cash.months))}" for j, name in enumerate(cash.phases)]
    alt = f"Money by month in million USD of 2020. In all, {', '.join(total)}. Month by month it stands in the table of this section."
    return picture("Money by month, million USD of 2020", alt, base + 30 + 16 * (-(-bars // 4)), parts)


def hazard_chart(playbook: Playbook) -> Picture:
    """Hazard per month over time, before and with the plan, in now and each branch."""
    steps = playbook.risk.steps
    about, left, base, tall = playbook.about, 56.0, 166.0, 140.0
    span = max((about.end - about.start).days, 1)
    rates = [MONTH_DAYS * s.before / max((s.end - s.start).days, 1) for s in steps]
    top = max(rates, default=0.0) or 1.0

    def x(day: date) -> float:
        return left + (WIDTH - left - 10) * min(max((day - about.start).days, 0), span) / span

    parts = list(_years(about.start, about.end, x, base, WIDTH - 10))
    parts += [text(left - 6, base - tall * k / 2 + 4, f"{100 * top * k / 2:.2g} %", "end", fill=PALE) for k in range(3)]
    phases = list(dict.fromkeys(s.phase for s in steps))
    for step, rate in zip(steps, rates, strict=True):
        colour = COLOURS[phases.index(step.phase) % 6]
        for height, width, dash in ((rate, 1.3, "3 3"), (rate * step.left, 2.6, "")):
            y = base - tall * height / top
            parts.append(line(x(step.start), y, x(step.end), y, colour, width, dash))
    parts.append(line(left, base, WIDTH - 10, base, PALE))
    for j, name in enumerate(phases):
        parts += [
            box(left + 165 * (j % 4), base + 14 + 16 * (j // 4), 10, 10, COLOURS[j % 6]),
            text(left + 14 + 165 * (j % 4), base + 23 + 16 * (j // 4), name[:26]),
        ]
    alt = "Hazard a month; dashed if nothing is done, full line with the plan. " + " ".join(
        f"{s.phase}, {s.start} to {s.end}: {100 * r:.2g} % a month, {words.percent(s.left, 0)} of it left."
        for s, r in zip(steps, rates, strict=True)
    )
    caption = "Hazard a month if each phase comes: dashed if nothing is done, full line with the plan"
    return picture(caption, alt, base + 20 + 16 * (-(-len(phases) // 4)), parts)
