"""Contexts of a log against a slow reading of the rule: the longest ending that was seen often enough."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from irlcore.contracts.grounds import log_of
from irlcore.errors import WorldError
from irlcore.worlds.history import build
from irlcore.worlds.history.build import END, START, Memory, build_history, context_names, start_state, usual_memory
from irlcore.worlds.history.observed import map_log


def random_log(seed: int, n: int = 40, events: str = "abcd") -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list(events), size=int(rng.integers(1, 12)), p=[0.55, 0.25, 0.15, 0.05])) for _ in range(n)]


def slow_states(sequences: list[str], order: int, least: int, remembered: str) -> list[list[str]]:
    """The names of the states that each sequence passes, read off from the rule."""
    seen = Counter(tuple(h[-k:]) for one in sequences for t in range(len(one) + 1)
                   for h in [(START, *one[:t])] for k in range(1, min(order, len(h)) + 1))
    out = []
    for one in sequences:
        mine = []
        for t in range(len(one) + 1):
            history = (START, *one[:t])
            k = max(k for k in range(1, min(order, len(history)) + 1) if k == 1 or seen[history[-k:]] >= least)
            mine.append(" > ".join(history[-k:]) + "".join(f" | {e}" for e in remembered if e in history))
        out.append([*mine, END])
    return out


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("order", "least", "remembered"), [(1, 1, ""), (2, 3, ""), (3, 1, ""), (4, 4, "db"), (3, 10, "a")])
def test_a_sequence_is_in_the_longest_context_that_was_seen_often_enough(seed: int, order: int, least: int, remembered: str) -> None:
    sequences = random_log(seed)
    log = log_of(sequences)
    world = build_history(log, Memory(order, least, tuple(remembered)))
    names, paths = context_names(world), map_log(world, log).paths
    assert len(set(names)) == world.mdp.n_states
    for k, wanted in enumerate(slow_states(sequences, order, least, remembered)):
        assert [names[s] for s in paths.states(world.mdp, k)] == wanted
    told = world.choice_attributes["event"][paths.choices]
    assert ["".join(told[a:b - 1]) for a, b in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)] == sequences
    assert set(told[paths.offsets[1:] - 1]) == {END}


def test_the_order_of_sequences_makes_no_difference() -> None:
    sequences = random_log(7)
    here, there = (build_history(log_of(one), Memory(3, 3)) for one in (sequences, sequences[::-1]))
    assert context_names(here) == context_names(there)
    assert np.array_equal(here.mdp.successors, there.mdp.successors)


def test_every_state_is_a_place_with_its_last_event_and_every_event_may_follow() -> None:
    world = build_history(log_of(random_log(1)), Memory(3, 2))
    names = context_names(world)
    assert [str(world.place_names[p]) for p in world.place_of_state] == [n.split(" > ")[-1] for n in names]
    assert set(np.diff(world.mdp.choice_offsets)[:-1]) == {len(world.place_names) - 1}
    assert names[start_state(world)] == START


def test_a_state_that_no_sequence_can_be_in_is_none() -> None:
    """After the start there is always a longer context than the first event alone, where each is seen but once."""
    world = build_history(log_of(["ab", "ab"]), Memory(2, 1))
    reached = {start_state(world)}
    for _ in range(5):
        reached |= {int(s) for m in range(world.mdp.n_choices) if world.mdp.choice_state[m] in reached for s in [world.mdp.successors[m]]}
    assert reached == set(range(world.mdp.n_states))


def test_the_times_of_events_are_kept_and_the_end_is_at_the_last() -> None:
    log = log_of(["abc", "d"], times=True)
    assert map_log(build_history(log), log).paths.times.tolist() == [0.0, 1.0, 2.0, 2.0, 0.0, 0.0]


def test_unknown_events_are_named() -> None:
    world = build_history(log_of(["ab", "ba"]))
    mapped = map_log(world, log_of(["ab", "az"]))
    assert len(mapped.paths) == 1 and "event 2: the log of this world has no z" in mapped.problems.iloc[0]["what"]
    with pytest.raises(WorldError, match="None of the 1 sequences"):
        map_log(world, log_of(["z"]))


def test_what_cannot_be_remembered_is_said() -> None:
    with pytest.raises(WorldError, match="no event 'z' to remember"):
        build_history(log_of(["ab"]), Memory(2, 1, ("z",)))
    with pytest.raises(WorldError, match="context of 0 events"):
        build_history(log_of(["ab"]), Memory(0, 1))


def test_a_large_log_goes_back_less_far(monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(random_log(2))
    assert usual_memory(log) == Memory(3, 5)
    for most, wanted in ((100, Memory(2, 5)), (10, Memory(1, 5))):
        monkeypatch.setattr(build, "MOST_CHOICES", most)
        assert usual_memory(log) == wanted
    monkeypatch.undo()
    world = build_history(log)
    assert world.mdp.n_choices < 100_000 and world.settings["order"] == 3
