"""What every page shares: the stepper, the running job, errors as words, escaped names, empty states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st

from app import session
from irlcore.analysis.study import staleness
from irlcore.errors import Cancelled, MotiveError
from irlcore.project.project import Project, remember
from irlcore.project.project_file import save_project

ICONS = {"done": ":material/check_circle:", "stale": ":material/sync_problem:", "open": ":material/radio_button_unchecked:",
         "needs a fit": ":material/lock:"}
STYLE = """<style>
.stMainBlockContainer{padding:2.6rem 2.2rem 3rem 2.2rem}
[data-testid="stSidebarUserContent"]{padding-top:0.4rem}
[data-testid="stMetricValue"]{font-size:1.45rem}
[data-testid="stMetric"]{padding:0.1rem 0}
.stVerticalBlock > :has(> .st-key-job_line){position:sticky;top:0;z-index:99}
.st-key-job_line{position:sticky;top:0;z-index:99;backdrop-filter:blur(14px);padding:0.3rem 0}
[class*="st-key-suggested_"] button,[class*="st-key-suggested_"] button > div{justify-content:flex-start;text-align:left}
.st-key-change_card{scroll-margin-top:3.5rem}
.st-key-explained button,.st-key-movers button{min-height:1.7rem;padding:0.05rem 0.5rem}
.st-key-studio > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child{
position:sticky;top:3.2rem;align-self:flex-start}
@media (min-width:1700px){
.st-key-studio > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child{flex:9 1 0}
.st-key-studio > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:last-child{flex:14 1 0}
.st-key-studio_right{flex-direction:row;align-items:flex-start;gap:1.5rem}
.st-key-studio_right > *{flex:1 1 0;min-width:0}
}
</style>"""


def safe(text: object) -> str:
    """An analyst's own text as plain text: Markdown's signs are escaped."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~])", r"\\\1", str(text))


def say(error: MotiveError) -> None:
    """An error as what is wrong and what to do."""
    st.error(f"{safe(error.what)}\n\n**What to do:** {safe(error.fix or 'Try again.')}", icon=":material/error:")


@contextmanager
def errors_as_words() -> Iterator[None]:
    """Show a MotiveError as what and fix; the project stays as it was."""
    try:
        yield
    except MotiveError as error:
        say(error)


def headline(question: str) -> Project:
    """The page's question, and the project that is open."""
    st.html(STYLE)
    st.title(question)
    return session.project()


def stale(project: Project) -> str:
    """What has changed since the fit, worked out once for each state of the project."""
    return session.derived("stale", lambda: staleness(project))


def say_stale(project: Project) -> None:
    """A warning on pages that rest on the fit, with the way to a new one."""
    if stale(project):
        st.warning(f"{safe(stale(project))} What follows still rests on the old fit, and its false-alarm rates may not hold.",
                   icon=":material/sync_problem:")
        st.page_link("screens/fit.py", label="Fit again", icon=":material/arrow_forward:")


def say_stale_fit(project: Project) -> None:
    """A line on the Features page where the features have moved on from the fit."""
    if stale(project):
        st.warning(f"{safe(stale(project))} What the model misses and previews still rest on the old fit.", icon=":material/sync_problem:")
        st.page_link("screens/fit.py", label="Fit again", icon=":material/arrow_forward:")


def marks(project: Project) -> dict[str, str]:
    """Each step of the story with its mark."""
    fit = "stale" if stale(project) else "done" if project.fit is not None else "open"
    later = fit if project.fit is not None else "needs a fit"
    return {"Tracks": "done" if project.paths is not None else "open", "Features": "done" if project.features else "open",
            "Fit": fit, "Review": later, "Intent": later, "Report": later}


def sidebar(pages: Mapping[str, Any]) -> None:
    """The stepper, the project, the class under study, undo and redo, save, history."""
    project = session.project()
    found = marks(project)
    with st.sidebar:
        for name, page in pages.items():
            mark = found.get(name, "")
            note = f" · {mark}" if mark in ("stale", "needs a fit") else ""
            st.page_link(page, label=name + note, icon=ICONS.get(mark, ":material/home:"), width="stretch")
        st.divider()
        st.markdown(f"**{safe(project.name)}**")
        _class_switch(project)
        left, right = st.columns(2)
        left.button("Undo", key="undo", on_click=session.undo, disabled=not session.can_undo(), width="stretch", icon=":material/undo:")
        right.button("Redo", key="redo", on_click=session.redo, disabled=not session.can_redo(), width="stretch", icon=":material/redo:")
        if project.tracks is not None:
            st.download_button("Save project", lambda: save_project(project), "project.motive", key="save",
                               icon=":material/save:", width="stretch", on_click="ignore",
                               help="Everything in one file; open it again on the Start page.")
        if project.history:
            with st.expander("History", icon=":material/history:"):
                for step in reversed(project.history[-30:]):
                    st.caption(f"{step.made[11:16]} {safe(step.what)}")


def _class_switch(project: Project) -> None:
    if project.tracks is None or project.class_column not in project.tracks.attributes.columns:
        return
    names = sorted(name for name in project.tracks.attributes[project.class_column].astype(str).unique() if name)[:200]
    key = f"class_{session.changes()}"
    chosen = st.selectbox("Class under study", names, index=names.index(project.agent_class) if project.agent_class in names else 0,
                          key=key)
    if chosen != project.agent_class:
        session.put(remember(replace(project, agent_class=chosen), f"Class under study: {chosen}"))
        st.rerun()


@st.fragment(run_every=0.5)
def progress() -> None:
    """The running job with its time left and Cancel; the page reruns when it ends."""
    running = session.job()
    if running is None:
        return
    if running.state != "running":
        st.rerun(scope="app")  # the page as a whole takes the result
    left, right = st.columns([6, 1], vertical_alignment="center")
    left.progress(running.share, text=safe(f"{running.title}: {running.message} · {running.clock}"))
    if right.button("Cancel", key="cancel", width="stretch", disabled=running.control.cancel.is_set()):
        running.control.cancel.set()
        running.wait(0.9)
        if running.state != "running":
            st.rerun(scope="app")


def job_line() -> None:
    """Above every page, in sight wherever it is scrolled to: what is running, or how the last job ended where it did not end well."""
    if session.job() is not None:
        with st.container(key="job_line"):
            progress()
    elif (error := session.notice()) is not None:
        with st.container(key="job_line"):
            if isinstance(error, Cancelled):
                st.info(safe(error), icon=":material/cancel:")
            else:
                say(error)
            st.button("Dismiss", on_click=session.dismiss, key="dismiss")


def need(ready: bool, what: str, page: str, button: str) -> None:
    """An empty state: what is missing, and the way there; the page stops here."""
    if not ready:
        st.info(what, icon=":material/info:")
        st.page_link(f"screens/{page}.py", label=button, icon=":material/arrow_forward:")
        st.stop()
