"""Read a JSON file, and write a result file whole or not at all; what goes wrong names the file and the way out."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

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


def read_json(path: str, remedy: str) -> Any:
    """The content of a JSON file; InputError, with the remedy for what is no JSON, if it has none."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})"
        raise InputError([Fault(path, "", "", "", reason, "Name a file that exists")]) from None
    except ValueError as error:
        raise InputError([Fault(path, "", "", "", f"it is not JSON ({error})", remedy)]) from None
