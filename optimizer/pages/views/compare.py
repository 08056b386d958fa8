"""Two to four packages or scenarios side by side: the differences first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ...answers import Option
from ...model.tree import MONTH_DAYS
from .. import nav, state
from ..frames import as_text, differences
from ..words import MODEL_ONLY, Names, literal, money, percent, protection


def draw() -> None:
    st.title("Compare", anchor=False)
    pins = st.session_state["pins"]
    if len(pins) < 2:
        _too_few(len(pins))
        return
    options = {title: option for _, title, _, option in pins}
    cases = {title: state.named(name) for _, title, name, _ in pins}
    st.table(as_text(_figures(options, {t: c.horizon_months * MONTH_DAYS for t, c in cases.items()})), border="horizontal",
             alt="Figures of the packages side by side")  # fmt: skip
    if len({c.id for c in cases.values()}) > 1:
        st.warning("These packages are of different cases: compare what is in them, not their figures.")
    different, same = differences(options, Names(next(iter(cases.values())), state.catalog()))
    st.subheader(f"{len(different)} measures differ", anchor=False)
    if len(different):
        st.table(
            as_text(different),
            hide_index=True,
            border="horizontal",
            alt="Measures that are not the same in all packages",
        )
    else:
        st.text("All measures are the same.")
    with st.expander(f"The same in all: {len(same)} measures"):
        st.table(as_text(same), hide_index=True, border="horizontal", alt="Measures that are the same in all packages")
    _remove(list(options))
    st.caption(MODEL_ONLY)


def _too_few(count: int) -> None:
    st.info(
        "Nothing to compare yet. Open a package on the front and press Add to the comparison; two to four can stand side "
        f"by side ({count} so far)."
    )
    if st.button("Go to the front", type=nav.first_choice(), key="to front"):
        nav.go("front")


def _figures(options: dict[str, Option], horizons: dict[str, float]) -> pd.DataFrame:
    """One row a figure, one column a package."""
    rows = {
        "Risk if nothing is done": [percent(o.evaluation.baseline) for o in options.values()],
        "Projected risk": [f"{100 * o.evaluation.risk:.1f} %" for o in options.values()],
        "Expected cost": [money(o.evaluation.values["cost"]) for o in options.values()],
        "Days to protection": [protection(o.evaluation.values["days"], horizons[t]) for t, o in options.items()],
        "Coerciveness": [f"{o.evaluation.values['coercion']:.2f} points" for o in options.values()],
        "Measures": [str(len(o.measures)) for o in options.values()],
        "Rules in force not kept": [
            ", ".join(f"{r.title} ({r.id})" for r in o.broken) or "none" for o in options.values()
        ],
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(options))


def _remove(titles: list[str]) -> None:
    with st.container(horizontal=True):
        for title in titles:
            if st.button(f"Take out {literal(title)}", key=f"take out {title}"):
                st.session_state["pins"] = tuple(p for p in st.session_state["pins"] if p[1] != title)
                st.rerun()
