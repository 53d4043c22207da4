"""Many tracks become the paths that each would become by itself, however they are taken together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from irlcore.tracks.tracks import LinkTracks, find_ids
from irlcore.worlds import mapping
from irlcore.worlds.aims import NOWHERE, TO_ITS_END, UNFINISHED
from irlcore.worlds.links import paths as link_paths
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import choices_between
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

NAMES = [f"l{k}" for k in range(9)]
Row = tuple[str, list[int], int, str]


@pytest.fixture(scope="module")
def world() -> World:
    pairs = [(a, b) for a in range(9) for b in range(9) if a != b and (a * 5 + b * 3) % 4]
    table = pd.DataFrame({"from_link": [NAMES[a] for a, _ in pairs], "to_link": [NAMES[b] for _, b in pairs]})
    return build_network(pd.DataFrame({"link": NAMES}), table)


def drawn(seed: int, n: int = 200) -> tuple[LinkTracks, np.ndarray]:
    """Tracks of links drawn at random: some are unknown, some cannot follow, some pass their own end."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 7, n)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    links = np.array([*NAMES, "elsewhere"], object)[rng.choice(10, offsets[-1], p=[*[0.11] * 9, 0.01])]
    ids = np.array([f"t{k}" for k in range(n)], object)
    return LinkTracks(ids, offsets, links, pd.DataFrame(index=range(n))), rng.choice([TO_ITS_END, NOWHERE, UNFINISHED], n).astype(np.int8)


def one_by_one(world: World, tracks: LinkTracks, aims: np.ndarray) -> list[Row]:
    """Of each track that is a path: its name, choices, last state and goal's name."""
    mdp, rows = world.mdp, list[Row]()
    at = {(int(mdp.choice_state[m]), int(mdp.successors[m])): m for m in range(mdp.n_choices)}
    state = {name: k for k, name in enumerate(world.place_names)}
    for i in range(len(tracks)):
        links = tracks.links[tracks.offsets[i]:tracks.offsets[i + 1]].tolist()
        if any(link not in state for link in links):
            continue
        states = [state[link] for k, link in enumerate(links) if not k or links[k - 1] != link]
        made = [at.get(pair, -1) for pair in pairwise(states)]
        if -1 in made:
            continue
        end = states.index(states[-1]) if aims[i] == TO_ITS_END else len(states) - 1
        if end:
            goal = {TO_ITS_END: links[-1], NOWHERE: "nowhere", UNFINISHED: ""}[int(aims[i])]
            rows.append((tracks.ids[i], made[:end], states[end], goal))
    return rows


@pytest.mark.parametrize("block", [1, 7, 10**6])
@pytest.mark.parametrize("seed", range(4))
def test_all_together_is_one_by_one(world: World, block: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "BLOCK", block)
    monkeypatch.setattr(link_paths, "BLOCK", block)
    tracks, aims = drawn(seed)
    mapped = map_link_tracks(world, tracks, aims)
    paths, expected = mapped.paths, one_by_one(world, tracks, aims)
    assert len(expected) > 10
    assert paths.ids.tolist() == [row[0] for row in expected]
    assert [paths.choices[a:b].tolist() for a, b in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)] == [r[1] for r in expected]
    assert paths.last_state.tolist() == [row[2] for row in expected]
    known = [row[3] == "" if g < 0 else row[3] in ("nowhere", paths.goals.names[g]) for g, row in zip(paths.goal, expected, strict=True)]
    assert all(known) and paths.choices.dtype == np.int64
    dropped = set(mapped.problems["track"][mapped.problems["done"] == "dropped"])
    assert dropped == set(tracks.ids) - set(paths.ids)


def test_choices_are_the_same_by_a_table_as_by_a_search(world: World) -> None:
    before, after = (np.array(one.ravel()) - 1 for one in np.meshgrid(np.arange(10), np.arange(10)))
    by_search = np.concatenate([choices_between(world.mdp, before[k:k + 20], after[k:k + 20]) for k in range(0, 100, 20)])
    assert np.array_equal(choices_between(world.mdp, before, after), by_search)
    assert (by_search >= 0).sum() == len(set(zip(world.mdp.choice_state, world.mdp.successors, strict=True)))


def test_ids_are_found_in_any_order() -> None:
    ids = np.array([f"t{k}" for k in range(50)], object)
    order = np.random.default_rng(0).permutation(50)
    assert np.array_equal(find_ids(ids, ids.tolist()), np.arange(50))
    assert np.array_equal(find_ids(ids, ids[order].tolist()), order)
