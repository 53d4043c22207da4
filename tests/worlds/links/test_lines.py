"""Lines of links as tables have them, good, odd and hostile."""

from __future__ import annotations

import struct
import time

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.worlds.links.lines import read_lines
from irlcore.worlds.network import build_network

SOON = 10.0  # seconds of the processor; each takes a fraction of one
CORNERS = np.array([[500_000.0, 6_500_000.0], [500_100.0, 6_500_000.5], [500_200.0, 6_500_100.0]])
LINE = shapely.LineString(CORNERS)
HIGH = shapely.LineString(np.column_stack((CORNERS, [1.0, 2.0, 3.0])))
PARTS = shapely.MultiLineString([CORNERS[:2], CORNERS[1:]])


def read(*cells: object) -> tuple[np.ndarray, np.ndarray]:
    return read_lines(pd.Series([*cells], name="geom", dtype=object))


@pytest.mark.parametrize("cell", [
    shapely.to_wkt(LINE), f"SRID=3006;{shapely.to_wkt(LINE)}", f"srid=3006; {shapely.to_wkt(LINE).lower()}", shapely.to_wkt(HIGH),
    shapely.to_wkb(LINE), shapely.to_wkb(LINE, byte_order=0), shapely.to_wkb(LINE, hex=True), shapely.to_wkb(LINE, hex=True).lower(),
    shapely.to_wkb(shapely.set_srid(LINE, 3006), include_srid=True, hex=True), shapely.to_wkb(HIGH), shapely.to_wkb(HIGH, flavor="iso"),
], ids=["WKT", "EWKT", "EWKT in small letters", "heights", "WKB", "big-endian", "hex", "small hex", "EWKB", "high EWKB", "high WKB"])
def test_a_line_is_read_in_every_way_it_is_written(cell: object) -> None:
    xy, counts = read(cell, "", cell)
    np.testing.assert_array_equal(counts, [3, 0, 3])
    np.testing.assert_array_equal(xy, np.vstack((CORNERS, CORNERS)))


@pytest.mark.parametrize("cell", [shapely.to_wkt(PARTS), shapely.to_wkb(PARTS), shapely.to_wkb(PARTS, hex=True)], ids=["WKT", "WKB", "hex"])
def test_the_parts_of_a_line_are_joined(cell: object) -> None:
    xy, counts = read(cell)
    np.testing.assert_array_equal(counts, [4])
    np.testing.assert_array_equal(xy, CORNERS[[0, 1, 1, 2]])


def test_a_blank_or_empty_shape_is_none() -> None:
    for blank in ("", None, np.nan, "  ", "LINESTRING EMPTY", "MULTILINESTRING EMPTY"):
        np.testing.assert_array_equal(read(blank, shapely.to_wkt(LINE))[1], [0, 3])
    assert read()[0].shape == (0, 2)


NESTED_WKB = b"".join(struct.pack("<BII", 1, 7, 1) for _ in range(200_000))
GARBAGE = {
    "words": "here", "a number": "12", "no end": "LINESTRING (0 0, 1 1", "not closed": "LINESTRING ((((((((",
    "one point": "LINESTRING (0 0)",
    "NaN": "LINESTRING (0 0, nan 1)", "infinite": "LINESTRING (0 0, inf 1)", "far away": "LINESTRING (0 0, 1e200 1)",
    "collections 200,000 deep": "GEOMETRYCOLLECTION (" * 200_000, "a collection": "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1))",
    "WKB 200,000 deep": NESTED_WKB, "lines in lines, 200,000 deep": NESTED_WKB.replace(b"\x07", b"\x05"),
    "hex 200,000 deep": NESTED_WKB.hex(), "cut short": shapely.to_wkb(LINE)[:-1], "hex cut short": shapely.to_wkb(LINE, hex=True)[:-2],
    "4e9 points that are not there": struct.pack("<BII", 1, 2, 2**32 - 1) + bytes(64),
    "4e9 lines that are not there": struct.pack("<BII", 1, 5, 2**32 - 1) + bytes(64), "zeros": bytes(100),
}


