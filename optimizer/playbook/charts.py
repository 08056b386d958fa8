"""The four charts of a playbook: risk, tasks, money, hazard."""

from __future__ import annotations

from datetime import date

from ..model.tree import MONTH_DAYS
from . import words
from .blocks import Picture
from .record import Month, Playbook, Task
from .svg import (
    COLOURS,
    PALE,
    WIDTH,
    box,
    dot,
    legend,
    line,
    months_axis,
    picture,
    share_axis,
    text,
    ticks,
    wrapped,
)


def risk_chart(playbook: Playbook) -> Picture:
    """Chance of mass killing before and after, and in each branch, with their ranges."""
    rows = [("If nothing is done", playbook.risk.before), ("With this plan", playbook.risk.after)]
    digits = words.apart(playbook.risk.before.mid, playbook.risk.after.mid)
    rows += [(f"{c.phase}, from the branch day on", c.risk) for c in playbook.contingencies]
    top = min(1.0, max(q.high if q.high is not None else q.mid for _, q in rows) * 1.12 + 0.01)
    left, right, step = 210.0, 90.0, 30.0
    wide = WIDTH - left - right

    def x(share: float) -> float:
        return left + wide * share / top

    parts, height = list(share_axis(top, x, 14 + step * len(rows))), 46 + step * len(rows)
    for k, (name, q) in enumerate(rows):
        y, colour = 26 + step * k, COLOURS[0 if k else 1] if k < 2 else COLOURS[3]
        low, high = (q.mid if q.low is None else q.low), (q.mid if q.high is None else q.high)
        parts += [
            text(left - 10, y + 4, name, "end"),
            line(x(low), y, x(high), y, colour, 2.5),
            dot(x(q.mid), y, colour),
        ]
        parts += [text(WIDTH - right + 12, y + 4, words.percent(q.mid, digits if k < 2 else None), weight="bold")]
    alt = "; ".join(f"{name}: {words.percent(q.mid)}, range {words.span(q.low, q.high)}" for name, q in rows)
    return picture(
        f"Chance of mass killing: estimate, and range ({playbook.risk.range_is})",
        f"Chance of mass killing. {alt}.",
        height,
        parts,
    )


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
        lines = wrapped(f"{task.number}  {task.name.split(' (')[0]}", 40)
        parts += [text(14, y + 4 + 12 * k, part) for k, part in enumerate(lines)]
        parts += [box(x(task.start), y - 4, x(task.in_force) - x(task.start), 9, COLOURS[0], 0.3)]
        parts += [box(x(task.in_force), y - 4, x(task.end) - x(task.in_force), 9, COLOURS[0])]
        y += 12 * len(lines) + 5
    grid = list(months_axis(about.start, about.end, x, y, WIDTH - 10))
    if about.branch_date:
        grid += [line(x(about.branch_date), 22, x(about.branch_date), y, COLOURS[1], 1.2, "4 3")]
        grid += [text(x(about.branch_date) + 3, y + 12, f"branches from {about.branch_date}", fill=COLOURS[1], size=10)]
    alt = "Pale: being set up; dark: in force. " + " ".join(map(_task_words, playbook.tasks))
    return picture("Tasks over time: pale while being set up, dark while in force", alt, y + 20, [*grid, *parts])


def _task_words(task: Task) -> str:
    return f"Task {task.number}: begins {task.start}, in force {task.in_force}, ends {task.end}."


def money_chart(playbook: Playbook) -> Picture:
    """Money month by month: now, and each branch."""
    cash = playbook.money
    left, base, tall = 56.0, 176.0, 140.0
    most = max((a for m in cash.months for a in m.amounts), default=0.0) or 1.0
    scale = ticks(most, 5)
    scale += [scale[-1] + scale[1]] if scale[-1] < most else []
    wide = (WIDTH - left - 10) / max(len(cash.months), 1)
    parts = [line(left, base, WIDTH - 10, base, PALE)]
    for amount in scale:
        y = base - tall * amount / scale[-1]
        parts += [line(left, y, WIDTH - 10, y), text(left - 6, y + 4, f"{amount:g}", "end", fill=PALE)]
    for k, month in enumerate(cash.months):
        parts += _bars(month, left + wide * k, wide, base, tall / scale[-1])
        if k % max(1, -(-len(cash.months) // 9)) == 0:
            parts.append(
                text(left + wide * (k + 0.5), base + 15, f"{month.first_day:%Y-%m}", "middle", fill=PALE, size=10)
            )
    parts += legend(cash.phases, left, base + 26)
    total = [f"{name}: {words.musd(sum(m.amounts[j] for m in cash.months))}" for j, name in enumerate(cash.phases)]
    alt = f"Money by month in million USD of 2020. In all, {', '.join(total)}. Month by month it stands in the table of this section."
    return picture("Money by month, million USD of 2020", alt, base + 30 + 16 * (-(-len(cash.phases) // 4)), parts)


def _bars(month: Month, left: float, wide: float, base: float, scale: float) -> list[str]:
    """One bar for each phase that spends in a month."""
    each = wide * 0.84 / max(len(month.amounts), 1)
    return [
        box(left + wide * 0.08 + each * j, base - scale * amount, each, scale * amount, COLOURS[j % 6])
        for j, amount in enumerate(month.amounts)
        if amount > 0
    ]


def hazard_chart(playbook: Playbook) -> Picture:
    """Hazard per month over time, before and with the plan, in now and each branch."""
    steps = playbook.risk.steps
    about, left, base, tall = playbook.about, 56.0, 166.0, 140.0
    span = max((about.end - about.start).days, 1)
    rates = [MONTH_DAYS * s.before / max((s.end - s.start).days, 1) for s in steps]
    top = max(rates, default=0.0) or 1.0

    def x(day: date) -> float:
        return left + (WIDTH - left - 10) * min(max((day - about.start).days, 0), span) / span

    parts = list(months_axis(about.start, about.end, x, base, WIDTH - 10))
    parts += [text(left - 6, base - tall * k / 2 + 4, f"{100 * top * k / 2:.2g} %", "end", fill=PALE) for k in range(3)]
    phases = list(dict.fromkeys(s.phase for s in steps))
    for step, rate in zip(steps, rates, strict=True):
        colour = COLOURS[phases.index(step.phase) % 6]
        for height, width, dash in ((rate, 1.3, "3 3"), (rate * step.left, 2.6, "")):
            y = base - tall * height / top
            parts.append(line(x(step.start), y, x(step.end), y, colour, width, dash))
    parts.append(line(left, base, WIDTH - 10, base, PALE))
    parts += legend(phases, left, base + 14)
    alt = "Hazard a month; dashed if nothing is done, full line with the plan. " + " ".join(
        f"{s.phase}, {s.start} to {s.end}: {100 * r:.2g} % a month, {words.percent(s.left, 0)} of it left."
        for s, r in zip(steps, rates, strict=True)
    )
    caption = "Hazard a month if each phase comes: dashed if nothing is done, full line with the plan"
    return picture(caption, alt, base + 20 + 16 * (-(-len(phases) // 4)), parts)
