"""Whether tracks of one agent score alike: the level, the finds, and that bounds which take tracks for draws on their own fail then."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm

from irlcore.review.calibration.alike import SHUFFLES, Alike, alike_within
from irlcore.review.calibration.ground import Ground
from irlcore.review.calibration.promise import AnyCut, Picked
from irlcore.review.calibration.rate import highest_rate
from tests.draws import LUCK

AGENTS, EACH = 20, 20
LABELS = np.repeat([f"agent {k}" for k in range(AGENTS)], EACH)


def scores(rng: np.random.Generator, between: float) -> np.ndarray:
    """Of a normal law, of which the share ``between`` lies between agents."""
    return (np.sqrt(between) * np.repeat(rng.normal(size=AGENTS), EACH)
            + np.sqrt(1.0 - between) * rng.normal(size=AGENTS * EACH))


@pytest.mark.kernels
def test_agents_who_are_alike_are_told_apart_no_more_often_than_the_level_and_others_are() -> None:
    rng, runs = np.random.default_rng(4), 150
    found = [sum(bool(alike_within(scores(rng, between), LABELS).found) for _ in range(runs)) for between in (0.0, 0.3)]  # type: ignore[union-attr]
    assert found[0] <= binom.isf(LUCK, runs, 0.01)
    assert found[1] == runs


@pytest.mark.kernels
def test_where_they_differ_a_bound_at_every_cut_fails_and_is_not_said() -> None:
    """Why such promises are withdrawn: of 150 bounds of 95 %, with three tenths between agents, a quarter fails."""
    rng, runs, bound = np.random.default_rng(5), 150, highest_rate(AGENTS * EACH)[1:-1]
    held, said = 0, 0
    for _ in range(runs):
        values = scores(rng, 0.3)
        held += bool((norm.sf(np.sort(values)[::-1]) <= bound).all())
        ground = Ground(len(values), 100, True, True, alike=alike_within(values, LABELS))
        said += AnyCut(ground, 20).holds or Picked(ground, (1, 1)).holds
    assert held < 0.85 * runs and said == 0


def test_neither_order_nor_unit_nor_names_change_it() -> None:
    rng = np.random.default_rng(6)
    values = np.round(scores(rng, 0.05), 1)
    order = rng.permutation(len(values))
    one = alike_within(values, LABELS)
    assert one == alike_within(values[order] * 1000.0, LABELS[order]) and one is not None and one.agents == AGENTS
    values[:3] = np.inf
    assert alike_within(values, LABELS) is not None


def test_where_nothing_can_be_told_nothing_is() -> None:
    values = np.arange(5.0)
    for labels in (None, np.array([*"abcde"]), np.array([*"aaaaa"])):
        assert alike_within(values, labels) is None
    same = alike_within(np.zeros(6), np.array([*"aabbcc"]))
    assert same is not None and same.p == 1.0 and not same.found


def test_it_is_said_why_nothing_is_promised() -> None:
    ground = Ground(400, 90, True, True, alike=Alike(1.0 / (SHUFFLES + 1.0), 20))
    assert ("tracks of one agent score alike (chance of so much by luck: 1 in 500), so that 400 of 20 agents tell less than as many of "
            "different ones") in AnyCut(ground, 10).sentence
    for removed, words in ((1, "after a look at it"), (3, "verdicts took 3 of those known as normal out of calibration, after a look")):
        gone = Ground(400, 90, True, True, removed=removed)
        assert not AnyCut(gone, 10).holds and words in AnyCut(gone, 10).sentence
