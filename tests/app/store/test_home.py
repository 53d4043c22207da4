"""Where nothing tells which folder is the user's own, that is an error like any other of a disk: the app starts, and says so."""

from __future__ import annotations

import os
import pwd
import tempfile
from pathlib import Path

import pytest

from app.server import kernel_cache
from app.store.home import home
from app.store.recent import label, recent
from app.store.saver import Saver
from tests.app.store.projects import ANN, KEY, project


@pytest.fixture(params=["a user whom nobody knows", "a container under a made-up number"], autouse=True)
def nowhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_HOME", "~nosuchuser/motive")
    if "container" in request.param:
        for name in ("MOTIVE_HOME", "XDG_DATA_HOME", "HOME"):
            monkeypatch.delenv(name, raising=False)

        def unknown(number: int) -> None:
            raise KeyError("getpwuid(): uid not found")

        monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_home_raises_what_it_promises() -> None:
    with pytest.raises(OSError, match="own folder is not known"):
        home()


def test_the_kernels_lie_elsewhere_then_and_the_app_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(kernel_cache, "_writable", lambda folder: False)
    kernel_cache.place()
    assert Path(os.environ["NUMBA_CACHE_DIR"]).parent == tmp_path


def test_the_list_is_empty_a_label_fails_in_silence_and_what_is_not_saved_is_said() -> None:
    assert recent(ANN) == []
    label(ANN, KEY, project())
    saver = Saver(ANN)
    saver.save(project(), 20.0)
    assert saver.state == "not saved" and "Motive's folder cannot be used (the user's own folder is not known)" in saver.trouble
