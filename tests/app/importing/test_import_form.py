"""The import page: first rows at once, the whole once and beside the page, nothing kept afterwards, folders only where they may be read."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from app.importing import import_form, uploads
from irlcore.errors import DataError
from irlcore.project.importing import reading
from irlcore.tracks import many_tables
from tests.app.importing.form import points, said, tracks_page

LINKS = "link,u,v,length\n1,a,b,100\n2,b,c,100\n3,b,d,90\n4,d,c,90\n"
PATHS = "track,path\n" + "\n".join(f"p{i},1_{'2' if i % 2 else '3_4'}" for i in range(20))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files as they are read, the first rows or the whole."""
    calls: list[str] = []

    def noted(module: Any, name: str) -> None:
        real = getattr(module, name)

        def read(source: Any, label: str, *more: Any) -> Any:
            calls.append(f"{name} {label}")
            return real(source, label, *more)

        monkeypatch.setattr(module, name, read)

    noted(uploads, "preview_table")
    noted(many_tables, "read_table")
    return calls


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large, and of each 40 rows are looked at first."""
    monkeypatch.setattr(reading, "SMALL", 0.0)
    monkeypatch.setattr(uploads, "FIRST_ROWS", 40)


def test_a_small_file_is_read_once_whatever_is_clicked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes were hashed, or the file read, at every rerun."""
    calls = counted(monkeypatch)
    app = tracks_page(drives=points())
    assert "30 tracks kept" in said(app) and not app.exception
    for _ in range(3):
        app.toggle(key="heading").set_value(not app.toggle(key="heading").value).run()
    app.number_input(key="cell").set_value(2.0).run()
    assert calls == ["preview_table drives.csv", "read_table drives.csv"]
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    assert len(app.session_state["project"].tracks) == 30 and app.session_state["project"].world.settings["cell"] == 2.0


@pytest.mark.usefixtures("large")
def test_of_a_large_file_the_first_rows_are_shown_and_the_whole_is_read_once_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    app = tracks_page(drives=points(400))
    text = said(app)
    assert "about 4,0" in text or "about 3,9" in text  # an estimate of 4,000 rows
    assert "Of the first 40 rows of about" in text and "4 tracks kept" in text
    assert calls == ["preview_table drives.csv"] and "import" not in [b.key for b in app.button]
    app.text_input(key="unit").set_value("km").run()
    assert calls == ["preview_table drives.csv"]
    app.button(key="read_all").click().run()
    assert "400 tracks kept" in said(app) and not app.exception
    app.toggle(key="heading").set_value(True).run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    assert calls == ["preview_table drives.csv", "read_table drives.csv"]
    project = app.session_state["project"]
    assert len(project.tracks) == 400 and project.tracks.unit == "km"
    assert project.tracks.attributes["class"].value_counts().to_dict() == {"car": 200, "truck": 200}


@pytest.mark.usefixtures("large")
def test_columns_chosen_anew_are_read_anew_and_never_taken_for_the_old_ones() -> None:
    data = points().replace(b"track,t,x,y,class", b"track,t,x,y,px")
    app = tracks_page(drives=data.replace(b"car", b"1").replace(b"truck", b"2"))
    app.button(key="read_all").click().run()
    assert "30 tracks kept" in said(app)
    app.selectbox(key="points_x").set_value("px").run()
    assert "read_all" in [b.key for b in app.button] and "import" not in [b.key for b in app.button]
    app.button(key="read_all").click().run()
    app.button(key="import").click().run()
    assert np.ptp(app.session_state["project"].tracks.x) == 1.0


@pytest.mark.usefixtures("large")
def test_a_large_network_is_read_the_same_way() -> None:
    app = tracks_page(streets=LINKS.encode(), ways=PATHS.encode())
    assert "20 tracks kept" in said(app)
    app.button(key="read_all").click().run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    assert app.session_state["project"].world.kind == "network" and len(app.session_state["project"].paths) == 20


