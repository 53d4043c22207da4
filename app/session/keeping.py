"""Changes of the open project, undo and redo, and that each state is kept: in the store, and on the server for a reload of the page."""

from __future__ import annotations

import streamlit as st

from app.desk import Desk
from app.session import aside, candidates, opened, results, window, work
from app.store import memory
from app.store.beside import Beside
from app.store.memory import Held, State
from app.store.opening import ENDING
from app.store.saver import QUICK, Saver
from irlcore.errors import MotiveError
from irlcore.project.project import Project


def put(new: Project, desk: Desk | None = None, wait: float = QUICK) -> None:
    """Replace the project, and what lies beside it; both can be had back by undo. A new world begins with an empty desk, and another
    project, which does not go on from the one that is open, is kept apart from it. wait: most seconds until it is saved."""
    old = opened.project()
    other = new.tracks is not old.tracks or new.world is not old.world
    if other:
        desk = desk or Desk()
    told = new.name == old.name and new.history[:len(old.history)] == old.history
    goes_on = old.tracks is None or new.tracks is old.tracks or told
    _change_to(State(new, desk or aside.now_on_desk(), opened.saving() if goes_on else None), wait)
    if other:
        aside.look_at(-1)  # only now: what lies beside the former project stays as it was


def begin_with(new: Project) -> None:
    """Open another project, or the same one afresh: nothing lies on the desk and nothing has been tried."""
    candidates.forget_candidates()
    _change_to(State(new, Desk(), None))
    aside.look_at(-1)


def _change_to(state: State, wait: float = QUICK) -> None:
    opened.trail().go_on(opened.now())
    _go_to(state, wait)


def undo(wait: float = QUICK) -> None:
    """Back to before the last change, at last to the states that the store still has. wait: most seconds until that is saved."""
    if (state := opened.trail().undo(opened.now())) is not None:
        _go_to(state, wait)


def redo() -> None:
    """Forward again."""
    if (state := opened.trail().redo(opened.now())) is not None:
        _go_to(state)


def _go_to(state: State, wait: float = QUICK) -> None:
    show(state)
    save(wait)
    _hold()  # a part of a page may be drawn again by itself, and no other run follow


def show(state: State) -> None:
    """This state is the open one from here on: what does not belong to its tracks, or not to its project, is put away."""
    if state.project.tracks is not opened.project().tracks:
        window.dismiss()  # what was said of other tracks
        results.forget_derived()
    if state.saver is not opened.saving():
        results.begin_findings({})
        aside.begin_beside(Beside(choices=dict(aside.beside().choices)))  # the former one is held with the former project
    opened.become(state)
    aside.put_on_desk(state.desk)
    aside.count_change()


def save(wait: float = QUICK) -> None:
    """Hand the project to the store. It never raises: what is wrong stands in the sidebar."""
    if opened.project().tracks is None:
        return
    saver = opened.saving()
    if saver is None:
        if not (who := window.who()):
            return
        saver = memory.OPEN.saver(who)
        opened.become(opened.now()._replace(saver=saver))
        saver.candidates.take(candidates.own_candidates())
    if not saver.save(opened.project(), ENDING if work.inline() else wait, window.name()):
        part(saver, memory.OPEN.saver(saver.visitor))


def part(saver: Saver, own: Saver) -> None:
    """Say that others have moved on from where this window was, and go on with a copy, which has a saver of its own."""
    named = opened.project().name
    own.candidates.take(saver.candidates)
    opened.become(opened.now().as_copy(own))
    aside.begin_beside(aside.beside().copied())
    work.part_job(saver, own)
    opened.trail().part(saver, own)
    save()
    window.tell(MotiveError(f"\"{named}\" was changed or removed in another window or by another server meanwhile. What you do here goes "
                            f"on as a copy of its own, \"{opened.project().name}\"; nothing of either is lost.",
                            "Find both under Recent projects on the Start page, and go on with one of them."))


def settle() -> None:
    """Wait a little for what is being saved, so that the line on it is written once."""
    if (saver := opened.saving()) is not None:
        saver.settle(QUICK)


def keep() -> None:
    """Hold the project for a reload of the page, and put its key, which opens nothing without the visitor's cookie, into the address."""
    work.follow_job()
    saver = opened.in_store()
    if saver is None:
        return
    _hold()
    if st.query_params.get(opened.KEY) != saver.key:
        st.query_params[opened.KEY] = saver.key


def _hold() -> None:
    """On the server, with undo, what lies beside the project and what was found on it."""
    saver = opened.in_store()
    if saver is None:
        return
    now, found, beside = opened.now(), results.findings(), aside.gathered()
    heeded = (now.project, now.saver, beside, *(one for of_key in found.values() for one in of_key.values()))
    former: tuple[object, ...] = window.read("kept", ())
    if not (len(former) == len(heeded) and all(a is b for a, b in zip(former, heeded, strict=True))) and not opened.behind():
        st.session_state["kept"] = heeded
        trail = opened.trail()
        memory.OPEN.hold(Held(now, (*trail.past,), (*trail.future,), trail.earlier, window.name(), beside, found))
    else:
        memory.OPEN.touch(saver.visitor, saver.key)
