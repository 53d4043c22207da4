"""A file that was made for a download stays until the browser has had the time to fetch it.

Streamlit makes such a file when its button is pressed, answers with its address, and counts it as no page's own: the end of the next run
of any page marks it, the end of the one after that deletes it. While work shows its progress, a page runs twice a second, so that of two
visitors one lost the other's file, and his own, before the browser had asked for it ("Save project" was answered with 404).

And where it cannot be made, the page says why. Streamlit would say "Failed to generate file for download" of everything, and write the
error's message, which may quote data, to the log.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from contextlib import suppress

from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import app_session, media_file_manager
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileMetadata

from app.faults import fault
from irlcore.errors import MotiveError
from irlcore.report.text import as_line

STAYS = 60.0  # seconds: a browser asks at once, a busy server hears it later
MOST_FAILURES = 100  # of sessions that have not heard of theirs: a closed tab never does
_failed: OrderedDict[str, MotiveError] = OrderedDict()
_lock = threading.Lock()


class Lasting(MediaFileMetadata):
    """What Streamlit knows of a file; it does not count as marked for deletion before its time is over."""

    def __init__(self, *of_file: object, **named: object) -> None:
        super().__init__(*of_file, **named)  # type: ignore[arg-type]
        self._made = time.monotonic()

    @property
    def is_marked_for_delete(self) -> bool:
        """As Streamlit asks before it deletes a download that no page shows; pictures go at once."""
        return super().is_marked_for_delete and time.monotonic() - self._made > STAYS


class Telling(DeferredFileHandler):
    """Makes a file whose button was pressed. What it raises stands beside the button for a moment, and then above the page."""

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        """The address of the file, or why there is none."""
        try:
            url = await asyncio.to_thread(self._get_media_file_mgr().execute_deferred, request.deferred_file.file_id)
        except Exception as error:
            told = _words(error)
            with _lock:
                _failed[session_id] = told
                while len(_failed) > MOST_FAILURES:
                    _failed.popitem(last=False)
            _draw_again(session_id)
            return BackendOperationResponse(request_id=request.request_id, error_msg=as_line(told.what))
        return BackendOperationResponse(request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url))


def failure(session_id: str) -> MotiveError | None:
    """Why the last download of a session failed, told once."""
    with _lock:
        return _failed.pop(session_id, None)


def _words(error: Exception) -> MotiveError:
    """Streamlit wraps what was raised while a file was made; where it wraps nothing, it has no such file any more."""
    made_of = error.__cause__
    if isinstance(made_of, MotiveError):
        return made_of
    if made_of is None:
        return MotiveError("This file belongs to an earlier state of the page.", "Press its button again.")
    return fault("The file could not be made", made_of)


def _draw_again(session_id: str) -> None:
    """Run the page, on the server's own loop. Where Streamlit does that in another way, the next click shows it."""
    with suppress(AttributeError, RuntimeError):
        found = runtime.get_instance()._session_mgr.get_session_info(session_id)
        if found is not None:
            state = ClientState()
            state.CopyFrom(found.session._client_state)
            state.fragment_id, state.is_auto_rerun = "", False  # else only what ran last would run again
            found.session.request_rerun(state)


def let_downloads_last() -> None:
    """From now on, in this process. Each making of a file begins its time anew, also where it is the same file."""
    media_file_manager.MediaFileMetadata = Lasting  # type: ignore[misc]


def let_downloads_tell() -> None:
    """From now on, in this process, in every session that begins."""
    app_session.DeferredFileHandler = Telling  # type: ignore[misc]
