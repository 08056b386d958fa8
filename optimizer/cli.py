"""The command `ohrid`: the same calls as the Python API, for the terminal."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .inputs import InputError, case_names, check, load_case, load_catalog
from .knee import knee
from .options import add_choices, choices_from

if TYPE_CHECKING:
    from rich.console import Console

    from .answers import PlanFront

DONE, FAULTS, BAD_INPUT, NO_PACKAGE, STOPPED = 0, 1, 2, 3, 4
CODES = (
    "Exit codes: 0 done; 1 faults found by check; 2 input that cannot be used; "
    "3 no package satisfies the requirements; 4 stopped early, with a stated gap."
)
ROOMS = ("explain", "doubt", "redteam", "evolve", "playbook", "pages")  # each may bring commands of its own
DEMO = "macedonia_2001"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. No traceback reaches the user for input that cannot be used."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except InputError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def parser() -> argparse.ArgumentParser:
    """All commands; the planner's options come from optimizer/options.py."""
    top = argparse.ArgumentParser(
        prog="ohrid",
        description="Packages of preventive instruments that leave the least projected atrocity risk.",
        epilog=CODES,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "cases", list_cases, "list the shipped cases")
    checked = _add(commands, "check", check_files, "check the shipped data, or your own CSV, YAML and XLSX files")
    checked.add_argument("files", nargs="*", metavar="FILE")
    _add(commands, "rules", list_rules, "list the rules, their default state and how they act")
    solving = _add(commands, "solve", solve_case, "find the front of packages for a case", case=True)
    _add_search(solving)
    judging = _add(
        commands, "evaluate", evaluate_case, "judge what was really done, or a package of your own", case=True
    )
    what = judging.add_mutually_exclusive_group(required=True)
    what.add_argument("--actual", action="store_true", help="what was really done in a historical case")
    what.add_argument(
        "--package", metavar="FILE", help='a package as JSON: {"measures": [...]}, or a front written by solve --json'
    )
    judging.add_argument("--id", metavar="ID", help="which package of a front, if the file holds several")
    add_choices(judging)
    proving = _add(commands, "verify", verify_front, "prove a saved front again with the other solver")
    proving.add_argument("file", metavar="FILE", help="a front written by solve --json")
    proving.add_argument("--case", metavar="PATH", help="the case file, where it is not a shipped case")
    proving.add_argument("--time-limit", type=float, default=600.0, metavar="S")
    demo = _add(commands, "demo", run_demo, f"solve {DEMO} and read one package in words")
    demo.add_argument("--time-limit", type=float, default=40.0, metavar="S")
    _add_rooms(commands)
    return top


def _add(commands: Any, name: str, run: Any, help_: str, case: bool = False) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_, epilog=CODES)
    made.set_defaults(run=run)
    if case:
        made.add_argument("case", help="id of a shipped case, or the path of a case file")
    return made


def _add_search(made: argparse.ArgumentParser) -> None:
    add_choices(made)
    made.add_argument(
        "--time-limit",
        type=float,
        default=60.0,
        metavar="S",
        help="seconds; what was found by then comes back with its gap (default 60)",
    )
    made.add_argument(
        "--workers", type=int, default=2, metavar="N", help="processes that solve side by side (default 2)"
    )
    made.add_argument("--seed", type=int, default=0, metavar="N")
    made.add_argument("--json", metavar="FILE", help="write the front as JSON")
    made.add_argument("--csv", metavar="FILE", help="write the packages as CSV")
    made.add_argument("--show", metavar="ID", help="print one package in words")


def _add_rooms(commands: Any) -> None:
    for room in ROOMS:
        name = f"{__package__}.{room}.command"
        if importlib.util.find_spec(f"{__package__}.{room}") and importlib.util.find_spec(name):
            importlib.import_module(name).add(commands)


def console() -> Console:
    """Rich in a terminal; wide and plain when piped."""
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200, highlight=False)


def list_cases(args: argparse.Namespace) -> int:
    from .show import table

    rows = []
    for name in case_names():
        case = load_case(name)
        outcome = case.outcome.outcome_class if case.outcome is not None else "-"
        rows.append(
            (
                name,
                case.kind,
                case.tempo.tempo_class,
                case.intervention_point,
                f"{100 * case.baseline_risk.p_one_year:.0f} %",
                outcome,
            )
        )
    console().print(table("Cases", ["case", "kind", "tempo", "point", "baseline", "outcome"], rows))
    return DONE


