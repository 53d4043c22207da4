"""Event logs in a real browser: the made-up one by a click, an XES-like CSV from its upload, each to a flagged sequence with its reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.importing.test_logs import xes_like
from tests.browser.resting import at_rest
from tests.browser.test_line import fit, go

pytestmark = pytest.mark.browser


def flagged(page: Page) -> Locator:
    """The rows of the flagged sequences, once there are reasons of the selected one."""
    go(page, "Review", "Who does not behave like the rest")
    rows = page.locator(".review-list .row.flagged")
    expect(rows.first).to_be_visible(timeout=120_000)
    expect(page.get_by_text(re.compile(r"least expected")).first).to_be_visible()
    return rows


def test_an_xes_like_csv_from_upload_to_a_flagged_sequence_with_its_reason(page: Page) -> None:
    log, labels = xes_like()
    page.get_by_role("button", name="New from your files").click()
    expect(page.get_by_role("heading", name="What was observed")).to_be_visible()
    at_rest(page)
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(
        {"name": "log.csv", "mimeType": "text/csv", "buffer": log.to_csv(index=False).encode()})
    expect(page.get_by_text("220 sequences kept")).to_be_visible()
    expect(page.get_by_text(re.compile("A state is the last event"))).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Usable sequences")).to_be_visible()
    go(page, "Fit", "What do they want")
    fit(page)
    rows = flagged(page)
    planted = set(labels.loc[labels["planted"], "track"])
    assert any(name in rows.nth(0).inner_text() for name in planted)


def test_the_help_desk_by_a_click_to_a_flagged_ticket_with_its_reason(page: Page) -> None:
    page.get_by_role("heading", name="Help desk").locator("xpath=ancestor::*[.//button][1]").get_by_role(
        "button", name="Open this sample").click()
    expect(page.get_by_text("Usable sequences")).to_be_visible()
    go(page, "Fit", "What do they want")
    fit(page)
    rows = flagged(page)
    assert rows.count() >= 5
