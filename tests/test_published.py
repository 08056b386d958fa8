"""The published form: its schema is the one in docs, and what solve writes fits it."""

from __future__ import annotations

import json
from pathlib import Path

from optimizer import load_case, solve
from optimizer.published import PublishedFront, schema

from .model.helpers import only

DOCS = Path(__file__).parent.parent / "docs"


def small():
    choices = only("macedonia_2001", ["high_level_mediation", "increased_aid", "diplomatic_pressure"], ["eu", "osce"])
    return solve(load_case("macedonia_2001"), choices=choices, time_limit=30)


def test_the_schema_in_docs_is_the_one_of_the_types():
    assert json.loads((DOCS / "front.schema.json").read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


def test_a_front_round_trips_through_its_published_form():
    front = small()
    data = json.loads(json.dumps(front.to_json(), allow_nan=False))
    again = PublishedFront.model_validate(data)
    assert [p.id for p in again.packages] == [p.id for p in front]
    assert set(data["certificate"]) >= {"complete", "gap", "method", "solves", "seconds", "stopped_by"}
    assert data["objectives"][0]["key"] == "risk"


def test_a_front_says_what_it_is():
    front = small()
    assert "complete" in repr(front) and "risk" in repr(front)
    assert list(front.to_frame().columns) == ["id", "risk", "cost", "measures"]
    assert len(front.to_frame()) == len(front) > 1
