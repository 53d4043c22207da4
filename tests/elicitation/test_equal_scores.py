"""Candidates beside an old weight by which every track scores the same."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.elicitation.score_test import screen

SEED = 20121


@pytest.mark.parametrize("small", [1e-9, 1e-3, 1.0])
def test_a_score_that_all_tracks_share_takes_nothing_from_candidates(small: float) -> None:
    rng = np.random.default_rng(SEED)
    known = rng.standard_normal((200, 2))
    known -= known.mean(axis=0)
    candidates = np.column_stack((rng.standard_normal(200) + 0.5, rng.standard_normal(200)))
    plain = screen(known, candidates)
    beside = screen(np.column_stack((known, np.full(200, small))), candidates)
    assert plain.lm[0] > 20.0 and np.allclose(beside.lm, plain.lm, rtol=1e-9)
    assert np.allclose(beside.held_out, plain.held_out, rtol=1e-9)


def test_what_old_weights_say_is_still_theirs() -> None:
    rng = np.random.default_rng(SEED)
    known = rng.standard_normal((200, 2))
    known -= known.mean(axis=0)
    found = screen(known, known @ np.array([[1.0], [-2.0]]))
    assert found.lm[0] == 0.0 and np.allclose(found.projection[:, 0], [1.0, -2.0])


def test_an_intercept_that_old_scores_make_together_takes_nothing_either() -> None:
    rng = np.random.default_rng(SEED)
    known = rng.standard_normal((200, 2))
    known -= known.mean(axis=0)
    candidates = rng.standard_normal((200, 1)) + 0.5
    mixed = np.column_stack((known, known @ np.array([0.7, -0.2]) + 1e-2))
    assert np.allclose(screen(mixed, candidates).lm, screen(known, candidates).lm, rtol=1e-6)
