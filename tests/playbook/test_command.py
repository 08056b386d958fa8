"""`ohrid playbook` from the shell: files written, edits read back, faults in words."""

import argparse

import pytest

from optimizer.inputs import InputError
from optimizer.playbook import command, export

from .helpers import plan, quick


@pytest.fixture
def parse():
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    return lambda *words: parser.parse_args(["playbook", *words])


def test_write(parse, tmp_path, monkeypatch, capsys):
    _, front, _ = plan("macedonia_2001")
    monkeypatch.setattr("optimizer.progress.watched", lambda *rest: front)
    monkeypatch.setattr("optimizer.questions.ask", lambda *rest: plan("macedonia_2001")[0])
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
