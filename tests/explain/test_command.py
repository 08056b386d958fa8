"""`ohrid explain` from start to end."""

import json
from pathlib import Path

import pytest

from optimizer.cli import main


def test_nothing_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "why.json"
    few = ["--force-in", "rapid_coalition_force", "--budget", "20", "--no-branches"]
    assert main(["explain", "macedonia_2001", "--nothing", *few, "--json", str(path)]) == 3
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["explanations"][0]["keys"] == ["budget_musd", "force_in:rapid_coalition_force"]
    assert "cannot be kept together" in capsys.readouterr().out


def test_nothing_where_there_is_something(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "macedonia_2001", "--nothing", "--no-branches"])
    assert "Some package satisfies" in capsys.readouterr().out
