"""One turn of elicitation in a real browser: draw, preview, accept, before and after, undo, redo; and who is behind a place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_line import draw_lasso, fit, go, open_town

pytestmark = pytest.mark.browser


def fitted_studio(page: Page) -> None:
    open_town(page)
    go(page, "Fit", "What do they want")
    fit(page)
    go(page, "Features", "What might matter to them")
    expect(page.get_by_role("radio", name="What the model misses")).to_be_checked()


def test_draw_preview_accept_before_and_after_undo_redo(page: Page) -> None:
    fitted_studio(page)
    draw_lasso(page)
    expect(page.get_by_text("Predicted gain")).to_be_visible()
    expect(page.get_by_text("1 looked at so far")).to_be_visible()
    name = page.get_by_label("Name what you drew")
    name.fill("market")
    name.press("Enter")
    expect(page.get_by_text("1 for each step inside market (no unit).")).to_be_visible()
    page.get_by_label("Why it might matter").first.fill("stalls on the road")
    page.get_by_role("button", name="Accept and refit").click()

    changed = page.get_by_text('What "in market" changed')
    expect(changed).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Flagged: ")).to_be_visible()
    expect(page.get_by_text("6 of 7 switched on")).to_be_visible()
    expect(page.get_by_text("Predicted gain")).to_have_count(0)

    page.get_by_role("button", name="Undo this").click()
    expect(changed).to_have_count(0)
    expect(page.get_by_text("Predicted gain")).to_be_visible()
    expect(page.get_by_text("5 of 6 switched on")).to_be_visible()

    page.get_by_role("button", name="Redo").click()
    expect(changed).to_be_visible()
    expect(page.get_by_text("6 of 7 switched on")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(changed).to_have_count(0)


def test_a_click_on_a_missed_place_tells_who_is_behind_it(page: Page) -> None:
    fitted_studio(page)
    page.wait_for_function("() => document.querySelector('.js-plotly-plot .nsewdrag') !== null")
    where = page.evaluate("""() => {
        const plot = document.querySelector('.js-plotly-plot'), box = plot.querySelector('.nsewdrag').getBoundingClientRect();
        const places = plot._fullData.find(t => t.name === 'uses more or less than expected' && t.customdata);
        const k = places.marker.color.reduce((best, v, i, all) => v > all[best] ? i : best, 0);
        return [box.x + plot._fullLayout.xaxis.l2p(places.x[k]), box.y + plot._fullLayout.yaxis.l2p(places.y[k])];
    }""")
    page.mouse.move(*where)
    page.mouse.click(*where)
    expect(page.get_by_text("Tracks behind")).to_be_visible()
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16.0, "y": 35 * 1.5})
    expect(page.get_by_role("radio", name="the selected")).to_be_visible()
