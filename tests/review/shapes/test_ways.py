"""What tracks pass again, many side by side, against each track looked at by itself."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from irlcore.review.behaviour import excursions, spots_of, walk_of
from irlcore.review.parts.base import Material
from irlcore.review.shapes.ways import backs, circles, repeats, ways_of
from irlcore.worlds.cells.kinds import Cells
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths, build_goals
from irlcore.worlds.world import World
from tests.review.parts.classes import TOWN, in_town, material, without_coordinates

pytestmark = pytest.mark.kernels


def wandering(world: World, n: int, seed: int) -> Material:
    """Walks of 1 to 60 steps that take any choice."""
    rng, mdp = np.random.default_rng(seed), world.mdp
    chosen, last = [], []
    for _ in range(n):
        state, own = int(rng.integers(mdp.n_states)), []
        for _ in range(int(rng.integers(1, 60))):
            choice = int(rng.integers(mdp.choice_offsets[state], mdp.choice_offsets[state + 1]))
            own.append(choice)
            state = int(mdp.successors[choice])
        chosen.append(own)
        last.append(state)
    offsets = np.append(0, np.cumsum([len(one) for one in chosen])).astype(np.int64)
    goals = build_goals([np.array([0])], ["any"])
    return material(world, Paths(np.array([str(k) for k in range(n)], object), offsets, np.concatenate(chosen), np.array(last),
                                 np.zeros(n, np.int64), goals))


def one_by_one(own: Material, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Way (n, 2) and number (n, 2) of circles, and of ways out and back, as they are told of one track."""
    spots, mdp = spots_of(own.world), own.world.mdp
    way, count = np.zeros((len(index), 2)), np.zeros((len(index), 2), np.int64)
    for k, i in enumerate(index.tolist()):
        choices = own.paths.choices[own.paths.offsets[i]:own.paths.offsets[i + 1]]
        walk = walk_of(spots, own.world.place_of_state[own.paths.states(mdp, i)], choices)
        for one in excursions(spots, walk):
            way[k, int(not one.round)] += walk.along(one)
            count[k, int(not one.round)] += 1
    return way, count


def grid(cells: Cells, heading: bool) -> World:
    return build_grid(0.0, 0.0, 6.0, 6.0, 1.0, "m", heading=heading, cells=cells)


@pytest.mark.parametrize("world", [TOWN, grid("squares", False), grid("squares", True), grid("hexagons", False)],
                         ids=["streets", "squares", "squares with headings", "hexagons"])
def test_circles_and_ways_out_and_back_are_those_of_each_track(world: World) -> None:
    own, index = wandering(world, 80, 5), np.arange(7, 80)
    ways = ways_of(own, index)
    found = circles(ways), backs(ways)
    way, count = one_by_one(own, index)
    assert way.min(axis=0).max() == 0.0 and (way.max(axis=0) > 0.0).all()
    np.testing.assert_allclose(np.column_stack([one.amount for one in found]), way, atol=1e-9)
    np.testing.assert_array_equal(np.column_stack([one.count for one in found]), count)
    for one in found:
        np.testing.assert_array_equal(one.place >= 0, one.count > 0)


def test_without_coordinates_spots_are_told_by_the_turns() -> None:
    drives = [[0, 1, 2, 8, 14, 8, 2, 3, 4, 5], [0, 1, 2, 3, 9, 8, 2, 3, 4, 5], [0, 1, 7, 13]]
    for of in (circles, backs, repeats):
        known, blind = (of(ways_of(in_town(drives, world), np.arange(3))) for world in (TOWN, without_coordinates(TOWN)))
        np.testing.assert_allclose(blind.amount, known.amount)
        np.testing.assert_array_equal(blind.count, known.count)


def test_what_is_driven_again_in_the_same_direction_is_counted_once_a_run() -> None:
    round_ = [2, 3, 9, 8, 2]
    own = in_town([[0, 1, *round_, 3, 9, 8, 2, 3, 4, 5], [0, 1, *round_, 3, 4], [0, 1, 2, 1, 0], [0, 1, 2, 3]])
    again = repeats(ways_of(own, np.arange(4)))
    np.testing.assert_allclose(again.amount, [500.0, 100.0, 0.0, 0.0])
    assert again.count.tolist() == [1, 1, 0, 0]
    assert (again.place >= 0).tolist() == [True, True, False, False]


def test_to_and_fro_between_two_cells_is_noise() -> None:
    world = grid("squares", False)
    mdp = world.mdp

    def walk(cells: list[tuple[int, int]]) -> list[int]:
        names = [f"{x},{y}" for x, y in cells]
        at = {str(name): k for k, name in enumerate(world.place_names)}
        return [next(m for m in range(mdp.choice_offsets[at[a]], mdp.choice_offsets[at[a] + 1]) if mdp.successors[m] == at[b])
                for a, b in pairwise(names)]

    chosen = [walk([(x, 0) for x in row]) for row in ((0, 1, 2, 1, 2, 1, 2, 3), (0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 4))]
    last = mdp.successors[[chosen[0][-1], chosen[1][-1]]]
    paths = Paths(np.array(["a", "b"], object), np.array([0, 7, 17]), np.concatenate(chosen), last, np.zeros(2, np.int64),
                  build_goals([np.array([0])], ["any"]))
    ways = ways_of(material(world, paths), np.arange(2))
    assert backs(ways).amount.tolist() == [0.0, 6.0]
    assert repeats(ways).amount.tolist() == [0.0, 3.0]
