"""How fast the page answers, in a real browser: `python -m benchmarks.page` (needs Playwright and a Chromium on the path).

It serves the page from an empty folder and measures, from inside the browser, from the press of the mouse on:
* first front: "Find packages" on the shipped case until the first marks are drawn;
* stop: the button until the page says that it has stopped;
* click: a point among 2,000 until its package is shown (heading), and until all of it is drawn (the page rests).
The 2,000 packages are drawn at random and judged like any other; they are no front, only as many points as one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright

from optimizer import Choices, Package, load_case
from optimizer.answers import Option, PlanFront
from optimizer.front import Certificate
from optimizer.judge.evaluate import judge_of
from optimizer.pages.command import call
from optimizer.questions import Question, ask
from optimizer.saved import keep
from optimizer.solving import exact_of, fingerprint

CASE, POINTS, CLICKS, SEED = "macedonia_2001", 2000, 40, 1
CROWDED = (0.6, 0.9), (0.6, 0.8)  # shares of the width and height between which most of the points lie
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MARKS = "[data-testid=stVegaLiteChart] .mark-symbol.role-mark path"
HEADS = "() => [...document.querySelectorAll('[data-testid=stMain] h3')].map(h => h.innerText).join()"
WATCH = """() => {
  addEventListener('pointerdown', () => { window.began = performance.now(); window.times = {}; }, true);
  const seen = (name, yes) => { if (yes && window.times && !(name in window.times))
    window.times[name] = performance.now() - window.began; };
  const look = () => {
    const main = document.querySelector('[data-testid=stMain]'), app = document.querySelector('[data-testid=stApp]');
    if (!main) return;
    const heads = (HEADS)();
    const front = [...main.querySelectorAll('h1')].some(h => h.innerText.includes('Front of packages'));
    seen('marks', front && document.querySelector('MARKS'));
    seen('stopped', [...main.querySelectorAll('[data-testid=stText]')].some(e => e.innerText.startsWith('Stopped')));
    seen('shown', heads !== window.before && heads.includes('Package P'));
    seen('rests', 'shown' in (window.times || {}) && app.dataset.testScriptState === 'notRunning');
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true});
}""".replace("MARKS", MARKS).replace("HEADS", HEADS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clicks", type=int, default=CLICKS)
    clicks = parser.parse_args().clicks
    with tempfile.TemporaryDirectory() as home, served(home) as (address, server), sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(120_000)
        first, stop = opening(page, address)
        print(f"first front {first:.0f} ms, stop {stop:.0f} ms")
        os.environ["OHRID_CACHE"] = str(Path(home) / "fronts")
        keep(many(ask(load_case(CASE), Choices(branches=())), POINTS))
        times = list(clicked(page, address, clicks, lambda: spent(server)))
        print(f"server: {statistics.median(t['server'] for t in times):.0f} ms of processor time a click")
        for name in ("shown", "rests"):
            values = [t[name] for t in times]
            print(f"click to package at {POINTS} points, {name}: median {statistics.median(values):.0f} ms, "
                  f"p95 {statistics.quantiles(values, n=20)[-1]:.0f} ms, {len(values)} clicks")  # fmt: skip


@contextmanager
def served(home: str) -> Iterator[tuple[str, int]]:
    """The page as `ohrid app` serves it, with its own folders."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    own = {"OHRID_HOME": home, "OHRID_CACHE": str(Path(home) / "fronts")}
    server = subprocess.Popen(call(port), cwd=home, env=os.environ | own, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        while server.poll() is None and not _answers(f"{address}/_stcore/health"):
            time.sleep(0.1)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(30)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=1).close()
    except OSError:
        return False
    return True


def spent(process: int) -> float:
    """Milliseconds of processor time of a process, as Linux counts them."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def opening(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds until the first marks, and until a stop is said."""
    page.goto(address)
    page.get_by_role("heading", name="Parties").wait_for()
    page.evaluate(WATCH)
    page.get_by_role("button", name="Find packages").click()
    first = awaited(page, "marks")
    page.wait_for_timeout(3_000)
    page.get_by_role("button", name="Stop", exact=True).click()
    return first, awaited(page, "stopped")


def awaited(page: Page, name: str) -> float:
    page.wait_for_function(f"() => window.times && '{name}' in window.times")
    return float(page.evaluate(f"window.times['{name}']"))


def clicked(page: Page, address: str, count: int, used: Callable[[], float]) -> Iterator[dict[str, float]]:
    """Times of clicks on points here and there, with what the server used for each."""
    from optimizer.pages.plain import packed

    page.goto(f"{address}/front?case={CASE}&q={packed(Choices(branches=()))}")
    canvas = page.locator("[data-testid=stVegaLiteChart] canvas")  # so many points are painted, not drawn as elements
    canvas.wait_for()
    page.get_by_text("Time is up").wait_for()
    page.evaluate(WATCH)
    box, chance, hits = canvas.bounding_box(), random.Random(SEED), 0
    assert box is not None
    while hits < count:
        page.evaluate(f"window.before = ({HEADS})()")
        before = used()
        across, down = chance.uniform(*CROWDED[0]), chance.uniform(*CROWDED[1])
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        with contextlib.suppress(TimeoutError):  # there may be no point, or the one already chosen
            page.wait_for_function("() => 'rests' in window.times", timeout=3_000)
            hits += 1
            yield page.evaluate("window.times") | {"server": used() - before}


def many(question: Question, count: int) -> PlanFront:
    """As many allowed packages as asked for, as a front without proof."""
    chance, found = random.Random(SEED), dict[Package, dict[str, float]]()
    tools = list(question.situation.by_instrument.values())
    judge = judge_of(question.case, question.choices, question.catalog)
    while len(found) < count:
        chosen = frozenset(chance.choice(c) for c in chance.sample(tools, chance.randint(1, 5)))
        if exact_of(question, chosen) is not None:
            package = question.situation.package(chosen)
            found[package] = dict(question.values(chosen, judge.evaluate(package)))
    options = [Option(f"P{n}", v, p, judge.evaluate(p), ()) for n, (p, v) in enumerate(found.items(), start=1)]
    resolutions = {a.key: a.resolution for a in question.axes()}
    certificate = Certificate({}, 0.5, "drawn at random", 0, 0.0, resolutions, "time limit")
    print_ = fingerprint(question.case, question.catalog)
    return PlanFront(question.case, question.choices, print_, question.axes(), tuple(options), certificate)


if __name__ == "__main__":
    main()
