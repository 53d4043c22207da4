"""What an analyst does again and again, timed: the next track, a verdict, another page, a loop drawn, a proposal accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from benchmarks.screens.browser import BOX, HEADLINES, come_to_rest, go, timed

TIMES = 10
"""How often each is done: what is told is the median."""
PAGES = ("Tracks", "Features", "Fit", "Review", "Intent", "Report")
LOOP = ((0.40, 0.42), (0.62, 0.42), (0.62, 0.62), (0.40, 0.62), (0.40, 0.44))
"""A loop in the middle of the map, as shares of its width and height."""
LIST = "window.__list()"
PICTURE = """before => { const list = window.__list(), now = list?.dataset.current;
  return now && now !== before && window.__maps().some(one => (one.dataset.selected ?? '').split('\\n').includes(now)); }"""
DECIDED = """before => { const list = window.__list(); return list && list.dataset.current !== before; }"""
KEPT = """before => { const list = window.__list(), now = list?.dataset.current;
  return now && now !== before && list.dataset.pending === '0'
    && window.__maps().some(one => (one.dataset.selected ?? '').split('\\n').includes(now)); }"""
CARD = "() => document.querySelector('.st-key-preview_card')?.textContent.includes('Predicted gain') ?? false"
CHANGE = """() => { const card = document.querySelector('.st-key-change_card');
  return Boolean(card && card.textContent.includes('Log-likelihood per track') && card.querySelector('.js-plotly-plot')); }"""
NO_CARD = "() => !document.querySelector('.st-key-preview_card')"


def current(page: Page) -> str:
    """The track that the list of the Review page stands on."""
    found: str = page.evaluate("() => window.__list()?.dataset.current ?? ''")
    return found


def list_all(page: Page) -> None:
    """All reviewed tracks in the list."""
    page.get_by_text("All", exact=True).first.click()
    come_to_rest(page)


def next_track(page: Page) -> float:
    """From the key n to the picture of the next track."""
    return timed(page, "keydown", lambda: page.keyboard.press("n"), PICTURE, current(page))


def verdict(page: Page) -> float:
    """From the key 4 until the verdict stands in the list and the next track is marked there."""
    return timed(page, "keydown", lambda: page.keyboard.press("4"), DECIDED, current(page))


def verdict_kept(page: Page) -> float:
    """From the key 4 until the server has the verdict and the next track is drawn."""
    return timed(page, "keydown", lambda: page.keyboard.press("4"), KEPT, current(page))


def lasso_to_card(page: Page) -> float:
    """From letting the mouse go after a loop to the card with what it promises; the card is dismissed again."""
    take(page, "lasso")
    box = page.evaluate(BOX)
    points = [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in LOOP]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=8)
    return timed(page, "mouseup", page.mouse.up, CARD)


def take(page: Page, tool: str) -> None:
    """A tool of the map's own bar."""
    page.get_by_role("button", name=re.compile(tool, re.IGNORECASE)).first.click()


def dismiss(page: Page) -> None:
    page.locator(".st-key-dismiss_proposal button").click()
    page.wait_for_function(NO_CARD)
    come_to_rest(page)


def accept_to_change(page: Page) -> float:
    """From accepting what was drawn to the card that says what the refit changed; it is undone again."""
    lasso_to_card(page)
    come_to_rest(page)
    seconds = timed(page, "click", page.locator(".st-key-accept button").click, CHANGE)
    come_to_rest(page)
    page.locator(".st-key-undo_change button").click()
    come_to_rest(page)
    if page.evaluate(NO_CARD) is False:
        dismiss(page)
    return seconds


def pages(page: Page) -> dict[str, float]:
    """The median way to each page, from the one before in the order of the work."""
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(TIMES):
        for name in PAGES:
            found[name].append(go(page, name))
    return {name: round(median(times), 3) for name, times in found.items()}


def often(act: Callable[[Page], float], page: Page, after: Callable[[Page], None] = come_to_rest, times: int = TIMES) -> float:
    """The median of ``act`` done again and again, the page at rest between."""
    found = []
    for _ in range(times):
        found.append(act(page))
        after(page)
    return round(median(found), 3)


def open_sample(page: Page) -> None:
    """The port town, with its trucks fitted."""
    page.get_by_role("button", name="Open this sample").first.click()
    page.get_by_role("heading", name=re.compile(HEADLINES["Tracks"])).wait_for()
    come_to_rest(page)


def open_upload(page: Page, files: Sequence[Path]) -> None:
    """A project from files, through the form, as guessed."""
    page.get_by_role("button", name="New from your files").click()
    page.get_by_role("heading", name=re.compile(HEADLINES["Tracks"])).wait_for()
    come_to_rest(page)
    page.locator("input[type=file]").first.set_input_files([str(one) for one in files])
    page.wait_for_timeout(1000)
    come_to_rest(page)
    if (whole := page.get_by_role("button", name="Read all of it")).count():
        whole.first.click()
        page.wait_for_timeout(500)
        come_to_rest(page)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("Usable as paths").wait_for()
    come_to_rest(page)


def fit(page: Page, model: str = "") -> None:
    """With the features as they stand, and the model called so; with the usual one for the world where that is empty."""
    go(page, "Fit")
    if model:
        page.get_by_text("Settings", exact=True).click()
        page.get_by_role("radio", name=re.compile(f"^{model}")).locator("xpath=ancestor::label").first.click()
        come_to_rest(page)
    page.locator(".st-key-fit_button button").click()
    page.wait_for_timeout(1000)
    come_to_rest(page)
