"""Tables whose every row is bad, a track of its own, or the same: tracks and problems are made without growing with each of them."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from benchmarks.hostile.tables import CSV, SOUND
from irlcore.engine import Control
from irlcore.errors import Cancelled, DataError, WorldError
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.cells import id_codes, names
from irlcore.tracks.columns import guess_columns, guess_role, need
from irlcore.tracks.problems import MOST_LISTED
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.grid import build_grid

AT = {"track": "track", "t": "t", "x": "x", "y": "y"}
KEPT = {"2,000 columns": 2000, "70,000 blank lines before the header": 100, "70,000 blank lines between rows": 200,
        "10,000,000 blank lines": 200,
        "a field of 1e8 letters": 100, "numbers of 400 digits": 100, "a number of 1e6 digits": 100, "every time the same but one": 2,
        "a million honest points": 1_000_000, "a path of 5,000,000 links": 2, "ids of 10,000 letters": 200}


def imported(table: pd.DataFrame) -> Imported:
    role = guess_role(table)
    return (read_points if role == "points" else read_paths)(table, guess_columns(table, role))


@pytest.mark.parametrize("name", sorted(set(CSV) & SOUND))
def test_good_rows_among_hostile_ones_are_kept(name: str) -> None:
    begun = time.process_time()
    made = imported(read_table(CSV[name](), "big.csv"))
    assert made.rows_kept == KEPT[name]
    listed = made.problems[made.problems["row"] != "more"]
    assert max(listed.groupby("what").size(), default=0) <= MOST_LISTED  # and a line tells how many more there are
    assert made.problems.memory_usage(deep=True).sum() < 2e7
    assert time.process_time() - begun < 20.0


def test_an_id_without_end_does_not_fill_the_message() -> None:
    made = imported(read_table(CSV["ids of 10,000 letters that stand still"](), "big.csv"))
    with pytest.raises(WorldError, match=r"First problem: track 00000aaa.*ends where it starts") as caught:
        with_world(Project(), made, build_grid(0.0, 0.0, 5.0, 5.0, 1.0, "m"))
    assert len(str(caught.value)) < 600


ROWS = 100_000
N = np.arange(ROWS)
BAD = {
    "every row bad": pd.DataFrame({"track": "a", "t": N, "x": "north", "y": 1}),
    "no id": pd.DataFrame({"track": "", "t": N, "x": N, "y": 1}),
    "each its own": pd.DataFrame({"track": N.astype(str), "t": N, "x": N, "y": 1}),
    "one time": pd.DataFrame({"track": "a", "t": 5, "x": N, "y": 1}),
    "one link": pd.DataFrame({"track": N.astype(str), "path": N.astype(str)}),
    "no id for a path": pd.DataFrame({"track": "", "path": "1 2"}, index=N),
    "no step": pd.DataFrame({"track": N.astype(str), "step": "first", "link": N.astype(str)}),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("good", [0, 2])
def test_all_problems_are_listed(kind: str, good: int) -> None:
    table = BAD[kind]
    more = {"track": "good", "t": [0, 1], "x": [0, 1], "y": [0, 1], "path": "1 2", "step": [0, 1], "link": ["1", "2"]}
    table = pd.concat([table, pd.DataFrame(more).head(good)[list(table.columns)].head(1 if "path" in table else 2)], ignore_index=True)
    tracemalloc.start()
    try:
        made = imported(table)
    except DataError as error:
        assert (not good or kind == "no step") and error.fix  # a column that is hardly ever a step is another's
    else:
        assert good and made.tracks_kept == 1 and len(made.problems) == made.rows_dropped
        assert made.rows_kept + made.rows_dropped == len(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e7  # 500 bytes a row


def test_long_ids_and_values_are_cut_in_the_table_of_problems() -> None:
    table = pd.DataFrame({"track": ["i" * 100_000] * 3000, "t": np.zeros(3000), "x": ["v" * 100_000] * 1500 + [1] * 1500, "y": 1})
    table = pd.concat([table, pd.DataFrame({"track": "a", "t": [0, 1], "x": [0, 1], "y": 0})], ignore_index=True)
    problems = read_points(table, AT).problems
    assert len(problems) == 3000 and problems.map(len).to_numpy().max() < 1000
    with pytest.raises(DataError) as caught:
        need(pd.DataFrame(columns=["c" * 10_000 + str(k) for k in range(2000)]), {}, ("track",), "points")
    assert len(str(caught.value)) < 5000


@pytest.mark.parametrize("values", [
    pd.Series(["b", " a", "a", None, "7", "7.0", "007", "b", ""]), pd.Series([3, 1, 3]), pd.Series([1.5, np.nan, 2.0, 2.0]),
    pd.Series([True, 1, "1", None, 2.0], dtype=object), pd.Series(["b", "a", None], dtype="category"),
    pd.Series(pd.to_datetime(["2024-01-02", "2024-01-01", None])), pd.Series([3, None], dtype="Int64"), pd.Series([], dtype="str"),
], ids=["text", "whole", "fraction", "mixed", "category", "date", "nullable", "none"])
def test_codes_are_the_names_of_the_rows(values: pd.Series) -> None:
    codes, ids = id_codes(values)
    assert ids[codes].tolist() == names(values).tolist()
    assert len(set(ids)) == len(ids)
    assert list(pd.unique(codes)) == list(range(len(ids)))


def test_an_attribute_is_steady_by_its_known_values_whatever_its_type() -> None:
    text = pd.Series(["x", None, "y", "y", None, None])
    columns = {"text": text, "category": text.astype("category"), "objects": text.astype(object),
               "number": [1.5, np.nan, 2, 2, np.nan, np.nan], "whole": [1, 1, 2, 2, 3, 3], "yes": [True, True, False, False, True, True],
               "nullable": pd.Series([1, None, 2, 2, None, None], dtype="Int64"),
               "mixed": pd.Series([True, None, 2, 2, None, None], dtype=object),
               "date": pd.to_datetime(["2024-01-01", None] + ["2024-01-02"] * 2 + [None] * 2),
               "moves": [1, 2, 3, 3, 4, 4], "word moves": ["a", "b", "c", "c", "d", "d"]}
    table = pd.DataFrame({"track": list("aabbcc"), "t": [0, 1] * 3, "x": 0, "y": 0, **columns})
    for order in (np.arange(6), np.array([5, 2, 0, 4, 3, 1])):
        made = read_points(table.iloc[order].reset_index(drop=True), AT)
        frame = made.tracks.attributes.set_index(made.tracks.ids).loc[["a", "b", "c"]]
        assert set(frame.columns) == set(columns) - {"moves", "word moves"}
        assert frame["text"].tolist() == frame["category"].tolist() == frame["objects"].tolist() == ["x", "y", ""]
        np.testing.assert_array_equal(frame["number"], [1.5, 2.0, np.nan])
        assert frame["whole"].tolist() == [1, 2, 3] and frame["whole"].dtype == np.int64
        assert frame["yes"].tolist() == [True, False, True] and frame["yes"].dtype == bool
        assert frame["mixed"].tolist() == ["True", "2", ""] and frame["date"].tolist() == ["2024-01-01", "2024-01-02", ""]


def test_a_track_that_stands_twice_in_the_attributes_takes_the_first_row() -> None:
    table = pd.DataFrame({"track": ["a", "a"], "t": [0, 1], "x": 0, "y": 0})
    made = read_points(table, AT, attributes=pd.DataFrame({"track": ["a ", "a"], "class": ["cargo", "ferry"]}))
    assert made.tracks.attributes["class"].tolist() == ["cargo"]


def test_the_texts_of_ids_and_links_are_held_once() -> None:
    tracks = read_points(pd.DataFrame({"track": ["a", "b"] * 5000, "t": np.arange(10_000), "x": 0, "y": 0}), AT).tracks
    assert isinstance(tracks, Tracks) and len(tracks.ids) == 2
    steps = pd.DataFrame({"track": "a", "step": np.arange(10_000), "link": (np.arange(10_000) % 50).astype(str)})
    for table in (steps, pd.DataFrame({"track": ["a"], "path": [" ".join(steps["link"])]})):
        links = imported(table).tracks
        assert isinstance(links, LinkTracks) and len(links.links) == 10_000
        assert len({id(link) for link in links.links}) == 50


def test_a_stop_is_heeded_while_tracks_are_made() -> None:
    watch = Control()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        read_points(BAD["each its own"], AT, watch=watch)
    with pytest.raises(Cancelled):
        read_paths(BAD["one link"], {"track": "track", "path": "path"}, watch=watch)
