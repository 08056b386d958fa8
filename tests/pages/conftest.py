"""A server of the page on a small question, and a browser; skipped with a clear word where there is none, failing under CI."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest
from _pytest.runner import runtestprotocol

from optimizer import Choices, load_catalog
from optimizer.pages.command import call
from optimizer.pages.plain import packed

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KEPT = (
    "dialogue_facilitation",
    "high_level_mediation",
    "ceasefire_monitoring",
    "ngo_civil_society",
    "threat_of_sanctions",
    "targeted_sanctions_rapid",
)
PATIENCE = 90_000  # milliseconds: an end for what never comes; a slow machine only needs more of it


@pytest.fixture(scope="session")
def small():
    """A question that is answered in seconds."""
    return Choices(force_out=tuple(k for k in load_catalog().instruments if k not in KEPT), branches=())


@pytest.fixture(scope="session")
def small_link(small):
    return f"case=macedonia_2001&q={packed(small)}"


def missing(what):
    if os.environ.get("CI"):
        pytest.fail(f"{what}; the tests in a browser must run here")
    pytest.skip(f"{what}; the tests in a browser were left out")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a page that `ohrid app` would serve."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    log = (home / "log.txt").open("w")
    process = subprocess.Popen(
        call(port),
        stdout=log,
        stderr=log,
        cwd=home,
        env=os.environ | {"OHRID_HOME": str(home / "data"), "OHRID_CACHE": str(home / "fronts")},
    )
    address = f"http://localhost:{port}"
    try:
        _await(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _await(address, process):
    for _ in range(900):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed (pip install playwright)")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("no Chromium was found")
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def context(browser):
    """One profile for all tabs, so that the page's own scripts are fetched once; `requests` lists all addresses."""
    made = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    made.set_default_timeout(PATIENCE)
    made.requests = []
    made.on("request", lambda r: made.requests.append(r.url))
    yield made
    made.close()


@pytest.fixture
def page(context):
    """A tab of its own, and a session with it; nothing may have been asked of another machine."""
    context.requests.clear()
    yield context.new_page()
    for tab in context.pages:
        tab.close()
    assert context.requests and all(map(_here, context.requests))


def _here(address):
    return address.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:"))


TRIES = 2  # of a test in a browser, each from a fresh page: a page that is still settling can swallow a key or a click


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Try a test in a browser again before it counts as failed; what fails every time fails."""
    if "page" not in getattr(item, "fixturenames", ()):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for left in reversed(range(TRIES)):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if not left or not any(report.failed for report in reports):
            break
        item._initrequest()
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
