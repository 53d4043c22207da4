"""How fast the screens answer, in a real browser: the sample, and with data the Shanghai taxis and the VMT vehicles, by upload.

    python -m benchmarks screens --json [--data DIR]

Each figure is the median of ten, in seconds from the event in the page to the first frame that shows what was asked for (``browser``).
page_s is the slowest of the six pages, by the median way to each. lasso_to_card_s and accept_to_change_s are measured where a loop can be
drawn on a fitted class. The sample is fitted with its usual model, uploads with MaxEnt. The maps of 40,000 links and 160,000 vertices are
made up (``scenes``) and drawn by the app's own component.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.screens import browser, drawn, walks

QUICK = "MaxEnt"
"""The model of uploads: the usual one takes minutes for 15,000 trips, and each proposal accepted is a refit."""
UPLOADS = {"shanghai": ("links.csv", "nodes.csv", "paths.csv.gz", "transitions.csv"), "vmt": ("points.csv.gz", "tracks.csv")}


def run(folder: Path) -> dict[str, Any]:
    """folder: of the Shanghai set; that of VMT lies beside it. What is not there is left out, with a word."""
    found: dict[str, Any] = {"sample": {}}
    with browser.server() as url:
        with browser.browser(url) as page:
            walks.open_sample(page)
            found["sample"] = told("sample", answered(page))
        for name, files in UPLOADS.items():
            at = [folder.parent / name / one for one in files]
            if not all(one.exists() for one in at):
                print(f"{name}: left out, {at[0].parent} is not there", flush=True)
                continue
            with browser.browser(url) as page:
                walks.open_upload(page, at)
                found[name] = told(name, answered(page, QUICK))
    found["map"] = told("map", drawn.measured())
    return found


def answered(page: Page, model: str = "") -> dict[str, Any]:
    """All figures of an open project: it is fitted, reviewed and added to."""
    walks.fit(page, model)
    walks.go(page, "Features")
    card = walks.often(walks.lasso_to_card, page, walks.dismiss)
    change = walks.often(walks.accept_to_change, page)
    by_page = walks.pages(page)
    walks.go(page, "Review")
    walks.list_all(page)  # of the flagged ones there may be fewer than are gone through
    return {"next_track_s": walks.often(walks.next_track, page), "verdict_s": walks.often(walks.verdict, page),
            "verdict_kept_s": walks.often(walks.verdict_kept, page), "page_s": max(by_page.values()), "lasso_to_card_s": card,
            "accept_to_change_s": change, "pages": by_page}


def told(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Printed for people, then given back."""
    print(f"{name}: " + ", ".join(f"{what} {value}" for what, value in figures.items()), flush=True)
    return figures
