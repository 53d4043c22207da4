"""Whatever comes through the readers, drawn at random, is saved and opens as it was."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlcore.errors import MotiveError
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.texts import pack_texts, unpack_texts
from irlcore.tracks.attributes import plain_column, value_label
from irlcore.tracks.bounds import (
    LONGEST_NAME,
)
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.worlds.network import build_network
from tests.project.test_saved_opens import HIDDEN, from_points, kept

TEXTS = st.text(st.sampled_from(HIDDEN + " \t\n\r\x85\xa0\u2028,;\"'_.-07aAé\u2407\u202e\ufeff😀"), max_size=6)
NUMBERS = (st.integers(-5, 5) | st.floats(-50.0, 50.0) | st.floats(allow_nan=True, allow_infinity=True)).map(repr) | TEXTS
TRACK = st.sampled_from(["a", "b", "7", "7.0", "\x1fa", "a\x00", " b ", "n" * (LONGEST_NAME + 1)])
ROWS = st.lists(st.tuples(TRACK, NUMBERS, NUMBERS, NUMBERS, TEXTS, TEXTS), min_size=4, max_size=12)
passed = {"points": 0, "paths": 0}


def through_a_file(table: pd.DataFrame) -> pd.DataFrame:
    return read_table(io.BytesIO(table.to_csv(index=False).encode().replace(b"\0", b"")), "drawn.csv")  # a zero byte is refused


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(drawn=ROWS, walk=st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-9.0, 9.0)), max_size=6), header=TEXTS, unit=TEXTS,
       scale=st.sampled_from([1e-12, 1e-8, 1.0, 1e12]), csv=st.booleans())
def test_points_drawn_at_random_are_refused_in_words_or_open_as_they_were(drawn: list[tuple[str, ...]], walk: list[Any], header: str,
                                                                          unit: str, scale: float, csv: bool) -> None:
    rows = [*drawn, *(("w", i, (x + 1e9 * i) * scale, y, "van", "\x1fk") for i, (x, y) in enumerate(walk))]
    table = pd.DataFrame(rows, columns=["track", "t", "x", "y", "class", f"other{header}"])
    table["steady"] = table.groupby("track")["class"].transform("first") + header
    try:
        made = from_points(through_a_file(table) if csv else table, unit)
    except MotiveError as error:
        assert error.what and error.fix
        return
    kept(made)
    passed["points"] += 1


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(names=st.lists(TEXTS, min_size=3, max_size=5), header=TEXTS, length=NUMBERS, separator=st.sampled_from([" ", "_", ";", "\x1f"]),
       walks=st.lists(st.tuples(TRACK, TEXTS, st.lists(st.integers(0, 4), max_size=5)), max_size=4), csv=st.booleans(), tidy=st.booleans())
def test_paths_drawn_at_random_are_refused_in_words_or_open_as_they_were(names: list[str], header: str, length: str, separator: str,
                                                                         walks: list[Any], csv: bool, tidy: bool) -> None:
    ids = [f"l{k}{re.sub('[^a-zA-Z' + HIDDEN[:3] + ']', '', name) if tidy else name}" for k, name in enumerate(names)]
    n = len(ids)
    links = pd.DataFrame({"link": ids, "u": [str(k) for k in range(n)], "v": [str((k + 1) % n) for k in range(n)], "length": [length] * n,
                          f"road{header}": names, header: length})
    rows = [*((track, separator.join(ids[k % n] for k in steps), label) for track, label, steps in walks),
            ("whole", " ".join(ids), "van"), ("half", f"{ids[0]} {ids[1]}", "\x1fk")]
    ways = pd.DataFrame(rows, columns=["track", "path", f"class{header}"])
    try:
        links, ways = (through_a_file(one) if csv else one for one in (links, ways))
        made = with_world(Project(), read_paths(ways, guess_columns(ways, "paths")), build_network(links))
    except MotiveError as error:
        assert error.what and error.fix
        return
    kept(made)
    passed["paths"] += 1


def test_enough_of_what_was_drawn_came_through() -> None:
    assert passed["points"] > 40 and passed["paths"] > 40


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cells=st.lists(TEXTS | st.none(), max_size=8))
def test_texts_are_plain_once_and_for_all_and_come_back(cells: list[str | None]) -> None:
    column = plain_column(pd.Series(cells, dtype=object))
    for cell, text in zip(cells, column, strict=True):
        assert plain_text(text) == text == ("" if cell is None else plain_text(cell)) and value_label(text) == value_label(cell)
    letters, lengths, which = pack_texts(column.to_numpy(dtype=object))
    assert unpack_texts(letters, lengths, which, "here").tolist() == column.tolist()
