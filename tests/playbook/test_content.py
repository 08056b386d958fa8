"""What a crisis response plan has to hold, and that its numbers are the judge's."""

import re
from datetime import date

import pytest

from optimizer.inputs import InputError, load_case
from optimizer.judge.evaluate import judge_of
from optimizer.playbook.dates import later, on, reviews
from optimizer.playbook.document import lay_out
from optimizer.playbook.money import spent_by_month
from optimizer.playbook.ranges import Ranges
from optimizer.playbook.tables import numbers, triggers

from .helpers import QUICK, asked, build, plan, quick

CASES = (QUICK, "rwanda_1993", "kenya_2007")


@pytest.fixture(params=CASES)
def made(request):
    question, front, option = plan(request.param)
    return question, option, build(question, front, option)


def words_of(playbook):
    """Every word that reaches paper."""
    found = []
    for block in lay_out(playbook).blocks:
        for value in vars(block).values():
            found += _strings(value)
    return found


def _strings(value):
    if isinstance(value, str):
        return [] if value.startswith("<svg") else [value]
    return [s for v in value for s in _strings(v)] if isinstance(value, tuple) else []


def test_every_part_that_the_seed_asks_for_is_there(made):
    _, _, p = made
    a = p.assessments
    assert a.parties and a.leverage and a.estimate and a.impact and a.options
    assert p.aims.interests and p.aims.objectives and p.aims.end_state
    assert p.responsibilities and p.authority.lines and p.authority.voices
    assert {x.kind for x in p.preparations} >= {"Funding", "Media"}
    assert len(p.contingencies) == 3 and all(c.triggers for c in p.contingencies)
    assert p.rules and p.alternatives and p.change and p.rehearsal and p.evidence
    assert {d.kind for d in p.dates} == {"start", "in force", "decision", "review", "preparation"}


def test_options_cover_every_group_and_stage(made):
    _, _, p = made
    assert len({(c.group, c.stage) for c in p.assessments.options}) == len(p.assessments.options) == 16


def test_risk_and_cost_are_the_judges(made):
    question, option, p = made
    e = judge_of(question.case, question.choices, question.catalog).evaluate(option.package)
    assert p.risk.after.mid == pytest.approx(e.risk, abs=1e-6)
    assert p.money.expected.mid == pytest.approx(e.values["cost"], abs=1e-3)
    assert sum(t.cost.mid for t in p.tasks) == pytest.approx(sum(j.cost_musd for j in e.measures), abs=1e-2)


def test_money_by_month_adds_up_to_the_cost_of_each_phase(made):
    question, option, p = made
    e = judge_of(question.case, question.choices, question.catalog).evaluate(option.package)
    for k, node in enumerate(question.situation.tree.nodes):
        cost = sum(j.cost_musd for j in e.measures if j.measure.node == node.name)
        assert sum(m.amounts[k] for m in p.money.months) == pytest.approx(cost, abs=1e-2)
        assert all(m.amounts[k] >= -1e-6 for m in p.money.months)
    assert p.money.reserve.mid <= p.money.envelope and callable(spent_by_month)


def test_ranges_hold_their_middle(made):
    _, _, p = made
    spans = [p.risk.before, p.risk.after, p.risk.fall, p.money.now, p.money.reserve]
    spans += [e.value for e in p.evidence] + [t.cost for t in p.tasks] + [t.effect for t in p.tasks]
    for q in spans:
        if q.low is not None:
            assert q.low <= q.mid + 1e-9 and q.mid <= q.high + 1e-9
        assert q.unit and q.grade and q.source


def test_bracket_is_what_the_judge_says_of_shifted_effects():
    question, _, option = plan(QUICK)
    r = Ranges(question, option.package)
    from dataclasses import replace

    from optimizer.inputs.records import Triple

    tools = {
        k: t.model_copy(update={"effect": Triple(low=t.effect.low, mid=t.effect.low, high=t.effect.low)})
        for k, t in question.catalog.instruments.items()
    }
    choices = replace(question.choices, baseline=question.case.baseline_risk.high)
    catalog = replace(question.catalog, instruments=tools)
    assert r.risk().high == pytest.approx(
        judge_of(question.case, choices, catalog).evaluate(option.package).risk, abs=1e-6
    )


