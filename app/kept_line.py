"""At the foot of the sidebar: whether the project is kept, from when it is after a reload, and what was done to it."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from app import session
from app.callbacks import clicked
from app.shell import STEP, errors_as_words
from irlcore.report.text import as_markdown
from irlcore.report.times import short_when, when, zone_of, zone_words

MOST_STEPS = 30


def zone() -> tzinfo:
    """The time zone of whoever looks, as the browser says it; UTC where it does not."""
    said = st.context.timezone
    return zone_of(said if isinstance(said, str) else None)


def kept_line() -> None:
    """All of it, in the sidebar."""
    with st.sidebar:
        with errors_as_words("How the project is kept cannot be told"):
            saved_line()
            as_left()
        with errors_as_words("The history cannot be shown"):
            history()


def as_left() -> None:
    """From when the work is that a reloaded page, or a new server, has brought back: until it is dismissed or changed."""
    left = when(session.left_at(), zone())
    if left:
        said, away = st.columns([5, 1], vertical_alignment="center")
        said.caption(f"As you left it at {left}.")
        away.button("", key="dismiss_left", icon=":material/close:", type="tertiary", on_click=clicked(session.go_on), help="Dismiss")


def history() -> None:
    """The last steps, the newest first, at the times at which they were done."""
    steps = session.project().history
    if not steps:
        return
    with st.expander("History", icon=":material/history:"):
        here = zone()
        for step in reversed(steps[-MOST_STEPS:]):
            st.caption(f"{as_markdown(short_when(step.made, here))} {as_markdown(step.what, STEP)}")
        st.caption(as_markdown(zone_words(here)))


def saved_line() -> None:
    """Whether the project outlives this window, in one line."""
    saver = session.saving()
    if session.project().tracks is None:
        return
    if saver is None:
        st.caption("Kept in this window alone: this browser sends no cookie. Save the project to keep it.")
    elif session.behind():
        st.caption("Changed in another window meanwhile; what you change here goes on as a copy.")
    elif not saver.state:
        st.caption("Removed from the recent projects; kept again once it is changed.")
    elif saver.state == "saving":
        st.fragment(_saving, run_every=0.5)()
    elif saver.state == "not saved":
        st.warning(as_markdown(saver.trouble), icon=":material/cloud_off:")
    else:
        changed = when(saver.changed, zone())
        st.caption(f"Saved, version {saver.n}", help=f"Changed last at {changed}." if changed else None)


def _saving() -> None:
    with errors_as_words("How the project is kept cannot be told"):  # within the fragment, which runs again by itself
        saver = session.saving()
        if saver is not None and saver.state != "saving":
            st.rerun(scope="app")  # the line tells how it ended, and is drawn once
        st.caption("Saving ...")
