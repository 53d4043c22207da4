"""States on disk: each under a number of its own, whole or not there, for its user alone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app.store import files, store
from app.store.recent import LABEL, label, recent
from app.store.store import MOST_VERSIONS, Taken, highest, load_newest, load_version, new_key, remove, save_version
from irlcore.errors import ProjectError
from irlcore.project.project_file import save_project
from tests.app.store.projects import ANN, BOB, KEY, project, state_of, step


@pytest.fixture(scope="module")
def data() -> dict[int, bytes]:
    first = project()
    return {n: save_project(step(first, n)) for n in range(1, 16)}


def saved(data: dict[int, bytes], last: int, who: str = ANN, first: int = 1) -> None:
    for n in range(first, last + 1):
        save_version(who, KEY, n, data[n])


def test_a_state_comes_back_and_the_last_ten_stay(data: dict[int, bytes], home: Path) -> None:
    saved(data, 13)
    kept = load_newest(ANN, KEY)
    assert (kept.n, kept.version, state_of(kept.project)) == (13, 13, 13)
    assert kept.earlier == tuple(range(12, 3, -1)) and len(kept.earlier) + 1 == MOST_VERSIONS
    earlier = load_version(ANN, KEY, 7)
    assert earlier is not None and state_of(earlier) == 7
    assert load_version(ANN, KEY, 3) is None
    assert len(os.listdir(home / "projects" / ANN / KEY)) == MOST_VERSIONS


def test_a_number_is_given_once_and_no_state_is_overwritten(data: dict[int, bytes]) -> None:
    saved(data, 3)
    for n in (1, 2, 3, 5, 9):
        with pytest.raises(Taken):
            save_version(ANN, KEY, n, data[12])
    assert state_of(load_newest(ANN, KEY).project) == 3


def test_a_number_that_is_free_only_because_it_is_too_old_is_taken(data: dict[int, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that stood at state 1 and looked just before another one went on to 14: state 2 is long gone, its number is not free."""
    saved(data, 1)
    link = files.name_exclusively

    def late(*args: Path | bytes) -> None:
        monkeypatch.setattr(store, "name_exclusively", link)
        saved(data, 14, first=2)
        link(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "name_exclusively", late)
    with pytest.raises(Taken):
        save_version(ANN, KEY, 2, data[2])
    kept = load_newest(ANN, KEY)
    assert kept.n == 14 and 2 not in kept.earlier


def test_two_that_write_the_same_number_at_the_same_moment_both_end_and_one_alone_has_it(data: dict[int, bytes],
                                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    saved(data, 1)
    write = files.write_new

    def meanwhile(path: Path, what: bytes) -> None:
        write(path, what)
        monkeypatch.setattr(store, "write_new", write)
        save_version(ANN, KEY, 2, data[7])

    monkeypatch.setattr(store, "write_new", meanwhile)
    with pytest.raises(Taken):
        save_version(ANN, KEY, 2, data[2])
    assert state_of(load_newest(ANN, KEY).project) == 7


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), FileNotFoundError(errno.ENOENT, "removed in another tab")])
def test_a_project_that_cannot_be_looked_into_hides_no_other(data: dict[int, bytes], monkeypatch: pytest.MonkeyPatch,
                                                             error: OSError) -> None:
    saved(data, 1)
    save_version(ANN, "f" * 16, 1, data[1])

    def looked_into(visitor: str, key: str) -> int:
        if key == KEY:
            raise error
        return highest(visitor, key)

    monkeypatch.setattr("app.store.recent.highest", looked_into)
    assert [one.key for one in recent(ANN)] == ["f" * 16]


@pytest.mark.parametrize("harm", [lambda d: d[:len(d) // 2], lambda d: b"", lambda d: b"\0" * len(d), lambda d: d[:40] + b"x" + d[41:],
                                  lambda d: d[:-30]], ids=["half", "empty", "zeros", "a byte", "no end"])
def test_a_damaged_newest_state_is_passed_over_and_never_overwritten(data: dict[int, bytes], home: Path,
                                                                   harm: Callable[[bytes], bytes]) -> None:
    saved(data, 5)
    path = home / "projects" / ANN / KEY / "5.motive"
    path.write_bytes(broken := harm(data[5]))
    kept = load_newest(ANN, KEY)
    assert (kept.n, kept.version, state_of(kept.project)) == (5, 4, 4)
    save_version(ANN, KEY, 6, data[6])  # the next one goes on after it
    assert path.read_bytes() == broken and load_newest(ANN, KEY).version == 6


def test_where_every_state_is_damaged_that_is_said(data: dict[int, bytes], home: Path) -> None:
    saved(data, 2)
    for n in (1, 2):
        (home / "projects" / ANN / KEY / f"{n}.motive").write_bytes(b"no")
    with pytest.raises(ProjectError, match="None of the 2 saved states"):
        load_newest(ANN, KEY)


def test_no_clock_is_asked(data: dict[int, bytes], home: Path) -> None:
    """The clock is set back with each state; mtimes run against the numbers."""
    for n in range(1, 6):
        save_version(ANN, KEY, n, data[n])
        os.utime(home / "projects" / ANN / KEY / f"{n}.motive", (1e9 - n * 1e6,) * 2)
    assert state_of(load_newest(ANN, KEY).project) == 5


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277])
def test_folders_and_files_are_for_their_user_alone_whatever_the_umask(data: dict[int, bytes], home: Path, mask: int) -> None:
    former = os.umask(mask)
    try:
        home.mkdir(mode=0o700)
        home.chmod(0o700)
        saved(data, 2)
        label(ANN, KEY, project())
    finally:
        os.umask(former)
    for path in (home / "projects").rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode & 0o077 == 0 and (mode == 0o700 or not path.is_dir()), path
    assert stat.S_IMODE((home / "projects").stat().st_mode) == 0o700


