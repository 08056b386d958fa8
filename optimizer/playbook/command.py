"""`ohrid playbook CASE` writes the documents; `ohrid playbook read FILE` finds what people changed in them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..inputs.faults import Fault, InputError, did_you_mean
from ..inputs.reader import load_case

if TYPE_CHECKING:
    from ..answers import PlanFront
    from ..questions import Question
    from .redaction import Hidden
    from .reread import Reread

HIDDEN: dict[str, Hidden] = {"partners": "partners", "instruments": "instruments"}
ALIASES = {"markdown": "md", "word": "docx", "excel": "xlsx", "calendar": "ics"}
DONE, BROKEN, NO_PACKAGE = 0, 1, 3
WAY_OUT = (
    "What would help: ohrid explain CASE --nothing, with the same requirements. "
    "Name what you then give up with --given-up, so that it stands in the playbook."
)
EPILOG = (
    "`ohrid playbook read FILE` reads a DOCX, XLSX or JSON that people have edited: it finds the edits, checks the changed plan, prices it "
    "and says what broke (exit code 1). PDF, DOCX, XLSX and ICS need the export extra: pip install 'ohrid[export]'."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    from ..options import add_choices

    text = "write the playbook of a chosen package, or read one that people have edited"
    made = subparsers.add_parser("playbook", help=text, description=text, epilog=EPILOG)
    made.set_defaults(run=run)
    made.add_argument(
        "case",
        metavar="CASE",
        nargs="?",
        help="id of a shipped case, the path of a case file, or the word read; --front knows its own",
    )
    made.add_argument("file", metavar="FILE", nargs="?", help="with read: the edited DOCX, XLSX or JSON")
    made.add_argument(
        "--pick",
        default="knee",
        metavar="WHICH",
        help='knee, cheapest, safest, an id, or limits such as "risk<=0.1" (default knee)',
    )
    made.add_argument(
        "--format",
        default="pdf,docx,xlsx,ics,md,html,json",
        metavar="LIST",
        help="any of pdf,docx,xlsx,ics,md,html,json (default all)",
    )
    made.add_argument(
        "--depth",
        default="quick",
        choices=("quick", "full", "none"),
        help="ranges, red team and explanations: quick (a few seconds, the default), full (up to a minute) or none",
    )
    made.add_argument(
        "--front",
        metavar="FRONT.json",
        help="a front written by solve --json, in place of a search: its case, choices and seed",
    )
    made.add_argument("--out", default=".", metavar="DIR", help="folder for the files (default: this one)")
    made.add_argument("--classification", default="", metavar="TEXT", help="a line on every page, in your own words")
    made.add_argument("--redact", default="", metavar="LIST", help="names by role: any of partners,instruments")
    made.add_argument(
        "--note", action="append", default=[], metavar="SECTION=TEXT", help="a note by section or by number of a task"
    )
    made.add_argument(
        "--given-up", action="append", default=[], metavar="TEXT", help="what was given up so that a plan exists"
    )
    made.add_argument(
        "--as-of", metavar="DATE", help="date on the paper, year-month-day (default: the start of the case)"
    )
    made.add_argument(
        "--against", metavar="JSON", help="with read: the playbook's full JSON, for files with names by role"
    )
    made.add_argument("--made-for", metavar="CASE", help="with read: the case file, if the case is not a shipped one")
    made.add_argument("--time-limit", type=float, default=60.0, metavar="S", help="seconds for the search (default 60)")
    made.add_argument(
        "--workers", type=int, default=2, metavar="N", help="processes that solve side by side (default 2)"
    )
    made.add_argument("--seed", type=int, default=0, metavar="N")
    add_choices(made)


def run(args: argparse.Namespace) -> int:
    """Write, or read back."""
    return read(args) if args.case == "read" else write(args)


def write(args: argparse.Namespace) -> int:
    """Search, pick, build, and write all formats; prints where they are."""
    from .build import build_playbook
    from .export import export_all
    from .pick import checked, pick

    formats, hidden, notes, day = _formats(args.format), _hidden(args.redact), _notes(args.note), _day(args.as_of)
    checked(args.pick)
    question, front = _answered(args)
    if not front.packages:
        from ..cli import console
        from ..show import print_front

        print_front(console(), front)
        print(WAY_OUT)
        return NO_PACKAGE
    playbook = build_playbook(
        question, front, pick(front, args.pick), depth=args.depth, notes=notes, repairs=args.given_up, classification=args.classification,
        redact=hidden, picked=f"by the planner's wish: {args.pick}", as_of=day,
    )  # fmt: skip
    for path in export_all(playbook, formats, args.out):
        print(path)
    print(playbook.summary.headline)
    return DONE


def _answered(args: argparse.Namespace) -> tuple[Question, PlanFront]:
    """The question and its front: searched for now, or read from a file."""
    from ..choices import Choices
    from ..options import choices_from
    from ..progress import watched
    from ..questions import ask
    from .kept import kept_front

    choices = choices_from(args)
    if args.front and choices != Choices():
        raise InputError(
            [
                Fault(
                    "command line",
                    "",
                    "--front",
                    args.front,
                    "it brings its own requirements",
                    "Give either a front or requirements",
                )
            ]
        )
    if args.front:
        return kept_front(args.front, args.case)
    if args.case is None:
        raise InputError(
            [
                Fault(
                    "command line",
                    "",
                    "CASE",
                    "",
                    "no case was named",
                    "Name a case, or a front with --front FRONT.json",
                )
            ]
        )
    case = load_case(args.case)
    front = watched(case, choices, args.time_limit, args.workers, args.seed)
    return ask(case, choices), front


def read(args: argparse.Namespace) -> int:
    """Find the edits and say what they do."""
    from .reading import record_of
    from .recheck import read_playbook

    if not args.file:
        raise InputError([Fault("command line", "", "FILE", "", "no file was named", "Write ohrid playbook read FILE")])
    original = record_of(args.against, _text(args.against)).as_written() if args.against else None
    found: Reread = read_playbook(
        args.file, case=load_case(args.made_for) if args.made_for else None, original=original
    )
    print(found)
    return DONE if found.sound else BROKEN


def _text(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            [Fault(path, "", "", "", f"it cannot be read ({error.strerror})", "Name a file that exists")]
        ) from None


def _formats(text: str) -> list[str]:
    from .export import FORMATS

    return [ALIASES.get(word, word) for word in _listed("--format", text, [*FORMATS, *ALIASES])]


def _hidden(text: str) -> list[Hidden]:
    return [HIDDEN[word] for word in _listed("--redact", text, HIDDEN)]


def _listed(option: str, text: str, known: Iterable[str]) -> list[str]:
    """Names in a list with commas; InputError with every one that is not known."""
    words = [w.strip().lower().removeprefix(".") for w in text.split(",") if w.strip()]
    names = list(known)
    faults = [
        Fault("command line", "", option, w, "it is not known", did_you_mean(w, names).rstrip("?"))
        for w in words
        if w not in names
    ]
    if faults:
        raise InputError(faults)
    return words


def _notes(texts: list[str]) -> dict[str, str]:
    faults = [
        Fault("command line", "", "--note", t, "it has no '='", "Write --note SECTION=TEXT")
        for t in texts
        if "=" not in t
    ]
    if faults:
        raise InputError(faults)
    return dict(t.split("=", 1) for t in texts)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError(
            [Fault("command line", "", "--as-of", str(text), "it is no date", "Write year-month-day")]
        ) from None
