"""Branching on a live relaxation against every package written down."""

import math

import pytest

from optimizer.explain.asks import Ask
from optimizer.explain.live import measured, never
from optimizer.explain.resolve import Resolver

from .small import options, plain_question

CLOSE = 2e-4  # risk: the tangents' error, and what the judge and the programme may differ by
COSTS = [o.objectives["cost"] for o in options()]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("tool", ["", "naming_shaming"])
def test_every_bound_holds_and_the_last_is_met(share: float, tool: str) -> None:
    q = plain_question()
    resolver = Resolver(q)
    cost = min(COSTS) + share * (max(COSTS) - min(COSTS))
    group = frozenset(i for i, c in enumerate(q.situation.columns) if c.tool.id == tool)
    ask = Ask("risk", {"cost": cost}, one_of=(group,) if tool else ())
    with_it = (o for o in options() if not tool or any(m.instrument == tool for m in o.measures))
    best = min((o.objectives["risk"] for o in with_it if o.objectives["cost"] <= cost + 1e-9), default=math.inf)
    resolver.relaxed(ask)
    with resolver.engine.tree(ask) as tree:
        for nodes in range(1, 4000):
            tree.grow(math.inf, measured(60), never, most=nodes)
            assert resolver.engine.to_user("risk", tree.bound) <= best + CLOSE
            if tree.x is not None or tree.bound == math.inf:
                break
        chosen = resolver.engine.chosen(tree.x)
    if best == math.inf:
        assert chosen is None and tree.bound == math.inf
    else:
        assert chosen is not None
        found = resolver.known.accepted(chosen)
        assert found is not None and found.values["risk"] == pytest.approx(best, abs=CLOSE)
    again = resolver.relaxed(ask)  # the tree leaves the other models as they were
    assert again <= best + CLOSE


def test_a_tree_ends_where_nothing_worth_having_is_open() -> None:
    resolver, ask = Resolver(plain_question()), Ask("risk", {"cost": max(COSTS)})
    least = resolver.relaxed(ask)
    with resolver.engine.tree(ask) as tree:
        tree.grow(resolver.engine.in_program("risk", least - 0.01), measured(60), never)
        assert tree.x is None and resolver.engine.to_user("risk", tree.bound) == pytest.approx(least, abs=1e-5)