def test_a_folder_that_others_could_enter_is_closed(data: dict[int, bytes], home: Path) -> None:
    (home / "projects" / ANN).mkdir(parents=True)
    for one in (home / "projects", home / "projects" / ANN):
        one.chmod(0o755)
    saved(data, 1)
    assert {stat.S_IMODE(one.stat().st_mode) for one in (home / "projects", home / "projects" / ANN)} == {0o700}


@pytest.mark.parametrize("who", [BOB, "", "..", "A" * 32, f"{ANN}/../{ANN}", "a" * 31])
@pytest.mark.parametrize("key", [KEY, "0" * 16, "..", "../" + ANN + "/" + KEY, "", "x"])
def test_what_is_anothers_is_as_if_it_were_not_there(data: dict[int, bytes], who: str, key: str) -> None:
    """The same words for a key that another visitor has and for one that nobody has."""
    saved(data, 2)
    with pytest.raises(ProjectError) as told:
        load_newest(who, key)
    assert told.value.what == "The project of this address is not here."
    assert recent(who) == []


def test_links_are_not_followed(data: dict[int, bytes], home: Path, tmp_path: Path) -> None:
    """Neither in place of a state, of a label, of a project, of a visitor, nor of all of them."""
    saved(data, 2)
    folder = home / "projects" / ANN / KEY
    secret = tmp_path / "secret.motive"
    secret.write_bytes(data[9])
    (folder / "3.motive").symlink_to(secret)
    (tmp_path / "label.json").write_text('{"name": "theirs", "saved": "2020-01-01"}')
    (folder / LABEL).unlink(missing_ok=True)
    (folder / LABEL).symlink_to(tmp_path / "label.json")
    kept = load_newest(ANN, KEY)
    assert (kept.n, kept.version, state_of(kept.project)) == (3, 2, 2)
    assert recent(ANN)[0].name != "theirs"
    label(ANN, KEY, project(name="mine"))
    assert recent(ANN)[0].name == "mine" and "theirs" in (tmp_path / "label.json").read_text()
    with pytest.raises(Taken):
        save_version(ANN, KEY, 3, data[4])
    assert secret.read_bytes() == data[9]

    (home / "projects" / BOB).symlink_to(home / "projects" / ANN)
    assert highest(BOB, KEY) == 0 and recent(BOB) == []
    with pytest.raises(OSError, match="in its place"):
        save_version(BOB, KEY, 1, data[1])
    other = new_key()
    (home / "projects" / ANN / other).symlink_to(folder)
    assert highest(ANN, other) == 0
    remove(ANN, other)
    assert load_newest(ANN, KEY).version == 2


def test_a_pipe_in_place_of_a_state_is_not_waited_for(data: dict[int, bytes], home: Path) -> None:
    saved(data, 1)
    os.mkfifo(home / "projects" / ANN / KEY / "2.motive")
    assert load_newest(ANN, KEY).version == 1


def test_a_disk_without_links_is_served_as_well(data: dict[int, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    saved(data, 3)
    with pytest.raises(Taken):
        save_version(ANN, KEY, 3, data[9])
    assert state_of(load_newest(ANN, KEY).project) == 3


def test_what_a_dead_server_left_half_written_is_swept_up(data: dict[int, bytes], home: Path) -> None:
    saved(data, 2)
    folder = home / "projects" / ANN / KEY
    (folder / ".3-0badcafe.part").write_bytes(b"half")
    save_version(ANN, KEY, 3, data[3])
    assert sorted(os.listdir(folder)) == ["1.motive", "2.motive", "3.motive"]


def test_the_list_tells_names_and_times_and_survives_a_damaged_label(data: dict[int, bytes], home: Path) -> None:
    saved(data, 2)
    label(ANN, KEY, project(name="Harbour *at* night"))
    entry = recent(ANN)[0]
    assert (entry.key, entry.name, entry.n) == (KEY, "Harbour *at* night", 2) and entry.saved.startswith("20")
    for harm in ("", "[]", '{"name": 1}', '{"name": "a", "saved": "soon"}', "[" * 90_000, "\0", '{"name": "a", "saved": 5}'):
        (home / "projects" / ANN / KEY / LABEL).write_text(harm)
        assert recent(ANN)[0].saved.startswith("20"), harm
