"""The only file that touches ``st.session_state``: the project, undo and redo, the selection, derived numbers, the job."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from app.desk import Desk
from app.faults import fault
from app.jobs import Job
from app.server.visitor import visitor
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError
from irlcore.project.project import Project

MOST_UNDO = 40
MOST_HELD = 64
MOST_KEPT = 8
SHORT_WORK = 0.7  # seconds
T = TypeVar("T")


def project() -> Project:
    """The project that is open."""
    found: Project = st.session_state.setdefault("project", Project())
    return found


def put(new: Project, desk: Desk | None = None) -> None:
    """Replace the project, and what lies beside it; both can be had back by undo. A new world begins with an empty desk."""
    if new.tracks is not project().tracks or new.world is not project().world:
        desk = desk or Desk()
        look_at(-1)
    past = st.session_state.setdefault("past", [])
    past.append(_now())
    del past[:-MOST_UNDO]
    st.session_state["future"] = []
    _show((new, desk or now_on_desk()))


def begin_with(new: Project) -> None:
    """Open another project, or the same one afresh: nothing lies on the desk and nothing has been tried."""
    put(new, Desk())
    look_at(-1)
    st.session_state["tried_on"] = None


def _now() -> tuple[Project, Desk]:
    return project(), now_on_desk()


def _show(state: tuple[Project, Desk]) -> None:
    if state[0].tracks is not project().tracks:
        dismiss()  # what was said of other tracks
    st.session_state["project"], st.session_state["desk"] = state
    st.session_state["changes"] = changes() + 1


def now_on_desk() -> Desk:
    """What is drawn, proposed or just refitted."""
    found: Desk = st.session_state.get("desk") or Desk()
    return found


def lay(**parts: Any) -> None:
    """Change what lies on the desk: no change of the project, and so nothing to undo."""
    st.session_state["desk"] = replace(now_on_desk(), **parts)


def clear_drawing() -> None:
    """Nothing drawn, nothing proposed; the map starts afresh, since its lasso cannot be cleared otherwise."""
    st.session_state["desk"] = now_on_desk().without_drawing()
    st.session_state["changes"] = changes() + 1


def changes() -> int:
    """Counts every change of the project: part of widget keys that must start afresh."""
    return int(st.session_state.get("changes", 0))


def can_undo() -> bool:
    return bool(st.session_state.get("past"))


def can_redo() -> bool:
    return bool(st.session_state.get("future"))


@st.cache_resource
def _kept() -> dict[str, tuple[Project, list[tuple[Project, Desk]]]]:
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
    """Back to before the last change."""
    if can_undo():
        st.session_state.setdefault("future", []).append(_now())
        _show(st.session_state["past"].pop())


def redo() -> None:
    """Forward again."""
    if can_redo():
        st.session_state.setdefault("past", []).append(_now())
        _show(st.session_state["future"].pop())


def before() -> Project | None:
    """The project that undo leads back to."""
    past: list[tuple[Project, Desk]] = st.session_state.get("past", [])
    return past[-1][0] if past else None


def derived(name: str, work: Callable[[], T], *key: object) -> T:
    """``work()``, done once for this state of the project and ``key``: pages rerun at every click."""
    if st.session_state.get("held_for") is not project():
        st.session_state["held_for"], st.session_state["held"] = project(), {}
    held: dict[tuple[object, ...], Any] = st.session_state["held"]
    where = (name, *key)
    if where not in held:
        while len(held) >= MOST_HELD + 4 * len(project().features):
            held.pop(next(iter(held)))
        held[where] = work()
    found: T = held[where]
    return found


def found(what: str, key: Hashable) -> Any:
    """What was kept for ``key``, None where nothing was: it outlives changes of the project that it does not depend on."""
    return st.session_state.get(f"found {what}", {}).get(key)


def keep_found(what: str, key: Hashable, value: object, most: int = 3) -> None:
    """Keep what took long to find, the last ``most`` of a kind."""
    held: dict[Hashable, object] = st.session_state.setdefault(f"found {what}", {})
    held.pop(key, None)
    held[key] = value
    while len(held) > most:
        held.pop(next(iter(held)))


def tried() -> set[Hashable]:
    """Candidate features looked at for the class under study, each once: to be added to."""
    if st.session_state.get("tried_on") is not project().tracks:
        st.session_state["tried_on"], st.session_state["tried"] = project().tracks, {}
    of_class: set[Hashable] = st.session_state["tried"].setdefault(project().agent_class, set())
    return of_class


def number_tried(suggested: bool = True) -> int:
    """How many candidate features have been looked at for the class, those of earlier sessions too where the project tells; or those
    alone that the analyst named: what a machine tries beside does not make an analyst's own idea a matter of luck."""
    if not suggested:
        return sum(isinstance(one, str) for one in tried())
    return max(len(tried()), project().tried.get(project().agent_class, 0))


def selected() -> str:
    """The selected track's id, the same on every page."""
    return str(st.session_state.get("selected", ""))


def select(track: str) -> None:
    st.session_state["selected"] = track


def look_at(place: int) -> None:
    """Look at a place of the world: who is behind what the model misses there."""
    st.session_state["looked_at"] = place


def looked_at() -> int:
    return int(st.session_state.get("looked_at", -1))


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


def chosen(widget: str, otherwise: T) -> T:
    """What a widget of another page was set to, ``otherwise`` where it was never drawn."""
    value: T = st.session_state.get(widget, otherwise)
    return value


def choose(**widgets: object) -> None:
    """Set widgets as if the analyst had; in a callback only, before they are drawn."""
    for key, value in widgets.items():
        st.session_state[key] = value


def start_job(title: str, work: Callable[[Control], T], keep: Callable[[T], None], kernels: bool = True) -> None:
    """Begin long work; ``keep`` gets its result on a page. kernels: whether it needs compiled ones. In tests (``run_inline``) it is done
    at once."""
    st.session_state["notice"] = None
    owner = visitor() or st.session_state.setdefault("job_owner", secrets.token_hex(8))
    job = Job(title, work, keep, bool(st.session_state.get("run_inline", False)), owner, kernels)
    st.session_state["job"] = job
    job.wait(SHORT_WORK)


def finish_job() -> None:
    """Take the ended job's result, or what to say of it."""
    ended = job()
    if ended is None or ended.state == "running":
        return
    st.session_state["job"] = None
    if ended.state == "done":
        try:
            ended.keep(ended.result)
        except MotiveError as error:
            st.session_state["notice"] = error
        except Exception as error:  # called before anything is drawn: it must not take the page away
            st.session_state["notice"] = fault(f"The result of {ended.title!r} could not be taken over", error)
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
