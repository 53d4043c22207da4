"""``motive watch``: new files once, changed ones again, half ones later, and its exit codes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from irlcore.cli.watching import Seen, looked
from irlcore.project.project_file import save_project
from irlcore.project.samples import FOLDER, sample_project
from tests.cli.town import TOWN, as_json, lines_of, ran, town_file

pytestmark = pytest.mark.kernels
PLANTED = {"commuter-180", "commuter-161"}  # odd ones, by sample_data/town/labels.csv
ONCE = ("--once", "--settle", "0", "--rate", "0.2")


def trips(*ids: str) -> str:
    table = pd.read_csv(TOWN / "paths.csv")
    return str(table[table["track"].isin(ids)].to_csv(index=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "in"
    found.mkdir()
    return found


def test_a_new_file_is_judged_once_and_again_when_it_has_changed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("watch", folder, "--project", town_file(tmp_path), *ONCE, "--state", tmp_path / "state.json")
    (folder / "monday.csv").write_text(trips("commuter-180", "commuter-170"))
    code, out, _ = ran(capsys, *asked)
    assert code == 1 and [one["track"] for one in lines_of(out)] == ["commuter-180"]
    assert lines_of(out)[0]["file"] == "monday.csv" and lines_of(out)[0]["reasons"]
    assert ran(capsys, *asked)[:2] == (0, "")
    (folder / "monday.csv").write_text(trips("commuter-180", "commuter-170", "commuter-161"))
    code, out, _ = ran(capsys, *asked)
    assert code == 1 and [one["track"] for one in lines_of(out)] == ["commuter-161"]


@pytest.mark.parametrize(("sample", "file"), [("town", "paths.csv"), ("anchorage", "points.csv"), ("tickets", "log.csv")])
def test_a_file_of_all_reviewed_tracks_is_flagged_as_the_review_flags_them(
        sample: str, file: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "fitted.motive"
    control = ("--control", "share_of_normal", "--rate", 0.1)
    model = () if sample == "tickets" else ("--model", "maxent")
    data = FOLDER / sample / file if sample == "tickets" else FOLDER / sample  # labels beside a log would be taken for its classes
    assert ran(capsys, "fit", data, *model, "--save", project)[0] == 0
    _, told, _ = as_json(capsys, "review", project, *control)
    table = pd.read_csv(FOLDER / sample / file, dtype=str)
    table[table["period"] != "reference"].to_csv(folder / "new.csv", index=False)
    code, out, _ = ran(capsys, "watch", folder, "--project", project, "--once", "--settle", "0", *control)
    assert told["flagged"] and code == 1
    assert [(one["track"], one["p"]) for one in lines_of(out)] == [(one["track"], one["p"]) for one in told["flagged"]]


def test_lines_are_appended_where_that_is_asked_for(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "flags.jsonl"
    log.write_text('{"track": "before"}\n')
    (folder / "a.csv").write_text(trips("commuter-180"))
    code, out, err = ran(capsys, "watch", folder, "--project", town_file(tmp_path), *ONCE, "--log", log, "--quiet")
    assert (code, out, err) == (1, "", "") and [one["track"] for one in lines_of(log.read_text())] == ["before", "commuter-180"]


def test_ordinary_tracks_are_0_and_what_cannot_be_read_is_2(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("watch", folder, "--project", town_file(tmp_path), *ONCE)
    assert ran(capsys, *asked)[0] == 0  # nothing there
    (folder / "notes.txt").write_text("day,weather\n1,rain\n2,sun\n")
    (folder / "a.csv").write_text(trips("commuter-170"))
    code, out, err = ran(capsys, *asked)
    assert (code, out) == (0, "") and "notes.txt holds no tracks" in err
    (folder / "half.csv").write_text("track,path\n")
    (folder / "empty.csv").write_text("")
    (folder / "torn.parquet").write_bytes(b"PAR1\0\0")
    code, out, err = ran(capsys, *asked)
    assert code == 2 and all(f"{name} is not judged" in err for name in ("half.csv", "empty.csv", "torn.parquet"))
    (folder / "b.csv").write_text(trips("commuter-180"))
    code, out, err = ran(capsys, *asked)
    assert code == 1 and "half.csv is not judged" in err and [one["track"] for one in lines_of(out)] == ["commuter-180"]


def test_a_track_that_is_called_as_a_known_one_is_another(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = trips("commuter-180").replace("commuter-180", "commuter-001")  # of the reference
    (folder / "a.csv").write_text(odd)
    code, out, _ = ran(capsys, "watch", folder, "--project", town_file(tmp_path), *ONCE)
    assert code == 1 and [one["track"] for one in lines_of(out)] == ["commuter-001"]


def test_a_file_that_is_still_being_written_waits(folder: Path) -> None:
    file = folder / "a.csv"
    file.write_text("track,path\n")
    assert looked(folder, Seen(), 60.0) == ([], True)
    os.utime(file, (time.time() - 100.0, time.time() - 100.0))
    ready, waiting = looked(folder, Seen(), 60.0)
    assert [one.name for one, _ in ready] == ["a.csv"] and not waiting
    assert looked(folder, Seen({"a.csv": ready[0][1]}), 60.0) == ([], False)


def test_it_goes_on_until_it_is_stopped(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    from irlcore.cli import watching

    rounds: list[int] = []
    real = watching.looked

    def counted(*asked: object) -> object:
        rounds.append(1)
        if len(rounds) == 2:
            (folder / "later.csv").write_text(trips("commuter-180"))
            os.utime(folder / "later.csv", (1e9, 1e9))
        if len(rounds) == 4:
            import signal

            signal.raise_signal(signal.SIGINT)
        return real(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "looked", counted)
    assert threading.current_thread() is threading.main_thread()
    code, out, err = ran(capsys, "watch", folder, "--project", town_file(tmp_path), "--interval", "0.01", "--rate", "0.2")
    assert code == 130 and [one["track"] for one in lines_of(out)] == ["commuter-180"] and "Cancelled." in err


@pytest.mark.parametrize(("asked", "what"), [
    (["nowhere", "--project", "town.motive"], "There is no folder"),
    ([".", "--project", "nowhere.motive"], "nowhere.motive cannot be opened"),
    ([".", "--project", "unfitted.motive"], "has no fit"), ([".", "--project", "town.motive", "--interval", "0"], "--interval above 0"),
    ([".", "--project", "town.motive", "--once", "--state", "town.motive"], "not what motive watch has written")])
def test_what_cannot_be_watched_is_2(asked: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    town_file(tmp_path)
    (tmp_path / "unfitted.motive").write_bytes(save_project(sample_project("town")))
    code, out, err = ran(capsys, "watch", *asked)
    assert (code, out) == (2, "") and what in err
