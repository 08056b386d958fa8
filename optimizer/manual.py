"""The tables of docs/method.md, made from the declarations: `python -m optimizer.manual` writes them anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from .choices import Choices
from .inputs import load_case, load_catalog
from .model.objectives import OBJECTIVES
from .model.rules import RULES
from .model.settings import default_state
from .model.situation import compile_situation

BEGIN, END = "<!-- made by python -m optimizer.manual: begin -->", "<!-- end -->"
PAGE = Path(__file__).parent.parent / "docs" / "method.md"
EXAMPLE = "macedonia_2001"


def tables() -> str:
    """Rules, objectives and parameters as markdown."""
    return "\n\n".join((_rules(), _objectives(), _parameters()))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in line) + " |" for line in lines
    )


def _rules() -> str:
    rows = [
        (r.id, r.title, default_state(r.kind, r.default_on), RULES[r.id].acts, RULES[r.id].how, r.seed_locator)
        for r in load_catalog().rules.values()
    ]
    return "### Rules\n\n" + _table(("rule", "title", "default", "acts in", "how", "seed"), rows)


def _objectives() -> str:
    example = compile_situation(load_case(EXAMPLE), load_catalog(), Choices())
    rows = [(o.key, o.title, o.unit, o.better, f"{o.resolution(example):.4g}", o.source) for o in OBJECTIVES.values()]
    heads = ("key", "title", "unit", "better", f"resolution in {EXAMPLE}", "source")
    return "### Objectives\n\n" + _table(heads, rows)


def _parameters() -> str:
    rows = [
        (p.name, p.low, p.mid, p.high, p.unit, p.definition, p.status)
        for p in load_catalog().parameters.values()
        if p.section in ("planning", "combination")
    ]
    return "### Parameters\n\n" + _table(("parameter", "low", "mid", "high", "unit", "meaning", "grade"), rows)


def renewed(page: str) -> str:
    """The page with its tables made anew."""
    head, rest = page.split(BEGIN)
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
