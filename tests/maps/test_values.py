"""Values and goals: the right colour at the right place, with its name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.maps.goals import goal_dots
from irlcore.maps.palette import COLOURS
from irlcore.maps.scene import Cells, Dots, Lines
from irlcore.maps.values import levels_of, values
from irlcore.report.charts import goal_colour, goals_shown
from tests.maps import LINES, lines_of
from tests.report import EVIL, cells, plain_streets


def test_values_of_cells_stand_on_their_cells_and_zeros_are_bare() -> None:
    world = cells()
    drawn = values(world, np.array([1.0, 0.0, 3.0, -4.0, 5.0]), True, "residual")
    layer = drawn.layers[0]
    assert isinstance(layer, Cells) and layer.picks == "place" and layer.ids == ("0", "2", "3", "4")
    assert layer.xy.tolist() == world.place_xy[[0, 2, 3, 4]].tolist()
    assert layer.texts == tuple(f"{world.place_names[k]}: {v}" for k, v in ((0, 1), (2, 3), (3, -4), (4, 5)))
    assert [layer.styles[k].colour for k in layer.style] == ["residual 5", "residual 7", "residual 0", "residual 8"]
    assert drawn.scale is not None and (drawn.scale.low, drawn.scale.high, drawn.scale.colours) == ("-5", "5", "residual")
    assert all(style.colour in COLOURS for style in layer.styles)


def test_what_is_next_to_nothing_does_not_cover_a_grid_with_grey() -> None:
    layer = values(cells(), np.array([0.039, 1.0, -0.041, 0.0, np.nan]), True, "residual").layers[0]
    assert isinstance(layer, Cells) and layer.ids == ("1", "2")


def test_values_of_links_lie_on_their_lines_the_largest_widest_and_on_top() -> None:
    world, _ = plain_streets()
    layer = values(world, np.array([6.0, 0.0, 4.0, 2.0]), False, "traffic").layers[0]
    assert isinstance(layer, Lines)
    assert layer.ids == ("3", "2", "0") and layer.texts == ("d: 2", "c: 4", "a: 6")
    assert lines_of(layer) == [[(float(x), float(y)) for x, y in LINES[name]] for name in "dca"]
    widths = [layer.styles[k].width for k in layer.style]
    assert widths == sorted(widths) and widths[0] < widths[-1]


def test_values_that_are_all_zero_or_unknown_draw_nothing_and_have_a_scale() -> None:
    world, _ = plain_streets()
    drawn = values(world, np.array([0.0, np.nan, 0.0, 0.0]), True, "residual")
    assert drawn.layers == () and drawn.scale is not None


@settings(max_examples=100, deadline=None)
@given(st.floats(-1.0, 1.0))
def test_levels_are_nine_equal_parts(value: float) -> None:
    found = int(levels_of(np.array([value]), -1.0, 1.0)[0])
    assert found == min(int((value + 1.0) / 2.0 * 9.0 + 1e-9), 8)


def test_places_with_other_numbers_have_the_same_picture() -> None:
    world = cells()
    given_values = np.array([1.0, 0.0, 3.0, -4.0, 5.0])
    order = np.array([4, 2, 0, 1, 3])
    from dataclasses import replace
    again = replace(world, place_xy=world.place_xy[order], place_names=world.place_names[order])
    one, two = (values(w, v, True, "x").layers[0] for w, v in ((world, given_values), (again, given_values[order])))
    assert isinstance(one, Cells) and isinstance(two, Cells)
    pictures = [{(tuple(xy), int(style), text) for xy, style, text in zip(layer.xy.tolist(), layer.style, layer.texts, strict=True)}
                for layer in (one, two)]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("name", ["quay", EVIL])
def test_likelier_goals_are_larger_lie_on_top_and_carry_their_names_as_they_are(name: str) -> None:
    layer = goal_dots(np.array([[0.0, 1.0], [2.0, 3.0], [np.nan, 0.0]]), [name, "bar", "nowhere"], np.array([0.75, 0.25, 0.0]),
                      np.arange(3)).layers[0]
    assert isinstance(layer, Dots)
    assert layer.xy.tolist() == [[0.0, 1.0], [2.0, 3.0]]  # the likeliest first: its name finds room before the others
    assert layer.texts == (f"{name}: 75.0%", "bar: 25.0%") and layer.labels[0].startswith(name)
    assert layer.radius[0] > layer.radius[1]


def test_goals_have_the_colours_of_the_chart_and_the_list_and_others_are_grey() -> None:
    probability = np.array([[0.1, 0.2, 0.0, 0.7], [0.5, 0.1, 0.0, 0.4]])
    charted = goals_shown(probability, 2)
    rank = np.full(4, -1)
    rank[charted] = np.arange(len(charted))
    layer = goal_dots(np.arange(8.0).reshape(4, 2), list("abcd"), probability[1], rank).layers[0]
    assert isinstance(layer, Dots)
    found = {text[0]: COLOURS[layer.styles[k].colour] for text, k in zip(layer.texts, layer.style, strict=True)}
    wanted = {"d": goal_colour(0), "a": goal_colour(1), "b": goal_colour(-1), "c": goal_colour(-1)}
    assert {name: (both.light, both.dark) for name, both in found.items()} == {name: (one, one) for name, one in wanted.items()}


def test_values_are_told_by_the_names_and_in_the_words_given() -> None:
    world, _ = plain_streets()
    given_values, names = np.array([6.0, 0.0, 0.0, -2.0]), ("Quay", "", "", "Mill")
    layer = values(world, given_values, True, "x", names, lambda value: f"{value:+.0f} uses").layers[0]
    assert isinstance(layer, Lines) and set(layer.texts) == {"Quay: +6 uses", "Mill: -2 uses"}
