"""What every page shares: the stepper, the running job, errors as words, escaped names, empty states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Literal, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app import session
from app.callbacks import clicked
from app.faults import Fault, fault
from irlcore.analysis.study import staleness
from irlcore.errors import Cancelled, MotiveError
from irlcore.project.project import Project, remember
from irlcore.project.project_file import save_project
from irlcore.report.file_names import file_name
from irlcore.report.glossary import explained_terms
from irlcore.report.text import NAME, as_line, as_markdown, told_apart
from irlcore.tracks.attributes import column_of, in_order, label_counts
from irlcore.worlds.called import CALLED, Called, called

ICONS = {"done": ":material/check_circle:", "stale": ":material/sync_problem:", "open": ":material/radio_button_unchecked:",
         "needs a fit": ":material/lock:"}
STEP = 200  # characters of a line of the history beside the page
MOST_LABELS = 200  # values of a column offered, the commonest
STYLE = """<style>
.stMainBlockContainer{padding:2.6rem 2.2rem 3rem 2.2rem}
[data-testid="stSidebarUserContent"]{padding-top:0.4rem}
[data-testid="stMetricValue"]{font-size:1.45rem}
[data-testid="stMetric"]{padding:0.1rem 0}
.stVerticalBlock > :has(> .st-key-job_line){position:sticky;top:0;z-index:99}
.st-key-job_line{position:sticky;top:0;z-index:99;backdrop-filter:blur(14px);padding:0.3rem 0}
</style>"""


def say(error: MotiveError) -> None:
    """An error as what is wrong and what to do; what nobody foresaw with its details folded."""
    st.error(f"{as_markdown(error.what)}\n\n**What to do:** {as_markdown(error.fix or 'Try again.')}", icon=":material/error:")
    if isinstance(error, Fault):
        with st.expander("Details", icon=":material/bug_report:"):
            st.code(error.details, language=None, wrap_lines=True)
            with suppress(StreamlitAPIException):  # the same report is offered above already, or this is within a form
                st.download_button("Download the report", error.details, f"motive-report-{error.report.name or 'unkept.txt'}", "text/plain",
                                   key=f"report_{error.report.name}_{error.what}", icon=":material/download:", on_click="ignore")


@contextmanager
def errors_as_words(failed: str = "This part of the page cannot be shown") -> Iterator[None]:
    """Show whatever is raised as what and fix, and go on after it; the project stays as it was. failed: what to say of an error
    that nobody foresaw. Streamlit's own signals (rerun, stop) are no errors and pass."""
    try:
        yield
    except MotiveError as error:
        say(error)
    except Exception as error:
        say(fault(failed, error))


def link(page: str, label: str, icon: str = ":material/arrow_forward:", width: Literal["content", "stretch"] = "content") -> None:
    """The way to another page, with the open project named in the address."""
    st.page_link(f"screens/{page}.py", label=label, icon=icon, width=width, query_params=session.address())


def go_to(page: str) -> NoReturn:
    """Show another page from here on, with the open project named in the address."""
    st.switch_page(f"screens/{page}.py", query_params=session.address())


def headline(question: str) -> Project:
    """The page's question, and the project that is open."""
    st.title(question)
    return session.project()


def stale(project: Project) -> str:
    """What has changed since the fit, worked out once for each state of the project. It never raises: the sidebar rests on it."""
    def work() -> str:
        try:
            return staleness(project)
        except Exception as error:
            return fault("Whether this fit still holds cannot be told", error).what

    return session.derived("stale", work)


def say_stale(project: Project) -> None:
    """A warning on pages that rest on the fit, with the way to a new one."""
    _say_stale(project, "What follows still rests on the old fit, and its false-alarm rates may not hold.")


def say_stale_fit(project: Project) -> None:
    """A line on the Features page where the features have moved on from the fit."""
    _say_stale(project, "What the model misses and previews still rest on the old fit.")


def _say_stale(project: Project, consequence: str) -> None:
    if stale(project):
        with st.container(key="stale_fit"):
            words, way = st.columns([5, 1.6], vertical_alignment="center")
            words.warning(f"{as_markdown(stale(project))} {consequence}", icon=":material/sync_problem:")
            with way:
                link("fit", "Fit again")


def marks(project: Project) -> dict[str, str]:
    """Each step of the story with its mark."""
    fit = "stale" if stale(project) else "done" if project.fit is not None else "open"
    later = fit if project.fit is not None else "needs a fit"
    return {"Tracks": "done" if project.paths is not None else "open", "Features": "done" if project.features else "open",
            "Fit": fit, "Review": later, "Intent": later, "Report": later}


