"""The whole line as an analyst walks it, in a real browser: sample, zone, feature, fit, review, report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.server.visitor import COOKIE
from irlcore.project.project_file import load_project
from tests.browser.drawing import draw_lasso
from tests.browser.map_hands import apart, on_page, picture
from tests.browser.resting import at_rest

pytestmark = pytest.mark.browser


def go(page: Page, name: str, headline: str) -> None:
    """To another page, as people do: once the one before has come to rest."""
    at_rest(page)
    page.wait_for_timeout(500)
    page.get_by_test_id("stSidebar").get_by_role("link", name=re.compile(rf"^{name}")).click()
    expect(page.get_by_role("heading", name=headline)).to_be_visible()


def open_town(page: Page) -> None:
    page.get_by_role("button", name="Open this sample").first.click()
    expect(page.get_by_text("Usable as paths")).to_be_visible()


def open_file(page: Page, file: Path) -> None:
    """A project file on the Start page."""
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(file)
    expect(page.get_by_role("heading", name="What might matter to them")).to_be_visible()


def fit(page: Page) -> None:
    page.get_by_role("button", name="Fit", exact=True).click()
    expect(page.get_by_text(re.compile("Held out, per (track|sequence)"))).to_be_visible(timeout=120_000)


def reviewed(page: Page) -> Locator:
    """The list of the Review page, once it and the map are there."""
    found = page.locator(".review-list")
    expect(found.locator(".row.current")).to_be_visible()
    expect(page.locator(".st-key-map_review_map canvas.picture")).to_have_attribute("data-scene", re.compile("."))
    return found


def secret(page: Page) -> str:
    """What the gate knows this browser by."""
    return next((str(one["value"]) for one in page.context.cookies() if one["name"] == COOKIE), "")


def test_sample_zone_feature_fit_reload_review_report(page: Page, tmp_path: Path) -> None:
    open_town(page)
    go(page, "Features", "What might matter to them")
    draw_lasso(page)
    name = page.get_by_label("Name what you drew")
    name.fill("market")
    name.press("Enter")
    expect(page.get_by_text("1 for each step inside market (no unit).")).to_be_visible()
    page.get_by_role("button", name="Add feature").click()
    expect(page.get_by_text("6 of 7 switched on")).to_be_visible()

    go(page, "Fit", "What do they want")
    fit(page)
    expect(page.locator(".js-plotly-plot").get_by_text("in market")).to_be_visible()
    page.reload()  # finds the project and its fit again, and what can be undone
    expect(page.get_by_text(re.compile("Held out, per (track|sequence)"))).to_be_visible()
    expect(page.locator(".js-plotly-plot").get_by_text("in market")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()

    go(page, "Review", "Who does not behave like the rest")
    rows = reviewed(page)
    expect(page.get_by_text(re.compile(r"^0 of \d+ flagged decided\. Stopping here lists "))).to_be_visible()
    assert rows.locator(".row.flagged").count() == rows.locator(".row").count() >= 3
    picture = page.locator(".st-key-map_review_map canvas.picture")
    before = picture.get_attribute("data-scene") or ""
    rows.locator(".row").nth(1).click()
    expect(picture).not_to_have_attribute("data-scene", before)
    chosen = rows.get_attribute("data-current") or ""
    assert chosen == rows.locator(".row").nth(1).get_attribute("data-track")
    expect(page.get_by_role("heading", name=chosen)).to_be_visible()

    go(page, "Report", "What do I hand over")
    with page.expect_download() as report:
        page.get_by_role("button", name="Download report").click()
    target = tmp_path / "report.html"
    report.value.save_as(target)
    text = target.read_text(encoding="utf-8")
    assert "is not guilt" in text and "in market" in text and chosen in text and f"Map of track {chosen}" in text

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save project").click()
    file = tmp_path / "project.motive"
    saved.value.save_as(file)
    project = load_project(file.read_bytes())
    assert "market" in project.zones and project.fit is not None


def test_a_click_on_the_map_selects_the_track_everywhere(page: Page, fitted_town: Path) -> None:
    open_file(page, fitted_town)
    go(page, "Review", "Who does not behave like the rest")
    rows = reviewed(page)
    chosen, middle = apart(page, "flagged")[0]
    assert chosen != rows.get_attribute("data-current")
    page.mouse.click(*on_page(page, middle))
    expect(rows).to_have_attribute("data-current", chosen)
    expect(page.get_by_role("heading", name=chosen)).to_be_visible()
    expect(picture(page)).to_have_attribute("data-selected", chosen)
    go(page, "Intent", "What is this one after")
    expect(page.locator(".st-key-intent_page").get_by_role("heading", name=chosen, exact=True)).to_be_visible()
    go(page, "Tracks", "What was observed")
    expect(picture(page)).to_have_attribute("data-selected", chosen)


def test_a_long_fit_can_be_cancelled(page: Page) -> None:
    open_town(page)
    go(page, "Fit", "What do they want")
    page.get_by_text("Settings", exact=True).click()
    gamma = page.get_by_role("spinbutton", name="Discount per step (gamma)")
    gamma.fill("0.99")
    gamma.press("Enter")
    page.get_by_role("button", name="Fit", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Fit was cancelled")).to_be_visible()
    expect(page.get_by_text(re.compile("Held out, per (track|sequence)"))).to_have_count(0)


def test_two_browsers_do_not_share_a_project(browser: Browser, page: Page) -> None:
    open_town(page)
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(page.url.split("/tracks")[0])
        expect(other.get_by_role("button", name="Open this sample").first).to_be_visible()
        expect(other.get_by_text("New project")).to_be_visible()
