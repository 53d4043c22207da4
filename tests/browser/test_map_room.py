"""What lies over the map leaves room for it: the legend folds by itself, names keep clear of tools, the time bar is one row."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_hands import box, picture, turn_to

pytestmark = pytest.mark.browser


@pytest.fixture
def page(map_page: Page) -> Page:
    return map_page


SHARE = """() => [...window.motiveMaps.maps.values()][0].panes.map(({ box, legend }) => {
  const was = legend.list.hidden;
  legend.list.hidden = false;
  const share = legend.box.offsetWidth * (legend.head.offsetHeight + legend.list.scrollHeight) / (box.clientWidth * box.clientHeight);
  const wide = legend.box.offsetWidth / box.clientWidth;
  legend.list.hidden = was;
  return [legend.box.offsetWidth > 0, share, was, wide];
})"""
"""Of each picture: whether its legend is to be seen, which share it hides when open, whether it is folded, and its share of the width."""
WRITTEN = """() => {
  const [map] = window.motiveMaps.maps.values(), [pane] = map.panes, drawn = [];
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (image, x, y, wide, high) {
    if (this.canvas === pane.pic && image.height < 100) {
      const at = this.getTransform();
      for (let k = -10; k <= 10; k++) {
        const point = at.transformPoint(new DOMPoint(x + wide / 2 + k / 10 * (wide - 8) / 2, y + high / 2));
        drawn.push([point.x / pane.dpr, point.y / pane.dpr]);
      }
    }
    return draw.apply(this, arguments);
  };
  pane.draw();
  CanvasRenderingContext2D.prototype.drawImage = draw;
  return [drawn, pane.covered()];
}"""
"""Points along every name that is written, and the boxes of what lies over the picture."""


def resized(page: Page, width: int, height: int) -> None:
    """Another window, with the map drawn for it."""
    before = picture(page).get_attribute("data-draws")
    page.set_viewport_size({"width": width, "height": height})
    expect(picture(page)).not_to_have_attribute("data-draws", before or "")
    page.wait_for_timeout(300)


def test_the_legend_is_open_by_itself_only_where_it_hides_little_and_stays_as_it_was_put(page: Page) -> None:
    legend = page.locator(".legend")
    head, first = legend.get_by_role("button"), legend.get_by_text("Streets", exact=True)
    expect(first).to_be_visible()
    turn_to(page, "many")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(3)
    resized(page, 800, 900)
    *_, (seen, share, folded, wide) = page.evaluate(SHARE)
    assert seen and folded and share > 0.1 and wide <= 0.4
    page.get_by_role("button", name="Legend").last.click()
    expect(page.get_by_text("Likelier way").last).to_be_visible()
    resized(page, 780, 900)
    expect(page.get_by_text("Likelier way").last).to_be_visible()
    resized(page, 1280, 1000)
    turn_to(page, "other")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(1)
    expect(first).to_be_visible()
    head.click()
    expect(first).to_be_hidden()
    expect(head).to_have_attribute("aria-expanded", "false")
    turn_to(page, "town")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(1)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(first).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 640])
def test_no_name_lies_under_a_tool_the_scale_or_the_legend(page: Page, width: int) -> None:
    if width != 1280:
        resized(page, width, 900)
    points, boxes = page.evaluate(WRITTEN)
    assert len(points) > 100 and len(boxes) >= 4
    assert not [(x, y) for x, y in points for x0, y0, x1, y1 in boxes if x0 < x < x1 and y0 < y < y1]


def test_the_time_bar_is_one_row_on_a_narrow_page(page: Page) -> None:
    resized(page, 500, 900)
    bar = page.locator(".times .play")
    size = bar.bounding_box()
    assert size is not None and 300 < size["width"] <= 470 and size["height"] <= 40
    assert size["width"] <= box(page)[2]
    page.get_by_role("combobox", name="Tracks shown").select_option("selected")
    assert page.evaluate("() => [...window.motiveMaps.maps.values()][0].times.state.only") is True
    page.get_by_role("button", name="Filter by time").click()
    expect(page.get_by_role("slider", name=re.compile("Began on, to"))).to_be_visible()
