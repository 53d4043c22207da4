"""Where the files of an import come from: uploads, folders where those may be read, and several of one name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.importing import uploads
from app.server import local
from tests.app.importing.form import points, said, tracks_page
from tests.app.test_pages import opened
from tests.tracks.test_map_tables import road_parts


@pytest.mark.parametrize(("address", "variable", "alone"), [
    ("127.0.0.1", "", True), ("localhost", "", True), ("[::1]", "", True), ("", "", False), ("0.0.0.0", "", False),
    ("unix:///run/motive.sock", "", False), ("127.0.0.1", "MOTIVE_PASSWORD", False), ("127.0.0.1", "MOTIVE_BEHIND_PROXY", False)])
def test_a_server_serves_one_only_where_nobody_else_can_come(address: str, variable: str, alone: bool,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_HOSTS", "motive.example.org")
    if variable:
        monkeypatch.setenv(variable, "1" if "PROXY" in variable else "correct horse")
    monkeypatch.setattr(local.st, "get_option", {"server.address": address}.__getitem__)
    assert local.serves_one() is alone


def test_a_server_for_others_draws_no_field_for_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTIVE_FOLDERS", raising=False)
    monkeypatch.setattr(uploads, "serves_one", lambda: False)
    app = tracks_page()
    assert "folder" not in [field.key for field in app.text_input]
    assert "MOTIVE_FOLDERS" in said(app)


def test_a_folder_within_the_named_roots_is_read_and_all_else_has_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.csv").write_text("root,x\nhash,1\n")
    march = tmp_path / "root" / "march"
    march.mkdir(parents=True)
    (march / "drives.csv").write_bytes(points())
    (march / "x.csv").symlink_to(tmp_path / "other" / "secret.csv")
    monkeypatch.setenv("MOTIVE_FOLDERS", str(tmp_path / "root"))
    monkeypatch.setattr(uploads, "serves_one", lambda: False)
    app = tracks_page()
    for refused in (tmp_path / "other", tmp_path / "nowhere", "/etc", march / ".." / ".." / "other"):
        app.text_input(key="folder").set_value(str(refused)).run()
        text = "\n".join(e.value.replace("\\", "") for e in app.error)
        assert "That folder cannot be read here" in text and str(tmp_path / "root") in text and "other" not in text
    app.text_input(key="folder").set_value(str(march)).run()
    assert "30 tracks kept" in said(app) and "Left out" in said(app) and "hash" not in said(app)
    app.button(key="import").click().run()
    assert not app.exception and not app.error and len(app.session_state["project"].tracks) == 30


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_in_a_folder_does_not_hold_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drives.csv").write_bytes(points())
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.setenv("MOTIVE_FOLDERS", str(tmp_path))
    app = tracks_page()
    app.text_input(key="folder").set_value(str(tmp_path)).run()
    assert "30 tracks kept" in said(app)


def test_two_files_of_one_name_are_both_read() -> None:
    """The second took the place of the first, and the other half of the data was missing without a word."""
    app = opened().switch_page("screens/tracks.py").run()
    halves = [points(20), points(40).replace(b"\nv", b"\nw")]
    app.file_uploader(key="uploads").set_value([("points.csv", half, "text/csv") for half in halves]).run()
    assert not app.error and "60 tracks kept" in said(app)
    assert "**points.csv**" in said(app) and "**points (2).csv**" in said(app)
    app.button(key="import").click().run()
    assert len(app.session_state["project"].tracks) == 60


def test_a_file_of_a_folder_and_an_upload_of_its_name_are_both_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "serves_one", lambda: True)
    (tmp_path / "points.csv").write_bytes(points(20).replace(b"\nv", b"\nw"))
    app = opened().switch_page("screens/tracks.py").run()
    app.text_input(key="folder").set_value(str(tmp_path))
    app.file_uploader(key="uploads").set_value([("points.csv", points(30), "text/csv")]).run()
    assert not app.error and "50 tracks kept" in said(app)


@pytest.mark.parametrize(("names", "apart"), [
    (["a.csv", "a.csv", "a.csv"], ["a.csv", "a (2).csv", "a (3).csv"]),
    (["a.csv", "a.csv", "a (2).csv"], ["a.csv", "a (3).csv", "a (2).csv"]),
    (["a.csv.gz", "a.csv.gz", "A.csv.gz"], ["a.csv.gz", "a (2).csv.gz", "A.csv.gz"]),
    (["1.3.26.parquet", "1.3.26.parquet"], ["1.3.26.parquet", "1.3.26 (2).parquet"]),
    (["a", "a", ".zip", ".zip"], ["a", "a (2)", ".zip", " (2).zip"])])
def test_a_number_tells_files_of_one_name_apart_and_leaves_the_ending(names: list[str], apart: list[str]) -> None:
    sources = [uploads.Source(name, k, (k,), None) for k, name in enumerate(names)]
    found = uploads.named_apart(sources)
    assert [one.name for one in found] == apart and [one.key for one in found] == [one.key for one in sources]


def test_the_parts_of_a_shapefile_are_one_file_and_with_paths_a_network() -> None:
    app = opened().switch_page("screens/tracks.py").run()
    paths = b"track,path\na,007 8 9\nb,8 9 007\n"
    files = [(name, content, "application/octet-stream") for name, content in road_parts().items()]
    app.file_uploader(key="uploads").set_value([*files[1:], ("paths.csv", paths, "text/csv"), files[0]]).run()
    assert "roads.shp" in said(app) and "roads.DBF" not in said(app) and "2 tracks kept" in said(app) and not app.error
    app.button(key="import").click().run()
    project = app.session_state["project"]
    assert not app.exception and project.world.kind == "network" and len(project.paths) == 2
    assert sorted(project.world.place_names) == ["007", "10", "8", "9"]
