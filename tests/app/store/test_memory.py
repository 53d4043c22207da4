"""Undo held for a reload: each visitor's apart, bounded, and not for ever."""

from __future__ import annotations

import gc
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest

from app.desk import Desk
from app.store import memory
from app.store.memory import MOST_PROJECTS, Held, Memory, State
from app.store.saver import Saver
from irlcore.project.project import Project
from tests.app.store.projects import ANN, step


def held(saver: Saver, *states: Project) -> Held:
    """The last of the states, with the others to undo."""
    now, *past = [State(one, Desk(), saver) for one in reversed(states)]
    return Held(now, tuple(reversed(past)))


def saver(visitor: str = ANN) -> Saver:
    return Saver(visitor)


def large(first: Project, megabytes: int) -> Project:
    return replace(first, zones={"z": np.zeros((megabytes * 2**16, 2))})


def test_twenty_visitors_take_nothing_from_each_other(first: Project) -> None:
    kept = Memory()
    all_of_them = [saver(f"{k:032x}") for k in range(20)]
    for k, one in enumerate(all_of_them):
        kept.hold(held(one, step(first, k), step(first, 100 + k)))
    for k, one in enumerate(all_of_them):
        found = kept.recall(one.visitor, one.key)
        assert found is not None and found.now.project.history[-1].numbers == str(100 + k) and len(found.past) == 1
    others = {one.key for one in all_of_them[1:]}
    assert all(kept.recall(ANN, key) is None for key in others)


def test_a_key_is_nothing_without_its_visitor(first: Project) -> None:
    kept, one = Memory(), saver()
    kept.hold(held(one, first))
    assert kept.recall("f" * 32, one.key) is None
    assert kept.recall(ANN, one.key) is not None


def test_a_visitor_has_room_for_some_projects_and_some_bytes(first: Project) -> None:
    kept = Memory()
    mine = [saver() for _ in range(MOST_PROJECTS + 1)]
    for one in mine:
        kept.hold(held(one, first))
    assert kept.recall(ANN, mine[0].key) is None and kept.recall(ANN, mine[1].key) is not None

    small = Memory(most_bytes=10 * 2**20)
    states = [large(first, 2) for _ in range(8)]
    one, other = saver(), saver()
    small.hold(held(one, *states))
    found = small.recall(ANN, one.key)
    assert found is not None and found.now.project is states[-1]
    assert 1 <= len(found.past) <= 4 and found.past[-1].project is states[-2]  # the newest steps of undo
    small.hold(held(one, large(first, 8)))
    small.hold(held(other, large(first, 8)))
    assert small.recall(ANN, one.key) is None and small.recall(ANN, other.key) is not None


def test_what_is_too_large_by_itself_is_held_only_until_it_is_saved(first: Project) -> None:
    """1.1 GB must not stay for hours after a tab is closed; the store has it."""
    kept, one = Memory(most_bytes=10 * 2**20), saver()
    one.state = "saving"
    kept.hold(held(one, first, large(first, 12)))
    found = kept.recall(ANN, one.key)
    assert found is not None and not found.past
    kept.hold(found)
    one.state = "saved"
    assert kept.recall(ANN, one.key) is None


def test_arrays_that_states_share_are_counted_once(first: Project) -> None:
    kept, one = Memory(most_bytes=10 * 2**20), saver()
    big = large(first, 6)
    kept.hold(held(one, *(step(big, k) for k in range(40))))
    found = kept.recall(ANN, one.key)
    assert found is not None and len(found.past) == 39


def test_what_is_not_used_is_let_go_even_where_nobody_comes(first: Project) -> None:
    kept, one = Memory(seconds=2.0), saver()  # more than passes before the first look
    big = replace(first, zones={"z": np.zeros((1000, 2))})
    gone = weakref.ref(big.zones["z"])
    kept.hold(held(one, big))
    del big
    assert gone() is not None
    until = time.monotonic() + 20.0
    while gone() is not None and time.monotonic() < until:
        time.sleep(0.05)
        gc.collect()
    assert gone() is None and kept.recall(ANN, one.key) is None


def test_it_is_used_time_that_counts_and_not_the_wall_clock(first: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, one, other = Memory(seconds=3600.0), saver(), saver()
    now = time.monotonic()
    monkeypatch.setattr(memory.time, "time", lambda: 0.0)  # set back
    kept.hold(held(one, first))
    kept.hold(held(other, first))
    monkeypatch.setattr(memory.time, "monotonic", lambda: now + 3000.0)
    kept.touch(ANN, other.key)
    monkeypatch.setattr(memory.time, "monotonic", lambda: now + 4000.0)
    assert kept.recall(ANN, one.key) is None and kept.recall(ANN, other.key) is not None


def test_a_project_has_one_saver_for_as_long_as_somebody_holds_it() -> None:
    kept = Memory()
    one = kept.saver(ANN)
    assert kept.saver(ANN, one.key) is one
    assert one not in (kept.saver(ANN), kept.saver("f" * 32, one.key), kept.saver(ANN, "f" * 16))
    gone, key = weakref.ref(one), one.key
    del one
    gc.collect()
    assert gone() is None and kept.saver(ANN, key).state == ""


def test_what_went_on_as_a_copy_is_not_found_under_its_former_key(first: Project) -> None:
    kept, one = Memory(), saver()
    former = one.key
    kept.hold(held(one, first))
    one.key = "f" * 16
    assert kept.recall(ANN, former) is None
