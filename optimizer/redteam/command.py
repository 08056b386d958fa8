"""The verb `ohrid redteam`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from ..choices import Measure
from ..explain.words import Words
from ..inputs import load_case, load_catalog
from ..inputs.faults import Fault, InputError
from ..inputs.records import Case
from .remedies import Remedy
from .study import Finding, Study, study

MODEL_ONLY = "What replies do is judged, not measured: read the order of the harm, not its digits."


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the verb."""
    from ..options import add_choices

    text = "what the perpetrators may reply to the packages of a case, and the cheapest remedies"
    made = subparsers.add_parser("redteam", help=text, description=text)
    made.add_argument("case", help="id of a shipped case, or the path of a case file")
    made.add_argument("--at-once", type=int, default=1, choices=(1, 2, 3), help="replies tried together (default 1)")
    made.add_argument("--least", type=float, default=0.05, metavar="P", help="leave out replies rarer than this")
    made.add_argument(
        "--remedy", action="append", metavar="ID", help="packages to find remedies for (default: the safest)"
    )
    made.add_argument("--time-limit", type=float, default=30.0, metavar="S")
    made.add_argument("--workers", type=int, default=1, metavar="N")
    made.add_argument("--seed", type=int, default=0, metavar="N")
    made.add_argument("--json", metavar="FILE", help="write the study as JSON")
    made.set_defaults(run=run)
    add_choices(made)


def run(args: argparse.Namespace) -> int:
    """Tables of a study."""
    from ..files import write_text
    from ..options import choices_from
    from ..questions import ask
    from ..solving import solve

    case, choices = load_case(args.case), choices_from(args)
    front = solve(case, choices=choices, time_limit=args.time_limit, workers=args.workers, seed=args.seed)
    if not len(front):
        raise InputError(
            [Fault("choices", "", "", "", "no package satisfies them", "Run ohrid solve to see which collide")]
        )
    found = study(ask(case, choices), front, at_once=args.at_once, least=args.least, remedies_for=args.remedy)
    if args.json:
        write_text(args.json, json.dumps(plain(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    print_study(found, case)
    return 0


def plain(found: Study) -> dict[str, Any]:
    """A study as plain values."""
    return {
        "replies": [asdict(r) for r in found.replies],
        "packages": list(found.ids),
        "risks": found.risks.tolist(),
        "findings": [asdict(f) for f in found.findings],
        "order_before": found.front_before,
        "order_after": found.front_after,
        "game": {
            "seen": found.game.seen, "value": found.game.value,
            "replies": found.game.replies.tolist(), "packages": found.game.packages.tolist(),
        },
    }  # fmt: skip


def words(measure: Measure, case: Case) -> str:
    """A measure for people."""
    return Words(case, load_catalog()).measure(measure)


def print_study(found: Study, case: Case) -> None:
    """What each package loses to the adversary's best reply, and what would mend it."""
    from ..cli import console
    from ..show import table

    out = console()
    heads = [
        "package",
        "risk",
        "best reply of the perpetrators",
        "risk then",
        "range",
        "threats or promises left hollow",
    ]
    rows = [
        (f.id, f"{100 * f.risk:.1f} %", f.best.name, f"{100 * f.risk_after:.1f} %",
         f"{100 * f.mildest:.1f}-{100 * f.harshest:.1f} %", "; ".join(words(m, case) for m in f.hollow) or "-")
        for f in found.findings
    ]  # fmt: skip
    out.print(table("Replies", heads, rows))
    for f in found.findings:
        for line in remedy_lines(f, case):
            out.print(line)
    if found.front_before != found.front_after:
        before, after = " ".join(found.front_before), " ".join(found.front_after)
        out.print(f"By risk: {before} without replies, {after} after the best reply to each.")
    out.print(game_line(found))
    out.print(MODEL_ONLY)


def remedy_lines(f: Finding, case: Case) -> list[str]:
    """The cheapest remedy of each kind, in words."""
    found: dict[str, Remedy] = {}
    for one in f.remedies:
        found.setdefault(one.kind, one)
    return [f"{f.id}, against '{f.best.name.lower()}': {remedy_words(one, case)}" for one in found.values()]


def remedy_words(one: Remedy, case: Case) -> str:
    """A remedy in words."""
    if one.into is None:
        change = "take another plan of the front"
    elif one.out is None:
        change = f"add {words(one.into, case)}"
    else:
        change = f"put {words(one.into, case)} in the place of {words(one.out, case)}"
    return f"{change}; undoes {100 * min(one.undoes, 1):.0f} % of the harm, cost then {one.cost:.0f} M USD"


def game_line(found: Study) -> str:
    """What it is worth that the perpetrators do not know which package is taken."""
    if not found.game.dodged:
        return f"Even a reply that is foreseen cannot be dodged: at best {100 * found.game.seen:.1f} % risk is left."
    return (
        f"If the perpetrators see the package before they reply, at best {100 * found.game.seen:.1f} % risk is left; "
        f"if they have to guess, {100 * found.game.value:.1f} %."
    )
