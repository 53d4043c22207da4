"""Trips of one way are scored once: the same scores as of each trip by itself, and what is known of places counts every trip."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from irlcore.rationality.models import MODELS
from irlcore.review import each_way
from irlcore.review.behaviour import spots_of
from irlcore.review.each_way import score_ways
from irlcore.review.findings import known_of
from irlcore.review.scores import Scores, score_paths
from irlcore.worlds.mdp import Paths
from tests.fitting.test_alike import square, trips
from tests.review.parts.classes import TOWN, commuters
from tests.review.streets import drives

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("name", ["maxent", "boltzmann", "noisy_value"])
@pytest.mark.parametrize("block", [50, 1 << 20])
def test_scores_of_ways_are_those_of_their_trips(name: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(each_way, "BLOCK", block)
    mdp, phi = square()
    paths, model = trips(mdp, 1300, 90), MODELS[name]
    theta = np.append(-np.ones(phi.shape[1]), model.own_start(None))
    prepared = model.prepare(mdp, phi @ theta[:phi.shape[1]], 1.0, theta[phi.shape[1]:], phi * theta[:phi.shape[1]])
    found, plain = score_ways(model, prepared, paths), score_paths(model, prepared, paths)
    for one in fields(Scores):
        np.testing.assert_allclose(getattr(found, one.name), getattr(plain, one.name), rtol=1e-12, atol=1e-12, err_msg=one.name)


def test_a_model_is_asked_for_each_way_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(model: object, prepared: object, paths: Paths, control: object = None) -> Scores:
        asked.append(len(paths))
        return score_paths(model, prepared, paths, control)  # type: ignore[arg-type]

    monkeypatch.setattr(each_way, "score_paths", counted)
    mdp, phi = square()
    model = MODELS["maxent"]
    prepared = model.prepare(mdp, phi @ -np.ones(phi.shape[1]), 1.0, model.own_start(None), -phi)
    score_ways(model, prepared, trips(mdp, 2000, 90))
    assert len(asked) == 1 and asked[0] <= 90


def test_what_is_known_of_places_counts_every_track() -> None:
    ways = commuters(40, 5)
    paths = drives(TOWN, [ways[k] for k in np.random.default_rng(2).integers(0, 40, 1500).tolist()])
    some = np.arange(100, 1500)
    known = known_of(spots_of(TOWN), paths, some, str)
    used = np.zeros(TOWN.n_places, np.int64)
    for i in some.tolist():
        used[np.unique(TOWN.place_of_state[paths.states(TOWN.mdp, i)])] += 1
    assert known.used.tolist() == used.tolist()
