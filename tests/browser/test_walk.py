"""All pages, walked once with a sample: none asks another host for anything, and the eye stays where it is on the map."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.server.visitor import COOKIE
from tests.browser.drawing import draw_lasso
from tests.browser.map_hands import box, changed, drag, line_of, on_page, picture, view
from tests.browser.resting import at_rest
from tests.browser.test_line import go, open_file, secret

pytestmark = pytest.mark.browser
STORY = {"Tracks": "What was observed", "Features": "What might matter to them", "Fit": "What do they want",
         "Review": "Who does not behave", "Intent": "What is this one after", "Report": "What do I hand over"}
ACROSS = "({ parentElement: pane }) => Math.sqrt(pane.clientWidth * pane.clientHeight)"


def to(page: Page, name: str) -> None:
    go(page, name, STORY[name])
    at_rest(page)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0)  # what is looked for beside the page is there


def seen(page: Page) -> tuple[float, float, float]:
    """The middle of what is seen on the map, and about how many of the world's units there are from side to side."""
    (x, y, k), across = view(page), picture(page).evaluate(ACROSS)
    return x, y, float(across / k)


def download(page: Page, button: Locator) -> Path:
    with page.expect_download() as file:
        button.click()
    return file.value.path()


def test_every_page_works_under_the_policy_and_none_asks_another_host(page: Page, fitted_town: Path, tmp_path: Path) -> None:
    """The fixture asserts that nothing was refused and looks at what the pages ask for; here all that is asked for at all is looked at,
    and all is done that a page could need leave for: playback, plots, tables and downloads included."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]) if request.url.startswith("http") else None)
    page.on("websocket", lambda socket: asked.add(socket.url.split("/")[2]))
    assert "default-src 'none'" in page.request.get(page.url).headers["content-security-policy"]
    open_file(page, fitted_town)
    plot = page.locator(".js-plotly-plot .main-svg").first
    for name in STORY:
        to(page, name)
        if name in ("Tracks", "Features", "Review", "Intent"):
            picture(page)
        if name == "Features":
            draw_lasso(page)
            expect(page.get_by_label("Name what you drew")).to_be_visible()
        if name == "Review":
            page.get_by_role("button", name="Play", exact=True).click()
            expect(page.locator(".times")).to_have_attribute("data-frames", re.compile("[1-9]"))
            page.get_by_role("button", name="Pause").click()
            page.locator(".st-key-look").get_by_text("Features").click()
        if name in ("Fit", "Review", "Intent"):
            expect(plot).to_be_visible()
        if name == "Fit":
            page.get_by_text("Numbers and where they come from").click()
            table = page.get_by_test_id("stDataFrame").first
            table.hover()
            table.get_by_role("button", name="Fullscreen").click()
            page.get_by_role("button", name="Close fullscreen").click()
            table.hover()
            expect(page.get_by_test_id("stElementToolbarButton").first).to_be_visible()
            # Streamlit's own download writes texts as they are, which a spreadsheet would run; the files of the Report page are as_csv's
            assert not page.get_by_label("Download as CSV").count()
    buttons = page.get_by_test_id("stDownloadButton").get_by_role("button")
    for button in buttons.all():
        assert download(page, button).stat().st_size > 100, button
    for named in ("Download report", "CSV", "GeoJSON", "Intent"):
        assert download(page, buttons.filter(has_text=named).last).stat().st_size > 1000, named
    project = tmp_path / "project.motive"
    project.write_bytes(download(page, page.get_by_role("button", name="Save project")).read_bytes())
    page.get_by_test_id("stSidebar").get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="What do these words mean?")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Start").click()
    expect(page.get_by_text("Recent projects")).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(project)
    expect(page.get_by_role("heading", name="What might matter to them")).to_be_visible()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert asked == {page.url.split("/")[2]}
    assert secret(page) and COOKIE + "=" not in page.evaluate("() => document.cookie")


def test_the_map_shows_the_same_middle_and_zoom_on_every_page(page: Page, fitted_town: Path) -> None:
    """Seen nearer, and with the selected track near the middle: a page may move only where the track cannot be seen otherwise."""
    open_file(page, fitted_town)
    to(page, "Review")
    expect(page.locator(".review-list .row.current")).to_be_visible()
    to(page, "Tracks")
    before = picture(page).get_attribute("data-view")
    page.get_by_role("button", name=re.compile("^Nearer")).click()
    before = changed(page, "view", before)
    left, top, wide, high = box(page)
    ends = line_of(page, "selected")[0][1]
    x, y = on_page(page, (ends.min(axis=0) + ends.max(axis=0)) / 2)
    middle = left + wide / 2, top + high / 2
    drag(page, [middle, (middle[0] - (x - middle[0]) + 25.0, middle[1] - (y - middle[1]) - 15.0)])
    changed(page, "view", before)
    page.wait_for_timeout(500)
    kept = seen(page)
    for name in ("Features", "Review", "Intent", "Tracks"):
        to(page, name)
        assert seen(page) == pytest.approx(kept, rel=1e-6), name
