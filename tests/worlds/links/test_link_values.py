"""Columns of links with odd cells: numbers stay numbers, units are told, what is no number is listed and empty."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.worlds.links.notes import Notes
from irlcore.worlds.links.values import column_values
from irlcore.worlds.network import build


def values(name: str, *cells: object) -> tuple[list[object], Notes]:
    notes = Notes()
    return column_values(pd.Series(cells, name=name, dtype=object), notes, "links").tolist(), notes


@pytest.mark.parametrize("odd", ["signals", "['30', '50']", "50;30", "walk"])
def test_one_odd_cell_is_listed_and_the_rest_are_numbers(odd: str) -> None:
    found, notes = values("maxspeed", "50", "30", "50", odd, "30", "none")
    assert found[:3] == [50.0, 30.0, 50.0] and np.isnan(np.array(found, float)[[3, 5]]).all()
    assert [(row, done) for row, _, _, done in notes.problems] == [(5, "kept without a value there")] and odd in notes.problems[0][2]


@pytest.mark.parametrize(("cells", "wanted", "words"), [
    (("50", "30 mph", "50"), [50.0, 48.28032, 50.0], "km/h"), (("30 mph", "20 mph", "50 mph"), [48.28032, 32.18688, 80.4672], "km/h"),
    (("5%", "-2 %", "0%"), [5.0, -2.0, 0.0], "%"), (("3.5 m", "12 ft", "4"), [3.5, 3.6576, 4.0], "taken in m"),
    (("3.5 t", "7.5 t", "12 t"), [3.5, 7.5, 12.0], "in t")])
def test_units_are_read_and_told(cells: tuple[str, ...], wanted: list[float], words: str) -> None:
    found, notes = values("limit", *cells)
    assert found == pytest.approx(wanted) and words in notes.said[0] and not notes.problems


@pytest.mark.parametrize(("name", "cells"), [("osmid", ("1", "2", "3", "4", "[5, 6]")), ("name", ("A 1", "B 2", "3", "Main St")),
                                             ("code", ("007", "7", "12"))])
def test_names_and_ids_stay_texts(name: str, cells: tuple[str, ...]) -> None:
    found, notes = values(name, *cells)
    assert found == list(cells) and not notes.said and not notes.problems


@pytest.mark.parametrize(("name", "metres"), [("length [km]", 1000.0), ("length_km", 1000.0), ("length (ft)", 0.3048), ("length", 1.0)])
def test_lengths_are_in_the_unit_of_their_name(name: str, metres: float) -> None:
    built = build(pd.DataFrame({"link": ["1", "2"], "u": ["A", "B"], "v": ["B", "C"], name: [1.0, 2.0]}))
    assert built.world.place_attributes[name].tolist() == pytest.approx([metres, 2.0 * metres])
    assert any("from the unit in its name" in one for one in built.said) == (metres != 1.0)
