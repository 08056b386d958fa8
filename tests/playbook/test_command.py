"""`ohrid playbook` from the shell: files written, edits read back, faults in words."""

import argparse
import json

import pytest

from optimizer.inputs import InputError
from optimizer.playbook import command, export

from .helpers import QUICK, plan, quick


@pytest.fixture
def parse():
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    return lambda *words: parser.parse_args(["playbook", *words])


def test_write(parse, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "_answered", lambda args: plan("macedonia_2001")[:2])
    args = parse(
        "macedonia_2001",
        "--pick",
        "safest",
        "--format",
        "json,.md",
        "--out",
        str(tmp_path),
        "--note",
        "money=soon",
        "--redact",
        "partners",
    )
    assert args.run(args) == 0
    assert {p.name for p in tmp_path.iterdir()} == {"playbook_macedonia_2001.json", "playbook_macedonia_2001.md"}
    assert "measures now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "pdf,dox"), "dox"),
        (("--redact", "names"), "names"),
        (("--note", "money"), "SECTION=TEXT"),
        (("--as-of", "soon"), "year-month-day"),
    ],
)
def test_faults_come_before_the_search(parse, words, said):
    args = parse("macedonia_2001", *words)
    with pytest.raises(InputError, match=said):
        args.run(args)


def test_read(parse, tmp_path, capsys):
    path = tmp_path / "p.json"
    path.write_bytes(export(quick(), "json"))
    args = parse("read", str(path))
    assert args.run(args) == 0 and "No edits" in capsys.readouterr().out
    broken = quick().model_copy(
        update={"tasks": tuple(t for t in quick().tasks if not t.backing.startswith("executes"))}
    )
    path.write_bytes(broken.model_dump_json().encode())
    args = parse("read", str(path))
    assert args.run(args) == 1 and "What broke" in capsys.readouterr().out
    args = parse("read")
    with pytest.raises(InputError, match="no file"):
        args.run(args)


def test_formats_by_their_other_names():
    assert command._formats("markdown, Word,.xlsx") == ["md", "docx", "xlsx"]


def test_a_front_from_a_file_gives_the_same_bytes_without_a_search(parse, tmp_path, monkeypatch, capsys):
    _, front, _ = plan(QUICK)
    path = tmp_path / "front.json"
    path.write_text(json.dumps(front.to_json()))
    monkeypatch.setattr("optimizer.progress.watched", None)
    made = []
    for k in (1, 2):
        case = (QUICK,) if k == 1 else ()  # the front knows its own case
        args = parse(
            *case, "--front", str(path), "--pick", "safest", "--format", "json", "--out", str(tmp_path / str(k))
        )
        assert args.run(args) == 0
        made.append((tmp_path / str(k) / f"playbook_{QUICK}.json").read_bytes())
    assert made[0] == made[1] and json.loads(made[0])["about"]["depth"] == "quick"
    assert "measures now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "change", "said"),
    [
        (("rwanda_1993",), {}, "another case"),
        ((QUICK,), {"data_fingerprint": "0"}, "the data have changed"),
        ((QUICK, "--budget", "3"), {}, "its own requirements"),
    ],
)
def test_a_front_that_does_not_fit_is_refused(parse, tmp_path, words, change, said):
    path = tmp_path / "front.json"
    path.write_text(json.dumps(plan(QUICK)[1].to_json() | change))
    args = parse(*words, "--front", str(path))
    with pytest.raises(InputError, match=said):
        args.run(args)


def test_neither_a_case_nor_a_front_is_refused(parse):
    args = parse("--pick", "safest")
    with pytest.raises(InputError, match="no case was named"):
        args.run(args)


def test_a_pick_that_picks_nothing_is_refused_before_the_search(parse, monkeypatch):
    monkeypatch.setattr("optimizer.progress.watched", None)
    args = parse(QUICK, "--pick", "risk<=0,1")
    with pytest.raises(InputError, match="a point parts decimals"):
        args.run(args)
