"""A stranger's text is text on every page: nothing that Streamlit's Markdown or plotly would read stands open in anything sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from irlcore.project.project import Project
from irlcore.report.text import NAME, as_line, as_markdown, as_plotly
from tests.app.hostile import CONTROLS, ORDINARY, TRAPS, UNFIT, hostile_project, open_in_markdown, open_in_plotly, read
from tests.app.test_pages import PAGES, opened

PLAIN = {"text_input": {"default", "value", "placeholder"}, "text_area": {"default", "value", "placeholder"}, "code": {"code_text"},
         "selectbox": {"options", "raw_value", "placeholder"}, "multiselect": {"options", "raw_values", "placeholder"},
         "plotly_chart": {"alt", "config"}, "image": {"alt", "url"}, "arrow_data_frame": {"alt", "columns"}, "page_link": {"page"},
         "file_uploader": {"type"}, "download_button": {"url"}}
"""Element -> fields that Streamlit 1.67 shows as they are, by its documentation and as seen in Chromium. All others count as Markdown."""
PROGRAM = {"js_content", "css_content", "html_content"}
"""Of a component of our own."""
KEYS = {"id", "element_id", "form_id", "user_key", "key", "icon", "page_script_hash", "query_param_key", "url", "deferred_file_id",
        "group_id", "fragment_id", "shortcut", "format", "url_path"}


def strings(message: Message, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a message with the fields on the way to it."""
    for field, value in message.ListFields():
        for one in value if isinstance(value, list) or hasattr(value, "append") or hasattr(value, "add") else [value]:
            if isinstance(one, Message):
                yield from strings(one, (*path, field.name))
            elif isinstance(one, str):
                yield (*path, field.name), one


def sent(app: AppTest) -> Iterator[tuple[str, str, Message]]:
    """(kind, name of the element, its message) of everything on the page, sidebar and all."""
    def walk(node: Node) -> Iterator[tuple[str, str, Message]]:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield ("block" if isinstance(node, Block) else "element", str(node.type), proto)
        for child in getattr(node, "children", {}).values():
            yield from walk(child)

    yield from walk(app._tree)


def open_on(app: AppTest) -> list[tuple[str, ...]]:
    """Every trap that stands open: where, what, in which text."""
    found: list[tuple[str, ...]] = []
    for _, kind, proto in sent(app):
        for path, text in strings(proto):
            if path[-1] in KEYS:
                continue
            if path[-1] in PLAIN.get(kind, ()):
                found += [(kind, ".".join(path), trap) for trap in CONTROLS.findall(text)]
            elif path[-1] in PROGRAM:  # no text of a user's has a place in it; what a map shows travels as bytes
                found += [(kind, text[:200])] if "evil" in text else []
            elif kind == "html":
                found += [(kind, trap) for trap in (*open_in_html(text), *CONTROLS.findall(text))]
            elif path[-1] == "spec" and "plotly" in kind:
                found += [(kind, trap, shown[:200]) for shown in shown_by_plotly(json.loads(text)) for trap in open_in_plotly(shown)]
            else:
                found += [(kind, ".".join(path), trap, text[:200]) for trap in open_in_markdown(text)]
    return found


class Tags(HTMLParser):
    """Gathers what a user's text has no place in: tags and their attributes, but for what is read aloud; comments; what styles say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.found += [tag, *(f"{name}={value}" for name, value in attrs if name not in ("aria-label", "alt"))]

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.found += [data] if self.inside in ("style", "script") else []

    def handle_comment(self, data: str) -> None:
        self.found.append(data)


def open_in_html(text: str) -> list[str]:
    """Where a stranger's text is more than text."""
    tags = Tags()
    tags.feed(text)
    tags.close()
    return [one[:200] for one in tags.found if "evil" in one]


def shown_by_plotly(figure: Any, key: str = "") -> Iterator[str]:
    """Every text of a figure that is drawn; data behind a mark counts only where a template shows it."""
    if isinstance(figure, dict):
        template = str(figure.get("hovertemplate", ""))
        for name, part in figure.items():
            if name == "bdata" or (name == "customdata" and "customdata" not in template):  # numbers; what clicks give back
                continue
            yield from shown_by_plotly(part, name)
    elif isinstance(figure, list):
        for part in figure:
            yield from shown_by_plotly(part, key)
    elif isinstance(figure, str):
        yield figure


def fitted(project: Project) -> AppTest:
    app = opened()
    app.session_state["project"] = project
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    assert app.session_state["project"].fit is not None, [e.value for e in app.error]
    return app


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_no_trap_stands_open_on_any_page(turn: int) -> None:
    project = hostile_project(turn)
    app = fitted(project)
    seen = ""
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, (page, [e.value for e in app.error])
        assert not open_on(app), page
        seen += "\n".join(read(text) for _, _, proto in sent(app) for _, text in strings(proto))
        if page == "features":
            assert_ways_to_propose_are_closed(app, TRAPS if turn == 0 else ())
    reasons = (s.reason for s in project.features)
    for name in (project.name, project.agent_class, *(s.name for s in project.features), *project.zones, *reasons):
        assert as_line(name, NAME).removesuffix("\u2026") in seen, name


def assert_ways_to_propose_are_closed(app: AppTest, typed: Sequence[str]) -> None:
    """Forms that quote names and errors that quote what was typed."""
    for way in ("Formula", "Attribute", "Place", "Combine", "Anything", "Suggestions"):
        app.session_state["propose"] = way
        app.run()
        assert not app.exception, way
        assert not open_on(app), way
    for trap in typed:
        app.session_state["propose"] = "Formula"
        app.run()
        next(t for t in app.text_input if str(t.key).startswith("formula_")).set_value(trap).run()
        assert not app.exception and not open_on(app), trap


def test_what_is_sent_is_looked_at() -> None:
    """A page that shows a trap as it is, is found out; each in the ways that Streamlit and plotly would read it."""
    def page() -> None:
        import plotly.graph_objects as go
        import streamlit as st
        st.button("![evil](http://evil.test/i.png)")
        st.caption("x", help=":material_skull:")
        st.metric("a", "www.evil.test")
        st.plotly_chart(go.Figure(go.Scatter(x=[1], y=[1], name='<a href="http://evil.test/a">evil</a>')))
        with st.expander(":red[evil]"):
            st.write("me@evil.test")
        st.html("<p>evil</p><img src=x onerror=evil()>")

    found = open_on(AppTest.from_function(page).run())
    assert len({one[0] for one in found}) >= 6 and len(found) >= 7


@pytest.mark.parametrize("trap", [t for t in TRAPS if t not in ("%{customdata} %{x} evil", "=cmd|' /C calc'!A0 evil")])
def test_every_trap_is_open_where_nothing_is_done_and_closed_where_something_is(trap: str) -> None:
    assert open_in_markdown(trap)
    assert not open_in_markdown(as_markdown(trap)) and read(as_markdown(trap)) == as_line(trap)


@pytest.mark.parametrize("text", UNFIT)
def test_what_cannot_be_shown_is_replaced_and_what_is_too_long_cut(text: str) -> None:
    assert not open_in_markdown(as_markdown(text)) and not open_in_plotly(as_plotly(text))
    assert len(read(as_markdown(text))) <= 1000


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_are_read_as_typed(name: str) -> None:
    assert read(as_markdown(name)) == name
