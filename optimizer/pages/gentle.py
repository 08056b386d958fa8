"""Where a search's own process begins: it yields to the page from its first breath, its imports among them."""

from __future__ import annotations

import os

GENTLE = 5


def search() -> None:
    """Answer one task; see hunt.py."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(GENTLE)
    from .hunt import child

    child()
