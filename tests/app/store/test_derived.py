"""What was worked out is kept while what it rests on is the same, and no longer."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from app.store.derived import Derived, same
from irlcore.project.samples import sample_project


def test_work_is_done_once_while_what_it_depends_on_is_the_same() -> None:
    town, done, held = sample_project("town"), [], Derived()
    assert town.tracks is not None

    def work() -> int:
        done.append(1)
        return len(done)

    assert held.on("parts", work, (town.tracks, town.world, "car")) == 1
    judged = replace(town, notes="a verdict, a note")
    assert held.on("parts", work, (judged.tracks, judged.world, "car")) == 1
    assert held.on("parts", work, (judged.tracks, judged.world, "van")) == 2
    assert held.on("others", work, (judged.tracks, judged.world, "car")) == 3
    assert held.on("parts", work, (town.tracks, town.world, "car")) == 1, "undo finds it too"
    assert held.on("parts", work, (replace(town.tracks), town.world, "car")) == 4


def test_what_is_the_same() -> None:
    array = np.zeros(3)
    assert same((array, "a", (1, None)), (array, "a", (1, None)))
    assert not same((array,), (array.copy(),)) and not same((1,), (1.0,)) and not same((1,), (1, 2)) and not same((True,), (1,))


def test_the_ones_asked_for_last_are_kept_and_the_others_let_go_of() -> None:
    held, made = Derived(most=3, most_of_a_name=2), []
    for name, key in (("a", 0), ("b", 0), ("a", 1), ("b", 0), ("a", 2), ("c", 0)):
        held.on(name, lambda key=key, name=name: made.append((name, key)), (key,))  # type: ignore[misc]
    assert made == [("a", 0), ("b", 0), ("a", 1), ("a", 2), ("c", 0)]
    made.clear()
    for name, key in (("c", 0), ("a", 2), ("b", 0), ("a", 0)):
        held.on(name, lambda key=key, name=name: made.append((name, key)), (key,))  # type: ignore[misc]
    assert made == [("a", 0)]
    array = np.zeros(3)
    gone = weakref.ref(array)
    held.on("c", lambda: None, (array,))
    held.clear()
    del array
    gc.collect()
    assert gone() is None


def test_what_fails_is_not_kept() -> None:
    held = Derived()

    def broken() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        held.on("a", broken, ())
    assert held.on("a", lambda: 5, ()) == 5
