"""A folder of tables: found by ending, told apart by columns, joined where one kind lies in several files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.folder import MOST_FILES, by_role, read_folder, table_files

POINTS = "track,t,x,y\na,0,1,2\na,1,2,2\n"


def filled(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_every_table_of_a_folder_is_read_and_nothing_else(tmp_path: Path) -> None:
    filled(tmp_path, a__csv=POINTS, b__tsv=POINTS.replace(",", "\t"), c__txt=POINTS.replace(",", "|"), D__CSV=POINTS,
           notes__md="# notes", zones__geojson="{}")
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(POINTS.encode()))
    pd.read_csv(tmp_path / "a.csv").to_parquet(tmp_path / "f.parquet")
    (tmp_path / "g.csv").mkdir()
    tables = read_folder(tmp_path)
    assert sorted(tables) == ["D.CSV", "a.csv", "b.tsv", "c.txt", "e.csv.gz", "f.parquet"]
    for table in tables.values():
        pd.testing.assert_frame_equal(table, tables["a.csv"])


def test_a_home_folder_may_be_written_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "march").mkdir()
    filled(tmp_path / "march", a__csv=POINTS)
    assert [path.name for path in table_files("~/march")] == ["a.csv"]


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "too full"])
def test_a_folder_that_cannot_be_read_is_named(kind: str, tmp_path: Path) -> None:
    where = tmp_path / "march"
    if kind == "a file":
        where.write_text(POINTS)
    elif kind != "missing":
        where.mkdir()
        for i in range(MOST_FILES + 1 if kind == "too full" else 0):
            (where / f"{i}.csv").touch()
    with pytest.raises(DataError) as caught:
        table_files(where)
    assert "march" in caught.value.what
    assert caught.value.fix


def test_one_bad_file_in_a_folder_is_named(tmp_path: Path) -> None:
    filled(tmp_path, a__csv=POINTS, monday__csv="")
    with pytest.raises(DataError) as caught:
        read_folder(tmp_path)
    assert "monday.csv" in caught.value.what


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
