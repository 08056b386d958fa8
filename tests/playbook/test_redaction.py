"""Names by role: in every text of every format, and in what the files carry inside."""

import json
import re

import pytest

from optimizer.inputs import InputError
from optimizer.playbook import build_playbook, export, read_playbook
from optimizer.playbook.naming import Names
from optimizer.playbook.redaction import LEFT_OUT
from optimizer.playbook.roles import by_role, letters, replacer

from .helpers import QUICK, build, plan


def redacted(*hidden):
    return build(*plan(QUICK), redact=hidden, notes={"general": "Ask NATO and the european union first."})


def test_no_partner_is_named_anywhere():
    question, _, _ = plan(QUICK)
    names = Names(question.case, question.catalog)
    text = export(redacted("partners"), "json").decode()
    shown = [*names.partners.values(), *(p.partner for p in question.case.partners)]
    told = json.dumps(json.loads(text), ensure_ascii=False)
    left = [n for n in shown if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", told, re.IGNORECASE)]
    assert not left
    assert "Regional organisation A" in told


def test_no_instrument_is_named_where_instruments_are_hidden():
    question, _, option = plan(QUICK)
    told = export(redacted("partners", "instruments"), "md").decode().replace("\\", "")
    used = [question.catalog.instruments[m.instrument].name for m in option.measures]
    assert not [n for n in used if n.lower() in told.lower()]


def test_docx_and_xlsx_carry_no_name_inside():
    pytest.importorskip("docx")
    pytest.importorskip("typst")
    p = redacted("partners")
    for kind in ("docx", "xlsx"):
        raw = export(p, kind)  # stored, not compressed: the bytes can be searched
        assert b"European Union" not in raw and b'"eu"' not in raw and b"united_states" not in raw


def test_a_redacted_file_needs_the_full_record(tmp_path):
    full = build(*plan(QUICK), notes={"general": "Ask NATO and the european union first."})
    path = tmp_path / "p.json"
    path.write_bytes(export(redacted("partners"), "json"))
    with pytest.raises(InputError, match="names by role"):
        read_playbook(path)
    found = read_playbook(path, original=full)
    assert not found.edits and found.after == found.before


def test_names_in_free_text_are_found_however_they_are_written():
    question, _, _ = plan(QUICK)
    put = replacer(by_role(Names(question.case, question.catalog), ["partners"]))
    for text in ("NATO", "nato's", "N\u200bATO", "the European\nUnion", "european-union", "EUROPEAN  UNION", "U.S.", "the US", "USA", "united_states",
                 "UN Security Council", "un_security_council", "World Bank and IMF", "Germany"):  # fmt: skip
        found = put(f"Ask {text}.")
        assert re.search(r"organisation|State|body|group", found) and put(found) == found, (text, found)
    assert put("Tell us. Unions and natonal newspapers.") == "Tell us. Unions and natonal newspapers."


@pytest.mark.parametrize("name", ["kenya_2007", "rwanda_1993", "drc_1998"])
def test_no_known_form_is_left_in_any_text(name):
    question, front, option = plan(name)
    hidden = ("partners", "instruments")
    playbook = build_playbook(
        question, front, option, redact=hidden, notes={"general": "Ask the U.S. and the African Union."}
    )
    forms = by_role(Names(question.case, question.catalog), hidden)
    told = json.dumps(json.loads(export(playbook, "json"))["tasks"]) + export(playbook, "md").decode().replace("\\", "")
    roles = " ".join(forms.values()).lower()
    left = [
        f
        for f in forms
        if f.lower() not in roles and len(f) > 2 and re.search(rf"(?<!\w){re.escape(f)}(?!\w)", told, re.IGNORECASE)
    ]
    assert not left


def test_roles_have_letters():
    assert [letters(k) for k in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_wording_that_anyone_can_look_up_does_not_tell_whose_role_is_whose():
    question, front, option = plan("rwanda_1993")
    full = build(question, front, option)
    hidden = build(question, front, option, redact=("partners",))
    put = replacer(by_role(Names(question.case, question.catalog), ["partners"]))
    before = {r.title: r.words for r in full.rules if r.kept}
    changed = [r for r in hidden.rules if r.kept and r.words != before[r.title]]
    assert changed and all(r.words == LEFT_OUT for r in changed)
    named = [r for e in full.evidence for r in e.references if put(r) != r]
    told = [r for e in hidden.evidence for r in e.references]
    assert named and not set(named) & set(told) and not [r for r in told if "State A" in r or "organisation A" in r]


def test_kinds_of_partners_that_name_nobody_keep_their_words():
    question, _, _ = plan("rwanda_1993")
    put = replacer(by_role(Names(question.case, question.catalog), ["partners"]))
    assert put("Engagement of neighbouring states") == "Engagement of neighbouring states"
