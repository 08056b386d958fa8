"""The editors of a table's cells, fetched before they are needed.

Streamlit fetches the editor of a cell when the first key is typed into a table; what is typed meanwhile is lost, so that 120
could become 20. This asks the browser for the same files of the same server as soon as a table stands there. Where Streamlit
names them otherwise, nothing is fetched, and the editors come as late as they would without it.
"""

from __future__ import annotations

import functools
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

EDITORS = "*-overlay-editor.*.js"
SCRIPT = """
export default ({ data }) => {
  const own = document.querySelector("script[type=module][src*='static/js/']")
  if (own) for (const name of data.names) import(new URL(name, own.src).href).catch(() => undefined)
}
"""
_fetch = component("ohrid_editors_of_cells", js=SCRIPT)


def editors() -> None:
    """Fetch the editors of cells; nothing is shown."""
    _fetch(key="editors of cells", data={"names": _names()}, height=1)


@functools.cache
def _names() -> list[str]:
    """Files of Streamlit that hold the editors of cells."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return sorted(p.name for p in folder.glob(EDITORS))
