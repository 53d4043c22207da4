"""A stranger's text in a real browser: nothing of it becomes a link, a picture, an element or a request, and it can be read."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from irlcore.project.project_file import save_project
from irlcore.report.html import report_html
from irlcore.report.text import JOINER, NAME, as_line
from tests.app.hostile import ORDINARY, TRAPS, hostile_project
from tests.app.server.running import running
from tests.browser.resting import at_rest
from tests.browser.test_line import fit, go
from tests.report.made import contents_with

pytestmark = pytest.mark.browser
LIVE = """() => [...document.querySelectorAll('a, img, image, script, iframe, object, embed, base, link, form, video, audio')].filter(e => {
    const to = e.href?.baseVal ?? e.href ?? e.src ?? e.action ?? '';
    return e.id === 'evil' || (to && !/^(data|blob|about):/.test(to) && new URL(to, location).host !== location.host);
}).map(e => e.outerHTML.slice(0, 300)).concat(window.evil ? ['a script ran'] : [],
    [...document.querySelectorAll('#evil, [aria-label="skull icon"], .stMarkdown [alt="Streamlit logo"], .katex')].map(e => e.outerHTML))"""
SIGNS = [*"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", " ", "  ", "\n", "1", "x", "Ab", "home", "\u00e9", "\U0001f642", "http://e.test",
         "www.e.test", "a@b.c", ":material/home:", ":material_home:",
         ":streamlit:", ":smile:", ":red[", "](", "![", "<img src=x>", "&amp;", "&lt", "->",
         "--", "<=", "``", "```", "**", "~~", "$$", "1. ", "- ", "# ", "> ", "[x]", "[^1]", "<!--", ":::", "::note[x]{a=b}", "||", "---"]
SHOWN = """import json
from pathlib import Path
import streamlit as st
from irlcore.report.text import as_markdown
for k, text in enumerate(json.loads(Path(__file__).with_name("texts.json").read_text())):
    with st.container(key=f"text_{k}"):
        st.markdown(f"**{as_markdown(text)}**, {as_markdown(text)}")
        st.button(as_markdown(text), key=f"button_{k}")
        st.metric("a " + as_markdown(text), as_markdown(text))
"""


class Watch:
    """What a page asked for and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.broken: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))

    def foreign(self, host: str) -> list[str]:
        """Requests that went elsewhere."""
        return [url for url in self.asked if url.startswith(("http", "ws")) and url.split("/")[2] != host]


QUIET = """() => new Promise(done => {
    const over = () => { watch.disconnect(); done(); }, again = () => { clearTimeout(timer); timer = setTimeout(over, 400); };
    let timer = setTimeout(over, 400);
    const watch = new MutationObserver(again);
    watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
})"""
"""Ends once nothing of the page has changed for a while."""


def settled(page: Page) -> None:
    """Everything is written and every plot is drawn."""
    at_rest(page, 60_000)
    page.evaluate(QUIET)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    for plot in page.get_by_test_id("stPlotlyChart").all():
        expect(plot.locator(".main-svg").first).to_be_attached()
    at_rest(page, 60_000)


def read(page: Page) -> str:
    """All that can be read on the page, what is in plots too."""
    return str(page.evaluate("() => document.body.textContent")).replace(JOINER, "")


