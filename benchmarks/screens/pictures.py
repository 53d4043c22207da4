"""The pictures of the README and the docs, taken anew: ``python -m benchmarks.screens.pictures`` writes docs/fit.png, docs/review.png,
docs/intent.png and docs/studio.png, and with some of their names only these."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence

from PIL import Image
from playwright.sync_api import Page

from benchmarks.screens.browser import BOX, ROOT, browser, come_to_rest, go, server
from benchmarks.screens.walks import CARD, fit, open_sample, take

OLD_TOWN = ((880.0, 1380.0), (1920.0, 2320.0))
"""Corners of a rectangle round the zone that the sample was made with, in metres."""
VIEW = "() => window.__maps()[0].dataset.view.split(' ').map(Number)"


def keep(page: Page, name: str) -> None:
    """What the window shows, in 256 colours: a third of the bytes, and as good to read."""
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256).save(ROOT / "docs" / f"{name}.png", optimize=True)


def fitted(page: Page) -> None:
    """What the commuters want, with intervals and in sentences."""
    fit(page)
    keep(page, "fit")


def review(page: Page) -> None:
    """The commuters' flagged tracks, the strangest selected."""
    fit(page)
    go(page, "Review")
    page.wait_for_timeout(5000)  # what sets the flagged tracks apart is worked out beside the page
    come_to_rest(page)
    keep(page, "review")


def intent(page: Page) -> None:
    """What one track was after, half way."""
    fit(page)
    go(page, "Intent")
    page.wait_for_timeout(3000)
    come_to_rest(page)
    keep(page, "intent")


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
    keep(page, "studio")


TAKEN = {"fit": fitted, "review": review, "intent": intent, "studio": studio}
"""name -> who takes it, from the sample as it was just opened or as the one before left it."""


def main(wanted: Sequence[str]) -> None:
    """Take those that are wanted, all of them where none are named."""
    with server() as url, browser(url) as page:
        open_sample(page)
        for name, take_it in TAKEN.items():
            if not wanted or name in wanted:
                take_it(page)


if __name__ == "__main__":
    main(sys.argv[1:])
