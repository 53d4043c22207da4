"""``motive convert``: what is written is read back as the same tracks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from irlcore.project.project_file import load_project
from irlcore.project.samples import FOLDER
from tests.cli.town import as_json, ran


@pytest.mark.parametrize("sample", ["town", "tickets", "anchorage"])
def test_tables_are_read_back_as_the_same_tracks(sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = as_json(capsys, "convert", FOLDER / sample, tmp_path / "tables")
    assert code == 0 and told["files"] and all(Path(one).is_file() for one in told["files"])
    for source, name in ((FOLDER / sample, "first.motive"), (tmp_path / "tables", "second.motive")):
        assert as_json(capsys, "convert", source, tmp_path / name)[0] == 0
    first, second = (load_project((tmp_path / name).read_bytes()) for name in ("first.motive", "second.motive"))
    assert first.tracks is not None and second.tracks is not None
    assert list(first.tracks.ids) == list(second.tracks.ids) and np.array_equal(first.tracks.offsets, second.tracks.offsets)
    for name in ("links", "x", "y", "t"):
        if hasattr(first.tracks, name):
            assert np.array_equal(getattr(first.tracks, name), getattr(second.tracks, name))
    assert first.paths is not None and second.paths is not None and len(first.paths) == len(second.paths)
    assert first.agent_class == second.agent_class and first.reference_value == second.reference_value


def test_degrees_stay_degrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"v{k},2026-03-02T0{k % 8}:{m:02d}:00,{2.0 + 0.001 * m + 0.0001 * k},{48.0 + 0.0007 * m}" for k in range(8) for m in range(20)]
    (tmp_path / "gps.csv").write_text("\n".join(["id,time,lon,lat", *rows]))
    assert as_json(capsys, "convert", tmp_path / "gps.csv", tmp_path / "tables")[0] == 0
    table = np.loadtxt(tmp_path / "tables" / "points.csv", delimiter=",", skiprows=1, usecols=(2, 3))
    given = np.array([[float(one) for one in row.split(",")[2:]] for row in rows])
    assert np.abs(table - given).max() < 1e-9


def test_what_cannot_be_converted_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "convert", FOLDER / "town")[0] == 2
    (tmp_path / "a.csv").write_text("x\n")
    code, _, err = ran(capsys, "convert", FOLDER / "town", tmp_path / "a.csv")
    assert code == 2 and "is a file" in err


def test_tables_are_not_written_into_a_folder_called_as_one_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("out.csv", "out.GPX"):
        code, out, err = ran(capsys, "convert", FOLDER / "town", tmp_path / name)
        assert (code, out) == (2, "") and "would be one table" in err and not (tmp_path / name).exists()
