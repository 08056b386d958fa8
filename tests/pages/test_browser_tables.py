"""Typing into the tables of a case, in a real browser: what was typed is what stands in the case."""

from __future__ import annotations

import re

FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"  # scrolled, and told so


def opened(page, server, part):
    """The editor of a part of the case, drawn to the end."""
    with page.expect_event("requestfinished", lambda request: "-overlay-editor" in request.url):  # before the first key
        page.goto(server)
        page.get_by_text("Edit this case, or load your own").click()
        page.get_by_text("This is the case in use").wait_for()
    return turned(page, part)


def turned(page, part):
    """Another part of the case; a list closes when the page scrolls under it, so it is opened once it has."""
    grid = page.get_by_role("region", name=f"Editor: {part.lower()} of the case")
    if not grid.is_visible():
        field = page.get_by_role("combobox", name="Part of the case")
        field.scroll_into_view_if_needed()
        page.evaluate(FRAMES)
        field.fill(part)
        page.get_by_role("option", name=part, exact=True).wait_for()
        page.keyboard.press("ArrowDown")
        page.locator("[role=option][data-focused=true]").wait_for()
        page.keyboard.press("Enter")
    grid.scroll_into_view_if_needed()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return grid


def chosen(page, grid, cell):
    """Choose a cell, given as column and row: a click takes some cell, the arrows lead from there."""
    grid.locator(".dvn-scroller").click(position={"x": 60, "y": 36 + 17})
    at = grid.locator("td[aria-selected=true]")
    at.wait_for(state="attached")
    taken = map(int, at.get_attribute("id").split("-")[2:])
    for here, there, keys in zip(taken, cell, (("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown")), strict=True):
        for _ in range(abs(there - here)):
            page.keyboard.press(keys[there > here])
    grid.locator(f"#glide-cell-{cell[0]}-{cell[1]}[aria-selected=true]").wait_for(state="attached")


def typed(page, grid, cell, text):
    """Type into a cell: the first key opens its editor, which takes all the others."""
    chosen(page, grid, cell)
    page.keyboard.press(text[0])
    field = page.locator("#portal textarea, #portal input")
    field.wait_for()
    page.keyboard.type(text[1:])
    assert field.input_value() == text
    page.keyboard.press("Enter")
    field.wait_for(state="detached")


def test_what_is_typed_into_a_cell_is_in_the_case(page, server):
    grid = opened(page, server, "Money and time")
    typed(page, grid, (1, 0), "777")
    page.get_by_text(re.compile(r"budget musd 2020: \d+ → 777")).wait_for()
    grid = turned(page, "Pace by month")
    typed(page, grid, (1, 1), "0.25")
    page.get_by_text(re.compile(r"hazard profile, 2: 0\.\d+ → 0\.25")).wait_for()
    page.get_by_text(re.compile("budget musd 2020: ")).wait_for()
    grid = turned(page, "Money and time")
    assert grid.locator("#glide-cell-1-0").inner_text() == "777"


def test_a_fault_stays_as_it_was_typed_until_it_is_mended(page, server):
    grid = opened(page, server, "Money and time")
    typed(page, grid, (1, 0), "many")
    page.get_by_text(re.compile("faults? in your text; the case in use is as before")).wait_for()
    page.get_by_text(re.compile(r"budget musd 2020: \d+ → many")).wait_for()
    typed(page, grid, (1, 0), "450")
    page.get_by_text("No faults.", exact=True).wait_for()
    page.get_by_role("button", name="Use this case").click()
    page.wait_for_function("() => location.search.includes('case=own')")
    page.get_by_text("This is the case in use").wait_for()
    page.get_by_text("Money", exact=True).click()
    assert page.get_by_label("Envelope, now and reserve (M USD of 2020)").input_value() == "450"
