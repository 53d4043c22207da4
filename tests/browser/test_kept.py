"""F5, a closed tab, a second window and a new server in the middle of work: nothing is lost, and no count begins anew."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.server.running import running
from tests.browser.drawing import draw_lasso
from tests.browser.resting import at_rest
from tests.browser.test_line import go, open_file, open_town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
SLOW = 300_000  # ms: a fit takes what it takes beside other tests
HELD = """import sys
import time
from pathlib import Path
from irlcore.analysis import study

fit = study.fit_record

def held_back(*asked, **named):
    watch = next(one for one in (*asked, *named.values()) if hasattr(one, "cancel"))
    while not Path({go_on!r}).exists():
        watch.step(0, 0, "held back")
        time.sleep(0.1)
    return fit(*asked, **named)

study.fit_record = held_back
from app.server.command import main
sys.exit(main())
"""
"""The documented command, but every fit waits for a file to be there."""


def draw(page: Page) -> None:
    """A loop, once what is worked out beside the page is there: a page that is drawn anew under the hand takes the lasso out of it."""
    page.bring_to_front()  # as for whoever draws: nothing is painted in a window behind, and a click waits half a minute for it
    at_rest(page)
    expect(page.get_by_role("radio", name="What the model misses")).to_be_checked(timeout=SLOW)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0, timeout=SLOW)
    draw_lasso(page)


def looked_at(page: Page, many: int) -> None:
    expect(page.get_by_text(f"{many} looked at so far")).to_be_visible()


def test_f5_in_the_middle_of_a_fit_shows_the_same_job_and_its_result_arrives(page: Page, tmp_path: Path) -> None:
    """The fit is held back until both reloads are over, so that it lasts on any machine, and no longer than it must."""
    script, go_on = tmp_path / "held.py", tmp_path / "go on"
    script.write_text(HELD.format(go_on=str(go_on)), encoding="utf-8")
    with running(tmp_path, (sys.executable, str(script), "app", "--no-browser")) as server:
        page.goto(server.url)
        open_town(page)
        go(page, "Fit", "What do they want")
        page.get_by_role("button", name="Fit", exact=True).click()
        expect(page.get_by_text(re.compile("Fit: held back"))).to_be_visible()
        page.reload()
        so_far = page.get_by_text(re.compile(r"Fit: .* \d+ s so far"))
        expect(so_far).to_be_visible()
        page.wait_for_timeout(3000)
        expect(page.get_by_text(re.compile(r"[1-9]\d* s so far")).first).to_be_visible()  # it has not begun anew
        page.reload()
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
        go_on.touch()
        expect(page.get_by_role("link", name=re.compile("Review · needs a fit"))).to_have_count(0, timeout=SLOW)
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        expect(page.get_by_text("Held out, per track")).to_be_visible()


def test_f5_keeps_the_proposal_and_the_suggestions_and_their_count(page: Page, fitted_town: Path) -> None:
    open_file(page, fitted_town)
    draw(page)
    expect(page.get_by_text("Predicted gain")).to_be_visible()
    looked_at(page, 1)
    page.reload()
    expect(page.get_by_text("Predicted gain")).to_be_visible()
    looked_at(page, 1)
    expect(page.get_by_text("As you left it at")).to_be_visible()
    page.locator(".st-key-dismiss_left button:visible").click()  # Streamlit writes a button with help twice, one for small screens
    expect(page.get_by_text("As you left it at")).to_have_count(0)
    page.get_by_text("Suggestions", exact=True).first.click()
    page.get_by_role("button", name="Suggest features").click()
    many = page.get_by_text(re.compile(r"[1-9]\d{2,} looked at so far"))
    expect(many).to_be_visible()
    said = many.inner_text()
    page.reload()
    expect(page.get_by_text(re.search(r"[\d,]+ looked at so far", said)[0])).to_be_visible()  # type: ignore[index]


def test_two_windows_count_together_and_the_second_is_told_of_a_change(page: Page, fitted_town: Path) -> None:
    open_file(page, fitted_town)
    other = page.context.new_page()
    other.goto(page.url)
    looked_at(other, 0)
    draw(page)
    looked_at(page, 1)
    draw(other)
    expect(other.get_by_text("Predicted gain")).to_be_visible()
    looked_at(other, 1)  # it is the same loop
    page.bring_to_front()
    page.get_by_role("button", name="Add without a refit").click()
    expect(page.get_by_text("6 of 7 switched on")).to_be_visible()
    other.bring_to_front()
    go(other, "Fit", "What do they want")
    expect(other.get_by_text("Changed in another window meanwhile")).to_be_visible()


def test_a_new_server_has_the_work_and_the_count_and_says_from_when(page: Page, tmp_path: Path, fitted_town: Path) -> None:
    with running(tmp_path) as server:
        page.goto(server.url)
        open_file(page, fitted_town)
        draw(page)
        expect(page.get_by_text("Predicted gain")).to_be_visible()
        looked_at(page, 1)
        expect(page.get_by_text(re.compile(r"Saved, version \d+"))).to_be_visible()
        version = page.get_by_text(re.compile(r"Saved, version \d+")).inner_text()
        key = page.url.split("?")[1]
    with running(tmp_path) as server:
        page.goto(f"{server.url}/features?{key}")
        expect(page.get_by_text(version)).to_be_visible()
        expect(page.get_by_text(re.compile(r"As you left it at \d\d:\d\d"))).to_be_visible()
        looked_at(page, 1)
        page.goto(server.url)
        expect(page.get_by_text("Recent projects")).to_be_visible()
        expect(page.get_by_text(re.compile("684 tracks, 1 fit, 0 verdicts"))).to_be_visible()
