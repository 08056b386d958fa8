"""Frames against the judge: money adds up, steps of the certified region hold, threats find their deeds."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from optimizer import Choices, Package, load_case, load_catalog
from optimizer.answers import Axis
from optimizer.judge import evaluate
from optimizer.judge.check import violations
from optimizer.pages import frames, words
from optimizer.pages.live import Picture, Spot, nondominated
from optimizer.pages.opening import sketches
from optimizer.pages.tables import TABLES, found
from optimizer.pages.words import Names
from optimizer.questions import ask
from optimizer.solving import option


@pytest.fixture(scope="module")
def question():
    return ask(load_case("macedonia_2001"), Choices())


@pytest.fixture(scope="module")
def sketched(question):
    return list(sketches(question, lambda: False))


def test_sketches_are_allowed_and_grow(question, sketched):
    assert len(sketched) >= 5
    costs = [option(question, question.situation.indices(p)).objectives["cost"] for p in sketched]
    assert costs == sorted(costs)
    for package in sketched:
        assert not violations(question.case, package, question.choices, question.catalog)


def test_money_ends_at_the_judges_cost(question, sketched):
    judged = option(question, question.situation.indices(sketched[-1]))
    frame = frames.money_frame(judged, question)
    for path, end in frame.groupby("path")["spent"].last().items():
        branch = next(n.name for n in question.situation.tree.ends if frames.node_name(n.name) == path)
        cost = sum(j.cost_musd for j in judged.evaluation.measures if j.measure.node in ("now", branch))
        assert end == pytest.approx(cost)
    assert (frame.groupby("path")["spent"].diff().dropna() >= -1e-9).all()


def test_load_never_passes_capacity(question, sketched):
    judged = option(question, question.situation.indices(sketched[-1]))
    frame = frames.load_frame(judged, question, Names(question.case, question.catalog))
    assert len(frame) and (frame["load"] <= frame["capacity"] + 1e-9).all()


def test_hazard_adds_up_to_the_risk(question, sketched):
    judged = option(question, question.situation.indices(sketched[-1]))
    frame = frames.hazard_frame(judged, question.case)
    chance = {frames.node_name(n.name): n.probability for n in question.situation.tree.nodes}
    months = (frame["to"] - frame["from"]) / 30.4
    inner = (frame["value"] / 100 * months * frame["branch"].map(chance)).groupby(frame["series"]).sum()
    assert -math.expm1(-inner["with this package"]) == pytest.approx(judged.evaluation.risk)
    assert -math.expm1(-inner["if nothing is done"]) == pytest.approx(judged.evaluation.baseline)


def test_a_threat_without_a_deed_is_shown_as_such():
    case, catalog = load_case("macedonia_2001"), load_catalog()
    asked = ask(case, Choices(rules=(("R01", "preferred"),)), catalog)
    bare = next(c for c in asked.situation.columns if c.tool.id == "threat_of_sanctions" and c.node == "now")
    judged = option(asked, asked.situation.indices(Package((bare.measure,))))
    frame = frames.threats_frame(judged, asked.situation, Names(case, catalog))
    assert list(frame["backed"]) == [False]
    deeds = [c for c in asked.situation.columns if c.tool.id in bare.tool.needs_backing_by and c.node == "escalates"]
    deed = min(deeds, key=lambda c: c.in_force)
    judged = option(asked, asked.situation.indices(Package((bare.measure, deed.measure))))
    frame = frames.threats_frame(judged, asked.situation, Names(case, catalog))
    assert list(frame["backed"]) == [True]


def picture(*points, gap=(1.0, 1.0)):
    axes = (Axis("cost", "Cost", "M USD", "less", 2.0), Axis("days", "Days", "days", "less", 3.0))
    spots = tuple(Spot(str(k), p, Package()) for k, p in enumerate(points))
    return Picture("done", axes, spots, dict(zip(("cost", "days"), gap, strict=True)))


def test_the_proved_region_lies_one_gap_below_the_front():
    frame = frames.regions_frame(picture((10.0, 50.0), (20.0, 30.0)), (0.0, 30.0), (0.0, 60.0)).set_index("x")
    assert frame.loc[8.0, "proved"] == 47.0 and frame.loc[10.0, "open"] == 50.0
    assert frame.loc[18.0, "proved"] == 27.0 and frame.loc[20.0, "open"] == 30.0
    assert frame.loc[0.0, "proved"] == 60.0  # left of all points nothing can lie


def test_no_region_is_claimed_without_a_bound():
    assert frames.regions_frame(picture((1.0, 2.0), gap=(math.inf, 1.0)), (0, 3), (0, 3)).empty


def test_beaten_packages_leave_the_front():
    spots = [Spot("a", (1.0, 2.0), Package()), Spot("b", (1.0, 3.0), Package()), Spot("c", (0.0, 9.0), Package())]
    assert [s.key for s in nondominated(spots)] == ["a", "c"]


def test_every_table_of_the_evidence_can_be_searched():
    catalog = load_catalog()
    for make in TABLES.values():
        frame = make(catalog)
        assert len(frame) and found(frame, "no such words [(").empty
    assert set(found(TABLES["Instruments"](catalog), "arms embargo")["id"]) >= {"arms_embargo"}


def test_names_spell_no_identifiers():
    case, catalog = load_case("macedonia_2001"), load_catalog()
    names = Names(case, catalog)
    assert not [p.partner for p in case.partners if "_" in names.partner(p.partner)]


def test_a_table_that_reads_formats_shows_words_as_they_stand():
    shown = frames.as_text(pd.DataFrame({"a*b": ["-", "![x](y)", 3]}, index=["p_q", "r", "s"]))
    assert list(shown) == [r"a\*b"] and list(shown.index) == [r"p\_q", "r", "s"]
    assert shown[r"a\*b"].tolist() == [r"\-", r"\!\[x\]\(y\)", 3]


def test_every_ceiling_has_words():
    assert list(words.CEILINGS) == list(evaluate.CEILINGS)
