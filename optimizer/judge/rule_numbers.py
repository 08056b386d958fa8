"""Numbers of the rules, from catalog/rule_parameters.csv: "R17.f_min" and so on, mid values in their own units."""

from __future__ import annotations

import csv
import functools

from ..inputs.places import data_folder


@functools.cache
def rule_numbers() -> dict[str, float]:
    """Mid of every parameter of every rule, by "rule.parameter"."""
    text = (data_folder("catalog") / "rule_parameters.csv").read_text(encoding="utf-8")
    return {f"{row['rule']}.{row['parameter']}": float(row["mid"]) for row in csv.DictReader(text.splitlines())}
