"""Many files side by side: the tables, the order and the first error of one after the other, whoever reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pytest

from irlcore.budget import TooLarge
from irlcore.engine import Control, Engine, use
from irlcore.errors import Cancelled, DataError
from irlcore.tracks.many_tables import MANY, preview_tables, read_or_told, read_tables
from irlcore.tracks.readers import preview_table, read_table

FILES = 9


@dataclass(frozen=True)
class OnDisk:
    """A file; for workers elsewhere another one, where ``other`` is told."""

    path: str
    asker: int
    other: str = ""
    here: bool = False

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def size(self) -> int:
        return os.path.getsize(self.path)

    def open(self) -> BinaryIO | bytes:
        return open(self.path if os.getpid() == self.asker or not self.other else self.other, "rb")


def folder(where: Path) -> list[OnDisk]:
    """Files of points: texts that look like numbers, gaps, and sentences of what was understood."""
    for k in range(FILES):
        table = pd.DataFrame({"track": [f"0{k}"] * 30, "t": range(30), "x": [float(k)] * 29 + [None], "y": range(30), "by": ["car"] * 30})
        table.to_csv(where / f"{k}.csv", index=False, sep=";" if k % 2 else ",")
    return [OnDisk(str(where / f"{k}.csv"), os.getpid()) for k in range(FILES)]


@pytest.fixture(scope="module")
def two() -> Iterator[Engine]:
    with use("processes", 2, least_s=0.0) as engine:
        yield engine


@pytest.fixture(params=["threads", "processes"])
def engine(request: pytest.FixtureRequest, two: Engine) -> Iterator[Engine]:
    if request.param == "processes":
        with two.again():
            yield two
    else:
        with use("threads") as threads:
            yield threads


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs == expected.attrs


def test_tables_are_those_of_one_after_the_other_in_their_order(engine: Engine, tmp_path: Path) -> None:
    files, heard = folder(tmp_path), list[tuple[int, int, str]]()
    sent = engine.bytes_received
    for file, found in zip(files, read_tables(files, Control(lambda *said: heard.append(said)), ("by",)), strict=True):
        same(found, read_table(file.path, texts=("by",)))
    assert heard == [(k, FILES, "reading the files") for k in range(1, FILES + 1)]
    assert (engine.bytes_received > sent) == (engine.pool is not None)
    for file, seen in zip(files, preview_tables(files, 7), strict=True):
        expected = preview_table(file.path, rows=7)
        assert not isinstance(seen, Exception) and (seen.rows, seen.exact) == (expected.rows, expected.exact)
        same(seen.table, expected.table)


def test_the_first_file_that_cannot_be_read_is_named(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder(tmp_path)
    for k in (3, 7):
        Path(files[k].path).write_text("track,t,x,x\n")
    with pytest.raises(DataError, match=r"3\.csv") as alone:
        read_table(files[3].path)
    with pytest.raises(DataError) as caught:
        read_tables(files, Control())
    assert type(caught.value) is type(alone.value) and str(caught.value) == str(alone.value)
    told = read_or_told(files, Control(), told=(DataError,))
    assert [isinstance(one, DataError) for one in told] == [k in (3, 7) for k in range(FILES)]
    seen = preview_tables(files, 7)
    assert [isinstance(one, DataError) for one in seen] == [k in (3, 7) for k in range(FILES)]
    os.remove(files[1].path)
    with pytest.raises((DataError, FileNotFoundError), match=r"1\.csv"):
        read_tables(files, Control())


def test_workers_heed_the_limits_of_who_asks_and_their_errors_come_as_they_are(two: Engine, tmp_path: Path,
                                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder(tmp_path)
    with use("threads"), monkeypatch.context() as limited:
        limited.setenv("MOTIVE_LIMITS", "columns=3")
        with pytest.raises(TooLarge) as here:
            read_tables(files, Control())
        with two.again(), pytest.raises(TooLarge) as there:
            read_tables(files, Control())
    with two.again():
        assert len(read_tables(files, Control())) == FILES  # the workers have not kept them
    assert there.value.__dict__ == here.value.__dict__ and there.value.args == here.value.args


def test_an_error_that_does_not_name_its_file_is_given_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> pd.DataFrame:
        raise DataError("A cell is wrong.", "Mend it.")

    monkeypatch.setattr("irlcore.tracks.many_tables.read_table", refuse)
    with use("threads"), pytest.raises(DataError) as caught:
        read_tables(folder(tmp_path), Control())
    assert (caught.value.what, caught.value.fix) == ("0.csv: A cell is wrong.", "Mend it.")
    assert str(caught.value) == "0.csv: A cell is wrong. Mend it."


@pytest.mark.parametrize("there", ["missing", "another"])
def test_what_workers_do_not_see_as_here_is_read_here_and_that_is_said(there: str, two: Engine, tmp_path: Path) -> None:
    files, other = folder(tmp_path), tmp_path / "another.csv"
    if there == "another":
        other.write_text("track,t,x,y,by\nfoe,1,2,3,car\n")
    files[2] = OnDisk(files[2].path, os.getpid(), str(other))
    with two.again():
        tables, seen = read_tables(files, Control()), preview_tables(files, 7)
    for k, (file, found) in enumerate(zip(files, tables, strict=True)):
        expected = read_table(file.path)
        pd.testing.assert_frame_equal(found, expected)
        said = ["Read here, since workers elsewhere do not see it as here: 2.csv."] if k == 2 else []
        assert found.attrs.get("said", []) == [*expected.attrs.get("said", []), *said]
    assert not isinstance(seen[2], Exception)
    pd.testing.assert_frame_equal(seen[2].table, preview_table(files[2].path, rows=7).table)


def test_uploads_stay_here(two: Engine, tmp_path: Path) -> None:
    files = [OnDisk(file.path, file.asker, str(tmp_path / "nowhere"), here=True) for file in folder(tmp_path)]
    sent = two.bytes_sent
    with two.again():
        assert len(read_tables(files, Control())) == FILES
    assert two.bytes_sent == sent


def test_a_stop_is_heeded(engine: Engine, tmp_path: Path) -> None:
    watch = Control(lambda done, total, message: watch.cancel.set() if done == 2 else None)
    with pytest.raises(Cancelled):
        read_tables(folder(tmp_path), watch)


def test_few_files_tell_how_far_each_is(tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    read_tables(folder(tmp_path)[:MANY - 1], Control(lambda *said: heard.append(said)))
    assert (0, MANY - 1, "0.csv") in heard and (MANY - 2, MANY - 1, f"{MANY - 2}.csv") in heard
