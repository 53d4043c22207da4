"""What is told of how sure a match is, where it can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.worlds.matching.attributes import CONFIDENCE
from irlcore.worlds.matching.decoding import decoded, model_of
from irlcore.worlds.matching.matching import match
from irlcore.worlds.matching.roads import prepare
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World
from tests.worlds.matching.streets import of_points, streets, track, ways

# Two ways from B to E, over C and over D, as long as each other and 100 m from each other; F and G follow.
NODES = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (300.0, 50.0), "D": (300.0, -50.0), "E": (400.0, 0.0), "F": (600.0, 0.0),
         "G": (800.0, 0.0)}
LINKS = ["AB", "BC", "BD", "CE", "DE", "EF", "FG"]
FAR = np.array([[50.0, 0.0], [150.0, 0.0], [450.0, 0.0], [550.0, 0.0], [700.0, 0.0]])  # none on either way


def dearer(world: World, nats: float, link: str = "BD") -> np.ndarray:
    return np.where(world.place_names[world.choice_place] == link, 1.0 + nats, 1.0)


def sure_of(world: World, xy: np.ndarray, cost: np.ndarray | None = None, sigma: float = 5.0) -> dict[str, float]:
    roads = prepare(world)
    found = decoded(roads, model_of(roads, sigma, cost), np.array([0, len(xy)]), xy[:, 0], xy[:, 1], 1e6)
    names = world.place_names[world.place_of_state[roads.state[found.links]]]
    return dict(zip(names.tolist(), found.link_sure.tolist(), strict=True))


@pytest.mark.parametrize("nats", [0.1, 0.7, 3.0])
def test_between_points_each_way_is_as_likely_as_its_costs_say(nats: float) -> None:
    world = streets(NODES, LINKS)
    found = sure_of(world, FAR, dearer(world, nats))
    right = 1.0 / (1.0 + np.exp(-nats))
    assert found == pytest.approx({"AB": 1.0, "BC": right, "CE": right, "EF": 1.0, "FG": 1.0}, abs=0.003)


def test_of_three_ways_all_count() -> None:
    world = streets({**NODES, "H": (300.0, 0.0)}, [*LINKS, "BH", "HE"])
    cost = dearer(world, 0.7) + dearer(world, 1.1, "BH") - 1.0
    right = 1.0 / (1.0 + np.exp(-0.7) + np.exp(-1.1))
    assert sure_of(world, FAR, cost)["BC"] == pytest.approx(right, abs=0.003)


@pytest.mark.parametrize(("y", "nats"), [(4.0, 0.0), (-4.0, 1.0), (10.0, 0.0)])
def test_a_point_between_two_ways_speaks_for_the_nearer_as_the_noise_says(y: float, nats: float) -> None:
    """Two roads 40 m apart, a point y from the middle, 20 m of noise: the squared distances differ by 80 y, over 2 * 20^2."""
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (300.0, 20.0), "c": (500.0, 20.0), "D": (300.0, -20.0), "d": (500.0, -20.0),
             "E": (600.0, 0.0), "F": (800.0, 0.0)}
    world = streets(nodes, ["AB", "BC", "Cc", "cE", "BD", "Dd", "dE", "EF"])
    xy = np.array([[50.0, 0.0], [400.0, y], [750.0, 0.0]])
    for_c = 80.0 * y / 800.0 + nats
    found = sure_of(world, xy, dearer(world, nats), sigma=20.0)
    way = "Cc" if for_c > 0 else "Dd"
    assert found[way] == pytest.approx(1.0 / (1.0 + np.exp(-abs(for_c))), abs=0.02)


def test_later_points_settle_what_earlier_ones_left_open() -> None:
    """At a fork at a narrow angle the first points fit both streets; the last tell which."""
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (500.0, 12.0), "D": (500.0, -12.0), "E": (700.0, 120.0), "F": (700.0, -120.0)}
    world = streets(nodes, ["AB", "BC", "BD", "CE", "DF"])
    drove = track((10, 0), (200, 0), (500, 12), (690, 114))
    open_end = drove.x < 320
    found, short = match(world, drove, sigma=12.0), match(world, of_points([np.column_stack((drove.x, drove.y))[open_end]]), sigma=12.0)
    assert found.sure.min() > 0.99 and short.sure[-1] < 0.9 and found.tracks.attributes[CONFIDENCE].iloc[0] > 0.99


def test_a_long_track_is_as_sure_at_its_start_as_at_its_end() -> None:
    """Points past forty forks, at each of which the ways fit alike: nothing vanishes or bursts."""
    kinds = (("a", 0.0, 0.0), ("b", 200.0, 8.0), ("c", 200.0, -8.0))
    nodes = {f"{name}{k}": (400.0 * k + east, north) for k in range(40) for name, east, north in kinds}
    rows = [(f"a{k}", f"{s}{k}") for k in range(40) for s in "bc"] + [(f"{s}{k}", f"a{k + 1}") for k in range(39) for s in "bc"]
    table = pd.DataFrame({"link": [f"{u}-{v}" for u, v in rows], "u": [u for u, _ in rows], "v": [v for _, v in rows]})
    ends = pd.DataFrame({"node": list(nodes), "x": [x for x, _ in nodes.values()], "y": [y for _, y in nodes.values()]})
    found = match(build_network(table, None, ends), track((50, 0), (400 * 38.0, 0)), sigma=8.0)
    middle = found.sure[20:-20]
    assert len(middle) > 700 and np.isfinite(middle).all() and middle.min() > 0.45
    assert abs(middle[:350].mean() - middle[-350:].mean()) < 0.02


def test_a_doubtful_stretch_is_one_row_with_its_points_and_length() -> None:
    """Three ways alike: each is driven with a third."""
    world = streets({**NODES, "H": (300.0, 0.0)}, [*LINKS, "BH", "HE"])
    cost = dearer(world, 1.0, "BH")  # the straight one is shorter, which these costs do not know
    found = match(world, of_points([FAR]), sigma=5.0, choice_cost=cost + dearer(world, 0.05) - 1.0)
    row = found.problems.iloc[0]
    assert len(found.problems) == 1 and row["row"] == "points 2 to 3" and row["done"] == "kept: doubtful"
    assert row["what"].startswith("other ways fit as well for 224 m (confidence 0.4") and ways(found) == [["AB", "BC", "CE", "EF", "FG"]]
    clear = match(streets(NODES, ["AB", "BC", "CE", "EF", "FG"]), of_points([FAR]), sigma=5.0)
    assert not len(clear.problems) and clear.tracks.attributes[CONFIDENCE].iloc[0] == 1.0
