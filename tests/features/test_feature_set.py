"""A set of features as a matrix: what goes in, what is wrong with it, and what is proposed to start with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix, suggest_features
from irlcore.worlds.grid import build_grid
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

NOTHING = Context()
STEP, LENGTH = FeatureSpec("each step", "step"), FeatureSpec("length", "length")
LANES, MAIN = FeatureSpec("lanes", "attribute", {"attribute": "lanes"}), FeatureSpec(
    "main roads", "attribute", {"attribute": "road", "equals": "main"})


def street(**columns: list[object]) -> World:
    """Four links in a row, so three choices: into the links 2, 3 and 4."""
    table = pd.DataFrame({"link": [1, 2, 3, 4], "u": [0, 1, 2, 3], "v": [1, 2, 3, 4], **columns})
    return build_network(table)


@pytest.fixture(scope="module")
def world() -> World:
    return street(length=[10, 20, 30, 40], lanes=[1, 2, 2, 1], road=["lane", "main", "lane", "main"])


def test_the_matrix_has_one_column_a_feature_in_the_order_given(world: World) -> None:
    matrix = feature_matrix([LENGTH, MAIN, STEP], world, NOTHING)
    assert matrix.names == ("length", "main roads", "each step")
    np.testing.assert_array_equal(matrix.values, [[20, 1, 1], [30, 0, 1], [40, 1, 1]])
    assert matrix.values.dtype == np.float64 and matrix.values.flags.c_contiguous


def test_coverage_is_the_share_of_choices_where_a_feature_is_not_nought(world: World) -> None:
    matrix = feature_matrix([LENGTH, MAIN], world, NOTHING)
    np.testing.assert_allclose(matrix.coverage, [1.0, 2 / 3])


def test_features_that_are_switched_off_are_left_out_with_all_their_problems(world: World) -> None:
    broken = FeatureSpec("broken", "attribute", {"attribute": "width"}, enabled=False)
    twin = replace(LENGTH, enabled=False)
    matrix = feature_matrix([LENGTH, twin, broken, STEP], world, NOTHING)
    assert matrix.names == ("length", "each step") and matrix.warnings == ()


def test_no_features_are_a_matrix_without_columns(world: World) -> None:
    matrix = feature_matrix([], world, NOTHING)
    assert matrix.values.shape == (3, 0) and matrix.names == () and matrix.warnings == ()


def test_all_problems_are_told_at_once(world: World) -> None:
    specs = [FeatureSpec("wide", "attribute", {"attribute": "width"}), STEP,
             FeatureSpec("harbour", "zone", {"zone": "port"}), FeatureSpec("odd", "smell"),
             FeatureSpec("twin", "length"), FeatureSpec("twin", "step")]
    with pytest.raises(FeatureError) as caught:
        feature_matrix(specs, world, NOTHING)
    for named in ("wide", "width", "harbour", "port", "odd", "smell", "twin"):
        assert named in caught.value.what
    assert "each step" not in caught.value.what
    assert "lanes" in caught.value.fix and len(caught.value.fix.split(". ")) >= 4


def test_two_features_of_one_name_are_refused_by_that_name(world: World) -> None:
    with pytest.raises(FeatureError) as caught:
        feature_matrix([LENGTH, replace(STEP, name="length")], world, NOTHING)
    assert "length" in caught.value.what and caught.value.fix


def test_a_feature_that_is_nought_everywhere_is_warned_of(world: World) -> None:
    nowhere = FeatureSpec("bridges", "attribute", {"attribute": "road", "equals": "bridge"})
    (feature, what, fix), = feature_matrix([LENGTH, nowhere], world, NOTHING).warnings
    assert feature == "bridges" and "bridges" in what and fix


def test_two_features_with_the_same_values_are_warned_of_by_both_names(world: World) -> None:
    again = FeatureSpec("avenues", "attribute", {"attribute": "road", "equals": "main"})
    (feature, what, fix), = feature_matrix([MAIN, LENGTH, again], world, NOTHING).warnings
    assert feature == "avenues" and "avenues" in what and "main roads" in what and fix


def test_features_that_differ_at_one_choice_are_not_warned_of(world: World) -> None:
    assert feature_matrix([LENGTH, LANES, MAIN, STEP], world, NOTHING).warnings == ()


def test_a_column_that_is_not_finite_is_refused_by_name(world: World) -> None:
    endless = replace(world, choice_length=np.array([1.0, np.inf, 3.0]))
    with pytest.raises(FeatureError) as caught:
        feature_column(LENGTH, endless, NOTHING)
    assert "length" in caught.value.what and "1 choice" in caught.value.what and caught.value.fix


def suggested(world: World) -> list[str]:
    return [spec.name for spec in suggest_features(world)]


@pytest.mark.parametrize("world", [street(), build_grid(0, 0, 3, 3, 1, "m"),
                                   build_grid(0, 0, 3, 3, 1, "km", heading=True),
                                   street(length=[1, 2, 3, 4], road=["a", "b", "c", "b"])],
                         ids=["bare network", "grid", "grid with headings", "network with a table"])
def test_every_proposed_feature_works_in_its_world(world: World) -> None:
    specs = suggest_features(world)
    matrix = feature_matrix(specs, world, NOTHING)
    assert matrix.names == tuple(spec.name for spec in specs)


def test_a_network_that_knows_nothing_gets_the_step_alone() -> None:
    assert suggested(street()) == ["each step"]


def test_length_is_proposed_as_a_cost_in_kilometres_where_the_unit_is_metres(world: World) -> None:
    spec = next(s for s in suggest_features(world) if s.kind == "length")
    assert spec.name == "length (km)" and spec.sign == "negative"
    np.testing.assert_allclose(feature_column(spec, world, NOTHING), [0.02, 0.03, 0.04])
    pixels = build_grid(0, 0, 3, 3, 1, "px")
    spec = next(s for s in suggest_features(pixels) if s.kind == "length")
    assert "km" not in spec.name
    np.testing.assert_array_equal(feature_column(spec, pixels, NOTHING), pixels.choice_length)


def test_turns_are_proposed_where_angles_are_known() -> None:
    assert not any("turn" in n for n in suggested(build_grid(0, 0, 3, 3, 1, "m")))
    with_turns = suggested(build_grid(0, 0, 3, 3, 1, "m", heading=True))
    assert {"left turn", "right turn", "u-turn"} <= set(with_turns)


def test_texts_are_proposed_for_the_column_that_splits_best_without_its_commonest_value() -> None:
    world = street(owner=["city", "city", "city", "king"], road=["main", "main", "lane", "path"])
    texts = [s for s in suggest_features(world) if s.kind == "attribute"]
    assert {s.params["attribute"] for s in texts} == {"road"}
    assert sorted(s.params["equals"] for s in texts) == ["lane", "path"]


def test_a_column_of_names_is_not_proposed() -> None:
    table = pd.DataFrame({"link": range(9), "u": range(9), "v": range(1, 10), "street": list("abcdefghi")})
    assert suggested(build_network(table)) == ["each step"]
