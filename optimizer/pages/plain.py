"""Choices from plain values (a link, a saved scenario, a file): every fault is named, nothing is guessed."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..answers import chosen_fields
from ..choices import Choices
from ..inputs.faults import Fault, InputError, did_you_mean, short

MOST_TEXT = 6_000  # characters of a link; a full set of choices takes a few hundred
MOST_JSON = 100_000  # bytes once unpacked


def choices_from(data: object, file: str = "choices") -> Choices:
    """Choices from a mapping of fields; InputError with every field that cannot be read."""
    if not isinstance(data, Mapping):
        raise InputError([Fault(file, "", "", short(data), "these are no choices", "Give fields and their values")])
    known = [f.name for f in fields(Choices)]
    faults = [
        Fault(file, "", short(key), "", "there is no such choice", did_you_mean(str(key), known))
        for key in data
        if key not in known
    ]
    try:
        made = TypeAdapter(Choices).validate_python({k: v for k, v in data.items() if k in known})
    except ValidationError as error:
        faults += [_fault(file, e) for e in error.errors()]
    if faults:
        raise InputError(faults)
    return made


def _fault(file: str, error: Any) -> Fault:
    where = ".".join(str(part) for part in error["loc"])
    return Fault(file, "", where, short(error["input"]), str(error["msg"]).lower(), "Give a value of the right kind")


def packed(choices: Choices) -> str:
    """The choices as a short text for a link."""
    text = json.dumps(chosen_fields(choices), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> Choices:
    """The choices of a link; InputError if it was cut, changed or made to do harm."""
    reason, remedy = "the link is damaged or not of this program", "Ask for the link again, or start from the case"
    if len(text) > MOST_TEXT:
        raise InputError([Fault("link", "", "", "", "the link is too long", remedy)])
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unzip = zlib.decompressobj()
        data = unzip.decompress(raw, MOST_JSON)
        if unzip.unconsumed_tail or not unzip.eof:
            raise ValueError("it unpacks to too much")
        return choices_from(json.loads(data.decode()), "link")
    except InputError:
        raise
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise InputError([Fault("link", "", "", short(text), reason, remedy)]) from None
