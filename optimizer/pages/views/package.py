"""One package whole: what, who, when, in which branch, with its money, partners, threats, rules and explanations."""

from __future__ import annotations

import streamlit as st

from ...answers import Option
from ...questions import Question
from .. import guard, nav, picked, rooms_view, state
from ..charts import package as charts
from ..frames import (
    hazard_frame,
    load_frame,
    measures_frame,
    money_frame,
    rules_frame,
    threats_frame,
    timeline_frame,
)
from ..live import Spot
from ..words import CEILINGS, MODEL_ONLY, percent

TABS = ("Plan", "Money and partners", "Risk", "Threats and promises", "Rules", "Why", "Red team and ranges")


def draw() -> None:
    asked = state.ensure_search().question if st.session_state.get("picked") is not None else None
    spot = state.picked()
    option = None if spot is None else state.judged(spot)
    if spot is None or option is None or asked is None:
        _none()
        return
    st.title(f"Package {option.id}", anchor=False)
    picked.place(spot)
    picked.figures(option)
    picked.actions(spot, option, full=False)
    for tab, part in zip(st.tabs(list(TABS), key="package tabs"), _PARTS, strict=True):
        with tab, guard.said():
            part(spot, option, asked)
    st.caption(MODEL_ONLY)


def _none() -> None:
    st.title("Package", anchor=False)
    if st.session_state.get("picked") is not None and state.question() is None and state.picture().running:
        st.fragment(guard.part(_wait), run_every=0.3)()
        return
    picked.nothing(" on the page Front")
    if st.button("Go to the front", type=nav.first_choice(), key="to front"):
        nav.go("front")


def _wait() -> None:
    if state.question() is not None or not state.picture().running:
        st.rerun()
    picked.nothing()


def _plan(spot: Spot, option: Option, question: Question) -> None:
    names = state.names()
    if not option.measures:
        st.info("This package holds no measure: nothing is done, and the baseline stays.")
        return
    day = None if not question.situation.tree.branches else question.situation.tree.now.end
    st.altair_chart(charts.timeline(timeline_frame(option, names), day), width="stretch",
                    alt="Timeline of the measures: preparation, then in force, coloured by branch; the table below holds "
                        "the same dates.")  # fmt: skip
    st.caption("Pale: from decision to first effect. Full: in force. Dashed: the branch day.")
    st.dataframe(measures_frame(option, names), hide_index=True, alt="Measures with partners, dates, cost and evidence")
    late = [j for j in option.evaluation.measures if j.gate in ("unsc", "regional")]
    if late:
        st.caption(
            f"{len(late)} of the measures need a mandate; its prospect is in the risk, the time to win it is not."
        )


def _money(spot: Spot, option: Option, question: Question) -> None:
    budget = question.situation.settings.budget
    st.subheader("Money over time", anchor=False)
    frame = money_frame(option, question)
    st.altair_chart(charts.money(frame, budget), width="stretch", alt="Money spent by each day, one line for each course "
                    "of events.")  # fmt: skip
    dearest = frame["spent"].max() if len(frame) else 0.0
    st.caption(f"Dearest course {dearest:,.0f} M USD of the envelope of {budget:,.0f} M USD of 2020; set-up cost at the "
               "start, running cost while in force.")  # fmt: skip
    st.subheader("What each partner carries", anchor=False)
    load = load_frame(option, question, state.names())
    if len(load):
        st.altair_chart(
            charts.load(load), alt="Measures that each partner leads or joins over time, beside its capacity."
        )
        st.caption("Dashed grey: how many measures the partner can lead at once. Joining counts a share.")


def _risk(spot: Spot, option: Option, question: Question) -> None:
    e, risk = option.evaluation, question.case.baseline_risk
    st.subheader("Hazard before and after", anchor=False)
    st.altair_chart(charts.hazard(hazard_frame(option, question.case)), alt="Risk a month in each branch, if nothing is "
                    "done and with this package, with the band of the baseline's range.")  # fmt: skip
    st.caption(
        f"From {percent(e.baseline)} to {100 * e.risk:.1f} %. Band: the range of the baseline only "
        f"({percent(risk.low)} to {percent(risk.high)}); the ranges of the effects come on top (see Red team and ranges)."
    )
    caps = [words for name, words in CEILINGS.items() if name in {c.name for c in e.ceilings}]
    if caps:
        st.text(f"Ceilings that cut something off: {'; '.join(caps)}. More of the same adds nothing there.")


def _threats(spot: Spot, option: Option, question: Question) -> None:
    st.subheader("Threats and promises, and what makes them good", anchor=False)
    frame = threats_frame(option, question.situation, state.names())
    if frame.empty:
        st.text("This package threatens and promises nothing, so nothing has to be made good.")
        return
    day = None if not question.situation.tree.branches else question.situation.tree.now.end
    st.altair_chart(charts.threats(frame, day), width="stretch", alt="Arrows from each threat or promise to the deed that "
                    "makes it good, in the branch where it is tested.")  # fmt: skip
    table = frame.assign(
        ready=[f"day {d:.0f}" if b else "-" for d, b in zip(frame["ready"], frame["backed"], strict=True)]
    )
    heads = {"tested": "tested", "deed": "made good by", "deed in": "begun", "ready": "ready"}
    st.dataframe(table[["threat", "kind", *heads]].rename(columns=heads), hide_index=True,
                 alt="Threats and promises with the deeds that make them good")  # fmt: skip


def _rules(spot: Spot, option: Option, question: Question) -> None:
    broken = option.broken
    st.subheader(
        f"{len(broken)} of the rules in force not kept" if broken else "All rules in force are kept", anchor=False
    )
    locators = {k: r.seed_locator for k, r in question.catalog.rules.items()}
    st.dataframe(rules_frame(option, locators), hide_index=True, height=480, alt="Rule audit")


def _why(spot: Spot, option: Option, question: Question) -> None:
    rooms_view.explanations(spot, option, question)


def _ranges(spot: Spot, option: Option, question: Question) -> None:
    rooms_view.ranges(spot, option, question)


_PARTS = (_plan, _money, _risk, _threats, _rules, _why, _ranges)
