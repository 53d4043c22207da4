"""The only file that touches ``st.session_state``: the project and where it is kept, undo, the selection, derived numbers, the job."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.desk import Desk
from app.faults import fault
from app.jobs import Job, take_orphan
from app.server.downloads import failure
from app.server.letting_go import alive
from app.server.visitor import visitor
from app.store import beside
from app.store.beside import Beside, Found
from app.store.candidates import Candidates, Tried, digest_of
from app.store.derived import Derived
from app.store.memory import OPEN, Held, State
from app.store.opening import ENDING, open_kept, remove_kept
from app.store.recent import Entry, recent
from app.store.saver import QUICK, Saver
from app.store.trail import Trail
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError
from irlcore.project.project import Project

MOST_HELD = 64
SHORT_WORK = 0.7  # seconds
KEY = "project"  # of the open project, in the address
T = TypeVar("T")


def project() -> Project:
    """The project that is open."""
    found: Project = st.session_state.setdefault("project", Project())
    return found


def put(new: Project, desk: Desk | None = None, wait: float = QUICK) -> None:
    """Replace the project, and what lies beside it; both can be had back by undo. A new world begins with an empty desk, and another
    project, which does not go on from the one that is open, is kept apart from it. wait: most seconds until it is saved."""
    old = project()
    other = new.tracks is not old.tracks or new.world is not old.world
    if other:
        desk = desk or Desk()
    told = new.name == old.name and new.history[:len(old.history)] == old.history
    goes_on = old.tracks is None or new.tracks is old.tracks or told
    _go_to(State(new, desk or now_on_desk(), _saver() if goes_on else None), wait)
    if other:
        look_at(-1)  # only now: what lies beside the former project stays as it was


def begin_with(new: Project) -> None:
    """Open another project, or the same one afresh: nothing lies on the desk and nothing has been tried."""
    st.session_state["candidates"] = Candidates()
    _go_to(State(new, Desk(), None))
    look_at(-1)


def _go_to(state: State, wait: float = QUICK) -> None:
    _trail().go_on(_now())
    _show(state)
    _save(wait)
    _hold()  # a part of a page may be drawn again by itself, and no other run follow


def settle() -> None:
    """Wait a little for what is being saved, so that the line on it is written once."""
    if (saver := _saver()) is not None:
        saver.settle(QUICK)


def _trail() -> Trail:
    found: Trail = st.session_state.setdefault("trail", Trail())
    return found


def _now() -> State:
    return State(project(), now_on_desk(), _saver())


def _show(state: State) -> None:
    if state.project.tracks is not project().tracks:
        dismiss()  # what was said of other tracks
        st.session_state.pop("derived on", None)
    if state.saver is not _saver():
        st.session_state["findings"] = {}
        st.session_state["beside"] = Beside(choices=dict(_beside().choices))  # the former one is held with the former project
    st.session_state["project"], _, st.session_state["saver"] = state
    _set("desk", state.desk)
    st.session_state["changes"] = changes() + 1


def now_on_desk() -> Desk:
    """What is drawn, proposed or just refitted."""
    found: Desk = st.session_state.get("desk") or Desk()
    return found


def _beside() -> Beside:
    """What the server has of what lies beside the project in this window."""
    found: Beside = st.session_state.setdefault("beside", Beside())
    return found


def _set(what: Literal["desk", "selected", "looked_at"], value: Any) -> None:
    """In this window, and on the server at once: a part of a page may be drawn again by itself, and nothing be held after it."""
    st.session_state[what] = value
    setattr(_beside(), what, value)


def _findings() -> Found:
    found: Found = st.session_state.setdefault("findings", {})
    return found


def lay(**parts: Any) -> None:
    """Change what lies on the desk: no change of the project, and so nothing to undo."""
    _set("desk", replace(now_on_desk(), **parts))


def clear_drawing() -> None:
    """Nothing drawn, nothing proposed; the map starts afresh, since its lasso cannot be cleared otherwise."""
    _set("desk", now_on_desk().without_drawing())
    st.session_state["changes"] = changes() + 1


def changes() -> int:
    """Counts every change of the project: part of widget keys that must start afresh."""
    return int(st.session_state.get("changes", 0))


def can_undo() -> bool:
    return bool(_trail().past or _trail().earlier)


def can_redo() -> bool:
    return bool(_trail().future)


def _saver() -> Saver | None:
    """Where the open project is kept; None where it is kept in this session alone."""
    found: Saver | None = st.session_state.get("saver")
    return found


def _window() -> str:
    """A name for this session, which nobody else knows."""
    found: str = st.session_state.setdefault("window", secrets.token_hex(8))
    return found


def _save(wait: float = QUICK) -> None:
    """Hand the project to the store. It never raises: what is wrong stands in the sidebar."""
    if project().tracks is None:
        return
    saver = _saver()
    if saver is None:
        if not (who := visitor()):
            return
        saver = st.session_state["saver"] = OPEN.saver(who)
        saver.candidates.take(st.session_state.setdefault("candidates", Candidates()))
    if not saver.save(project(), ENDING if st.session_state.get("run_inline") else wait, _window()):
        _part(saver, OPEN.saver(saver.visitor))


def _part(saver: Saver, own: Saver) -> None:
    """Say that others have moved on from where this window was, and go on with a copy, which has a saver of its own."""
    named = project().name
    own.candidates.take(saver.candidates)
    st.session_state["project"], _, st.session_state["saver"] = _now().as_copy(own)
    st.session_state["beside"] = _beside().copied()
    if st.session_state.get("job of") is saver:
        st.session_state["job of"] = own
    _trail().part(saver, own)
    _save()
    tell(MotiveError(f"\"{named}\" was changed or removed in another window or by another server meanwhile. What you do here goes on as "
                     f"a copy of its own, \"{project().name}\"; nothing of either is lost.",
                     "Find both under Recent projects on the Start page, and go on with one of them."))


def saving() -> Saver | None:
    """How the open project is kept; None where it is not: it has no tracks yet, or the browser sends no cookie."""
    return _saver()


def behind() -> bool:
    """Whether another window has gone on with the open project, so that what is changed here will be a copy."""
    saver = _saver()
    return saver is not None and saver.newest is not project() and not saver.abreast(_window())


def restore() -> None:
    """In a new session (a reloaded page, another tab, a server that was started again): the project of the address as it was, with its
    undo where this server still holds it. Later: what the store has told meanwhile."""
    if "project" in st.session_state:
        saver = _saver()
        if saver is not None and saver.copied and saver.abreast(_window()):
            saver.copied = False
            _part(saver, saver)
        return
    project()  # a page that cannot be restored is an empty one, and not tried again
    if key := st.query_params.get(KEY, ""):
        try:
            _open(key)
        except MotiveError as error:
            tell(error)
        else:
            saver = _saver()
            st.session_state["left"] = (saver.changed if saver is not None else "", project())


def left_at() -> str:
    """When the work that this page has brought back was changed last (ISO time); empty where it did not, or goes on since."""
    made, restored = st.session_state.get("left", ("", None))
    return str(made) if restored is project() else ""


def go_on() -> None:
    """What was brought back need not be told of any more."""
    st.session_state.pop("left", None)


def open_recent(key: str) -> None:
    """Open a project of the visitor's own. MotiveError where it is not there or cannot be read. Undo leads back to the one before."""
    former, now = _trail(), _now()
    _open(key)
    st.session_state["trail"] = _trail().after(former, now)
    look_at(-1)


