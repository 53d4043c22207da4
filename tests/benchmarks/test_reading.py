"""The measure of reading: its files are read as what they are, and its figures are there."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pyarrow.csv as pv
import pytest

from benchmarks import __main__ as command
from benchmarks import reading
from benchmarks.reading_runs import KINDS, POINTS, VOYAGES, made, read_file, write
from irlcore.errors import DataError

ROWS = 50 * POINTS  # one track has a wrong fix


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_read_and_cleaned_to_what_it_was_made_of(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"p{KINDS[kind]}"
    assert write(path, kind, ROWS) == {"rows": ROWS}
    found = read_file(path)
    wrong = ROWS // 10 if kind in ("csv_bad", "csv_wide") else 0
    assert found["rows_kept"] + found["rows_dropped"] == ROWS
    assert abs(found["rows_dropped"] - wrong) <= 0.05 * wrong + 1 and found["rows_dropped"] > 0
    trips = ROWS // POINTS * VOYAGES
    assert trips <= found["tracks"] <= (1.1 * trips if kind == "csv_wide" else trips)  # a wrong fix behind a gap may have been reached
    assert 0.0 < found["clean_s"] < found["s"] and found["mb"] > 50.0


def test_a_tenth_of_a_bad_file_is_bad_in_five_ways() -> None:
    table, plain = made("csv_bad", ROWS), made("csv", ROWS)
    many = (table["lon"].to_pylist().count("unknown"), table["lat"].to_pylist().count(91.0), table["time"].null_count,
            table["track"].to_pylist().count(""))
    assert all(0.9 * ROWS / 50 < one < 1.1 * ROWS / 50 for one in many)
    rows = list(zip(*(table[name].to_pylist() for name in ("track", "time")), strict=True))
    again = sum(one == other for one, other in pairwise(rows))
    assert len(table) == len(plain) and 0.8 * ROWS / 50 < again < 1.1 * ROWS / 50


def test_the_command_writes_every_figure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def here(what: str, file: str, *more: str) -> dict[str, float]:
        return write(Path(file), more[0], int(more[1])) if what == "write" else read_file(Path(file))

    monkeypatch.setattr(reading, "_of_its_own", here)  # processes take seconds to begin
    monkeypatch.setattr(reading, "SIZES", (POINTS, 10 * POINTS))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "reading", "--json"])
    assert command.main() == 0
    lines = capsys.readouterr().out.splitlines()
    found = json.loads(lines[-1])
    kinds = {"csv_1e3", "csv_1e4", "parquet_1e3", "parquet_1e4", "csv_bad_1e3", "csv_zoned_1e3", "csv_wide_1e3"}
    assert set(found) == {*kinds, "growth", "kept", "load"} and found["kept"] is True
    assert all(found[name]["s"] > 0.0 and found[name]["mb"] > 50.0 and found[name]["file_mb"] > 0.0 for name in kinds)
    assert set(found["growth"]) == {"csv", "parquet"} and len(found["load"]) == 2
    assert len(lines) > len(kinds)


def test_each_file_is_read_in_a_process_of_its_own_which_tells_what_was_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.csv"
    write(path, "csv", POINTS)
    assert reading._of_its_own("read", str(path))["rows_kept"] == POINTS - 1
    monkeypatch.setenv("MOTIVE_LIMITS", "cells=100")
    with pytest.raises(DataError, match="The limit is 100 cells"):
        reading._of_its_own("read", str(path))
    with pytest.raises(DataError, match="Two sizes"):
        reading.run((POINTS,))


def test_times_are_written_in_two_ways_with_zones(tmp_path: Path) -> None:
    write(tmp_path / "p.csv", "csv_zoned", ROWS)
    times = set(pv.read_csv(tmp_path / "p.csv", convert_options=pv.ConvertOptions(column_types={"time": "string"}))["time"].to_pylist())
    assert any(one.endswith("+01:00") for one in times) and any(one.endswith(" Europe/Oslo") for one in times)