def test_after_an_import_nothing_of_the_files_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """1.1 GB stayed in a cache that all visitors shared."""
    removed: list[str] = []
    real = MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file",
                        lambda self, session_id, file_id: (removed.append(file_id), real(self, session_id, file_id)))
    app = tracks_page(drives=points())
    assert app.session_state["found read"] and app.session_state["found first rows"]
    app.button(key="import").click().run()
    assert "no longer held" in said(app) and not app.exception
    assert len(removed) == 1
    for what in uploads.KEPT:
        assert not app.session_state[f"found {what}"], what
    assert app.file_uploader(key="uploads_1").value == []  # there at once, for the next files
    again = tracks_page()  # another visitor
    assert "drives" not in said(again)


def test_nothing_of_files_is_in_a_cache_that_visitors_share() -> None:
    for module in (import_form, uploads, reading):
        assert "cache_data" not in Path(module.__file__).read_text() and "cache_resource" not in Path(module.__file__).read_text()


def test_files_taken_away_are_forgotten() -> None:
    app = tracks_page(drives=points())
    app.file_uploader(key="uploads").set_value([]).run()
    assert not any(app.session_state[f"found {what}"] for what in uploads.KEPT)


@pytest.mark.usefixtures("large")
def test_a_reading_can_be_cancelled_and_what_it_finds_later_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def deaf(source: object, name: str, watch: object, texts: object) -> pd.DataFrame:
        assert go_on.wait(30.0)
        return pd.DataFrame({"track": ["a", "a"], "x": [0, 1], "y": [0, 1]})

    monkeypatch.setattr(many_tables, "read_table", deaf)
    app = tracks_page(drives=points())
    app.session_state["run_inline"] = False
    app.button(key="read_all").click().run()
    begun = time.monotonic()
    job = app.session_state["job"]
    assert job.state == "running"
    app.button(key="cancel").click().run()
    assert time.monotonic() - begun < 5.0  # the job itself: tests/app/test_jobs.py; here the page is drawn beside it
    assert "Reading was cancelled" in said(app)
    go_on.set()
    job.wait(10.0)
    app.run()
    assert job.result is None and "read_all" in [b.key for b in app.button] and "tracks kept" in said(app)


def test_what_looks_little_and_takes_long_can_be_cancelled_too_and_is_not_begun_again_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file may unpack to 250 times its size; it was read on the page, without Cancel."""
    calls: list[str] = []

    def endless(source: object, name: str, watch: Any, texts: object) -> pd.DataFrame:
        calls.append(name)
        for _ in range(3000):
            watch.check()
            time.sleep(0.01)
        raise AssertionError("nobody stopped it")

    monkeypatch.setattr(many_tables, "read_table", endless)
    app = tracks_page()
    app.session_state["run_inline"] = False
    begun = time.monotonic()
    app.file_uploader(key="uploads").set_value([("drives.csv", points(), "text/csv")]).run()
    assert app.session_state["job"].state == "running" and time.monotonic() - begun < 10.0
    app.button(key="cancel").click().run()
    assert "Reading was cancelled" in said(app) and not app.exception
    app.button(key="dismiss").click().run()
    assert "tracks kept" in said(app) and calls == ["drives.csv"]  # of the first rows
    app.button(key="read_all").click().run()
    assert calls == ["drives.csv"] * 2
    app.button(key="cancel").click().run()


def test_a_small_file_that_fails_as_a_whole_says_so_beside_it_at_every_run_and_leaves_what_was_said_above(
        monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: object, name: str, watch: Any, texts: object) -> pd.DataFrame:
        raise DataError(f"{name} is not a regular table.", "Mend it.")

    app = tracks_page()
    monkeypatch.setattr(many_tables, "read_table", broken)
    app.session_state["notice"] = DataError("Something else.", "Never mind.")
    app.file_uploader(key="uploads").set_value([("drives.csv", points(), "text/csv")])
    for _ in range(2):
        app.run()
        assert [one.value.split("\n")[0] for one in app.error] == ["Something else.", "drives.csv is not a regular table."]


def test_a_file_that_cannot_be_read_is_said_and_others_go_on() -> None:
    app = tracks_page(drives=points(), empty=b"")
    assert "empty.csv is empty" in said(app) and "30 tracks kept" in said(app) and not app.exception