def _open(key: str) -> None:
    """Show a kept project with undo, redo, what lay beside it and what was found on it, as a former page had them."""
    held, told = open_kept(OPEN, visitor(), key, _window())
    st.session_state["trail"] = Trail.of(held)
    _show(held.now)
    st.session_state["findings"], st.session_state["beside"], left = held.found, Beside(), held.beside
    _set("desk", held.now.desk)
    select(left.selected)
    look_at(left.looked_at)
    _beside().choices.update(left.choices)
    if not behind():
        _save()  # what could not be saved before is tried again
    if told is not None:
        tell(told)


def keep() -> None:
    """Hold the project for a reload of the page, and put its key, which opens nothing without the visitor's cookie, into the address."""
    _follow_job()
    saver = _saver()
    if saver is None or not saver.state or project().tracks is None:
        return
    _hold()
    if st.query_params.get(KEY) != saver.key:
        st.query_params[KEY] = saver.key


def _hold() -> None:
    """On the server, with undo, what lies beside the project and what was found on it."""
    saver = _saver()
    if saver is None or not saver.state or project().tracks is None:
        return
    now, found = _now(), _findings()
    _beside().desk, _beside().selected, _beside().looked_at = now.desk, selected(), looked_at()
    heeded = (now.project, now.saver, _beside(), *(one for of_key in found.values() for one in of_key.values()))
    former = st.session_state.get("kept", ())
    if not (len(former) == len(heeded) and all(a is b for a, b in zip(former, heeded, strict=True))) and not behind():
        st.session_state["kept"] = heeded
        trail = _trail()
        OPEN.hold(Held(now, (*trail.past,), (*trail.future,), trail.earlier, _window(), _beside(), found))
    else:
        OPEN.touch(saver.visitor, saver.key)