def sidebar(pages: Iterable[str]) -> None:
    """The stepper, the project, the class under study, undo and redo, save; ``app.kept_line`` stands below."""
    st.html(STYLE)  # here, since a page may raise before it draws anything
    project = session.project()
    found: dict[str, str] = {}
    with errors_as_words("How far the work is cannot be told"):
        found = marks(project)
    with st.sidebar:
        for name in pages:
            mark = found.get(name, "")
            note = f" · {mark}" if mark in ("stale", "needs a fit") else ""
            link(name.lower(), in_its_words(name) + note, ICONS.get(mark, ":material/home:"), width="stretch")
        st.divider()
        st.markdown(f"**{as_markdown(project.name, NAME)}**")
        with errors_as_words("The classes cannot be listed"):
            _class_switch(project)
        left, right = st.columns(2)
        left.button("Undo", key="undo", on_click=clicked(session.undo), disabled=not session.can_undo(), width="stretch",
                    icon=":material/undo:")
        right.button("Redo", key="redo", on_click=clicked(session.redo), disabled=not session.can_redo(), width="stretch",
                     icon=":material/redo:")
        if project.tracks is not None:
            counted = session.counted()
            st.download_button("Save project", lambda: save_project(counted), file_name(project.name, "", "project", "motive"), key="save",
                               icon=":material/save:", width="stretch", on_click="ignore",
                               help="Everything in one file; open it again on the Start page.")


def _class_switch(project: Project) -> None:
    names = labels_offered(project, project.class_column, project.agent_class)
    if not names:
        return
    chosen = st.selectbox("Class under study", names, index=names.index(project.agent_class),
                          format_func=said_apart(names).__getitem__, key=f"class_{session.changes()}")
    if chosen != project.agent_class:
        session.put(remember(replace(project, agent_class=chosen), f"Class under study: {chosen}"))
        st.rerun()


def labels_offered(project: Project, column: str, now: str | None = None) -> list[str]:
    """Values of a column of the tracks to choose from, in order, ``now`` among them where given; none where there is no such column."""
    values = column_of(project.tracks.attributes, column) if project.tracks is not None else None
    if values is None:
        return []
    found = session.derived("labels", lambda: label_counts(values), column)
    offered = in_order([*[*found][:MOST_LABELS], *([now] if now in found else [])])
    return offered if now is None or now in found else [now, *offered]


def said_apart(classes: Sequence[str]) -> dict[str, str]:
    """class -> how it reads in a list; none is all of them."""
    return told_apart(classes, in_its_words("all tracks"))


@st.fragment(run_every=0.5)
def progress() -> None:
    """The running job with its time left and Cancel; the page reruns when it ends."""
    with errors_as_words("How far the work is cannot be shown"):  # within the fragment, which runs again by itself
        running = session.job()
        if running is None:
            return
        if running.state != "running":
            st.rerun(scope="app")  # the page as a whole takes the result
        left, right = st.columns([6, 1], vertical_alignment="center")
        said = f"{as_line(running.title, NAME)}: {as_line(running.message, NAME)} · {running.clock}"
        left.progress(running.share, text=as_markdown(said))
        if right.button("Cancel", key="cancel", width="stretch", disabled=running.control.cancel.is_set()):
            running.stop()
            st.rerun(scope="app")


def job_line() -> None:
    """Above every page, in sight wherever it is scrolled to: what is running, or how the last job ended where it did not end well. Its
    place is there with nothing in it too: a line that comes and goes would put all that stands below it on the page anew, and a drawing in
    hand with it. And it is emptied at once: what is only no longer drawn stays until the whole page is, and then all below moves under a
    press that has begun."""
    with st.container(key="job_line"):
        if session.job() is not None:
            progress()
        elif (error := session.notice()) is not None:
            left, right = st.columns([6, 1])
            with left:
                if isinstance(error, Cancelled):
                    st.info(as_markdown(error), icon=":material/cancel:")
                else:
                    say(error)
            right.button("Dismiss", on_click=clicked(session.dismiss), key="dismiss", width="stretch")
        else:
            st.empty()


def say_waiting(title: str, doing: str, otherwise: str) -> None:
    """Why something is not there yet. title: of the job that finds it, which is ``doing`` that; another one may be at work before it."""
    running = session.job()
    if running is None:
        words = otherwise
    elif running.title == title:
        words = doing
    else:
        words = f"{otherwise} This begins once \"{running.title}\" has ended."
    st.info(as_markdown(words), icon=":material/hourglass_top:")


def need(ready: bool, what: str, page: str, button: str) -> None:
    """An empty state: what is missing, and the way there; the page stops here."""
    if not ready:
        st.info(what, icon=":material/info:")
        link(page, button)
        st.stop()


def terms_explained(*names: str) -> str:
    """What terms of the glossary mean, in the words of the project's world: help for a number or a choice."""
    return in_its_words(explained_terms(*names))


def in_its_words(sentence: str) -> str:
    """A sentence of our own on tracks, in the words of the project's world: a log has sequences."""
    return its_words().say(sentence)


def its_words() -> Called:
    """The words of the project's world, those of moving agents where there is none."""
    world = session.project().world
    return CALLED["network"] if world is None else called(world)
