"""Undo and redo of one window: in memory, and beyond that in the store."""

from __future__ import annotations

from pathlib import Path

from app.desk import Desk
from app.store.memory import State
from app.store.saver import Saver
from app.store.store import load_newest
from app.store.trail import MOST_UNDO, Trail
from irlcore.project.project import Project
from tests.app.store.projects import ANN, state_of, step

WAIT = 20.0


def states(first: Project, *numbers: int, saver: Saver | None = None) -> list[State]:
    return [State(step(first, n), Desk(), saver) for n in numbers]


def number(state: State | None) -> int:
    assert state is not None
    return state_of(state.project)


def test_undo_and_redo_lead_back_and_forth_and_a_change_ends_what_was_undone(first: Project) -> None:
    one, two, three, other = states(first, 1, 2, 3, 4)
    trail = Trail()
    trail.go_on(one)
    trail.go_on(two)
    assert trail.undo(three) is two and trail.undo(two) is one and trail.undo(one) is None
    assert trail.redo(one) is two
    trail.go_on(two)
    assert trail.redo(other) is None and trail.past == [one, two]


def test_forty_steps_stay_and_the_store_does_not_stand_in_for_those_between(first: Project) -> None:
    trail = Trail(earlier=(2, 1))
    many = states(first, *range(10, 10 + MOST_UNDO + 1))
    for one in many[:-1]:
        trail.go_on(one)
    assert trail.earlier == (2, 1)
    trail.go_on(many[-1])
    assert trail.past == many[1:] and trail.earlier == ()


def test_undo_goes_on_in_the_store_and_passes_over_what_cannot_be_read(first: Project, home: Path) -> None:
    saver = Saver(ANN)
    for n in (1, 2, 3):
        saver.save(step(first, n), WAIT)
    (home / "projects" / ANN / saver.key / "2.motive").write_bytes(b"torn")
    kept = load_newest(ANN, saver.key)
    now, trail = State(kept.project, Desk(), saver), Trail(earlier=kept.earlier)
    found = trail.undo(now)
    assert number(found) == 1 and found is not None and found.saver is saver and trail.earlier == ()
    assert trail.future == [now] and trail.undo(found) is None
    assert Trail(earlier=(1,)).undo(State(kept.project, Desk(), None)) is None  # kept in the window alone: nothing of the store is its own


def test_opening_another_project_keeps_the_way_back_and_leaves_the_other_ones_store_out(first: Project) -> None:
    one, two, far, near = states(first, 1, 2, 8, 9)
    trail = Trail([near], [], (5, 4)).after(Trail([one], [far], (3,)), two)
    assert (trail.past, trail.future, trail.earlier) == ([one, two, near], [], ())
    long = Trail(states(first, *range(MOST_UNDO))).after(Trail([one]), two)
    assert len(long.past) == MOST_UNDO and one not in long.past


def test_the_states_of_a_copy_are_its_own_and_no_others(first: Project) -> None:
    saver, own, others = Saver(ANN), Saver(ANN), Saver(ANN)
    trail = Trail([*states(first, 1, saver=others), *states(first, 2, saver=saver)], states(first, 3, saver=saver), (1,))
    trail.part(saver, own)
    assert [one.saver for one in (*trail.past, *trail.future)] == [others, own, own] and trail.earlier == ()
    assert [one.project.name for one in (*trail.past, *trail.future)] == ["Harbour", "Harbour (copy)", "Harbour (copy)"]
