"""The worst stretch against trying every part, its bound under the model, and what decides between equal parts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from irlcore.rationality.base import Rationality
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.replanned import Replanned
from irlcore.review.scores import score_paths
from irlcore.review.stretch import kernels
from irlcore.review.stretch.worst import worst_stretches
from irlcore.worlds.mdp import build_mdp
from tests.draws import LUCK
from tests.rationality.worlds import grid_mdp
from tests.review.worlds import make_paths


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-4, 5), min_size=1, max_size=9), min_size=1, max_size=5))
def test_it_is_the_best_of_all_parts(values: list[list[int]]) -> None:
    """Of equal ones the one that ends first, and of those the shortest."""
    offsets = np.concatenate(([0], np.cumsum([len(v) for v in values])))
    out, first, last = np.zeros(len(values)), np.zeros(len(values), np.int64), np.zeros(len(values), np.int64)
    kernels.largest_sums(np.concatenate(values).astype(float), offsets, out, first, last)
    for i, one in enumerate(values):
        parts = [(-sum(one[a:b]), b, b - a) for a in range(len(one)) for b in range(a + 1, len(one) + 1)]
        most, end, width = min(parts)
        assert (out[i], last[i], last[i] - first[i]) == (-most, end, width)


def test_a_step_counts_by_how_many_ways_there_are_and_not_where_there_is_one() -> None:
    # 0 -> 1, 2, 3 -> 4; of two choices from 0 to 3 nobody can tell which was made
    mdp, order = build_mdp(5, np.array([0, 0, 0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4, 4, 4]))
    assert (order == np.arange(7)).all()
    steps = np.array([2.0, 0.0, np.inf, 0.0, 0.1, 0.0])
    worst, first, last = worst_stretches(mdp, np.array([0, 4, 1, 5, 2, 6]), np.array([0, 2, 4, 6]), steps)
    np.testing.assert_allclose(worst, [2.0 - np.log(3.0), np.inf, 0.0])
    assert (first.tolist(), last.tolist()) == ([0, 0, 1], [1, 1, 2])


@pytest.mark.kernels
@pytest.mark.parametrize("model", [MaxEnt(), Replanned(persistent=True, draws=16)], ids=lambda m: m.name)
def test_its_bound_holds_for_the_models_own_trips(model: Rationality) -> None:
    """At most k e^-w of the trips reach w where none has more than k steps, steps that hang together included; and the bound is of use:
    not a thousand times too wide."""
    mdp, k = grid_mdp(4, 4), 12
    own = np.array([1.5]) if model.parameters else None
    prepared = model.prepare(mdp, -np.random.default_rng(3).uniform(1.5, 2.5, mdp.n_choices), 1.0, own)
    solution, rng = model.solve(prepared, np.array([15])), np.random.default_rng(5)
    kept = model.log_kept(prepared, solution)
    policy = np.exp(solution.log_policy[:, None] if kept is None else kept)
    ways: list[list[int]] = []
    for n in range(3000):
        at, way = 0, []
        while at != 15:
            here = slice(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])
            way.append(here.start + int(rng.choice(here.stop - here.start, p=policy[here, n % policy.shape[1]])))
            at = int(mdp.successors[way[-1]])
        ways.append(way)
    found = score_paths(model, prepared, make_paths(mdp, ways, [15] * len(ways))).worst_stretch
    short = found[[len(way) <= k for way in ways]]
    for w in (3.0, 4.0, 5.0):
        bound = k * np.exp(-w)
        assert (short >= w).sum() <= binom.isf(LUCK, len(ways), min(bound, 1.0))
    assert (found >= 1.0).mean() > 0.001 * k * np.exp(-1.0)


@pytest.mark.kernels
def test_the_part_that_was_gone_at_random_is_found() -> None:
    """A trip along the bottom of a lattice that wanders in its middle: the part is that middle."""
    mdp, model = grid_mdp(9, 3), MaxEnt()
    prepared = model.prepare(mdp, np.full(mdp.n_choices, -4.0))
    way = [0, 1, 2, 3, 12, 3, 12, 21, 12, 3, 4, 5, 6, 7, 8]
    choices = [next(c for c in range(mdp.choice_offsets[a], mdp.choice_offsets[a + 1]) if mdp.successors[c] == b)
               for a, b in pairwise(way)]
    scores = score_paths(model, prepared, make_paths(mdp, [choices], [8]))
    assert (scores.worst_start[0], scores.worst_end[0]) == (3, 9) and scores.worst_stretch[0] > 8.0
