"""What must never hold a page up: a large file, and the first use of a cold cache of kernels."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.app.server.running import running

pytestmark = pytest.mark.browser
SLOW = 120_000  # ms: work on a thread takes what it takes beside other tests
ROWS = 400_000  # 20 MB: a tenth of the goal's 200, of which the same first rows are looked at


def large_file(folder: Path) -> Path:
    """200 vehicles that go their way at one speed: nothing in it is a jump or a gap."""
    steps = ((k // 2000, k % 2000) for k in range(ROWS))
    lines = "".join(f"vehicle_{i:05d},{1_700_000_000 + 5 * s},{50_000 + s}.25,{abs(7 * s % 2026 - 1013)}.5,car\n" for i, s in steps)
    (folder / "drives.csv").write_text("track,t,x,y,class\n" + lines)
    return folder / "drives.csv"


def test_a_large_file_shows_its_first_rows_at_once_and_is_imported_beside_the_page(page: Page, tmp_path: Path) -> None:
    """At once: a file of 200 MB was looked at for 28 s before, and 5 s were asked for; that little is read of it is held to by
    ``tests/app/importing/test_reading.py``."""
    page.get_by_role("button", name="New from your files").click()
    choose = page.locator(".st-key-uploads input[type=file]")  # the Start page, which stands a moment longer, has one of its own
    choose.wait_for(state="attached")
    with page.expect_response(lambda answer: "upload_file" in answer.url and answer.request.method == "PUT"):
        choose.set_input_files(large_file(tmp_path))
    begun = time.monotonic()
    expect(page.get_by_text(re.compile("Of the first 2,000 rows of about"))).to_be_visible()
    assert time.monotonic() - begun < 5.0  # measured: 0.2 s, 0.9 s where the server has just started
    page.get_by_role("button", name="Read all of it").click()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("200 tracks kept").first).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Usable as paths")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("400,000", exact=True)).to_be_visible()
    expect(page.get_by_text("drives.csv")).to_have_count(0)


def late_timer(page: Page) -> tuple[list[BackMsg], list[BackMsg]]:
    """From the page's next load on: the first that a timer asks for is held back, and goes off right behind the next click on another page,
    as it may on a busy machine. What was held back, and went off."""
    held: list[BackMsg] = []
    late: list[BackMsg] = []

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def asked(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            said = BackMsg.FromString(message)
            if said.rerun_script.is_auto_rerun and not held:
                held.append(said)
                return
            server.send(message)
            if held and not late and said.rerun_script.page_script_hash != held[0].rerun_script.page_script_hash:
                late.extend(held)
                server.send(held[0].SerializeToString())

        browser.on_message(asked)

    page.route_web_socket(re.compile("."), between)
    return held, late


def test_cancel_works_at_once_while_kernels_are_compiled_for_the_first_time(page: Page, tmp_path: Path) -> None:
    """10 s and more passed from the click to the page before; a second is the goal (tests/app/test_jobs.py holds the job itself to it).
    Here the page is drawn twice beside the other process, so what this machine takes for that is allowed on top."""
    with running(tmp_path, env={"NUMBA_CACHE_DIR": str(tmp_path / "cold")}) as server:
        page.goto(server.url)
        page.get_by_role("button", name="Open this sample").first.click()
        expect(page.get_by_text("Tracks read")).to_be_visible()
        begun = time.monotonic()
        page.get_by_role("link", name="Fit").first.click()
        expect(page.get_by_role("button", name="Fit", exact=True)).to_be_visible()
        drawn = time.monotonic() - begun
        page.get_by_role("button", name="Fit", exact=True).click()
        expect(page.get_by_text("First use: preparing the solver")).to_be_visible()
        held, late = late_timer(page)
        page.reload()  # the same job
        expect(page.get_by_text("First use: preparing the solver")).to_be_visible()
        while not held:
            page.wait_for_timeout(50)
        page.get_by_role("link", name="Features").first.click()
        there = page.get_by_role("heading", name="What might matter to them")
        expect(there).to_be_visible()
        page.wait_for_timeout(1000)  # the page stays, though the last that was asked for was a part of the page before
        expect(there).to_be_visible(timeout=1)
        assert late
        page.get_by_role("link", name="Fit").first.click()
        expect(page.get_by_text("First use: preparing the solver")).to_be_visible()
        begun = time.monotonic()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Fit was cancelled")).to_be_visible()
        assert time.monotonic() - begun < 4.0 + 3.0 * drawn
