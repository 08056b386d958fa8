"""A front that was written earlier, in place of a search: the same file gives the same playbook, byte by byte."""

from __future__ import annotations

from ..answers import PlanFront
from ..inputs.faults import Fault, InputError
from ..questions import Question, ask
from ..saved import Known, _certificate, read_front, rebuilt
from ..solving import fingerprint


def kept_front(path: str, case: str | None = None) -> tuple[Question, PlanFront]:
    """The question and the front of a file that `solve --json` wrote, every package judged anew; InputError if data or packages no longer fit.

    case: path of the case file where it is not a shipped one.
    """
    saved = read_front(path, case)
    told = saved.published
    if told.case != saved.case.id:
        raise _fault(
            path,
            "case",
            told.case,
            f"it was made for another case than {saved.case.id}",
            "Name the case it was made for",
        )
    question = ask(saved.case, saved.choices)
    if fingerprint(saved.case, question.catalog) != told.data_fingerprint:
        raise _fault(
            path,
            "data_fingerprint",
            told.data_fingerprint,
            "the data have changed since",
            "Solve again: ohrid solve CASE --json FILE",
        )
    front = rebuilt(question, Known(saved.packages, (), _certificate(told.certificate)), told.seed)
    if front is None:
        raise _fault(
            path,
            "packages",
            "",
            "one of them cannot be had under its own requirements",
            "Solve again: ohrid solve CASE --json FILE",
        )
    return question, front


def _fault(path: str, field: str, value: str, reason: str, remedy: str) -> InputError:
    return InputError([Fault(path, "", field, value, reason, remedy)])
