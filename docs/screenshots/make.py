"""Screenshots of every page: `python docs/screenshots/make.py` (needs Playwright and a Chromium on the path)."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from optimizer import Choices, load_catalog
from optimizer.pages.command import call
from optimizer.pages.plain import packed

HERE = Path(__file__).parent
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TABS = ("Plan", "Money and partners", "Risk", "Threats and promises", "Rules", "Why")
GROWN = 30_000  # milliseconds that the front may grow
FEW = (
    "dialogue_facilitation", "high_level_mediation", "ceasefire_monitoring", "ngo_civil_society", "threat_of_sanctions",
    "targeted_sanctions_rapid",
)  # fmt: skip
SETTLED = 2_500  # milliseconds for charts to be drawn


def main() -> None:
    """Start a page with an empty store, walk through it, take pictures, end it."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(call(port), cwd=home, env=os.environ | {"OHRID_HOME": home, "OHRID_CACHE": home})
        try:
            wait(f"http://localhost:{port}/_stcore/health")
            with sync_playwright() as engine:
                browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                walk(browser.new_page(viewport={"width": 1280, "height": 1400}), f"http://localhost:{port}")
                dark = browser.new_context(viewport={"width": 1280, "height": 1400}, color_scheme="dark").new_page()
                dark.goto(f"http://localhost:{port}/")
                dark.get_by_role("button", name="Find packages").wait_for()
                keep(dark, "situation_dark")
                many(browser.new_page(viewport={"width": 1280, "height": 1000}), f"http://localhost:{port}")
        finally:
            server.terminate()
            server.wait(10)


def wait(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)


def keep(page: Page, name: str) -> None:
    page.mouse.move(5, 5)
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=HERE / f"{name}.png")


def walk(page: Page, address: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_role("button", name="Find packages").wait_for()
    keep(page, "situation")
    page.get_by_role("button", name="Find packages").click()
    marks = page.locator(".mark-symbol path[aria-roledescription=point]")
    marks.first.wait_for()
    page.wait_for_timeout(GROWN)
    if page.get_by_role("button", name="Stop", exact=True).is_visible():
        page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile("^(Stopped|Complete)")).wait_for()
    page.wait_for_timeout(SETTLED)
    marks.nth(0).click(force=True)
    page.get_by_role("button", name="Read the whole package").wait_for()
    keep(page, "front")
    page.get_by_role("button", name="Add to the comparison").click()
    page.wait_for_timeout(SETTLED)
    page.get_by_role("button", name="Read the whole package").click()
    for number, tab in enumerate(TABS, start=1):
        page.get_by_role("tab", name=tab, exact=True).click()
        keep(page, f"package_{number}")
    page.get_by_role("link", name="Front").click()
    page.wait_for_timeout(SETTLED)
    marks.nth(3).click(force=True)
    page.wait_for_timeout(SETTLED)
    page.get_by_role("button", name="Add to the comparison").click()
    page.wait_for_timeout(SETTLED)
    for name in ("Compare", "Evidence", "Scenarios"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("heading", name=name, level=1).wait_for()
        keep(page, name.lower())


def many(page: Page, address: str) -> None:
    """Three objectives in linked panels, four as parallel lines, and the tables of a case."""
    page.set_default_timeout(90_000)
    few = tuple(k for k in load_catalog().instruments if k not in FEW)
    for name, objectives in (("panels", ("risk", "cost", "days")), ("lines", ("risk", "cost", "days", "coercion"))):
        choices = Choices(objectives=objectives, force_out=few, branches=())
        page.goto(f"{address}/front?case=macedonia_2001&q={packed(choices)}")
        page.get_by_text(re.compile("^(Complete|Time is up)")).wait_for()
        if name == "panels":
            page.get_by_role("button", name="Marks and views").click()
            page.get_by_text("linked panels").click()
            page.keyboard.press("Escape")
        keep(page, f"front_{name}")
    page.goto(address)
    page.get_by_text("Edit this case, or load your own").click()
    page.get_by_text("This is the case in use").wait_for()
    page.wait_for_timeout(SETTLED)
    page.get_by_test_id("stDataFrame").last.scroll_into_view_if_needed()
    keep(page, "situation_edit")


if __name__ == "__main__":
    main()
