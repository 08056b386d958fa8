"""From a question and a chosen package to the one record that every format is a view of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..answers import Option, PlanFront
from ..questions import Question
from .about import about
from .agenda import agenda
from .assessments import aims, assessments, authority
from .context import Context
from .contingencies import contingencies
from .evidence import evidence
from .given import StudyData, checked_notes, study
from .money import money
from .record import About, Playbook, Written
from .redaction import Hidden, redacted
from .risk import risk
from .studies import Depth, Studies, studied
from .summary import summary
from .tasks import preparations, responsibilities, tasks
from .verdict import alternatives, change, rehearsal, rules


def build_playbook(
    question: Question,
    front: PlanFront | None,
    option: Option,
    explanations: StudyData = None,
    doubt: StudyData = None,
    redteam: StudyData = None,
    *,
    depth: Depth = "quick",
    notes: Mapping[str, str] | None = None,
    repairs: Sequence[str] = (),
    classification: str = "",
    redact: Sequence[Hidden] = (),
    picked: str = "",
    as_of: date | None = None,
) -> Playbook:
    """The playbook of a chosen package.

    depth: how far its studies go (none, quick: a few seconds, full: up to a minute); the seed is the front's. explanations, doubt, redteam: results of
    such studies in place of those, as plain data: a list of sentences or of {"text", "remedy"}, or a mapping with "summary" and "findings". notes: by
    section or by number of the task. repairs: what was given up so that a plan exists. as_of: the date on the paper (default: the case's start date).
    """
    start = date.fromisoformat(question.case.start_date)
    ctx = Context(question, front, option, as_of or start, checked_notes(notes or {}, len(option.measures)))
    own = studied(ctx, depth, front.seed if front else 0)
    ctx = replace(ctx, spread=own.spread)
    found = Studies(
        explanations=own.explanations if explanations is None else study(explanations),
        doubt=own.doubt if doubt is None else study(doubt),
        red_team=own.red_team if redteam is None else study(redteam),
    )
    made = _assembled(ctx, found, about(ctx, tuple(repairs), classification, picked, depth))
    return redacted(made, ctx, tuple(dict.fromkeys(redact))) if redact else made


def _assembled(ctx: Context, studies: Studies, head: About) -> Playbook:
    done, risks = tasks(ctx), risk(ctx)
    steps, cash = preparations(ctx), money(ctx)
    rule_checks = rules(ctx)
    notes = {k: v for k, v in ctx.notes.items() if not k.isdigit()}
    return Playbook(
        about=head,
        summary=summary(ctx, head, done, risks, cash, rule_checks, steps, studies.red_team),
        assessments=assessments(ctx),
        aims=aims(ctx, risks),
        tasks=done,
        responsibilities=responsibilities(ctx),
        authority=authority(ctx),
        preparations=steps,
        contingencies=contingencies(ctx),
        money=cash,
        risk=risks,
        rehearsal=rehearsal(ctx),
        rules=rule_checks,
        alternatives=alternatives(ctx),
        change=change(ctx),
        evidence=evidence(ctx),
        dates=agenda(ctx, done, steps, head),
        notes=notes,
        partners=dict(ctx.names.partners),
        written=Written(tasks=done, envelope=cash.envelope, notes=notes),
        explanations=studies.explanations,
        doubt=studies.doubt,
        red_team=studies.red_team,
    )
