"""The sidebar: everything that a planner tunes, at hand beside the front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ..inputs.records import CasePartner, RuleText
from ..model.objectives import OBJECTIVES
from ..model.settings import default_state
from ..model.tree import branch_day
from . import state
from .changes import changes_in_words
from .state import bound, change, put
from .words import SHORT, literal, money, percent, plain

AS_IT_IS = "as the case has it"
BODIES = {
    "unsc": "UN Security Council",
    "regional": "Regional organisation",
    "national_legislature": "Own legislature",
}
STATES = ["required", "preferred", "off"]


def sidebar() -> None:
    """All groups of constraints, with what was changed on top."""
    st.subheader("Constraints", anchor=False)
    st.caption(literal(state.case().title))
    _changed()
    for title, draw in (
        ("Objectives and search", _objectives), ("Money", _money), ("Time", _time), ("Partners", _partners),
        ("Authorization", _authorization), ("Instruments", _instruments), ("Rules", _rules),
    ):  # fmt: skip
        with st.expander(title, key=f"group {title}"):
            draw()


def _changed() -> None:
    said = changes_in_words(state.case(), state.catalog(), state.choices())
    if not said:
        st.caption("Nothing changed: the case as it is coded.")
        return
    st.caption(literal(f"{len(said)} of your own: {'; '.join(said[:6])}{'; ...' if len(said) > 6 else ''}."))
    if st.button("Undo all changes", key="undo"):
        state.undo()
        st.rerun()


def _optional(label: str, field: str, standard: float, caption: str, step: float = 10.0, least: float = 0.0) -> None:
    """A number that may be left to the case: a switch, and the number once it is on."""
    value = getattr(state.choices(), field)
    on = value is not None
    bound(st.toggle, label, f"on {field}", on, lambda yes: change(**{field: _like(field, standard) if yes else None}))
    st.caption(caption)
    if on:
        kind: Any = int if field == "max_measures" else float
        bound(
            st.number_input, label, f"number {field}", kind(value), lambda v: change(**{field: v}),
            min_value=kind(least), step=kind(step), label_visibility="collapsed",
        )  # fmt: skip


def _like(field: str, value: float) -> float:
    return int(value) if field == "max_measures" else float(value)


def _money() -> None:
    own = state.case().constraints.budget_musd_2020
    budget = state.choices().budget_musd
    bound(
        st.number_input, "Envelope, now and reserve (M USD of 2020)", "budget", float(own if budget is None else budget),
        lambda v: change(budget_musd=None if v is None or v == own else v), min_value=0.0, step=25.0, format="%.0f",
    )  # fmt: skip
    st.caption(f"What all of it may cost on the dearest branch; the case has {money(own)} (first seed, guideline 8).")
    _optional(
        "Keep a reserve for the branches", "reserve_musd", round(0.3 * own),
        "Part of the envelope kept for what follows the branch day (second seed, Rec. 4-3).", 25.0,
    )  # fmt: skip


def _time() -> None:
    case = state.case()
    limit = case.constraints.time_to_first_effect_limit_days
    _optional(
        "First effect by a day", "first_effect_days", limit,
        "Some measure is in force by then (first seed: early response).", 5.0, 1.0,
    )  # fmt: skip
    _optional(
        "All in force by a day", "deadline_days", 180.0,
        "Every measure; in a branch, so long after the branch day.", 10.0, 1.0,
    )  # fmt: skip
    _optional(
        "Most measures at once", "max_measures", state.catalog().value("max_active_instruments"),
        "A package that many hands can steer (second seed, Rec. 4-2).", 1.0, 1.0,
    )  # fmt: skip
    day = branch_day(case, state.choices(), state.catalog())
    _optional(
        "Another branch day", "branch_day", day,
        f"Day on which the crisis is reviewed and branches (now {day:.0f}; second seed, Rec. 4-1).", 10.0, 1.0,
    )  # fmt: skip


def _objectives() -> None:
    bound(
        st.multiselect, "Objectives, two to five", "objectives", list(state.choices().objectives),
        lambda v: change(objectives=tuple(v)), options=list(OBJECTIVES), format_func=lambda k: SHORT[k], max_selections=5,
    )  # fmt: skip
    st.caption("What is traded off; each is better when less.")
    if "worst_k" in state.choices().objectives:
        bound(
            st.number_input, "Measures that fail", "failing", state.choices().failing,
            lambda v: change(failing=int(v)), min_value=1, max_value=3,
        )  # fmt: skip

    def keep(value: float | None) -> None:
        st.session_state["seconds"] = float(value or state.SECONDS)

    bound(st.number_input, "Seconds to search", "seconds to search", int(state.seconds()), keep, min_value=2,
          max_value=3600, step=10)  # fmt: skip
    st.caption("The exact engine; what it has by then stays, with its gap.")
    if st.button("Search again", key="again"):
        state.start(again=True)


def _partners() -> None:
    partners, names = state.case().partners, state.names()
    known = [p.partner for p in partners]
    inside = [k for k in known if k not in state.choices().partners_out]
    bound(
        st.multiselect, "Partners that take part", "partners in", inside,
        lambda v: change(partners_out=tuple(k for k in known if k not in v)), options=known, format_func=names.partner,
    )  # fmt: skip
    st.caption("Each does what it is best placed to do (first seed, guideline 6).")
    chosen = st.selectbox("Adjust one partner", known, format_func=names.partner, key="partner to adjust")
    _partner(next(p for p in partners if p.partner == chosen))


def _partner(entry: CasePartner) -> None:
    choices, key = state.choices(), entry.partner
    generic = state.catalog().partners[entry.generic_partner]
    leads = max(1, int(generic.max_concurrent_instruments * entry.capacity + 0.5))
    for field, label, own, step, top in (
        ("partner_from", "Available from month", float(entry.available_from_month), 1.0, 120.0),
        ("will", "Will, 0 to 1", float(entry.political_will), 0.05, 1.0),
        ("capacity", "Measures it can lead at once", leads, 1, 50),
        ("funder_musd", "Most that it pays (M USD)", None, 25.0, 1e6),
    ):
        value = choices.of(field, key)
        bound(
            st.number_input, label, f"{field} {key}", own if value is None else _as(step, value),
            _pair(field, key, own),
            min_value=None if field == "partner_from" else type(step)(0), max_value=type(step)(top), step=step,
            placeholder="no limit",
        )  # fmt: skip
    st.caption(
        "When it can begin, how much it wants to, what it can carry and pay (second seed, Rec. 4-2: lead, partners)."
    )
    bound(
        st.checkbox, "Planned with in advance (R55)", f"planned {key}", key in choices.planned_with,
        lambda yes: change(planned_with=_with(choices.planned_with, key, yes)),
    )  # fmt: skip


def _as(like: Any, value: Any) -> Any:
    """A value in the type of the step: Streamlit wants all of one kind."""
    return type(like)(value)


def _pair(field: str, key: str, own: Any) -> Callable[[Any], None]:
    """Saves one pair of a field; the case's own value takes it out again."""
    return lambda value: put(field, key, None if value is None or value == own else value)


