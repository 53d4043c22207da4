"""The app on a port of its own, and a real Chromium to drive it. No test passes on whose pages the browser refused something or asked
another host for anything."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, expect, sync_playwright

from irlcore.analysis.study import fit_study
from irlcore.project.project_file import save_project
from irlcore.project.samples import sample_project
from tests.app.server.running import ROOT, Server, running
from tests.browser.map_hands import picture

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def chromium() -> str:
    """Where it is. Skips the test where there is none, but never in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("This test needs Chromium, and CI must have it (.ci/run installs it).")
        pytest.skip("needs Chromium: install Debian's chromium or Google Chrome to run the browser tests")
    return CHROMIUM


FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
MAPS = (sys.executable, "-m", "streamlit", "run", str(ROOT / "benchmarks" / "screens" / "page.py"), "--server.address", "127.0.0.1",
        "--server.headless", "true", "--browser.gatherUsageStats", "false")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The documented command, on a free port."""
    with running(tmp_path_factory.mktemp("app")) as started:
        yield started


@pytest.fixture(scope="session")
def app_url(server: Server) -> str:
    return server.url


class Watched:
    """What the app's pages asked of other hosts, and what the browser would not let them do. A test may open other pages beside."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.elsewhere: list[str] = []
        self.refused: list[str] = []
        self._url = url
        self._context = context
        context.on("request", self._request)
        context.on("console", self._said)

    def end(self) -> None:
        """What the context's pages do from here on is another test's."""
        self._context.remove_listener("request", self._request)
        self._context.remove_listener("console", self._said)

    def _request(self, request: Request) -> None:
        if (request.url.startswith(("http", "ws")) and request.url.split("/")[2] != self._url.split("/")[2]
                and not request.is_navigation_request() and request.frame.url.startswith(self._url)):
            self.elsewhere.append(request.url)

    def _said(self, said: ConsoleMessage) -> None:
        if ("Content Security Policy" in said.text or "Refused to" in said.text) and said.page and said.page.url.startswith(self._url):
            self.refused.append(said.text)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """For the tests of this folder alone: it holds an event loop of this thread, which others must find free. Tests are skipped where
    there is no browser, but never in CI."""
    chromium()
    with sync_playwright() as started:
        expect.set_options(timeout=30_000)
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One for all tests, since a start takes seconds: what it keeps (cookies, storage, cache) a context keeps, and ``visit`` makes one."""
    with playwright.chromium.launch(executable_path=chromium(), args=FLAGS) as started:
        yield started


@pytest.fixture(scope="package")
def profile(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that has the files of the app's front end already, as an analyst's has: each new context reads megabytes of them anew."""
    with playwright.chromium.launch_persistent_context(tmp_path_factory.mktemp("profile"), executable_path=chromium(), args=FLAGS,
                                                       viewport={"width": 1280, "height": 1000}) as context:
        context.set_default_timeout(30_000)
        yield context


@contextmanager
def new_page(profile: BrowserContext, url: str) -> Iterator[tuple[Page, Watched]]:
    """For the app at ``url``: a page to which nothing is left of the tests before but those files, neither cookies nor storage."""
    profile.clear_cookies()
    watched, page = Watched(profile, url), profile.new_page()
    profile.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    try:
        yield page, watched
    finally:
        watched.end()
        for one in profile.pages[1:]:  # the first, which is empty, keeps the browser open
            one.close()


@contextmanager
def visit(browser: Browser, url: str) -> Iterator[tuple[BrowserContext, Watched]]:
    """For the app at ``url``: a context that nobody has used before."""
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        context.set_default_timeout(30_000)
        yield context, Watched(context, url)


@pytest.fixture(scope="session")
def fitted_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with a fit, as a project file: fitted once for all tests."""
    file = tmp_path_factory.mktemp("fitted") / "town.motive"
    file.write_bytes(save_project(fit_study(sample_project("town"))))
    return file


@pytest.fixture
def page(server: Server, profile: BrowserContext, app_url: str) -> Iterator[Page]:
    """A fresh page on the app's start. Nothing may go wrong inside the server while it is used."""
    before = server.faults()
    with new_page(profile, app_url) as (opened, watched):
        opened.goto(app_url)
        yield opened
        assert not watched.refused and not watched.elsewhere
        assert server.faults() == before


@pytest.fixture(scope="session")
def map_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Made-up maps under the app's own server and policy."""
    with running(tmp_path_factory.mktemp("maps"), MAPS, port_flag="--server.port") as started:
        yield started


@pytest.fixture
def map_page(map_server: Server, profile: BrowserContext) -> Iterator[Page]:
    """The first of them, drawn; nothing may go wrong in the page's JavaScript."""
    with new_page(profile, map_server.url) as (opened, watched):
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(map_server.url)
        picture(opened)
        yield opened
        assert not watched.refused and not watched.elsewhere and not errors
