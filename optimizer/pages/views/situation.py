"""The situation: what is known of the case, both baselines, the branches, and the case as a text to edit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ...choices import Branch
from ...inputs import case_names
from ...inputs.records import Case
from ...model.tree import branch_day, branches
from .. import editor, nav, state
from ..charts import situation as charts
from ..frames import scores_frame, tempo_frame
from ..state import bound, change
from ..words import MODEL_ONLY, literal, node_name, percent, plain, sentence

WORDS = {
    "early_war": "early war",
    "new_elite": "new elite",
    "onset": "onset of killing",
    "post_settlement": "after a settlement",
}


def draw() -> None:
    case = state.case()
    state.prepare()
    _choose()
    st.title(literal(case.title or case.id), anchor=False)
    _head(case)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _when(case)
        _scores(case)
    with right:
        _baseline(case)
        _branches(case)
        _parties(case)
    editor.draw()


def _choose() -> None:
    shipped, chosen = (
        list(case_names()),
        state.case().id if str(st.session_state["case"]).startswith(state.OWN) else None,
    )
    options = [*shipped, *([st.session_state["case"]] if chosen else [])]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        bound(st.selectbox, "Case", "case to take", st.session_state["case"], state.take_case, options=options,
              format_func=_label)  # fmt: skip
    with right:
        if st.button("Find packages", type=nav.first_choice(), key="find", width="stretch"):
            state.ensure_search()
            nav.go("front")


def _label(name: str) -> str:
    if name.startswith(state.OWN):
        return f"{state.case().title or state.case().id} (your own)"
    case = state.named(name)
    return f"{case.title or name} · {'historical' if case.kind == 'historical' else 'forward-looking'}"


def _head(case: Case) -> None:
    pace = {"volcanic": "volcanic (weeks)", "rolling": "rolling (months)", "slow": "slow (years)"}
    facts = {
        "Starts": str(case.start_date), "Planned for": f"{case.horizon_months} months",
        "Pace": pace.get(case.tempo.tempo_class, case.tempo.tempo_class),
        "Point": WORDS.get(case.intervention_point, plain(case.intervention_point)),
        "People at risk": f"{case.at_risk_population_thousands / 1000:,.1f} million",
    }  # fmt: skip
    for column, (name, value) in zip(st.columns([3, 3, 4, 4, 3]), facts.items(), strict=True):
        column.caption(name)
        column.text(value)
    if case.trigger_event:
        st.text(f"Trigger: {case.trigger_event}")


def _when(case: Case) -> None:
    st.subheader("When the harm is expected if nothing is done", anchor=False)
    day = branch_day(case, state.choices(), state.catalog()) if state.choices().branches != () else None
    chart = charts.tempo(tempo_frame(case), None if day is None else day / 30.4)
    st.altair_chart(chart, width="stretch", alt="Bars: share of the expected harm in each month of the plan; a dashed "
                    "line marks the day on which the branches begin.")  # fmt: skip
    note = "" if day is None else f" Dashed: day {day:.0f}, when the crisis is reviewed and branches."
    confidence = case.tempo.confidence or "not stated"
    st.caption(literal(f"{case.tempo.hazard_basis} Confidence: {confidence}.{note}"))


def _scores(case: Case) -> None:
    for title, record, words in (
        ("Leverage of outsiders", case.leverage, "0 none, 1 strong"),
        ("Preconditions", case.preconditions, "0 absent, 1 clearly present"),
    ):
        with st.container():
            st.subheader(title, anchor=False)
            fields = type(record).model_fields
            frame = scores_frame(record, {k: f.description or "" for k, f in fields.items()})
            st.altair_chart(charts.scores(frame, words), width="stretch", alt=f"Bars from 0 to 1: {title.lower()}.")
            st.caption(literal(f"Confidence: {record.confidence or 'not stated'}."))
            with st.popover("Notes and figures", key=f"notes {title}"):
                st.dataframe(frame, hide_index=True, alt=f"{title} with notes")


def _baseline(case: Case) -> None:
    st.subheader("Risk if nothing is done", anchor=False)
    risk, choices = case.baseline_risk, state.choices()
    rows = [
        {"view": "Inside view", "value": 100 * risk.p_one_year, "low": 100 * risk.low, "high": 100 * risk.high},
        {"view": "Outside view", "value": 100 * risk.outside_view_p, "low": None, "high": None},
    ]
    own = not isinstance(choices.baseline, str)
    if own:
        rows.append({"view": "Your own", "value": 100 * float(choices.baseline), "low": None, "high": None})
    st.altair_chart(charts.baselines(pd.DataFrame(rows)), width="stretch", alt="Baseline risk: inside view "
                    f"{percent(risk.p_one_year)} with its range, outside view {percent(risk.outside_view_p)}.")  # fmt: skip
    st.caption(
        f"Inside view: this crisis, judged ({percent(risk.low)} to {percent(risk.high)}; confidence "
        f"{literal(risk.confidence or 'not stated')}). Outside view: five-factor model of all countries; no range is known."
    )
    view = "own" if own else choices.baseline
    bound(
        st.segmented_control, "Plan with the view", "baseline", view,
        lambda v: change(baseline=risk.p_one_year if v == "own" else v or "inside"), options=["inside", "outside", "own"],
        required=True,
    )  # fmt: skip
    if own:
        bound(st.number_input, "Probability within a year (%)", "own baseline", 100 * float(choices.baseline),
              lambda v: change(baseline=v / 100), min_value=0.1, max_value=99.0, step=1.0)  # fmt: skip


def _branches(case: Case) -> None:
    st.subheader("What may follow", anchor=False)
    present = branches(case, state.choices(), state.catalog())
    on = bool(present)
    bound(st.toggle, "Plan for branches", "branches on", on, lambda yes: change(branches=None if yes else ()))
    if not on:
        st.caption("One course of events, from start to end.")
        return
    frame = pd.DataFrame(
        [{"branch": node_name(b.name), "chance": f"{100 * b.probability:.0f} %", "hazard": f"{b.multiplier:.2f} x"}
         for b in present]
    )  # fmt: skip
    st.table(frame, hide_index=True, border="horizontal", alt="Branches with their chance and hazard")
    with st.popover("Other chances", key="chances"):
        _chances(present)
    st.caption(
        "Chances by intervention point and tempo, judged; hazards so scaled that doing nothing gives the baseline."
    )


def _chances(present: tuple[Branch, ...]) -> None:
    with st.form("chances form", border=False):
        given = [
            st.number_input(
                f"{node_name(b.name)} (%)", 0.0, 100.0, round(100 * b.probability, 1), 5.0, key=f"p {b.name}"
            )
            for b in present
        ]
        if st.form_submit_button("Use these"):
            total = sum(given)
            if abs(total - 100) > 0.5:
                st.error(f"The chances add up to {total:.1f} %, not to 100 %. Nothing was changed.")
            else:
                shares = [g / total for g in given]
                change(branches=tuple(Branch(b.name, p, b.multiplier, b.intervention_point)
                                      for b, p in zip(present, shares, strict=True)))  # fmt: skip
                st.rerun()
    if state.choices().branches is not None and st.button("Back to the case's own", key="own chances"):
        change(branches=None)
        st.rerun()


def _parties(case: Case) -> None:
    st.subheader("Parties", anchor=False)
    frame = pd.DataFrame(
        [
            {"party": p.name, "role": plain(p.role), "groups": ", ".join(map(plain, p.table2_groups))}
            for p in case.parties
        ]
    )
    st.dataframe(
        frame, hide_index=True, height=min(240, 38 + 36 * len(frame)), alt="Parties to the crisis with their roles"
    )
    st.caption(sentence(MODEL_ONLY))
