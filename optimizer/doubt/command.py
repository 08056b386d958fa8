"""The verbs `ohrid assess` and `ohrid voi`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..files import read_json
from ..inputs import load_case, load_catalog
from ..inputs.faults import Fault, InputError
from ..inputs.records import Case
from .ensemble import Ensemble
from .information import Worth
from .report import Assessment, Learning, Plan, assessed, learning, plain

MODEL_ONLY = (
    "This explains the model, not the world: its ranges are priors, and packages that are tied should not be ranked."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the verbs."""
    from ..options import add_choices

    text = "judge a front under the joint uncertainty of all its numbers"
    made = subparsers.add_parser("assess", help=text, description=text)
    made.add_argument("front", metavar="FRONT.json", help="a front written by solve --json")
    made.add_argument("--case", help="case of the front, where it is not a shipped one")
    made.add_argument("--target", type=float, metavar="RISK", help="a risk (0 to 1) that should not be passed")
    made.add_argument("--page", metavar="FILE", help="write one page for an adviser, replies and remedies included")
    _scenarios(made)
    made.set_defaults(run=run_assess)
    add_choices(made)
    text = "which groups of numbers move the risk of one package, all together"
    made = subparsers.add_parser("sensitivity", help=text, description=text)
    made.add_argument("front", metavar="FRONT.json", help="a front written by solve --json")
    made.add_argument("--case", help="case of the front, where it is not a shipped one")
    made.add_argument("--package", metavar="ID", help="which package (default: the first)")
    made.add_argument("--method", choices=("sobol", "morris"), default="sobol", help="(default sobol)")
    made.add_argument("--points", type=int, metavar="N", help="base points (default 256) or trajectories (default 20)")
    made.add_argument("--seed", type=int, default=0, metavar="N")
    made.add_argument("--json", metavar="FILE", help="write the result as JSON")
    made.set_defaults(run=run_sensitivity)
    add_choices(made)
    text = "what is worth finding out before choosing among the packages of a case"
    made = subparsers.add_parser("voi", help=text, description=text)
    made.add_argument("case", help="id of a shipped case, or the path of a case file")
    made.add_argument("--front", metavar="FRONT.json", help="a front written by solve --json (default: search one)")
    made.add_argument(
        "--price",
        type=float,
        default=0.0,
        metavar="RISK",
        help="risk that a million USD must buy (default 0: risk alone counts)",
    )
    made.add_argument("--time-limit", type=float, default=30.0, metavar="S")
    _scenarios(made)
    made.set_defaults(run=run_voi)
    add_choices(made)


def _scenarios(made: argparse.ArgumentParser) -> None:
    made.add_argument("--scenarios", type=int, default=4096, metavar="N")
    made.add_argument("--seed", type=int, default=0, metavar="N")
    made.add_argument("--workers", type=int, default=1, metavar="N")
    made.add_argument("--json", metavar="FILE", help="write the result as JSON")


def plans_in(path: str, case: Case) -> list[Plan]:
    """All packages of a front in a file."""
    from ..replay import read_package

    data = read_json(path, "Give a front written by solve --json")
    ids = [str(p.get("id")) for p in data.get("packages", ()) if isinstance(p, dict)] if isinstance(data, dict) else []
    if not ids:
        raise InputError(
            [Fault(path, "packages", "", "", "there are no packages", "Give a front written by solve --json")]
        )
    return [Plan(name, read_package(case, path, name, load_catalog())) for name in ids]


def plans_of(case: Case, args: argparse.Namespace) -> list[Plan]:
    """The packages of the given front, or of one searched for now."""
    from ..options import choices_from
    from ..solving import solve

    if args.front:
        return plans_in(args.front, case)
    front = solve(case, choices=choices_from(args), time_limit=args.time_limit, workers=args.workers, seed=args.seed)
    if not len(front):
        raise InputError(
            [Fault("choices", "", "", "", "no package satisfies them", "Run ohrid solve to see which collide")]
        )
    return [Plan(option.id, option.package) for option in front]


def _ensemble(args: argparse.Namespace) -> Ensemble:
    if args.scenarios < 1:
        raise InputError(
            [Fault("command line", "", "--scenarios", str(args.scenarios), "it is too few", "Give 1 or more")]
        )
    return Ensemble(args.scenarios, args.seed)


def case_of(args: argparse.Namespace) -> tuple[Case, dict[str, Any]]:
    """The case of a front in a file, and what the file holds."""
    data = read_json(args.front, "Give a front written by solve --json")
    known = data if isinstance(data, dict) else {}
    return load_case(args.case or known.get("case", "")), known


def run_assess(args: argparse.Namespace) -> int:
    """Tables of an assessment, or one page of it."""
    from ..options import choices_from

    case, known = case_of(args)
    if args.page:
        _write_page(args, case, known)
        return 0
    plans, choices = plans_in(args.front, case), choices_from(args)
    found = assessed(
        case, plans, _ensemble(args), choices, target=args.target, workers=args.workers, with_neighbours=True
    )
    _write(args, plain(found))
    print_assessment(found)
    return 0


