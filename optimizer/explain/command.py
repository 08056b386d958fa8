"""`ohrid explain`: the explanations of one package, or of why there is none, in the terminal or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from ..answers import Option, PlanFront
from ..choices import Choices
from ..inputs import load_case
from ..inputs.faults import Fault, InputError, did_you_mean
from ..inputs.records import Case
from ..questions import Question, ask
from .conflict import conflicts
from .nesting import nesting
from .others import alternatives
from .package import explain_package
from .records import Explanation, plain
from .repairs import repairs
from .steps import steps
from .things import things_of
from .trials import whether
from .why_not import why_not
from .words import GRADE_WORDS, MODEL_NOT_WORLD, Words

EXACT = {"proven": "proven in the model", "gap": "not settled to the last: a range", "sampled": "sampled"}
DONE, NO_PACKAGE = 0, 3

OPTIONS: dict[str, dict[str, Any]] = {
    "--pick": {"metavar": "ID", "help": "which package of the front (default: the middle one)"},
    "--why-not": {
        "metavar": "THING",
        "help": "instrument, instrument@partner, @partner, with :day for a start; a+b for a pair",
    },
    "--one-step": {"action": "store_true", "help": "what one step more of each requirement would buy"},
    "--alternatives": {"action": "store_true", "help": "other packages that are as good"},
    "--nesting": {"action": "store_true", "help": "what stays as the money shrinks"},
    "--within": {
        "type": float, "default": 0.02, "metavar": "SHARE",
        "help": "how much worse an alternative may be (default 0.02)",
    },
    "--distance": {
        "type": int, "default": 3, "metavar": "N",
        "help": "measures or leads by which alternatives differ (default 3)",
    },
    "--time-limit": {
        "type": float, "default": 20.0, "metavar": "S", "help": "seconds for the explanations (default 20)",
    },
    "--json": {"metavar": "FILE", "help": "write the explanations as JSON"},
}  # fmt: skip


def add(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register the command."""
    from ..options import add_choices

    made = subparsers.add_parser(
        "explain", help="say why a package is as it is, why something is out, or why there is no package"
    )
    made.add_argument("case", help="id of a shipped case, or the path of a case file")
    add_choices(made)
    which = made.add_mutually_exclusive_group()
    which.add_argument(
        "--package", metavar="FILE", help="a package as JSON, or a front written by solve --json (then give --pick)"
    )
    which.add_argument(
        "--nothing", action="store_true", help="which requirements cannot be kept together, and what would help"
    )
    for name, words in OPTIONS.items():
        made.add_argument(name, **words)
    made.set_defaults(run=explain)


def explain(args: argparse.Namespace) -> int:
    """Print each explanation as it is found; Ctrl-C keeps those that are there."""
    from ..options import choices_from

    case, choices = load_case(args.case), choices_from(args)
    question = whether(case, choices) if args.nothing else ask(case, choices)
    told: list[Any] = []
    print(MODEL_NOT_WORLD)
    try:
        for record in _answers(args, case, choices, question):
            told.append(record)
            print(_line(record), flush=True)
    except KeyboardInterrupt:
        print("Stopped; what was found stands above.", file=sys.stderr)
    if args.json:
        from ..files import write_text

        data = {"case": case.id, "note": MODEL_NOT_WORLD, "explanations": [plain(r) for r in told]}
        write_text(args.json, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return NO_PACKAGE if args.nothing and told else DONE


def _line(record: Any) -> str:
    marks = []
    if getattr(record, "evidence", ""):
        marks.append(GRADE_WORDS[record.evidence])
    if getattr(record, "exactness", "proven") != "proven":
        marks.append(EXACT.get(record.exactness, record.exactness))
    return f"- {record.sentence}" + (f" [{'; '.join(marks)}]" if marks else "")


def _answers(args: argparse.Namespace, case: Case, choices: Choices, question: Question) -> Iterator[Any]:
    if args.nothing:
        yield from _nothing(question, args.time_limit)
        return
    option, front = _option(args, case, choices, question)
    print(_headline(question, option))
    asked = False
    if args.why_not:
        asked = True
        yield why_not(question, option, things_of(args.why_not), front, seconds=args.time_limit)
    if args.one_step:
        asked = True
        yield from steps(question, option, front, seconds=args.time_limit)
    if args.alternatives:
        asked = True
        found = alternatives(question, option, args.within, args.distance, front=front, seconds=args.time_limit)
        yield found
        yield from found.found
    if args.nesting:
        asked = True
        yield nesting(question, seconds=args.time_limit)
    if not asked:
        yield from explain_package(question, option, front, seconds=args.time_limit)


def _headline(question: Question, option: Option) -> str:
    words = Words(question.case, question.catalog)
    return f"The package ({option.id}): " + "; ".join(words.measure(m) for m in option.measures) + "."


def _nothing(question: Question, seconds: float) -> Iterator[Any]:
    found = list(conflicts(question, seconds / 2))
    if not found:
        yield Explanation("why_not", "", "Some package satisfies all these requirements.", "proven")
        return
    yield from found
    yield from repairs(question, seconds=seconds / 2)


def _option(
    args: argparse.Namespace, case: Case, choices: Choices, question: Question
) -> tuple[Option, PlanFront | None]:
    """The package asked about: from a file, or picked from a front that is solved now."""
    if args.package:
        from ..replay import from_file

        option = from_file(case, choices, args.package, args.pick).option
        known = {o.key: option.objectives[o.key] for o in question.objectives if o.key in option.objectives}
        if len(known) < len(question.objectives):
            known = dict(question.values(question.situation.indices(option.package), option.evaluation))
        return Option(option.id, known, option.package, option.evaluation, option.rules), None
    from ..solving import solve

    front = solve(case, choices=choices, time_limit=args.time_limit)
    if not front.packages:
        stands = "Ask ohrid explain with --nothing what stands in the way"
        raise InputError([Fault("front", "", "package", "", "no package satisfies the requirements", stands)])
    if args.pick is None:
        return front.packages[len(front) // 2], front
    known_ids = [p.id for p in front]
    if args.pick not in known_ids:
        near = did_you_mean(args.pick, known_ids)
        raise InputError([Fault("front", "", "--pick", args.pick, "there is no such package", near)])
    return front[args.pick], front
