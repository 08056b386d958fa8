"""What must hold of fits, leverage, synergies, branches and parameters beside the other rows."""

from collections.abc import Iterator, Mapping

from .case_records import Legitimacy, LeverageFactors
from .faults import Fault, did_you_mean
from .tables import Entry
from .views import RowCheck, View

_CASE_SHARES = [f"leverage.{name}" for name in LeverageFactors.model_fields if name not in ("note", "confidence")] + [
    f"legitimacy.{name}" for name in Legitimacy.model_fields if name.endswith("_prospect")
]


def _family(view: View, entry: Entry) -> Iterator[Fault]:
    tool = view.tools.get(entry.record.instrument)
    if tool and tool.family != entry.record.family:
        yield entry.row.error("family", f"instruments.csv puts {tool.id} into {tool.family}", f"Write {tool.family}")


def _case_field(view: View, entry: Entry) -> Iterator[Fault]:
    field = entry.record.case_field
    if field not in _CASE_SHARES:
        yield entry.row.error("case_field", "no case has this field", did_you_mean(field, _CASE_SHARES))


def _sign(view: View, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    if (row.sign == "+") != (row.relation == "reinforces"):
        yield entry.row.error("sign", f"a row that {row.relation} has another sign", "Correct one of the two")
    if (row.strength.low < 0) if row.sign == "+" else (row.strength.high > 0):
        value = f"{row.strength.low:g}; {row.strength.mid:g}; {row.strength.high:g}"
        columns = "strength_low strength_mid strength_high"
        yield entry.row.error(
            columns, f"the range does not agree with the sign {row.sign}", "Correct one of the two", value
        )


def _absent(view: View, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    if (row.relation == "conditional_without") != bool(row.absent_instruments):
        reason = "tools that must be absent are named by conditional_without, and only by it"
        yield entry.row.error("absent_instruments", reason, "Correct one of the two")
    alone = row.relation == "conditional_without" and len(row.instruments) == 1
    tool = view.tools.get(row.instruments[0][0]) if alone else None
    if tool and tool.needs_backing_by and set(tool.needs_backing_by) != set(row.absent_instruments):
        reason = f"the list differs from needs_backing_by of {tool.id}"
        yield entry.row.error("absent_instruments", reason, "Give both the same tools")


def _chances(view: View, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    rest = 1 - row.p_escalates.mid - row.p_settles.mid
    if abs(rest - row.p_drags_on_mid) > 1e-6:
        yield entry.row.error("p_drags_on_mid", "the chances do not sum to 1", f"Give it the rest, {rest:g}")
    if row.p_escalates.high + row.p_settles.high > 1 + 1e-9:
        reason = "the highs of the two chances sum to more than 1"
        yield entry.row.error("p_escalates_high p_settles_high", reason, "Lower one of them")


def _multipliers(view: View, entry: Entry) -> Iterator[Fault]:
    row = entry.record
    chances = (row.p_escalates.mid, row.p_settles.mid, row.p_drags_on_mid)
    multipliers = (row.mult_escalates.mid, row.mult_settles.mid, row.mult_drags_on.mid)
    mean = sum(p * m for p, m in zip(chances, multipliers, strict=True))
    if abs(mean - 1) > 1e-3:
        reason = f"weighted by their chances the multipliers average {mean:g}, which would shift the baseline"
        yield entry.row.error("mult_drags_on_mid", reason, f"Divide the three multipliers by {mean:g}")


def _in_order(view: View, entry: Entry) -> Iterator[Fault]:
    known = [number for number in (entry.record.low, entry.record.mid, entry.record.high) if number is not None]
    if known != sorted(known):
        value = "; ".join(f"{number:g}" for number in known)
        yield entry.row.error("low mid high", "low, mid and high are not in rising order", "Correct the range", value)


CHECKS: Mapping[str, tuple[RowCheck, ...]] = {
    "partner_fit": (_family,),
    "leverage": (_family, _case_field),
    "synergies": (_sign, _absent),
    "branch_defaults": (_chances, _multipliers),
    "risk_model": (_in_order,),
    "planning": (_in_order,),
}