@pytest.mark.parametrize("cell", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_line_is_named_by_its_row(cell: object) -> None:
    start = time.process_time()
    with pytest.raises(DataError) as caught:
        read(shapely.to_wkt(LINE), cell)
    assert time.process_time() - start < SOON
    assert "row 3" in caught.value.what.lower() and caught.value.fix and len(str(caught.value)) < 500


def test_a_network_names_the_rows_whose_shapes_cannot_be_read() -> None:
    links = pd.DataFrame({"link": ["a", "b", "c"], "u": [1, 2, 3], "v": [2, 3, 1], "geometry": ["LINESTRING (0 0, 1 1)", "here", "there"]})
    with pytest.raises(DataError, match=r"2 of 3 links .* 'geometry': row 3 \('here'\), row 4 \('there'\)"):
        build_network(links)


def test_a_network_with_lines_in_hexadecimal_is_the_one_with_lines_in_words() -> None:
    lines = [LINE, shapely.reverse(LINE)]
    links = pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 1]})
    words = build_network(links.assign(geometry=[shapely.to_wkt(line, rounding_precision=-1) for line in lines]))
    digits = build_network(links.assign(geometry=[shapely.to_wkb(line, hex=True) for line in lines]))
    np.testing.assert_array_equal(words.shape_xy, digits.shape_xy)
    np.testing.assert_array_equal(words.choice_length, digits.choice_length)
    np.testing.assert_array_equal(words.place_xy, digits.place_xy)


@pytest.mark.parametrize("cell", ["LINESTRING (" + "0 0," * 10_000_000 + "1 1)", bytes(160_000_000)], ids=["WKT", "WKB"])
def test_a_line_of_ten_million_points_is_refused_before_it_is_read(cell: object) -> None:
    start = time.process_time()
    with pytest.raises(TooLarge, match=r"Row 2 of the links has a line of 10,000,00\d points"):
        read(cell)
    assert time.process_time() - start < SOON


LONG = np.column_stack((np.arange(60_000.0), np.zeros(60_000), np.ones(60_000)))


@pytest.mark.parametrize("hexadecimal", [False, True], ids=["bytes", "digits"])
@pytest.mark.parametrize(("line", "flavor"), [(shapely.LineString(LONG[:, :2]), "extended"), (shapely.LineString(LONG), "extended"),
                                              (shapely.LineString(LONG), "iso"), (shapely.MultiLineString([LONG[:, :2]]), "iso")],
                         ids=["flat", "with heights", "with heights, ISO", "in one part"])
def test_a_point_counts_once_however_it_is_written(line: shapely.Geometry, flavor: str, hexadecimal: bool,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    """Each digit counted as a byte: 60,000 points in hexadecimal were refused as 120,001."""
    cell = shapely.to_wkb(line, hex=hexadecimal, flavor=flavor)
    assert read(cell)[0].shape == (60_000, 2)
    monkeypatch.setenv("MOTIVE_LIMITS", "corners=59_000")
    with pytest.raises(TooLarge, match=r"has a line of 60,00\d points"):
        read(cell)


def test_all_lines_together_are_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "points=8")
    assert read(*[shapely.to_wkt(LINE)] * 2)[0].shape == (6, 2)
    with pytest.raises(TooLarge, match="up to row 4"):
        read(*[shapely.to_wkt(LINE)] * 3)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 100), st.sampled_from([LINE, PARTS, HIGH]))
def test_no_bytes_are_an_error_that_nobody_foresaw(noise: bytes, at: int, line: shapely.Geometry) -> None:
    good = shapely.to_wkb(line)
    for cell in (noise, good[:at] + noise, good[:at] + noise + good[at + len(noise):]):
        for written in (cell, cell.hex()):
            try:
                xy, counts = read(written)
            except DataError as error:
                assert error.fix
            else:
                assert np.isfinite(xy).all() and counts.sum() == len(xy)
