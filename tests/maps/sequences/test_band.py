"""A sequence as a picture: whole, well formed whatever events are called, folded round its stretch, told without colours."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from irlcore.maps.palette import COLOURS
from irlcore.maps.sequences.band import LEVELS, Band, Onward, band_svg, kind_of, level_of
from irlcore.maps.sequences.fold import shown_runs
from irlcore.maps.sequences.ink import DARK, dark_css

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ("<script>alert(1)</script>", '" onload="x', "a&b]]>", "\x00\ud800\u202e", "x" * 5000, "", "{0}", "url(http://a.b)")
WIDE = 480.0


def band_of(n: int, worst: tuple[int, int] = (0, 0), seed: int = 1, names: tuple[str, ...] = ("open", "work", "check")) -> Band:
    rng = np.random.default_rng(seed)
    events = (*(names[k] for k in rng.integers(0, len(names), n - 1)), "(end)")
    onward = (Onward(worst[0], ("work", "(end)"), "Likelier from here on", (0.5, 0.2)),)
    return Band("case 1", events, rng.exponential(2.0, n), worst, onward)


def parts(svg: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f".//{SVG}g[@data-event]")


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("n", [1, 2, 60, 61, 400])
def test_it_is_well_formed_and_stays_in_its_frame(n: int, whole: bool) -> None:
    root = ET.fromstring(band_svg(band_of(n, (n // 2, n // 2 + 1)), WIDE, whole))
    high = float(root.attrib["height"])
    for rect in root.iter(f"{SVG}rect"):
        x, y, wide, tall = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        assert x >= -1.0 and y >= -1.0 and x + wide <= WIDE + 1.0 and y + tall <= high + 1.0


def test_every_event_says_where_it_stands_and_how_likely_it_was() -> None:
    band = Band("c", ("open", "close", "(end)"), np.log([1.0, 500.0, 4.0]), (1, 2))
    said = [part.find(f"{SVG}title").text for part in parts(band_svg(band, WIDE))]  # type: ignore[union-attr]
    assert said == ["event 1 of 3: open, nearly certain", "event 2 of 3: close, 1 in 500", "event 3 of 3: the end, 25 %"]


def test_what_cannot_be_seen_is_told() -> None:
    band = Band("case 5", ("open", "close", "(end)"), np.log([1.0, 500.0, 4.0]), (1, 2), (Onward(1, ("work", "(end)"), "Likelier"),))
    alt = ET.fromstring(band_svg(band, WIDE)).attrib["aria-label"]
    assert alt == ("Sequence case 5: 3 events, coloured by how unlikely each was. Least expected: event 2, close. "
                   "Likelier: work, the end.")


@pytest.mark.parametrize("n", [61, 400, 2999])
def test_rows_of_all_events_begin_with_the_place_of_their_first(n: int) -> None:
    root = ET.fromstring(band_svg(band_of(n, (40, 45)), WIDE, True))
    first: dict[float, int] = {}
    for one in parts(band_svg(band_of(n, (40, 45)), WIDE, True)):
        first.setdefault(float(one.find(f"{SVG}rect").attrib["y"]), int(one.attrib["data-event"]) + 1)  # type: ignore[union-attr]
    numbers = [one.text for one in root.iter(f"{SVG}text") if one.attrib["text-anchor"] == "end"]
    assert numbers == [f"{place:,}" for place in first.values()] and list(first.values())[1] % 10 == 1


def test_hostile_names_are_texts() -> None:
    band = Band(HOSTILE[0], (*HOSTILE, "(end)"), np.arange(len(HOSTILE) + 1.0), (0, 3), (Onward(0, HOSTILE, HOSTILE[1], (0.0,) * 8),))
    for svg in (band_svg(band, WIDE), band_svg(band, WIDE, True, most=2)):
        root = ET.fromstring(svg)
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "g", "rect", "text", "title", "path"}
        assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or "href" in key or key == "id"]
        assert len(svg) < 60_000 and "script>" not in svg


@pytest.mark.parametrize(("n", "first", "last"), [(500, 200, 207), (500, 0, 2), (500, 497, 500), (3000, 10, 2900), (61, 30, 31), (5, 1, 2)])
def test_long_sequences_are_folded_round_the_stretch(n: int, first: int, last: int) -> None:
    runs = shown_runs(n, first, last, 60)
    assert [a for a, _, _ in runs] == [0, *(b for _, b, _ in runs[:-1])] and runs[-1][1] == n
    seen = np.concatenate([np.full(b - a, shown) for a, b, shown in runs])
    assert seen[first] and seen[last - 1] and seen[:3].all() and seen[-3:].all() and seen.sum() <= 62
    assert all(b - a > 1 for a, b, shown in runs if not shown)
    if last - first < 50:
        assert seen[first:last].all()


def test_what_is_folded_is_counted() -> None:
    svg = band_svg(band_of(300, (150, 155)), WIDE)
    folded = [int(one.replace(",", "")) for one in re.findall("… ([0-9,]+) more …", svg)]
    assert len(folded) == 2 and len(parts(svg)) + sum(folded) == 300


def test_three_thousand_events_take_no_time() -> None:
    band = band_of(3000, (1500, 1520))
    begun = time.perf_counter()
    folded, whole = band_svg(band, WIDE), band_svg(band, 900.0, True)
    assert time.perf_counter() - begun < 3.0
    assert len(parts(whole)) == 3000 and len(folded) < 60_000 and len(whole) < 1_000_000


def test_levels_begin_where_the_key_says() -> None:
    chances = (1.0, 2.0, 2.1, 10.0, 11.0, 100.0, 101.0, 1000.0, 1001.0)
    assert [level_of(float(np.log(one))) for one in chances] == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    assert level_of(np.inf) == 4 == len(LEVELS) - 1


def test_colours_are_not_alone() -> None:
    """The bar below an event grows with how unlikely it was."""
    svg = band_svg(Band("c", ("a",) * 4, np.log([1.0, 5.0, 50.0, 5000.0]), (0, 0)), WIDE)
    bars = [float(part.findall(f".//{SVG}rect")[1].attrib["height"]) for part in parts(svg)]
    assert bars == sorted(bars) and len(set(bars)) == 4


def luminance(colour: str) -> float:
    parts_ = [int(colour[at:at + 2], 16) / 255.0 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts_)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("level", range(len(LEVELS)))
@pytest.mark.parametrize("page", [0, 1])
def test_names_can_be_read_on_their_colours(level: int, page: int) -> None:
    one, other = sorted(luminance(COLOURS[f"{what} {level}"][page]) for what in ("surprise", "on surprise"))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_a_dark_page_recolours_every_class_that_is_used() -> None:
    classes = set(re.findall(r'class="([^"]*)"', band_svg(band_of(30, (3, 5)), WIDE)))
    css = dark_css()
    assert classes and all(f".{DARK} .{one}{{" in css for each in classes for one in each.split())


def test_what_tells_events_apart_stands_in_their_boxes_and_is_told_of_each() -> None:
    events, kinds = ("export", "close", "(end)"), ("export (night, 5 min or more and then some)", "close", "(end)")
    band = Band("c", events, np.log([20.0, 2.0, 4.0]), (0, 1), kinds=kinds)
    bare = Band("c", events, np.log([20.0, 2.0, 4.0]), (0, 1))
    assert [kind_of(band, k) for k in range(3)] == ["night, 5 min or more and then some", "", ""] and kind_of(bare, 0) == ""
    first, second, _ = parts(band_svg(band, WIDE))
    name, kind = first.findall(f".//{SVG}text")
    assert name.text == "export" and str(kind.text).startswith("night, 5 min") and len(str(kind.text)) <= 14
    assert "export (night, 5 min or more and then some)" in str(first.find(f"{SVG}title").text)  # type: ignore[union-attr]
    frame = first.findall(f".//{SVG}rect")[0].attrib
    assert float(name.attrib["y"]) < float(kind.attrib["y"]) < float(frame["y"]) + float(frame["height"]) - 2.0
    assert len(second.findall(f".//{SVG}text")) == 1
    high, low = (float(ET.fromstring(band_svg(one, WIDE)).attrib["height"]) for one in (band, bare))
    assert high > low
