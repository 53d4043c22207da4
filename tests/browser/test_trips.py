"""The histogram of gaps in a real browser: its cut is dragged, moved by keys, and goes to its box; the box's goes to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.importing.test_trips_form import days, file_of

pytestmark = pytest.mark.browser


def test_the_cut_is_dragged_moved_by_keys_and_typed(page: Page, tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_bytes(file_of(days()))
    page.get_by_role("button", name="New from your files").click()
    files = page.locator(".st-key-uploads input[type=file]")
    files.wait_for(state="attached")
    files.set_input_files(tmp_path / "days.csv")
    handle = page.get_by_role("slider", name="Gaps between points, cut")
    box = page.get_by_role("spinbutton", name="A trip ends at a gap of more than")
    expect(page.get_by_text("Splits 3 of 3 ids into 9 trips.")).to_be_visible()
    suggested = float(box.input_value())
    assert float(handle.get_attribute("aria-valuenow") or 0.0) == pytest.approx(suggested)

    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(box).not_to_have_value(str(int(suggested)))
    assert 0.0 < float(box.input_value()) < suggested
    expect(page.get_by_text("Splits 3 of 3 ids into 9 trips.")).to_be_visible()

    picture = page.locator(".gaps svg").first.bounding_box()
    assert picture is not None
    middle = picture["y"] + 0.5 * picture["height"]
    page.mouse.move(picture["x"] + 0.5 * picture["width"], middle)
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"] - 1.0, middle, steps=4)
    page.mouse.up()
    expect(box).to_have_value("0")
    expect(handle).to_have_attribute("aria-valuetext", "no cut")
    expect(page.get_by_text("3 tracks kept")).to_be_visible()

    box.fill("7200")
    box.press("Enter")
    expect(handle).to_have_attribute("aria-valuenow", "7200")
    expect(page.get_by_text("9 tracks kept")).to_be_visible()