def check_files(args: argparse.Namespace) -> int:
    report = check(args.files)
    for fault in report.faults:
        print(f"{fault.severity}: {fault}")
    count = len(report.errors)
    print(f"{len(report.files)} files, {count} errors, {len(report.faults) - count} warnings")
    return FAULTS if count else DONE


def list_rules(args: argparse.Namespace) -> int:
    from .model.rules import RULES
    from .model.settings import default_state
    from .show import table

    catalog = load_catalog()
    rows = [
        (r.id, r.title, default_state(r.kind, r.default_on), RULES[r.id].acts, r.seed_locator, _parameters(r.id))
        for r in catalog.rules.values()
    ]
    console().print(table("Rules", ["rule", "title", "default", "acts in", "seed", "parameters"], rows))
    return DONE


def _parameters(rule: str) -> str:
    found = {k: p for k, p in load_catalog().parameters.items() if k.startswith(f"{rule}.")}
    return ", ".join(f"{k}={p.mid:g} {p.unit}" for k, p in found.items())


def solve_case(args: argparse.Namespace) -> int:
    from .show import print_front, print_package

    case, choices = load_case(args.case), choices_from(args)
    front = run_search(case, choices, args.time_limit, args.workers, args.seed)
    out = console()
    print_front(out, front)
    if args.show:
        print_package(out, _named(front, args.show), load_catalog(), case)
    _write(front, args)
    return exit_code(front)


def run_search(case: Any, choices: Any, time_limit: float | None, workers: int = 1, seed: int = 0) -> PlanFront:
    """Solve with a progress line in a terminal; Ctrl-C keeps what was found."""
    from .progress import watched

    return watched(case, choices, time_limit, workers, seed)


def _named(front: PlanFront, name: str) -> Any:
    try:
        return front[name]
    except StopIteration:
        from .inputs.faults import Fault, did_you_mean

        raise InputError(
            [Fault("front", "", "package", name, "there is no such package", did_you_mean(name, [p.id for p in front]))]
        ) from None


def _write(front: PlanFront, args: argparse.Namespace) -> None:
    from .files import write_text

    if args.json:
        write_text(args.json, json.dumps(front.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    if args.csv:
        write_text(args.csv, front.to_frame().to_csv(index=False))


def exit_code(front: PlanFront) -> int:
    """What a front means to a script."""
    if front.certificate.infeasible:
        return NO_PACKAGE
    return DONE if front.certificate.complete else STOPPED


def evaluate_case(args: argparse.Namespace) -> int:
    from .replay import actual, from_file
    from .show import print_package, print_path, print_rules

    case, choices = load_case(args.case), choices_from(args)
    replayed = actual(case, choices) if args.actual else from_file(case, choices, args.package, args.id)
    out = console()
    print_package(out, replayed.option, load_catalog(), case)
    print_path(out, replayed.option.evaluation)
    print_rules(out, replayed.option.rules)
    for violation in replayed.violations:
        out.print(f"Not allowed: {violation.because}")
    if args.actual and case.outcome is not None:
        e, outcome = replayed.option.evaluation, case.outcome.outcome_class
        out.print(f"Baseline {100 * e.baseline:.1f} %, projected {100 * e.risk:.1f} %, outcome: {outcome}")
    return DONE


def verify_front(args: argparse.Namespace) -> int:
    from .saved import prove_again, read_front

    verdict = prove_again(read_front(args.file, args.case), args.time_limit)
    word = {True: "Verified", False: "Refuted", None: "Not settled"}[verdict.verified]
    console().print(f"{word}: {verdict.because}.")
    return DONE if verdict.verified else FAULTS if verdict.verified is False else STOPPED


def run_demo(args: argparse.Namespace) -> int:
    from .choices import Choices
    from .show import print_front, print_package

    case = load_case(DEMO)
    front = run_search(case, Choices(), args.time_limit, workers=2)
    out = console()
    print_front(out, front)
    points = [list(p.objectives.values()) for p in front]
    print_package(out, front.packages[knee(points)], load_catalog(), case)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
