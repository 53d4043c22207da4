"""A click on another page stands, whatever the page before still asks for.

While work shows its progress, a browser asks every half a second for a part of its page anew, and it goes on asking until it has heard
that another page begins. Streamlit lets the later of two requests decide which page runs: one that was on its way when a link was pressed
brought the page before back, or left the new one empty.
"""

from __future__ import annotations

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


def let_clicks_stand() -> None:
    """From now on, in this process."""
    script_runner.ScriptRequests = Requests  # type: ignore[misc]
