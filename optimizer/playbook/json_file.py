"""The record itself as JSON, and its published schema (docs/playbook.schema.json)."""

from __future__ import annotations

import json
from typing import Any

from .record import Playbook


def as_json(playbook: Playbook) -> bytes:
    """The whole record; reading it back gives an equal one."""
    return (playbook.model_dump_json(indent=1) + "\n").encode()


def schema() -> dict[str, Any]:
    """JSON schema of the record, made from its types."""
    made = Playbook.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def schema_text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
