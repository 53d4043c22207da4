"""Decimal commas become numbers where a column has nothing else; lists of ids, thousands and words stay what they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.tracks.cells import numbers
from irlcore.tracks.files import csv_text
from irlcore.worlds.links.notes import Notes, numbers_in
from tests.tracks.test_csv_layouts import both

READ = {
    "all": ["10,5", "11,25"], "some whole": ["10", "11,25", "12"], "whole for long": ["10"] * 300 + ["11,25"], "signs": ["-0,5", "+1,5"],
    "no zero": [",5", "-,25"], "powers": ["1,5e3", "2,5E-2"], "blanks": [" 1,5", "2,5 "], "three digits": ["10,123", "55,456"],
    "gaps": ["", "1,5", ""],
}


@pytest.mark.parametrize("cells", READ.values(), ids=READ)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_numbers_with_commas_are_numbers(cells: list[str], separator: str) -> None:
    table = both(f"track{separator}lon\n" + "".join(f"a{separator}{cell}\n" for cell in cells))
    wanted = [float(cell.replace(",", ".")) if cell else np.nan for cell in cells]
    np.testing.assert_array_equal(table["lon"].to_numpy(np.float64), wanted)
    assert table.attrs["said"] == ["Commas are read as decimal points in lon."]


def test_what_stands_between_thousands_is_told_by_a_comma_behind_it_wherever_a_table_comes_from() -> None:
    for apart in (".", "'", " ", "\u00a0"):
        cells = [f"1{apart}234,5", f"2{apart}000", "1,5", f"-1{apart}234{apart}567,25"]
        wanted = [1234.5, 2000.0, 1.5, -1234567.25]
        np.testing.assert_array_equal(both("track;x\n" + "".join(f"a;{cell}\n" for cell in cells))["x"], wanted)
        np.testing.assert_array_equal(numbers_in(pd.DataFrame({"x": cells}), "x", "links", Notes()), wanted)


def test_a_word_among_them_stays_and_the_others_can_be_read() -> None:
    table = both("track;lon\na;1,5\na;north\na;3\na;2,5\n")
    np.testing.assert_array_equal(numbers(table, "lon"), [1.5, np.nan, 3.0, 2.5])


KEPT = {
    "thousands twice": ["1,234,567", "1,5"], "thousands and a point": ["1,234.5", "1,5"], "points too": ["1,5", "2.5", "3,5"],
    "a point that may be either": ["1.234", "1,5", "2,5"], "lists": ["1,2,3", "4,5,6", "7,8"], "words": ["a,b", "c", "1,5", "d"],
}


@pytest.mark.parametrize("cells", KEPT.values(), ids=KEPT)
def test_what_may_mean_something_else_stays_as_it_stands(cells: list[str]) -> None:
    table = both("track;lon\n" + "".join(f"a;{cell}\n" for cell in cells))
    assert table["lon"].tolist() == cells and "said" not in table.attrs


def test_ids_paths_and_columns_that_are_named_are_no_numbers() -> None:
    assert both("track;path\na;1,2\nb;3,4\n")["path"].tolist() == ["1,2", "3,4"]
    assert both("track;ways\na;1,2\nb;3,4\n", texts=["ways"])["ways"].tolist() == ["1,2", "3,4"]


def test_between_commas_only_what_cannot_be_thousands_is_a_decimal() -> None:
    assert both('track,x\na,"1,234"\nb,"5,678"\n')["x"].tolist() == ["1,234", "5,678"]
    assert both('track,x\na,"1,25"\nb,"5,678"\n')["x"].tolist() == [1.25, 5.678]
    assert both('track,x\na,"0,234"\nb,"5,678"\n')["x"].tolist() == [0.234, 5.678]


def test_chunks_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "track;lon;n\n" + "a;10;1\n" * 20 + "a;10,5;1\n" * 3 + "a;;x\n"
    whole = both(text)
    monkeypatch.setattr(csv_text, "CHUNK", 4)
    pd.testing.assert_frame_equal(both(text), whole)
    assert whole["lon"].dtype == np.float64 and whole["n"].iloc[0] == "1"
