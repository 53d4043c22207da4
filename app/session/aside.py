"""What lies beside the project in this window: the desk, where the analyst looks, and what the pages' widgets were set to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar

import streamlit as st

from app.desk import Desk
from app.session import window
from app.store.beside import Beside, is_plain

T = TypeVar("T")


def beside() -> Beside:
    """What the server has of all this."""
    return window.held("beside", Beside)


def gathered() -> Beside:
    """The same, as the window has it now."""
    own = beside()
    own.desk, own.selected, own.looked_at = now_on_desk(), selected(), looked_at()
    return own


def begin_beside(own: Beside) -> None:
    """From here on the server has it in another place: the former one stays as it was, held with the former project or window."""
    st.session_state["beside"] = own


def _set(what: Literal["desk", "selected", "looked_at"], value: Any) -> None:
    """In this window, and on the server at once: a part of a page may be drawn again by itself, and nothing be held after it."""
    st.session_state[what] = value
    setattr(beside(), what, value)


def now_on_desk() -> Desk:
    """What is drawn, proposed or just refitted."""
    return window.read("desk", Desk())


def put_on_desk(desk: Desk) -> None:
    """In place of what lay there."""
    _set("desk", desk)


def lay(**parts: Any) -> None:
    """Change what lies on the desk: no change of the project, and so nothing to undo."""
    _set("desk", replace(now_on_desk(), **parts))


def clear_drawing() -> None:
    """Nothing drawn, nothing proposed; the map starts afresh, since its lasso cannot be cleared otherwise."""
    _set("desk", now_on_desk().without_drawing())
    count_change()


def selected() -> str:
    """The selected track's id, the same on every page."""
    return str(window.read("selected", ""))


def select(track: str) -> None:
    """Select a track by its id, on every page."""
    _set("selected", track)


def look_at(place: int) -> None:
    """Look at a place of the world: who is behind what the model misses there."""
    _set("looked_at", place)


def looked_at() -> int:
    """The place of the world that is looked at, -1 for none."""
    return int(window.read("looked_at", -1))


def changes() -> int:
    """Counts every change of the project: part of widget keys that must start afresh."""
    return int(window.read("changes", 0))


def count_change() -> None:
    """Widgets whose keys count the changes start afresh."""
    st.session_state["changes"] = changes() + 1


def newly_picked(widget: str, value: object) -> bool:
    """Whether a widget's selection differs from the one last heeded, so that it does not overrule later ones."""
    if window.read(f"heeded_{widget}", None) == value:
        return False
    st.session_state[f"heeded_{widget}"] = value
    return True


def chosen(widget: str, otherwise: T) -> T:
    """What a widget of another page was set to, ``otherwise`` where it was never drawn."""
    return window.read(widget, otherwise)


def choose(**widgets: object) -> None:
    """Set widgets as if the analyst had: in a callback, or before they are drawn."""
    for key, value in widgets.items():
        st.session_state[key] = value


def remembered(*widgets: str) -> None:
    """These widgets' values outlive a change of page and a reload: to be called before they are drawn, in each run that may draw them (in
    a fragment too). What cannot be offered any more the page itself must see to, before it draws the widget: ``chosen``, ``choose``."""
    choices = beside().choices
    for key in widgets:
        if key in st.session_state:
            if is_plain(st.session_state[key]):
                choices[key] = st.session_state[key]
        elif key in choices:
            st.session_state[key] = choices[key]
