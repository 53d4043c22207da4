"""Sealed, in a real browser: what the policy forbids cannot be done, and what is a visitor's own is his alone. tests/browser/test_walk.py
walks every page under the policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from app.server.gate import NO_COOKIE
from tests.app.server.running import Server, running
from tests.browser.conftest import FLAGS, chromium, visit
from tests.browser.test_line import go, open_town, secret

pytestmark = pytest.mark.browser


@contextmanager
def another(browser: Browser) -> Iterator[Page]:
    """A page of somebody else, who shares nothing with the fixture's: neither cookies nor what that takes for a fault."""
    with browser.new_context() as context:
        context.set_default_timeout(30_000)
        yield context.new_page()


def test_what_a_page_may_not_do_it_cannot_do(browser: Browser, app_url: str) -> None:
    """The policy holds in this browser: neither another host, nor a frame, nor a script that somebody slipped in."""
    with another(browser) as other:
        other.goto(app_url)
        expect(other.get_by_role("button", name="Open this sample").first).to_be_visible()
        done = other.evaluate("""async () => {
            const refused = [], put = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
            document.addEventListener('securitypolicyviolation', e => refused.push(e.effectiveDirective));
            await fetch('http://127.0.0.1:9/').catch(() => 0);
            new Image().src = 'http://127.0.0.1:9/x.png';
            try { new WebSocket('ws://127.0.0.1:9/'); } catch {}
            put('script', {textContent: 'window.slipped = true'});
            put('script', {src: 'http://127.0.0.1:9/x.js'});
            put('iframe', {src: 'http://127.0.0.1:9/'});
            put('link', {rel: 'stylesheet', href: 'http://127.0.0.1:9/x.css'});
            setTimeout(() => { try { new Function('window.slipped = true')(); } catch {} }); // what the driver runs itself may
            await new Promise(r => setTimeout(r, 500));
            return [window.slipped === true, refused.sort()];
        }""")
    assert done == [False, ["connect-src", "connect-src", "frame-src", "img-src", "script-src", "script-src-elem", "script-src-elem",
                            "style-src-elem"]]


def test_a_download_is_its_visitors_alone(browser: Browser, page: Page, app_url: str) -> None:
    """Neither he who knows its address gets it, nor he who types it on a page of his own in the hope to be given it."""
    open_town(page)
    go(page, "Features", "What might matter to them")
    with page.expect_response(lambda r: "/media/" in r.url) as asked:
        page.get_by_role("button", name="Save project").click()
    address = asked.value.url
    assert page.request.get(address).status == 200
    with another(browser) as other:
        other.goto(app_url)
        open_town(other)
        assert other.request.get(address).status == 404
    assert page.request.get(address, headers={"cookie": ""}).status == 404


def test_a_link_from_another_site_does_not_make_a_new_visitor_of_an_old_one(browser: Browser, app_url: str, tmp_path: Path) -> None:
    """A letter on the web: another site than the app's, to which a strict cookie would not be sent."""
    with visit(browser, app_url) as (context, _):
        page = context.new_page()
        page.goto(app_url)
        expect(page.get_by_role("button", name="Open this sample").first).to_be_visible()
        before = secret(page)
        letter = tmp_path / "letter.html"
        letter.write_text(f'<a href="{app_url}/tracks">look here</a>', encoding="utf-8")
        page.goto(letter.as_uri())
        page.get_by_role("link", name="look here").click()
        expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Start")).to_be_visible()
        assert before and secret(page) == before


def test_a_page_of_another_origin_cannot_listen_in(browser: Browser, app_url: str, tmp_path: Path) -> None:
    """Not even one of this machine, which Streamlit lets in by itself."""
    with running(tmp_path) as elsewhere, visit(browser, app_url) as (context, _):
        page = context.new_page()
        page.goto(app_url)
        expect(page.get_by_role("button", name="Open this sample").first).to_be_visible()
        page.goto(f"{elsewhere.url}/_stcore/health")  # another origin, whose page has no policy; cookies know no ports, so it has his
        listen = """url => new Promise(done => { const s = new WebSocket(url, ['streamlit']);
                        s.onopen = () => done('open'); s.onerror = () => done('refused'); })"""
        assert page.evaluate(listen, f"{app_url.replace('http', 'ws')}/_stcore/stream") == "refused"
        assert page.evaluate(listen, f"{elsewhere.url.replace('http', 'ws')}/_stcore/stream") == "open"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("team")
    with running(folder, env={"MOTIVE_PASSWORD": "correct horse battery"}) as started:
        yield started


def test_the_password_is_asked_once_and_then_everything_works(browser: Browser, team: Server) -> None:
    with visit(browser, team.url) as (context, watched):
        page = context.new_page()
        page.goto(f"{team.url}/tracks")
        page.get_by_label("Password").fill("wrong horse battery")
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_role("alert")).to_have_text("That is not the password.")
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Start")).to_be_visible()
        assert page.url == f"{team.url}/tracks"
        page.get_by_test_id("stSidebar").get_by_role("link", name="Start").click()
        open_town(page)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save project").click()
        assert len(saved.value.path().read_bytes()) > 1000
        page.reload()
        expect(page.get_by_test_id("stSidebar")).to_be_visible()
        assert not watched.refused and not watched.elsewhere
        assert page.request.get(f"{team.url}/static/x.js", headers={"cookie": ""}).status == 401


def test_a_browser_that_keeps_no_cookie_is_told_so(playwright: Playwright, app_url: str, tmp_path: Path) -> None:
    """The page stayed empty, and asked for its stream for ever."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"profile": {"default_content_setting_values": {"cookies": 2}}}))  # none, as in Chromium's settings
    with playwright.chromium.launch_persistent_context(tmp_path, executable_path=chromium(), args=FLAGS) as context:
        page = context.new_page()
        page.goto(app_url)
        expect(page.get_by_text(NO_COOKIE)).to_be_visible(timeout=60_000)
        assert not context.cookies()
