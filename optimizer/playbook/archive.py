"""Office files are zip archives: written again with fixed times and order, so that equal content gives equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

FIRST = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def settled(data: bytes, as_of: date) -> bytes:
    """The archive in a fixed order, with fixed times, and stored: compressed bytes differ between builds of zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        names = sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n))
        for name in names:
            info = zipfile.ZipInfo(name, FIRST)
            info.external_attr, info.create_system = 0o600 << 16, 3
            new.writestr(info, _stamped(name, old.read(name), as_of))
    return out.getvalue()


def _stamped(name: str, content: bytes, as_of: date) -> bytes:
    if name != "docProps/core.xml":
        return content
    return _STAMP.sub(rb"\g<1>" + f"{as_of}T00:00:00Z".encode() + rb"\g<2>", content)
