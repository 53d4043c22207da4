"""The measure of hostile files: what it counts, that it outlives whatever a file does, and a small run of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.hostile import as_case, doors, fuzz, own, project_bombs, run_cases, summary, tours
from benchmarks.hostile.case import Case, Fared
from benchmarks.hostile.trial import server, tried
from irlcore.errors import MotiveError

KEYS = ["files", "refused_in_words", "slow", "tracebacks", "largest_mb", "longest_s"]


def refusing(data: bytes) -> Callable[[], object]:
    def act() -> object:
        raise MotiveError(f"{data!r} is no good.", "Take another.")
    return act


def wordless(data: bytes) -> Callable[[], object]:
    def act() -> object:
        raise MotiveError("No good.")
    return act


def failing(data: bytes) -> Callable[[], object]:
    return lambda: 1 / 0


def crashing(data: bytes) -> Callable[[], object]:
    return os.abort


def sleeping(data: bytes) -> Callable[[], object]:
    return lambda: time.sleep(30.0)


def hungry(data: bytes) -> Callable[[], object]:
    return lambda: np.ones(150_000_000).sum()


def large_but_ready(data: bytes) -> Callable[[], object]:
    held = np.ones(50_000_000)
    return lambda: held[0]


def starving(data: bytes) -> Callable[[], object]:
    return lambda: np.ones(10**10)


@pytest.fixture(scope="module")
def context() -> Any:
    return server()


@pytest.mark.parametrize(("door", "ended"), [(refusing, "refused"), (wordless, "traceback"), (failing, "traceback"), (crashing, "killed"),
                                             (sleeping, "killed"), (starving, "traceback"), (large_but_ready, "read")])
def test_however_a_file_ends_the_measure_says_so_and_goes_on(door: Any, ended: str, context: Any) -> None:
    fared = tried(Case("one", door, lambda: b"x", "either", 1.5), context)
    assert fared.ended == ended, fared
    assert fared.broken == (ended in ("traceback", "killed")) and fared.mb < 100.0


def test_memory_is_what_the_case_takes_itself(context: Any) -> None:
    """1.2 GB of ones; what was made ready before does not count (the case above)."""
    fared = tried(Case("one", hungry, lambda: b"x"), context)
    assert fared.ended == "read" and fared.slow and 1150.0 < fared.mb < 1350.0


def test_what_is_counted() -> None:
    def fared(ended: Any, seconds: float = 0.1, mb: float = 1.0, must: Any = "either", timed: bool = True) -> Fared:
        return Fared(Case(f"{ended} {seconds} {mb}", refusing, bytes, must, 20.0, timed), ended, seconds, mb)

    found = [fared("refused"), fared("refused", must="read"), fared("read", 5.5), fared("read", mb=1001.0), fared("read", must="refuse"),
             fared("traceback"), fared("killed", 20.0), fared("read", 90.0, timed=False)]
    told = summary(found, [fared("traceback", 70.0, timed=False)])
    assert list(told)[:6] == KEYS
    assert {key: told[key] for key in KEYS} == {"files": 8, "refused_in_words": 2, "slow": 3, "tracebacks": 3, "largest_mb": 1001.0,
                                                "longest_s": 20.0}
    assert told["wrong"] == 2 and len(told["names"]) == 7


def test_every_case_has_a_name_of_its_own_and_the_fuzz_leaves_nothing_out() -> None:
    names = [case.name for case in (*own.tables(), *own.shapes(), *own.formulas(), *own.exchanged(), *project_bombs.cases())]
    assert len(set(names)) == len(names) > 100
    body, arrays = fuzz.parts()
    fuzzed = list(fuzz.cases(1))
    assert len(fuzzed) == sum(1 for _ in fuzz.places(body)) + 2 * len(arrays) > 400
    assert len({case.name for case in fuzzed}) > 0.9 * len(fuzzed)  # a name shows the end of its path alone


def test_cases_of_other_modules_are_brought_to_their_door() -> None:
    table = as_case("tables", ("a zip", "a.zip", b"PK"))
    assert table.make() == b"PK" and table.door.keywords == {"name": "a.zip"}  # type: ignore[attr-defined]
    assert as_case("projects", ("a bomb", b"PK")).door is doors.project
    shape = as_case("shapes", ("deep", "features", "[["))
    assert shape.make() == b"[[" and shape.door is doors.features and shape.name == "shapes features: deep"
    world = doors.large_grid(0.0, 500.0)
    assert (world.n_places, world.place_xy.min(), world.place_xy.max()) == (160_000, 0.625, 499.375)


def test_a_line_of_a_link_is_read_as_text_and_as_bytes() -> None:
    text = as_case("shapes", ("a line", "wkt", "LINESTRING (0 0, 1 1)"))
    assert text.door(text.make())() is not None
    junk = as_case("shapes", ("bytes", "wkt", b"\x01\x02"))
    assert junk.door.keywords == {"binary": True}  # type: ignore[attr-defined]


def test_a_small_run(context: Any) -> None:
    """One file of a kind that is sound today; honest ones are read, and nothing else is let through."""
    wanted = {"gz cut off", "every byte there is", "a quote that never ends", "a ring of 50,000 plain corners (blocked)",
              "formula: 9 ** 9 ** 9", "features: 200,000 deep", "project: unharmed", "project: a pickle", "project: cut off"}
    every = (*own.tables(), *own.shapes(), *own.formulas(), *own.exchanged(), *project_bombs.cases())
    chosen = [case for case in every if case.name in wanted]
    found = run_cases(chosen, show=False)
    told = summary(found)
    assert told["tracebacks"] == told["slow"] == told["wrong"] == 0, told["names"]
    assert told["files"] == len(wanted) == told["refused_in_words"] + told["read"]
    assert [case.name for case in tours(found, 5)] == ["all pages: project: unharmed"]
    assert run_cases(tours(found, 5), show=False)[0].ended == "read"


def test_a_page_that_breaks_is_found(context: Any) -> None:
    """A tour of a project file with no project in it ends in words or in a fault, never in a pass."""
    fared = tried(Case("one", doors.pages, lambda: b"no zip", "either", 60.0), context)
    assert fared.ended == "traceback" and "Undo" in fared.said
