"""What tracks are after: by the rule of their class, by hand, as suggested; kept in the file, and heeded whenever tracks are mapped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError, ProjectError, WorldError
from irlcore.project.aims import aims_in, exits, known_stops, ways_of_places, whole_ways
from irlcore.project.aims_suggested import suggested_aim
from irlcore.project.loading import with_aims, with_class, with_grid, with_time_bands, with_world, without_time_bands
from irlcore.project.places import NO_DESTINATION, UNFINISHED_GOAL, places_of
from irlcore.project.project import GoalGroup, Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.project.split import data_hash, matrix_of, split_paths
from irlcore.project.staying import with_stays
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import read_points
from irlcore.worlds.aims import NOWHERE, TO_ITS_END, UNFINISHED
from irlcore.worlds.clock import Bands
from irlcore.worlds.grid import build_grid
from tests.project.test_project_file import differences

SIDE = 9
ROUND = [(4, 4), (5, 4), (5, 5), (4, 5), (4, 4)]  # ends where it starts
BACK = [(3, 3), (4, 3), (5, 3), (6, 3), (6, 4), (6, 5), (5, 5), (5, 4), (5, 3)]  # comes through its end long before
OUT = [(4, 4), (5, 4), (6, 4), (7, 4), (8, 4)]  # leaves at the border
CUT = [(2, 2), (3, 2), (4, 2), (5, 2)]  # ends in the open
WALKS = {"round": ROUND, "back": BACK, "out": OUT, "cut": CUT}


def walks(kinds: dict[str, str], times: dict[str, list[tuple[int, int]]] | None = None) -> Project:
    """Walks over a grid of 9 x 9 cells; kinds: track -> class."""
    rows = [(track, f"2024-03-01T{8 + k % 8:02d}:{t:02d}:00", x + 0.5, y + 0.5, kinds[track])
            for k, (track, cells) in enumerate((times or WALKS).items()) for t, (x, y) in enumerate(cells)]
    table = pd.DataFrame(rows, columns=["track", "t", "x", "y", "kind"])
    return with_world(Project(), read_points(table, guess_columns(table, "points"), "km"), build_grid(0.0, 0.0, SIDE, SIDE, 1.0, "km"))


MIXED = walks({"round": "patrol", "back": "patrol", "out": "car", "cut": "car"})


def aim_of(project: Project, track: str) -> str:
    """What a track is after by the goal of its path: "end", "nowhere", "unfinished" or "" where it was dropped."""
    paths = project.paths
    assert paths is not None
    at = paths.ids.tolist().index(track) if track in paths.ids else -1
    if at < 0:
        return ""
    goal = int(paths.goal[at])
    return "unfinished" if goal < 0 else "nowhere" if paths.goals.nowhere[goal] else "end"


def steps(project: Project, track: str) -> int:
    assert project.paths is not None
    return int(project.paths.lengths[project.paths.ids.tolist().index(track)])


def test_nothing_said_every_track_goes_to_its_end() -> None:
    assert [aim_of(MIXED, track) for track in WALKS] == ["", "end", "end", "end"] and steps(MIXED, "back") == 2


def test_a_class_without_a_destination_is_kept_whole_and_the_others_are_as_they_were() -> None:
    made = with_aims(MIXED, {"patrol": "nowhere"}, {})
    assert [aim_of(made, track) for track in WALKS] == ["nowhere", "nowhere", "end", "end"]
    assert steps(made, "round") == 4 and steps(made, "back") == 8
    assert "patrol: no destination; 4 tracks are paths" in made.history[-1].what
    assert not made.fits and not (made.problems["track"] == "round").any()
    again = with_aims(made, {}, {})
    assert not differences(again.paths, MIXED.paths) and "patrol: the last place of each is its goal" in again.history[-1].what


def test_what_is_said_of_all_holds_where_nothing_is_said_of_a_class() -> None:
    made = with_aims(MIXED, {"": "nowhere", "car": "ends"}, {})
    assert [aim_of(made, track) for track in WALKS] == ["nowhere", "nowhere", "end", "end"]


def test_by_known_stops_a_track_arrives_at_the_border_and_is_unfinished_in_the_open() -> None:
    made = with_aims(MIXED, {"car": "stops"}, {})
    assert aim_of(made, "out") == "end" and aim_of(made, "cut") == "unfinished" and aim_of(made, "back") == "end"
    assert steps(made, "cut") == 3 and "1 track is unfinished" in made.history[-1].what
    drawn = replace(made, spots={"pier": np.array([5.5, 2.5])})
    assert with_aims(drawn, made.class_aims, {}) is drawn, "nothing new is said"
    assert aim_of(with_aims(drawn, made.class_aims, {}, again=True), "cut") == "end", "stops that were drawn since are heeded when asked"


STOPS = {
    "a zone": {"zones": {"pier": np.array([[5.0, 2.0], [6.0, 2.0], [6.0, 3.0], [5.0, 3.0], [5.0, 2.0]])}},
    "a spot": {"spots": {"pier": np.array([5.6, 2.4])}},
    "a goal": {"goals": {"car": (GoalGroup("pier", ("5,2",)),)}},
}


@pytest.mark.parametrize("stop", list(STOPS))
def test_what_the_analyst_drew_is_a_known_stop(stop: str) -> None:
    drawn = replace(MIXED, **STOPS[stop])  # type: ignore[arg-type]
    assert aim_of(with_aims(drawn, {"car": "stops"}, {}), "cut") == "end"


def test_a_place_where_many_end_is_a_known_stop_and_one_where_few_do_is_none() -> None:
    for many, told in ((5, "end"), (4, "unfinished")):
        made = walks({f"c{k}": "car" for k in range(many)}, {f"c{k}": CUT for k in range(many)})
        assert aim_of(with_aims(made, {"car": "stops"}, {}), "c0") == told
    # of 300 tracks five are not many
    world, ends = MIXED.world, np.repeat(np.arange(60), 5)
    assert world is not None and not known_stops(MIXED, world, ends, "car").any()


def test_a_track_is_corrected_by_hand_whatever_its_class() -> None:
    made = with_aims(MIXED, {"patrol": "nowhere", "car": "stops"}, {"back": "end", "out": "unfinished", "cut": "nowhere"})
    assert [aim_of(made, track) for track in WALKS] == ["nowhere", "end", "unfinished", "nowhere"]
    assert steps(made, "back") == 2
    with pytest.raises(DataError, match="nobody"):
        with_aims(MIXED, {}, {"nobody": "end"})


def test_links_with_no_way_on_are_exits_also_where_one_can_turn_back() -> None:
    town = sample_project("town")
    assert town.world is not None
    world = town.world
    found = exits(world)
    leads = {int(p): set(world.place_of_state[world.mdp.successors[world.mdp.choice_state[world.mdp.outcome_choice] == s]].tolist())
             for s, p in enumerate(world.place_of_state)}
    for place in range(world.n_places):
        on = {q for q in leads[place] if place not in leads[q]}
        assert found[place] == (not on)


def test_aims_live_through_another_grid_and_a_clock() -> None:
    aims = {"patrol": "nowhere", "car": "stops"}
    made = with_aims(MIXED, aims, {"out": "unfinished"})  # type: ignore[arg-type]
    wanted = ["nowhere", "nowhere", "unfinished", "unfinished"]
    finer = with_grid(made, 0.5, False, 0.0, [])
    clock = with_time_bands(made, Bands((6.0, 10.0)))
    for one in (made, finer, clock, without_time_bands(clock), with_time_bands(finer, Bands((6.0, 10.0)))):
        assert [aim_of(one, track) for track in WALKS] == wanted
        assert not differences(load_project(save_project(one)), one)
    later = with_aims(clock, {"patrol": "nowhere"}, {})
    assert [aim_of(later, track) for track in WALKS] == ["nowhere", "nowhere", "end", "end"]
    assert later.world is clock.world and later.paths is not None and later.world is not None
    later.paths.check_within(later.world.mdp)


def test_another_class_column_leaves_what_was_said_of_the_old_classes() -> None:
    made = with_aims(MIXED, {"patrol": "nowhere"}, {})
    other = with_class(made, "", "", "", "")
    assert not other.class_aims and aim_of(other, "round") == ""
    same = with_class(made, "kind", "patrol", "", "")
    assert same.paths is made.paths and same.class_aims == made.class_aims


def test_the_hash_of_the_data_depends_on_aims() -> None:
    car = replace(MIXED, agent_class="car")
    hashes = []
    for made in (car, with_aims(car, {"car": "nowhere"}, {}), with_aims(car, {}, {"cut": "unfinished"})):
        parts = split_paths(made)
        hashes.append(data_hash(made, parts, matrix_of(made, parts)))
    assert len(set(hashes)) == 3


def test_files_with_paths_that_do_not_fit_their_aims_are_refused() -> None:
    made = with_aims(MIXED, {"patrol": "nowhere"}, {"cut": "unfinished"})
    paths = made.paths
    assert paths is not None
    wrong = np.where(paths.ids == "cut", 0, paths.goal)  # it ends elsewhere
    for damaged in (replace(made, track_aims={"nobody": "end"}), replace(made, class_aims={"car": "home"}),  # type: ignore[dict-item]
                    replace(made, goals={"car": (GoalGroup("none", (str(paths.goals.names[paths.goals.nowhere][0]),)),)})):
        with pytest.raises(ProjectError):
            save_project(damaged)
    with pytest.raises(ProjectError, match="is not where the path 'cut' ends"):
        save_project(replace(made, paths=replace(paths, goal=wrong)))


def test_goals_that_are_none_are_told_so() -> None:
    made = with_aims(MIXED, {"patrol": "nowhere"}, {"cut": "unfinished"})
    places, paths = places_of(made), made.paths
    assert paths is not None
    assert places.goal(int(np.flatnonzero(paths.goals.nowhere)[0])) == NO_DESTINATION and places.goal(-1) == UNFINISHED_GOAL


def test_no_destination_is_suggested_where_a_third_end_where_they_were_before() -> None:
    cells = {f"{name} {k}": WALKS[name] for k in range(2) for name in WALKS}
    made = walks(dict.fromkeys(cells, "car"), cells)
    assert made.world is not None and made.tracks is not None
    found = suggested_aim(whole_ways(made.world, made.tracks))
    assert (found.aim, found.tracks, found.round_trips, found.passing) == ("nowhere", 8, 2, 2)
    assert found.said == "4 of 8 tracks end where they start or pass their end long before it: they seem to have no destination."
    straight = {f"{name} {k}": WALKS[name] for k in range(5) for name in ("out", "cut")} | {"round": ROUND}
    few = walks(dict.fromkeys(straight, "car"), straight)
    assert few.world is not None and few.tracks is not None
    found = suggested_aim(whole_ways(few.world, few.tracks))
    assert found.aim == "ends" and found.said == "1 of 11 tracks end where they start or pass their end long before it."


def test_a_turn_at_the_very_end_is_no_round_trip() -> None:
    ways = ways_of_places(np.array(list("abcdefghgh") + list("xyxyxy") + list("kkk") + list("aba")), np.array([0, 10, 16, 19, 22]))
    assert ways.index.tolist() == [0, 1, 3] and ways.steps.tolist() == [9, 5, 2] and ways.first.tolist() == [7, 1, 0]
    assert (suggested_aim(ways).round_trips, suggested_aim(ways).passing) == (1, 1)


def test_ways_of_places_and_of_a_world_are_the_same() -> None:
    assert MIXED.world is not None and MIXED.tracks is not None
    mapped = whole_ways(MIXED.world, MIXED.tracks)
    codes = np.concatenate([[f"{x},{y}" for x, y in cells] for cells in WALKS.values()])
    seen = ways_of_places(codes, np.concatenate(([0], np.cumsum([len(cells) for cells in WALKS.values()]))))
    assert mapped.steps.tolist() == seen.steps.tolist() and mapped.first.tolist() == seen.first.tolist()


def test_aims_are_asked_of_tracks_that_cannot_be_mapped_too() -> None:
    assert MIXED.world is not None and MIXED.tracks is not None
    said = aims_in(replace(MIXED, class_aims={"car": "nowhere"}, track_aims={"round": "unfinished"}), MIXED.world, MIXED.tracks)
    assert said is not None and said.tolist() == [UNFINISHED, TO_ITS_END, NOWHERE, NOWHERE]
    assert aims_in(MIXED, MIXED.world, MIXED.tracks) is None


@pytest.mark.parametrize("seconds", [np.nan, -5.0, np.inf])
def test_a_stay_that_cannot_be_is_refused_and_does_not_take_staying_away(seconds: float) -> None:
    stayed = with_stays(MIXED, 60.0)
    for project in (MIXED, stayed):
        with pytest.raises(WorldError, match="is not possible"):
            with_stays(project, seconds)
