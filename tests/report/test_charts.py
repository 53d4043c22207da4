"""Charts draw the arrays they are given: right name, right number, right order."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from irlcore.report.charts import posterior_figure, uses_figure, weights_figure
from irlcore.report.text import LABEL


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
