"""Partial pooling against the equations that it solves, and against the spreads that data were made with."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.parts.durations.pooling import PRIOR_SPREAD, Pooled, pool


def crossed(seed: int, tracks: int = 150, places: int = 60, steps: int = 20) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Log times of tracks that cross places, their groups, and the places' own means."""
    rng = np.random.default_rng(seed)
    own, ground = rng.normal(0.0, 0.2, tracks), rng.normal(0.0, 0.4, places)
    track, place = np.repeat(np.arange(tracks), steps), rng.integers(0, places, tracks * steps)
    return 3.0 + own[track] + ground[place] + rng.normal(0.0, 0.3, len(track)), {"place": place, "track": track}, ground


def test_levels_are_as_wide_as_they_were_made() -> None:
    """Ten seeds; a variance told by 60 places or 150 tracks is off by a fifth and an eighth (one sd): the mean of ten is within a third."""
    found = [pool(y, codes, {"place": 60, "track": 150}, (), "track") for y, codes, _ in (crossed(seed) for seed in range(10))]
    for name, truth in (("place", 0.16), ("track", 0.04)):
        assert np.mean([one.levels[name].between for one in found]) == pytest.approx(truth, rel=0.33)
    assert np.mean([one.spread**2 * one.tails / (one.tails - 2.0) for one in found]) == pytest.approx(0.09, rel=0.2)


def test_effects_solve_the_equations_of_the_mixed_model() -> None:
    """Henderson's equations with the weights and variances that were found, in full."""
    y, codes, ground = crossed(3, 40, 15, 12)
    sizes = {"place": 15, "track": 40}
    found = pool(y, codes, sizes, (), "track")
    left = y - found.mean(codes)
    weight = (found.tails + 1.0) / (found.tails + (left / found.spread) ** 2) / found.spread**2
    design = np.zeros((len(y), 1 + 15 + 40))
    design[:, 0] = 1.0
    design[np.arange(len(y)), 1 + codes["place"]] = 1.0
    design[np.arange(len(y)), 16 + codes["track"]] = 1.0
    # errors that are carried along a track make its own mean less sure; here hardly any are
    assert found.carry < 1.15
    shrink = np.concatenate(([0.0], *(np.full(sizes[name], 1.0 / found.levels[name].between) for name in sizes)))
    solved = np.linalg.solve(design.T @ (weight[:, None] * design) + np.diag(shrink), design.T @ (weight * y))
    assert np.abs(solved[1:16] - found.levels["place"].effects).max() < 3e-3
    assert np.abs(solved[16:] - found.levels["track"].effects).max() < 3e-3
    assert np.corrcoef(found.levels["place"].effects, ground)[0, 1] > 0.9


def test_a_level_that_does_not_matter_gets_nothing() -> None:
    rng = np.random.default_rng(5)
    noise = [pool(rng.normal(0.0, 0.3, 2000), {"hour": rng.integers(0, 24, 2000)}, {"hour": 24}) for _ in range(20)]
    assert max(one.levels["hour"].between for one in noise) < 0.01  # 0.09 is the variance of one
    assert sum(one.levels["hour"].between == 0.0 for one in noise) >= 4  # half of them as a rule, by the sign of a moment


def test_strange_ones_teach_little() -> None:
    """One visit in twenty is fifty times as long: what is usual moves by less than a tenth of a spread and a half."""
    y, codes, _ = crossed(8)
    sizes = {"place": 60, "track": 150}
    clean = pool(y, codes, sizes, (), "track")
    spoilt = y.copy()
    spoilt[::20] += np.log(50.0)
    found = pool(spoilt, codes, sizes, (), "track")
    moved = found.mean(codes) - clean.mean(codes)
    assert abs(float(np.median(moved))) < 0.05
    assert np.quantile(np.abs(moved), 0.9) < 0.25
    assert found.spread < 1.5 * clean.spread


def test_spreads_differ_by_place() -> None:
    rng = np.random.default_rng(2)
    place = rng.integers(0, 10, 5000)
    y = rng.normal(0.0, np.where(place < 5, 0.1, 0.6))
    found = pool(y, {"place": place}, {"place": 10}, ("place",))
    spread = np.sqrt(found.variance({"place": np.array([0, 9])}))
    assert spread[1] / spread[0] > 4.0


@pytest.mark.parametrize("y", [[1.0], [1.0, 1.0], [2.0] * 50, [1.0, 3.0]])
def test_few_or_equal_times_are_never_sure(y: list[float]) -> None:
    """What is believed before counts as three observations, so nothing is divided by 0."""
    codes = {"place": np.zeros(len(y), np.int64), "track": np.arange(len(y))}
    found = pool(np.array(y), codes, {"place": 1, "track": len(y)}, ("place",), "track")
    assert isinstance(found, Pooled) and np.isfinite(found.mean(codes)).all()
    least = PRIOR_SPREAD * np.sqrt(3.0 / (len(y) + 3.0))
    assert np.sqrt(found.variance(codes)).min() >= 0.9 * least


def test_a_slope_is_found_and_none_where_all_are_alike() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(0.0, 1.0, 500)
    assert pool(1.0 + 0.7 * x + rng.normal(0.0, 0.1, 500), {}, {}, x=x).slope == pytest.approx(0.7, abs=0.05)
    assert pool(np.full(500, 2.5), {}, {}, x=x).slope == 0.0


def test_groups_that_nobody_saw_are_as_unsure_as_groups_differ() -> None:
    y, codes, _ = crossed(1)
    found = pool(y, codes, {"place": 61, "track": 150}, (), "track")
    level = found.levels["place"]
    assert level.effects[60] == 0.0 and level.unsure[60] == pytest.approx(level.between)
    nowhere = {"place": np.array([-1])}
    assert found.mean(nowhere)[0] == found.centre and found.variance(nowhere)[0] == pytest.approx(found.spread**2 + level.between)