def _write_page(args: argparse.Namespace, case: Case, known: dict[str, Any]) -> None:
    from ..files import write_text
    from ..options import choices_from
    from .page import findings, page, status_of

    proof = known.get("certificate")
    status = status_of(proof) if isinstance(proof, dict) else ""
    plans, choices = plans_in(args.front, case), choices_from(args)
    write_text(args.page, page(findings(case, plans, choices, load_catalog(), _ensemble(args), status)))


def run_sensitivity(args: argparse.Namespace) -> int:
    """A table of Sobol's or Morris's indices, by group."""
    from ..cli import console
    from ..options import choices_from
    from ..show import table
    from .sensitivity import by_groups

    case, _ = case_of(args)
    plans = plans_in(args.front, case)
    wanted = args.package or plans[0].id
    picked = [plan for plan in plans if plan.id == wanted]
    if not picked:
        reason, remedy = "the front has no such package", f"Give one of {', '.join(p.id for p in plans)}"
        raise InputError([Fault(args.front, "packages", "--package", wanted, reason, remedy)])
    found = by_groups(case, picked[0].package, choices_from(args), args.method, args.points, args.seed)
    _write(args, {"case": case.id, "package": wanted, "method": args.method, "seed": args.seed, "groups": found})
    heads = list(found[0])[1:]
    rows = [[f["title"], *(f"{f[head]:.3f}" for head in heads[1:])] for f in found]
    out = console()
    out.print(table(f"What moves the risk of {wanted} ({args.method})", ["group", *heads[1:]], rows))
    out.print(MODEL_ONLY)
    return 0


def run_voi(args: argparse.Namespace) -> int:
    """Tables of what is worth finding out."""
    from ..options import choices_from

    case = load_case(args.case)
    found = learning(
        case, plans_of(case, args), _ensemble(args), choices_from(args), price=args.price, workers=args.workers
    )
    _write(args, plain(found))
    print_learning(found)
    return 0


def _write(args: argparse.Namespace, value: Any) -> None:
    from ..files import write_text

    if args.json:
        write_text(args.json, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def per_cent(value: float, digits: int = 1) -> str:
    """A share as people read it."""
    return f"{100 * value:.{digits}f} %"


def print_assessment(found: Assessment) -> None:
    """The ensemble's measures and the core index."""
    from ..cli import console
    from ..show import table

    out, names = console(), {t.id: t.name for t in load_catalog().instruments.values()}
    heads = ["package", "mean", "+-", "5-95 %", "worst tenth", "mean regret", "best in", "tied with"]
    rows = [
        (r.id, per_cent(r.mean), per_cent(2 * r.error, 2), f"{100 * r.p05:.1f}-{100 * r.p95:.1f} %", per_cent(r.cvar),
         per_cent(r.regret_mean), per_cent(r.best, 0), " ".join(r.ties) or "-")
        for r in found.rows
    ]  # fmt: skip
    out.print(table(f"Projected risk in {found.ensemble.scenarios} scenarios", heads, rows))
    out.print(
        f"The order of the packages agrees with that of their means by {found.stability:.2f} (1 always, 0 by chance)."
    )
    tools = [i for i in found.core.indices if i.kind == "instrument" and i.standing != "exterior"]
    body = [(names.get(i.name, i.name), per_cent(i.share, 0), i.standing) for i in tools]
    out.print(table("In how many good packages", ["instrument", "share", "standing"], body))
    out.print(MODEL_ONLY)


def print_learning(found: Learning) -> None:
    """The value of information, and the assumptions that the choice hangs on."""
    from ..cli import console
    from ..show import table

    out = console()
    whole = f"{100 * found.perfect:.2f} risk points" + (
        f" (at the front's safest end as much costs {found.perfect_musd:.0f} M USD)" if found.perfect_musd else ""
    )
    often = per_cent(found.chance_of_best, 0)
    out.print(f"Chosen today: {found.chosen}, best in {often} of scenarios. Knowing everything would be worth {whole}.")
    rows = [_worth(w) for w in found.groups]
    out.print(table("Worth finding out, by group", ["what", "risk points", "+-", "changes the choice in"], rows))
    rows = [
        (w.title, f"{100 * w.gain:.3f}", f"{200 * w.error:.3f}", per_cent(w.changes, 0)) for w in found.numbers[:10]
    ]
    out.print(table("Worth finding out, single numbers", ["what", "risk points", "+-", "changes the choice in"], rows))
    turns = [
        (t.title, f"{t.mid:.3g}", f"{t.value:.3g}", per_cent(abs(t.way), 0), found.ids[t.package]) for t in found.turns
    ]
    out.print(
        table(
            f"Assumptions that would change the choice ({found.chosen_at_mids}) made with all numbers at their mids",
            ["what", "now", "at", "of its range", "then"],
            turns,
        )
    )
    out.print(MODEL_ONLY)


def _worth(worth: Worth) -> tuple[str, ...]:
    """A row of a table of worths; what lies inside the noise is said to."""
    noise = worth.gain <= 2 * worth.error
    gain = "inside the noise" if noise else f"{100 * worth.gain:.2f}"
    return worth.title, gain, f"{200 * worth.error:.2f}", "-" if noise else per_cent(worth.changes, 0)
