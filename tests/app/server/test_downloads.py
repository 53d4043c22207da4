"""A download is there when the browser asks for it, however many pages run meanwhile."""

from __future__ import annotations

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from app.server import downloads, start


def made(monkeypatch: pytest.MonkeyPatch) -> tuple[MediaFileManager, MemoryMediaFileStorage, str]:
    """A file as Streamlit makes it when a button is pressed whose file is made then, under the server's settings."""
    monkeypatch.setattr(media_file_manager, "MediaFileMetadata", media_file_manager.MediaFileMetadata)  # put back afterwards
    monkeypatch.setattr(start, "refuse", lambda error: pytest.fail(str(error)))
    monkeypatch.setattr(start, "check_start", lambda address, who: None)
    start.guarded()
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    return manager, storage, manager.execute_deferred(manager.add_deferred(lambda: b"all of it", "text/plain", "1.0", "project.motive"))


def test_it_outlasts_the_runs_of_other_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    manager, storage, address = made(monkeypatch)
    for _ in range(40):  # twenty seconds of one page's progress
        manager.remove_orphaned_files()
    assert storage.get_file(address.removeprefix("/media/")).content == b"all of it"


def test_it_goes_once_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    manager, storage, address = made(monkeypatch)
    monkeypatch.setattr(downloads, "STAYS", -1.0)
    for _ in range(2):
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(address.removeprefix("/media/"))
