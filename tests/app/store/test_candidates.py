"""The count of candidates: each once, by tracks and class, never fewer, on disk too."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.store import candidates as module
from app.store.candidates import FILE, Candidates, Tried, digest_of, store, stored
from app.store.saver import Saver
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from tests.app.store.projects import ANN, WAIT, step


def test_each_is_counted_once_by_tracks_and_class() -> None:
    noted: list[int] = []
    known = Candidates()
    known.begin("a", "car", 5)
    known.begin("a", "car", 4)  # it has begun already
    car = Tried(known, "a", "car", lambda: noted.append(1))
    car.add("zone")
    car.update(["zone", ("suggested", 1), ("suggested", 1), ("suggested", 2)])
    car.add("zone")
    assert len(car) == known.number("a", "car") == 8 and len(noted) == 2
    assert known.number("a", "car", suggested=False) == 6
    assert "zone" in car and ("suggested", 2) in car and "other" not in car
    assert known.number("b", "car") == known.number("a", "van") == 0
    assert known.numbers("a") == {"car": 8} and known.numbers("b") == {}


def test_those_of_before_count_as_the_analysts_own_since_a_file_does_not_say_whose_they_were() -> None:
    known = Candidates()
    known.begin("a", "car", 205)
    assert known.number("a", "car", suggested=False) == 205
    known.add("a", "car", ["zone", ("suggested", 1)])
    assert known.number("a", "car", suggested=False) == 206 and known.number("a", "car") == 207


def test_what_the_project_says_beyond_those_that_are_known_is_counted() -> None:
    known = Candidates()
    known.add("a", "car", ["zone", ("suggested", 1)])
    for _ in range(2):
        known.begin("a", "car", 10)
        assert known.number("a", "car") == 10 and known.number("a", "car", suggested=False) == 9
    known.add("a", "car", [("suggested", 2)])
    known.begin("a", "car", 11)
    assert known.number("a", "car") == 11 and known.number("a", "car", suggested=False) == 9


def test_what_is_too_much_to_be_told_apart_is_counted_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOLD_APART", 3)
    known = Candidates()
    known.add("a", "car", [f"zone {k}" for k in range(5)])
    assert known.number("a", "car") == 5 and known.unsaved


def test_counts_come_together_and_never_fall() -> None:
    one, other = Candidates(), Candidates()
    one.begin("a", "car", 2)
    one.add("a", "car", ["x", "y"])
    other.begin("a", "car", 1)
    other.add("a", "car", ["y", "z"])
    again = Candidates.of_plain(json.loads(json.dumps(other.plain())))
    assert not again.unsaved
    again.take(one, stored=True)
    assert again.number("a", "car") == 5 and not again.unsaved
    other.take(one)
    assert other.number("a", "car") == 5 and other.unsaved
    other.take(Candidates())
    assert other.number("a", "car") == 5


def test_columns_are_no_new_data_and_points_are() -> None:
    town, points = sample_project("town").tracks, sample_project("anchorage").tracks
    assert town is not None and points is not None
    assert digest_of(town) == digest_of(replace(town, attributes=town.attributes.assign(more=1))) != digest_of(points)
    moved = replace(points, x=np.where(np.arange(len(points.x)) == 0, points.x + 1e-9, points.x))  # type: ignore[union-attr, call-arg]
    assert digest_of(moved) != digest_of(points) and digest_of(None) not in (digest_of(town), digest_of(points))


def test_what_saves_the_project_brings_them_to_the_disk_with_its_first_state_and_after(first: Project, home: Path) -> None:
    saver = Saver(ANN)
    saver.candidates.add("a", "car", ["x"])
    saver.note()
    assert not list(home.rglob(FILE)), "a project that is not in the store leaves nothing there"
    saver.save(step(first, 1), WAIT)
    assert stored(ANN, saver.key).number("a", "car") == 1
    other = Candidates()
    other.add("a", "car", ["of another server"])
    store(ANN, saver.key, other)
    saver.candidates.add("a", "car", ["y"])
    saver.note()
    saver.settle(WAIT)
    assert stored(ANN, saver.key).number("a", "car") == saver.candidates.number("a", "car") == 3
    assert saver.state == "saved" and saver.n == 1, "no state of its own: undo knows nothing of it"
    former = saver.key
    saver.remove()
    assert stored(ANN, former).number("a", "car") == 0
    saver.save(step(first, 2), WAIT)
    assert stored(ANN, saver.key).number("a", "car") == 3


def test_a_disk_that_fails_takes_no_page_down_and_they_are_saved_with_the_next_one(first: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    saver = Saver(ANN)
    saver.save(step(first, 1), WAIT)

    def fails(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", fails)
        saver.candidates.add("a", "car", ["x"])
        saver.note()
        saver.settle(WAIT)
        assert saver.candidates.unsaved and saver.state == "saved"
    saver.candidates.add("a", "car", ["y"])
    saver.note()
    saver.settle(WAIT)
    assert stored(ANN, saver.key).number("a", "car") == 2 and not saver.candidates.unsaved
