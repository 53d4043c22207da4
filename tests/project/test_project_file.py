"""A project file gives back exactly what was saved, or says that it cannot; it never runs what is in it."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.hostile.packing import whole
from irlcore.analysis.ranking import review_study
from irlcore.analysis.study import fit_study
from irlcore.budget import VARIABLE
from irlcore.errors import ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.project.archive import ARRAYS, BODY
from irlcore.project.loading import with_world
from irlcore.project.project import Project, Verdict, remember
from irlcore.project.project_file import VERSION, load_project, save_project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.worlds.grid import build_grid
from irlcore.worlds.network import build_network

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]])
WALKS = {"a": "A1 B1 C1 C2", "b": "A1 A2 B2 C2", "c": "C2 B2 A2 A1", "d": "B1 B2 C2",
         "é": "C1 B1 B2 A2", "f": "A2 B2 C2"}


def on_a_grid(heading: bool = False, slip: float = 0.0) -> Project:
    """Six walks on a grid of 3 x 3 cells (columns A to C, rows 1 to 3), a fit, verdicts, a zone, a spot and a note."""
    rows = [(track, float(t), "ABC".index(cell[0]) + 0.5, int(cell[1]) - 0.5, "van" if track == "f" else "")
            for track, cells in WALKS.items() for t, cell in enumerate(cells.split())]
    table = pd.DataFrame([*rows, ("g", 0.0, 1.0, 1.0, "")], columns=["track", "t", "x", "y", "kind"])
    world = build_grid(0.0, 0.0, 3.0, 3.0, 1.0, "km", heading=heading, slip=slip)
    imported = read_points(table, guess_columns(table, "points"), "km")
    made = with_world(Project(name="Hafen 港 <b>", notes="first\nlook"), imported, world)
    specs = (FeatureSpec("step", "step", {}, "negative", reason="fuel"),
             FeatureSpec("harbour", "zone", {"zone": "quay"}, enabled=False))
    made = replace(made, features=specs, zones={"quay": SQUARE}, spots={"light": np.array([1.5, 2.5])}, class_column="")
    made = fit_study(made, "maxent", 0.95 if slip else 1.0)
    verdict = Verdict("misunderstood", "short cut", "2024-03-01T12:00:00+00:00")
    return remember(replace(made, verdicts={"a": verdict}), "Verdict on a")


def on_a_network() -> Project:
    """Three paths on a triangle of links with a text attribute, no coordinates, and one path that was dropped."""
    links = pd.DataFrame({"link": ["x", "y", "z"], "u": [0, 1, 2], "v": [1, 2, 0], "length": [1.0, 2.0, 3.0],
                          "road": [None, "way", "way"]})
    table = pd.DataFrame({"track": [1, 2, 3, 4], "path": ["x y", "y z", "x y z", "x z"],
                          "kind": ["bus", None, "car", "car"]})
    return with_world(Project(), read_paths(table, guess_columns(table, "paths")), build_network(links))


PROJECTS = {"new": Project, "grid": on_a_grid, "grid with heading and slip": lambda: on_a_grid(True, 0.2),
            "network": on_a_network}


def differences(a: Any, b: Any, where: str = "project") -> list[str]:
    """Where two values differ in kind or content; NaN equals NaN, caches do not count."""
    if is_dataclass(a) and type(a) is type(b):
        parts = [(getattr(a, f.name), getattr(b, f.name), f"{where}.{f.name}") for f in fields(a) if f.compare]
        return [difference for part in parts for difference in differences(*part)]
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        return [d for key in a for d in differences(a[key], b[key], f"{where}[{key!r}]")]
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b, strict=True)) for d in differences(x, y, f"{where}[{i}]")]
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        equal = np.array_equal(a, b, equal_nan=a.dtype.kind == "f") and a.dtype == b.dtype
        return [] if equal else [where]
    if isinstance(a, pd.DataFrame) and isinstance(b, pd.DataFrame):
        return [] if a.equals(b) and (a.dtypes == b.dtypes).all() else [where]
    same_number = isinstance(a, float) and isinstance(b, float) and (a == b or (a != a and b != b))
    return [] if same_number or (type(a) is type(b) and a == b) else [where]


@pytest.mark.parametrize("kind", PROJECTS)
def test_a_project_reopens_as_it_was_saved(kind: str) -> None:
    project = PROJECTS[kind]()
    loaded = load_project(save_project(project))
    assert differences(project, loaded) == []
    assert differences(loaded, load_project(save_project(loaded))) == []


def test_the_comparison_sees_a_small_change() -> None:
    project = on_a_grid()
    assert project.world is not None
    other = replace(project, world=replace(project.world, choice_length=project.world.choice_length * (1.0 + 1e-15)))
    assert differences(project, other) == ["project.world.choice_length"]
    verdict = replace(project.verdicts["a"], reason="long cut")
    assert differences(project, replace(project, verdicts={"a": verdict})) == ["project.verdicts['a'].reason"]


def test_a_reopened_project_can_be_reviewed_and_fitted_again() -> None:
    project = on_a_grid()
    loaded = load_project(save_project(project))
    control = FalseAlarmControl("strangest", 0.5)
    before, after = review_study(project, control), review_study(loaded, control)
    np.testing.assert_array_equal(before.scores.surprise, after.scores.surprise)
    np.testing.assert_array_equal(before.order, after.order)
    assert project.fit is not None
    again = fit_study(loaded, project.fit.result.rationality)
    assert again.fit is not None
    np.testing.assert_array_equal(again.fit.result.theta, project.fit.result.theta)
    assert again.fit.result.data_hash == project.fit.result.data_hash


@pytest.fixture(scope="module")
def saved() -> bytes:
    return save_project(on_a_grid())


def test_the_body_is_json_that_any_reader_takes(saved: bytes) -> None:
    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    with zipfile.ZipFile(io.BytesIO(saved)) as file:
        text = file.read("project.json").decode()
    assert '"nan"' in text
    json.loads(text, parse_constant=no_constant)


def refused(data: bytes) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        load_project(data)
    assert caught.value.what
    assert caught.value.fix
    return caught.value


def test_a_flipped_byte_is_either_noticed_or_harmless(saved: bytes) -> None:
    project, noticed = load_project(saved), 0
    for at in np.linspace(0, len(saved) - 1, 150).astype(int):
        data = bytearray(saved)
        data[at] ^= 0xFF
        try:
            assert differences(project, load_project(bytes(data))) == []
        except ProjectError as error:
            assert error.what
            assert error.fix
            noticed += 1
    assert noticed > 120


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(share: float, saved: bytes) -> None:
    refused(saved[:int(share * len(saved))])


def rebuilt(saved: bytes, change: dict[str, Any] | None = None, body: bytes | None = None,
            arrays: bytes | None = None) -> bytes:
    """The same file with other entries in its body, another body or other arrays, and the digest of these."""
    with zipfile.ZipFile(io.BytesIO(saved)) as old:
        own = json.dumps(json.loads(old.read(BODY)) | (change or {})).encode()
        return whole(own if body is None else body, old.read(ARRAYS) if arrays is None else arrays)


def test_rebuilding_without_a_change_still_opens(saved: bytes) -> None:
    assert differences(load_project(saved), load_project(rebuilt(saved))) == []


def test_a_newer_project_says_which_version_it_needs(saved: bytes) -> None:
    error = refused(rebuilt(saved, {"version": VERSION + 1}))
    assert str(VERSION + 1) in error.what
    assert "newer" in error.what


FOREIGN: dict[str, dict[str, Any]] = {
    "another tool's": {"format": "spreadsheet"},
    "no version": {"version": None},
    "version in words": {"version": "one"},
    "a list for a project": {"project": []},
    "a number for a project": {"project": 7},
    "another kind than a project": {"project": {"kind": "HistoryStep", "fields": {"made": "now", "what": "x"}}},
    "a kind there is not": {"project": {"kind": "Popen", "fields": {"args": "true"}}},
    "a field there is not": {"project": {"kind": "Project", "fields": {"colour": "red"}}},
    "an array there is not": {"project": {"kind": "Project", "fields": {"name": {"array": "a999", "text": False}}}},
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_body_is_refused(kind: str, saved: bytes) -> None:
    refused(rebuilt(saved, FOREIGN[kind]))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"format": "motive-project"}',
                                  b"[" * 100_000], ids=range(7))
def test_a_body_that_is_no_project_is_refused(body: bytes, saved: bytes) -> None:
    refused(rebuilt(saved, body=body))


def test_files_of_other_kinds_are_refused() -> None:
    foreign = io.BytesIO()
    with zipfile.ZipFile(foreign, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    for data in (b"", b"track,x\na,1\n", foreign.getvalue(), pickle.dumps({"format": "motive-project"})):
        refused(data)


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, where: Path) -> None:
        self.where = where

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.write_text, (self.where, "boom"))


def test_pickled_arrays_are_refused_unopened(saved: bytes, tmp_path: Path) -> None:
    where = tmp_path / "boom.txt"
    packed = io.BytesIO()
    np.savez(packed, **{f"a{i}": np.array([Bomb(where)], dtype=object) for i in range(60)})
    refused(rebuilt(saved, arrays=packed.getvalue()))
    refused(rebuilt(saved, arrays=pickle.dumps(Bomb(where))))
    assert not where.exists()
    np.load(io.BytesIO(packed.getvalue()), allow_pickle=True)["a0"]
    assert where.exists()


def test_a_file_that_would_unpack_beyond_the_limit_is_refused(saved: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "unpacked=1000")
    assert VARIABLE in refused(saved).fix
