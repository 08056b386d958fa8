"""Choices from plain values (a link, a saved scenario, a file): every fault is named, nothing is guessed."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from ..answers import chosen_fields
from ..choices import Choices, Measure, Package
from ..inputs.faults import Fault, InputError, did_you_mean, short

MOST_TEXT = 6_000  # characters of a link; a full set of choices takes a few hundred
MOST_JSON = 100_000  # bytes once unpacked
MOST_MEASURES = 200
REMEDY = "Ask for the link again, or start from the case"

Day = Annotated[float, Field(allow_inf_nan=False)]
ROWS = TypeAdapter(Annotated[list[tuple[str, str, str, Day, tuple[str, ...]]], Field(max_length=MOST_MEASURES)])


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
    return _packed(chosen_fields(choices))


def unpacked(text: str) -> Choices:
    """The choices of a link; InputError if it was cut, changed or made to do harm."""
    return choices_from(_unpacked(text), "link")


def packed_package(package: Package) -> str:
    """A package as a short text for a link: its measures alone, all figures are worked out anew."""
    return _packed([[m.instrument, m.lead, m.node, m.start_day, m.joined] for m in package.measures])


def unpacked_package(text: str) -> Package:
    """The package of a link; InputError if it was cut, changed or made to do harm."""
    try:
        rows = ROWS.validate_python(_unpacked(text))
    except ValidationError:
        raise _damaged(text) from None
    return Package(tuple(Measure(*row) for row in rows))


def _packed(data: object) -> str:
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpacked(text: str) -> Any:
    if len(text) > MOST_TEXT:
        raise InputError([Fault("link", "", "", "", "the link is too long", REMEDY)])
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unzip = zlib.decompressobj()
        data = unzip.decompress(raw, MOST_JSON)
        if unzip.unconsumed_tail or not unzip.eof:
            raise _damaged(text)
        return json.loads(data.decode())
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise _damaged(text) from None


def _damaged(text: str) -> InputError:
    return InputError([Fault("link", "", "", short(text), "the link is damaged or not of this program", REMEDY)])
