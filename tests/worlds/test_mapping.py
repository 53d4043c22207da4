"""Tracks become paths: what each sample turns into, and what is listed where it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import WorldError
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.aims import NOWHERE, NOWHERE_NAME, TO_ITS_END, UNFINISHED
from irlcore.worlds.grid import build_grid, grid_over, map_tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mapping import Mapped, paths_from_states
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

Points = list[tuple[float, float]]


def points(tracks: dict[str, Points], seconds: float = 10.0, timed: bool = True) -> Tracks:
    """Tracks by name, one sample every so many seconds."""
    counts = [len(p) for p in tracks.values()]
    xy = np.array([point for track in tracks.values() for point in track], float)
    t = np.concatenate([np.arange(n) for n in counts]) * seconds
    return Tracks(np.array(list(tracks), object), np.concatenate(([0], np.cumsum(counts))), t, xy[:, 0], xy[:, 1],
                  pd.DataFrame(index=range(len(tracks))), timed=timed)


def row(*columns: float) -> Points:
    """Samples in the middle of the bottom row."""
    return [(c + 0.5, 0.5) for c in columns]


def links(tracks: dict[str, str]) -> LinkTracks:
    split = [t.split() for t in tracks.values()]
    return LinkTracks(np.array(list(tracks), object), np.concatenate(([0], np.cumsum([len(s) for s in split]))),
                      np.array([link for s in split for link in s], object), pd.DataFrame(index=range(len(tracks))))


def visited(world: World, mapped: Mapped, path: int = 0) -> list[str]:
    states = mapped.paths.states(world.mdp, path)
    return world.place_names[world.place_of_state[states]].tolist()


def listed(mapped: Mapped) -> list[tuple[str, str]]:
    return [(r.track, r.done.split(":")[0]) for r in mapped.problems.itertuples()]


@pytest.fixture(scope="module")
def strip() -> World:
    """Six cells by two, of side 1."""
    return build_grid(0, 0, 6, 2, 1, "m")


@pytest.fixture(scope="module")
def chain() -> World:
    """Links a -> b -> c -> d, and c -> a."""
    pairs = pd.DataFrame({"from_link": ["a", "b", "c", "c"], "to_link": ["b", "c", "d", "a"]})
    return build_network(pd.DataFrame({"link": ["a", "b", "c", "d"]}), pairs)


def test_samples_become_the_cells_they_lie_in_in_order(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": [(0.5, 0.5), (1.5, 1.5), (2.5, 1.5)]}))
    assert visited(strip, mapped) == ["0,0", "1,1", "2,1"]
    assert len(mapped.problems) == 0


def test_samples_that_stay_in_a_cell_are_one_visit_and_keep_its_first_time(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": row(0.0, 0.2, 0.4, 1.0, 1.3, 2.0)}))
    assert visited(strip, mapped) == ["0,0", "1,0", "2,0"]
    assert mapped.paths.times is not None and mapped.paths.times.tolist() == [0.0, 30.0]
    assert len(mapped.problems) == 0


def test_tracks_without_time_become_paths_without_time(strip: World) -> None:
    assert map_tracks(strip, points({"a": row(0, 1)}, timed=False)).paths.times is None


def test_a_jump_is_filled_along_the_straight_line_in_cells_and_time_and_listed(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": row(0, 4, 5)}))
    assert visited(strip, mapped) == ["0,0", "1,0", "2,0", "3,0", "4,0", "5,0"]
    assert mapped.paths.times is not None and mapped.paths.times.tolist() == [0.0, 2.5, 5.0, 7.5, 10.0]
    assert listed(mapped) == [("a", "repaired")]
    assert "3 cells" in mapped.problems["what"][0]


def test_a_jump_from_one_track_to_the_next_is_not_filled(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": row(0, 1), "b": row(4, 5)}))
    assert visited(strip, mapped, 0) == ["0,0", "1,0"] and visited(strip, mapped, 1) == ["4,0", "5,0"]
    assert len(mapped.problems) == 0


def test_a_track_that_passes_its_own_goal_is_cut_there_and_listed(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": row(0, 1, 2, 3, 2)}))
    assert visited(strip, mapped) == ["0,0", "1,0", "2,0"]
    assert listed(mapped) == [("a", "repaired")] and "2,0" in mapped.problems["what"][0]


def test_the_goal_is_the_last_place_and_tracks_with_the_same_end_share_it(strip: World) -> None:
    paths = map_tracks(strip, points({"a": row(0, 1, 2), "b": row(4, 3, 2), "c": row(2, 1)})).paths
    assert [paths.goals.names[g] for g in paths.goal] == ["2,0", "2,0", "1,0"]
    assert len(paths.goals) == 2


def test_a_track_that_leaves_the_grid_is_dropped_and_listed(strip: World) -> None:
    mapped = map_tracks(strip, points({"away": [(4.5, 0.5), (5.5, 0.5), (6.5, 0.5)], "low": [(0.5, 0.5), (0.5, -0.5)],
                                       "home": row(0, 1)}))
    assert mapped.paths.ids.tolist() == ["home"]
    assert listed(mapped) == [("away", "dropped"), ("low", "dropped")]
    assert "column 6, row 0" in mapped.problems["what"][0]


def test_a_sample_on_the_far_border_lies_in_the_last_cell(strip: World) -> None:
    mapped = map_tracks(strip, points({"a": [(4.5, 1.5), (6.0, 2.0)]}))
    assert visited(strip, mapped) == ["4,1", "5,1"]


@pytest.mark.parametrize("samples", [row(0, 1, 2), row(0, 2)], ids=["a sample in it", "a filled gap through it"])
def test_a_track_through_a_blocked_cell_is_dropped_and_listed(samples: Points) -> None:
    hole = np.array([[1.1, 0.1], [1.9, 0.1], [1.9, 0.9], [1.1, 0.9]])
    world = build_grid(0, 0, 3, 2, 1, "m", blocked=[hole])
    mapped = map_tracks(world, points({"bad": samples, "good": [(0.5, 1.5), (1.5, 1.5)]}))
    assert mapped.paths.ids.tolist() == ["good"]
    assert ("bad", "dropped") in listed(mapped)
    assert "blocked" in mapped.problems["what"].iloc[-1] and "column 1, row 0" in mapped.problems["what"].iloc[-1]


def test_a_track_that_ends_where_it_starts_is_dropped_and_listed(strip: World) -> None:
    mapped = map_tracks(strip, points({"round": row(0, 1, 0), "still": row(3), "goes": row(0, 1)}))
    assert mapped.paths.ids.tolist() == ["goes"]
    assert listed(mapped) == [("round", "dropped"), ("still", "dropped")]


def test_no_usable_track_at_all_is_an_error_that_names_the_first(strip: World) -> None:
    with pytest.raises(WorldError) as caught:
        map_tracks(strip, points({"away": [(9.5, 0.5), (9.5, 1.5)]}))
    assert "away" in caught.value.what and caught.value.fix


def test_with_a_heading_the_path_carries_its_last_moves() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m", heading=True)
    mapped = map_tracks(world, points({"a": [(0.5, 0.5), (0.5, 1.5), (1.5, 1.5), (2.5, 0.5)]}))
    assert visited(world, mapped) == ["0,0", "0,1", "1,1", "2,0"]
    assert (mapped.paths.states(world.mdp, 0) % 8).tolist() == [0, 0, 2, 3]  # starts as if it came from the south
    assert np.rad2deg(world.choice_turn[mapped.paths.choices]).tolist() == pytest.approx([0.0, 90.0, 45.0])
    assert sorted(mapped.paths.goals.of(0) // 8) == [2] * 8


def test_with_a_heading_a_path_starts_with_that_of_its_first_move_and_ends_with_that_of_its_arrival() -> None:
    world = build_grid(0, 0, 6, 1, 1, "m", heading=True)
    mapped = map_tracks(world, points({"east": row(0, 1, 2, 3, 2), "west": row(5, 4)}))
    assert visited(world, mapped) == ["0,0", "1,0", "2,0"]
    assert (mapped.paths.states(world.mdp, 0) % 8).tolist() == [2, 2, 2]  # cut before it comes back going west
    assert (mapped.paths.states(world.mdp, 1) % 8).tolist() == [6, 6]


def test_on_a_slippery_grid_a_track_is_the_same_path(strip: World) -> None:
    slippery = build_grid(0, 0, 6, 2, 1, "m", slip=0.2)
    tracks = points({"a": row(0, 1, 2, 4)})
    assert map_tracks(slippery, tracks).paths.choices.tolist() == map_tracks(strip, tracks).paths.choices.tolist()


def test_link_tracks_become_paths_of_the_links(chain: World) -> None:
    mapped = map_link_tracks(chain, links({"one": "a b c", "two": "b c d"}))
    assert visited(chain, mapped, 0) == ["a", "b", "c"] and visited(chain, mapped, 1) == ["b", "c", "d"]
    assert mapped.paths.lengths.tolist() == [2, 2] and mapped.paths.times is None
    assert len(mapped.problems) == 0


def test_an_unknown_link_drops_its_track_and_is_listed_with_its_step(chain: World) -> None:
    mapped = map_link_tracks(chain, links({"good": "a b", "bad": "a b nowhere never"}))
    assert mapped.paths.ids.tolist() == ["good"]
    assert listed(mapped) == [("bad", "dropped")]
    assert "step 3" in mapped.problems["what"][0] and "nowhere" in mapped.problems["what"][0]


def test_a_missing_transition_drops_its_track_and_is_listed_with_both_links(chain: World) -> None:
    mapped = map_link_tracks(chain, links({"bad": "a b d c", "good": "a b"}))
    assert mapped.paths.ids.tolist() == ["good"]
    assert listed(mapped) == [("bad", "dropped")]
    assert "step 2" in mapped.problems["what"][0] and "from b to d" in mapped.problems["what"][0]


def test_the_end_of_a_track_and_the_start_of_the_next_need_no_transition(chain: World) -> None:
    mapped = map_link_tracks(chain, links({"one": "a b", "two": "a b"}))
    assert len(mapped.paths) == 2 and len(mapped.problems) == 0


def test_every_track_is_a_path_or_listed_as_dropped(chain: World) -> None:
    tracks = links({"1": "a b", "2": "a c", "3": "x", "4": "b c d", "5": "a", "6": "c a b c", "7": "d"})
    mapped = map_link_tracks(chain, tracks)
    dropped = mapped.problems["track"][mapped.problems["done"] == "dropped"]
    assert sorted([*mapped.paths.ids, *dropped]) == list("1234567")


def test_a_network_without_any_transition_maps_no_track() -> None:
    world = build_network(pd.DataFrame({"link": ["a", "b"], "u": [1, 3], "v": [2, 4]}))
    with pytest.raises(WorldError) as caught:
        map_link_tracks(world, links({"bad": "a b"}))
    assert "bad" in caught.value.what and caught.value.fix


@pytest.mark.parametrize("far", [0.0, 29.0, 29.5, 30.0])
@pytest.mark.parametrize("away", [0.0, 5e6])
def test_a_grid_over_tracks_holds_all_of_their_points(far: float, away: float) -> None:
    """Whole multiples of the cell too, and tracks along a line, far from the origin."""
    tracks = points({"a": [(away, away + 3.0), (away + far, away + 3.0), (away + 12.0, away + 3.0)]})
    world = grid_over(tracks, 10.0)
    inside = (tracks.x >= world.settings["x0"]) & (tracks.x <= world.settings["x1"])
    assert inside.all()
    assert world.settings["rows"] == 1 and world.settings["columns"] == max(2, int(np.ceil(far / 10.0)))
    mapped = map_tracks(world, tracks)
    assert len(mapped.paths) == 1
    assert visited(world, mapped)[-1] == "1,0"


def test_what_roams_or_is_cut_off_is_kept_whole() -> None:
    """A walk round and back: dropped where its end is its goal, whole where it has none, or none that was seen."""
    world = build_grid(0.0, 0.0, 4.0, 1.0, 1.0, "m")
    ids, offsets = np.array(["a", "b", "c"], object), np.array([0, 3, 6, 9])
    states = np.array([0, 1, 0, 0, 1, 0, 1, 2, 3])
    mapped = paths_from_states(world, ids, offsets, states, np.ones(3, bool), None, [], "move", np.array([NOWHERE, UNFINISHED, TO_ITS_END]))
    assert mapped.paths.lengths.tolist() == [2, 2, 2] and mapped.problems.empty
    assert mapped.paths.goal.tolist() == [1, -1, 0]
    assert mapped.paths.goals.names.tolist() == [world.place_names[3], NOWHERE_NAME]
    assert mapped.paths.goals.nowhere.tolist() == [False, True]
    assert paths_from_states(world, ids, offsets, states, np.ones(3, bool), None, [], "move").paths.ids.tolist() == ["c"]


def test_what_roams_has_to_move() -> None:
    """A track that stays where it is has made no choice, and an aim that there is not is refused."""
    world = build_grid(0.0, 0.0, 4.0, 1.0, 1.0, "m")
    ids, offsets, states = np.array(["a", "b"], object), np.array([0, 1, 3]), np.array([2, 0, 1])
    mapped = paths_from_states(world, ids, offsets, states, np.ones(2, bool), None, [], "move", np.array([NOWHERE, NOWHERE]))
    assert mapped.paths.ids.tolist() == ["b"] and "stays in one place" in mapped.problems["what"][0]
    with pytest.raises(WorldError):
        paths_from_states(world, ids, offsets, states, np.ones(2, bool), None, [], "move", np.array([NOWHERE, 7]))
