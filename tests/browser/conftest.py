"""The app on a port of its own, and a real Chromium to drive it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The documented command, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("app") / "log").open("w+")
    command = [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", "--server.headless", "true", "--server.port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                    break
                except (urllib.error.URLError, ConnectionError, TimeoutError):
                    time.sleep(0.25)
            else:
                log.seek(0)
                pytest.fail(f"The app did not answer its health page:\n{log.read()}")
            yield url
        finally:
            process.terminate()


@pytest.fixture
def page(app_url: str) -> Iterator[Page]:
    """A fresh page on the app's start. Skipped where there is no browser, but never in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("This test needs Chromium, and CI must have it (.ci/run installs it).")
        pytest.skip("needs Chromium: install Debian's chromium or Google Chrome to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        opened.goto(app_url)
        yield opened
        browser.close()
