"""The verb `ohrid evolve`."""

from __future__ import annotations

import argparse
import json


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the verb."""
    text = "search on from a front in the full stochastic model, which nothing can be proved about"
    made = subparsers.add_parser("evolve", help=text, description=text)
    made.add_argument("front", metavar="FRONT.json", help="a front written by solve --json, or by evolve")
    made.add_argument("--case", help="case of the front, where it is not a shipped one")
    made.add_argument("--scenarios", type=int, default=256, metavar="N", help="draws (default 256; 0: best guesses)")
    made.add_argument("--reacts", action="store_true", help="the perpetrators make their best reply, with its chance")
    made.add_argument("--time-limit", type=float, default=30.0, metavar="S")
    made.add_argument("--seed", type=int, default=0, metavar="N")
    made.add_argument("--json", metavar="FILE", help="write the packages as JSON, also to go on from")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The packages that evolution ends with, as a table."""
    from ..cli import console
    from ..files import write_text
    from ..questions import ask
    from ..saved import read_front
    from ..show import front_table
    from .engine import Evolution, evolve

    saved = read_front(args.front, args.case)
    settings = Evolution(
        10**6, scenarios=args.scenarios, reacts=args.reacts, seed=args.seed, time_limit=args.time_limit
    )
    found = evolve(ask(saved.case, saved.choices), saved.packages, settings)
    if args.json:
        write_text(args.json, json.dumps(found.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    out = console()
    out.print(front_table(found))
    where = f"means over {args.scenarios} draws" if args.scenarios else "at best guesses"
    out.print(f"Values are {where}. Better packages may exist: this search proves nothing.")
    return 0
