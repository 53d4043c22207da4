"""Reasons: the likeliest way against the list of all ways, totals against the moments, sentences that hold."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.reasons import Yardstick, explain_path, feature_uses
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import build_mdp
from tests.review.worlds import all_paths, as_world, make_paths, one_way_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


def test_feature_totals_are_standardised_over_all_paths() -> None:
    mdp = one_way_mdp(4, 3)
    rng = np.random.default_rng(3)
    phi = np.column_stack((rng.uniform(0.0, 3.0, mdp.n_choices), np.ones(mdp.n_choices)))
    model = MaxEnt()
    prepared = model.prepare(mdp, -phi[:, 0])
    solution = model.solve(prepared, np.array([11]))
    listed = list(all_paths(mdp, solution, 0))
    chance = np.array([c for c, _ in listed])
    totals = np.array([phi[way, 0].sum() for _, way in listed])
    mean = chance @ totals
    deviation = np.sqrt(chance @ (totals - mean) ** 2)
    for (_, way), total in zip(listed, totals, strict=True):
        first, second = feature_uses(prepared, solution, np.array(way), ("length", "step"), phi)
        assert (first.name, second.name) == ("length", "step")
        assert first.z == pytest.approx((total - mean) / deviation)
        assert np.isnan(second.z)  # every way has the same number of steps
        assert second.observed == pytest.approx(second.expected) == 5.0


def test_a_detour_is_explained_in_the_unit_of_a_feature() -> None:
    # two ways from 0 to 3: by 1 (200 m) and by 2 (1,000 m)
    mdp, order = build_mdp(4, np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]))
    length = np.array([100.0, 500.0, 100.0, 500.0])[order]
    model = Boltzmann()
    prepared = model.prepare(mdp, -0.01 * length)
    paths = make_paths(mdp, [[1, 3], [0, 2]], [3, 3])
    scores = score_paths(model, prepared, paths, window=1)
    told = Yardstick("length", -0.01, "m")
    detour, usual = (explain_path(model, prepared, as_world(mdp), paths, scores, i, ("length",), length[:, None], told)
                     for i in (0, 1))
    text = " ".join(detour.sentences)
    assert "between place 0 and place 2" in text
    assert "800 m of length" in text
    assert "parts from it at place 0 and goes on to place 1" in text
    assert "2,980 times as likely" in text or "2,981 times as likely" in text
    assert "more of \"length\" than expected: 1,000 where" in text
    assert detour.alternative.tolist() == [0, 2]
    assert detour.stretch.tolist() == [1]
    assert "It took the likeliest way to place 3." in usual.sentences
    assert not any("more" in s for s in usual.sentences)


def test_a_path_that_the_model_rules_out_is_still_explained() -> None:
    mdp, _ = build_mdp(4, np.array([0, 1, 3]), np.array([1, 2, 3]))
    model = Boltzmann()
    prepared = model.prepare(mdp, -np.ones(3))
    paths = make_paths(mdp, [[2]], [1])
    reasons = explain_path(model, prepared, as_world(mdp), paths, score_paths(model, prepared, paths), 0, ("step",),
                           np.ones((3, 1)))
    assert any("no way" in s for s in reasons.sentences)
    assert not len(reasons.alternative)
