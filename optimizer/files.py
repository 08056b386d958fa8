"""Write a result file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .inputs.faults import Fault, InputError


def write_text(path: str, text: str) -> None:
    """Write UTF-8 text; InputError if the place cannot be written."""
    target = Path(path)
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False, newline="\n") as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
    except OSError as error:
        reason = f"it cannot be written ({error.strerror or error})"
        raise InputError(
            [Fault(path, "", "", "", reason, "Name a file in a folder that exists and that you may write to")]
        ) from None
