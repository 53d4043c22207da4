"""The only file that touches ``st.session_state``: the project, undo and redo, the selection, derived numbers, the job."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from app.jobs import Job
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError
from irlcore.project import Project

MOST_UNDO = 40
MOST_HELD = 64
MOST_KEPT = 8
SHORT_WORK = 0.7  # seconds
T = TypeVar("T")


def project() -> Project:
    """The project that is open."""
    found: Project = st.session_state.setdefault("project", Project())
    return found


def put(new: Project) -> None:
    """Replace the project; the one before can be had back by undo."""
    past = st.session_state.setdefault("past", [])
    past.append(project())
    del past[:-MOST_UNDO]
    st.session_state["future"] = []
    _show(new)


def _show(new: Project) -> None:
    st.session_state["project"] = new
    st.session_state["changes"] = changes() + 1


def changes() -> int:
    """Counts every change of the project: part of widget keys that must start afresh."""
    return int(st.session_state.get("changes", 0))


def can_undo() -> bool:
    return bool(st.session_state.get("past"))


def can_redo() -> bool:
    return bool(st.session_state.get("future"))


@st.cache_resource
def _kept() -> dict[str, tuple[Project, list[Project]]]:
    """Projects and their pasts by a secret in the address, so that a reloaded page finds its own again."""
    return {}


def restore() -> None:
    """After a reload of the page (a new session, the same address): the project as it was, with its undo."""
    secret = st.query_params.get("session", "")
    if "project" not in st.session_state and secret in _kept():
        st.session_state["project"], past = _kept()[secret]
        st.session_state["past"] = list(past)
    st.session_state.setdefault("secret", secret if secret in _kept() else secrets.token_urlsafe(12))


def keep() -> None:
    """Keep the project for a reload, those of the last few sessions only, and put the secret into the address."""
    secret = st.session_state["secret"]
    if project().tracks is not None:
        kept = _kept()
        kept.pop(secret, None)
        kept[secret] = (project(), list(st.session_state.get("past", [])))
        while len(kept) > MOST_KEPT:
            kept.pop(next(iter(kept)))
        if st.query_params.get("session") != secret:
            st.query_params["session"] = secret


def undo() -> None:
    """Back to the project before the last change."""
    if can_undo():
        st.session_state.setdefault("future", []).append(project())
        _show(st.session_state["past"].pop())


def redo() -> None:
    """Forward again."""
    if can_redo():
        st.session_state.setdefault("past", []).append(project())
        _show(st.session_state["future"].pop())


def derived(name: str, work: Callable[[], T], *key: object) -> T:
    """``work()``, done once for this state of the project and ``key``: pages rerun at every click."""
    if st.session_state.get("held_for") is not project():
        st.session_state["held_for"], st.session_state["held"] = project(), {}
    held: dict[tuple[object, ...], Any] = st.session_state["held"]
    where = (name, *key)
    if where not in held:
        while len(held) >= MOST_HELD:
            held.pop(next(iter(held)))
        held[where] = work()
    found: T = held[where]
    return found


def scored(key: object) -> Any:
    """The scores kept for ``key``, None where there are none: they outlive changes of the project (verdicts, names)."""
    held = st.session_state.get("scored")
    return held[1] if held is not None and held[0] == key else None


def keep_scores(key: object, value: object) -> None:
    st.session_state["scored"] = (key, value)


def selected() -> str:
    """The selected track's id, the same on every page."""
    return str(st.session_state.get("selected", ""))


def select(track: str) -> None:
    st.session_state["selected"] = track


def newly_picked(widget: str, value: object) -> bool:
    """Whether a widget's selection differs from the one last heeded, so that it does not overrule later ones."""
    if st.session_state.get(f"heeded_{widget}") == value:
        return False
    st.session_state[f"heeded_{widget}"] = value
    return True


def job() -> Job | None:
    found: Job | None = st.session_state.get("job")
    return found


def busy() -> bool:
    """Whether long work is running."""
    running = job()
    return running is not None and running.state == "running"


def into(begun_in: Project, add: Callable[[Project, T], Project], what: str) -> Callable[[T], None]:
    """How the result of long work gets into the project it was begun in; another one may have been opened meanwhile."""
    def take(result: T) -> None:
        now = project()
        if now.tracks is begun_in.tracks and now.world is begun_in.world:
            put(add(now, result))
        else:
            tell(MotiveError(f"A {what} ended after another project or world was opened, and was dropped.",
                             f"Start the {what} again where you need it."))
    return take


def choose(**widgets: object) -> None:
    """Set widgets as if the analyst had; in a callback only, before they are drawn."""
    for key, value in widgets.items():
        st.session_state[key] = value


def start_job(title: str, work: Callable[[Control], T], keep: Callable[[T], None]) -> None:
    """Begin long work; ``keep`` gets its result on a page. In tests (``run_inline``) it is done at once."""
    st.session_state["notice"] = None
    job = Job(title, work, keep, bool(st.session_state.get("run_inline", False)))
    st.session_state["job"] = job
    job.wait(SHORT_WORK)


def finish_job() -> None:
    """Take the ended job's result, or what to say of it."""
    ended = job()
    if ended is None or ended.state == "running":
        return
    st.session_state["job"] = None
    if ended.state == "done":
        ended.keep(ended.result)
    elif ended.state == "cancelled":
        st.session_state["notice"] = Cancelled(f"{ended.title} was cancelled.")
    else:
        st.session_state["notice"] = ended.error


def notice() -> MotiveError | None:
    """What to say of the last job, until the next one begins or it is dismissed."""
    found: MotiveError | None = st.session_state.get("notice")
    return found


def tell(what: MotiveError) -> None:
    """Say something above the page until it is dismissed."""
    st.session_state["notice"] = what


def dismiss() -> None:
    st.session_state["notice"] = None
