"""Ranges, replies and reasons: equal to what other ways of asking give, bounded by counts, and fit for paper."""

import itertools
import re
import time

import numpy as np
import pytest

from optimizer.choices import Package
from optimizer.doubt import Ensemble, assess
from optimizer.inputs import InputError
from optimizer.judge.evaluate import judge_of
from optimizer.playbook import build_playbook, export
from optimizer.playbook.document import lay_out
from optimizer.playbook.studies import DRAWS
from optimizer.redteam.replies import board, replies_of

from .helpers import QUICK, asked, plan, small_plan
from .test_content import words_of


@pytest.fixture(scope="module")
def made():
    return build_playbook(*plan(QUICK))


def test_ranges_are_those_of_the_ensemble(made):
    question, front, option = plan(QUICK)
    packages, ensemble = [option.package, Package()], Ensemble(DRAWS["quick"], front.seed)
    result = assess(question.case, packages, ensemble, question.choices, question.catalog)
    risks = np.asarray(result.of("risk"), dtype=float)
    for quantity, column in (
        (made.risk.after, risks[:, 0]),
        (made.risk.before, risks[:, 1]),
        (made.risk.fall, 1 - risks[:, 0] / risks[:, 1]),
    ):
        assert (quantity.low, quantity.high) == pytest.approx(np.quantile(column, [0.05, 0.95]), abs=2e-4)
    assert made.risk.range_is == "in nine of ten draws" and "4\u00a0096 draws" in made.risk.after.source


def test_an_independent_design_gives_nearly_the_same_range(made):
    from optimizer.doubt.draws import Law

    question, _, option = plan(QUICK)
    plain = assess(
        question.case, [option.package], Ensemble(4096, 7, Law(design="random")), question.choices, question.catalog
    )
    assert (made.risk.after.low, made.risk.after.high) == pytest.approx(
        np.quantile(plain.of("risk"), [0.05, 0.95]), abs=0.02
    )


def test_branches_have_ranges_that_hold_their_middle(made):
    for one in made.contingencies:
        assert one.risk.low < one.risk.mid < one.risk.high and "draws" in one.risk.source


def test_the_best_reply_is_the_worst_of_all(made):
    question, _, option = plan(QUICK)
    known = replies_of(question.case, question.catalog, 1, least=0.05)
    risks = [
        float(board(question.case, question.choices, question.catalog, [r]).risks([option.package])[0, 0])
        for r in known
    ]
    worst = known[int(np.argmax(risks))]
    assert made.red_team.findings[0].text == f"{worst.name}." and made.red_team.findings[0].remedy
    assert f"{100 * max(risks):.1f}\u00a0%" in made.red_team.summary


def test_what_is_lost_without_a_measure_is_the_judges(made):
    question, _, option = plan(QUICK)
    judge = judge_of(question.case, question.choices, question.catalog)
    told = made.explanations.findings[: len(option.measures)]
    for k, finding in enumerate(told):
        less = judge.evaluate(Package(option.measures[:k] + option.measures[k + 1 :]))
        change = 100 * (less.risk - option.evaluation.risk)
        size = re.search(r"the risk would be (less than 0\.05|[\d.]+) percentage points (higher|lower)", finding.text)
        if size is None:
            assert abs(change) < 0.01
        else:
            assert abs(change) == pytest.approx(0.025 if "less" in size[1] else float(size[1]), abs=0.051)
            assert (change > 0) == (size[2] == "higher")
        assert finding.sure == "exact in this model" and finding.evidence


MADE_OF = {"quick": lambda: plan(QUICK), "full": small_plan}


@pytest.mark.parametrize("depth", ["quick", "full"])
def test_no_clock_changes_a_byte(depth, monkeypatch):
    first = export(build_playbook(*MADE_OF[depth](), depth=depth), "json")
    leaps = itertools.count(0, 1e6)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(leaps)))
    assert export(build_playbook(*MADE_OF[depth](), depth=depth), "json") == first


@pytest.mark.parametrize(("name", "depth"), [(QUICK, "quick"), ("rwanda_1993", "quick"), ("", "full")])
def test_no_key_reaches_paper(name, depth):
    question, front, option = plan(name) if name else small_plan()
    told = " ".join(words_of(build_playbook(question, front, option, depth=depth)))
    assert not re.search(r"\bR\d\d\b|\bP\d+\b|\.csv|_", told) and "has not been run" not in told
    keys = {k for k in question.catalog.instruments if "_" in k} | {
        x.partner for x in question.case.partners if "_" in x.partner
    }
    assert not [k for k in keys if re.search(rf"(?<!\w){k}(?!\w)", told)]


def test_full_says_more_than_quick():
    full, made = (build_playbook(*small_plan(), depth=depth) for depth in ("full", "quick"))
    assert len(full.explanations.findings) > len(made.explanations.findings)
    told = " ".join(f.text for f in full.explanations.findings)
    assert "the best other package" in told or "replaced at no loss" in told or "does without" in told
    assert "up to 2 at once" in full.red_team.how and "16\u00a0384 draws" in full.doubt.how
    assert full.about.depth == "full" and made.about.depth == "quick"


def test_results_of_ones_own_take_their_place():
    p = build_playbook(*plan(QUICK), doubt=["Half of it hangs on will."])
    assert (
        [f.text for f in p.doubt.findings] == ["Half of it hangs on will."]
        and p.red_team.findings
        and p.risk.range_is.startswith("in nine")
    )


def test_a_plan_without_measures_is_not_studied():
    from optimizer.solving import option

    question = asked(QUICK)
    p = build_playbook(question, None, option(question, frozenset(), 1))
    assert not p.red_team.run and not p.doubt.run and lay_out(p).blocks


def test_a_fixed_baseline_has_no_range():
    from optimizer.solving import option

    question, _, one = plan(QUICK)
    fixed = asked(QUICK, baseline=0.3)
    p = build_playbook(fixed, None, option(fixed, question.situation.indices(one.package), 1))
    assert (
        p.risk.before.low is None and p.risk.before.mid == pytest.approx(0.3) and p.risk.after.low < p.risk.after.high
    )


def test_an_unknown_depth_is_refused():
    with pytest.raises(InputError, match="quick"):
        build_playbook(*plan(QUICK), depth="quik")
