"""The smallest change of an estimate that turns two packages round."""

from dataclasses import replace

from optimizer.answers import PlanFront
from optimizer.explain import what_would_change
from optimizer.explain.mind import _lead
from optimizer.front import Certificate
from optimizer.solving import fingerprint

from .small import options, plain_question


def test_the_lead_is_lost_just_there() -> None:
    q = plain_question()
    few = [replace(o, id=f"P{k}") for k, o in enumerate(_nondominated())]
    front = PlanFront(
        q.case, q.choices, fingerprint(q.case, q.catalog), q.axes(), tuple(few), Certificate({}, 0.0, "", 0, 0.0, {})
    )
    found = what_would_change(q, front, few[0], seconds=20)
    assert found
    sizes = [abs((e.numbers["factor"] or 1.0) - 1.0) for e in found]
    assert sizes == sorted(sizes)
    tools = {q.catalog.instruments[k].name.lower()[:12]: k for k in q.catalog.instruments}
    for e in found:
        assert e.package is not None
        key = next(k for name, k in tools.items() if e.about.lower().startswith(name))
        lead, factor = _lead(q, few[0].package, e.package, key), e.numbers["factor"]
        assert factor is not None and lead(1.0) > 0
        assert lead(factor) <= 0 < lead(1.0 + 0.98 * (factor - 1.0))


def _nondominated() -> list:  # type: ignore[type-arg]
    few = sorted(options(), key=lambda o: o.objectives["risk"])[:60]
    return [o for o in few if not any(_beats(p, o) for p in few)][:2]


def _beats(one, other) -> bool:  # type: ignore[no-untyped-def]
    a, b = list(one.objectives.values()), list(other.objectives.values())
    return all(x <= y for x, y in zip(a, b, strict=True)) and a != b
