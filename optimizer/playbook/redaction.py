"""Names by role, in every text of a playbook and in what its files carry inside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

from .context import Context
from .record import Playbook
from .roles import by_role, replacer, walked

Hidden = Literal["partners", "instruments"]
KEPT = frozenset(
    {"case_fingerprint", "data_fingerprint", "choices", "certificate", "kind", "redacted", "unit", "depth"}
)


LEFT_OUT = "Left out here: it names what is given by role."


def redacted(playbook: Playbook, ctx: Context, hidden: tuple[Hidden, ...]) -> Playbook:
    """The playbook with names by role in every text, and without the keys that would give them away."""
    change_ = replacer(by_role(ctx.names, hidden))
    data = playbook.model_dump(mode="json")
    _leave_out(data, change_)
    data = walked(data, change_, KEPT)
    data["about"] |= {"redacted": list(hidden), "choices": {}}
    gone = {"key": None, "harm": ""} if "instruments" in hidden else {"key": None}
    for holder in (data, data["written"]):
        holder["tasks"] = [t | gone for t in holder["tasks"]]
    data["partners"] = {}
    return Playbook.model_validate_json(json.dumps(data, ensure_ascii=False))


def _leave_out(data: dict[str, Any], change: Callable[[str], str]) -> None:
    """Wording of the catalog that names what is hidden goes as a whole: a role in a sentence that anyone can look up would tell whose it is."""

    def said(text: str) -> str:
        return text if change(text) == text else LEFT_OUT

    for rule in data["rules"]:
        if rule["kept"]:
            rule["words"] = said(rule["words"])
    for item in data["evidence"]:
        item["references"] = [said(r) for r in item["references"]]
        item["value"]["source"] = said(item["value"]["source"])
    for task in (*data["tasks"], *data["written"]["tasks"]):
        task["harm"] = said(task["harm"])
        for number in (task["cost"], task["effect"]):
            number["source"] = said(number["source"])
