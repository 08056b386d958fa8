"""What must hold of an instrument beside the others."""

from collections.abc import Iterator, Mapping

from .catalog_records import Instrument
from .faults import Fault
from .tables import Entry
from .views import RowCheck, View, met, names_in

POINTS = ("new_elite", "early_war", "onset", "post_settlement")  # in the order in which a crisis passes them


def _itself(view: View, entry: Entry) -> Iterator[Fault]:
    tool = entry.record
    for field in ("needs_backing_by", "requires", "excludes"):
        if tool.id in names_in(getattr(tool, field)):
            yield entry.row.error(field, "the tool names itself", "Leave it out", tool.id)


def _exclusions(view: View, entry: Entry) -> Iterator[Fault]:
    tool = entry.record
    for other in tool.excludes:
        if other in view.tools and tool.id not in view.tools[other].excludes:
            reason = f"{tool.id} excludes {other}, but {other} does not exclude {tool.id}"
            yield entry.row.error("excludes", reason, f"Name {tool.id} in the row of {other} too", other)
    for group in tool.requires:
        if group and set(group) <= set(tool.excludes):
            reason, remedy = "the tool requires what it excludes", "Leave it out of one of the two"
            yield entry.row.error("requires", reason, remedy, "|".join(group))


def _circles(view: View, entry: Entry) -> Iterator[Fault]:
    if entry.record.id not in view.startable:
        chain = " -> ".join(_chain(view, entry.record.id))
        reason = f"the requirements go in a circle: {chain}"
        yield entry.row.error("requires", reason, "Leave one of them out, or add an alternative")


def _chain(view: View, start: str) -> list[str]:
    """From a tool along requirements that cannot be met, until one of them comes round again."""
    chain = [start]
    while chain.count(chain[-1]) == 1:
        groups = view.tools[chain[-1]].requires
        chain.append(next(group[0] for group in groups if not met(group, view.startable, view.tools)))
    return chain


def _points(view: View, entry: Entry) -> Iterator[Fault]:
    tool = entry.record
    for group in tool.requires:
        others = [view.tools[one] for one in group if one in view.tools]
        unmet = [point for point in tool.intervention_points if not any(_begun_by(other, point) for other in others)]
        if others and unmet:
            reason = f"at {', '.join(unmet)} none of the required tools can have been started"
            remedy = f"Add an alternative, or take {', '.join(unmet)} from intervention_points"
            yield entry.row.error("requires", reason, remedy, "|".join(group))


def _begun_by(tool: Instrument, point: str) -> bool:
    """Whether a tool can be started at a point or before: what began earlier may still be running."""
    return bool(set(POINTS[: POINTS.index(point) + 1]) & set(tool.intervention_points))


def _backing(view: View, entry: Entry) -> Iterator[Fault]:
    """A threat or guarantee that nothing, or nobody, could make good."""
    tool = entry.record
    backers = [view.tools[name] for name in tool.needs_backing_by if name in view.tools]
    for reason, remedy in _why_unbacked(view, tool, backers):
        yield entry.row.error("needs_backing_by", reason, remedy)


def _why_unbacked(view: View, tool: Instrument, backers: list[Instrument]) -> Iterator[tuple[str, str]]:
    if tool.mode == "threat" and not tool.needs_backing_by:
        yield "nothing can back the threat", "Name the tools that carry it out"
    if not backers:
        return  # a promise that its own delivery backs, or unknown names, which are a fault of their own
    if tool.mode == "threat" and not any("onset" in backer.intervention_points for backer in backers):
        yield "none of the backing tools can be used at onset, where the threat is defied", "Name one that can"
    if not any(view.leaders(backer.id) for backer in backers):
        reason = f"nobody can carry it out: no partner has a fit of {view.least_fit:g} or more for a backing tool"
        yield reason, "Add such a partner to partner_fit.csv"
    elif _by_the_same(view, tool.id) and not _takes_part(view, tool.id, backers):
        reason = "its row in synergies.csv asks that who says it takes part in the deed, and no partner can do both"
        yield reason, "Add such a partner to partner_fit.csv"


def _by_the_same(view: View, tool: str) -> bool:
    rows = [row for row in view.synergies if row.relation == "conditional_without"]
    return any(row.instruments[0] == (tool,) and "same_partner" in row.gate for row in rows)


def _takes_part(view: View, tool: str, backers: list[Instrument]) -> bool:
    able: set[str] = set()
    for backer in backers:
        able |= view.fits.get(backer.id, {}).keys()
    return bool(view.leaders(tool) & able)


def _leadable(view: View, entry: Entry) -> Iterator[Fault]:
    if not view.leaders(entry.record.id):
        reason = f"nobody can lead it: no partner has a fit of {view.least_fit:g} or more"
        yield entry.row.warning("id", reason, "Add rows to partner_fit.csv")


def _costs(view: View, entry: Entry) -> Iterator[Fault]:
    tool = entry.record
    running = tool.cost_monthly_musd * tool.typical_duration_months
    if running > tool.cost_musd.mid + 1e-9:
        reason = f"over {tool.typical_duration_months:g} months it comes to {running:g}, more than the whole cost"
        yield entry.row.error("cost_monthly_musd", reason, "Lower it, or raise cost_mid_musd")


def _gates(view: View, entry: Entry) -> Iterator[Fault]:
    tool = entry.record
    if tool.needs_authorization in tool.authorization_alternatives:
        reason = "the usual gate stands among its own alternatives"
        yield entry.row.warning("authorization_alternatives", reason, "Leave it out")


def _intruding(view: View, entry: Entry) -> Iterator[Fault]:
    if entry.record.id not in view.with_intrusion:
        reason = "intrusion.csv has no row for it, so the range of its family is used"
        yield entry.row.warning("id", reason, "Add a row to intrusion.csv")


CHECKS: Mapping[str, tuple[RowCheck, ...]] = {
    "instruments": (_itself, _exclusions, _circles, _points, _backing, _leadable, _costs, _gates, _intruding)
}
