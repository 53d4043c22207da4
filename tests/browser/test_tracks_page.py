"""The Tracks page in a real browser: a click selects a track, the same track on every view, a file under the map."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_line import go

pytestmark = pytest.mark.browser


def view(page: Page, name: str) -> None:
    page.locator(".st-key-tracks_view").get_by_text(name, exact=True).click()


def click_middle(page: Page) -> None:
    box = page.locator(".st-key-map_tracks_map canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])


def test_a_click_selects_a_track_and_a_file_lies_under_the_map(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Open this sample").nth(1).click()
    expect(page.get_by_text("Usable as paths")).to_be_visible()
    go(page, "Tracks", "What was observed")
    legend = page.locator(".st-key-map_tracks_map")
    expect(legend.get_by_text("traffic (most:")).to_be_visible()
    view(page, "Points as read")
    expect(legend.get_by_text("all points as read")).to_be_visible()
    click_middle(page)
    said = page.get_by_text("Selected:")
    expect(said).to_be_visible()
    chosen = said.inner_text()
    view(page, "Flow")
    expect(legend.get_by_text("traffic (most:")).to_be_visible()
    expect(legend.get_by_text("selected track")).to_be_visible()
    assert said.inner_text() == chosen
    land = {"type": "Feature", "properties": {"name": "Mainland"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 2200], [900, 2300], [1600, 3000], [0, 3000], [0, 2200]]]}}
    (tmp_path / "land.geojson").write_text(json.dumps(land))
    page.get_by_text("Under the map").click()
    page.locator(".st-key-map_files input[type=file]").set_input_files(tmp_path / "land.geojson")
    page.get_by_role("button", name="Lay under the map").click()
    expect(page.get_by_text("Under the map · 1 file")).to_be_visible()
    page.get_by_role("button", name="Let go").click()
    expect(said).to_have_count(0)
