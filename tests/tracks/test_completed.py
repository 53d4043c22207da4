"""Columns that a table of points lacks, and records of JSON: what is added, told, and left alone."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.completed import completed
from irlcore.tracks.folder import by_role
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table


def test_parts_that_are_no_day_leave_a_row_without_a_time_which_is_listed() -> None:
    table = pd.DataFrame({"id": ["a"] * 4, "Year": [2024, 2024, 2023, 2024], "Month": [2, 2, 2, "x"], "Day": [28, 29, 29, 1],
                          "lon": [6.6, 6.7, 6.8, 6.9], "lat": 46.5})
    made = completed(table, "file")
    assert made["date"].dropna().dt.strftime("%Y-%m-%d").tolist() == ["2024-02-28", "2024-02-29"] and "Year" not in made
    imported = read_points(made, guess_columns(made, "points"))
    assert imported.rows_kept == 2 and imported.problems["row"].tolist() == ["4", "5"]


def test_a_table_with_a_time_or_an_id_of_its_own_stays_as_it_is() -> None:
    table = pd.DataFrame({"track": ["a"], "time": ["2024-03-04 08:00"], "year": [2024], "month": [3], "day": [4], "lon": [1.0],
                          "lat": [1.0]})
    assert completed(table, "file") is table
    hours = table.drop(columns=["time"]).assign(minute=[5])
    assert "minute" in completed(hours, "file") and completed(hours, "file")["date"].iloc[0] == pd.Timestamp("2024-03-04")


def test_files_without_ids_are_a_track_each_and_their_rows_stay_together() -> None:
    def day(k: int) -> pd.DataFrame:
        return pd.DataFrame({"time": [f"2024-03-0{k} 08:0{j}" for j in range(3)], "lon": [6.6, 6.61, 6.62], "lat": 46.5 + k / 10})
    tables = by_role({"mon.csv": day(4), "tue.csv": day(5)})
    imported = read_points(tables["points"], guess_columns(tables["points"], "points"))
    assert imported.tracks.ids.tolist() == ["mon", "tue"] and imported.rows_kept == 6
    assert sum("called as the file" in one for one in imported.said) == 1
    crowd = pd.concat([day(4), day(4)])
    assert guess_role(crowd) == "unknown" and by_role({"c.csv": crowd}, {"c.csv": "points"})["points"]["track"].tolist() == ["c"] * 6


@pytest.mark.parametrize("turns", [True, False])
@pytest.mark.parametrize("names", [["north", "south", "west"], [219_000_001, 219_000_002, 219_000_003]])
def test_a_table_with_a_column_that_may_tell_agents_apart_is_not_one_track(turns: bool, names: list[object]) -> None:
    k = np.arange(30)
    seconds = k if turns else k % 10 * 3 + k // 10
    agent = [names[i] for i in (k % 3 if turns else k // 10)]
    table = pd.DataFrame({"kennung": agent, "time": [f"2024-03-04 08:00:{s:02}" for s in seconds], "lon": 6.6 + k / 100, "lat": 46.5})
    assert guess_role(table) == "unknown"
    doing = ["walk"] * 12 + ["bus"] * 8 + ["walk"] * 10
    assert guess_role(table.drop(columns="kennung").sort_values("time").assign(doing=doing, satellites=k % 3)) == "points"


RECORDS = {
    "lines": b'{"_type": "location", "tid": "a", "tst": 1711354200, "lat": 46.5, "lon": 6.6}\n'
             b'{"_type": "location", "tid": "a", "tst": 1711354260, "lat": 46.5, "lon": 6.61}\n',
    "under a key": json.dumps({"data": [{"deviceId": 7, "latitude": 46.5, "longitude": 6.6 + k, "fixTime": k, "attributes": {"a": 1}}
                                        for k in range(2)]}).encode(),
    "gaps": b'[{"id": "a", "lat": 1, "lon": 2, "t": 1}, {"id": "a", "lat": 1.5, "t": 2}]',
}


@pytest.mark.parametrize("name", RECORDS)
def test_records_with_places_are_a_table(name: str) -> None:
    table = read_table(RECORDS[name], "r.json")
    assert len(table) == 2 and guess_role(table) == "points"
    assert table.attrs.get("left_out", []) == (["attributes"] if name == "under a key" else [])
    if name == "gaps":
        np.testing.assert_array_equal(table["lon"], [2.0, np.nan])


@pytest.mark.parametrize("text", ["[]", "[{}]", "[[1, 2], [3, 4]]", '[{"lat": [1], "lon": [2]}]', '{"locations": [5]}', '{"data": 5}',
                                  '{"semanticSegments": [5, {"timelinePath": [5, {"point": "x"}]}]}', '[{"timelinePath": 5}]',
                                  '[{"startTime": "x", "timelinePath": [{"point": "geo:91"}]}]', '{"locations": [{"latitudeE7": {}}]}'])
def test_other_json_has_no_table_and_says_so(text: str) -> None:
    with pytest.raises(DataError) as told:
        read_table(text.encode(), "x.json")
    assert "x.json" in told.value.what and told.value.fix