def _many(field: str) -> Callable[[Any], None]:
    return lambda values: change(**{field: tuple(values)})


def _verdict(body: str) -> Callable[[Any], None]:
    return lambda word: put("authorization", body, None if word in (None, AS_IT_IS) else word == "yes")


def _with(names: tuple[str, ...], key: str, yes: bool) -> tuple[str, ...]:
    rest = tuple(n for n in names if n != key)
    return (*rest, key) if yes else rest


def _authorization() -> None:
    prospects = state.case().legitimacy
    own = {"unsc": prospects.unsc_authorization_prospect, "regional": prospects.regional_authorization_prospect}
    st.caption("Whether the body says yes; a measure that needs it counts by its prospect (rule R05).")
    for body, name in BODIES.items():
        given = state.choices().of("authorization", body)
        value = AS_IT_IS if given is None else "yes" if given else "no"
        chance = f" (prospect {percent(own[body])})" if body in own else ""
        bound(
            st.segmented_control, f"{name}{chance}", f"body {body}", value,
            _verdict(body),
            options=[AS_IT_IS, "yes", "no"],
        )  # fmt: skip


def _instruments() -> None:
    tools, choices = state.catalog().instruments, state.choices()
    ready = [k for k, t in tools.items() if t.planner_default == "on"]
    review = [k for k, t in tools.items() if t.planner_default != "on"]
    for label, field, options, text in (
        ("Must be begun now", "force_in", list(tools), "Each is part of every package (second seed, Rec. 4-2)."),
        ("Left out", "force_out", list(tools), "None of these is used (second seed, Rec. 4-2)."),
        ("Switched on after legal review", "review_allowed", review,
         "Off until a named, accountable user has had them reviewed."),
    ):  # fmt: skip
        given = [k for k in getattr(choices, field) if k in tools]
        bound(
            st.multiselect, label, f"instruments {field}", given, _many(field),
            options=options, format_func=lambda k: tools[k].name,
        )  # fmt: skip
        st.caption(text)
    st.caption(f"{len(ready)} instruments are on, {len(review)} wait for review; see the page Evidence.")


def _rules() -> None:
    rules = state.catalog().rules
    key = st.selectbox("Rule", list(rules), format_func=lambda k: f"{k} {rules[k].title}", key="rule to adjust")
    _rule(rules[key])


def _rule(rule: RuleText) -> None:
    choices = state.choices()
    own = default_state(rule.kind, rule.default_on)
    st.caption(literal(f"{rule.statement} ({rule.seed_locator})"))
    bound(
        st.segmented_control, f"State (default: {own})", f"state {rule.id}", choices.of("rules", rule.id) or own,
        lambda v: put("rules", rule.id, None if v in (None, own) else v), options=STATES,
    )  # fmt: skip
    parameters = {k: p for k, p in state.catalog().parameters.items() if k.startswith(f"{rule.id}.")}
    for name, p in parameters.items():
        value = choices.of("parameters", name)
        bound(
            st.number_input, f"{plain(name.split('.', 1)[1])} ({p.unit})", f"parameter {name}",
            float(p.mid if value is None else value),  # type: ignore[arg-type]
            _pair("parameters", name, p.mid),
            min_value=0.0, help=literal(p.definition), format="%g",
        )  # fmt: skip
