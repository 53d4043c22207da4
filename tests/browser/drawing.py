"""What an analyst's hand does on the map of the Features page, in one place for all browser tests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.browser.resting import at_rest

LOOP = ((0.35, 0.4), (0.65, 0.4), (0.65, 0.65), (0.35, 0.65))
"""Corners round the middle of the map, as shares of its width and height from the upper left."""


def map_of(page: Page) -> Locator:
    """The map, once it is drawn."""
    at_rest(page)
    canvas = page.locator("canvas.picture")
    expect(canvas).to_have_count(1)  # not beside the one of the page before
    expect(canvas).to_have_attribute("data-scene", re.compile("."))
    return canvas


def take(page: Page, tool: str) -> None:
    """A tool of the map's own toolbar into the hand: "Move", "Lasso", "Polygon" or "Rectangle"."""
    map_of(page)
    button = page.get_by_role("toolbar", name="What the pointer does").get_by_role("button", name=re.compile(f"^{tool}"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def points_of(page: Page, corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Corners as shares of the map -> points of the window."""
    box = map_of(page).bounding_box()
    assert box is not None
    return [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in corners]


def spot_of(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the world (y upwards) lies in the window."""
    canvas = map_of(page)
    box, (cx, cy, k) = canvas.bounding_box(), map(float, (canvas.get_attribute("data-view") or "").split())
    assert box is not None
    return box["x"] + 0.5 * box["width"] + (x - cx) * k, box["y"] + 0.5 * box["height"] - (y - cy) * k


def lasso(page: Page, points: Sequence[tuple[float, float]]) -> None:
    """With the lasso from point to point of the window, the mouse button held down, and back to the first."""
    take(page, "Lasso")
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in (*points[1:], points[0]):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def draw_lasso(page: Page, corners: Sequence[tuple[float, float]] = LOOP) -> None:
    """A loop round the middle of the map."""
    lasso(page, points_of(page, corners))


def draw_polygon(page: Page, corners: Sequence[tuple[float, float]] = LOOP) -> None:
    """Corner by corner, each with a click, closed by a click on the first."""
    points = points_of(page, corners)
    take(page, "Polygon")
    for x, y in (*points, points[0]):
        page.mouse.move(x, y)
        page.mouse.click(x, y)


def draw_rectangle(page: Page, corners: Sequence[tuple[float, float]] = (LOOP[0], LOOP[2])) -> None:
    """From corner to corner."""
    first, last = points_of(page, corners)
    take(page, "Rectangle")
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=6)
    page.mouse.up()
