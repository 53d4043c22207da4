"""The report of the sample as its reader has it: opened from a disk, without a server, a script or a request; read, and printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from irlcore.report.contents import SECTIONS, contents_of
from irlcore.report.html import report_html
from tests.browser.resting import at_rest
from tests.browser.test_line import go, open_file
from tests.report.made import town

pytestmark = pytest.mark.browser
CUT = """() => [...document.querySelectorAll('figure svg')].filter(svg => {
    const box = svg.getBoundingClientRect();
    return box.width < 200 || box.height < 60 || box.right > document.documentElement.clientWidth + 1 || !svg.querySelector('path');
}).length"""
DRAWN = """() => {
    const shown = [...document.querySelectorAll('.motive-report figure')].map(figure => figure.querySelector('img'));
    return shown.length > 3 && shown.every(img => img?.complete && img.naturalWidth > 500 && img.getBoundingClientRect().width > 300);
}"""
"""Every figure of the preview is a picture that the browser has drawn."""
SAID = "() => [...document.querySelectorAll('.motive-report article :is(h3, li)')].map(e => e.textContent)"
DARK = """() => [...document.querySelectorAll('body *')].filter(e => {
    const [r, g, b, a] = (getComputedStyle(e).backgroundColor.match(/[\\d.]+/g) ?? []).map(Number);
    return a !== 0 && (r + g + b) / 3 < 200;
}).length"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    project, review, found = town()
    made = tmp_path / "report.html"
    made.write_text(report_html(contents_of(project, review, found, SECTIONS)), encoding="utf-8")
    return made


def test_it_opens_from_a_disk_with_all_maps_drawn_asks_for_nothing_and_prints(browser: Browser, file: Path) -> None:
    cards = file.read_text(encoding="utf-8").count("<article>")
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(file.as_uri())
        assert asked == [file.as_uri()] and not said
        assert page.locator("article").count() == cards > 3
        assert page.locator("article figure svg[role=img]").count() == cards
        assert page.locator("h1").count() == 1 and not page.evaluate(CUT)
        page.set_viewport_size({"width": 420, "height": 900})  # a telephone
        assert not page.evaluate(CUT)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1")
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(DARK) == 0
        assert page.evaluate("() => getComputedStyle(document.querySelector('article')).breakInside") == "avoid"
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        pages = len(re.findall(rb"/Type\s*/Page\b", printed))
        assert cards / 2 <= pages <= cards / 2 + 8  # two cards a page, and what stands before and after them
        assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45]", printed)  # A4
        assert asked == [file.as_uri()] and not said


def test_the_page_previews_the_file_that_it_hands_over(page: Page, fitted_town: Path, tmp_path: Path) -> None:
    open_file(page, fitted_town)
    go(page, "Report", "What do I hand over")
    expect(page.locator(".motive-report article").first).to_be_visible()
    at_rest(page)  # until then the page from before is there, too
    author = page.get_by_role("textbox", name="Author")
    author.fill("Ann Analyst")
    author.press("Enter")
    expect(page.locator(".motive-report .facts")).to_contain_text("Ann Analyst")
    at_rest(page)
    page.wait_for_function(DRAWN)
    shown = page.evaluate(SAID)
    assert page.locator(".motive-report article figure img[alt^='Map of track']").count() == page.locator(".motive-report article").count()
    assert all(page.locator(f".motive-report section.{part} figure img").count() == 1 for part in ("map", "wants"))
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".motive-report")).to_have_css("background-color", "rgb(255, 255, 255)")
    fonts = "() => ['.motive-report h2', 'h1'].map(e => getComputedStyle(document.querySelector(e)).fontFamily)"
    assert len(set(page.evaluate(fonts))) == 1
    with page.expect_download() as made:
        page.get_by_role("button", name="Download report").click()
    assert re.fullmatch(r"port-town-[\w-]+_commuter_\d{4}-\d\d-\d\d_report\.html", made.value.suggested_filename)
    target = tmp_path / "report.html"
    made.value.save_as(target)
    page.goto(target.as_uri())
    whole = page.evaluate(SAID)
    assert shown and whole[:len(shown)] == shown
    expect(page.locator(".facts")).to_contain_text("Ann Analyst")
