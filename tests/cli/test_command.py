"""The command itself: bad input is 2 and one sentence, Ctrl+C is 130, and it says everything in the letters of any console."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from irlcore import engine
from irlcore.cli import command, fitting
from irlcore.cli.voice import Voice, table_lines
from irlcore.project.samples import FOLDER
from tests.cli.town import as_json, ran, town_file

ROOT = FOLDER.parent
BAD = {
    "no file": (["fit", "nowhere"], "There is no nowhere"), "nothing named": (["fit"], "Name a folder, files, or a project file"),
    "an empty folder": (["fit", "empty"], "holds no table"), "an empty file": (["fit", "empty.csv"], "empty.csv is empty"),
    "a head alone": (["fit", "head.csv"], "no rows"), "no tracks": (["fit", "weather.csv"], "No file here holds tracks"),
    "no project": (["fit", "none.motive"], "project"), "no settings": (["fit", "weather.csv", "--settings", "none.toml"], "none.toml"),
    "misspelt": (["fit", "weather.csv", "--settings", "misspelt.toml"], 'misspelt.toml, line 2: fit.modle is no setting that Motive knows. '
                                                                        'Did you mean "model"?'),
    "no text": (["fit", "weather.csv", "--settings", "empty.motive"], "is no text in UTF-8"),
    "which day": (["fit", "days.csv"], "under [reading] of a settings file: time = "),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name, text in (("empty.csv", ""), ("head.csv", "track,t,x,y\n"), ("weather.csv", "day,rain\n1,2\n3,4\n"), ("none.motive", "no"),
                       ("misspelt.toml", "[fit]\nmodle = \"maxent\"\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "empty.motive").write_bytes(b"\xff\xfe\x00\x81")
    rows = [f"v{k},0{1 + k % 5}/0{2 + k % 3}/2026 10:{m:02d},{m * 10 + k},{m * 5}" for k in range(6) for m in range(12)]
    (tmp_path / "days.csv").write_text("\n".join(["track,time,x,y", *rows]))
    return tmp_path


@pytest.mark.parametrize("name", list(BAD))
def test_bad_input_is_2_and_a_sentence_that_says_what_to_do(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked, said = BAD[name]
    code, out, err = ran(capsys, *asked)
    assert (code, out) == (2, "") and said in err and err.strip().endswith((".", "?"))
    code, told, _ = as_json(capsys, *asked)
    assert code == 2 and told["error"]["what"] and told["error"]["fix"] in err


@pytest.mark.parametrize("wrong", [[], ["serve"], ["fit", "--nothing"], ["watch", "."], ["review", "x", "--control", "none"]])
def test_what_is_no_command_is_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(wrong)
    assert refused.value.code == 2 and "usage: motive" in capsys.readouterr().err


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("app", "fit", "review", "intent", "report", "watch", "convert"):
        with pytest.raises(SystemExit) as ended:
            command.main([name, "--help"])
        assert ended.value.code == 0 and f"usage: motive {name}" in capsys.readouterr().out


def test_ctrl_c_is_130_and_leaves_nothing_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    real = fitting.fit_record

    def interrupted(*asked: Any) -> Any:
        signal.raise_signal(signal.SIGINT)  # while the work is on
        return real(*asked)

    monkeypatch.setattr(fitting, "fit_record", interrupted)
    before = signal.getsignal(signal.SIGINT)
    code, out, err = ran(capsys, "fit", town_file(tmp_path), "--save", tmp_path / "new.motive")
    assert (code, out) == (130, "") and "Cancelled." in err and not (tmp_path / "new.motive").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_work_goes_to_a_cluster_for_as_long_as_the_command_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    @contextlib.contextmanager
    def used(address: str) -> Iterator[None]:
        asked.append(address)
        yield
        asked.append("over")

    monkeypatch.setattr(engine, "use", used)
    code, out, _ = ran(capsys, "fit", town_file(tmp_path), "--cluster", "tcp://host:8786")
    assert code == 0 and out and asked == ["tcp://host:8786", "over"]


def test_a_cluster_that_cannot_be_had_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "fit", town_file(tmp_path), "--cluster", "nowhere")
    assert (code, out) == (2, "") and "nowhere" in err and "Traceback" not in err


def test_a_fault_of_ours_is_a_sentence_with_where_its_traceback_is(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "fit_record", lambda *asked: 1 // 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = ran(capsys, "fit", town_file(tmp_path))
    assert (code, out) == (2, "") and "a fault of its own here (ZeroDivisionError)" in err and "please report it" in err
    assert "Traceback" in next(tmp_path.glob("motive-fault-*.txt")).read_text("utf-8")


def test_the_app_is_handed_on_and_told_of_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
                                                                    ) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr("app.server.command.run", lambda asked: handed.append(list(asked)) or 0)
    assert command.main(["app", "--port", "9000"]) == 0 and handed == [["--port", "9000"]]
    monkeypatch.setattr(command, "APP", "app_that_is_not_there")
    code, _, err = ran(capsys, "app")
    assert code == 2 and "app_that_is_not_there is not installed" in err


def test_progress_and_the_time_left_are_for_terminals_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("irlcore.cli.voice.time.monotonic", lambda: float(next(clock)))
    for terminal, quiet, shown in ((True, False, True), (False, False, False), (True, True, False)):
        monkeypatch.setattr("irlcore.cli.voice._is_terminal", lambda stream, terminal=terminal: terminal)
        voice = Voice(quiet=quiet)
        watch = voice.doing("Fitting")
        for k in range(20):
            watch.step(k, 40, "goals")
        voice.clear()
        out, err = capsys.readouterr()
        assert out == "" and ("Fitting: 25%, about" in err and "left, goals" in err) == shown and (err != "") == shown
        assert not shown or err.endswith("\r")


def test_names_from_files_are_no_commands_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "points.csv").write_text("track,t,x,y,class\n" + "\n".join(
        f"v{k},{s},{s * 10},{(k * s) % 50},car\x1b[2J" for k in range(8) for s in range(8)), "utf-8")
    code, out, err = ran(capsys, "fit", tmp_path, "--model", "maxent")
    assert code == 0 and "car" in out and "car" in err and "\x1b" not in out + err


def test_a_table_stands_in_columns() -> None:
    assert table_lines(["a", "number"], [["left turn", "1.5"], ["u", "-20"]], right=(1,)) == [
        "a          number", "left turn     1.5", "u             -20"]


def called(*asked: object, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "irlcore.cli.command", *map(str, asked)]
    return subprocess.run(command, capture_output=True, timeout=240, env={
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "OPENBLAS_NUM_THREADS": "1"})


@pytest.mark.parametrize(("encoding", "shown"), [("cp1252", "k\u00f6p\u00fck-??"), ("ascii", "k?p?k-??")])
def test_a_console_of_few_letters_is_no_reason_to_end(encoding: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("track,t,x,y,class\n" + "\n".join(
        f"v{k},{s},{s * 10},{(k * s) % 50},k\u00f6p\u00fck-\u901a\u52e4" for k in range(8) for s in range(8)), "utf-8")
    done = called("convert", tmp_path / "points.csv", tmp_path / "\u901a.motive", encoding=encoding)
    assert done.returncode == 0 and "?.motive" in done.stdout.decode(encoding) and shown in done.stderr.decode(encoding), done.stderr
    if encoding == "ascii":
        done = called("convert", tmp_path / "points.csv", tmp_path / "\u901a.motive", "--json", encoding=encoding)
        assert done.returncode == 0 and json.loads(done.stdout)["files"] == [str(tmp_path / "\u901a.motive")]


def test_a_real_process_needs_neither_streamlit_nor_plotly(tmp_path: Path) -> None:
    program = ("import sys\nsys.modules['streamlit'] = sys.modules['plotly'] = None\nfrom irlcore.cli.command import main\n"
               f"sys.exit(main({['review', str(town_file(tmp_path)), '--json', '--rate', '0.3']!r}))")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=240,
                          env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"})
    assert done.returncode == 1 and done.stderr == b"" and json.loads(done.stdout)["flagged"], done.stderr
