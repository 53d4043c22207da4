"""The project that is open in this window, where it is kept, and what undo and redo lead to: what it is, not how it changes."""

from __future__ import annotations

import streamlit as st

from app.session import aside, window
from app.store.memory import State
from app.store.saver import Saver
from app.store.trail import Trail
from irlcore.project.project import Project

KEY = "project"  # of the open project, in the address


def project() -> Project:
    """The project that is open."""
    return window.held("project", Project)


def saving() -> Saver | None:
    """How the open project is kept; None where this window alone has it: it has no tracks yet, or the browser sends no cookie."""
    return window.read("saver", None)


def in_store() -> Saver | None:
    """What keeps the open project, where the store has it by now: None where it has no tracks, was never saved, or was removed."""
    saver = saving()
    return saver if saver is not None and saver.state and project().tracks is not None else None


def now() -> State:
    """What undo would lead back to after a change."""
    return State(project(), aside.now_on_desk(), saving())


def become(state: State) -> None:
    """Another project, or another state of it, is open from here on, and kept there; the desk is left as it is."""
    st.session_state["project"], _, st.session_state["saver"] = state


def address() -> dict[str, str]:
    """What every link between pages says of the open project, so that the address names it at any moment: a server that is killed while
    a page is drawn must not leave the browser at an address without it."""
    saver = in_store()
    return {KEY: saver.key} if saver is not None else {}


def behind() -> bool:
    """Whether another window has gone on with the open project, so that what is changed here will be a copy."""
    saver = saving()
    return saver is not None and saver.newest is not project() and not saver.abreast(window.name())


def trail() -> Trail:
    """What undo and redo lead to."""
    return window.held("trail", Trail)


def begin_trail(other: Trail) -> None:
    """Undo and redo lead elsewhere from here on."""
    st.session_state["trail"] = other


def can_undo() -> bool:
    """Whether there was a state before this one."""
    return bool(trail().past or trail().earlier)


def can_redo() -> bool:
    """Whether a state was undone that can be had again."""
    return bool(trail().future)


def before() -> Project | None:
    """The project that undo leads back to."""
    past = trail().past
    return past[-1].project if past else None
