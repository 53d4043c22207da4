"""A download is there when the browser asks for it, however many pages run meanwhile; or the page says why it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, DeferredFileRequestPayload
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime import app_session, media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from app.server import downloads, start
from irlcore.errors import ProjectError
from tests.app.test_pages import opened


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


class Session:
    """A page of Streamlit's: what it last ran with, and whether it was asked to run again."""

    def __init__(self) -> None:
        self._client_state = ClientState(page_script_hash="report", fragment_id="progress")
        self.reruns: list[ClientState] = []

    def request_rerun(self, state: ClientState) -> None:
        self.reruns.append(state)


def pressed(work: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> tuple[BackendOperationResponse, Session]:
    """A button whose file ``work`` makes, pressed on a server as it is started."""
    monkeypatch.setattr(app_session, "DeferredFileHandler", app_session.DeferredFileHandler)  # put back afterwards
    manager, *_ = made(monkeypatch)
    page = Session()

    class Server:
        _session_mgr = SimpleNamespace(get_session_info=lambda session: SimpleNamespace(session=page))

    monkeypatch.setattr(downloads.runtime, "get_instance", Server)
    file = manager.add_deferred(work, "text/plain", "1.0", "project.motive")
    asked = BackendOperationRequest(request_id="1", deferred_file=DeferredFileRequestPayload(file_id=file))
    return asyncio.run(app_session.DeferredFileHandler(lambda: manager).handle(asked, "of Ann")), page


def test_one_that_can_be_made_is_handed_out_and_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, page = pressed(lambda: b"all of it", monkeypatch)
    assert answer.deferred_file.url.startswith("/media/") and not answer.error_msg
    assert not page.reruns and downloads.failure("of Ann") is None


@pytest.mark.parametrize(("error", "says"), [(ProjectError("Track 'Ann' is too long.", "Shorten it."), "Track 'Ann' is too long."),
                                             (ValueError("Ann's"), "The file could not be made: something went wrong inside Motive")])
def test_one_that_cannot_be_made_says_why_at_once_and_the_page_says_it_until_it_is_dismissed(
        error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path))

    def work() -> bytes:
        raise error

    answer, page = pressed(work, monkeypatch)
    assert says in answer.error_msg and not answer.HasField("deferred_file")
    assert [(state.page_script_hash, state.fragment_id) for state in page.reruns] == [("report", "")]  # the page as a whole
    assert "Ann" not in caplog.text and len([*tmp_path.rglob("*.txt")]) == isinstance(error, ValueError)  # a report, if nobody foresaw it
    told = downloads.failure("of Ann")
    assert told is not None and says in told.what and told.fix and downloads.failure("of Ann") is None


def test_a_page_takes_what_its_own_download_said_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened("town")
    with downloads._lock:
        downloads._failed["another session"] = ProjectError("Not mine.")
        downloads._failed["test session id"] = ProjectError("The project cannot be packed.", "Drop a track.")
    page.run()
    assert [one.value for one in page.error] == ["The project cannot be packed.\n\n**What to do:** Drop a track."]
    page.run()
    assert page.error  # until it is dismissed
    page.button(key="dismiss").click().run()
    assert not page.error and downloads.failure("another session") is not None
