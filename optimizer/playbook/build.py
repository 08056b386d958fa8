"""From a question and a chosen package to the one record that every format is a view of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from ..answers import Option, PlanFront
from ..choices import Choices
from ..conflict import wishes_of
from ..inputs.faults import Fault, InputError, did_you_mean
from ..questions import Question
from ..solving import fingerprint
from . import words
from .assessments import aims, assessments, authority
from .context import Context
from .contingencies import contingencies
from .dates import on, reviews
from .evidence import evidence
from .money import money
from .naming import replacer, walked
from .record import About, Date, Finding, Playbook, Risk, Step, Study, Task, Written
from .summary import summary
from .tables import numbers
from .tasks import preparations, responsibilities, tasks
from .text import one_line, sentence
from .verdict import alternatives, change, rehearsal, rules

Hidden = Literal["partners", "instruments"]
StudyData = Study | Mapping[str, Any] | Sequence[Any] | None
SECTIONS = (
    "general",
    "situation",
    "aims",
    "tasks",
    "authority",
    "preparation",
    "contingency",
    "money",
    "risk",
    "rules",
)
_CHOICES = TypeAdapter(Choices)


def build_playbook(
    question: Question,
    front: PlanFront | None,
    option: Option,
    explanations: StudyData = None,
    doubt: StudyData = None,
    redteam: StudyData = None,
    *,
    notes: Mapping[str, str] | None = None,
    repairs: Sequence[str] = (),
    classification: str = "",
    redact: Sequence[Hidden] = (),
    picked: str = "",
    as_of: date | None = None,
) -> Playbook:
    """The playbook of a chosen package.

    explanations, doubt, redteam: results of those studies as plain data, a list of sentences or of {"text", "remedy"}, or a mapping
    with "summary" and "findings"; None: the document says that the part has not been run. notes: by section or by number of the
    task. repairs: what was given up so that a plan exists. as_of: the date on the paper (default: the case's start date).
    """
    start = date.fromisoformat(question.case.start_date)
    ctx = Context(question, front, option, as_of or start, _checked_notes(notes or {}, len(option.measures)))
    studies = (_study(explanations), _study(doubt), _study(redteam))
    made = _assembled(ctx, studies, about(ctx, tuple(repairs), classification, picked))
    return redacted(made, ctx, tuple(dict.fromkeys(redact))) if redact else made


def _assembled(ctx: Context, studies: tuple[Study, Study, Study], head: About) -> Playbook:
    done, risks = tasks(ctx), risk(ctx)
    steps, cash = preparations(ctx), money(ctx)
    branches, rule_checks = contingencies(ctx), rules(ctx)
    return Playbook(
        about=head,
        summary=summary(ctx, head, done, risks, cash, rule_checks, steps),
        assessments=assessments(ctx),
        aims=aims(ctx),
        tasks=done,
        responsibilities=responsibilities(ctx),
        authority=authority(ctx),
        preparations=steps,
        contingencies=branches,
        money=cash,
        risk=risks,
        rehearsal=rehearsal(ctx),
        rules=rule_checks,
        alternatives=alternatives(ctx),
        change=change(ctx),
        evidence=evidence(ctx),
        dates=_dates(ctx, done, head),
        notes=(notes := {k: v for k, v in ctx.notes.items() if not k.isdigit()}),
        partners=dict(ctx.names.partners),
        written=Written(tasks=done, envelope=cash.envelope, notes=notes),
        explanations=studies[0],
        doubt=studies[1],
        red_team=studies[2],
    )


def about(ctx: Context, repairs: tuple[str, ...], classification: str, picked: str) -> About:
    """What the document is and what it was made from."""
    case, front = ctx.case, ctx.front
    kind, concern = level_of_concern(ctx)
    return About(
        title=one_line(case.title or case.id),
        subtitle=f"Playbook: {kind}",
        kind=kind,
        concern=concern,
        classification=one_line(classification),
        as_of=ctx.as_of,
        start=ctx.start,
        end=on(ctx.start, ctx.tree.horizon),
        horizon_months=case.horizon_months,
        branch_date=on(ctx.start, ctx.tree.now.end) if ctx.tree.branches else None,
        package=ctx.option.id,
        picked=picked or "chosen by the planner",
        certificate=_certificate(front),
        case=case.id,
        case_fingerprint=case.fingerprint,
        data_fingerprint=front.data_fingerprint if front else fingerprint(case, ctx.catalog),
        seed=front.seed if front else 0,
        choices=_CHOICES.dump_python(ctx.question.choices, mode="json"),
        requirements=_requirements(ctx),
        repairs=repairs,
    )


def _requirements(ctx: Context) -> tuple[str, ...]:
    """The planner's own requirements, with names in place of keys and rules by their titles."""
    titles = {r.id: r.title for r in ctx.catalog.rules.values()}
    found = []
    for text in wishes_of(ctx.question.choices):
        for key, title in titles.items():
            text = text.replace(f"rule {key}", f"the rule '{title}'").replace(
                f"parameter {key}.", f"rule '{title}', its number "
            )
        found.append(sentence(ctx.say(text)))
    return tuple(found)


def level_of_concern(ctx: Context) -> tuple[Literal["crisis prevention plan", "crisis response plan"], str]:
    """Moderate concern asks for a prevention plan, high and rising for a response plan (seed 002, Recommendation 4-2)."""
    limit, base = numbers()["concern_high_baseline"], ctx.ranges.mid.baseline
    share = words.percent(base)
    if ctx.case.intervention_point == "onset":
        return "crisis response plan", f"high: {words.POINTS['onset']}, and the baseline risk is {share}"
    if base >= limit.mid:
        rising = " and rising" if ctx.case.intervention_point != "post_settlement" else ""
        return (
            "crisis response plan",
            f"high{rising}: the baseline risk of {share} is at least {words.percent(limit.mid)} (a judged limit)",
        )
    return (
        "crisis prevention plan",
        f"moderate: the baseline risk of {share} is below {words.percent(limit.mid)} (a judged limit)",
    )


def _certificate(front: PlanFront | None) -> str:
    """How sure it is that no better package was missed; in words, without the search's own terms."""
    if front is None:
        return "This package was not taken from a search: nothing is known of better ones."
    c = front.certificate
    if c.complete:
        return "Every possible package was accounted for: none beats all that were found by more than the stated resolution, in this model."
    gaps = [
        f"{a.title.lower()} {c.gap[a.key] * a.resolution:.2g} {a.unit}"
        for a in front.objectives
        if c.gap.get(a.key, float("inf")) < 1e6
    ]
    known = (
        f"A package not shown could be better by at most: {', '.join(gaps)}"
        if gaps
        else "How much better a package not shown could be is not known"
    )
    return f"The search was stopped early. {known}, in this model."


def risk(ctx: Context) -> Risk:
    """Risk before and after, with its bracket and its path over time."""
    r = ctx.ranges
    steps = tuple(
        Step(
            phase=words.phase(p.node), start=on(ctx.start, p.from_day), end=on(ctx.start, p.to_day),
            before=round(p.hazard, 6), left=round(p.u, 6),
        )
        for p in r.mid.risk_path
    )  # fmt: skip
    how = (
        "The range is a bracket: all effects at their low or high end together, with the baseline at its unfavourable or favourable end. "
        "It is wider than a range of chance would be, and says nothing of what is likely inside it."
    )
    return Risk(
        before=r.baseline,
        after=r.risk(),
        fall=r.fall(),
        outside=ctx.case.baseline_risk.outside_view_p,
        steps=steps,
        how=how,
    )


def _dates(ctx: Context, done: Sequence[Task], head: About) -> tuple[Date, ...]:
    """Starts, days in force, decision points and reviews, in order."""
    found = [
        Date(day=t.start, what=f"Task {t.number}: {t.name} begins", kind="start", detail=f"{t.phase}; {t.lead} leads")
        for t in done
    ]
    found += [
        Date(
            day=t.in_force,
            what=f"Task {t.number}: {t.name} in force",
            kind="in force",
            detail=f"{t.phase}; {t.lead} leads",
        )
        for t in done
    ]
    if head.branch_date:
        found.append(Date(day=head.branch_date, what="Decision: which contingency playbook begins", kind="decision"))
    every = int(numbers()["review_months"].mid)
    found += [
        Date(day=d, what=f"Review {k} of the plan", kind="review")
        for k, d in enumerate(reviews(ctx.start, head.end, every), start=1)
    ]
    found += [Date(day=p.due, what=f"{p.kind}: {p.step}", kind="preparation", detail=p.who) for p in preparations(ctx)]
    return tuple(sorted(found, key=lambda d: (d.day, d.kind, d.what)))


def _study(data: StudyData) -> Study:
    """A study's results as they come: a record, a mapping with summary and findings, or a list."""
    if isinstance(data, Study):
        return data
    if data is None:
        return Study(run=False)
    if isinstance(data, Mapping):
        listed_ = data.get("findings", ())
        return Study(run=True, summary=str(data.get("summary", "")), findings=tuple(map(_finding, listed_)))
    return Study(run=True, findings=tuple(map(_finding, [data] if isinstance(data, str) else data)))


def _finding(item: Any) -> Finding:
    if isinstance(item, Finding):
        return item
    if isinstance(item, Mapping):
        return Finding(text=str(item.get("text", "")), remedy=str(item.get("remedy", "")))
    return Finding(text=str(item))


def _checked_notes(notes: Mapping[str, str], count: int) -> dict[str, str]:
    """Notes by section or number of a task; anything else is refused."""
    known = [*SECTIONS, *map(str, range(1, count + 1))]
    faults = [
        Fault("notes", "", k, "", "there is no such section", did_you_mean(k, known).rstrip("?"))
        for k in notes
        if k not in known
    ]
    if faults:
        raise InputError(faults)
    return dict(notes)


KEPT = frozenset({"case_fingerprint", "data_fingerprint", "choices", "certificate", "kind", "redacted", "unit"})


def redacted(playbook: Playbook, ctx: Context, hidden: tuple[Hidden, ...]) -> Playbook:
    """The playbook with names by role in every text, and without the keys that would give them away."""
    change_ = replacer(ctx.names.by_role(hidden))
    data = walked(playbook.model_dump(mode="json"), change_, KEPT)
    data["about"] |= {"redacted": list(hidden), "choices": {}}
    gone = {"key": None, "harm": ""} if "instruments" in hidden else {"key": None}
    for holder in (data, data["written"]):
        holder["tasks"] = [t | gone for t in holder["tasks"]]
    data["partners"] = {}
    return Playbook.model_validate_json(_json(data))


def _json(data: Any) -> str:
    import json

    return json.dumps(data, ensure_ascii=False)
