"""Which package of a front a text asks for."""

from dataclasses import replace

import pytest

from optimizer.inputs import InputError
from optimizer.playbook import pick

from .helpers import QUICK, plan


@pytest.fixture(scope="module")
def front():
    """Four packages with risk and cost set by hand: (0.1, 40), (0.12, 20), (0.16, 5), (0.2, 0)."""
    _, made, option = plan(QUICK)
    points = [(0.1, 40.0), (0.12, 20.0), (0.16, 5.0), (0.2, 0.0)]
    packages = [
        replace(
            option,
            id=f"P{k}",
            objectives={"risk": r, "cost": c},
            evaluation=replace(option.evaluation, values={"risk": r, "cost": c, "days": 10.0 * k, "coercion": 0.0}),
        )
        for k, (r, c) in enumerate(points, 1)
    ]
    return replace(made, packages=tuple(packages))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("safest", "P1"),
        ("cheapest", "P4"),
        ("knee", "P3"),  # on scales from 0 to 1: sums 1, 0.7, 0.725, 1 -> see below
        ("P2", "P2"),
        ("p2", "P2"),
        ("risk<=0.12", "P2"),
        ("risk <= 12 %", "P2"),
        ("risk<0.13", "P2"),
        ("cost<=20", "P2"),
        ("cost<=19.9", "P3"),
        ("risk<=0.17, cost<=30", "P3"),
        ("days>=30, risk<=0.17", "P3"),
        ("Knee", "P2"),
        (" SAFEST ", "P1"),
        ("Risk<=.12", "P2"),
        ("cost<20", "P3"),  # less than, not as much as
        ("cost>20", "P1"),
    ],
)
def test_pick(front, text, wanted):
    if text == "knee":
        wanted = min(front, key=lambda p: (p.objectives["risk"] - 0.1) / 0.1 + p.objectives["cost"] / 40).id
        assert wanted == "P2"
    assert pick(front, text).id == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("risk<=0.05", "no package of the front keeps it"),
        ("wisdom<=3", "'wisdom' is no objective"),
        ("risk<=1.2.3", "'risk<=1.2.3' is no limit"),
        ("risk<=", "is no limit"),
        ("risk<=0,1", "a point parts decimals"),
        ("risk=0.1", "is no limit"),
        ("risk<=10", "risk<=0.1, or risk<=10%"),
        ("cost<=10%", "cost has no percentages"),
        ("shortfall<=1", "was not asked for 'shortfall'"),
        ("best", "it picks no package"),
        ("", "it picks no package"),
        ("P9", "It has P1, P2, P3, P4"),
    ],
)
def test_what_cannot_be_picked_says_the_way_out(front, text, said):
    with pytest.raises(InputError) as error:
        pick(front, text)
    assert "pick" in str(error.value) and said in str(error.value) and len(str(error.value).splitlines()) == 2


def test_a_limit_out_of_reach_names_what_is_reached(front):
    with pytest.raises(InputError, match=r"risk 0\.1"):
        pick(front, "risk<=0.05")


def test_an_empty_front_picks_nothing(front):
    with pytest.raises(InputError, match="holds no package"):
        pick(replace(front, packages=()), "knee")
