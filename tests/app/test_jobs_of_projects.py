"""Long work and the project it is of: another one that is opened meanwhile, a key that changes, a result that nobody has taken yet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

import app.session.window
import app.session.work
from app.fitting import model_comparison
from app.jobs import Job
from app.review import controls
from app.server import kernel_cache
from irlcore.engine import Control
from irlcore.project.project import Project
from tests.app.studio.on_the_map import said
from tests.app.visits import Server, fine, key_of, project_of, sample, sidebar_says, undo, without_a_feature

WAIT = 120.0


class SlowFit:
    """Fits that end when they may."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on, self.real = threading.Event(), threading.Event(), model_comparison.fit_record
        patch.setattr(model_comparison, "fit_record", self.slow)
        patch.setattr(kernel_cache, "wait", lambda control: None)  # what is not compiled yet the fit compiles

    def slow(self, *args: object) -> object:
        self.begun.set()
        assert self.go_on.wait(WAIT)
        return self.real(*args)  # type: ignore[arg-type]

    def begin(self, page: AppTest) -> Job:
        page.switch_page("screens/fit.py").run()
        page.session_state["run_inline"] = False
        page.button(key="fit_button").click().run()
        assert self.begun.wait(WAIT)
        job: Job = page.session_state["job"]
        assert job.state == "running"
        return job

    def end(self, job: Job) -> None:
        self.go_on.set()
        job.wait(WAIT)
        assert job.state == "done"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowFit]:
    slow = SlowFit(monkeypatch)
    yield slow
    slow.go_on.set()


def by_recent(page: AppTest, key: str) -> AppTest:
    page.switch_page("screens/start.py").run()
    return page.button(key=f"open_{key}").click().run()


def by_undo(page: AppTest, key: str) -> AppTest:
    return undo(page)


@pytest.mark.parametrize("back", [by_recent, by_undo])
@pytest.mark.parametrize("other", ["sample_anchorage", "sample_town"])
def test_a_fit_that_ends_while_another_project_is_open_waits_for_its_own(server: Server, slow: SlowFit, other: str,
                                                                         back: Callable[[AppTest, str], AppTest]) -> None:
    """Of another sample it was dropped; of the same one, opened a second time, it went into the wrong project."""
    page = sample(server)
    first, job = key_of(page), slow.begin(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key=other).click().run())
    second = key_of(page)
    assert second != first
    slow.end(job)
    assert project_of(fine(page.run())).fit is None and page.session_state["job"] is None
    assert project_of(fine(page.run())).fit is None, "nor is it taken over there"
    fine(back(page, first).run())
    assert key_of(page) == first and project_of(page).fit is not None
    assert project_of(fine(server.page(second))).fit is None


def reloaded(server: Server, page: AppTest, patch: pytest.MonkeyPatch) -> AppTest:
    patch.setattr(app.session.work, "alive", {"second"}.__contains__)
    patch.setattr(app.session.window, "session_id", lambda: "second")
    return fine(server.page(key_of(page)))


def test_a_fit_goes_with_the_copy_that_its_window_becomes(server: Server, slow: SlowFit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    page = sample(server)
    key, other, job = key_of(page), fine(server.page(key_of(page))), slow.begin(page)
    without_a_feature(other)
    page.switch_page("screens/features.py").run()
    next(b for b in page.button if b.help == "Remove this feature").click().run()
    assert project_of(page).name.endswith("(copy)") and job.project == key_of(page) != key
    again = reloaded(server, page, monkeypatch)
    assert again.session_state["job"] is job and again.button(key="cancel") is not None
    slow.end(job)
    fine(again.run())
    assert project_of(again).fit is not None and project_of(fine(server.page(key))).fit is None


def test_a_fit_goes_with_the_project_that_is_removed_and_kept_anew(server: Server, slow: SlowFit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    page = sample(server)
    key, job = key_of(page), slow.begin(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key=f"remove_{key}").click().run())
    assert "kept again once it is changed" in sidebar_says(page)
    without_a_feature(page)
    assert key_of(page) != key and job.project == key_of(page)
    again = reloaded(server, page, monkeypatch)
    assert again.session_state["job"] is job
    slow.end(job)
    assert project_of(fine(again.run())).fit is not None


def test_a_fit_that_ends_after_its_project_was_removed_is_taken_by_the_window_that_has_it(server: Server, slow: SlowFit) -> None:
    page = sample(server)
    job = slow.begin(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key=f"remove_{key_of(page)}").click().run())
    slow.end(job)
    assert project_of(fine(page.run())).fit is not None


def test_work_that_begins_by_itself_does_not_take_the_place_of_a_result_not_yet_taken(server: Server,
                                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """The work ended while the page was drawn: its result was gone, and nobody was told."""
    page = sample(server)
    page.switch_page("screens/fit.py").run()
    fine(page.button(key="fit_button").click().run())
    go_on, real = threading.Event(), controls.fit_key
    taken: list[int] = []

    def work(watch: Control) -> int:
        assert go_on.wait(WAIT)
        return 42

    def ends_meanwhile(project: Project) -> tuple[object, ...]:
        go_on.set()
        job.wait(WAIT)
        return real(project)

    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    job = Job("Long work", work, taken.append, session="first")
    page.session_state["job"] = job
    monkeypatch.setattr(controls, "fit_key", ends_meanwhile)
    page.switch_page("screens/review.py").run()
    assert page.session_state["job"] is job and job.state == "done" and taken == []
    assert "are not scored yet" in said(fine(page))
    fine(page.run())  # as the line of the job asks for, which runs by itself
    assert taken == [42] and page.session_state["job"] is None
    assert "are not scored yet" not in said(page) and "scores" in page.session_state["findings"]
