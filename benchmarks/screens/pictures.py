"""The pictures of the README, taken anew: ``python -m benchmarks.screens.pictures`` writes docs/review.png and docs/studio.png."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from benchmarks.screens.browser import BOX, ROOT, browser, come_to_rest, go, server
from benchmarks.screens.walks import CARD, fit, open_sample, take

OLD_TOWN = ((880.0, 1380.0), (1920.0, 2320.0))
"""Corners of a rectangle round the zone that the sample was made with, in metres."""
VIEW = "() => window.__maps()[0].dataset.view.split(' ').map(Number)"


def review(page: Page) -> None:
    """The commuters' flagged tracks, the strangest selected."""
    fit(page)
    go(page, "Review")
    page.wait_for_timeout(5000)  # what sets the flagged tracks apart is worked out beside the page
    come_to_rest(page)
    page.screenshot(path=str(ROOT / "docs" / "review.png"))


def studio(page: Page) -> None:
    """The trucks' old town, drawn and not yet accepted."""
    page.get_by_test_id("stSidebar").get_by_role("combobox").first.click()
    page.get_by_role("option", name=re.compile("truck")).first.click()
    come_to_rest(page)
    fit(page)
    go(page, "Features")
    take(page, "rectangle")
    x, y, wide, high = page.evaluate(BOX)
    east, north, scale = page.evaluate(VIEW)
    (left, bottom), (right, top) = [(x + wide / 2 + (a - east) * scale, y + high / 2 - (b - north) * scale) for a, b in OLD_TOWN]
    page.mouse.move(left, bottom)
    page.mouse.down()
    page.mouse.move(right, top, steps=8)
    page.mouse.up()
    page.wait_for_function(CARD)
    come_to_rest(page)
    page.screenshot(path=str(ROOT / "docs" / "studio.png"))


if __name__ == "__main__":
    with server() as url, browser(url) as page:
        open_sample(page)
        review(page)
        studio(page)
