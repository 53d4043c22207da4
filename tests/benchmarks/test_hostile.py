"""The measure of hostile files: what it counts, that it outlives whatever a file does, and a small run of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.hostile import (
    DOORS,
    all_cases,
    cases_of,
    documents,
    doors,
    features,
    fuzz,
    projects,
    run_cases,
    shapes,
    summary,
    tables,
    tours,
)
from benchmarks.hostile.case import Case, Fared, Input
from benchmarks.hostile.opened import Opened
from benchmarks.hostile.trial import server, tried
from benchmarks.hostile.wrong_values import places
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


def endless(data: bytes) -> Callable[[], object]:
    def act() -> object:
        raise MotiveError("x" * 20_000, "Take another.")
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


@pytest.mark.parametrize(("door", "ended"), [(refusing, "refused"), (wordless, "traceback"), (endless, "traceback"),
                                             (failing, "traceback"), (crashing, "killed"),
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
    """None is made by being listed: all of them are gigabytes."""
    cases = list(all_cases())
    names = [case.name for case in cases if "fuzz" not in case.name]
    assert len(set(names)) == len(names) > 500
    file = Opened(fuzz.good())
    fuzzed = list(fuzz.inputs(1))
    assert len(fuzzed) == sum(1 for where in places(file.body) if where) + 2 * len(file.arrays) > 400
    assert len({item.name for item in fuzzed}) > 0.9 * len(fuzzed)  # a name shows the end of its path alone


def test_what_must_come_of_an_input_is_said_of_all_that_can_only_be_refused_or_must_be_read() -> None:
    packed = {**tables.GZIPPED, **tables.ZIPPED, **tables.PARQUET}
    assert set(tables.CSV) >= tables.ENDLESS and {*tables.CSV, *packed} >= tables.SOUND and not tables.ENDLESS & tables.SOUND
    must = {item.name: item.must for item in tables.inputs()}
    assert {name for name, one in must.items() if one == "read"} == tables.SOUND
    assert {name for name, one in must.items() if one == "refuse"} == ({*packed} - tables.SOUND) | tables.ENDLESS
    tampered = [item for item in projects.inputs() if item.must == "refuse"]
    assert len(tampered) == len(projects.BOMBS) + len(projects.TAMPERED) + len(projects.WORLD) + len(projects.VERSIONS)
    assert {item.name for item in projects.inputs()} - {item.name for item in tampered} == {*projects.ODD}
    kinds = {item.kind for module in (tables, documents, shapes, features, projects, fuzz) for item in module.inputs()}
    assert kinds == {*DOORS}


def test_every_formula_is_short_enough_to_be_read_but_the_one_that_says_so() -> None:
    long = [item.name for item in features.inputs() if item.kind == "formula" and len(item.data().decode("utf-8", "surrogatepass")) > 1000]
    assert long == ["a million characters"]


def test_an_input_is_brought_to_the_doors_of_its_kind() -> None:
    table, = cases_of(Input("zip", "a zip", lambda: b"PK"))
    assert table.make() == b"PK" and table.door.keywords == {"name": "hostile.zip"}  # type: ignore[attr-defined]
    assert [one.door for one in cases_of(Input("project", "a bomb", bytes))] == [doors.project]
    zone, blocked = cases_of(Input("geojson", "deep", lambda: "[[\ud800", "refuse"))
    assert zone.make() == blocked.make() == b"[[\xed\xa0\x80" and zone.must == blocked.must == "refuse"
    assert (zone.name, blocked.name) == ("geojson: deep", "geojson of blocked areas: deep")
    assert zone.door.func is doors.zones and blocked.door.func is doors.blocked  # type: ignore[attr-defined]
    world = doors.large_grid(**zone.door.keywords)  # type: ignore[attr-defined]
    assert zone.door.keywords == blocked.door.keywords  # type: ignore[attr-defined]
    assert (world.n_places, world.place_xy.min(), world.place_xy.max()) == (160_000, 0.625, 499.375)


def test_a_line_of_a_link_is_read_as_text_and_as_bytes() -> None:
    text, = cases_of(Input("wkt", "a line", lambda: "LINESTRING (0 0, 1 1)"))
    assert text.door(text.make())() is not None
    junk, = cases_of(Input("wkb", "bytes", lambda: b"\x01\x02"))
    assert junk.door.keywords == {"binary": True}  # type: ignore[attr-defined]


def test_half_a_surrogate_comes_to_a_formula_as_it_is() -> None:
    item, = (one for one in features.inputs() if one.name == "half a surrogate")
    with pytest.raises(MotiveError, match=r"The character '\\ud800' cannot stand here"):
        doors.formula(item.data())()


def test_a_small_run(context: Any) -> None:
    """One file of a kind; honest ones are read, and nothing else is let through."""
    wanted = {"csv.gz: a gzip cut short", "csv: every byte there is", "csv: a quote that never closes",
              "geojson of blocked areas: 50,000 plain corners", "formula: 9 ** 9 ** 9", "features: features within features, 25 deep",
              "project: unharmed, streets", "project: an array of objects", "project: cut at 50.0%"}
    found = run_cases((case for case in all_cases() if case.name in wanted), show=False)
    told = summary(found)
    assert told["tracebacks"] == told["slow"] == told["wrong"] == 0, told["names"]
    assert told["files"] == len(wanted) == told["refused_in_words"] + told["read"]
    assert [case.name for case in tours(found, 5)] == ["all pages: project: unharmed, streets"]
    assert run_cases(tours(found, 5), show=False)[0].ended == "read"


def test_a_page_that_breaks_is_found(context: Any) -> None:
    """A tour of a project file with no project in it ends in words or in a fault, never in a pass."""
    fared = tried(Case("one", doors.pages, lambda: b"no zip", "either", 60.0), context)
    assert fared.ended == "traceback" and "Undo" in fared.said
