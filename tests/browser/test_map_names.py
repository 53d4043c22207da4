"""What is written on the map's canvas: names beside the selected track, and no tooltip where a drawing was begun."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_hands import apart, on_page, picture

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("tool", ["Rectangle", "Polygon"])
def test_no_tooltip_stands_where_a_drawing_was_begun(map_page: Page, tool: str) -> None:
    _, middle = apart(map_page, "flagged")[0]
    x, y = on_page(map_page, middle)
    map_page.get_by_role("button", name=re.compile(f"^{tool}")).click()
    map_page.mouse.move(x, y)
    expect(map_page.locator(".tip")).to_be_visible()
    map_page.mouse.down()
    expect(map_page.locator(".tip")).to_be_hidden()
    map_page.mouse.move(x + 60, y + 60, steps=3)
    map_page.mouse.up()
    expect(map_page.locator(".tip")).to_be_hidden()


def test_no_name_stands_on_the_selected_track(map_page: Page) -> None:
    """Each name that was written, all along it, against the line of the selected track."""
    picture(map_page)
    written = map_page.evaluate("""() => {
        const [map] = window.motiveMaps.maps.values(), { view, scene } = map.panes[0];
        const line = scene.found.find(one => one.name === "selected"), t = view.of(line);
        const at = v => [line.xy[2 * v] * t.kx + t.ax, line.xy[2 * v + 1] * t.ky + t.ay];
        const points = Array.from({ length: line.xy.length / 2 }, (_, v) => at(v));
        return { points, names: map.panes[0].named };
    }""")
    names, points = written["names"], np.array(written["points"])
    assert len(names) > 5
    a, b = points[:-1], points[1:]
    for x, y, width, angle in names:
        for far in np.linspace(-0.5, 0.5, 21) * width:
            at = np.array([x + far * np.cos(angle), y + far * np.sin(angle)])
            step = b - a
            share = np.clip(((at - a) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-12), 0.0, 1.0)
            assert np.hypot(*(at - a - share[:, None] * step).T).min() > 5.0
