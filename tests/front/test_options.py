"""Covers with resolutions, exact evaluations, transforms, preferences, seeds, records, continuous columns."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pulp
import pytest

from benchmarks.programmes import binary_programme, covers, sorted_rows
from optimizer.front import exact_front, search
from optimizer.front.volume import volume_gaps


def solve(programme, **options):
    return exact_front(programme.problem, programme.objectives, senses=programme.senses, **options)


def feasible_ones(objectives, count):
    found = (binary_programme(seed, objectives) for seed in range(100, 400))
    return [programme for programme in found if len(programme.front) > 3][:count]


@pytest.mark.parametrize("objectives", [2, 3])
@pytest.mark.parametrize("resolution", [0.5, 2.0, 3.5])
def test_front_is_a_cover(objectives, resolution):
    for programme in feasible_ones(objectives, 12):
        front = solve(programme, resolutions=[resolution] * objectives)
        signs = programme.signs
        assert front.certificate.complete
        assert covers(front.points * signs, programme.values * signs, resolution)
        assert all((programme.values == point).all(axis=1).any() for point in front.points)


def test_a_complete_cover_leaves_nothing_unsettled_though_a_strip_is_not_dominated():
    strips = []
    for programme in feasible_ones(2, 12):
        states = list(search(programme.problem, programme.objectives, senses=programme.senses, resolutions=[2.5, 2.5]))
        shares = [(s.cover_gap, s.hypervolume_gap) for s in states if not math.isnan(s.cover_gap)]
        assert all(0 <= settled <= strict + 1e-12 for settled, strict in shares)
        assert all(later <= sooner + 1e-12 for (sooner, _), (later, _) in itertools.pairwise(shares))
        certificate = states[-1].front.certificate
        assert certificate.complete and certificate.cover_gap == 0
        strips.append(certificate.hypervolume_gap)
    assert max(strips) > 0.05


def test_the_unsettled_share_is_the_volume_below_open_zones():
    """By counting cells: points at (1, 3) and (3, 1) of a box of 4 x 4, below (1, 1) and left of 1 proved empty."""
    points, records = np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 4.0]])
    strict, settled = volume_gaps(points, np.array([[2.0, 2.0]]), records, np.zeros(2), np.full(2, 4.0))
    assert strict == pytest.approx(1 - (3 * 1 + 1 * 2) / 12)
    assert settled == pytest.approx(2 / 12)


@pytest.mark.parametrize("objectives", [2, 3])
def test_exact_values_above_the_solver_form_decide(objectives):
    """The exact value is the solver's plus a bend of up to 0.4: the cover holds for the exact values."""
    for number, programme in enumerate(feasible_ones(objectives, 8)):
        names = sorted({v.name for e in programme.objectives for v in e})
        bend = np.random.default_rng(number).uniform(0, 0.4, (len(names), objectives)) / len(names)

        def exact(values, programme=programme, names=names, bend=bend):
            plain = [sum(a * values[v.name] for v, a in e.items()) + e.constant for e in programme.objectives]
            extra = np.array([values[name] for name in names]) @ bend
            return np.array(plain) + programme.signs * extra

        front = solve(programme, resolutions=[1.5] * objectives, exact=exact)
        every = {tuple(row) for row in programme.values}
        assert front.certificate.complete or all(z.reason == "approximation" for z in front.certificate.open_zones)
        if front.certificate.complete:
            signs = programme.signs
            low = np.array(sorted(every)) * signs  # solver values: exact ones are never below
            assert covers(front.points * signs, low + 0.4, 1.5 + 0.4)


def test_an_exact_value_below_the_solver_is_reported():
    programme = feasible_ones(2, 1)[0]
    front = solve(programme, exact=lambda values: np.array([-1000.0, -1000.0]) * programme.signs)
    assert not front.certificate.complete
    assert front.certificate.stopped_by.startswith("numerics")


def test_a_package_below_a_record_is_reported():
    programme = feasible_ones(2, 1)[0]
    highest = programme.signs * 1000.0  # nothing is to lie below it, but everything does
    front = solve(programme, records=[highest], seeds=solve(programme).solutions)
    assert not front.certificate.complete
    assert front.certificate.stopped_by.startswith("numerics")


@pytest.mark.parametrize("refusal", [None, ValueError("not this one")], ids=["None", "raises"])
def test_what_the_check_rejects_stays_open(refusal):
    def refuse(values):
        if isinstance(refusal, Exception):
            raise refusal
        return None

    front = solve(feasible_ones(2, 1)[0], exact=refuse)
    assert len(front) == 0
    assert not front.certificate.complete
    assert all(zone.reason.startswith("rejected by the independent check") for zone in front.certificate.open_zones)


