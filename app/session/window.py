"""One window of a visitor: whose it is, what it holds by name, and what is said above its page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.server.downloads import failure
from app.server.visitor import visitor
from irlcore.errors import MotiveError

T = TypeVar("T")


def read(name: str, otherwise: T) -> T:
    """What the window holds under a name, ``otherwise`` where it holds nothing."""
    value: T = st.session_state.get(name, otherwise)
    return value


def held(name: str, make: Callable[[], T]) -> T:
    """What the window holds under a name: where it holds nothing, what ``make`` gives, from here on."""
    if name not in st.session_state:
        st.session_state[name] = make()
    value: T = st.session_state[name]
    return value


def held_for(name: str, of: object, make: Callable[[], T]) -> T:
    """The same, of one object alone: it is made anew once ``of`` is another one than it was made for."""
    if name not in st.session_state or st.session_state[name][0] is not of:
        st.session_state[name] = (of, make())
    value: T = st.session_state[name][1]
    return value


def who() -> str:
    """The visitor, empty where he cannot be told: then nothing can be kept for him."""
    return visitor()


def name() -> str:
    """A name for this window, which nobody else knows."""
    return held("window", lambda: secrets.token_hex(8))


def session_id() -> str:
    """Streamlit's own name for this window's session."""
    run = get_script_run_ctx()
    return run.session_id if run is not None else ""


def owner() -> str:
    """Whose work it is: the visitor's, or this window's where he cannot be told."""
    return who() or name()


def notice() -> MotiveError | None:
    """What to say of the last job, until the next one begins or it is dismissed."""
    return read("notice", None)


def tell(what: MotiveError) -> None:
    """Say something above the page until it is dismissed."""
    st.session_state["notice"] = what


def dismiss() -> None:
    """Say nothing above the page any more."""
    st.session_state["notice"] = None


def heed_download() -> None:
    """What to say of a download that was asked for on this page and failed meanwhile."""
    failed = failure(session_id())
    if failed is not None:
        tell(failed)
