"""Sign-in: off by default; where it is configured, nothing of the page is seen before it."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.testing.v1 import AppTest

from optimizer import pages
from optimizer.pages import signin


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("OHRID_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return AppTest.from_file(str(Path(pages.__file__).with_name("main.py")), default_timeout=90)


def test_without_secrets_there_is_no_sign_in(app):
    app.run()
    assert not app.exception and "Find packages" in {b.label for b in app.button}


def test_nothing_is_seen_before_the_sign_in(app):
    app.secrets["auth"] = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x", "client_id": "x",
                           "client_secret": "x", "server_metadata_url": "http://localhost/none"}  # fmt: skip
    app.run()
    assert not app.exception and [b.label for b in app.button] == ["Sign in"]
    assert not app.sidebar.children


def test_secrets_that_cannot_be_read_let_nobody_in(app, tmp_path, monkeypatch):
    file = tmp_path / "secrets.toml"
    file.write_text("[auth\n", encoding="utf-8")
    option = st.get_option
    monkeypatch.setattr(st, "get_option", lambda key: [str(file)] if key == "secrets.files" else option(key))
    with monkeypatch.context() as patched:
        patched.setattr(signin.st, "secrets", Unreadable())
        assert signin.wanted()
        file.unlink()
        assert not signin.wanted()


class Unreadable:
    """Secrets of a file that holds no TOML, as Streamlit has them."""

    def __contains__(self, key):
        raise StreamlitSecretNotFoundError("Error parsing secrets file")
