"""Packed files: what they become is asked of the budget piece by piece, so a bomb costs neither memory nor time."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.hostile.packing import zipped
from benchmarks.hostile.tables import GZIPPED, HEADER, POINTS, SOUND, ZIPPED, one_stream
from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.tracks.readers import read_table

PLAIN = HEADER + POINTS
BOMBS = {name: make for name, make in (GZIPPED | ZIPPED).items() if "4.2 GB" in name or "1.4 GB" in name or "1e9" in name}
REFUSED = {name: make for name, make in (GZIPPED | ZIPPED).items() if name not in SOUND}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_costs_anything(name: str) -> None:
    raw = BOMBS[name]()
    assert len(raw) < 1e7
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(DataError) as caught:
        read_table(raw, "points.csv")
    seconds, peak = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(caught.value, TooLarge) or "says 1 kB" in name  # such a one is cut off at 1 kB, and its sum is wrong
    assert seconds < 5.0
    assert peak < 5e7


@pytest.mark.parametrize("name", REFUSED)
def test_every_hostile_archive_is_refused_in_words(name: str) -> None:
    with pytest.raises(DataError) as caught:
        read_table(REFUSED[name](), "/home/someone/upload.csv")
    assert "upload.csv" in caught.value.what and "/home" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert caught.value.fix


def test_a_gzip_of_many_small_streams_is_read_whole() -> None:
    """2,000 streams of 10 tracks each, 10 points a track, no id twice."""
    assert [name for name in (GZIPPED | ZIPPED) if name in SOUND] == ["a gzip of small blocks", "a zip of two tables"]
    found = read_table(GZIPPED["a gzip of small blocks"](), "points.csv.gz")
    assert found.shape == (2000 * 100, 4) and found["track"].nunique() == 2000 * 10
    assert found["track"].tolist() == [f"{i}-{k // 10}" for i in range(2000) for k in range(100)]
    assert found["x"].tolist() == [k % 10 + 0.5 for _ in range(2000) for k in range(100)]


@pytest.mark.parametrize("pack", [gzip.compress, lambda raw: zipped({"points.csv": raw})], ids=["gzip", "zip"])
def test_the_budget_counts_what_comes_out_and_can_be_raised(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(pack)
    packed = pack(PLAIN * 50)
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={len(PLAIN) * 50 - 1}")
    with pytest.raises(TooLarge, match="unpacked") as caught:
        read_table(packed)
    assert caught.value.limit == "unpacked" and "MOTIVE_LIMITS" in caught.value.fix
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={len(PLAIN) * 50}")
    assert len(read_table(packed)) == 50 * (PLAIN.count(b"\n")) - 1


def test_all_streams_of_a_gzip_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={len(PLAIN)}")
    assert len(read_table(gzip.compress(PLAIN))) == 100
    with pytest.raises(TooLarge):
        read_table(gzip.compress(PLAIN) + gzip.compress(POINTS))


def test_a_very_regular_file_is_fine_while_it_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    block = b"a,0,1.5," + b"1" * 1000 + b"\n"
    raw = one_stream(block * 10_000, 4)[:-8]
    packed = gzip.compress(HEADER) + raw + gzip.compress(block * 40_000)[-8:]  # the sum and the length that the stream ought to have
    assert len(block) * 40_000 > 250 * len(packed)
    assert len(read_table(packed)) == 40_000
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=5")
    monkeypatch.setattr("irlcore.tracks.files.unpack.SMALL", 1e6)
    with pytest.raises(TooLarge) as caught:
        read_table(packed)
    assert caught.value.limit == "ratio"


def test_streams_one_after_the_other_are_one_file_and_zeros_at_the_end_are_nothing() -> None:
    whole = read_table(PLAIN)
    for packed in (gzip.compress(HEADER) + gzip.compress(POINTS), gzip.compress(PLAIN) + bytes(1000),
                   gzip.compress(PLAIN[:200]) + gzip.compress(b"") + gzip.compress(PLAIN[200:])):
        pd.testing.assert_frame_equal(read_table(packed), whole)
    with pytest.raises(DataError, match="cannot be read"):
        read_table(gzip.compress(PLAIN) + b"and more")


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "CSV"])
def test_the_one_table_of_a_zip_is_read(ending: str, tmp_path: Path) -> None:
    packed = zipped({"march/": b"", "march/read me.md": b"# March", "__MACOSX/._points.csv": b"\0", f"march/points.{ending}": PLAIN})
    pd.testing.assert_frame_equal(read_table(packed), read_table(PLAIN))
    (tmp_path / "march.zip").write_bytes(packed)
    pd.testing.assert_frame_equal(read_table(tmp_path / "march.zip"), read_table(PLAIN))


def test_a_parquet_in_a_zip_is_read() -> None:
    out = io.BytesIO()
    read_table(PLAIN).to_parquet(out)
    pd.testing.assert_frame_equal(read_table(zipped({"p.parquet": out.getvalue()})), read_table(PLAIN))


def test_a_zip_of_tables_of_different_columns_names_them_and_says_to_unpack_it() -> None:
    with pytest.raises(DataError, match=r"2 tables of different columns: 'a.csv' has track, t, x, y; 'b.csv' has track, class") as caught:
        read_table(zipped({"a.csv": PLAIN, "b.csv": b"track,class\na0,x\n"}), "march.zip")
    assert "Unpack" in caught.value.fix


def test_the_tables_of_a_zip_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped({"a.csv": PLAIN, "b.csv": PLAIN})
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={2 * len(PLAIN)}")
    assert len(read_table(packed)) == 200
    for limit in (f"unpacked={2 * len(PLAIN) - 1}", "cells=999"):
        monkeypatch.setenv("MOTIVE_LIMITS", limit)
        with pytest.raises(TooLarge):
            read_table(packed)


def test_a_workbook_and_a_locked_zip_are_told_for_what_they_are() -> None:
    with pytest.raises(DataError, match="Excel workbook"):
        read_table(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "march.xlsx")
    locked = bytearray(zipped({"points.csv": PLAIN}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataError, match="password"):
        read_table(bytes(locked))


@pytest.mark.parametrize("head", [b"BZh91AY&SY", b"\xfd7zXZ\0\0", b"\x28\xb5\x2f\xfd\0\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"])
def test_other_packings_are_named(head: bytes) -> None:
    with pytest.raises(DataError, match="packed") as caught:
        read_table(head + bytes(100), "points.csv.x")
    assert "gzip" in caught.value.fix


def test_what_is_in_a_packed_file_may_not_be_packed_again() -> None:
    for inner in (gzip.compress(PLAIN), zipped({"points.csv": PLAIN}), b"BZh91AY&SY"):
        for packed in (gzip.compress(inner), zipped({"points.csv": inner})):
            with pytest.raises(DataError, match="another packed file"):
                read_table(packed)


def test_a_damaged_zip_is_refused_wherever_the_damage_is() -> None:
    packed = zipped({"points.csv": PLAIN * 3})
    refused = 0
    for at in range(len(packed)):
        try:
            read_table(packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1:], "points.zip")
        except DataError as error:
            refused += "points.zip" in error.what
    assert refused > len(packed) / 2  # a byte of a date or a remark changes nothing


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a file") as caught:
        read_table(tmp_path)
    assert str(tmp_path.parent) not in str(caught.value)


def test_a_zip_with_a_directory_of_thousands_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(DataError, match="more than 1,000 files"):
        read_table(b"PK\x03\x04" + b"PK\x01\x02" * 1001)
