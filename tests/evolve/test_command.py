"""The verb `ohrid evolve`: from a saved front to packages without a certificate, which can be gone on with."""

from __future__ import annotations

import json

import pytest

from optimizer.cli import main
from optimizer.inputs.reader import load_case
from optimizer.saved import read_front
from optimizer.solving import solve


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    path = tmp_path_factory.mktemp("fronts") / "front.json"
    found = solve(load_case("burundi_1965"), branches=(), max_measures=2, time_limit=4)
    path.write_text(json.dumps(found.to_json()), encoding="utf-8")
    return path


def test_it_goes_on_from_a_front_and_from_its_own_packages(front, tmp_path, capsys):
    path, command = tmp_path / "evolved.json", ["--scenarios", "16", "--reacts", "--time-limit", "0"]
    assert main(["evolve", str(front), *command, "--json", str(path)]) == 0
    told = capsys.readouterr().out
    assert "means over 16 draws" in told and "proves nothing" in told
    found = read_front(str(path))
    assert found.packages and not found.published.certificate.complete
    assert main(["evolve", str(path), *command, "--scenarios", "0"]) == 0
    assert "at best guesses" in capsys.readouterr().out


def test_a_front_that_is_not_there_is_named(capsys):
    assert main(["evolve", "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err
