"""Events told apart by hour, wait and values, against a slow reading of the rule; and counts of what is remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import WorldError
from irlcore.tracks.logs.rare import RARE
from irlcore.tracks.logs.waits import SO_FAR
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import Bands
from irlcore.worlds.history import build
from irlcore.worlds.history.build import Memory, build_history, context_names, history_size, usual_fewest_kinds
from irlcore.worlds.history.classes import aspects_of, class_count, class_names, parts_of, told_by, with_class, world_classes
from irlcore.worlds.history.classifier import FIRST, UNKNOWN, HourOf, ValueOf, WaitOf, part_of, since_event
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.history.offered import offered_columns, offered_values, offered_wait, tells_hours
from irlcore.worlds.history.typed import numbers_text, read_numbers, read_waits, waits_text
from tests.worlds.history.test_contexts import log_of, random_log

PARTS = (HourOf(Bands((6.0, 22.0)), ("day", "night")), WaitOf((60.0, 3600.0)), ValueOf("who", ("Ann", "Ben")),
         ValueOf("cost", (), (10.0, 100.0)))


def timed(seed: int, n: int = 40) -> LinkTracks:
    """A log with times since 2024, who did each event and what it cost, some of both missing."""
    rng = np.random.default_rng(seed)
    log = log_of(random_log(seed, n))
    many = np.diff(log.offsets)
    times = np.concatenate([1.7e9 + 3600.0 * rng.integers(0, 400) + np.cumsum(rng.exponential(1500.0, k)) for k in many])
    who = rng.choice(np.array(["Ann", "Ben", "Cem", ""], object), len(times), p=[0.4, 0.3, 0.2, 0.1])
    cost = np.where(rng.random(len(times)) < 0.1, np.nan, rng.exponential(60.0, len(times)))
    return replace(log, times=times, of_events=pd.DataFrame({"who": who, "cost": cost}))


def slow_labels(log: LinkTracks) -> list[tuple[str, ...]]:
    """What each event is beside its name, read off from the rule."""
    assert log.times is not None and log.of_events is not None
    out = []
    for k in range(len(log)):
        for p in range(log.offsets[k], log.offsets[k + 1]):
            hour = datetime.fromtimestamp(log.times[p], UTC).hour
            wait = np.inf if p == log.offsets[k] else log.times[p] - log.times[p - 1]
            who, cost = log.of_events["who"][p], log.of_events["cost"][p]
            out.append(("day" if 6 <= hour < 22 else "night",
                        FIRST if wait == np.inf else "under 1 min" if wait < 60 else "1 min to 1 h" if wait < 3600 else "1 h or more",
                        who if who in ("Ann", "Ben") else RARE if who else "(missing)",
                        "(missing)" if np.isnan(cost) else "under 10" if cost < 10 else "10 to 100" if cost < 100 else "100 or more"))
    return out


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fewest", [1, 4])
def test_each_event_is_a_choice_with_its_labels_and_states_are_those_of_events_alone(seed: int, fewest: int) -> None:
    log = timed(seed)
    plain, world = (build_history(log, Memory(2, 3, ("b",), 1, parts, fewest)) for parts in ((), PARTS))
    assert context_names(plain) == context_names(world) and aspects_of(world) == ("hour", "wait", "who", "cost")
    assert history_size(log, Memory(2, 3, ("b",), 1, PARTS, fewest))[1] >= world.mdp.n_choices
    mapped, alone = map_log(world, log), map_log(plain, log)
    assert not len(mapped.problems) and np.array_equal(mapped.paths.offsets, alone.paths.offsets)
    assert np.array_equal(world.mdp.choice_state[mapped.paths.choices], plain.mdp.choice_state[alone.paths.choices])
    assert np.array_equal(world.choice_place[mapped.paths.choices], plain.choice_place[alone.paths.choices])
    found = [told_by(world, c) for c in mapped.paths.choices.tolist() if told_by(world, c)]
    wanted, seen = slow_labels(log), Counter(zip(log.links.tolist(), slow_labels(log), strict=True))
    for name, mine, rule in zip(log.links.tolist(), found, wanted, strict=True):
        assert mine == (rule if seen[name, rule] >= fewest else (RARE,) * 4)
    assert class_count(world) == len({(n, t) if seen[n, t] >= fewest else (n, RARE) for n, t in seen})


def test_a_world_classifies_new_sequences_as_it_did_the_first() -> None:
    log = timed(5)
    world = build_history(log, Memory(2, 3, (), 1, PARTS, 3))
    assert parts_of(world) == PARTS and tuple(part_of(part.to_json()) for part in PARTS) == PARTS
    again = map_log(world, log.take(np.arange(4, 9)[::-1])).paths
    whole = map_log(world, log).paths
    for k, i in enumerate(range(8, 3, -1)):
        assert np.array_equal(again.choices[again.offsets[k]:again.offsets[k + 1]], whole.choices[whole.offsets[i]:whole.offsets[i + 1]])
    without = replace(log, times=None, of_events=None)  # nothing is known: all of a rare kind
    kinds = class_names(world, map_log(world, without).paths.choices)
    assert {kind for kind in kinds if kind != "(end)"} == {f"{one} (a rare kind)" for one in "abcd"}


@pytest.mark.parametrize("seed", range(3))
def test_times_are_counted_from_the_start_and_from_the_last_of_an_event(seed: int) -> None:
    log = timed(seed)
    times = np.where(np.random.default_rng(seed).random(len(log.links)) < 0.1, np.nan, log.times)
    log = replace(log, times=times)
    so_far, since = WaitOf((600.0,), SO_FAR), since_event("b", (60.0, 3600.0))
    for k in range(len(log)):
        first = int(log.offsets[k])
        for p in range(first, int(log.offsets[k + 1])):
            last = max((q for q in range(first, p) if log.links[q] == "b"), default=-1)
            begun, after = times[p] - times[first], times[p] - times[last]
            rule = (FIRST if p == first else UNKNOWN if np.isnan(begun) else "under 10 min from the start" if begun < 600
                    else "10 min or more from the start",
                    "before any b" if last < 0 else UNKNOWN if np.isnan(after) else "under 1 min after b" if after < 60
                    else "1 min to 1 h after b" if after < 3600 else "1 h or more after b")
            assert (so_far.labels(log)[p], since.labels(log)[p]) == rule
    world = build_history(log, Memory(1, 1, (), 1, (so_far, since)))
    assert aspects_of(world) == ("time so far", "time since b") and parts_of(world) == (so_far, since)
    assert not len(map_log(world, log).problems)


def test_an_event_of_a_kind_that_a_log_does_not_have_is_named() -> None:
    log = timed(6)
    world = build_history(log, Memory(2, 3, (), 1, PARTS[:1]))
    shifted = log.take(np.array([0]))
    own = world_classes(world)
    day_only = {str(world.place_names[e]) for e in own.event.tolist()} - {
        str(world.place_names[e]) for e, label in zip(own.event.tolist(), own.labels["hour"].tolist(), strict=True) if label == "night"}
    if not day_only:
        noon = np.full(len(log.links), 1.7e9 - 1.7e9 % 86400 + 12 * 3600.0)
        world = build_history(replace(log, times=noon), Memory(2, 3, (), 1, PARTS[:1]))
    night = replace(shifted, times=np.full(len(shifted.links), 1.7e9 - 1.7e9 % 86400 + 3600.0))
    with pytest.raises(WorldError, match=r"has no \w of this kind \(night\)"):
        map_log(world, night)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_is_remembered_is_counted_and_no_farther_than_asked(seed: int, count: int) -> None:
    texts = random_log(seed)
    log = log_of(texts)
    world = build_history(log, Memory(1, 1, ("a", "d"), count))
    names, paths = context_names(world), map_log(world, log).paths
    for k, text in enumerate(texts):
        for t, state in enumerate(paths.states(world.mdp, k)[:-1]):
            last = text[t - 1] if t else "(start)"
            times = {e: min(text[:t].count(e), count) for e in "ad"}
            assert names[state] == last + "".join(f" | {e}" if n == 1 else f" | {n} x {e}" for e, n in times.items() if n)


HOURS = {"name": "hour", "edges": [6.0, 22.0], "days": "all", "called": [], "shift_h": 0.0}
WHO = {"name": "who", "column": True, "kept": [], "edges": []}
WRONG: list[object] = [
    None, {}, *({"name": "wait", "edges": edges, "since": ""} for edges in ([], [5.0, 5.0], [0.0], ["x"])), {**HOURS, "edges": [6.0]},
    {**HOURS, "called": ["day"]}, {**HOURS, "called": ["day", "day"]}, {**HOURS, "shift_h": float("nan")}, {**HOURS, "days": "some"},
    {**WHO, "kept": ["a", "a"]}, {**WHO, "kept": [str(k) for k in range(51)]}, {**WHO, "edges": [2.0, 1.0]}]


@pytest.mark.parametrize("value", WRONG)
def test_what_tells_nothing_apart_is_refused(value: object) -> None:
    with pytest.raises(WorldError, match=r"tells events apart|told apart|hour|Days"):
        part_of(value)


def test_kinds_are_folded_where_they_make_too_large_a_world(monkeypatch: pytest.MonkeyPatch) -> None:
    log, memory = timed(1), Memory(2, 3, (), 1, PARTS)
    assert usual_fewest_kinds(log, memory) == 1
    monkeypatch.setattr(build, "MOST_CHOICES", history_size(log, replace(memory, fewest=5))[1])
    assert usual_fewest_kinds(log, memory) == 5 and history_size(log, replace(memory, fewest=3))[1] > build.MOST_CHOICES
    monkeypatch.setattr(build, "MOST_CHOICES", 1)
    assert usual_fewest_kinds(log, memory) == 100


def test_two_things_of_one_name_and_counts_that_cannot_be_are_refused() -> None:
    log = timed(1)
    with pytest.raises(WorldError, match="two things called 'who'"):
        build_history(log, Memory(1, 1, (), 1, (PARTS[2], PARTS[2])))
    with pytest.raises(WorldError, match="counted up to 10"):
        build_history(log, Memory(1, 1, ("a",), 10))
    assert with_class("a", (UNKNOWN, "Ann")) == "a (unknown time, Ann)" and with_class("a", (FIRST,)) == "a"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_offered_parts_the_events_and_can_be_typed(seed: int) -> None:
    log = timed(seed, 200)
    wait = offered_wait(log)
    assert tells_hours(log) and wait is not None and offered_columns(log) == ["who", "cost"]
    for part in (wait, offered_values(log, "cost")):
        shares = np.array([*Counter(part.labels(log).tolist()).values()]) / len(log.links)
        assert len(part.edges) == 2 and shares.min() > 0.05
    assert read_waits(waits_text(wait.edges)) == wait.edges and read_numbers(numbers_text((0.5, 1e6))) == (0.5, 1e6)
    assert offered_values(log, "who").kept == ("Ann", "Ben", "Cem") and offered_wait(replace(log, times=None)) is None
    assert not tells_hours(replace(log, times=np.arange(len(log.links), dtype=float)))
    assert read_waits("1 h; 5 min, 5min, 2 days") == (300.0, 3600.0, 172800.0)
    for text in ("5 parsecs", "-3 h", "h"):
        with pytest.raises(WorldError, match="is no time"):
            read_waits(text)


def test_what_is_offered_is_learned_from_the_reference_period_alone() -> None:
    log = timed(2, 200)
    period = pd.DataFrame({"period": ["reference"] * 100 + ["today"] * 100})
    assert log.times is not None
    late = log.times.copy()
    late[log.offsets[100]:] = 1.7e9 + 1e6 * np.arange(len(late) - log.offsets[100])
    here = [offered_wait(replace(log, attributes=period, times=times)) for times in (log.times, late)]
    assert here[0] == here[1] != offered_wait(replace(log, times=late))
