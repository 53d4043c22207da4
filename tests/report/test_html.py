"""The report opens offline and shows what is in names as text, whatever they hold."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs

from irlcore.report.charts import posterior_figure, weights_figure
from irlcore.report.html import DRAW, HONEST, report_html
from irlcore.report.maps import add_paths, ground
from irlcore.report.text import as_plotly
from tests.report import EVIL, cells, plain_streets


class Page(HTMLParser):
    """Tags with their attributes, the text that is read, and the code that is run."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.scripts, self.open = "", [], [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] == "script":
            self.scripts[-1] += data
        elif self.open[-1] != "style":
            self.text += data + "\n"


def evil_map() -> go.Figure:
    world, paths = plain_streets()
    figure = ground(world, {EVIL: np.array([[0, 0], [9, 0], [9, 9], [0, 0.0]])})
    add_paths(figure, world, paths, np.arange(4), "#D55E00", name=EVIL)
    return figure


def evil_charts() -> list[go.Figure]:
    return [weights_figure([EVIL, "length"], np.array([-1.0, -2.0]), np.array([[-1.5, -0.5], [-3.0, -1.0]]), EVIL),
            posterior_figure(np.array([[0.5, 0.5], [0.2, 0.8]]), [EVIL, "quay"], 1)]


@pytest.fixture(scope="module")
def evil_report() -> str:
    table = pd.DataFrame({EVIL: [EVIL, "ship"], "p-value": [0.012345678, 1.0]})
    sections = [(f"Track {EVIL}", [EVIL], table, evil_map()), *(("Chart", [], None, f) for f in evil_charts())]
    return report_html(EVIL, EVIL, sections, f"first line\n\n{EVIL}")


def test_nothing_is_loaded_from_elsewhere(evil_report: str) -> None:
    page = Page(evil_report)
    attributes = [pair for _, found in page.tags for pair in found.items()]
    loaded = [str(value) for key, value in attributes if key in ("src", "href", "data", "action", "srcset")]
    assert not [value for value in loaded if not value.startswith("data:")]
    assert not [tag for tag, _ in page.tags if tag in ("link", "iframe", "object", "embed", "base")]
    styles = re.findall(r"<style>(.*?)</style>", evil_report, re.DOTALL)
    assert not re.search(r"url\(|@import", styles[0])


def test_plotly_is_inside_once_however_many_figures_there_are(evil_report: str) -> None:
    *figures, plotly, draw = Page(evil_report).scripts
    assert len(plotly) > 1_000_000 and draw == DRAW
    assert len(figures) == 3 and all(json.loads(figure).keys() == {"data", "layout"} for figure in figures)


def test_plotly_is_inside_too_where_the_first_section_has_no_figure() -> None:
    html = report_html("t", "p", [("words", ["only"], None, None), ("map", [], None, evil_map())])
    assert any(len(script) > 1_000_000 for script in Page(html).scripts)
    assert not Page(report_html("t", "p", [("words", ["only"], None, None)])).scripts


def test_the_scripts_that_may_run_are_two_and_the_same_whatever_the_figures_say(evil_report: str) -> None:
    """Each of the policy's hashes is known beforehand, so that none can be that of a script which a name brought in."""
    named = re.findall(r"'sha256-([^']+)'", str(dict(Page(evil_report).tags[3][1])["content"]))
    assert named == [b64encode(sha256(code.encode()).digest()).decode() for code in (get_plotlyjs(), DRAW)]
    data = [found for tag, found in Page(evil_report).tags if tag == "script"][:3]
    assert data == [{"type": "application/json", "class": "figure"}] * 3  # nothing that a browser runs


def test_no_figure_needs_webgl_whose_drawing_commands_the_policy_would_not_let_compile(evil_report: str) -> None:
    for told in Page(evil_report).scripts[:3]:
        for trace in json.loads(told)["data"]:
            assert not trace["type"].endswith("gl")


def test_the_drawn_lines_are_those_of_the_map_and_what_cannot_be_seen_is_left_out() -> None:
    world, paths = plain_streets()
    figure = ground(world, {})
    add_paths(figure, world, paths, np.arange(4), "#D55E00", name="all")
    asked = json.loads(figure.to_json())["data"]
    drawn = json.loads(Page(report_html("t", "p", [("map", [], None, figure)])).scripts[0])["data"]
    for before, after in zip(asked, drawn, strict=True):
        assert {key: before.get(key) for key in ("x", "y", "line", "customdata", "name", "hovertemplate")} == {
            key: after.get(key) for key in ("x", "y", "line", "customdata", "name", "hovertemplate")}
        assert after["mode"] == "lines"  # markers of thousands of corners would each be an element
    grid = ground(cells(), {})
    assert "cells" in {trace.name for trace in grid.data}  # what a lasso needs, and a report does not
    drawn = json.loads(Page(report_html("t", "p", [("map", [], None, grid)])).scripts[0])["data"]
    assert "cells" not in {trace.get("name") for trace in drawn}


def test_a_script_in_a_name_is_never_run(evil_report: str) -> None:
    assert EVIL not in evil_report
    assert not [s for s in Page(evil_report).scripts if s.strip().startswith("alert")]


def test_a_script_in_a_name_is_read_as_text_wherever_the_name_is_told(evil_report: str) -> None:
    # title of page and body, heading, sentence, head and cell of the table, note, footer
    assert Page(evil_report).text.count(EVIL) == 8


def test_names_inside_the_figures_come_back_whole() -> None:
    html = report_html("t", "p", [("map", [], None, evil_map())])
    data = json.loads(Page(html).scripts[0])["data"]
    assert as_plotly(EVIL) in {trace.get("name") for trace in data}  # plotly reads tags in the name of a trace, and none in its data
    assert EVIL in {name for trace in data for name in trace.get("customdata", []) if isinstance(name, str)}


def test_a_name_that_ends_the_table_or_an_attribute_stays_text() -> None:
    name = "\"></td></table><img src=x onerror=alert(1)> & 'more'"
    page = Page(report_html(name, name, [(name, [name], pd.DataFrame({"track": [name]}), None)], name))
    assert "img" not in {tag for tag, _ in page.tags}
    assert page.text.count(name) == 7


def test_the_table_holds_every_row_with_numbers_to_four_digits_and_names_in_full() -> None:
    name = "a vessel whose name is a good deal longer than the fifty characters of a narrow column"
    table = pd.DataFrame({"track": [name, *(f"track {k}" for k in range(200))], "p": np.linspace(0.0123456, 1.0, 201)})
    page = Page(report_html("t", "p", [("all", [], table, None)]))
    assert name in page.text
    assert all(f"track {k}\n" in page.text for k in range(200))
    assert "0.01235" in page.text
    assert sum(tag == "tr" for tag, _ in page.tags) == 202


def test_every_report_says_that_unusual_is_not_guilty_and_keeps_the_order() -> None:
    text = Page(report_html("My study", "made today", [("One", ["alpha"], None, None), ("Two", ["beta"], None, None)],
                            "noted")).text
    told = [text.index(part) for part in ("My study\n" + HONEST, "noted", "One", "alpha", "Two", "beta", "made today")]
    assert told == sorted(told)