def address() -> dict[str, str]:
    """What every link between pages says of the open project, so that the address names it at any moment: a server that is killed while
    a page is drawn must not leave the browser at an address without it."""
    saver = _saver()
    return {KEY: saver.key} if saver is not None and saver.state and project().tracks is not None else {}


def recent_projects() -> list[Entry]:
    """The visitor's projects in the store, the one changed last first."""
    who = visitor()
    return recent(who) if who else []


def remove_recent(key: str) -> None:
    """Take a project out of the store for good; where it is open, it stays so. MotiveError where that cannot be done."""
    open_now = address() == {KEY: key}
    remove_kept(OPEN, visitor(), key)
    if open_now:
        _trail().earlier = ()
        st.query_params.pop(KEY, None)


def undo(wait: float = QUICK) -> None:
    """Back to before the last change, at last to the states that the store still has. wait: most seconds until that is saved."""
    if (state := _trail().undo(_now())) is not None:
        _show(state)
        _save(wait)
        _hold()


def redo() -> None:
    """Forward again."""
    if (state := _trail().redo(_now())) is not None:
        _show(state)
        _save()
        _hold()


def before() -> Project | None:
    """The project that undo leads back to."""
    past = _trail().past
    return past[-1].project if past else None


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


def derived_on(name: str, work: Callable[[], T], *depends: object) -> T:
    """``work()``, done once while everything in ``depends`` is the same: one object (tracks, world, features, fit ...), or equal as texts,
    numbers and tuples of such are. It outlives every change of the project that touches none of them (a verdict, a note), undo too."""
    known: Derived = st.session_state.setdefault("derived on", Derived())
    return known.on(name, work, depends)


def found(what: str, key: Hashable) -> Any:
    """What was kept for ``key``, None where nothing was: it outlives changes of the project that it does not depend on."""
    return _kept(what).get(key)


def keep_found(what: str, key: Hashable, value: object, most: int = 3) -> None:
    """Keep what took long to find, the last ``most`` of a kind. Kinds that are named in ``beside.LASTING`` live with the project on the
    server, so that a reloaded page has them still; their keys must tell everything that they depend on (``fit_key``)."""
    held = _kept(what)
    held.pop(key, None)
    held[key] = value
    while len(held) > most:
        held.pop(next(iter(held)))


def _kept(what: str) -> dict[Hashable, object]:
    if what in beside.LASTING:
        return _findings().setdefault(what, {})
    found: dict[Hashable, object] = st.session_state.setdefault(f"found {what}", {})
    return found


def remembered(*widgets: str) -> None:
    """These widgets' values outlive a change of page and a reload: to be called before they are drawn, in each run that may draw them (in
    a fragment too). What cannot be offered any more the page itself must see to, before it draws the widget: ``chosen``, ``choose``."""
    choices = _beside().choices
    for key in widgets:
        if key in st.session_state:
            if beside.is_plain(st.session_state[key]):
                choices[key] = st.session_state[key]
        elif key in choices:
            st.session_state[key] = choices[key]


def tried() -> Tried:
    """Candidate features looked at for the class under study, each once, in all windows and since the project began: to be added to."""
    saver, now = _saver(), project()
    candidates = saver.candidates if saver is not None else st.session_state.setdefault("candidates", Candidates())
    held = st.session_state.get("data", (None, ""))
    if held[0] is not now.tracks:
        held = st.session_state["data"] = (now.tracks, digest_of(now.tracks))
    candidates.begin(held[1], now.agent_class, now.tried.get(now.agent_class, 0))
    of_class = Tried(candidates, held[1], now.agent_class, saver.note if saver is not None else lambda: None)
    st.session_state["tried"] = {now.agent_class: of_class}
    return of_class


