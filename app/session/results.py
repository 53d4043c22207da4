"""What is worked out once and held, since pages rerun at every click: for one state of the project, for parts of it, or for a key."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from app.session import opened, window
from app.store.beside import LASTING, Found
from app.store.derived import Derived

MOST_HELD = 64
T = TypeVar("T")


def derived(name: str, work: Callable[[], T], *key: object) -> T:
    """``work()``, done once for this state of the project and ``key``: pages rerun at every click."""
    held: dict[tuple[object, ...], Any] = window.held_for("held", opened.project(), dict)
    where = (name, *key)
    if where not in held:
        _oldest_out(held, MOST_HELD + 4 * len(opened.project().features) - 1)
        held[where] = work()
    found: T = held[where]
    return found


def derived_on(name: str, work: Callable[[], T], *depends: object) -> T:
    """``work()``, done once while everything in ``depends`` is the same: one object (tracks, world, features, fit ...), or equal as texts,
    numbers and tuples of such are. It outlives every change of the project that touches none of them (a verdict, a note), undo too."""
    return window.held("derived on", Derived).on(name, work, depends)


def forget_derived() -> None:
    """Other tracks are open: nothing that depends on the former ones is asked for again."""
    st.session_state.pop("derived on", None)


def findings() -> Found:
    """What was found on the open project, of the kinds that live with it on the server."""
    return window.held("findings", dict)


def begin_findings(found: Found) -> None:
    """Another project is open, on which this was found."""
    st.session_state["findings"] = found


def found(what: str, key: Hashable) -> Any:
    """What was kept for ``key``, None where nothing was: it outlives changes of the project that it does not depend on."""
    return _of_kind(what).get(key)


def keep_found(what: str, key: Hashable, value: object, most: int = 3) -> None:
    """Keep what took long to find, the last ``most`` of a kind. Kinds that are named in ``beside.LASTING`` live with the project on the
    server, so that a reloaded page has them still; their keys must tell everything that they depend on (``fit_key``)."""
    held = _of_kind(what)
    held.pop(key, None)
    held[key] = value
    _oldest_out(held, most)


def _of_kind(what: str) -> dict[Hashable, object]:
    return findings().setdefault(what, {}) if what in LASTING else window.held(f"found {what}", dict)


def _oldest_out(held: dict[Any, Any], most: int) -> None:
    while len(held) > most:
        held.pop(next(iter(held)))
