"""A click on another page stands, whatever the page before still asks for.

While work shows its progress, or a project is being saved, a browser asks every half a second for a part of its page anew, and it goes on
asking until it has heard that another page begins. Streamlit lets the later of two requests decide which page runs: one that was on its way
when a link was pressed brought the page before back, or left the new one empty. And where such a part asks for its whole page just as a
link is pressed, two threads run for a moment, of which the older is told to stop: they shared one note of which page to run.
"""

from __future__ import annotations

import threading
from typing import Any

from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests


class Requests(ScriptRequests):
    """What a session is asked to run. A part that runs again by itself does so on the page that runs, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self._page = ""  # that of the last request for a whole page; none where the browser left it to the server, as it does at first

    def request_rerun(self, new_data: RerunData) -> bool:
        """As Streamlit's; a timer's request for another page than the last one asked for counts as granted, and is not."""
        if new_data.is_auto_rerun and self._page and new_data.page_script_hash != self._page:
            return True
        if not new_data.fragment_id and not new_data.fragment_id_queue:
            self._page = new_data.page_script_hash
        return super().request_rerun(new_data)


class Pages(PagesManager):
    """The pages of a session. Which of them is to run, each thread that runs one knows for itself."""

    def __init__(self, *of_session: Any, **named: Any) -> None:
        self._own = threading.local()
        super().__init__(*of_session, **named)

    @property
    def intended_page_script_hash(self) -> str | None:
        """The page that this thread was asked to run."""
        return getattr(self._own, "page", None)

    @property
    def intended_page_name(self) -> str | None:
        """The same by its name, where the browser knows no more than an address."""
        return getattr(self._own, "name", None)

    def set_script_intent(self, page_script_hash: str, page_name: str) -> None:
        """What this thread runs from now on."""
        self._own.page, self._own.name = page_script_hash, page_name


def let_clicks_stand() -> None:
    """From now on, in this process, in every session that begins."""
    script_runner.ScriptRequests = Requests  # type: ignore[misc]
    app_session.PagesManager = Pages  # type: ignore[misc]
