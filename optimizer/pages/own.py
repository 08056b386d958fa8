"""A case of the planner's own, from its text: the same reader and the same faults as for a file."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from ..inputs import InputError, load_case
from ..inputs.faults import Fault
from ..inputs.places import data_folder
from ..inputs.records import Case

MOST_TEXT = 2_000_000  # characters; the largest shipped case has 40,000


def read_case(text: str, title: str = "your case") -> Case:
    """The case in a text; InputError with all its faults."""
    if len(text) > MOST_TEXT:
        raise InputError([Fault(title, "", "", "", "the text is far too long for a case", "Give one case alone")])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_case(path)
        except InputError as error:
            raise InputError([renamed(f, str(path), title) for f in error.faults]) from None


def renamed(fault: Fault, path: str, title: str) -> Fault:
    """The fault under the name that the planner knows the file by."""
    parts = {"file": fault.file, "reason": fault.reason, "remedy": fault.remedy}
    return Fault(**{**vars(fault), **{k: v.replace(path, title) for k, v in parts.items()}})


@functools.lru_cache(maxsize=20)
def own_case(digest: str, text: str | None) -> Case:
    """A case of the store; InputError if it is not on this machine."""
    if text is None:
        reason = "this case of a planner's own is not on this machine"
        raise InputError([Fault("link", "", "case", digest[:12], reason, "Ask for its file and load it")])
    return read_case(text)


def shipped_text(name: str) -> str:
    """The text of a shipped case."""
    return (data_folder("cases") / f"{name}.yaml").read_text(encoding="utf-8")
