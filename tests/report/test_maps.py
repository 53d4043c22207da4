"""Maps and charts draw the arrays they are given: right place, right id, right number."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from irlcore.report.charts import posterior_figure, uses_figure, weights_figure
from irlcore.report.maps import (
    add_choices,
    add_ends,
    add_goals,
    add_paths,
    add_values,
    ground,
)
from irlcore.report.text import LABEL
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.report import EVIL, ROUTES, cells, plain_streets

# vertices of the links' lines, as plain_streets lays them
LINES = {"a": [(0, 0), (10, 0)], "b": [(10, 0), (20, 0)], "c": [(10, 0), (10, 10)], "d": [(20, 0), (30, 0)]}


def trace(figure: go.Figure, name: str) -> go.Scatter:
    return next(t for t in figure.data if t.name == name)


def vertices(found: go.Scatter) -> list[list[tuple[float, float]]]:
    """The lines of a trace, apart where it has gaps."""
    lines: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(found.x, found.y, strict=True):
        if np.isnan(x):
            lines.append([])
        else:
            lines[-1].append((float(x), float(y)))
    return lines


def drawn(most: int = 30_000) -> tuple[go.Figure, int, World, Paths]:
    world, paths = plain_streets()
    figure = go.Figure()
    return figure, add_paths(figure, world, paths, np.arange(4), "#0072B2", most=most), world, paths


def test_the_ground_shows_every_road_once_and_zones_by_name() -> None:
    world, _ = plain_streets()
    ring = np.array([[0, 0], [9, 0], [9, 9], [0, 0.0]])
    figure = ground(world, {"old town": ring})
    assert vertices(trace(figure, "roads")) == list(LINES.values())
    np.testing.assert_array_equal(np.column_stack((trace(figure, "old town").x, trace(figure, "old town").y)), ring)
    assert "old town" in {note.text for note in figure.layout.annotations}
    assert figure.layout.yaxis.scaleanchor == "x"


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    figure = ground(cells(), {})
    bar = trace(figure, "scale")
    said = next(note.text for note in figure.layout.annotations)
    assert said == f"{bar.x[1] - bar.x[0]:g} m"


def test_each_vertex_of_a_path_carries_its_id() -> None:
    figure, count, _, _ = drawn()
    lines = figure.data[0]
    assert count == 4
    assert len(lines.customdata) == len(lines.x) == len(lines.y)
    gaps = np.flatnonzero(np.isnan(lines.x))
    ids = np.split(np.asarray(lines.customdata), gaps)
    for (track, links), own, line in zip(ROUTES.items(), ids, vertices(lines), strict=True):
        assert line == [vertex for link in links for vertex in LINES[link]]
        assert set(own[-len(line):]) == {track}


def test_chosen_paths_are_drawn_in_the_order_asked_for() -> None:
    world, paths = plain_streets()
    figure = go.Figure()
    add_paths(figure, world, paths, [2, 1], "#0072B2")
    assert list(dict.fromkeys(figure.data[0].customdata)) == ["short", "north"]


def test_of_too_many_vertices_every_kth_path_is_drawn_and_counted() -> None:
    # 6 + 4 + 4 + 6 vertices, at most 10: every second path
    figure, count, _, _ = drawn(most=10)
    assert count == 2
    assert list(dict.fromkeys(figure.data[0].customdata)) == [EVIL, "short"]


def test_no_paths_draw_nothing() -> None:
    world, paths = plain_streets()
    figure = go.Figure()
    assert add_paths(figure, world, paths, np.zeros(0, np.int64), "#0072B2") == 0
    assert len(figure.data) == 0


@pytest.mark.parametrize(("from_start", "links"), [(True, "abd"), (False, "bd")])
def test_a_chain_of_choices_is_one_line(from_start: bool, links: str) -> None:
    world, paths = plain_streets()
    figure = go.Figure()
    add_choices(figure, world, paths.choices[:2], "#009E73", 3.0, "dash", "usual way", from_start)
    assert vertices(figure.data[0]) == [[vertex for link in links for vertex in LINES[link]]]


def test_ends_lie_at_the_first_and_last_vertex_and_arrows_point_along_the_way() -> None:
    world, paths = plain_streets()
    figure = go.Figure()
    add_ends(figure, world, paths, 1)
    ends, arrows = trace(figure, "ends"), trace(figure, "direction")
    assert list(zip(ends.x, ends.y, strict=True)) == [(0.0, 0.0), (10.0, 10.0)]
    at = np.column_stack((arrows.x, arrows.y))
    np.testing.assert_allclose(at, [[2, 0], [6, 0], [10, 0], [10, 4], [10, 8]], atol=1e-9)
    before_and_after_the_corner = np.asarray(arrows.marker.angle)[[0, 1, 3, 4]]
    np.testing.assert_allclose(before_and_after_the_corner, [90, 90, 0, 0], atol=1e-9)


def test_values_of_cells_stand_in_their_rows_and_columns_and_zeros_are_bare() -> None:
    figure = go.Figure()
    add_values(figure, cells(), np.array([1.0, 0.0, 3.0, -4.0, 5.0]), True, "residual")
    picture = figure.data[0]
    np.testing.assert_array_equal(picture.z, [[1.0, np.nan, 3.0], [-4.0, 5.0, np.nan]])
    assert (picture.zmin, picture.zmax) == (-5.0, 5.0)
    assert (picture.x0, picture.dx, picture.y0, picture.dy) == (5.0, 10.0, 5.0, 10.0)
    handles = figure.data[-1]  # cells of a picture cannot be clicked
    assert handles.customdata[:, 1].tolist() == [0, 2, 3, 4] and list(handles.text) == ["1", "3", "-4", "5"]


def test_values_of_links_are_told_at_their_middles_with_their_names() -> None:
    world, _ = plain_streets()
    figure = go.Figure()
    add_values(figure, world, np.array([2.0, 0.0, 4.0, 6.0]), False, "traffic")
    told = figure.data[-1]
    assert told.customdata.tolist() == [["a", 0], ["c", 2], ["d", 3]]
    assert list(told.marker.color) == [2.0, 4.0, 6.0]
    assert list(zip(told.x, told.y, strict=True)) == [(5.0, 0.0), (10.0, 5.0), (25.0, 0.0)]
    assert (told.marker.cmin, told.marker.cmax) == (0.0, 6.0)
    assert len({line.line.color for line in figure.data[:-1]}) == 3


def test_values_that_are_all_zero_or_unknown_draw_no_line() -> None:
    world, _ = plain_streets()
    figure = go.Figure()
    add_values(figure, world, np.array([0.0, np.nan, 0.0, 0.0]), True, "residual")
    assert sum(len(t.x) for t in figure.data) == 0


def test_likelier_goals_are_larger_and_carry_their_names() -> None:
    figure = go.Figure()
    add_goals(figure, np.array([[0.0, 1.0], [2.0, 3.0]]), ["quay", "bar"], np.array([0.25, 0.75]))
    assert list(figure.data[0].customdata) == ["quay", "bar"]
    assert list(figure.data[0].text) == ["25.0%", "75.0%"]
    assert figure.data[0].marker.size[1] > figure.data[0].marker.size[0]


def rows(figure: go.Figure) -> list[str]:
    """What stands beside each mark of the first trace."""
    named = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    return [named[y] for y in figure.data[0].y]


def test_names_that_are_cut_to_the_same_and_names_like_numbers_each_keep_a_row_of_their_own() -> None:
    names = ["x" * 500 + "1", "x" * 500 + "2", "12.5", "2026-01-01"]
    for figure in (weights_figure(names, np.arange(4.0), np.zeros((4, 2))), uses_figure(names, np.arange(4.0))):
        assert sorted(figure.data[0].y) == [0, 1, 2, 3] and len(figure.layout.yaxis.ticktext) == 4
        assert {"12.5", "2026-01-01"} < set(rows(figure)) and max(map(len, rows(figure))) <= LABEL


def test_weights_stand_by_their_names_with_what_counts_most_against_a_step_at_the_top() -> None:
    interval = np.array([[-1.5, -0.5], [-4.0, -1.0], [np.nan, np.nan]])
    figure = weights_figure(["step", "length", "held"], np.array([-1.0, -3.0, 0.0]), interval)
    dots = figure.data[0]
    assert rows(figure) == ["held", "step", "length"]  # the last one is at the top
    assert list(dots.x) == [0.0, -1.0, -3.0]
    assert list(dots.error_x.array) == [0.0, 0.5, 2.0]
    assert list(dots.error_x.arrayminus) == [0.0, 0.5, 1.0]


def test_goals_over_time_add_up_to_one_and_the_rest_is_kept_together() -> None:
    probability = np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.6, 0.25, 0.05], [0.0, 0.9, 0.1, 0.0]])
    figure = posterior_figure(probability, ["A", "B", "C", "D"], certain_step=2, seen=1, most=2)
    assert [t.name for t in figure.data] == ["B", "A", "others or none"]
    np.testing.assert_allclose(np.sum([t.y for t in figure.data], axis=0), 1.0)
    np.testing.assert_allclose(figure.data[2].y, [0.3, 0.3, 0.1])
    assert {shape.x0 for shape in figure.layout.shapes} == {2, 1}


def test_a_goal_that_never_gets_certain_gets_no_mark() -> None:
    assert not posterior_figure(np.full((3, 2), 0.5), ["A", "B"], certain_step=-1).layout.shapes


def test_uses_next_to_nothing_do_not_fill_the_picture() -> None:
    assert list(uses_figure(["length"], np.array([-8e-5])).layout.xaxis.autorangeoptions.include) == [-2.0, 2.0]


def test_uses_are_told_with_the_first_at_the_top_and_unknown_ones_left_out() -> None:
    figure = uses_figure(["length", "zone", "step"], np.array([3.0, np.nan, -0.5]))
    bars = figure.data[0]
    assert rows(figure) == ["step", "length"]
    assert list(bars.x) == [-0.5, 3.0]
    assert bars.marker.color[0] != bars.marker.color[1]
