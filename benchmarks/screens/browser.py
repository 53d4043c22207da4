"""The app in a real Chromium on this machine: a server of its own with an empty store, a page, and clocks that run in the page itself.

A time is taken from the event that the browser hands to the page (a key, a mouse button) to the first frame on which what was asked for is
there, both by the page's own clock: what the driver's messages to the browser take is not in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.soak.server import answers, free_port
from irlcore.errors import DataError

ROOT = Path(__file__).resolve().parents[2]
APP = (sys.executable, "-m", "app.server.command", "app", "--no-browser", "--port")
START_S, LONGEST_MS = 120.0, 300_000
HEADLINES = {"Start": "What do you want to look at", "Tracks": "What was observed", "Features": "What might matter",
             "Fit": "What do they want", "Review": "Who does not behave", "Intent": "What is this one after",
             "Report": "What do I hand over"}
CLOCK = """() => {
  if (window.__since) return;
  window.__since = {};
  const begin = kind => () => { window.__since[kind] ??= performance.now(); };
  for (const kind of ['keydown', 'mouseup', 'click']) document.addEventListener(kind, begin(kind), true);
  const found = what => {
    const all = [], look = root => {
      all.push(...root.querySelectorAll(what));
      for (const one of root.querySelectorAll('*')) if (one.shadowRoot) look(one.shadowRoot);
    };
    look(document);
    return all;
  };
  window.__maps = () => found('canvas[data-scene]');
  window.__list = () => found('.review-list[data-current]')[0];
}"""
"""Event listeners on the document, before anything that stops an event; the map's canvases and the list of the Review page, which live in
shadow roots."""
BOX = "() => { const at = window.__maps()[0].getBoundingClientRect(); return [at.x, at.y, at.width, at.height]; }"
STILL = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-stale=true]')"""
THERE = f"""headline => [...document.querySelectorAll('h1, h2')].some(one => one.textContent.startsWith(headline))
  && ({STILL})() && window.__maps().every(one => one.dataset.drawMs)"""
TIMED = """([since, argument]) => new Promise((done, failed) => {
  const test = CHECK, end = performance.now() + 120000;
  const look = () => {
    const now = performance.now();
    if (window.__since[since] !== undefined && test(argument)) done((now - window.__since[since]) / 1000);
    else if (now > end) failed(new Error('not within two minutes'));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


@contextmanager
def server(command: Sequence[str] = APP) -> Iterator[str]:
    """The address of a server with an empty store, until the end of the block. command: it ends in its port. RuntimeError where it does
    not start."""
    with tempfile.TemporaryDirectory(prefix="motive-screens-") as folder:
        port, log = free_port(), Path(folder) / "log"
        given = {**os.environ, "MOTIVE_HOME": str(Path(folder) / "store")}
        given.pop("MOTIVE_PASSWORD", None)
        with log.open("w") as said, subprocess.Popen([*command, str(port)], cwd=ROOT, env=given, stdout=said, stderr=said) as process:
            try:
                until = time.monotonic() + START_S
                while not answers(port):
                    if process.poll() is not None or time.monotonic() > until:
                        raise RuntimeError(f"The server did not start: {log.read_text(errors='replace')[-2000:]}")
                    time.sleep(0.2)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


@contextmanager
def browser(url: str) -> Iterator[Page]:
    """A page on the app's start, 1280 x 800. DataError where there is no Chromium or no playwright."""
    found = next((at for name in ("chromium", "chromium-browser", "google-chrome") if (at := shutil.which(name))), None)
    if found is None:
        raise DataError("This benchmark drives Chromium, and none is installed.", "Install Debian's chromium or Google Chrome.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(LONGEST_MS)
        page.goto(url)
        page.evaluate(CLOCK)
        come_to_rest(page)
        yield page
        chromium.close()


def come_to_rest(page: Page) -> None:
    """Until no script runs, no job is at work, and nothing on the page is of an earlier run, for half a second together."""
    calm = 0
    while calm < 5:
        at_work = page.get_by_role("button", name="Cancel", exact=True).count() > 0
        calm = calm + 1 if page.evaluate(STILL) and not at_work else 0
        page.wait_for_timeout(100)


def timed(page: Page, since: str, act: Callable[[], object], check: str, argument: object = None) -> float:
    """Seconds from the event ``since`` (keydown, mouseup or click) that ``act`` brings about to the first frame on which ``check`` is true,
    the text of a JavaScript function of ``argument``."""
    page.evaluate("() => { window.__since = {}; }")
    act()
    seconds: float = page.evaluate(TIMED.replace("CHECK", check), [since, argument])
    return seconds


def go(page: Page, name: str) -> float:
    """To another page; seconds from the click until it stands: its headline is there, its map is drawn, and no script runs."""
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=re.compile(rf"^{name}")).first
    seconds = timed(page, "click", link.click, THERE, HEADLINES[name])
    come_to_rest(page)
    return seconds
