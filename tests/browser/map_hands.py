"""A hand on the first map of a page: what it shows, where things lie on it, and what can be done there."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser.resting import at_rest


def picture(page: Page) -> Locator:
    """The canvas, once the whole scene is drawn on it."""
    canvas = page.locator("canvas.picture[data-scene]").first
    expect(canvas).to_be_visible()
    return canvas


def turn_to(page: Page, name: str) -> None:
    """To another of the made-up maps, once the page before has come to rest: a click on what is being drawn again is lost at times."""
    at_rest(page)
    page.wait_for_timeout(300)
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile("/$" if name == "town" else f"/{name}$"))


def view(page: Page) -> tuple[float, float, float]:
    """x and y of the middle in the world, and pixels a unit."""
    x, y, k = (float(part) for part in (picture(page).get_attribute("data-view") or "").split())
    return x, y, k


def box(page: Page) -> tuple[float, float, float, float]:
    found = picture(page).bounding_box()
    assert found is not None
    return found["x"], found["y"], found["width"], found["height"]


def world(page: Page, x: float, y: float) -> np.ndarray:
    """What lies at a point of the page, in the world."""
    left, top, wide, high = box(page)
    cx, cy, k = view(page)
    return np.array([cx + (x - left - wide / 2) / k, cy - (y - top - high / 2) / k])


def on_page(page: Page, xy: np.ndarray) -> tuple[float, float]:
    left, top, wide, high = box(page)
    cx, cy, k = view(page)
    return left + wide / 2 + (xy[0] - cx) * k, top + high / 2 - (xy[1] - cy) * k


def ring_said(page: Page) -> np.ndarray:
    said = page.get_by_text(re.compile("^Ring: "))
    expect(said).to_be_visible()
    return np.array([float(part) for part in said.inner_text().split()[1:]]).reshape(-1, 2)


def changed(page: Page, what: str, before: str | None) -> str:
    """The next value of one of the canvas's data."""
    expect(picture(page)).not_to_have_attribute(f"data-{what}", before or "")
    return picture(page).get_attribute(f"data-{what}") or ""


def drag(page: Page, points: list[tuple[float, float]], steps: int = 5) -> None:
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=steps)
    page.mouse.up()


def line_of(page: Page, layer: str) -> list[tuple[str, np.ndarray]]:
    """The lines of a layer as the page holds them: id and vertices."""
    found = page.evaluate("""name => {
        const [map] = window.motiveMaps.maps.values(), layer = map.panes[0].scene.found.find(one => one.name === name);
        return layer.ids.map((id, i) => [id, Array.from(layer.xy.slice(2 * layer.offsets[i], 2 * layer.offsets[i + 1]),
                                                        (x, k) => x + layer.origin[k % 2])]);
    }""", layer)
    return [(name, np.array(xy).reshape(-1, 2)) for name, xy in found]


def apart(page: Page, layer: str, least: float = 12.0) -> list[tuple[str, np.ndarray]]:
    """Lines that are not selected, each with a point that has no other line of the layer near."""
    lines = line_of(page, layer)
    moving = [(name, xy[:-1], xy[1:], np.hypot(*(xy[1:] - xy[:-1]).T) > 1.0) for name, xy in lines]
    marks = [(name, ((a + b) / 2)[far]) for name, a, b, far in moving]
    own, found = set((picture(page).get_attribute("data-selected") or "").split()), []
    for name, middles in marks:
        others = np.concatenate([m for n, m in marks if n != name])
        far = np.hypot(*(middles[:, None] - others[None]).transpose(2, 0, 1)).min(axis=1)
        if name not in own and far.max() * view(page)[2] > least:
            found.append((name, middles[int(far.argmax())]))
    return found
