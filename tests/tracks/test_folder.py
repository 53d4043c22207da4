"""A folder of tables: who may read which, found by ending, told apart by columns, joined where one kind lies in several files."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.tracks import folder as folders
from irlcore.tracks.folder import MOST_FILES, Allowed, allowed, refusal, table_files
from irlcore.tracks.readers import read_table

POINTS = "track,t,x,y\na,0,1,2\na,1,2,2\n"
SECRET = "root,x\nhash,1\n"
LOCAL = Allowed(anywhere=True)


def filled(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def names(folder: str | Path, may: Allowed) -> list[str]:
    return [one.name for one in table_files(folder, may)[0]]


def rooted(*roots: Path) -> Allowed:
    return allowed(True, os.pathsep.join(map(str, roots)))


def test_every_table_of_a_folder_is_read_and_nothing_else(tmp_path: Path) -> None:
    filled(tmp_path, a__csv=POINTS, b__tsv=POINTS.replace(",", "\t"), c__txt=POINTS.replace(",", "|"), D__CSV=POINTS,
           notes__md="# notes", zones__svg="<svg/>")
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(POINTS.encode()))
    pd.read_csv(tmp_path / "a.csv").to_parquet(tmp_path / "f.parquet")
    (tmp_path / "g.csv").mkdir()
    found, left_out = table_files(tmp_path, LOCAL)
    assert [one.name for one in found] == ["D.CSV", "a.csv", "b.tsv", "c.txt", "e.csv.gz", "f.parquet"] and not left_out
    first = read_table(tmp_path / "a.csv")
    for one in found:
        with one.open() as file:
            pd.testing.assert_frame_equal(read_table(file, one.name), first)


def test_a_home_folder_may_be_written_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    filled(tmp_path / "march", a__csv=POINTS)
    assert names("~/march", LOCAL) == ["a.csv"]
    assert allowed(False, "~/march").roots == (Path(os.path.realpath(tmp_path / "march")),)


@pytest.mark.parametrize(("local", "roots", "expected"), [
    (True, "", Allowed(anywhere=True)), (False, "", Allowed()), (False, f" {os.pathsep} ", Allowed()),
    (True, "/", Allowed((Path("/"),))), (False, f"/{os.pathsep}/", Allowed((Path("/"), Path("/"))))])
def test_who_may_read_what(local: bool, roots: str, expected: Allowed) -> None:
    """Nobody from elsewhere reads anything that is not named; named roots hold for who sits at the server too."""
    assert allowed(local, roots) == expected
    assert bool(expected) == (local or bool(expected.roots))


def test_a_server_for_others_reads_no_folder_at_all(tmp_path: Path) -> None:
    filled(tmp_path, a__csv=POINTS)
    with pytest.raises(DataError) as caught:
        table_files(tmp_path, Allowed())
    assert caught.value.what == "That folder cannot be read here."


def test_only_what_lies_within_a_root_is_read_and_every_refusal_has_the_same_words(tmp_path: Path) -> None:
    """They must not tell which folders exist: missing, outside, forbidden, a file, a link out, by '..', and what is no path at all."""
    inside, outside = filled(tmp_path / "root" / "march", a__csv=POINTS).parent, filled(tmp_path / "other", a__csv=SECRET)
    filled(tmp_path / "root2", a__csv=SECRET)
    shut = filled(inside / "shut", a__csv=POINTS)
    (inside / "out").symlink_to(outside)
    (inside / "up").symlink_to("..")
    may = rooted(inside)
    assert names(inside / "march", may) == names(inside / "out" / ".." / "root" / "march", may) == ["a.csv"]
    refused = [outside, tmp_path, tmp_path / "root2", "/nowhere/at/all", inside / "nothing", inside / ".." / "other", inside / "out",
               inside / "up" / "other", inside / "march" / "a.csv", "relative", "", "\0", "~nobody-of-that-name/x", "a" * 5000]
    if os.geteuid():
        shut.chmod(0)
        refused.append(shut)
    said = set()
    for path in refused:
        with pytest.raises(DataError) as caught:
            table_files(path, may)
        said.add((caught.value.what, caught.value.fix))
    assert said == {(refusal(may).what, refusal(may).fix)}
    assert str(inside) in refusal(may).fix and "other" not in refusal(may).fix


@pytest.mark.parametrize("by_root", [False, True], ids=["local", "within a root"])
def test_no_link_leads_out_and_nothing_but_ordinary_files_is_read(by_root: bool, tmp_path: Path) -> None:
    """A link to a password file was shown on the page."""
    secret = filled(tmp_path / "other", secret__csv=SECRET) / "secret.csv"
    here = filled(tmp_path / "root" / "march", a__csv=POINTS)
    (here / "x.csv").symlink_to(secret)
    (here / "y.csv").symlink_to("../../other/secret.csv")
    (here / "nothing.csv").symlink_to("/nowhere/at/all.csv")
    (here / "device.csv").symlink_to("/dev/zero")
    (here / "loop.csv").symlink_to("loop.csv")
    (here / "latest.csv").symlink_to("a.csv")
    os.mkfifo(here / "pipe.csv")
    found, left_out = table_files(here, rooted(tmp_path / "root") if by_root else LOCAL)
    assert [one.name for one in found] == ["a.csv", "latest.csv"]
    assert left_out == ["device.csv", "loop.csv", "nothing.csv", "pipe.csv", "x.csv", "y.csv"]
    for one in found:
        with one.open() as file:
            assert file.read() == POINTS.encode()


def test_a_link_to_elsewhere_within_the_root_is_followed(tmp_path: Path) -> None:
    here = filled(tmp_path / "march")
    filled(tmp_path / "all", a__csv=POINTS)
    (here / "a.csv").symlink_to("../all/a.csv")
    assert names(here, rooted(tmp_path)) == ["a.csv"]
    with pytest.raises(DataError, match="Links that lead out of it are not followed"):
        table_files(here, rooted(here))


def test_what_is_swapped_for_a_link_after_it_was_listed_is_not_read(tmp_path: Path) -> None:
    secret = filled(tmp_path / "other", a__csv=SECRET)
    here = filled(tmp_path / "root" / "march", a__csv=POINTS)
    (one,), _ = table_files(here, rooted(tmp_path / "root"))
    (here / "a.csv").unlink()
    (here / "a.csv").symlink_to(secret / "a.csv")
    with pytest.raises(DataError, match=r"a\.csv is no longer there"):
        one.open()
    (here / "a.csv").unlink()
    here.rmdir()
    here.symlink_to(secret)
    with pytest.raises(DataError, match="That folder cannot be read here"):
        one.open()


def test_no_race_of_links_shows_what_lies_outside(tmp_path: Path) -> None:
    """A folder on the way and the file are swapped for links out and back, again and again, while it is read. Each reading either shows
    what is within or is refused; what lies outside is never shown, so the test cannot fail by chance. The first reading is before the
    race, since it may be that none in it succeeds."""
    secret = filled(tmp_path / "other" / "march", a__csv=SECRET).parent
    root = filled(tmp_path / "root" / "deep" / "march", a__csv=POINTS).parents[1]
    done, seen = threading.Event(), list[bytes]()

    def look() -> None:
        for one in table_files(root / "deep" / "march", rooted(root))[0]:
            with one.open() as file:
                seen.append(file.read())

    def swap() -> None:
        while not done.is_set():
            os.rename(root / "deep", root / "away")
            os.symlink(secret, root / "deep")
            os.unlink(root / "deep")
            os.rename(root / "away", root / "deep")

    look()
    assert seen == [POINTS.encode()]
    swapping = threading.Thread(target=swap)
    swapping.start()
    until = time.monotonic() + 2.0
    try:
        while time.monotonic() < until:
            with contextlib.suppress(DataError):
                look()
    finally:
        done.set()
        swapping.join()
    assert set(seen) == {POINTS.encode()}


@pytest.mark.parametrize("kind", ["empty", "too full", "too large", "too long to look through"])
def test_a_folder_with_nothing_or_too_much_is_refused_in_words(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range({"empty": 0, "too full": MOST_FILES + 1, "too large": 3}.get(kind, 5)):
        (tmp_path / f"{i}.csv").write_text(POINTS)
    if kind == "too long to look through":
        monkeypatch.setattr(folders, "MOST_ENTRIES", 5)
        assert len(names(tmp_path, LOCAL)) == 5
        monkeypatch.setattr(folders, "MOST_ENTRIES", 4)
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={2 * len(POINTS)}")
    with pytest.raises(TooLarge if kind == "too large" else DataError) as caught:
        table_files(tmp_path, LOCAL)
    told = {"empty": "no CSV", "too full": f"{MOST_FILES + 1} tables", "too large": "bytes together"}.get(kind, "more than 4 files")
    assert told in caught.value.what
    assert caught.value.fix


def test_a_system_that_cannot_open_from_an_open_folder_reads_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "BY_PARTS", False)
    assert not allowed(True, "") and not allowed(True, str(tmp_path))


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_left_out(tmp_path: Path) -> None:
    """No page can name it: the whole form of import failed."""
    filled(tmp_path, a__csv=POINTS)
    (tmp_path / os.fsdecode(b"b\xff.csv")).write_text(POINTS)
    tables, left_out = table_files(tmp_path, LOCAL)
    assert [one.name for one in tables] == ["a.csv"] and left_out == [os.fsdecode(b"b\xff.csv")]


def test_a_root_that_cannot_be_is_no_root_and_opens_nothing_else(tmp_path: Path) -> None:
    assert not allowed(True, "~nobody-of-this-name/x")
    assert allowed(True, os.pathsep.join(["~nobody-of-this-name", str(tmp_path)])).roots == (tmp_path.resolve(),)
