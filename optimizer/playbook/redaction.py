"""Names by role, in every text of a playbook and in what its files carry inside."""

from __future__ import annotations

import json
from typing import Literal

from .context import Context
from .record import Playbook
from .roles import by_role, replacer, walked

Hidden = Literal["partners", "instruments"]
KEPT = frozenset(
    {"case_fingerprint", "data_fingerprint", "choices", "certificate", "kind", "redacted", "unit", "depth"}
)


def redacted(playbook: Playbook, ctx: Context, hidden: tuple[Hidden, ...]) -> Playbook:
    """The playbook with names by role in every text, and without the keys that would give them away."""
    change_ = replacer(by_role(ctx.names, hidden))
    data = walked(playbook.model_dump(mode="json"), change_, KEPT)
    data["about"] |= {"redacted": list(hidden), "choices": {}}
    gone = {"key": None, "harm": ""} if "instruments" in hidden else {"key": None}
    for holder in (data, data["written"]):
        holder["tasks"] = [t | gone for t in holder["tasks"]]
    data["partners"] = {}
    return Playbook.model_validate_json(json.dumps(data, ensure_ascii=False))
