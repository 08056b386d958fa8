"""The script that Streamlit runs: navigation, the sidebar with the constraints, and the page that is open."""

from __future__ import annotations

import streamlit as st

from optimizer.pages import constraints, guard, nav, recover, signin, state


def main() -> None:
    """Draw the page that is open."""
    st.set_page_config(page_title="Ohrid", layout="wide", initial_sidebar_state="expanded")
    if not signin.passed():
        return
    page = st.navigation(nav.pages(), position="top")
    with guard.said():
        state.begin()
        if recover.needed():
            return
        with st.sidebar, guard.said():
            constraints.sidebar()
        state.show_faults("link", "The link could not be used; this is the case as it stands.")
        state.show_faults("choices", "This change cannot be used; the choices are as before.")
        with guard.said():
            page.run()
        state.write_link()


main()
