"""The likeliest way against the list of all ways."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.routes import likeliest_path
from irlcore.worlds.mdp import build_mdp
from tests.review.worlds import all_paths, one_way_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.3])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_likeliest_path_is_the_most_probable_of_all(model: Rationality, slip: float, seed: int) -> None:
    mdp = one_way_mdp(4, 3, slip)
    prepared = model.prepare(mdp, -np.random.default_rng(seed).uniform(0.2, 2.0, mdp.n_choices))
    solution = model.solve(prepared, np.array([11]))
    best = max(all_paths(mdp, solution, 0))[1]
    assert likeliest_path(prepared, solution, 0).tolist() == best


def test_nowhere_to_go_is_an_empty_path_and_no_way_is_an_error() -> None:
    mdp, _ = build_mdp(3, np.array([0, 2]), np.array([1, 2]))
    prepared = Boltzmann().prepare(mdp, -np.ones(2))
    solution = Boltzmann().solve(prepared, np.array([1]))
    assert likeliest_path(prepared, solution, 0).tolist() == [0]
    assert likeliest_path(prepared, solution, 1).tolist() == []
    with pytest.raises(WorldError, match="state 2"):
        likeliest_path(prepared, solution, 2)


def test_parallel_choices_take_the_likelier_one() -> None:
    mdp, order = build_mdp(2, np.array([0, 0]), np.array([1, 1]))
    reward = np.array([-3.0, -1.0])[order]
    prepared = Boltzmann().prepare(mdp, reward)
    solution = Boltzmann().solve(prepared, np.array([1]))
    assert likeliest_path(prepared, solution, 0).tolist() == [int(np.argmax(reward))]


def test_of_ways_that_are_as_likely_the_same_one_is_told_whatever_rounding_and_numbers() -> None:
    rng, told = np.random.default_rng(8), set()
    for _ in range(40):
        number = np.append(rng.permutation(7), 7)  # eight states: 0 to 7 by way of 1, 2, 3 or of 4, 5, 6
        way = np.array([[0, 1], [1, 2], [2, 3], [3, 7], [0, 4], [4, 5], [5, 6], [6, 7]])
        cost = np.concatenate([rng.permutation([0.1, 0.2, 0.3, 0.7]), rng.permutation([0.1, 0.2, 0.3, 0.7])])
        ids = np.empty(8, np.uint64)
        ids[number] = np.arange(8)
        mdp, order = build_mdp(8, number[way[:, 0]], number[way[:, 1]], ids)
        model = MaxEnt()
        prepared = model.prepare(mdp, -cost[order], 1.0)
        path = likeliest_path(prepared, model.solve(prepared, number[[7]]), int(number[0]))
        told.add(tuple(ids[mdp.successors[path]].tolist()))
    assert told == {(1, 2, 3, 7)}
