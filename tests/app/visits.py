"""Pages as a visitor of a server opens them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import app.session.window
from app.store import memory
from app.store.memory import Memory
from irlcore.project.project import Project
from tests.app.store.projects import ANN
from tests.app.test_pages import ENTRY


class Server:
    """A server and who is looking: the cookie of the next page, and what the server holds in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        self.start()
        self.who(ANN)

    def start(self) -> None:
        """A new process: nothing in memory."""
        self.patch.setattr(memory, "OPEN", Memory())

    def who(self, visitor: str) -> None:
        self.patch.setattr(app.session.window, "visitor", lambda: visitor)

    def page(self, key: str = "") -> AppTest:
        """A new session at an address."""
        page = AppTest.from_file(ENTRY, default_timeout=60)
        page.session_state["run_inline"] = True
        if key:
            page.query_params["project"] = key
        return page.run()


def sample(server: Server, name: str = "town") -> AppTest:
    return fine(server.page().button(key=f"sample_{name}").click().run())


def fine(page: AppTest) -> AppTest:
    assert not page.exception
    assert not page.error, [one.value for one in page.error]
    return page


def key_of(page: AppTest) -> str:
    found = page.query_params["project"]
    return found if isinstance(found, str) else str(found[0])


def project_of(page: AppTest) -> Project:
    found: Project = page.session_state["project"]
    return found


def names(page: AppTest) -> list[str]:
    return [s.name for s in project_of(page).features]


def without_a_feature(page: AppTest) -> AppTest:
    """One change: the first feature is removed."""
    page.switch_page("screens/features.py").run()
    return fine(next(b for b in page.button if b.help == "Remove this feature").click().run())


def sidebar_says(page: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*page.sidebar.caption, *page.sidebar.warning)).replace("\\", "")


def undo(page: AppTest) -> AppTest:
    return fine(page.sidebar.button(key="undo").click().run())