@pytest.mark.parametrize("turn", [0, 1])
def test_a_hostile_project_is_text_on_every_page_and_in_its_report(page: Page, tmp_path: Path, turn: int) -> None:
    project = hostile_project(turn, unfit_too=False)
    file = tmp_path / "hostile.motive"
    file.write_bytes(save_project(project))
    watch, host = Watch(page), page.url.split("/")[2]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_text("Propose a feature")).to_be_visible(timeout=60_000)
    go(page, "Fit", "What do they want")
    fit(page)
    for name, headline in (("Tracks", "What was observed"), ("Features", "What might matter"), ("Fit", "What do they"),
                           ("Review", "Who does not"), ("Intent", "What is this one"), ("Report", "What do I hand")):
        go(page, name, headline)
        settled(page)
        assert not page.evaluate(LIVE), name
        assert as_line(project.name, NAME) in read(page), name
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
        for at in (0.3, 0.5, 0.7):
            hover(page, at)
        assert not page.evaluate(LIVE), name
    assert as_line(project.features[0].reason) in tell(page, "Features", "What might matter")
    go(page, "Report", "What do I hand")
    with page.expect_download() as made:
        page.get_by_role("button", name="Download report").click()
    report = tmp_path / "report.html"
    made.value.save_as(report)
    assert not watch.foreign(host) and not watch.broken
    page.goto(report.as_uri())
    page.wait_for_selector(".motive-report svg")
    assert not page.evaluate("() => [...document.querySelectorAll('a, img, iframe, script, #evil')].map(e => e.outerHTML)")
    assert page.evaluate("() => window.evil") is None
    assert as_line(project.name, NAME) in read(page) and not watch.foreign(host) and not watch.broken


def tell(page: Page, name: str, headline: str) -> str:
    go(page, name, headline)
    settled(page)
    return read(page)


def hover(page: Page, at: float) -> None:
    """Over every plot that is in sight, so that its hover labels are drawn."""
    for plot in page.locator(".js-plotly-plot .nsewdrag").all()[:4]:
        box = plot.bounding_box()
        if box:
            page.mouse.move(box["x"] + at * box["width"], box["y"] + at * box["height"])
            page.wait_for_timeout(150)
            assert not page.locator(".hoverlayer a").count()


def test_the_report_lets_no_script_run_that_was_not_written_with_it(page: Page, tmp_path: Path) -> None:
    """Even where a text got out of its place, which none does."""
    made = report_html(contents_with("TEXT"))
    file = tmp_path / "report.html"
    out = "<script>window.evil=1</script><img src='http://evil.test/i.png' onerror='window.evil=1'><svg onload='window.evil=1'></svg>"
    file.write_text(made.replace("<h1>TEXT</h1>", out))
    assert out in file.read_text()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("article svg")
    page.wait_for_timeout(1000)
    assert page.evaluate("() => window.evil") is None
    assert not [url for url in asked if "evil" in url]


@pytest.fixture(scope="module")
def texts_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """A page that shows texts made of signs at random, and the texts."""
    folder = tmp_path_factory.mktemp("texts")
    rng = random.Random(11)
    texts = [*TRAPS, *ORDINARY, *("".join(rng.choice(SIGNS) for _ in range(rng.randint(1, 14))) for _ in range(300))]
    texts = [text for text in texts if as_line(text)]
    (folder / "texts.json").write_text(json.dumps(texts))
    (folder / "shown.py").write_text(SHOWN)
    streamlit = (sys.executable, "-m", "streamlit", "run", str(folder / "shown.py"), "--server.headless", "true", "--server.address",
                 "127.0.0.1", "--browser.gatherUsageStats", "false")
    with running(folder, streamlit, folder, "--server.port") as server:
        yield server.url, texts


def test_any_text_is_read_as_it_is_typed(page: Page, texts_url: tuple[str, list[str]]) -> None:
    """Streamlit's own front end on texts of signs: what a newer one reads otherwise is found here."""
    url, texts = texts_url
    page.goto("about:blank")  # the page opened before has nothing more to ask for
    watch = Watch(page)
    page.goto(url)
    page.wait_for_selector(f".st-key-text_{len(texts) - 1} button", timeout=60_000)
    settled(page)
    read = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('[class*=st-key-text_]')].map(e => [
        [...e.classList].find(c => c.startsWith('st-key-text_')).slice(12),
        [...e.querySelectorAll('[data-testid=stMarkdownContainer]')].map(m => m.textContent)]))""")
    wrong = {}
    for k, text in enumerate(texts):
        line = as_line(text)
        if (found := [part.replace(JOINER, "") for part in read[str(k)]]) != [f"{line}, {line}", line, f"a {line}", line]:
            wrong[text] = found
    assert not wrong
    assert not page.evaluate(LIVE) and not watch.foreign(url.split("/")[2]) and not watch.broken