def number_tried(suggested: bool = True) -> int:
    """How many candidate features have been looked at for the class, those of earlier sessions too; or without those that a machine is
    known to have tried, which do not make an analyst's own idea a matter of luck (``Candidates.number``)."""
    of_class = tried()
    return of_class.candidates.number(of_class.data, of_class.agent_class, suggested)


def counted() -> Project:
    """The project with the counts of candidates as they are now, of every class of its tracks: what is handed out."""
    now = project()
    if now.tracks is None:
        return now
    of_class = tried()
    grown = {of: n for of, n in of_class.candidates.numbers(of_class.data).items() if n > now.tried.get(of, 0)}
    return replace(now, tried={**now.tried, **grown}) if grown else now


def selected() -> str:
    """The selected track's id, the same on every page."""
    return str(st.session_state.get("selected", ""))


def select(track: str) -> None:
    """Select a track by its id, on every page."""
    _set("selected", track)


def look_at(place: int) -> None:
    """Look at a place of the world: who is behind what the model misses there."""
    _set("looked_at", place)


def looked_at() -> int:
    """The place of the world that is looked at, -1 for none."""
    return int(st.session_state.get("looked_at", -1))


def newly_picked(widget: str, value: object) -> bool:
    """Whether a widget's selection differs from the one last heeded, so that it does not overrule later ones."""
    if st.session_state.get(f"heeded_{widget}") == value:
        return False
    st.session_state[f"heeded_{widget}"] = value
    return True


def job() -> Job | None:
    found: Job | None = st.session_state.get("job")
    return found if found is not None and found.session == _session() else None  # else another window has taken it over


def _session() -> str:
    """Streamlit's own name for this session."""
    run = get_script_run_ctx()
    return run.session_id if run is not None else ""


def take_over_job() -> None:
    """Where this page was reloaded, or its tab closed and opened again: the work that its former self had begun."""
    if job() is None and (found := take_orphan(_owner(), address().get(KEY, ""), _session(), alive)) is not None:
        st.session_state["job"], st.session_state["job of"] = found, _saver() if found.project else None


def _follow_job() -> None:
    """The job that is shown is found under the key that its project has by now: a copy has another one, and so has what was removed and is
    kept anew."""
    shown, of = job(), st.session_state.get("job of")
    if shown is not None and of is not None and of.state:
        shown.project = of.key


def _owner() -> str:
    """Whose work it is: the visitor's, or this session's where he cannot be told."""
    return visitor() or _window()


def busy() -> bool:
    """Whether long work is running, or has ended and its result is still to be taken, which the next run of the whole page does: other work
    that began now would take its place."""
    return job() is not None


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
    job = Job(title, work, keep, bool(st.session_state.get("run_inline", False)), _owner(), kernels, _session(), address().get(KEY, ""),
              lasting=bool(visitor()))
    st.session_state["job"], st.session_state["job of"] = job, _saver()
    job.wait(SHORT_WORK)


def raise_failure() -> None:
    """Raise what the job that was just begun has failed with, for the part of the page that began it to say."""
    ended = job()
    if ended is not None and ended.state == "failed" and ended.error is not None:
        _taken(ended)
        raise ended.error


def _taken(ended: Job) -> None:
    st.session_state["job"] = st.session_state["job of"] = None
    ended.taken()


def finish_job() -> None:
    """Take the ended job's result, or what to say of it. Where another project is open by now, it waits until its own is again."""
    ended, of = job(), st.session_state.get("job of")
    if ended is None or ended.state == "running":
        return
    if of is not None and of is not _saver() and ended.state != "cancelled":
        _follow_job()
        st.session_state["job"] = st.session_state["job of"] = None
        ended.let_go()
        return
    _taken(ended)
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


def heed_download() -> None:
    """What to say of a download that was asked for on this page and failed meanwhile."""
    failed = failure(_session())
    if failed is not None:
        tell(failed)


def notice() -> MotiveError | None:
    """What to say of the last job, until the next one begins or it is dismissed."""
    found: MotiveError | None = st.session_state.get("notice")
    return found


def tell(what: MotiveError) -> None:
    """Say something above the page until it is dismissed."""
    st.session_state["notice"] = what


def dismiss() -> None:
    st.session_state["notice"] = None
