"""The map's canvas, driven by hand: on made-up scenes under the app's own server and policy (benchmarks/screens/page.py)."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_hands import apart, box, changed, drag, line_of, on_page, picture, ring_said, turn_to, view, world
from tests.browser.resting import at_rest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(map_page: Page) -> Page:
    return map_page


@pytest.mark.parametrize("tool", ["Lasso", "Rectangle", "Polygon"])
def test_what_is_drawn_comes_back_in_the_worlds_coordinates(page: Page, tool: str) -> None:
    left, top, *_ = box(page)
    corners = [(left + 300, top + 180), (left + 460, top + 180), (left + 460, top + 330), (left + 300, top + 330)]
    page.get_by_role("button", name=re.compile(f"^{tool}")).click()
    if tool == "Polygon":
        for corner in corners:
            page.mouse.click(*corner)
        page.keyboard.press("Enter")
    else:
        drag(page, [corners[0], corners[2]] if tool == "Rectangle" else corners)
    ring = ring_said(page)
    wanted = np.array([world(page, *corner) for corner in corners])
    pixel = 1.0 / view(page)[2]
    assert (ring[0] == ring[-1]).all() and len(ring) >= 5
    for corner in wanted:
        assert np.hypot(*(ring - corner).T).min() < (3.0 if tool == "Lasso" else 1.0) * pixel
    inside = (ring >= wanted.min(axis=0) - pixel) & (ring <= wanted.max(axis=0) + pixel)
    assert inside.all()
    page.get_by_role("button", name="Next").click()  # given back once: another run knows nothing of it
    expect(page.get_by_text(re.compile("^Ring: "))).to_have_count(0)


def test_an_unfinished_polygon_is_dropped_by_escape_and_nothing_else_happens(page: Page) -> None:
    left, top, *_ = box(page)
    page.get_by_role("button", name=re.compile("^Polygon")).click()
    page.mouse.click(left + 300, top + 200)
    page.mouse.click(left + 400, top + 200)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Polygon"))).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text(re.compile("^Ring: "))).to_have_count(0)


def test_a_click_selects_a_track_and_the_next_picture_shows_it(page: Page) -> None:
    name, middle = apart(page, "flagged")[0]
    page.mouse.move(*on_page(page, middle))
    expect(page.locator(".tip")).to_contain_text(name)
    page.mouse.click(*on_page(page, middle))
    expect(page.get_by_text(f"Selected: {name}", exact=True)).to_be_visible()
    expect(picture(page)).to_have_attribute("data-selected", name)


def test_clicks_in_quick_succession_are_neither_lost_nor_doubled(page: Page) -> None:
    """The last one counts; the server confirms all of them."""
    first, second, *_ = apart(page, "flagged")
    points = [on_page(page, first[1]), on_page(page, second[1]), on_page(page, first[1])]
    for point in points:
        page.mouse.click(*point, delay=0)
        page.wait_for_timeout(30)
    expect(picture(page)).to_have_attribute("data-selected", first[0])
    page.wait_for_function("() => [...window.motiveMaps.maps.values()].every(map => map.pending.length === 0)")


def test_the_keyboard_moves_and_zooms_the_map_and_the_bare_wheel_the_page(page: Page) -> None:
    pane = page.get_by_role("application", name=re.compile("^Map"))
    pane.focus()
    x, y, k = view(page)
    before = picture(page).get_attribute("data-view")
    page.keyboard.press("ArrowRight")
    before = changed(page, "view", before)
    assert view(page)[0] > x and view(page)[2] == k
    page.keyboard.press("+")
    before = changed(page, "view", before)
    assert view(page)[2] == pytest.approx(1.6 * k)
    page.keyboard.press("ArrowUp")
    before = changed(page, "view", before)
    assert view(page)[1] > y
    page.keyboard.press("0")
    changed(page, "view", before)
    assert view(page) == pytest.approx((x, y, k))
    left, top, wide, high = box(page)
    page.mouse.move(left + wide / 2, top + high / 2)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    assert view(page)[2] == pytest.approx(k)
    held = world(page, left + 200, top + 150)
    page.mouse.move(left + 200, top + 150)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function("k => Number(document.querySelector('[data-testid=stBidiComponentIsolated]') && "
                           "[...window.motiveMaps.maps.values()][0].panes[0].canvas.dataset.view.split(' ')[2]) > 1.2 * k", arg=k)
    assert np.hypot(*(world(page, left + 200, top + 150) - held)) < 1.0 / k  # what lies under the pointer stays there


def test_the_view_is_the_same_after_a_rerun_and_on_another_page_and_after_a_reload(page: Page) -> None:
    left, top, *_ = box(page)
    page.get_by_role("button", name=re.compile("^Nearer")).click()
    drag(page, [(left + 500, top + 300), (left + 380, top + 260)])
    page.wait_for_timeout(600)
    kept = view(page)
    selected = picture(page).get_attribute("data-selected")
    page.get_by_role("button", name="Next").click()
    changed(page, "selected", selected)
    assert view(page) == pytest.approx(kept)
    turn_to(page, "other")
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    assert view(page) == pytest.approx(kept)
    page.reload()
    assert view(page) == pytest.approx(kept)


def test_playback_runs_in_the_page_without_a_rerun(page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    picture(page)
    at_rest(page)
    page.wait_for_timeout(500)
    before = len(sent)
    bar = page.locator(".times")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    assert float(bar.get_attribute("data-time") or 0) > 60.0 and int(bar.get_attribute("data-frames") or 0) > 10
    page.get_by_role("slider", name="Moment").fill("500")
    half = float(bar.get_attribute("data-time") or 0)
    page.get_by_role("slider", name="Moment").fill("1000")
    assert float(bar.get_attribute("data-time") or 0) == pytest.approx(2 * half)
    assert len(sent) == before


def test_a_filter_by_time_hides_tracks_without_a_rerun(page: Page) -> None:
    shown = """() => { const [map] = window.motiveMaps.maps.values(), layer = map.panes[0].scene.found.find(one => one.name === 'flagged');
                       const hidden = map.hiddenOf(layer); return layer.ids.filter((_, i) => !(hidden && hidden(i))).length; }"""
    assert page.evaluate(shown) == 30
    page.get_by_role("button", name="Filter by time").click()
    page.get_by_role("slider", name="Began on, to").fill("0")
    few = page.evaluate(shown)
    assert 0 < few < 30
    page.get_by_role("slider", name="Began at, from").fill("92")
    assert 0 < page.evaluate(shown) < few
    name = next(name for name, _ in line_of(page, "flagged"))  # T0 began at 22:13, before 23:00
    assert name == "T0"
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Selected: T1", exact=True)).to_be_visible()
    assert 0 < page.evaluate(shown) < few  # what was set outlives a rerun


def test_what_was_filtered_stays_where_another_track_is_played(page: Page) -> None:
    """It is kept by the ground, once, and not by what is played; playback begins anew."""
    turn_to(page, "alone")
    expect(page.get_by_text(re.compile("^Selected: T0$"))).to_be_visible()
    page.get_by_role("button", name="Filter by time").click()
    page.get_by_role("slider", name="Began on, to").fill("0")
    page.get_by_role("combobox", name="Trail").select_option("Infinity")
    page.get_by_role("slider", name="Moment").fill("500")
    state = """() => { const [{ times, panes }] = window.motiveMaps.maps.values();
                       const layer = panes[0].scene.found.find(one => one.name === 'flagged');
                       return [times.motions[0].layer.ids[0], times.filter.active && layer.begun.length, times.state.share === Infinity,
                               times.now, Object.keys(window.motiveMaps.times).length]; }"""
    before = page.evaluate(state)
    assert before[:3] == ["T0", 30, True] and before[3] > 0
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("() => [...window.motiveMaps.maps.values()][0]?.times.motions[0]?.layer.ids[0] === 'T1'")
    assert page.evaluate(state) == ["T1", 30, True, 0, before[4]]
    expect(page.get_by_role("slider", name="Began on, to")).to_have_value("0")
    turn_to(page, "many")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(3)
    turn_to(page, "alone")  # another element on the same ground: open still
    expect(page.get_by_role("slider", name="Began on, to")).to_have_value("0")


def test_each_small_map_plays_its_own_tracks_on_one_clock(page: Page) -> None:
    turn_to(page, "many")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(3)
    painted = """() => { const [{ times, panes }] = window.motiveMaps.maps.values(), seen = panes.map(() => []);
                         times.started = true;
                         for (const motion of times.motions) {
                           times.go(times.late(motion) + 60);
                           panes.forEach((pane, k) => {
                             for (const layer of pane.scene.found) if (layer.motion) {
                               const { motion } = layer, own = motion.paint;
                               motion.paint = (...all) => { if (own.apply(motion, all)) seen[k].push(layer.ids.join()); };
                             }
                             times.paint(pane.over.getContext("2d"), pane);
                             for (const layer of pane.scene.found) if (layer.motion) delete layer.motion.paint;
                           });
                         }
                         return [times.motions.length, seen, times.t0 - Math.min(...times.motions.map(one => one.layer.t0))]; }"""
    assert page.evaluate(painted) == [3, [["T0"], ["T90"], ["T180"]], 0]


def test_small_maps_side_by_side_move_together(page: Page) -> None:
    turn_to(page, "many")
    expect(page.locator("canvas.picture[data-scene]")).to_have_count(3)
    before = [one.get_attribute("data-view") for one in page.locator("canvas.picture").all()]
    page.get_by_role("application").nth(1).focus()
    page.keyboard.press("ArrowLeft")
    for one, was in zip(page.locator("canvas.picture").all(), before, strict=True):
        expect(one).not_to_have_attribute("data-view", was or "")
    assert len({(one.get_attribute("data-view") or "").split()[0] for one in page.locator("canvas.picture").all()}) == 1


def test_a_picture_is_not_upside_down(page: Page) -> None:
    turn_to(page, "picture")
    expect(page.locator(".legend")).to_contain_text("What a cell is worth")
    expect(page.locator(".north")).to_be_hidden()
    left, top, wide, high = box(page)
    _, cy, k = view(page)
    page.mouse.click(left + wide / 2, top + high / 2 - (cy - 30.0) * k)  # row 1 of the picture: y runs down
    act = page.evaluate("() => [...window.motiveMaps.maps.values()].length")
    assert act == 1
    page.mouse.move(left + wide / 2, top + high / 2 - (cy - 30.0) * k + 1)
    expect(page.locator(".tip")).to_contain_text("from the door")
    assert page.evaluate("() => [...window.motiveMaps.maps.values()][0].panes[0].hover.id") == str(60 * 1 + 30)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_theme(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.reload()
    picture(page)
    colour = page.evaluate("() => [...window.motiveMaps.maps.values()][0].panes[0].look.colour('selected')")
    assert colour == {"light": "#111827", "dark": "#FFFFFF"}[scheme]
