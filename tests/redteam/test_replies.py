"""Replies on the judge's numbers, the game against closed forms, and remedies that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.choices import Choices, Measure, Package
from optimizer.inputs.reader import case_names, load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.judge.evaluate import evaluate
from optimizer.questions import ask
from optimizer.redteam.game import solve_game
from optimizer.redteam.remedies import remedies
from optimizer.redteam.replies import Reply, board, draws_of, likely, replies_of, touched
from optimizer.redteam.study import hollow
from tests.doubt.helpers import some_packages

CATALOG, CASE, AS_IT_IS = load_catalog(), load_case("macedonia_2001"), Choices()


def test_the_library_is_large_sourced_and_touches_something():
    assert len(CATALOG.adversary) >= 12
    for row in CATALOG.adversary.values():
        assert touched(row, CATALOG) or row.haste.mid < 1
        assert set(row.cases) <= set(case_names())
        assert row.keep.high <= 1 and row.surcharge.low >= 1 and row.haste.high <= 1
    cited = [row for row in CATALOG.adversary.values() if row.seed_locator[:2] in ("S1", "S2")]
    assert len(cited) >= 12


def test_no_reply_is_the_plain_judge():
    packages = some_packages(8)
    risks = board(CASE, AS_IT_IS, CATALOG, replies_of(CASE, CATALOG)).risks(packages)
    plain = [evaluate(CASE, package, AS_IT_IS, CATALOG).risk for package in packages]
    assert risks[0] == pytest.approx(plain, abs=1e-12)


def test_a_reply_to_one_measure_by_hand():
    """Expelling observers from a plan of monitoring alone: e x keep, in force later by the delay, dated as the
    measure states."""
    row = CATALOG.adversary["expel_witnesses"]
    one = Measure("ceasefire_monitoring", "osce", "now", 0.0)
    before = evaluate(CASE, Package((one,)), AS_IT_IS, CATALOG).measures[0]
    fade = math.exp(-0.05 * row.delay_days.mid / 30.4)
    later = before.in_force_day + row.delay_days.mid
    end = min(before.end_day + row.delay_days.mid, 547.2)
    by_hand = Measure(
        "ceasefire_monitoring", "osce", "now", 0.0, in_force_day=later, end_day=end, intensity=row.keep.mid
    )
    expected = evaluate(CASE, Package((by_hand,)), AS_IT_IS, CATALOG).risk
    found = board(CASE, AS_IT_IS, CATALOG, [Reply((), "", 1), Reply(("expel_witnesses",), "", 1)]).risks(
        [Package((one,))]
    )
    assert 0 < fade < 1  # the plain judge fades by the later day too
    assert found[1, 0] == pytest.approx(expected, abs=1e-12)


def test_killing_sooner_helps_the_killers_and_only_where_measures_are_still_to_come():
    late = Package((Measure("high_level_mediation", "eu", "now", 30.4),))
    replies = [Reply((), "", 1), Reply(("hasten",), "", 1)]
    risks = board(CASE, AS_IT_IS, CATALOG, replies).risks([Package(), late])
    assert risks[:, 0] == pytest.approx(0.2)
    assert risks[1, 1] > risks[0, 1]


def test_several_at_once_multiply_and_the_longest_delay_counts():
    both = draws_of([Reply(("stall_in_talks", "split_partners"), "", 1)], CATALOG)
    one, two = CATALOG.adversary["stall_in_talks"], CATALOG.adversary["split_partners"]
    assert both["weaken:high_level_mediation"][0] == pytest.approx(one.keep.mid * two.keep.mid)
    assert both["delay:high_level_mediation"][0] == max(one.delay_days.mid, two.delay_days.mid)
    pairs = [r for r in replies_of(CASE, CATALOG, at_once=2) if len(r.ids) == 2]
    single = {r.ids[0]: r.likelihood for r in replies_of(CASE, CATALOG) if r.ids}
    assert pairs and all(p.likelihood == pytest.approx(single[p.ids[0]] * single[p.ids[1]]) for p in pairs)


def test_harsher_levels_hurt_more():
    packages = some_packages(10, seed=5)
    for key in CATALOG.adversary:
        levels = [Reply((key,), "", 1, level) for level in ("low", "mid", "high")]
        risks = board(CASE, AS_IT_IS, CATALOG, levels).risks(packages)
        assert risks.shape == (3, 10)
    shield = Package((Measure("targeted_sanctions_rapid", "un_security_council", "now", 30.4),))
    levels = [Reply(("patron_veto",), "", 1, level) for level in ("low", "mid", "high")]
    risks = board(CASE, AS_IT_IS, CATALOG, levels).risks([shield])[:, 0]
    assert (np.diff(risks) > 0).all()


def test_chances_hang_on_the_case():
    veto = CATALOG.adversary["patron_veto"]
    assert likely(veto, load_case("kosovo_1998"))[1] > likely(veto, CASE)[1]
    low, mid, high = likely(veto, CASE)
    assert low < mid < high


@pytest.mark.parametrize(
    ("risks", "value", "seen"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], 0.5, 1.0),  # matching pennies
        ([[2.0, 3.0], [1.0, 2.5]], 2.0, 2.0),  # a saddle
        ([[3.0, 1.0], [0.0, 2.0]], 1.5, 2.0),  # (ad - bc) / (a + d - b - c)
        ([[0.0, 1.0, 2.0], [2.0, 0.0, 1.0], [1.0, 2.0, 0.0]], 1.0, 2.0),
    ],
)
def test_games_with_known_values(risks, value, seen):
    game = solve_game(np.array(risks))
    assert (game.value, game.seen) == (pytest.approx(value), seen)
    assert game.dodged == (value < seen)
    losses = np.array(risks)
    assert (losses @ game.packages).max() == pytest.approx(value)
    assert (game.replies @ losses).min() == pytest.approx(value)


def test_a_threat_whose_deed_comes_too_late_is_hollow():
    """Consent withdrawn delays the troops behind the guarantee beyond the limit."""
    items = (
        Measure("high_level_mediation", "eu", "now", 30.4),
        Measure("preventive_tripwire_deployment", "nato", "now", 30.4),
        Measure("security_guarantees", "nato", "now", 30.4),
    )
    replies = [Reply((), "", 1), Reply(("deny_consent",), "", 1, "high"), Reply(("call_the_bluff",), "", 1)]
    here = board(CASE, AS_IT_IS, CATALOG, replies)
    assert [m.instrument for m in hollow(here, Package(items), 1)] == ["security_guarantees"]
    assert hollow(here, Package(items), 2) == ()


def test_every_remedy_keeps_the_rules_and_does_what_it_says():
    question = ask(CASE, Choices(max_measures=4, rules=(("R28", "off"),)))
    package = Package((Measure("high_level_mediation", "eu", "now", 30.4),))
    assert not violations(CASE, package, question.choices, CATALOG)
    here = board(CASE, question.choices, CATALOG, replies_of(CASE, CATALOG))
    before = here.risks([package])[:, 0]
    worst = int(before.argmax())
    found = remedies(question, package, worst, here)
    assert found
    for one in found:
        assert not violations(CASE, one.package, question.choices, CATALOG)
        assert here.risks([one.package])[worst, 0] == pytest.approx(one.risk)
        assert one.undoes == pytest.approx((before[worst] - one.risk) / (before[worst] - before[0]))
    enough = [one for one in found if one.undoes >= 0.5]
    assert [one.cost for one in enough] == sorted(one.cost for one in enough)
