"""Coordinates as people write them: with signs and letters, times ten million, in zones, with units in the names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.coordinates import Coordinates, read_coordinates
from irlcore.tracks.options import AS_THEY_ARE

WRITTEN = {
    "minutes": ("55\u00b030.0'N", "10\u00b015.0'W"), "with blanks": ("55 30.0 N", "10 15.0 W"),
    "letters first": ("N 55\u00b030.0'", "W10\u00b015.0'"),
    "seconds": ("55\u00b030'00\"N", "10\u00b0 15' 0.0\" W"), "NMEA": ("5530.000N", "01015.000W"), "degrees": ("55.5\u00b0 N", "10.25 W"),
    "signs": ("55.5\u00b0", "-10.25\u00b0"), "decimal commas": ("55,5\u00b0 N", "10,25\u00b0 W"), "colons": ("55:30:00", "-10:15:00"),
}


def read(table: pd.DataFrame) -> Coordinates:
    return read_coordinates(table, guess_columns(table, "points"), AS_THEY_ARE, "m")


@pytest.mark.parametrize("way", WRITTEN)
def test_texts_of_degrees_are_read_and_told(way: str) -> None:
    lat, lon = WRITTEN[way]
    at = read(pd.DataFrame({"vessel": "v", "lat": [lat] * 3, "lon": [lon] * 3}))
    assert at.geographic and at.x == pytest.approx([-10.25] * 3) and at.y == pytest.approx([55.5] * 3)
    assert sum("row 2" in one for one in at.said) == 2


@pytest.mark.parametrize("lat", ["55\u00b075.0'N", "55\u00b030.0'E", "5575.0N", "-55\u00b030'N", "north", "1,234.5"])
def test_texts_that_are_no_degrees_are_none(lat: str) -> None:
    at = read(pd.DataFrame({"vessel": "v", "lat": [lat, lat], "lon": [10.0, 11.0]}))
    assert np.isnan(at.y).all() and not at.said


def test_degrees_times_ten_million_are_known_by_size_or_name() -> None:
    for names in (("lon", "lat"), ("longitudeE7", "latitudeE7")):
        at = read(pd.DataFrame({"mmsi": "1", names[0]: [105000000, 105100000], names[1]: [555000000, 555100000]}))
        assert at.x == pytest.approx([10.5, 10.51]) and at.y == pytest.approx([55.5, 55.51])
        assert any("10,000,000" in one for one in at.said)


def test_whole_numbers_of_an_unknown_scale_are_refused_by_their_cause() -> None:
    with pytest.raises(DataError) as refused:
        read(pd.DataFrame({"mmsi": "1", "lon": [6300000, 6300100], "lat": [33300000, 33300100]})).faults()
    assert "minutes times 10,000" in refused.value.fix


def test_columns_of_letters_say_which_half() -> None:
    table = pd.DataFrame({"v": "a", "lat": [55.5, 55.6], "ns": ["S", "S"], "lon": [10.5, 10.6], "ew": ["E", "W"]})
    at = read(table)
    assert at.x.tolist() == [10.5, -10.6] and at.y.tolist() == [-55.5, -55.6] and any("which half" in one for one in at.said)
    assert read(table.drop(columns="ew")).y.tolist() == [55.5, 55.6], "one column alone may be a way of driving"
    assert read(table.assign(lat=-table["lat"])).y.tolist() == [-55.5, -55.6], "signs are there already"


def test_degrees_and_minutes_in_one_number_beside_letters() -> None:
    at = read(pd.DataFrame({"lat": [5530.0, 5531.5], "ns": "N", "lon": [1030.0, 1030.6], "ew": "W"}))
    assert at.x == pytest.approx([-10.5, -10.51]) and at.y == pytest.approx([55.5, 55.525]) and any("NMEA" in one for one in at.said)


def test_zones_of_utm_are_brought_together() -> None:
    lon, lat = np.array([11.9, 12.1]), np.array([55.5, 55.5])
    x, y = zip(*(moved(np.array([[a, b]]), GEOGRAPHIC, crs)[0] for a, b, crs in zip(lon, lat, ("EPSG:32632", "EPSG:32633"), strict=True)),
               strict=True)
    at = read(pd.DataFrame({"vessel": "v", "utm_easting": x, "utm_northing": y, "utm_zone": ["32U", "33U"]}))
    assert at.geographic and at.x == pytest.approx(lon) and at.y == pytest.approx(lat) and "32U, 33U" in at.said[0]
    both = pd.DataFrame({"vessel": "v", "utm-easting": x, "utm-northing": y, "location-long": lon, "location-lat": lat})
    assert {"x", "y"}.isdisjoint(guess_columns(both, "points"))


@pytest.mark.parametrize(("name", "metres"), [("x [km]", 1000.0), ("x (mm)", 0.001), ("x [ft]", 0.3048), ("x [m]", 1.0), ("x", 1.0),
                                              ("x [px]", 1.0)])
def test_units_in_names_are_metres(name: str, metres: float) -> None:
    at = read(pd.DataFrame({"vessel": "v", name: [1.0, 2.0], name.replace("x", "y", 1): [3.0, 4.0]}))
    assert at.x == pytest.approx([metres, 2.0 * metres]) and bool(at.said) == (metres != 1.0)


def test_radians_are_pointed_at() -> None:
    assert any("radians" in one for one in read(pd.DataFrame({"lon": [0.18, 0.19], "lat": [0.97, 0.98]})).said)
    assert not read(pd.DataFrame({"lon": [10.18, 10.19], "lat": [50.97, 50.98]})).said
