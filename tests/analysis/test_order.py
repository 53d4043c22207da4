"""The split, folds, tests and the rule are the same in whatever order the tracks stand, and hang on the last bit of no score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.features.folds import fold_by_id, fold_of
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.review.calibration.circumstances import Circumstances, shift_between
from irlcore.review.calibration.weights import weights_between
from irlcore.review.learning import learned
from irlcore.review.parts.table import PartTable
from irlcore.review.tails import step_of, stepped, tail_of


def reordered(project: Project, seed: int) -> Project:
    assert project.paths is not None
    return replace(project, paths=project.paths.take(np.random.default_rng(seed).permutation(len(project.paths))))


@pytest.mark.parametrize("agents", [False, True])
def test_the_order_of_the_tracks_splits_them_no_other_way(agents: bool) -> None:
    project = sample_project("fishing")
    if agents:
        assert project.tracks is not None
        table = project.tracks.attributes.assign(boat=[str(k % 40) for k in range(len(project.tracks))])
        project = replace(project, tracks=replace(project.tracks, attributes=table), agent_column="boat")
    one, other = split_paths(project), split_paths(reordered(project, 3))
    for part in ("fit", "calibration", "review"):
        ids = [set(parts.paths.ids[getattr(parts, part)]) for parts in (one, other)]
        assert ids[0] == ids[1] and len(ids[0]) > 20
        assert (np.diff(getattr(other, part)) > 0).all()
    assert not (one.paths.ids == other.paths.ids).all()


def test_a_track_is_in_the_same_fold_in_whatever_order() -> None:
    ids, order = np.array([f"t{k:03d}" for k in range(57)], object), np.random.default_rng(1).permutation(57)
    assert (fold_by_id(ids[order], 5) == fold_by_id(ids, 5)[order]).all() and (fold_by_id(ids, 5) == fold_of(57, 5)).all()


def test_whether_sets_differ_and_what_tracks_weigh_hangs_on_no_order() -> None:
    rng, n = np.random.default_rng(2), 120
    start, ids = np.round(rng.normal(size=(n, 2)), 1), np.array([f"t{k:03d}" for k in range(n)], object)
    order = rng.permutation(n)
    back = np.argsort(order)
    told, moved = Circumstances(start=start), Circumstances(start=start[order])
    calibration, review = np.arange(80), np.arange(80, n)
    assert shift_between(told, calibration, review).p == shift_between(moved, back[calibration], back[review]).p
    one = weights_between(start, calibration, review, ids=ids)
    other = weights_between(start[order], back[calibration], back[review], ids=ids[order])
    np.testing.assert_allclose(other.of, one.of[order], rtol=1e-9)


@pytest.mark.kernels
def test_the_last_bit_of_a_score_moves_no_rule() -> None:
    rng, n = np.random.default_rng(3), 120
    usual = np.round(rng.exponential(size=(n, 3)), 1)
    kind, of = np.repeat(["detour", "loop"], 40), rng.integers(0, n, 80)
    strange = usual[of] + np.where(np.arange(80)[:, None] < 40, [2.0, 0.0, 1.0], [0.0, 2.0, 0.0])  # some scores stay as they were
    names = ("surprise", "turning", "winding")

    def rule(noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        some = [PartTable(names, values * (1.0 + noise * rng.choice([-1.0, 0.0, 1.0], values.shape))) for values in (usual, strange)]
        found = learned(some[0], some[1], of, kind)
        assert found is not None and found.evidence is not None
        return found.whole.combine(some[1]), found.evidence.auc, found.evidence.found

    for a, b in zip(rule(0.0), rule(2e-16), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_scores_that_differ_by_rounding_are_equal_and_others_are_not() -> None:
    values = np.array([0.1 + 0.2, 0.3, 0.0, 1e-17, 5.0, 1.0, 2.0])
    step = step_of(values)
    assert stepped(values, step)[0] == stepped(values, step)[1] and stepped(values, step)[2] == stepped(values, step)[3] and step < 1e-8
    assert stepped(np.array([np.inf, -np.inf, 1e300]), step).tolist() == [np.inf, -np.inf, 1e300]
    assert stepped(values, 0.0).tolist() == values.tolist() and step_of(np.zeros(4)) == 0.0 and step_of(np.zeros(0)) == 0.0
    nats = tail_of(values).nats(values)
    assert nats[0] == nats[1] and nats[2] == nats[3] < nats[0]
