"""The whole path of a planner, in a real browser."""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer import Choices, Measure, Package, load_catalog
from optimizer.model.objectives import OBJECTIVES
from optimizer.pages.nav import TITLES
from optimizer.pages.own import shipped_text
from optimizer.pages.plain import packed, packed_package

from .conftest import PATIENCE

MARKS = ".mark-symbol path[aria-roledescription=point]"
WATCH = """() => {
  window.bare = 0;
  const charts = () => document.querySelectorAll('[data-testid=stVegaLiteChart] svg').length;
  new MutationObserver(() => { if (charts() === 0) window.bare += 1; }).observe(document.body, {childList: true, subtree: true});
}"""  # counts the states of the page, after the present one, that show no chart
POISON = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


ENDED = re.compile(r"^(Complete, proved|Time is up)")  # how a search ends is up to the machine; no test asks which


def rested(page):
    """Wait until the page has drawn all that it was told to draw."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def solved(page, server, link):
    """Open the front and wait for its end."""
    page.goto(f"{server}/front?{link}")
    page.get_by_text(ENDED).wait_for()
    rested(page)


def choose(page, number=0):
    """Click a point of the chart; a chart that is just being set up misses a click, so its neighbour is tried then."""
    from playwright.sync_api import TimeoutError

    opened = page.get_by_role("button", name="Read the whole package")
    for other in (0, 1, 0, 1):
        page.locator(MARKS).nth(number + other).click(force=True)
        with contextlib.suppress(TimeoutError):
            opened.wait_for(timeout=PATIENCE / 3)  # a slow machine is no missed click
            break
    opened.wait_for()
    rested(page)  # what is pressed while the page is drawn anew can be lost


def chosen(page):
    """The figures of the chosen package: risk, cost, days, coerciveness."""
    page.get_by_role("button", name="Read the whole package").wait_for()
    figures = page.locator("[data-testid=stMain] strong").all_inner_texts()
    assert len(figures) == 4
    return figures


def test_three_clicks_from_landing_to_a_playbook(page, server):
    page.goto(server)
    page.get_by_role("button", name="Find packages").click()
    choose(page)
    with page.expect_download() as held:
        page.get_by_role("button", name=re.compile("^Playbook")).click()
    assert held.value.suggested_filename.startswith("playbook_macedonia_2001_")
    assert Path(held.value.path()).stat().st_size > 10_000


def test_stop_keeps_what_was_found(page, server):
    page.goto(f"{server}/front?case=macedonia_2001&q={packed(Choices(objectives=tuple(OBJECTIVES)[:5]))}")
    page.locator(MARKS).first.wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile("^Stopped")).wait_for()
    page.locator(MARKS).first.wait_for()
    page.get_by_role("button", name="Search on").wait_for()


def test_read_why_and_export(page, server, small_link):
    solved(page, server, small_link)
    choose(page, 1)
    page.get_by_role("button", name="Read the whole package").click()
    for tab in ("Money and partners", "Risk", "Threats and promises", "Rules", "Why"):
        page.get_by_role("tab", name=tab, exact=True).click()
    page.get_by_role("button", name="Ask").first.click()
    page.get_by_text(re.compile("simply taken away")).first.wait_for()
    page.get_by_role("link", name="Scenarios").click()
    with page.expect_download() as held:
        page.get_by_role("button", name="Front as JSON").click()
    front = json.loads(Path(held.value.path()).read_text(encoding="utf-8"))
    assert front["case"] == "macedonia_2001" and len(front["packages"]) >= 3


def test_infeasible_is_repaired_by_one_click(page, server, small):
    page.goto(f"{server}/front?case=macedonia_2001&q={packed(replace(small, first_effect_days=1.0))}")
    page.get_by_text("No package satisfies all requirements together.").wait_for()
    page.get_by_text(re.compile("a first measure in force by day 1")).first.wait_for()
    page.get_by_role("button", name="Apply").first.click()
    page.locator(MARKS).first.wait_for()
    page.get_by_text(re.compile(r"first effect by day \d{2}")).wait_for()
    page.get_by_text(ENDED).wait_for()
    choose(page)
    page.get_by_role("button", name="Other formats").click()
    with page.expect_download() as held:
        page.get_by_role("button", name="JSON", exact=True).click()
    given_up = json.loads(Path(held.value.path()).read_text(encoding="utf-8"))["about"]["repairs"]
    assert len(given_up) == 1 and re.fullmatch(
        r"Wait \d+ days more for the first measure, until day \d+ instead of 1", given_up[0]
    )


def test_a_change_never_blanks_the_page_and_the_link_restores_it(page, server, small_link):
    solved(page, server, small_link)
    page.get_by_text("Money", exact=True).click()
    rested(page)
    page.evaluate(WATCH)
    field = page.get_by_label("Envelope, now and reserve (M USD of 2020)")
    field.fill("7")
    field.press("Enter")
    page.get_by_text(re.compile("envelope 7.0 M USD")).wait_for()
    rested(page)  # the words of the earlier front are gone by then
    page.get_by_text(ENDED).wait_for()
    rested(page)
    assert page.evaluate("window.bare") == 0
    choose(page)
    figures = chosen(page)
    page.wait_for_function("() => location.search.includes('pick=')")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_text(re.compile("envelope 7.0 M USD")).wait_for()
    assert chosen(other) == figures
    assert other.get_by_text(ENDED).inner_text() == page.get_by_text(ENDED).inner_text()


def test_a_link_shows_its_package_where_its_front_is_not_known(page, server, small):
    """As on another machine: the package is not on the front of these choices, and is judged anew."""
    package = Package((Measure("dialogue_facilitation", "osce", "now", 0.0),))
    page.goto(f"{server}/front?case=macedonia_2001&q={packed(small)}&pick={packed_package(package)}")
    page.get_by_text(re.compile("^Package (P[0-9]+|of your choice)$")).wait_for()
    first = chosen(page)
    page.get_by_text(ENDED).wait_for()
    assert chosen(page) == first
    page.goto(
        f"{server}/front?case=macedonia_2001&q={packed(Choices(partners_out=('osce',)))}&pick={packed_package(package)}"
    )
    page.get_by_text("The chosen package is not allowed under these choices").wait_for()


def test_the_list_opens_a_package_by_keyboard_alone(page, server, small_link):
    solved(page, server, small_link)
    page.locator("summary", has_text="The same as a list").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name=re.compile("Open a package")).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()  # as a person does: the next key once the last one has been answered
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Read the whole package").focus()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Plan", exact=True).wait_for()


def test_a_range_leaves_packages_out(page, server):
    few = ("dialogue_facilitation", "high_level_mediation", "ngo_civil_society")
    out = tuple(k for k in load_catalog().instruments if k not in few)
    wanted = packed(Choices(objectives=("risk", "cost", "days", "coercion"), force_out=out, branches=()))
    solved(page, server, f"case=macedonia_2001&q={wanted}")
    page.locator(MARKS).first.wait_for()
    before = page.locator(MARKS).count()
    page.get_by_role("slider").first.focus()
    for _ in range(15):  # from the least risk upwards, in tenths of a point; doing nothing stays
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => document.querySelectorAll('{MARKS}').length < {before}")
    page.locator(MARKS).first.wait_for()


def test_two_tabs_lose_nothing(page, server):
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.goto(f"{server}/scenarios")
        tab.get_by_label("Save what is set now as").fill(f"plan {POISON}")
    for tab in tabs:
        tab.get_by_role("button", name="Save", exact=True).click()
        tab.get_by_text("Saved.").wait_for()
    page.reload()
    page.get_by_text(re.compile(r"^plan <img .*\(2\)$")).wait_for()
    assert page.title() != "owned"


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("tag.yaml", b"id: !!python/object/apply:os.system ['touch owned']\n", "tags are not allowed"),
        ("zip.yaml", b"PK\x03\x04" + bytes(range(256)), "zip archive"),
        ("script.yaml", f"id: x\ntitle: {json.dumps(POISON)}\n".encode(), "start_date"),
        ("deep.yaml", b"a: " + b"[" * 4000, "nested deeper|is not YAML"),
    ],
)
def test_hostile_case_files(page, server, name, data, word):
    page.goto(server)
    page.get_by_text("Edit this case, or load your own").click()
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/yaml", "buffer": data})
    page.get_by_text(re.compile(r"faults? in your text; the case in use is as before")).wait_for()
    page.get_by_text(re.compile(word)).first.wait_for()
    assert page.title() != "owned"
    page.get_by_role("heading", name=re.compile("Macedonia 2001")).first.wait_for()


def test_a_title_that_is_a_picture_stays_a_text(page, server):
    """No other machine is asked for it: the fixture looks at all requests."""
    text = re.sub(
        "(?m)^title: .*$", 'title: "![x](http://ohrid.invalid/x.png) [y](/z)"', shipped_text("macedonia_2001")
    )
    page.goto(server)
    page.get_by_text("Edit this case, or load your own").click()
    given = {"name": "mine.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    page.locator("input[type=file]").first.set_input_files(given)
    page.get_by_role("button", name="Use this case").click()
    page.get_by_role("heading", name="![x](http://ohrid.invalid/x.png) [y](/z)", level=1).wait_for()
    rested(page)


def test_a_zip_bomb_and_formulas_in_tables(page, server):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    page.goto(f"{server}/evidence")
    page.get_by_label("Name of a new overlay").fill("mine")
    formula = b"id,name\n=cmd|' /C calc'!A0,x\n"
    page.locator("input[type=file]").last.set_input_files(
        [
            {"name": "bomb.xlsx", "mimeType": "application/octet-stream", "buffer": bomb.getvalue()},
            {"name": "formula.csv", "mimeType": "text/csv", "buffer": formula},
        ]
    )
    page.get_by_role("button", name="Check and keep").click()
    page.get_by_text("These tables cannot be used; nothing was kept.").wait_for()
    page.get_by_text(re.compile("unpacks to more than")).wait_for()


def test_hostile_links_say_what_is_wrong(page, server):
    for link in ("case=../../etc/passwd", "q=" + "A" * 5000, "case=macedonia_2001&q=eJzLKs0F"):
        page.goto(f"{server}/?{link}")
        page.get_by_text("The link could not be used").wait_for()
        page.get_by_role("heading", name=re.compile("Macedonia 2001")).first.wait_for()


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("key", list(TITLES))
def test_no_serious_accessibility_fault(page, server, small_link, key, ground):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=ground)
    if key in ("front", "package"):
        solved(page, server, small_link)
        choose(page)
    if key == "package":
        page.get_by_role("button", name="Read the whole package").click()
        page.get_by_role("tab", name="Plan", exact=True).wait_for()
    elif key != "front":
        page.goto(f"{server}/{'' if key == 'situation' else key}?{small_link}")
        page.get_by_role("heading", level=1).first.wait_for()
    rested(page)
    found = axe.run(page).response["violations"]
    serious = {v["id"]: [n["html"][:200] for n in v["nodes"]] for v in found if v["impact"] in ("serious", "critical")}
    assert not serious
