"""Measures of doubt against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.doubt import measures

LOSSES = np.array([[1.0, 2.0], [5.0, 3.0], [2.0, 2.0], [8.0, 9.0]])


def test_regret_by_hand():
    assert measures.regret(LOSSES).tolist() == [[0, 1], [2, 0], [0, 0], [0, 1]]


def test_cvar_by_hand():
    assert measures.cvar(LOSSES, 0.5).tolist() == [6.5, 6.0]
    assert measures.cvar(LOSSES, 0.25).tolist() == [8.0, 9.0]
    assert measures.cvar(LOSSES, 0.375) == pytest.approx([(8 + 0.5 * 5) / 1.5, (9 + 0.5 * 3) / 1.5])
    assert measures.cvar(LOSSES, 1.0) == pytest.approx(LOSSES.mean(axis=0))


def test_cvar_is_the_least_of_rockafellar_and_uryasev():
    losses = np.random.default_rng(0).normal(size=(500, 1))
    t = np.linspace(-3, 3, 4001)
    bound = t + np.maximum(losses - t, 0).mean(axis=0) / 0.07
    assert measures.cvar(losses, 0.07)[0] == pytest.approx(bound.min(), abs=1e-3)


def test_chances_by_hand():
    assert measures.chance_of_best(LOSSES).tolist() == [(1 + 0 + 0.5 + 1) / 4, (0 + 1 + 0.5 + 0) / 4]
    assert measures.chance_of_best(LOSSES, tie=1.0).tolist() == [(0.5 + 0 + 0.5 + 0.5) / 4, (0.5 + 1 + 0.5 + 0.5) / 4]
    assert measures.chance_of_missing(LOSSES, 2.0).tolist() == [0.5, 0.5]


def test_standard_error_of_independent_draws():
    losses = np.random.default_rng(1).normal(size=(64_000, 1))
    assert measures.standard_error(losses, groups=200)[0] == pytest.approx(1 / np.sqrt(64_000), rel=0.15)
    assert np.isinf(measures.standard_error(losses[:1])[0])


def test_rank_stability_is_one_where_the_order_never_changes():
    steady = np.arange(10.0)[:, None] + np.array([0.0, 1.0, 2.0])
    assert measures.rank_stability(steady) == 1.0
    assert measures.rank_stability(np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.5], [0.0, 1.0]])) == 0.5


def test_tied_inside_the_resolution_or_the_noise():
    rng = np.random.default_rng(2)
    common = rng.normal(size=400)
    losses = np.stack([common, common + 0.02, common + 0.5, common + 0.1 + rng.normal(size=400) * 3], axis=1)
    same = measures.tied(losses, 0.05)
    assert same[0].tolist() == [True, True, False, True]
    assert (same == same.T).all()


def test_the_table_has_it_all():
    rows = measures.table(LOSSES, ["P1", "P2"], resolution=0.1, target=4.0)
    assert (rows[0].mean, rows[0].missed, rows[0].best) == (4.0, 0.5, 0.625)
    assert rows[1].ties == ("P1",)  # four scenarios cannot tell them apart
