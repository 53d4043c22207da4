"""An id is split where a column changes, also where a value comes again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.tracks import Tracks

COLUMNS = {part: part for part in ("track", "t", "x", "y")}


def read(values: list[object], ids: list[str] | None = None, t: list[float] | None = None) -> Imported:
    n = len(values)
    table = pd.DataFrame({"track": ids or ["v"] * n, "t": t or [float(k) for k in range(n)], "x": np.arange(n), "y": 0.0, "status": values})
    assert "change" not in guess_columns(table, "points")
    return read_points(table, COLUMNS | {"change": "status"})


def trips(found: Imported) -> dict[str, int]:
    assert isinstance(found.tracks, Tracks)
    return dict(zip(found.tracks.ids.tolist(), np.diff(found.tracks.offsets).tolist(), strict=True))


def test_each_stretch_of_one_value_is_a_trip_also_where_it_comes_again() -> None:
    found = read([*["sails"] * 3, *["fishes"] * 2, *["sails"] * 4])
    assert trips(found) == {"v sails (1)": 3, "v fishes": 2, "v sails (2)": 4}
    assert found.tracks.attributes["status"].tolist() == ["sails", "fishes", "sails"]
    assert "1 id was split where status changes: 3 trips in all." in found.said
    assert found.tracks_kept == 3 and found.tracks_dropped == 0


def test_the_order_is_that_of_time_and_other_ids_stay_what_they_are() -> None:
    values, ids, t = [1, 2, 1, 2, 7, 7], ["v"] * 4 + ["w"] * 2, [0.0, 3.0, 1.0, 2.0, 0.0, 1.0]
    assert trips(read(values, ids, t)) == {"v 1": 2, "v 2": 2, "w 7": 2}
    assert trips(read([7] * 6, ids, [0.0, 3.0, 1.0, 2.0, 0.0, 1.0])) == {"v": 4, "w": 2}  # nothing changes


@pytest.mark.parametrize("blank", [None, "", np.nan])
def test_a_blank_is_what_was_before_or_else_what_comes_next(blank: object) -> None:
    found = read([blank, "a", blank, "a", "b", blank, blank, "b"])
    assert trips(found) == {"v a": 4, "v b": 4}
    assert trips(read([*["a"] * 2, *[blank] * 2], ["v", "v", "w", "w"])) == {"v": 2, "w": 2}


def test_a_stretch_of_one_point_is_listed_and_goes() -> None:
    found = read(["a", "a", "b", "a", "a"])
    assert trips(found) == {"v a (1)": 2, "v a (2)": 2} and found.tracks_dropped == 1
    assert found.problems[["track", "what", "done"]].to_numpy().tolist() == [["v b", "a track of one point", "dropped"]]


def test_names_never_meet() -> None:
    found = read([1, 1, 2, 2, 9, 9], ["a", "a", "a", "a", "a 1", "a 1"])
    assert len(set(trips(found))) == 3
    found = read(["1 2", "1 2", "x", "x", "2", "2", "y", "y"], ["a"] * 4 + ["a 1"] * 4)
    assert len(set(trips(found))) == 4


def test_bad_rows_are_listed_under_their_own_id() -> None:
    table = pd.DataFrame({"track": ["v"] * 6, "t": range(6), "x": [0, 1, np.nan, 3, 4, 5], "y": 0.0, "leg": [1, 1, 1, 2, 2, 2]})
    found = read_points(table, COLUMNS | {"change": "leg"})
    assert trips(found) == {"v 1": 2, "v 2": 3} and found.problems["track"].tolist() == ["v"] and found.rows_dropped == 1


def test_a_column_that_changes_at_every_point_is_refused_with_its_cause() -> None:
    with pytest.raises(DataError, match="a track of one point"):
        read([*range(6)])


def test_of_a_million_rows_each_is_looked_at_a_few_times() -> None:
    n = 200_000
    found = read([k // 100 for k in range(n)], [f"v{k // 1000}" for k in range(n)])
    assert len(found.tracks) == n // 100
