"""Packages that only an export needs: the core works without them, and this says how to get them."""

from __future__ import annotations

import importlib
from typing import Any

from ..inputs.faults import Fault, InputError


def needed(module: str, what: str) -> Any:
    """The module, or an InputError that says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        reason = f"{what} needs the package {module}, which is not installed"
        remedy = "Install the export extra: pip install 'ohrid[export]'; json, markdown and html need nothing more"
        raise InputError([Fault("export", "", "", what, reason, remedy)]) from None
