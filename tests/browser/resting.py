"""When a page has come to rest: what is done before that may be lost with what is drawn again."""

from __future__ import annotations

from playwright.sync_api import Page


def at_rest(page: Page, timeout: float | None = None) -> None:
    """Wait until no script of the page runs. timeout: in ms, the context's own where it is None."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=timeout)
