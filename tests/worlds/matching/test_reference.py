"""The search finds what comparing every place with every other finds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from irlcore.worlds.matching.decoding import Decoded, decoded, model_of
from irlcore.worlds.matching.roads import Roads, prepare
from tests.worlds.matching.reference import Reference, Spot
from tests.worlds.matching.streets import town


def walk(rng: np.random.Generator, spacing: float, sigma: float) -> np.ndarray:
    """Points that go across the town, with noise, whether or not a street leads there."""
    corners = rng.uniform(0.0, 180.0, (3, 2))
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))))
    at = np.arange(0.0, along[-1], spacing)
    return np.column_stack([np.interp(at, along, corners[:, k]) for k in range(2)]) + rng.normal(0.0, sigma, (len(at), 2))


def spots_of(found: Decoded) -> list[Spot | None]:
    last = found.link_offsets[1:] - 1
    return [(int(a), float(here)) if placed else None for a, here, placed in zip(found.links[last], found.along, found.placed, strict=True)]


def connected(roads: Roads, links: np.ndarray) -> bool:
    return all(b in roads.out_to[roads.out_offsets[a]:roads.out_offsets[a + 1]] for a, b in pairwise(links))


@pytest.mark.parametrize("seed", range(12))
def test_the_best_way_is_found(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlcore.worlds.matching.decoding.BEAM", 200.0)  # nothing is given up, as in the reference
    rng = np.random.default_rng(seed)
    world = town(rng)
    roads = prepare(world)
    choice_cost = rng.uniform(0.1, 2.0, world.mdp.n_choices) if seed % 3 == 2 else None
    model = model_of(roads, 10.0, choice_cost)
    xy = walk(rng, (25.0, 60.0)[seed % 2], 10.0)
    found = decoded(roads, model, np.array([0, len(xy)]), xy[:, 0].copy(), xy[:, 1].copy(), 1e6)
    slow = Reference(world, roads, model)
    if not found.near.all():
        assert not slow.near(*xy[np.flatnonzero(~found.near)[0]])
        return
    best = slow.least(xy[:, 0], xy[:, 1])
    assert (found.begins.sum() == 1) == bool(np.isfinite(best))  # one-way streets may leave no way at all
    if not np.isfinite(best):
        return
    assert connected(roads, found.links)
    np.testing.assert_allclose(slow.of(xy[:, 0], xy[:, 1], spots_of(found)), best, rtol=1e-9, atol=1e-6)


def test_a_beam_gives_up_little() -> None:
    """The cost found is the best, or nearly, with the beam as it is used."""
    gaps = []
    for seed in range(20, 26):
        rng = np.random.default_rng(seed)
        world = town(rng)
        roads = prepare(world)
        model = model_of(roads, 10.0)
        xy = walk(rng, 40.0, 10.0)
        found = decoded(roads, model, np.array([0, len(xy)]), xy[:, 0].copy(), xy[:, 1].copy(), 1e6)
        if found.near.all():
            slow = Reference(world, roads, model)
            gaps.append(slow.of(xy[:, 0], xy[:, 1], spots_of(found)) - slow.least(xy[:, 0], xy[:, 1]))
    assert len(gaps) >= 3 and max(gaps) < 1.0 and min(gaps) > -1e-6