def test_transforms_keep_the_front_and_speak_user_units():
    for programme in feasible_ones(2, 6):
        pair = (lambda s: 1 - math.exp(-s / 20), lambda r: -20 * math.log(1 - r))
        front = solve(programme, transforms=[pair, None], resolutions=[1e-4, 1])
        wanted = programme.front.copy()
        wanted[:, 0] = 1 - np.exp(-wanted[:, 0] / 20)
        assert front.certificate.complete, front
        assert covers(front.points * programme.signs, wanted * programme.signs, np.array([1e-4, 0]))


def test_the_preferred_package_is_chosen_within_the_resolution():
    problem = pulp.LpProblem("twins", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(4)]
    problem += pulp.lpSum(x) == 2
    cost, harm = x[0] + x[1] + 3 * x[2] + 3 * x[3], 3 * x[0] + 3 * x[1] + x[2] + x[3]
    front = exact_front(problem, [cost, harm], prefer=0.1 * x[0] + 0.1 * x[2], resolutions=[1, 1])
    middle = front.solutions[[tuple(z) for z in front.points].index((4.0, 4.0))]
    assert front.certificate.complete
    assert set(middle) == {"x1", "x3"}


def test_seeds_and_records_of_a_front_leave_nothing_to_do():
    for programme in feasible_ones(3, 5):
        front = solve(programme)
        again = solve(programme, seeds=front.solutions, records=front.records)
        np.testing.assert_array_equal(again.points, front.points)
        assert again.certificate.complete
        assert again.certificate.solves == 0


def test_records_stay_valid_when_a_row_is_added():
    for programme in feasible_ones(2, 8):
        before = solve(programme)
        names = sorted({v.name for e in programme.objectives for v in e})
        variable = next(v for e in programme.objectives for v in e if v.name == names[0])
        programme.problem += variable == 0
        after = solve(programme, seeds=before.solutions, records=before.records)
        np.testing.assert_array_equal(after.points, solve(programme).points)
        assert after.certificate.complete


def test_infeasible_seeds_are_left_out():
    programme = feasible_ones(2, 1)[0]
    front = solve(programme, seeds=[{v.name: 7.0 for e in programme.objectives for v in e}])
    np.testing.assert_array_equal(front.points, sorted_rows(programme.front))


@pytest.mark.parametrize("seed", range(12))
def test_continuous_columns(seed):
    """A binary choice of lines: x binary, y continuous; the true front is known as a fine grid."""
    rng = np.random.default_rng(seed)
    problem = pulp.LpProblem("lines", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(3)]
    y = problem.add_variable("y", 0, 1)
    problem += pulp.lpSum(x) == 1
    base = rng.integers(0, 5, (2, 3))
    first = pulp.lpSum(int(a) * v for a, v in zip(base[0], x, strict=True)) + 4 * y
    second = pulp.lpSum(int(a) * v for a, v in zip(base[1], x, strict=True)) - 3 * y
    front = exact_front(problem, [first, second], resolutions=[0.25, 0.25])
    grid = np.linspace(0, 1, 201)
    values = np.array([[a + 4 * t, b - 3 * t] for a, b in base.T for t in grid])
    assert front.certificate.complete
    assert covers(front.points, values, 0.25 + 1e-6)


def test_unbounded_objective_is_named():
    problem = pulp.LpProblem("open", pulp.LpMinimize)
    y, x = problem.add_variable("y", 0), problem.add_variable("x", 0, 1, cat=pulp.LpBinary)
    problem += x + y >= 1
    with pytest.raises(ValueError, match="'gain' is unbounded"):
        exact_front(problem, [x, y], senses=["min", "max"], keys=["effort", "gain"])


def test_unbounded_only_in_the_bad_direction_is_fine():
    problem = pulp.LpProblem("open", pulp.LpMinimize)
    y, x = problem.add_variable("y", 0), problem.add_variable("x", 0, 1, cat=pulp.LpBinary)
    problem += x + y >= 1
    front = exact_front(problem, [x, y], resolutions=[1, 0.1])
    assert front.certificate.complete
    np.testing.assert_allclose(front.points, [[0, 1], [1, 0]])


def test_the_problem_is_left_as_it_was():
    programme = feasible_ones(2, 1)[0]
    before = str(programme.problem)
    solve(programme)
    assert str(programme.problem) == before


def test_the_walk_is_for_two_objectives():
    with pytest.raises(ValueError, match="two objectives"):
        solve(feasible_ones(3, 1)[0], method="walk")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"senses": "down"}, "senses"),
        ({"resolutions": [1]}, "resolutions"),
        ({"keys": ["a", "a"]}, "keys"),
        ({"workers": 0}, "workers"),
        ({"solvers": ["abacus"]}, "abacus"),
        ({"method": "stroll"}, "stroll"),
    ],
)
def test_faults_of_the_arguments_are_named(options, message):
    programme = feasible_ones(2, 1)[0]
    with pytest.raises(ValueError, match=message):
        exact_front(programme.problem, programme.objectives, **{"senses": programme.senses, **options})
