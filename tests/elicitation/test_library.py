"""What could be named in a world: in every kind of world, each under its own name, and each with a column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.contracts.filled_forms import context
from irlcore.contracts.grounds import worlds
from irlcore.elicitation.library import LATTICES, MOST_TEXTS, pair_candidates, single_candidates
from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix
from irlcore.features.kinds.bump import lattice_bumps
from irlcore.worlds.grid import build_grid
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

EACH_WORLD = pytest.mark.parametrize("world", worlds().values(), ids=worlds())

FIT = {"features": [{"name": "each step", "kind": "step", "params": {}}], "weights": [-3.0], "own": [], "model": "maxent", "gamma": 1.0}
DRAWN = {"in square", "distance to square", "distance to home"}
COUNTED = {"class traffic: place", "class traffic: turn share", "class traffic: end share"}
HABITS = {"habit by turn, beyond 1 features", "habit by place, beyond 1 features"}


@EACH_WORLD
def test_every_candidate_has_a_name_of_its_own_and_a_column(world: World) -> None:
    library = single_candidates(world, context(world), FIT)
    names = [spec.name for spec in library]
    assert len(set(names)) == len(names)
    for spec in library:
        column = feature_column(spec, world, context(world))
        assert column.shape == (world.mdp.n_choices,) and np.isfinite(column).all()


@EACH_WORLD
def test_what_is_named_depends_on_what_the_world_knows(world: World) -> None:
    names = {spec.name for spec in single_candidates(world, context(world), FIT)}
    if world.kind == "log":  # events stand in patterns, and nobody passes a place (``test_log_library``)
        assert names >= {"same event again", "usual after 1 event", "usual after 2 events", "the end", "a"}
        assert not names & (COUNTED | HABITS | DRAWN)
        return
    assert names >= COUNTED | HABITS
    assert (names >= DRAWN) == world.has_coordinates
    wanted = sum(len(lattice_bumps(world, across)) for across in LATTICES)
    assert sum(name.startswith("around") for name in names) == wanted
    assert ("left turn" in names) == bool(np.isfinite(world.choice_turn).any())
    for name in {**world.place_attributes, **world.choice_attributes}:
        assert any(other == name or other.startswith(f"{name}: ") for other in names)
    assert not {spec.name for spec in single_candidates(world, context(world))} & HABITS
    assert not {spec.name for spec in single_candidates(world, Context())} & (COUNTED | HABITS | DRAWN)


@pytest.mark.parametrize(("corner", "side"), [(5_812_000.0, 400.0), (121.46, 0.02), (0.0, 2.0), (-3e5, 9e5)])
def test_places_on_the_lattice_are_told_apart_wherever_the_world_lies(corner: float, side: float) -> None:
    world = build_grid(corner, corner, corner + side, corner + side, side / 12.0, "m")
    names = [spec.name for spec in single_candidates(world, Context()) if spec.kind == "bump"]
    assert len(names) >= 16 + 64
    assert len(set(names)) == len(names)


def street(**columns: list[object]) -> World:
    n = len(next(iter(columns.values())))
    return build_network(pd.DataFrame({"link": range(n), "u": range(n), "v": range(1, n + 1), **columns}))


def test_names_of_streets_are_not_values_and_rare_values_are_left_out() -> None:
    many = [f"kind {min(k, 20)}" for k in range(4 * MOST_TEXTS)]
    world = street(name=[f"street {k}" for k in range(4 * MOST_TEXTS)], road=["main", "lane"] * (2 * MOST_TEXTS), kind=many)
    names = {spec.name for spec in single_candidates(world, Context())}
    assert not any(name.startswith("name") for name in names)
    assert {"road: main", "road: lane"} <= names
    assert sum(name.startswith("kind: ") for name in names) == MOST_TEXTS
    assert "kind: kind 20" in names  # the commonest


def test_few_numbers_are_taken_one_by_one_too_and_numbers_with_gaps_only_so() -> None:
    world = street(lanes=[1, 2, 3, 1, 2, 3], toll=[0, 1, 0, 1, 0, 1], width=[4.5, np.nan, 6.0, 4.5, 6.0, 6.0])
    names = {spec.name for spec in single_candidates(world, Context())}
    assert {"lanes", "lanes: 1", "lanes: 2", "lanes: 3", "toll", "width: 4.5", "width: 6"} <= names
    assert not {"width", "toll: 1"} & names
    by_name = {spec.name: spec for spec in single_candidates(world, Context())}
    np.testing.assert_array_equal(feature_column(by_name["width: 4.5"], world, Context()), [0, 0, 1, 0, 0])


def test_pairs_are_the_products_of_their_parts() -> None:
    world = worlds()["town"]
    a, b, c = (FeatureSpec(name, "turn", {"turn": name}) for name in ("left", "right", "u-turn"))
    step = FeatureSpec("each step", "step")
    pairs = pair_candidates((a, b, c), (step,))
    assert [p.name for p in pairs] == ["left × right", "left × u-turn", "right × u-turn", "left × each step", "right × each step",
                                       "u-turn × each step"]
    whole = feature_matrix((a, b, c, step, *pairs), world, context(world)).values
    for k, (i, j) in enumerate([(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]):
        np.testing.assert_array_equal(whole[:, 4 + k], whole[:, i] * whole[:, j])


def test_a_world_of_one_column_of_cells_still_has_a_reach() -> None:
    world = worlds()["grid"]
    narrow = replace(world, place_xy=world.place_xy * [0.0, 1.0])
    for spec in single_candidates(narrow, context(narrow)):
        if spec.kind == "distance":
            assert spec.params["reach"] > 0.0
            feature_column(spec, narrow, context(narrow))


def test_a_candidate_that_does_not_hold_here_says_so() -> None:
    world = worlds()["town"]
    for spec in single_candidates(world, context(world), {**FIT, "model": "telepathy"}):
        if spec.kind == "habit":
            with pytest.raises(FeatureError):
                feature_column(spec, world, replace(context(world), expected=None))
