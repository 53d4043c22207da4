"""Projects of the visitor's own that the store has: the one of the address in a new window, the recent ones, and what becomes of them."""

from __future__ import annotations

import streamlit as st

from app.session import aside, keeping, opened, results, window
from app.store import memory
from app.store.beside import Beside
from app.store.opening import open_kept, remove_kept
from app.store.recent import Entry, recent
from app.store.trail import Trail
from irlcore.errors import MotiveError


def restore() -> None:
    """In a new session (a reloaded page, another tab, a server that was started again): the project of the address as it was, with its
    undo where this server still holds it. Later: what the store has told meanwhile."""
    if "project" in st.session_state:
        saver = opened.saving()
        if saver is not None and saver.copied and saver.abreast(window.name()):
            saver.copied = False
            keeping.part(saver, saver)
        return
    opened.project()  # a page that cannot be restored is an empty one, and not tried again
    if key := st.query_params.get(opened.KEY, ""):
        try:
            _open(key)
        except MotiveError as error:
            window.tell(error)
        else:
            saver = opened.saving()
            st.session_state["left"] = (saver.changed if saver is not None else "", opened.project())


def left_at() -> str:
    """When the work that this page has brought back was changed last (ISO time); empty where it did not, or goes on since."""
    made, restored = window.read("left", ("", None))
    return str(made) if restored is opened.project() else ""


def go_on() -> None:
    """What was brought back need not be told of any more."""
    st.session_state.pop("left", None)


def recent_projects() -> list[Entry]:
    """The visitor's projects in the store, the one changed last first."""
    who = window.who()
    return recent(who) if who else []


def open_recent(key: str) -> None:
    """Open a project of the visitor's own. MotiveError where it is not there or cannot be read. Undo leads back to the one before."""
    former, now = opened.trail(), opened.now()
    _open(key)
    opened.begin_trail(opened.trail().after(former, now))
    aside.look_at(-1)


def _open(key: str) -> None:
    """Show a kept project with undo, redo, what lay beside it and what was found on it, as a former page had them."""
    held, told = open_kept(memory.OPEN, window.who(), key, window.name())
    opened.begin_trail(Trail.of(held))
    keeping.show(held.now)
    results.begin_findings(held.found)
    aside.begin_beside(Beside())
    aside.put_on_desk(held.now.desk)
    aside.select(held.beside.selected)
    aside.look_at(held.beside.looked_at)
    aside.beside().choices.update(held.beside.choices)
    if not opened.behind():
        keeping.save()  # what could not be saved before is tried again
    if told is not None:
        window.tell(told)


def remove_recent(key: str) -> None:
    """Take a project out of the store for good; where it is open, it stays so. MotiveError where that cannot be done."""
    open_now = opened.address() == {opened.KEY: key}
    remove_kept(memory.OPEN, window.who(), key)
    if open_now:
        opened.trail().earlier = ()
        st.query_params.pop(opened.KEY, None)
