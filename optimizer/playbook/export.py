"""Every format of a playbook, and writing them to a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..inputs.faults import Fault, InputError, did_you_mean
from .docx import docx
from .html import html
from .ics import ics
from .json_file import as_json
from .markdown import markdown
from .pdf import pdf
from .record import Playbook
from .xlsx import xlsx

FORMATS: Mapping[str, Callable[[Playbook], bytes]] = {
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "ics": ics,
    "md": markdown,
    "html": html,
    "json": as_json,
}


def export(playbook: Playbook, format_: str) -> bytes:
    """One format as bytes; the same playbook gives the same bytes."""
    if format_ not in FORMATS:
        raise InputError(
            [
                Fault(
                    "export",
                    "",
                    "format",
                    format_,
                    "there is no such format",
                    did_you_mean(format_, FORMATS).rstrip("?"),
                )
            ]
        )
    return FORMATS[format_](playbook)


def export_all(
    playbook: Playbook, formats: Iterable[str], folder: str | os.PathLike[str], name: str = ""
) -> list[Path]:
    """Files of all formats in a folder, each written whole or not at all."""
    base, place = name or f"playbook_{playbook.about.case}", Path(folder)
    made = {f: export(playbook, f) for f in dict.fromkeys(formats)}
    return [_write(place / f"{base}.{f}", data) for f, data in made.items()]


def _write(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    except OSError as error:
        reason = f"it cannot be written ({error.strerror or error})"
        raise InputError([Fault(str(path), "", "", "", reason, "Name a folder that you may write to")]) from None
    return path
