"""Encodings: what a table says is the same in UTF-8, UTF-16 and Windows' western letters, wherever a piece of the file ends."""

from __future__ import annotations

import codecs
import gzip

import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.readers import preview_table, read_table

TEXT = "track,straße,x\n" + "zoë 🐦 œ,1,2.5\n".replace(" 🐦 œ", "") * 30 + "ñu,7,3.5\n"
ENCODED = {"utf-8": TEXT.encode(), "utf-8 with a mark": TEXT.encode("utf-8-sig"), "utf-16": TEXT.encode("utf-16"),
           "utf-16-le": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-be": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
           "utf-16-le without a mark": TEXT.replace("ß", "s").encode("utf-16-le"), "latin-1": TEXT.encode("latin-1"),
           "cp1252": TEXT.encode("cp1252"), "utf-16 packed": gzip.compress(TEXT.encode("utf-16"))}


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 64, 1 << 20])
@pytest.mark.parametrize("name", ENCODED)
def test_every_encoding_gives_the_same_table(name: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", piece)
    table, seen = read_table(ENCODED[name]), preview_table(ENCODED[name])
    assert table.columns.tolist() == ["track", "strase" if "without" in name else "straße", "x"]
    assert table["track"].tolist() == ["zoë"] * 30 + ["ñu"] and table["x"].tolist() == [2.5] * 30 + [3.5]
    pd.testing.assert_frame_equal(seen.table, table)
    assert seen.rows == 31
    told = "Windows-1252" in " ".join(table.attrs.get("said", []))
    assert told == (name in ("latin-1", "cp1252"))


def test_letters_beyond_latin_are_read() -> None:
    assert read_table("track,x\n漢🐦,1\n".encode("utf-16"))["track"].tolist() == ["漢🐦"]
    assert read_table("track,x\n“Zoë” – 5 €,1\n".encode("cp1252"))["track"].tolist() == ["“Zoë” – 5 €"]
    assert read_table(b"track,x\nzo\xeb \x81\x8d,1\n")["track"].tolist() == ["zoë ␁␍"[:3] + " \x81\x8d"]


def test_a_header_and_a_letter_that_tells_the_encoding_far_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """The header's letters are valid UTF-8 by chance where the file is not."""
    monkeypatch.setattr("irlcore.tracks.files.csv_survey.HEADER", 64)
    raw = "track,länge,x\n".encode("latin-1") + b"a,1,2\n" * 100 + "zoë,1,2\n".encode("latin-1")
    assert read_table(raw).columns.tolist() == ["track", "länge", "x"]


def test_the_rows_of_a_long_file_in_utf_16_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlcore.tracks.files.csv_text.HEAD", 4000)
    monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", 1000)
    raw = ("track,x\n" + "ab,12\n" * 5000).encode("utf-16")
    assert preview_table(raw, rows=5).rows == pytest.approx(5000, rel=0.05)


@pytest.mark.parametrize("cut", [1, 3])
def test_utf_16_that_is_damaged_is_told(cut: int) -> None:
    with pytest.raises(DataError, match=r"a.csv is text in UTF-16 that is damaged or cut off"):
        read_table(("track,x\n" + "a,1\n" * 50).encode("utf-16")[:-cut], "a.csv")
    with pytest.raises(DataError, match="UTF-16"):
        read_table(("track,x\n" + "a,1\n" * 50).encode("utf-16") + b"\x00\xdc\x00\x00", "a.csv")
