"""What every page shares: the stepper, errors as words, escaped names, the shared map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app import session
from irlcore.errors import MotiveError
from irlcore.project import Project


def safe(text: object) -> str:
    """An analyst's own text as plain text: Markdown's signs are escaped."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~])", r"\\\1", str(text))


@contextmanager
def errors_as_words() -> Iterator[None]:
    """Show a MotiveError as what and fix; the project stays as it was."""
    try:
        yield
    except MotiveError as error:
        st.error(f"{safe(error.what)}\n\n**What to do:** {safe(error.fix or 'Try again.')}", icon=":material/error:")


def marks(project: Project) -> list[tuple[str, str]]:
    """Each step of the story with its mark."""
    has_world, has_fit = project.paths is not None, project.fit is not None
    stale = project.fit_is_stale
    fit = "stale" if stale else "done" if has_fit else "open"
    later = "stale" if stale else "done" if has_fit else "needs a fit"
    return [("Tracks", "done" if has_world else "open"), ("Features", "done" if project.features else "open"), ("Fit", fit),
            ("Review", later), ("Intent", later), ("Report", later)]


ICONS = {"done": ":material/check_circle:", "stale": ":material/sync_problem:", "open": ":material/radio_button_unchecked:",
         "needs a fit": ":material/lock:"}


def sidebar() -> None:
    """Project, class, stepper, undo and redo."""
    project = session.project()
    with st.sidebar:
        st.markdown(f"**{safe(project.name)}**")
        if project.agent_class:
            st.caption(f"Class under study: {safe(project.agent_class)}")
        st.markdown("\n".join(f"{ICONS[mark]} {name} · {mark}  " for name, mark in marks(project)))
        left, right = st.columns(2)
        left.button("Undo", key="undo", on_click=session.undo, disabled=not session.can_undo(), width="stretch", icon=":material/undo:")
        right.button("Redo", key="redo", on_click=session.redo, disabled=not session.can_redo(), width="stretch", icon=":material/redo:")
        running = session.job()
        if running is not None and running.state == "running":
            st.info(f"{running.title} is running", icon=":material/hourglass_top:")
        if project.history:
            with st.expander("History"):
                for step in reversed(project.history[-30:]):
                    st.caption(f"{step.made[11:16]} {safe(step.what)}")


def need(ready: bool, what: str, page: str, button: str) -> None:
    """An empty state: what is missing, and the way there; the page stops here."""
    if not ready:
        st.info(what, icon=":material/info:")
        st.page_link(f"pages/{page}.py", label=button, icon=":material/arrow_forward:")
        st.stop()
