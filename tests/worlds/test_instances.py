"""Random instances are what they say: their probabilities, their neighbours, the same again for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.worlds.instances import garnet, shortest_path_grid, slippery_grid


@pytest.mark.parametrize("make", [lambda r: slippery_grid(5, 0.1, r), lambda r: shortest_path_grid(5, r), lambda r: garnet(20, 3, 6, r)])
def test_probabilities_sum_to_one_and_a_seed_gives_the_same_again(make: object) -> None:
    (one, reward), (two, again) = (make(np.random.default_rng(4)) for _ in range(2))  # type: ignore[operator]
    np.testing.assert_allclose(one.transition_matrix().sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_array_equal(one.successors, two.successors)
    np.testing.assert_array_equal(reward, again)
    assert len(reward) == one.n_choices


def test_a_slip_happens_as_often_as_said() -> None:
    mdp, _ = slippery_grid(3, 0.1, np.random.default_rng(0))
    stay_in_the_middle = mdp.transition_matrix()[[5 * 4]].toarray()[0]
    np.testing.assert_allclose(stay_in_the_middle, [0, 0.02, 0, 0.02, 0.92, 0.02, 0, 0.02, 0])
    np.testing.assert_allclose(mdp.transition_matrix()[[0]].toarray()[0, 0], 0.96)  # two of five moves leave the grid


def test_the_last_cell_is_absorbing_and_free() -> None:
    for mdp, reward in (slippery_grid(4, 0.1, np.random.default_rng(0)), shortest_path_grid(4, np.random.default_rng(0))):
        assert mdp.choice_offsets[-1] - mdp.choice_offsets[-2] == 1
        assert mdp.successors[-1] == mdp.n_states - 1 and reward[-1] == 0.0
        assert (reward[:-1] < 0.0).all()


def test_a_garnet_leads_to_as_many_different_states_as_said() -> None:
    mdp, reward = garnet(12, 2, 7, np.random.default_rng(0))
    to = mdp.successors.reshape(24, 7)
    assert (np.diff(to, axis=1) > 0).all()
    assert ((reward >= 0.0) & (reward <= 1.0)).all() and (mdp.probabilities > 0.0).all()


def test_sizes_that_make_no_world_are_refused() -> None:
    rng = np.random.default_rng(0)
    for make in (lambda: garnet(3, 1, 4, rng), lambda: slippery_grid(0, 0.1, rng), lambda: slippery_grid(3, 1.0, rng)):
        with pytest.raises(WorldError):
            make()
