"""A fit never ends below a model that it contains, nor far below another start, and does not run after what nothing tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.soundness.nested import LASTING, WIDER, shortfall, shortfalls
from benchmarks.soundness.small_problems import SHAPES, Shape, made_up
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting import trust_region
from irlcore.fitting.likelihood import evaluate
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.fitting.search import Search
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.nesting import contained
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.solution import group_by_goal
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.network import build_network
from tests.rationality.test_large_rewards import layered

HERE = Path(__file__).parent


@pytest.mark.parametrize("family", WIDER, ids=lambda family: family[0].name)
@pytest.mark.parametrize("shape", SHAPES[::3], ids=lambda shape: shape.name)
def test_no_model_ends_below_boltzmann_which_it_contains(shape: Shape, family: tuple[Rationality, ...]) -> None:
    assert shortfalls(made_up(shape, 0), family) == [0.0] * len(family)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if contained(model) is not None])
@pytest.mark.parametrize("shape", [SHAPES[3], SHAPES[6]], ids=lambda shape: shape.name)
def test_without_noise_a_model_is_boltzmann(shape: Shape, name: str) -> None:
    problem = made_up(shape, 1).problem
    point, values = np.array([-1.3, -0.7]), []
    for model, own in ((MODELS[name], [0.0]), (Boltzmann(), [])):
        asked = replace(problem, model=model)
        found = evaluate(model, asked.prepare(np.append(point, own)), asked.phi, asked.paths, group_by_goal(asked.paths))
        values.append(found.loglik)
    np.testing.assert_allclose(values[0], values[1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("model", LASTING[:3], ids=lambda model: model.name)
def test_no_other_start_ends_much_better(model: Rationality) -> None:
    assert shortfall(made_up(SHAPES[3], 0), model, 4) < 0.05


def test_a_model_with_noise_at_gamma_below_1_ends_at_or_above_boltzmann() -> None:
    """Case q16: sigma^2 ran to 235,903 and the weights to 0, 423 nats below Boltzmann, in two minutes."""
    world, table = build_network(read_table(HERE / "q16_gamma/links.csv")), read_table(HERE / "q16_gamma/paths.csv")
    tracks = read_paths(table, guess_columns(table, "paths")).tracks
    assert isinstance(tracks, LinkTracks)
    paths, names = map_link_tracks(world, tracks).paths, ("length", "plain")
    phi = feature_matrix([FeatureSpec(name, "attribute", {"attribute": name}) for name in names], world, Context()).values
    problem = Problem(world.mdp, phi, names, paths, NoisyValue(), 0.99)
    found, floor = fit(problem), fit(replace(problem, model=Boltzmann()))
    assert floor.loglik > -787.0
    assert found.loglik >= floor.loglik - 1e-6
    assert found.evaluations < 120 and found.own[0] < 10.0


@pytest.mark.parametrize("seed", range(4))
def test_six_trips_in_three_places_do_not_send_the_noise_away(seed: int) -> None:
    problem = made_up(SHAPES[-1], seed).problem
    found = fit(replace(problem, model=NoisyValue()))
    assert found.own[0] <= 100.0 and np.abs(found.theta).max() < 1e3
    assert found.own[0] < 100.0 or any("do not tell how large" in w.what for w in found.warnings)


def test_what_nothing_tells_stays_where_it_began() -> None:
    """In layers every way has as many steps: a cost per step has no likelihood of its own. It ran to -1e8."""
    mdp, paths = layered()
    rng = np.random.default_rng(4)
    phi = np.column_stack((rng.random(mdp.n_choices), np.ones(mdp.n_choices)))
    for model in (MaxEnt(), Boltzmann(), NoisyValue()):
        found = fit(Problem(mdp, phi, ("size", "step"), paths, model))
        assert abs(found.theta[1]) < 100.0, model.name
        assert found.status in (Status.CONVERGED, Status.STALLED)


def test_a_bad_start_ends_where_a_good_one_does() -> None:
    problem = replace(made_up(SHAPES[4], 1).problem, model=MaxEnt())
    good = fit(problem)
    for start in ([-300.0, -300.0], [-40.0, 30.0], [5.0, 5.0], [-3.0, -1e4]):
        assert fit(problem, start=np.array(start)).loglik == pytest.approx(good.loglik, abs=1e-4)


def test_units_of_features_do_not_move_the_search() -> None:
    problem = replace(made_up(SHAPES[4], 1).problem, model=NoisyValue())
    plain, unit = fit(problem), np.array([2.0**20, 2.0**-20])
    other = fit(replace(problem, phi=problem.phi * unit))
    assert other.loglik == pytest.approx(plain.loglik, abs=1e-6)
    assert other.evaluations == plain.evaluations
    np.testing.assert_allclose(other.theta * unit, plain.theta, rtol=1e-6)


def test_a_fit_that_runs_out_of_steps_tries_other_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, far = replace(made_up(SHAPES[4], 1).problem, model=MaxEnt()), np.array([-3e5, -3e5])
    good = fit(problem)
    monkeypatch.setattr(trust_region, "MOST_STEPS", good.iterations + 1)
    monkeypatch.setattr(Search, "_again", lambda self, best: best)
    alone = fit(problem, start=far)
    assert alone.status is Status.OUT_OF_STEPS and alone.loglik < good.loglik - 1.0
    monkeypatch.undo()
    monkeypatch.setattr(trust_region, "MOST_STEPS", good.iterations + 1)
    again = fit(problem, start=far)
    assert again.status is Status.CONVERGED and again.loglik == pytest.approx(good.loglik, abs=1e-6)
