"""Problems by kind: what counts as one kind, and its rows, tracks, kilometres and hours."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.project.loading import with_world
from irlcore.project.problems_in_short import problems_by_kind
from irlcore.project.project import Project
from irlcore.tracks.problem_kinds import by_kind
from irlcore.tracks.problems import MOST_LISTED
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.tracks.trips.cleaning import Cleaning, cleaned
from irlcore.worlds.grid import build_grid


def row_of(table: pd.DataFrame, begins: str) -> pd.Series:
    found = table[table["kind"].str.startswith(begins)]
    assert len(found) == 1, table
    return found.iloc[0]


def test_sentences_that_differ_in_numbers_names_and_quotations_are_one_kind() -> None:
    rows = [(2, "a", "lat is 'x1', not a usable number", "dropped"), (3, "b", "lat is 'it is 7', not a usable number", "dropped"),
            (4, "a", "lon is empty", "dropped"), ("", "a", "step 3: no move from 1,2 to 4,5", "dropped"),
            ("", "b", "step 12: no move from 0,0 to 9,9", "dropped"), ("", "c", "ends where it starts (4,5)", "dropped"),
            ("", "d", "ends where it starts (0,1)", "dropped"), (9, "", "nodes: the node N1 stands there before", "dropped"),
            (10, "", "nodes: the node 7 of 8 stands there before", "dropped"), ("", "a", "jumps over 1 cell", "repaired"),
            ("", "b", "jumps over 1,234 cells", "repaired"), (5, "a", "lon is empty", "repaired")]
    kinds = by_kind(problem_table(rows))
    assert kinds.table["kind"].tolist() == [
        "lat is '...', not a usable number", "step ...: no move from ... to ...", "ends where it starts (...)",
        "nodes: the node ... stands there before", "jumps over ... cells", "lon is empty", "lon is empty"]
    assert kinds.table["tracks"].tolist() == [2, 2, 2, 0, 2, 1, 1] and kinds.table["rows"].tolist() == [2, 0, 0, 2, 0, 1, 1]
    assert kinds.of.tolist() == [0, 0, 5, 1, 1, 2, 2, 3, 3, 4, 4, 6] and list(kinds.table.columns) == ["kind", "done", "rows", "tracks"]


def test_rows_that_are_not_listed_one_by_one_count_too() -> None:
    n = MOST_LISTED + 250
    table = pd.DataFrame({"track": ["a"] * (n + 2), "t": np.arange(n + 2.0), "x": [0.0, 1.0, *([np.nan] * n)], "y": 0.0})
    imported = read_points(table, {"track": "track", "t": "t", "x": "x", "y": "y"})
    start = time.process_time()
    kinds = by_kind(imported.problems, imported.tracks if isinstance(imported.tracks, Tracks) else None)
    assert time.process_time() - start < 5.0  # some tenths of a second where nothing else runs
    assert kinds.table["rows"].sum() == n and set(kinds.table["done"]) == {"dropped"}


def project_of(rows: list[tuple[str, float, float, float]]) -> Project:
    table = pd.DataFrame(rows, columns=["track", "t", "x", "y"])
    imported = read_points(table, {name: name for name in table.columns})
    return with_world(Project(name="p"), imported, build_grid(0, 0, 100, 100, 10.0, "m"))


def test_tracks_that_are_dropped_or_cut_are_told_with_their_length_and_time() -> None:
    there_and_back = [("round", 600.0 * k, x, 5.0) for k, x in enumerate((5.0, 45.0, 5.0))]
    passes = [("passes", 600.0 * k, x, 25.0) for k, x in enumerate((5.0, 15.0, 25.0, 65.0, 25.0))]
    project = project_of([*there_and_back, *passes, ("far", 0.0, 5.0, 45.0), ("far", 3600.0, 35.0, 85.0)])
    table = problems_by_kind(project).table
    dropped = row_of(table, "ends where it starts")
    assert dropped["rows"] == 3 and dropped["tracks"] == 1 and dropped["done"] == "dropped"
    assert dropped["length (km)"] == pytest.approx(0.080) and dropped["hours"] == pytest.approx(1 / 3)
    cut = row_of(table, "passes its own goal")  # the last choice that is used was made at (15, 25), 600 s
    assert cut["length (km)"] == pytest.approx(0.090) and cut["hours"] == pytest.approx(0.5) and cut["rows"] == 3
    filled = row_of(table, "jumps over")
    assert filled["tracks"] == 3 and np.isnan(filled["hours"])  # nothing of these is lost
    untimed = replace(project, tracks=replace(project.tracks, timed=False, unit="px"))
    again = problems_by_kind(untimed).table
    assert row_of(again, "ends where it starts")["length (px)"] == pytest.approx(80.0) and "hours" not in again


def test_gaps_and_points_out_of_reach_are_added_up_as_they_are_told() -> None:
    t = np.array([0, 10, 20, 7220, 7230, 7240, 14440, 14450.0])
    table = pd.DataFrame({"track": "a", "t": t, "x": np.array([0, 1, 2, 1002, 1003, 1004, 2004, 2005.0]), "y": 0.0})
    imported = cleaned(read_points(table, {name: name for name in table.columns}), Cleaning(gap=600.0))
    gap = row_of(by_kind(imported.problems).table, "a gap")
    assert gap["rows"] == 2 and gap["tracks"] == 1 and gap["length (km)"] == pytest.approx(2.0) and gap["hours"] == pytest.approx(4.0)
    rows = [("point 3", "a", "a gap of 3 h and 1.5 km behind it, from (1, 2) to (3, 4)", "split"),
            ("more", "", "a gap: 10 more rows", "split"),
            ("point 9", "b", "a gap of 90 s and 500 m behind it, from (1, 2) to (3, 4)", "split")]
    told = by_kind(problem_table(rows)).table
    assert len(told) == 1 and told["rows"][0] == 12 and told["length (km)"][0] == 2.0 and told["hours"][0] == pytest.approx(3.025)
    rows = [("points", "a", "1,200 points out of reach of the others, at more than 30 m/s: (1, 2), (3, 4), ...", "dropped"),
            ("points", "b", "1 point out of reach of the others, at more than 30 m/s: (1, 2)", "dropped")]
    told = by_kind(problem_table(rows)).table
    assert len(told) == 1 and told["rows"][0] == 1201 and told["tracks"][0] == 2


def test_an_empty_list_has_no_kinds() -> None:
    kinds = by_kind(problem_table([]))
    assert not len(kinds.table) and not len(kinds.of)


def test_every_track_whose_jumps_are_filled_is_listed() -> None:
    rows = [(f"t{k}", float(j), 5.0 + 30.0 * j, 5.0 + 10.0 * (k % 9)) for k in range(2100) for j in range(2)]
    project = project_of(rows)
    assert row_of(problems_by_kind(project).table, "jumps over")["tracks"] == 2100
    assert (project.problems["what"] == "jumps over 2 cells").all()
