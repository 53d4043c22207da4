"""Degrees are known by name or by value, a projection may be named, and what is assumed is told."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.coordinates import OWN_PLANE
from irlcore.tracks.options import Options
from irlcore.tracks.read_tracks import Imported, read_points

WAY = np.column_stack((10.0 + 0.002 * np.arange(8), 55.0 + 0.001 * np.arange(8)))


def read(header: str, rows: np.ndarray | list[str], **chosen: str) -> Imported:
    lines = rows if isinstance(rows, list) else [f"{x:.6f},{y:.6f}" for x, y in rows]
    table = pd.read_csv(StringIO("\n".join([f"track,t,{header}", *(f"a,{k},{line}" for k, line in enumerate(lines))])))
    return read_points(table, guess_columns(table, "points"), options=Options(**chosen))


def way(made: Imported) -> np.ndarray:
    return np.hypot(np.diff(made.tracks.x), np.diff(made.tracks.y))  # type: ignore[union-attr]


METRES = way(read("lon,lat", WAY))


def test_degrees_under_the_names_of_a_plane_are_told_by_their_values() -> None:
    made = read("x,y", WAY)
    np.testing.assert_allclose(way(made), METRES, rtol=1e-9)
    assert made.tracks.unit == "m" and "taken for longitude and latitude" in " ".join(made.said)  # type: ignore[union-attr]
    plane = read("x,y", WAY, crs=OWN_PLANE)
    np.testing.assert_allclose(way(plane), np.hypot(0.002, 0.001), rtol=1e-3)
    assert not any("degrees" in one for one in plane.said)


@pytest.mark.parametrize("rows", [np.column_stack((np.arange(8) * 1.337, np.arange(8) * 0.411)), WAY * 1e5])
def test_a_plane_of_its_own_stays_one(rows: np.ndarray) -> None:
    made = read("x,y", rows)
    np.testing.assert_allclose(way(made), np.hypot(*np.diff(np.round(rows, 6), axis=0).T), rtol=1e-6)
    assert made.tracks.crs is None  # type: ignore[union-attr]


def test_whole_numbers_are_a_plane_and_nothing_is_said_of_degrees() -> None:
    assert not read("x,y", [f"{k},{k % 3}" for k in range(8)]).said


@pytest.mark.parametrize("text", ["POINT ({x} {y})", "POINT({x} {y})", "SRID=4326;POINT ({x} {y})", "POINT Z ({x} {y} 12.5)",
                                  "point({x} {y})"])
def test_points_as_text(text: str) -> None:
    made = read("geom", [text.format(x=f"{x:.6f}", y=f"{y:.6f}") for x, y in WAY])
    np.testing.assert_allclose(way(made), METRES, rtol=1e-9)


@pytest.mark.parametrize("named", ["in the points", "by the analyst"])
def test_a_projection_that_is_named_is_that_of_the_map(named: str) -> None:
    there = moved(WAY, GEOGRAPHIC, "EPSG:25832")
    if named == "in the points":
        made = read("geom", [f"SRID=25832;POINT ({x:.3f} {y:.3f})" for x, y in there])
    else:
        made = read("x,y", there, crs="EPSG:25832")
    assert made.tracks.crs == "EPSG:25832"  # type: ignore[union-attr]
    np.testing.assert_allclose(made.tracks.x, there[:, 0], atol=1e-3)  # type: ignore[union-attr]


@pytest.mark.parametrize("crs", ["EPSG:1", "nonsense", "epsg:4326"])
def test_a_projection_that_is_not_known_is_refused_by_name(crs: str) -> None:
    with pytest.raises(DataError, match="is not known") as caught:
        read("x,y", WAY, crs=crs)
    assert crs in caught.value.what


def test_two_projections_in_one_column_are_refused() -> None:
    with pytest.raises(DataError, match="several projections"):
        read("geom", ["SRID=4326;POINT (10 55)", "SRID=25832;POINT (500000 6000000)", "SRID=4326;POINT (10.1 55)"])


@pytest.mark.parametrize("shift", [0.0, 170.0, -190.0, 350.0])
def test_longitudes_on_both_sides_of_a_seam_are_neighbours(shift: float) -> None:
    lon = (WAY[:, 0] - 0.008 + shift + 180.0) % 360.0 - 180.0
    for lons in (lon, lon % 360.0):
        np.testing.assert_allclose(way(read("lon,lat", np.column_stack((lons, WAY[:, 1])))), METRES, rtol=2e-3)


def test_a_fix_at_nothing_is_dropped_by_name_and_one_of_the_gulf_of_guinea_is_not() -> None:
    made = read("lon,lat", np.vstack((WAY, [[0.0, 0.0]])))
    assert made.rows_dropped == 1 and "no fix" in made.problems["what"].iloc[0]
    assert read("lon,lat", np.vstack((WAY - WAY[0], [[0.001, 0.001]]))).rows_dropped == 0


def test_a_map_that_reaches_far_says_how_much_longer_its_edges_are() -> None:
    made = read("lon,lat", [f"{x},50" for x in range(-30, 31, 5)])
    assert any("too long" in one for one in made.said)
