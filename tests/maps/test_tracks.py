"""Traffic, tracks as read and as paths, and their play: counted and looked up one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from irlcore.maps.flow import passes, steps_of
from irlcore.maps.moves import began
from irlcore.maps.raw import raw_scene
from irlcore.maps.scene import Cells, Dots, Lines, Style
from irlcore.maps.tracks import choices_lines, drawn_of, extent_of, flow, moves, path_lines_layer, points_as_read, selected
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.worlds.grid import grid_over
from irlcore.worlds.start_times import StartTimes, start_times
from irlcore.worlds.world import World
from tests.maps import LINES, lines_of, streets_project
from tests.report import EVIL, ROUTES, plain_streets

NO_CHOICES = np.zeros(0, np.int64)
STYLE = Style("flagged", 2.0)


def points_project(t0: float = 0.0, timed: bool = True, scale: float = 1.0) -> Project:
    """Two tracks of points over cells of 10 m: one goes east, one north and is called what a page must not run."""
    x = np.array([5.0, 16.0, 24.0, 35.0, 5.0, 5.0, 6.0])
    y = np.array([5.0, 5.0, 6.0, 5.0, 5.0, 15.0, 25.0])
    t = (t0 + np.array([0.0, 10.0, 20.0, 30.0, 7200.0, 7210.0, 7230.0])) * scale
    tracks = Tracks(np.array(["east", EVIL], object), np.array([0, 4, 7]), t, x, y, pd.DataFrame({"kind": ["a", "b"]}), "m", None, timed)
    return with_world(Project(), Imported(tracks, problem_table([]), 7, 0, 2, 0), grid_over(tracks, 10.0))


def link_tracks_project() -> tuple[Project, World]:
    project, world, _ = streets_project()
    offsets = np.concatenate(([0], np.cumsum([len(r) for r in ROUTES.values()])))
    tracks = LinkTracks(np.array(list(ROUTES), object), offsets, np.array(list("".join(ROUTES.values())), object),
                        pd.DataFrame(index=range(len(ROUTES))))
    return Project(tracks=tracks, world=world, paths=project.paths), world


def test_traffic_counts_every_pass_of_every_place() -> None:
    world, paths = plain_streets()
    expected = Counter(link for route in ROUTES.values() for link in route)
    assert passes(world, paths, np.arange(4)).tolist() == [expected[str(name)] for name in world.place_names]
    only = passes(world, paths, np.array([1, 1]))  # named twice, counted twice
    assert only.tolist() == [2, 0, 2, 0]


def test_links_are_wider_the_more_they_are_passed_and_say_how_often() -> None:
    world, paths = plain_streets()
    drawn = flow(world, paths, np.arange(4), "usual traffic")
    width, said = {}, {}
    for layer in drawn.layers:
        assert isinstance(layer, Lines)
        for line, style, text in zip(lines_of(layer), layer.style, layer.texts, strict=True):
            name = next(n for n, own in LINES.items() if [(float(x), float(y)) for x, y in own] == line)
            width[name], said[name] = layer.styles[style].width, text
    assert said == {"a": "a: passed 4 times", "b": "b: passed 3 times", "c": "c: passed once", "d": "d: passed twice"}
    assert width["a"] == width["b"] > width["d"] > width["c"]
    assert drawn.keys[0].text.startswith("usual traffic")


@pytest.mark.parametrize("counts", [[1], [3, 3], [1, 2, 3, 4, 5], [1, 10, 100, 1000], [7, 15256]])
def test_each_step_begins_at_its_part_of_the_largest(counts: list[int]) -> None:
    most = max(counts)
    expected = [max(k for k in range(6) if 36 * n >= k * k * most) for n in counts]
    assert steps_of(np.array(counts)).tolist() == expected


def test_traffic_on_a_grid_is_cells_and_what_nobody_enters_is_bare() -> None:
    project = points_project()
    world, paths = project.world, project.paths
    assert world is not None and paths is not None
    layer = flow(world, paths, np.arange(2)).layers[0]
    assert isinstance(layer, Cells)
    counts = passes(world, paths, np.arange(2))
    assert [tuple(xy) for xy in layer.xy] == [tuple(world.place_xy[k]) for k in np.flatnonzero(counts)]


def test_each_path_is_a_line_through_its_links_with_its_own_id() -> None:
    world, paths = plain_streets()
    layer = path_lines_layer(world, paths, np.array([2, 0, 1]), "flagged", STYLE).layers[0]
    assert isinstance(layer, Lines) and layer.picks == "track"
    assert layer.ids == ("short", EVIL, "north")
    assert lines_of(layer) == [[(float(x), float(y)) for link in ROUTES[track] for x, y in LINES[link]] for track in layer.ids]


def test_no_paths_draw_nothing_and_too_many_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    world, paths = plain_streets()
    assert path_lines_layer(world, paths, NO_CHOICES, "flagged", STYLE).layers == ()
    monkeypatch.setattr("irlcore.maps.tracks.MOST_DRAWN", 10)  # 6 + 4 + 4 + 6 vertices: every second path
    assert drawn_of(world, paths, np.arange(4)).tolist() == [0, 2]


def test_the_same_paths_give_the_same_objects_and_others_do_not() -> None:
    world, paths = plain_streets()
    first = flow(world, paths, np.array([0, 1]))
    assert flow(world, paths, np.array([0, 1])) is first and flow(world, paths, np.array([0, 2])) is not first
    again, _ = plain_streets()
    assert flow(again, paths, np.array([0, 1])) is not first
    style = Style("flagged", 3.0)
    assert path_lines_layer(world, paths, np.array([0]), "x", STYLE) is not path_lines_layer(world, paths, np.array([0]), "x", style)


@pytest.mark.parametrize(("from_start", "links"), [(True, "abd"), (False, "bd")])
def test_a_chain_of_choices_is_one_line(from_start: bool, links: str) -> None:
    world, paths = plain_streets()
    layer = choices_lines(world, paths.choices[:2], "usual way", STYLE, from_start).layers[0]
    assert isinstance(layer, Lines)
    assert lines_of(layer) == [[(float(x), float(y)) for link in links for x, y in LINES[link]]]
    assert choices_lines(world, NO_CHOICES, "usual way", STYLE).layers == ()


def test_the_selected_track_shows_the_points_that_were_read_and_the_path() -> None:
    project = points_project()
    tracks, paths, world = project.tracks, project.paths, project.world
    assert isinstance(tracks, Tracks) and paths is not None and world is not None
    for index, track in enumerate(paths.ids):
        drawn = {layer.name: layer for layer in selected(project, paths, index, NO_CHOICES, NO_CHOICES).layers}
        row = list(tracks.ids).index(track)
        points = [(float(tracks.x[k]), float(tracks.y[k])) for k in range(tracks.offsets[row], tracks.offsets[row + 1])]
        read, path, start, end = (drawn[name] for name in ("points as read", "selected", "start", "end"))
        assert isinstance(read, Lines) and lines_of(read) == [points] and read.styles[0].colour == "read"
        assert isinstance(drawn["points as read, dots"], Dots) and drawn["points as read, dots"].xy.tolist() == [list(p) for p in points]
        states = paths.states(world.mdp, index)
        middles = world.place_xy[world.place_of_state[states]]
        assert isinstance(path, Lines) and path.arrows and path.xy.tolist() == middles.tolist() and path.ids == (track,)
        assert isinstance(start, Dots) and isinstance(end, Dots)
        assert (start.symbol, end.symbol) == ("ring", "square")
        assert start.xy.tolist() == [middles[0].tolist()] and end.xy.tolist() == [middles[-1].tolist()]


def test_the_worst_stretch_lies_under_the_path_and_the_likelier_way_is_dashed() -> None:
    project, _world = link_tracks_project()
    paths = project.paths
    assert paths is not None
    drawn = selected(project, paths, 0, paths.choices[1:2], paths.choices[:1])
    named = [layer.name for layer in drawn.layers]
    assert named.index("worst stretch") < named.index("likelier way") < named.index("selected")
    worst, way = drawn.layers[0], drawn.layers[1]
    assert isinstance(worst, Lines) and isinstance(way, Lines)
    assert lines_of(worst) == [[(20.0, 0.0), (30.0, 0.0)]] and worst.styles[0].colour == "worst"
    assert lines_of(way) == [[(0.0, 0.0), (10.0, 0.0), (10.0, 0.0), (20.0, 0.0)]] and way.styles[0].dash
    assert extent_of(drawn) == (0.0, 0.0, 30.0, 0.0)


def test_points_are_played_at_the_times_that_were_read() -> None:
    project = points_project()
    tracks, paths = project.tracks, project.paths
    assert isinstance(tracks, Tracks) and paths is not None
    played = moves(project, paths, np.array([1, 0]))
    assert played is not None and played.timed and played.ids == (EVIL, "east")
    assert lines_of(played) == [[(5.0, 5.0), (5.0, 15.0), (6.0, 25.0)], [(5.0, 5.0), (16.0, 5.0), (24.0, 6.0), (35.0, 5.0)]]
    assert played.t.tolist() == [7200.0, 7210.0, 7230.0, 0.0, 10.0, 20.0, 30.0]
    untimed = points_project(timed=False)
    assert untimed.paths is not None
    steps = moves(untimed, untimed.paths, np.array([0]))
    assert steps is not None and not steps.timed


def test_links_are_played_by_their_length_at_one_speed() -> None:
    project, _world = link_tracks_project()
    assert project.paths is not None
    played = moves(project, project.paths, np.array([1, 0]))
    assert played is not None and not played.timed and played.ids == ("north", EVIL)
    assert played.t.tolist() == [0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0]  # a link of 10 m is a step


def test_where_links_have_times_they_are_played_by_them() -> None:
    from dataclasses import replace
    project, _world = link_tracks_project()
    assert project.paths is not None
    timed = replace(project.paths, times=np.array([0.0, 5.0, 100.0, 200.0, 0.0, 4.0]))
    played = moves(project, timed, np.array([0, 1]))
    assert played is not None and played.timed
    # of the first a is entered at 0, b at 5, and d a step like the last one later; then a at 100 and c, of which nothing more is known
    assert played.t.tolist() == [0.0, 5.0, 5.0, 10.0, 10.0, 10.0, 100.0, 100.0, 100.0, 100.0]


DAY = 1.7e9


@pytest.mark.parametrize(("t0", "scale"), [(DAY, 1.0), (DAY, 1000.0)])
def test_tracks_began_when_their_first_point_was_where_times_are_dates(t0: float, scale: float) -> None:
    project = points_project(t0, scale=scale)
    assert project.paths is not None
    found = began(project, project.paths)
    assert isinstance(project.tracks, Tracks)
    times = start_times(project.tracks)
    assert found.tolist() == [t0, t0 + 7200.0] and isinstance(times, StartTimes) and times.dated
    layer = path_lines_layer(project.world, project.paths, np.array([1]), "x", STYLE, begun=found).layers[0]  # type: ignore[arg-type]
    assert isinstance(layer, Lines) and layer.begun.tolist() == [t0 + 7200.0]
    played = moves(project, project.paths, np.array([0]))
    assert played is not None and played.t[0] == t0


def test_times_that_are_no_dates_filter_nothing() -> None:
    project = points_project()
    assert project.paths is not None and len(began(project, project.paths)) == 0


def test_of_many_points_every_kth_track_is_drawn_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlcore.maps.tracks.MOST_DRAWN", 5)
    project = points_project()
    assert isinstance(project.tracks, Tracks)
    layer = points_as_read(project.tracks, np.arange(2), "points", "track").layers[0]
    assert isinstance(layer, Lines) and layer.ids == ("east",) and len(layer.xy) == 4


def test_points_lie_over_the_cells_that_they_would_be_put_in() -> None:
    project = points_project()
    assert isinstance(project.tracks, Tracks)
    made = raw_scene(project.tracks, 10.0)
    raster, read = made.layers[:2]
    assert isinstance(raster, Lines) and isinstance(read, Lines)
    upright = {x for (x, _), (other, _) in lines_of(raster) if x == other}
    assert upright == {5.0, 15.0, 25.0, 35.0} and len(raster.offsets) - 1 == 4 + 3
    assert lines_of(read) == [[(5.0, 5.0), (16.0, 5.0), (24.0, 6.0), (35.0, 5.0)], [(5.0, 5.0), (5.0, 15.0), (6.0, 25.0)]]
    assert len(raw_scene(project.tracks, 0.001).layers) == 2 and raw_scene(project.tracks).unit == "m"