def test_no_key_reaches_paper(made):
    question, _, p = made
    keys = {k for k in question.catalog.instruments if "_" in k} | {
        x.partner for x in question.case.partners if "_" in x.partner
    }
    keys |= {k for k in question.catalog.sources if "_" in k or re.search(r"\d", k)} | {"drags_on", question.case.id}
    told = " ".join(words_of(p))
    assert not [k for k in keys if re.search(rf"(?<!\w){re.escape(k)}(?!\w)", told)]
    assert not re.search(r"\bR\d\d\b|\bM[1-4]\b|\.csv|_", told)
    assert "infeasible" not in told and "epsilon" not in told


def test_what_was_not_run_says_so():
    told = " ".join(words_of(quick()))
    assert told.count("has not been run for this plan") == 2 and "have not been explained" in told
    more = quick_with_studies()
    told = " ".join(words_of(more))
    assert (
        "has not been run" not in told and "Observers are expelled first." in told and "Keep a second channel" in told
    )


def quick_with_studies():
    question, front, option = plan(QUICK)
    return build(
        question, front, option, ["Mediation adds most."], {"summary": "Wide.", "findings": ["Half of it hangs on will."]},
        [{"text": "Observers are expelled first.", "remedy": "Keep a second channel"}],
    )  # fmt: skip


def test_threats_say_what_executes_them():
    p = quick()
    backed = [t for t in p.tasks if "executed by" in t.backing]
    assert backed and any("executes task" in t.backing for t in p.tasks)
    assert any("is carried out by" in line for c in p.contingencies for line in c.carries)


def test_kind_follows_the_level_of_concern():
    limit = numbers()["concern_high_baseline"].mid
    for name in ("macedonia_2001", "ethiopia_2010"):
        question, front, option = plan(name, 1)
        p = build(question, front, option)
        high = load_case(name).baseline_risk.p_one_year >= limit
        assert p.about.kind == ("crisis response plan" if high else "crisis prevention plan")
    assert {plan_kind("macedonia_2001"), plan_kind("ethiopia_2010")} == {
        "crisis response plan",
        "crisis prevention plan",
    }


def plan_kind(name):
    return build(*plan(name, 1)).about.kind


def test_reviews_stand_every_second_month():
    p = quick()
    days = [d.day for d in p.dates if d.kind == "review"]
    assert days[0] == date(2001, 3, 22) and days == [later(p.about.start, 2 * k) for k in range(1, len(days) + 1)]
    assert later(days[-1], 2) > p.about.end


def test_dates_are_calendar_dates():
    assert later(date(2001, 12, 31), 2) == date(2002, 2, 28)
    assert on(date(2001, 1, 1), 0.0) == date(2001, 1, 1) and on(date(2001, 1, 1), 30.999) == date(2001, 1, 31)
    assert on(date(2001, 1, 10), -1.0) == date(2001, 1, 9) and on(date(2001, 1, 10), -0.5) == date(2001, 1, 9)
    assert reviews(date(2001, 1, 31), date(2001, 6, 30), 2) == [date(2001, 3, 31), date(2001, 5, 31)]


def test_every_trigger_text_can_apply_and_is_filled():
    texts = triggers()
    assert {t.branch for t in texts} == {"escalates", "settles", "drags_on"}
    for p in (quick(), build(*plan("rwanda_1993"))):
        for c in p.contingencies:
            assert not [t for t in c.triggers if "{" in t.text]


def test_notes_go_where_they_belong_and_unknown_sections_are_refused():
    question, front, option = plan(QUICK)
    p = build(question, front, option, notes={"1": "call first", "money": "ask the fund"})
    assert p.task(1).note == "call first" and p.notes == {"money": "ask the fund"}
    with pytest.raises(InputError, match="no such section"):
        build(question, front, option, notes={"monye": "x"})


def test_what_was_given_up_is_said():
    question, front, option = plan(QUICK)
    p = build(question, front, option, repairs=["The deadline was moved by 30 days."])
    assert "The deadline was moved by 30 days." in words_of(p)


def test_a_plan_without_measures_or_branches_is_still_a_document():
    from optimizer.solving import option

    question = asked(QUICK, branches=())
    p = build(question, None, option(question, frozenset(), 1))
    assert not p.tasks and not p.contingencies and p.about.branch_date is None
    assert "holds no measure" in p.summary.headline and "no branches" in " ".join(words_of(p))
