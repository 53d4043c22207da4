"""Lines of links: what is a degree and what a metre, doubled vertices, and the middle of a bent line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World


def network(*lines: str) -> World:
    """Links in a row, each with a shape."""
    rows = [{"link": f"l{i}", "u": i, "v": i + 1, "wkt": line} for i, line in enumerate(lines)]
    return build_network(pd.DataFrame(rows))


def test_small_numbers_in_a_local_plane_are_not_degrees() -> None:
    world = network("LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 10 20)")
    assert world.crs is None
    assert world.place_attributes == {}
    np.testing.assert_allclose(world.choice_length, [20.0])


def test_short_links_in_degrees_are_projected() -> None:
    world = network("LINESTRING (11.00 48.00, 11.01 48.00)", "LINESTRING (11.01 48.00, 11.02 48.00)")
    assert world.crs == "EPSG:32632"
    assert world.choice_length[0] == pytest.approx(745.6, rel=0.01)


def test_a_doubled_vertex_makes_no_turn() -> None:
    world = network("LINESTRING (0 0, 500 0, 500 0)", "LINESTRING (500 0, 500 0, 900 0)", "LINESTRING (900 0, 900 300)")
    np.testing.assert_allclose(world.choice_turn, [0.0, -np.pi / 2], atol=1e-12)


def test_a_link_that_is_one_point_has_no_direction_and_no_length() -> None:
    world = network("LINESTRING (0 0, 500 0)", "LINESTRING (500 0, 500 0)", "LINESTRING (500 0, 900 0)")
    assert np.isnan(world.choice_turn).all()
    np.testing.assert_allclose(world.choice_length, [0.0, 400.0])
    np.testing.assert_allclose(world.place_xy[1], [500.0, 0.0])


def test_the_middle_of_a_link_lies_half_way_along_it() -> None:
    world = network("LINESTRING (1100 0, 1101 0, 1102 0, 1300 0)", "LINESTRING (1300 0, 1300 300, 1400 300)")
    np.testing.assert_allclose(world.place_xy, [[1200.0, 0.0], [1300.0, 200.0]])


def test_arriving_at_a_dummy_destination_takes_no_time() -> None:
    links = pd.DataFrame({"link": ["a", "b"], "length": [100.0, 200.0], "speed_kmh": [36.0, 72.0]})
    follows = pd.DataFrame({"from_link": ["a", "b"], "to_link": ["b", "goal"]})
    column = feature_column(FeatureSpec("time", "duration"), build_network(links, follows), Context())
    np.testing.assert_allclose(column, [200.0 / 20.0 / 60.0, 0.0])
