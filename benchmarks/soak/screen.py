"""What stands on a page: the elements that the server's messages draw, one by one, and what it asks of the browser beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.soak.tally import State

SIDEBAR = 1  # the first number of a path
STEP = re.compile(r"\d\d\\?:\d\d ")  # a line of the history, with the backslash that keeps Markdown from reading the sign
SAVED = re.compile(r"Saved, version (\d+)")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One element as it stands. run: the run that drew it. fragment: where it is drawn again by a run of its own, else empty."""

    kind: str
    element: Any
    run: str
    fragment: str


class Screen:
    """One window as far as it can be seen. whole, some: how many runs of the whole page, and of any part, have ended.
    timed: the fragments that run by the clock."""

    def __init__(self) -> None:
        self.drawn: dict[tuple[int, ...], Drawn] = {}
        self.pages: dict[str, str] = {}
        self.session, self.page_hash, self.query, self.running = "", "", "", False
        self.whole, self.some = 0, 0
        self.timed: set[str] = set()
        self.answers: dict[str, ForwardMsg] = {}
        self._run, self._fragments = "", frozenset[str]()

    def elements(self, kind: str, sidebar: bool = False) -> Iterator[Any]:
        """Elements of a kind in the order of the page."""
        return (one.element for path, one in sorted(self.drawn.items()) if one.kind == kind and (not sidebar or path[0] == SIDEBAR))

    def widget(self, kind: str, key: str) -> Drawn | None:
        """A widget by its key."""
        return next((one for one in self.drawn.values() if one.kind == kind and one.element.id.endswith(f"-{key}")), None)

    def take(self, message: ForwardMsg) -> None:
        """Heed one message of the server."""
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._draw(message)
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            self._run, self._fragments = message.metadata.run.script_run_id, frozenset(message.metadata.run.fragment_ids)
            self.running = True
            if not self._fragments:
                self.page_hash = message.new_session.page_script_hash
                self.timed.clear()
        elif kind == "script_finished":
            self._finish(message.script_finished)
        elif kind == "session_status_changed":
            self.running = message.session_status_changed.script_is_running
        elif kind == "navigation":
            self.pages = {(page.url_pathname or page.page_name).lower(): page.page_script_hash  # a log calls Tracks otherwise
                          for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timed.add(message.auto_rerun.fragment_id)
        elif kind == "stop_auto_rerun":
            self.timed -= set(message.stop_auto_rerun.fragment_ids)
        elif kind in ("file_urls_response", "backend_operation_response"):
            part = getattr(message, kind)
            self.answers[part.response_id if kind == "file_urls_response" else part.request_id] = message

    def _draw(self, message: ForwardMsg) -> None:
        delta, path = message.delta, tuple(message.metadata.delta_path)
        if delta.WhichOneof("type") == "new_element":
            kind = delta.new_element.WhichOneof("type") or ""
            self.drawn[path] = Drawn(kind, getattr(delta.new_element, kind) if kind else None, self._run, delta.fragment_id)
        elif delta.WhichOneof("type") == "add_block":
            self.drawn.pop(path, None)

    def _finish(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        whole = not self._fragments
        self.drawn = {path: one for path, one in self.drawn.items()
                      if one.run == self._run or not (whole or one.fragment in self._fragments)}
        self.some += 1
        self.whole += whole


def shown_state(screen: Screen) -> State:
    """The open project as the sidebar shows it."""
    said = [one.body for one in screen.elements("markdown", sidebar=True)]
    name = next((text.strip("*") for text in said if text.startswith("**")), "")
    saved = next((int(found[1]) for text in said if (found := SAVED.search(text))), 0)
    return State(name, tuple(text for text in said if STEP.match(text)), saved)
