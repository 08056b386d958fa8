"""The manual is true: tables as declared, commands of the README that exist."""

from __future__ import annotations

import re
from pathlib import Path

from optimizer import manual
from optimizer.cli import parser

ROOT = Path(__file__).parent.parent


def test_tables_of_the_method_page_are_those_of_the_declarations():
    page = manual.PAGE.read_text(encoding="utf-8")
    assert manual.renewed(page) == page


def test_every_command_in_the_readme_is_understood():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ohrid (.+)$", text, flags=re.MULTILINE)
    assert commands
    for line in commands:
        parser().parse_args(line.split("#")[0].split())


def test_the_five_lines_of_python_in_the_readme_run():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert code is not None
    exec(code.group(1).replace("time_limit=30", "time_limit=3"), {})
