"""The whole line as an analyst walks it, in a real browser: sample, zone, feature, fit, review, report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from irlcore.project.project_file import load_project
from tests.browser.drawing import draw_lasso

pytestmark = pytest.mark.browser
TRACE = "name => (document.querySelector('.js-plotly-plot')?.data ?? []).filter(t => t.name === name && t.customdata)"


def go(page: Page, name: str, headline: str) -> None:
    """To another page, as people do: once the one before has come to rest."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(500)
    page.get_by_test_id("stSidebar").get_by_role("link", name=re.compile(rf"^{name}")).click()
    expect(page.get_by_role("heading", name=headline)).to_be_visible()


def open_town(page: Page) -> None:
    page.get_by_role("button", name="Open this sample").first.click()
    expect(page.get_by_text("Usable as paths")).to_be_visible()


def fit(page: Page) -> None:
    page.get_by_role("button", name="Fit", exact=True).click()
    expect(page.get_by_text("Held out, per track")).to_be_visible(timeout=120_000)


def selected_on_map(page: Page) -> str:
    found = page.evaluate(f"({TRACE})('selected').map(t => t.customdata[0])")
    return str(found[0]) if found else ""


def test_sample_zone_feature_fit_review_report(page: Page, tmp_path: Path) -> None:
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

    go(page, "Review", "Who does not behave like the rest")
    heading = page.get_by_role("heading", name="flagged of")
    expect(heading).to_be_visible()
    assert int(heading.inner_text().split()[0]) >= 3
    page.get_by_role("radio", name="Flagged").click()
    flagged_now = (heading.text_content() or "").split()[0]
    expect(page.get_by_text(re.compile(rf"^1 of {flagged_now}$"))).to_be_visible()  # the list of the filter, not the one before it
    page.wait_for_function(f"({TRACE})('selected').length === 1")
    before = selected_on_map(page)
    second_row = {"x": 16.0, "y": 35 * 2.5}  # its box, below the header
    page.get_by_test_id("stDataFrame").first.click(position=second_row)
    page.wait_for_function(f"before => ({TRACE})('selected').some(t => t.customdata[0] !== before)", arg=before)
    chosen = selected_on_map(page)
    expect(page.get_by_role("heading", name=chosen)).to_be_visible()
    flagged = page.evaluate(f"({TRACE})('flagged').flatMap(t => t.customdata)")
    assert chosen in flagged

    go(page, "Report", "What do I hand over")
    with page.expect_download() as report:
        page.get_by_role("button", name="Download report").click()
    target = tmp_path / "report.html"
    report.value.save_as(target)
    text = target.read_text(encoding="utf-8")
    assert "is not guilt" in text and "in market" in text and chosen in text and "plotly" in text

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save project").click()
    file = tmp_path / "project.motive"
    saved.value.save_as(file)
    project = load_project(file.read_bytes())
    assert "market" in project.zones and project.fit is not None


def test_a_click_on_the_map_selects_the_track_everywhere(page: Page) -> None:
    open_town(page)
    go(page, "Fit", "What do they want")
    fit(page)
    go(page, "Review", "Who does not behave like the rest")
    page.wait_for_function(f"({TRACE})('selected').length === 1")
    before = selected_on_map(page)
    where = page.evaluate("""before => {
        const plot = document.querySelector('.js-plotly-plot'), box = plot.querySelector('.nsewdrag').getBoundingClientRect();
        const x = plot._fullLayout.xaxis, y = plot._fullLayout.yaxis;
        const [flagged, own] = ['flagged', 'selected'].map(name => plot._fullData.find(t => t.name === name && t.customdata));
        const apart = (j, k) => Number.isNaN(own.x[j]) ? 1e9 : Math.hypot(own.x[j] - flagged.x[k], own.y[j] - flagged.y[k]);
        const far = k => Math.min(...Array.from(own.x, (_, j) => apart(j, k)));
        let best = -1, most = 0;
        flagged.customdata.forEach((id, k) => { if (id !== before && far(k) > most && far(k) < 1e9) { most = far(k); best = k; } });
        return [box.x + x.l2p(flagged.x[best]), box.y + y.l2p(flagged.y[best])];
    }""", before)
    page.mouse.move(*where)
    page.mouse.click(*where)
    page.wait_for_function(f"before => ({TRACE})('selected').some(t => t.customdata[0] !== before)", arg=before)
    chosen = selected_on_map(page)
    expect(page.get_by_role("heading", name=chosen)).to_be_visible()
    go(page, "Intent", "What is this one after")
    expect(page.get_by_role("combobox", name="Track")).to_have_value(chosen)


def test_a_long_fit_can_be_cancelled(page: Page) -> None:
    open_town(page)
    go(page, "Fit", "What do they want")
    gamma = page.get_by_role("spinbutton", name="Discount per step (gamma)")
    gamma.fill("0.99")
    gamma.press("Enter")
    page.get_by_role("button", name="Fit", exact=True).click()
    cancel = page.get_by_role("button", name="Cancel")
    ended = page.get_by_text("Held out, per track").or_(page.get_by_text("Fit was cancelled"))
    expect(cancel.or_(ended).first).to_be_visible()
    if cancel.is_visible():
        cancel.click()
    expect(ended.first).to_be_visible()


def test_a_reload_finds_the_project_again_and_nothing_is_asked_of_other_hosts(page: Page) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]) if request.url.startswith("http") else None)
    open_town(page)
    go(page, "Fit", "What do they want")
    fit(page)
    page.reload()
    expect(page.get_by_text("Held out, per track")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    for name, headline in (("Review", "Who does not"), ("Intent", "What is this one"), ("Report", "What do I hand")):
        go(page, name, headline)
    assert asked == {page.url.split("/")[2]}


def test_two_windows_do_not_share_a_project(page: Page) -> None:
    open_town(page)
    other = page.context.browser.new_page() if page.context.browser else page
    other.goto(page.url.split("/tracks")[0])
    expect(other.get_by_role("button", name="Open this sample").first).to_be_visible()
    expect(other.get_by_text("New project")).to_be_visible()
