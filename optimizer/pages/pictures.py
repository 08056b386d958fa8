"""Pictures of a front as plain values, for the store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from .live import Picture


def plain_picture(picture: Picture) -> dict[str, Any]:
    """JSON values; infinite and unknown numbers become text."""
    return {key: _plain(value) for key, value in asdict(picture).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def picture_from(data: Mapping[str, Any]) -> Picture:
    """The picture again."""
    return TypeAdapter(Picture).validate_python(data)
