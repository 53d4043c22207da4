"""One turn of elicitation in a real browser: draw, preview, accept, before and after, undo, redo; and who is behind a place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from tests.browser.drawing import draw_lasso, draw_polygon, draw_rectangle, map_of, spot_of, take
from tests.browser.resting import at_rest
from tests.browser.test_line import go, open_file, open_town

pytestmark = pytest.mark.browser
AT_WORK = 120_000  # ms: a refit takes what it takes beside other tests


def fitted_studio(page: Page, file: Path) -> None:
    open_file(page, file)
    expect(page.get_by_role("radio", name="What the model misses")).to_be_checked()
    map_of(page)


def in_sight(page: Page, what: Locator) -> None:
    """As a whole, without scrolling."""
    expect(what).to_be_visible(timeout=AT_WORK)
    at_rest(page)
    box, size = what.bounding_box(), page.viewport_size
    assert box is not None and size is not None
    assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"], box


def test_draw_preview_accept_before_and_after_undo_redo(page: Page, fitted_town: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    fitted_studio(page, fitted_town)
    draw_lasso(page)
    expect(page.get_by_text("Predicted gain")).to_be_visible()
    for part in ("Predicted gain", "Name what you drew", "Accept and refit"):
        in_sight(page, page.locator(".st-key-preview_card").get_by_text(part))
    expect(page.get_by_text("1 looked at so far")).to_be_visible()
    name = page.get_by_label("Name what you drew")
    name.fill("market")
    name.press("Enter")
    expect(page.get_by_text("1 for each step inside market (no unit).")).to_be_visible()
    expect(page.get_by_text("1 looked at so far")).to_be_visible()  # another name is no other candidate
    page.get_by_label("Why it might matter").first.fill("stalls on the road")
    page.get_by_role("button", name="Accept and refit").click()

    changed = page.get_by_text('What "in market" changed')
    in_sight(page, changed)  # it stands far above the button: the one script that a page brings itself, which the policy knows by its hash
    expect(page.locator(".st-key-change_card")).to_be_in_viewport()
    expect(page.get_by_text("Flagged: ")).to_be_visible(timeout=AT_WORK)
    expect(page.get_by_text("stalls on the road").first).to_be_attached()
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


def test_an_area_is_drawn_corner_by_corner_or_as_a_rectangle_and_escape_drops_what_is_being_drawn(page: Page) -> None:
    open_town(page)
    go(page, "Features", "What might matter to them")
    inside, distance = ("Inside it", "1 for each step inside zone 1 (no unit)."), ("Distance to it", "distance to zone 1")
    for draw, first, then in ((draw_polygon, inside, distance), (draw_rectangle, distance, inside)):  # what it is used as is kept
        draw(page)
        expect(page.get_by_text(first[1]).first).to_be_visible()
        page.get_by_role("radio", name=then[0]).click()
        expect(page.get_by_text(then[1]).first).to_be_visible()
        page.get_by_role("button", name="Dismiss").click()
        expect(page.locator(".st-key-preview_card")).to_have_count(0)
    box = map_of(page).bounding_box()
    assert box is not None
    take(page, "Polygon")
    for a, b in ((0.3, 0.4), (0.6, 0.4), (0.6, 0.6)):
        page.mouse.click(box["x"] + a * box["width"], box["y"] + b * box["height"])
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    expect(page.locator(".st-key-preview_card")).to_have_count(0)


def test_a_click_on_a_missed_place_tells_who_is_behind_it(page: Page, fitted_town: Path) -> None:
    fitted_studio(page, fitted_town)
    project = sample_project("town")
    assert project.world is not None
    parts = split_paths(project)
    place = int(project.world.choice_place[parts.paths.take(parts.fit).choices[0]])
    line = project.world.shape_xy[project.world.shape_offsets[place]:project.world.shape_offsets[place + 1]]
    page.mouse.click(*spot_of(page, *(line[0] + 0.5 * (line[1] - line[0]))))
    expect(page.get_by_text(re.compile("Tracks behind .* than expected"))).to_be_visible()
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16.0, "y": 35 * 1.5})
    expect(page.get_by_role("radio", name="the selected")).to_be_visible()
