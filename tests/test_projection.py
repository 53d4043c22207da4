"""Projections by code alone, and nothing fetched for them."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, is_code, moved, plane_of
from tests.test_architecture import EVERYTHING, name, roots

FOREIGN = ["+proj=utm +zone=33", "+init=epsg:4326", "+proj=longlat +nadgrids=/etc/passwd", "/etc/passwd", "https://example.org/crs",
           "+proj=pipeline +step +proj=vgridshift +grids=https://example.org/a.tif", "EPSG:4326+5773", "EPSG:", "EPSG:1e5", " EPSG:4326",
           "EPSG:4326\n", "epsg:4326", "WGS 84", "urn:ogc:def:crs:EPSG::4326", 'GEOGCS["x"]', '{"type": "GeographicCRS"}', "", 4326, None,
           "EPSG:\u0664\u0663\u0662\u0666"]


def test_points_are_moved_there_and_back() -> None:
    # 15 E is the middle of UTM zone 33, where x = 500,000
    there = moved(np.array([[15.0, 59.0], [15.1, 59.1]]), GEOGRAPHIC, "EPSG:32633")
    assert there[0, 0] == pytest.approx(500_000.0, abs=1e-6)
    np.testing.assert_allclose(moved(there, "EPSG:32633", GEOGRAPHIC), [[15.0, 59.0], [15.1, 59.1]], atol=1e-9)


@pytest.mark.parametrize("crs", FOREIGN)
def test_what_is_no_code_is_never_looked_up(crs: object) -> None:
    assert not is_code(crs)
    if isinstance(crs, str):
        with pytest.raises(DataError, match="no code"):
            moved(np.zeros((1, 2)), crs, GEOGRAPHIC)


@pytest.mark.parametrize("crs", ["EPSG:9999999", "ESRI:0"])
def test_a_code_that_is_not_known_is_refused_in_words(crs: str) -> None:
    with pytest.raises(DataError) as caught:
        moved(np.zeros((1, 2)), GEOGRAPHIC, crs)
    assert crs in caught.value.what and caught.value.fix


@pytest.mark.parametrize(("lon", "lat", "zone"), [(2.35, 48.86, 32631), (-74.0, 40.7, 32618), (151.2, -33.9, 32756), (286.0, 40.7, 32618),
                                                  (121.5, 31.2, 32651), (-179.0, 10.0, 32601), (181.0, 10.0, 32601)])
def test_the_utm_zone_is_counted_from_the_date_line(lon: float, lat: float, zone: int) -> None:
    assert zone % 100 == int((lon + 180.0) % 360.0 // 6.0) + 1
    crs, near = plane_of(np.array([lon]), np.array([lat]), "the points")
    assert crs == f"EPSG:{zone}" and np.exp(1j * np.radians(near - lon)) == pytest.approx(1.0)


@pytest.mark.parametrize("north", [84.5, 90.0, -80.5, -90.0])
def test_the_poles_have_a_plane_of_their_own(north: float) -> None:
    lon = np.array([-120.0, 0.0, 120.0])
    crs, near = plane_of(lon, np.full(3, north), "the points")
    at = moved(np.column_stack((near, np.full(3, north - 0.001 * np.sign(north)))), GEOGRAPHIC, crs)
    apart = np.hypot(*(at - at.mean(axis=0)).T)
    assert apart == pytest.approx(np.full(3, 1e3 * 111.2 * (90.001 - abs(north))), rel=0.02)


@pytest.mark.parametrize(("lon", "span"), [([179.8, -179.9, -179.5], 0.7), ([359.9, 0.1, 0.4], 0.5), ([-0.2, 0.1, 0.4], 0.6),
                                           ([285.0, 286.0, 287.0], 2.0), ([10.0, 11.0, 359.0], 12.0), ([10.0, 11.0, 12.0, 190.0], 180.0)])
def test_longitudes_that_are_neighbours_on_the_globe_are_neighbours(lon: list[float], span: float) -> None:
    _, near = plane_of(np.array(lon), np.full(len(lon), 50.0), "the points")
    assert np.ptp(near) == pytest.approx(span)
    np.testing.assert_allclose(np.exp(1j * np.radians(near)), np.exp(1j * np.radians(lon)), atol=1e-9)


def test_one_place_far_off_moves_no_zone() -> None:
    crs, _ = plane_of(np.append(np.linspace(10.0, 10.5, 9), 0.0), np.append(np.full(9, 55.0), 0.0), "the points")
    assert crs == "EPSG:32632"


@pytest.mark.parametrize(("lon", "lat"), [(500.0, 10.0), (-181.0, 10.0), (5.0, 500.0), (1e300, 1e300), (np.nan, 10.0), (10.0, np.nan),
                                          (np.inf, 10.0), (500_000.0, 6_500_000.0)])
def test_what_is_no_place_in_degrees_is_refused_in_words(lon: float, lat: float) -> None:
    with pytest.raises(DataError, match=r"The middle of the links, longitude .* is no place in degrees") as caught:
        plane_of(np.array([lon]), np.array([lat]), "the links")
    assert "in metres" in caught.value.fix


@pytest.mark.parametrize("first", ["import irlcore", "import pyproj; import irlcore.projection", "import irlcore.features.zones"])
def test_grids_are_not_fetched_whatever_the_environment_says(first: str) -> None:
    asked = subprocess.run([sys.executable, "-c", f"{first}; import pyproj.network; print(pyproj.network.is_network_enabled())"],
                           env={**os.environ, "PROJ_NETWORK": "ON"}, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_few_files_know_of_the_library_beneath() -> None:
    using = {name(path) for path in EVERYTHING if "pyproj" in roots(path) and name(path).startswith(("irlcore", "app"))}
    assert using <= {"irlcore/projection.py"}
