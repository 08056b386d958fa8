"""The shape of the code: imports point one way, and the core stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "optimizer"
ORDER = (  # a room may import from rooms above it, and from itself
    {"choices", "inputs", "front"},
    {"model", "judge"},
    {"published"},
    {"answers"},
    {"wishes"},
    {"questions"},
)
HEAVY = ("streamlit", "altair", "pymoo", "scipy", "pandas", "typst", "docx", "openpyxl", "SALib", "matplotlib")


def imports(path):
    """Rooms of ours that the file at path imports, by the names below `optimizer`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.relative_to(ROOT).parts[: -node.level]
            full = [*base, *(node.module or "").split(".")]
            yield full[0] if full[0] else node.names[0].name


def level(room):
    return next((k for k, rooms in enumerate(ORDER) if room in rooms), len(ORDER))


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for other in set(imports(path)) - {room}:
        assert level(other) <= level(room), f"{room} imports {other}"


def test_judge_and_model_do_not_know_each_other():
    for room, stranger in (("judge", "model"), ("model", "judge"), ("front", "model"), ("front", "inputs")):
        for path in (ROOT / room).rglob("*.py"):
            assert stranger not in set(imports(path)), f"{path.name} imports {stranger}"


def test_importing_the_core_loads_nothing_heavy():
    code = f"import sys, optimizer; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
