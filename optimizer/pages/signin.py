"""Optional sign-in through OpenID Connect: off unless the server's secrets hold an [auth] block (docs/page.md)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from . import nav


def passed() -> bool:
    """Whether the page may be shown; where a sign-in is asked for, nothing else is drawn before it."""
    if not wanted() or getattr(st.user, "is_logged_in", False):
        return True
    st.title("Ohrid", anchor=False)
    if not _readable():
        st.error(
            "The settings of the sign-in cannot be read, so nobody is let in. Whoever runs this page has to mend them."
        )
        return False
    st.text("Sign in to use this page. If you came by a link, open it again once you are in.")
    st.button("Sign in", type=nav.first_choice(), key="sign in", on_click=st.login)
    return False


def _readable() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def wanted() -> bool:
    """Whether the server's secrets ask for a sign-in; a file that cannot be read is no leave to go without one."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return any(Path(path).exists() for path in st.get_option("secrets.files"))
