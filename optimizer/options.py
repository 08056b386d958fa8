"""The planner's options on the command line, and the choices made from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .choices import Choices
from .inputs.faults import Fault, InputError


@dataclass(frozen=True)
class Option:
    """One command-line option: the field of `Choices` that it fills, and how its text is read."""

    flag: str
    field: str
    metavar: str
    help: str
    read: Callable[[str], Any]
    many: bool = False


def _number(text: str) -> float:
    return float(text)


def _pair(read: Callable[[str], Any]) -> Callable[[str], tuple[str, Any]]:
    def parse(text: str) -> tuple[str, Any]:
        name, found, value = text.partition("=")
        if not found or not name:
            raise ValueError("it has no '='")
        return name, read(value)

    return parse


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _view(text: str) -> str | float:
    return text if text in ("inside", "outside") else float(text)


def _yes(text: str) -> bool:
    if text not in ("in", "out"):
        raise ValueError("it is neither in nor out")
    return text == "in"


OPTIONS = (
    Option(
        "--objectives",
        "objectives",
        "KEYS",
        "two to five of risk,cost,days,coercion,shortfall,worst_k,worst_reply,cvar (default risk,cost)",
        _names,
    ),
    Option(
        "--budget", "budget_musd", "MUSD", "envelope in million 2020 USD: now and the reserve for the branches", _number
    ),
    Option("--reserve", "reserve_musd", "MUSD", "part of the envelope that is kept for the branches", _number),
    Option("--funder", "funder_musd", "P=MUSD", "most that a partner pays", _pair(_number), many=True),
    Option("--deadline-days", "deadline_days", "DAYS", "every measure is in force by then", _number),
    Option("--first-effect-days", "first_effect_days", "DAYS", "some measure is in force by then", _number),
    Option("--max-measures", "max_measures", "N", "most measures at once", int),
    Option("--failing", "failing", "K", "measures that come to nothing in the objective worst_k (default 1)", int),
    Option("--partner-out", "partners_out", "P", "a partner that takes no part", str, many=True),
    Option(
        "--partner-from",
        "partner_from",
        "P=MONTH",
        "month of the case from which a partner is available",
        _pair(_number),
        many=True,
    ),
    Option("--capacity", "capacity", "P=N", "measures that a partner can lead at once", _pair(int), many=True),
    Option("--will", "will", "P=SHARE", "readiness of a partner, 0 to 1", _pair(_number), many=True),
    Option(
        "--authorization",
        "authorization",
        "BODY=in|out",
        "rule unsc, regional or national_legislature in or out",
        _pair(_yes),
        many=True,
    ),
    Option("--planned-with", "planned_with", "P", "a partner planned with in advance (R55)", str, many=True),
    Option("--influence", "influence", "P", "a partner able to move the perpetrators (R24)", str, many=True),
    Option("--force-in", "force_in", "I", "an instrument that must be begun now", str, many=True),
    Option("--force-out", "force_out", "I", "an instrument that is left out", str, many=True),
    Option(
        "--allow-review", "review_allowed", "I", "switch on an instrument that waits for legal review", str, many=True
    ),
    Option("--rule", "rules", "R=STATE", "state of a rule: off, preferred or required", _pair(str), many=True),
    Option("--set", "parameters", "R.NAME=VALUE", "parameter of a rule, e.g. R17.f_min=0.5", _pair(_number), many=True),
    Option("--baseline", "baseline", "VIEW", "inside, outside or a probability", _view),
    Option("--waive-group", "waived_groups", "GROUP", "a target group that need not be covered", str, many=True),
    Option("--branch-day", "branch_day", "DAY", "day on which the branches begin", _number),
)


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the planner's options; each text is read later, so that all faults come at once."""
    group = parser.add_argument_group("the planner's choices")
    for option in OPTIONS:
        action = "append" if option.many else "store"
        group.add_argument(option.flag, dest=option.field, metavar=option.metavar, help=option.help, action=action)
    group.add_argument("--no-branches", action="store_true", help="plan without branches: one node from start to end")


def choices_from(args: argparse.Namespace) -> Choices:
    """The choices that the options state; InputError with every option that cannot be read."""
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    for option in OPTIONS:
        given = getattr(args, option.field, None)
        if given is not None:
            texts = given if option.many else [given]
            read = [value for text in texts if (value := _read(option, text, faults)) is not None]
            found[option.field] = tuple(read) if option.many else read[0] if read else None
    if faults:
        raise InputError(faults)
    if getattr(args, "no_branches", False):
        found["branches"] = ()
    return Choices(**found)


def _read(option: Option, text: str, faults: list[Fault]) -> Any:
    try:
        return option.read(text)
    except ValueError as error:
        reason = "it is no number" if "convert" in str(error) or "literal" in str(error) else str(error)
        faults.append(Fault("command line", "", option.flag, text, reason, f"Write {option.flag} {option.metavar}"))
        return None
