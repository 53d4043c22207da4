"""A scene as SVG: well-formed and finite whatever texts and coordinates are, small however large the ground, and what it should show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from irlcore.maps.palette import COLOURS
from irlcore.maps.scene import Areas, Cells, Dots, Key, Lines, Moves, Names, Scale, Scene, Style
from irlcore.maps.svg import scene_svg
from tests.report import EVIL

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = (EVIL, "\"/><image href=\"http://x/y.png\"/>", "&amp; ]]> <!-- ", "\x00\x07\u202eevil\ud800", "a" * 100_000, "<" * 5000,
           "\uffff\ufffe")
ONE = np.zeros(1, np.uint8)
ROADS = (Style("road", 1.2), Style("road main", 2.2), Style("road great", 3.2))


def line(*corners: tuple[float, float], style: Style | None = None, **more: object) -> Lines:
    return Lines("line", np.array(corners, np.float64), np.array([0, len(corners)]), (style or Style("selected", 3.0),), ONE, **more)


def scene(*layers: object, bounds: tuple[float, float, float, float] = (0.0, 0.0, 100.0, 100.0), **more: object) -> Scene:
    return Scene(bounds, "m", "ground", layers, **more)


def paths_of(svg: str, colour: str) -> list[ET.Element]:
    """Paths of the map itself (its legend is not within the inner picture) that a role of the palette is drawn with."""
    inner = ET.fromstring(svg).find(f"{NS}svg")
    light = COLOURS[colour].light
    return [path for path in inner.iter(f"{NS}path") if light in (path.get("stroke"), path.get("fill"))]


def corners(path: ET.Element) -> list[np.ndarray]:
    """Corners of each piece of a path, in pixels."""
    pieces = []
    for piece in path.get("d").split("M")[1:]:
        numbers = np.array(re.findall(r"-?\d+", piece), np.float64).reshape(-1, 2)
        pieces.append(np.cumsum(numbers, axis=0) / 10.0)
    return pieces


def town(n: int, streets: int) -> Lines:
    """``streets`` pieces of road, both ways, in a square of 10 km."""
    rng = np.random.default_rng(n)
    begin = np.rint(rng.uniform(0, 10_000, (streets // 2, 2)) / 60) * 60
    end = begin + np.where(rng.random((streets // 2, 1)) < 0.5, [[60.0, 0.0]], [[0.0, 60.0]])
    there = np.stack((begin, end), axis=1)
    xy = np.concatenate((there, there[:, ::-1])).reshape(-1, 2)
    style = np.tile(rng.choice(3, streets // 2, p=[0.8, 0.15, 0.05]), 2).astype(np.uint8)
    return Lines("roads", xy, np.arange(0, len(xy) + 1, 2), ROADS, style)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_stay_text_wherever_they_stand(text: str) -> None:
    at = np.array([[50.0, 50.0]])
    found = scene_svg(scene(Names("names", at, (text,), np.zeros(1, np.float32), np.ones(1, np.float32)),
                            Dots("goals", at * 0.5, np.array([5.0], np.float32), (Style("class 0"),), ONE, labels=(text,)),
                            keys=(Key(text, Style("class 0"), "star"),), scale=Scale(text, "value", text, text), alt=text), 400, 300)
    root = ET.fromstring(found)
    assert {one.tag for one in root.iter()} <= {f"{NS}{name}" for name in ("svg", "path", "text", "rect")}
    assert not [key for one in root.iter() for key in one.attrib if key.lower().startswith(("on", "href", "{", "style", "id"))]
    assert len(found) < 20_000


def test_every_text_is_read_as_it_is() -> None:
    root = ET.fromstring(scene_svg(scene(keys=(Key(EVIL, Style("class 0"), "star"),), alt=f"Map of {EVIL}"), 400, 300))
    assert EVIL in [text.text for text in root.iter(f"{NS}text")]
    assert root.get("aria-label") == f"Map of {EVIL}" and root.get("role") == "img"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300])
def test_all_numbers_are_finite_and_short_whatever_the_coordinates(bad: float) -> None:
    xy = np.array([[10.0, 10.0], [bad, 20.0], [30.0, bad], [40.0, 40.0], [50.0, 10.0]])
    n, zero = len(xy), np.zeros(len(xy), np.uint8)
    with np.errstate(over="ignore"):
        many = np.full(n, bad, np.float32)
    layers = (Areas("zone", xy, np.array([0, n]), (Style("zone 0", 1.0, 0.2),), ONE), Cells("cells", xy, 5.0, (Style("open"),), zero),
              line(*map(tuple, xy), arrows=True, shift_px=2.0), Dots("d", xy, many, (Style("class 0"),), zero, "star", labels=("a",) * n),
              Names("names", xy, ("a",) * n, many, np.ones(n, np.float32)))
    for bounds in ((0.0, 0.0, 100.0, 100.0), (bad, 0.0, 100.0, 100.0), (5.0, 5.0, 5.0, 5.0)):
        for focus in ((), (bad, bad, 50.0, 50.0)):
            found = scene_svg(replace(scene(*layers, bounds=bounds), focus=focus), 400, 300)
            ET.fromstring(found)
            assert not re.search(r"nan|inf|\d[eE][+-]?\d", re.sub(r'font-family="[^"]*"|#[0-9A-Fa-f]{6}', "", found))
            assert max(map(len, re.findall(r"\d+", found))) <= 9


def test_what_has_no_place_and_what_does_not_move_is_left_out() -> None:
    nothing = np.zeros((0, 2))
    empty = (Lines("l", nothing, np.zeros(1, np.int64), ROADS, ONE[:0]), Areas("a", nothing, np.zeros(1, np.int64), ROADS, ONE[:0]),
             Cells("c", nothing, 1.0, ROADS, ONE[:0]), Dots("d", nothing, np.zeros(0, np.float32), ROADS, ONE[:0]),
             Moves("m", np.ones((2, 2)), np.arange(2.0), np.array([0, 2]), ("a",), Style("selected")))
    assert scene_svg(scene(*empty), 400, 300) == scene_svg(scene(), 400, 300)


@pytest.mark.parametrize("y_down", [False, True])
def test_a_line_lies_where_it_should(y_down: bool) -> None:
    found = scene_svg(scene(line((0.0, 0.0), (100.0, 0.0), (100.0, 100.0)), y_down=y_down), 300, 300)
    (found_line,) = corners(paths_of(found, "selected")[0])
    low, high = 300 * 0.03 / 1.06, 300 * 1.03 / 1.06  # the whole of the bounds with 3 % round it
    expected = np.array([[low, low], [high, low], [high, high]])
    np.testing.assert_allclose(found_line, expected if y_down else [0, 300] + expected * [1, -1], atol=0.11)


def test_a_focus_is_what_is_seen_and_what_lies_elsewhere_is_not_written() -> None:
    rest = line((900.0, 900.0), (950.0, 900.0), style=Style("ordinary"))
    focus = (100.0, 100.0, 200.0, 200.0)
    found = scene_svg(scene(line((100.0, 100.0), (200.0, 200.0)), rest, bounds=(0.0, 0.0, 1000.0, 1000.0), focus=focus), 300, 300)
    assert not paths_of(found, "ordinary")
    (found_line,) = corners(paths_of(found, "selected")[0])
    assert found_line.min() > 20 and found_line.max() < 280 and np.ptp(found_line[:, 0]) > 200
    assert paths_of(scene_svg(scene(rest, bounds=(0.0, 0.0, 1000.0, 1000.0)), 300, 300), "ordinary")


def test_a_track_that_stays_in_one_place_is_seen_with_what_is_round_it() -> None:
    spot = Dots("end", np.array([[50.0, 50.0]]), np.array([6.0], np.float32), (Style("selected"),), ONE)
    road = line((0.0, 52.0), (100.0, 52.0), style=Style("road"))
    assert paths_of(scene_svg(scene(road, spot, focus=(50.0, 50.0, 50.0, 50.0)), 300, 300), "road")


def test_a_long_line_is_cut_near_the_frame_and_still_runs_through_it() -> None:
    found = scene_svg(scene(line((-1e5, -1e5), (1e5, 1e5))), 300, 300)
    (found_line,) = corners(paths_of(found, "selected")[0])
    assert np.abs(found_line).max() < 400
    np.testing.assert_allclose(found_line.sum(axis=1), 300.0, atol=0.3)  # the rising diagonal of the frame


@pytest.mark.parametrize(("links", "focus"), [(40_000, ()), (40_000, (2000.0, 2000.0, 3500.0, 3000.0)), (40_000, (0.0, 0.0, 8e3, 8e3)),
                                              (160_000, (1000.0, 1000.0, 3000.0, 2000.0))])
def test_a_large_ground_is_small_and_its_great_roads_are_there(links: int, focus: tuple[float, ...]) -> None:
    track = line((2100.0, 2100.0), (3400.0, 2900.0))
    found = scene_svg(scene(town(1, links), track, bounds=(0.0, 0.0, 10_000.0, 10_000.0), focus=focus), 700, 400)
    assert len(found.encode()) < 60_000
    assert paths_of(found, "road great") and paths_of(found, "selected")


def test_both_directions_of_a_street_among_many_are_drawn_once() -> None:
    there = town(1, 4000)
    once = replace(there, xy=there.xy[:4000], offsets=there.offsets[:2001], style=there.style[:2000])
    bounds = (0.0, 0.0, 10_000.0, 10_000.0)
    assert scene_svg(scene(there, bounds=bounds), 700, 400) == scene_svg(scene(once, bounds=bounds), 700, 400)


def test_neighbouring_cells_of_a_row_are_one_stroke_and_cover_what_they_cover() -> None:
    xy = np.array([[5.0, 5.0], [15.0, 5.0], [25.0, 5.0], [55.0, 5.0], [5.0, 15.0]])
    (drawn,) = paths_of(scene_svg(scene(Cells("cells", xy, 10.0, (Style("value 3"),), np.zeros(5, np.uint8))), 318, 318), "value 3")
    strokes = corners(drawn)
    assert len(strokes) == 3 and float(drawn.get("stroke-width")) == 300.0
    assert sorted(float(np.ptp(one[:, 0])) for one in strokes) == [30.0, 30.0, 90.0]
    assert sorted(float(one[0, 1]) for one in strokes) == pytest.approx([318 - 9 - 45, 318 - 9 - 15, 318 - 9 - 15], abs=0.11)


def test_cells_smaller_than_a_pixel_are_joined() -> None:
    side = np.arange(1000.0)
    xy = np.array(np.meshgrid(side, side)).reshape(2, -1).T[::7] + 0.5
    cells = Cells("cells", xy, 1.0, (Style("value 3"),), np.zeros(len(xy), np.uint8))
    found = scene_svg(scene(cells, bounds=(0.0, 0.0, 1000.0, 1000.0)), 300, 300)
    assert len(found) < 20_000 and paths_of(found, "value 3")


def test_names_do_not_cover_each_other_and_the_first_in_rank_stands() -> None:
    at = np.array([[50.0, 50.0], [51.0, 50.5], [50.0, 80.0]])
    layer = Names("names", at, ("second", "first", "apart"), np.zeros(3, np.float32), np.array([1.0, 2.0, 0.5], np.float32))
    said = [text.text for text in ET.fromstring(scene_svg(scene(layer), 400, 400)).iter(f"{NS}text")]
    assert said == ["first", "apart", "20 m"]


def test_names_stand_beside_the_track_and_the_end_of_it_is_named_all_the_same() -> None:
    street = Names("names", np.array([[50.0, 50.0]]), ("Quay",), np.zeros(1, np.float32), np.ones(1, np.float32))
    end = Dots("end", np.array([[50.0, 50.0]]), np.array([6.0], np.float32), (Style("selected"),), ONE, labels=("end",))
    track = line((0.0, 50.0), (100.0, 50.0))
    y = {text.text: float(text.get("y")) for text in ET.fromstring(scene_svg(scene(track, street), 400, 400)).iter(f"{NS}text")}
    alone = {text.text: float(text.get("y")) for text in ET.fromstring(scene_svg(scene(street), 400, 400)).iter(f"{NS}text")}
    assert abs(y["Quay"] - alone["Quay"]) == 100.0
    crossing = [line((0.0, 0.0), (100.0, 100.0)), line((0.0, 100.0), (100.0, 0.0)), line((50.0, 0.0), (50.0, 100.0))]
    said = [text.text for text in ET.fromstring(scene_svg(scene(*crossing, track, end), 400, 400)).iter(f"{NS}text")]
    assert "end" in said


def test_no_name_stands_on_its_head() -> None:
    for degrees in range(-360, 361, 15):
        angle = np.array([np.deg2rad(degrees)], np.float32)
        layer = Names("names", np.array([[50.0, 50.0]]), ("Huaihai Road",), angle, np.ones(1, np.float32))
        text = next(ET.fromstring(scene_svg(scene(layer), 400, 400)).iter(f"{NS}text"))
        turned = re.match(r"rotate\((-?\d+) ", text.get("transform", "rotate(0 "))
        assert abs(int(turned[1])) <= 90
        assert (int(turned[1]) + degrees) % 180 in (0, 179, 1)  # along its street, which y upwards turns the other way


@pytest.mark.parametrize(("unit", "wide", "said"), [("m", 100.0, "20 m"), ("m", 30_000.0, "5 km"), ("px", 5000.0, "1,000 px")])
def test_the_scale_bar_has_a_round_length_and_its_unit(unit: str, wide: float, said: str) -> None:
    found = scene_svg(replace(scene(bounds=(0.0, 0.0, wide, wide)), unit=unit), 318, 318)
    assert [text.text for text in ET.fromstring(found).iter(f"{NS}text")] == [said]


def test_the_legend_stands_under_the_map_and_takes_the_rows_it_needs() -> None:
    keys = tuple(Key(f"entry number {k}", Style("likelier", 3.0, dash=True)) for k in range(8))
    root = ET.fromstring(scene_svg(scene(keys=keys), 400, 300))
    assert int(root.get("height")) > 300 + 2 * 19
    places = [(float(t.get("x")), float(t.get("y"))) for t in root.findall(f"{NS}text")]
    assert len(places) == 8 and min(y for _, y in places) > 3000 and max(x for x, _ in places) < 4000
    assert root.findall(f"{NS}path")[0].get("stroke-dasharray")


def test_a_name_stands_beside_the_selected_track_and_its_worst_stretch_not_on_them() -> None:
    track, worst = (line((0.0, 50.0), (100.0, 50.0), style=style) for style in (Style("selected", 3.0), Style("worst", 11.0)))
    street = Names("names", np.array([[50.0, 50.0]]), ("Quay Road",), np.zeros(1, np.float32), np.ones(1, np.float32))
    text = next(one for one in ET.fromstring(scene_svg(scene(worst, track, street), 400, 400)).iter(f"{NS}text") if one.text == "Quay Road")
    middle = float(text.get("y")) / 10.0 - 11 * 0.35  # of the letters, in pixels
    assert 11.0 <= abs(middle - 200.0) <= 16.0


@pytest.mark.parametrize("far", [3.0, 97.0])
def test_a_name_that_another_font_might_cut_at_the_edge_is_left_out(far: float) -> None:
    layer = Names("names", np.array([[50.0, far], [50.0, 50.0]]), ("Station Road", "Mill Lane"), np.full(2, np.pi / 2.0, np.float32),
                  np.ones(2, np.float32))
    said = [text.text for text in ET.fromstring(scene_svg(scene(layer), 400, 400)).iter(f"{NS}text")]
    assert "Mill Lane" in said and "Station Road" not in said
