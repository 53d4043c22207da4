"""Several files of a folder become one table for each of what they hold."""

from __future__ import annotations

import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.folder import by_role


def table(header: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=header.split(","))


def test_one_file_a_day_becomes_one_table() -> None:
    monday, tuesday = table("track,x,y", ("a", 1, 2)), table("track,x,y", ("b", 3, 4))
    found = by_role({"mon.csv": monday, "tue.csv": tuesday})
    assert list(found) == ["points"]
    assert found["points"].to_numpy().tolist() == [["a", 1, 2], ["b", 3, 4]]
    assert found["points"].index.tolist() == [0, 1]


def test_a_network_of_several_tables_is_told_apart() -> None:
    tables = {"a": table("link,u,v", (1, 1, 2)), "b": table("node,x,y", (1, 0, 0)),
              "c": table("track,path", ("t", "1_2")), "d": table("from_link,to_link", (1, 2)),
              "e": table("colour", ("red",))}
    assert {role: list(found.columns) for role, found in by_role(tables).items()} == {
        "links": ["link", "u", "v"], "nodes": ["node", "x", "y"], "paths": ["track", "path"],
        "transitions": ["from_link", "to_link"], "unknown": ["colour"]}


def test_attributes_of_several_files_are_joined_by_track() -> None:
    flags = table("track,flag", ("a", "DK"), ("b", "NO"))
    found = by_role({"flags": flags, "kinds": table("track,kind", ("b", "ferry"))})
    joined = found["attributes"].set_index("track")
    assert joined.loc["b"].tolist() == ["NO", "ferry"]
    assert joined.loc["a", "flag"] == "DK"
    assert pd.isna(joined.loc["a", "kind"])


def test_the_analyst_knows_better_than_the_guess() -> None:
    links = table("link,u,v", (1, 1, 2))
    assert list(by_role({"streets.csv": links}, {"streets.csv": "unknown"})) == ["unknown"]


def test_two_tables_of_a_kind_with_other_columns_are_refused_by_name() -> None:
    with pytest.raises(DataError) as caught:
        by_role({"mon.csv": table("track,x,y", ("a", 1, 2)), "tue.csv": table("track,x,y,speed", ("b", 3, 4, 5))})
    assert "tue.csv" in caught.value.what
    assert caught.value.fix


def test_many_tables_of_a_kind_are_copied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = []
    joined = pd.concat

    def counted(parts: list[pd.DataFrame], **how: bool) -> pd.DataFrame:
        copied.append(sum(map(len, parts)))
        return joined(parts, **how)

    monkeypatch.setattr(pd, "concat", counted)
    tables = {f"day {k}.csv": pd.DataFrame({"track": ["a", "b"], "t": [k, k + 1], "x": [0, k], "y": [k, 0]}) for k in range(50)}
    for k, table in enumerate(tables.values()):
        table.attrs["said"] = ["Days first.", f"In {k % 2}."]
    found = by_role(tables)["points"]
    assert copied == [100] and found["t"].tolist() == [one for k in range(50) for one in (k, k + 1)]
    assert found.attrs["said"] == ["Days first.", "In 0.", "In 1."]
    assert found.attrs["files"] == [(f"day {k}", 2) for k in range(50)]
