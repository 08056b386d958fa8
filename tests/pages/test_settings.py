"""The page ships safe, and its rooms stay apart."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from optimizer.pages import warm
from optimizer.pages.command import SAFE, call

TOP = Path(__file__).parents[2]
PAGES = TOP / "optimizer" / "pages"


def flat(table, before=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def spelled(value):
    if isinstance(value, list):
        return tuple(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_command_and_configuration_say_the_same():
    shipped = tomllib.loads((TOP / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert {key: spelled(value) for key, value in flat(shipped)} == SAFE
    assert all(any(part.startswith(f"--{key}=") for part in call(1)) for key in SAFE)


def test_what_must_be_closed_is_closed():
    assert SAFE["server.address"] == "localhost" and SAFE["browser.gatherUsageStats"] == "false"
    assert SAFE["server.enableXsrfProtection"] == SAFE["server.enableCORS"] == "true"
    assert SAFE["client.showErrorDetails"] == "none" and int(SAFE["server.maxUploadSize"]) <= 10


def test_no_page_writes_html_of_its_own():
    for path in set(PAGES.rglob("*.py")) - {Path(warm.__file__)}:
        assert not re.search(r"unsafe_allow|st\.html|components\.", path.read_text(encoding="utf-8")), path


def test_the_one_script_is_fixed_and_handed_names_of_files_of_the_server_alone():
    text = Path(warm.__file__).read_text(encoding="utf-8")
    assert "js=SCRIPT)" in text and "html=" not in text and f'SCRIPT = """{warm.SCRIPT}"""' in text
    assert warm._names() and all(re.fullmatch(r"[a-z-]+-overlay-editor\.[\w-]+\.js", name) for name in warm._names())


def test_charts_and_records_do_not_know_streamlit():
    free = [
        "frames",
        "live",
        "hunt",
        "early",
        "gentle",
        "edited",
        "search",
        "store",
        "plain",
        "words",
        "tables",
        "opening",
        "rooms",
        "background",
    ]
    for path in [*(PAGES / "charts").glob("*.py"), *(PAGES / f"{name}.py" for name in free)]:
        assert "import streamlit" not in path.read_text(encoding="utf-8"), path
