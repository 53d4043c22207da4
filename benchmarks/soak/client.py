"""A browser without a screen: Streamlit's own stream, spoken as its front end does.

A page sends what its widgets hold and asks for a run (``BackMsg.rerun_script``); the server answers with deltas, each an element at a
path (``ForwardMsg.delta``). What a finished run did not draw again is gone. Fragments run alone, and some by the clock (``auto_rerun``).
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import http.cookies
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.soak.screen import Screen

TICK_S = 0.5
XSRF = "_streamlit_xsrf"


class Gone(Exception):
    """The connection is lost: the server was killed, or did not answer."""


class Page(Screen):
    """One open window. cookies: the browser's, shared by its windows. heard: is given every message and file as bytes."""

    def __init__(self, port: int, cookies: dict[str, str], query: str, heard: Callable[[bytes], None]) -> None:
        super().__init__()
        self.port, self.cookies, self.query, self.lost = port, cookies, query, False
        self._heard = heard
        self._held: dict[str, WidgetState] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._asking = False

    async def open(self) -> None:
        """GET the page, as a browser does first (that is where cookies come from), then the stream, then the first run."""
        await self.get(f"/?{self.query}" if self.query else "/")
        await self.get("/_stcore/health")
        headers = {"Cookie": self._cookie_header()}
        try:
            self._socket = await websockets.connect(
                f"ws://127.0.0.1:{self.port}/_stcore/stream", origin=websockets.Origin(f"http://127.0.0.1:{self.port}"), max_size=None,
                subprotocols=[websockets.Subprotocol("streamlit")], additional_headers=headers, open_timeout=30.0, ping_interval=None)
        except (OSError, websockets.WebSocketException, TimeoutError) as error:
            raise Gone(str(error)) from error
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._tick())]
        await self.rerun()

    async def close(self) -> None:
        """Close the window."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._socket.close(), 2.0)

    async def press(self, key: str, seconds: float = 60.0) -> bool:
        """Press a button by its key, and wait for the run; False where it is not there or greyed out."""
        found = self.widget("button", key)
        if found is None or found.element.disabled:
            return False
        await self.rerun([WidgetState(id=found.element.id, trigger_value=True)], fragment=found.fragment, seconds=seconds)
        return True

    async def choose(self, kind: str, key: str, value: str) -> None:
        """Set a radio or a selectbox to an option as it is shown."""
        found = self.widget(kind, key)
        if found is None or value not in found.element.options:
            raise LookupError(f"{kind} {key} has no option {value!r}")
        self._held[found.element.id] = WidgetState(id=found.element.id, string_value=value)
        await self.rerun(fragment=found.fragment)

    async def upload(self, label: str, name: str, data: bytes) -> None:
        """Put a file into the uploader of this label."""
        found = next((one for one in self.elements("file_uploader") if one.label == label), None)
        if found is None:
            raise LookupError(f"no uploader {label}")
        ask, number = BackMsg(), secrets.token_hex(8)
        ask.file_urls_request.request_id, ask.file_urls_request.session_id = number, self.session
        ask.file_urls_request.file_names.append(name)
        urls = (await self._answer(ask, number)).file_urls_response.file_urls[0]
        edge = secrets.token_hex(16)
        body = (f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n').encode()
        await self.get(urls.upload_url, body + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")
        state = WidgetState(id=found.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        self._held[state.id] = state
        await self.rerun()

    async def download(self, key: str) -> bytes:
        """Press a download button whose file is made when it is asked for."""
        found = self.widget("download_button", key)
        if found is None:
            raise LookupError(f"no download {key}")
        ask, number = BackMsg(), secrets.token_hex(8)
        ask.backend_operation_request.request_id, ask.backend_operation_request.session_id = number, self.session
        ask.backend_operation_request.deferred_file.file_id = found.element.deferred_file_id
        answer = (await self._answer(ask, number)).backend_operation_response
        if answer.error_msg:
            raise LookupError(answer.error_msg)
        return await self.get(answer.deferred_file.url)

    async def go(self, page: str) -> None:
        """Follow a link to another page, with the query that the link says."""
        there = self.pages[page]
        link = next((one.element for one in self.drawn.values() if one.kind == "page_link" and one.element.page_script_hash == there), None)
        self.page_hash, self.query = there, link.query_string if link is not None else ""
        await self.rerun()

    async def rerun(self, triggers: list[WidgetState] | None = None, fragment: str = "", seconds: float = 60.0) -> None:
        """Ask for a run and wait until it is over."""
        self._asking = True
        try:
            whole, some = self.whole, self.some
            await self._send(self._run_message(triggers or [], fragment))
            await self.until(lambda: (self.some > some if fragment else self.whole > whole) and not self.running, seconds)
        finally:
            self._asking = False

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait for the page to become so. Gone where the connection is lost; TimeoutError after too long."""
        end = time.monotonic() + seconds
        while not holds():
            if self.lost:
                raise Gone("the stream ended")
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds:g} s")
            await asyncio.sleep(0.03)

    async def get(self, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        """A request with this browser's cookies, or a PUT of ``body``."""
        return await asyncio.to_thread(self._get, path, body, kind)

    def _get(self, path: str, body: bytes | None, kind: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method="PUT" if body is not None else "GET")
        request.add_header("Cookie", self._cookie_header())
        if body is not None:
            request.add_header("Content-Type", kind)
            request.add_header("X-Xsrftoken", self.cookies.get(XSRF, ""))
        try:
            with urllib.request.urlopen(request, timeout=60.0) as answer:
                for line in answer.headers.get_all("Set-Cookie") or []:
                    self.cookies |= {name: one.value for name, one in http.cookies.SimpleCookie(line).items()}
                data: bytes = answer.read()
        except urllib.error.HTTPError as error:
            raise LookupError(f"{path[:40]} is answered with {error.code}") from error
        except (OSError, http.client.HTTPException) as error:  # killed before it answered, or in the middle of it
            raise Gone(str(error)) from error
        self._heard(data)
        return data

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _run_message(self, triggers: list[WidgetState], fragment: str = "", timed: bool = False) -> BackMsg:
        ask = BackMsg()
        state = ask.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id, state.is_auto_rerun = self.query, self.page_hash, fragment, timed
        state.widget_states.widgets.extend([*self._held.values(), *triggers])
        return ask

    async def _send(self, message: BackMsg) -> None:
        try:
            await self._socket.send(message.SerializeToString())
        except (OSError, websockets.WebSocketException) as error:
            raise Gone(str(error)) from error

    async def _answer(self, ask: BackMsg, number: str) -> ForwardMsg:
        await self._send(ask)
        await self.until(lambda: number in self.answers, 60.0)
        return self.answers.pop(number)

    async def _tick(self) -> None:
        """Run the fragments that run by the clock, while nothing else is asked."""
        while not self.lost:
            await asyncio.sleep(TICK_S)
            for fragment in [*self.timed]:
                if not self._asking and not self.running:
                    with contextlib.suppress(Gone):
                        await self._send(self._run_message([], fragment, timed=True))

    async def _read(self) -> None:
        try:
            async for raw in self._socket:
                assert isinstance(raw, bytes)
                self._heard(raw)
                self.take(ForwardMsg.FromString(raw))
        except (OSError, websockets.WebSocketException):
            pass
        finally:
            self.lost = True
