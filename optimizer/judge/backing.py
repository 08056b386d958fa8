"""Whether a threat or a promise is backed by a deed (R01; docs/method.md, section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .measures import Timed, agrees
from .scene import MONTH_DAYS, NEAR, Scene, larger

SELF_BACKED = frozenset({"threat_of_military_force", "security_guarantees"})  # R01: the partner itself takes part


def needs_backing(item: Timed) -> bool:
    """Whether it is a threat, promise or guarantee that some deed has to back."""
    return bool(item.tool.needs_backing_by)


def execution_days(scene: Scene) -> float:
    """Days within which the deed must be in force once the threat is defied or the promise accepted."""
    return max(scene.number("R01.g") * MONTH_DAYS, scene.case.constraints.time_to_first_effect_limit_days)


def where_judged(scene: Scene, item: Timed) -> str:
    """The node where a threat is defied, or a promise accepted; its own node if begun in a branch or without them."""
    tested = "escalates" if item.tool.mode == "threat" else "settles"
    return tested if item.node.name == "now" and tested in scene.node_index else item.node.name


def is_backed(scene: Scene, item: Timed, others: Sequence[Timed]) -> Any:
    """Where a deed of one of the backing tools is in force in time, by the partner itself where that is asked."""
    if item.measure.backed is not None:  # a real action: coded by those who studied it
        return item.measure.backed
    found = False
    for deed in others:
        found = found | _backs(scene, deed, item)
    return found


def _backs(scene: Scene, deed: Timed, item: Timed) -> Any:
    if deed.tool.id not in item.tool.needs_backing_by:
        return False
    own = True
    if item.tool.id in SELF_BACKED and item.lead.id != deed.lead.id:
        own = item.lead.id in deed.partners and agrees(scene, item.lead.id, deed.tool) > 0
    tested = where_judged(scene, item)
    return own & _in_time(scene, deed, item, tested) if deed.on(("now", tested)) else False


def _in_time(scene: Scene, deed: Timed, item: Timed, tested: str) -> Any:
    """In force no later than the limit after the branch day (or after the threat itself), and not over by then."""
    node = scene.nodes[scene.node_index[tested]]
    since = item.in_force if tested == item.node.name else node.start
    in_time = deed.in_force <= since + execution_days(scene) + NEAR
    return in_time & (deed.end > larger(since, deed.in_force) + NEAR)
