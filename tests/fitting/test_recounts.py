"""Features counted on the tracks that are fitted to: every track is judged by counts that it has no part in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import PathFeatures, feature_column, feature_matrix, recounts
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import evaluate, path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.draws import errors_agree
from tests.elicitation.worlds import COST, LENGTH, drawn, grid
from tests.rationality.worlds import grid_mdp, walk

PLACE, TURN = FeatureSpec("place", "traffic", {"of": "place"}), FeatureSpec("turn", "traffic", {"of": "turn share"})
UNEVEN = FeatureSpec("uneven", "bump", {"x": 180.0, "y": 330.0, "radius": 250.0})  # so that no two ways tie
SPECS = (PLACE, LENGTH, TURN, UNEVEN)
MODELS: list[Rationality] = [MaxEnt(), Boltzmann(), NoisyValue(draws=8)]


@pytest.fixture(scope="module")
def world() -> World:
    return grid(5)


@pytest.fixture(scope="module")
def paths(world: World) -> Paths:
    return drawn(world.mdp, COST * world.choice_length / 100.0, 12, seed=1)


def without(paths: Paths, i: int) -> Context:
    return Context(training=paths.take(np.delete(np.arange(len(paths)), i)))


def problem_of(world: World, paths: Paths, model: Rationality, specs: tuple[FeatureSpec, ...] = SPECS) -> Problem:
    context = Context(training=paths)
    matrix = feature_matrix(specs, world, context)
    return Problem(world.mdp, matrix.values, matrix.names, paths, model, 1.0, recounts(specs, world, context, paths, 4))


def test_with_as_many_folds_as_paths_each_is_counted_without_itself(world: World, paths: Paths) -> None:
    found = recounts(SPECS, world, Context(training=paths), paths, folds=len(paths))
    assert sorted(part.index.tolist() for part in found) == [[i] for i in range(len(paths))]
    for part in found:
        for k, spec in enumerate(SPECS):
            np.testing.assert_array_equal(part.phi[:, k], feature_column(spec, world, without(paths, int(part.index[0]))))


def test_folds_part_the_paths_and_leave_what_is_not_counted_alone(world: World, paths: Paths) -> None:
    found = recounts(SPECS, world, Context(training=paths), paths, folds=5)
    assert sorted(np.concatenate([part.index for part in found]).tolist()) == list(range(len(paths)))
    assert {len(part.index) for part in found} == {2, 3}
    whole = feature_matrix(SPECS, world, Context(training=paths)).values
    for part in found:
        np.testing.assert_array_equal(part.phi[:, [1, 3]], whole[:, [1, 3]])
        assert not np.array_equal(part.phi[:, 0], whole[:, 0])


def test_only_paths_that_were_counted_are_counted_anew(world: World, paths: Paths) -> None:
    half = Context(training=paths.take(np.arange(6)))
    assert recounts(SPECS, world, half, paths.take(np.arange(6, 12))) == ()
    assert recounts((LENGTH,), world, half, paths) == ()
    assert recounts((replace(PLACE, enabled=False), LENGTH), world, half, paths) == ()
    assert recounts(SPECS, world, Context(), paths) == ()
    some = recounts(SPECS, world, half, paths)
    assert sorted(np.concatenate([part.index for part in some]).tolist()) == list(range(6))


def test_a_path_is_counted_without_the_same_others_whatever_paths_are_asked_about(world: World, paths: Paths) -> None:
    context = Context(training=paths)
    whole = {int(i): part.phi for part in recounts(SPECS, world, context, paths, 4) for i in part.index}
    asked = np.array([7, 2, 11])
    some = recounts(SPECS, world, context, paths.take(asked), 4)
    assert sorted(np.concatenate([part.index for part in some]).tolist()) == [0, 1, 2]
    for part in some:
        for i in part.index:
            np.testing.assert_array_equal(part.phi, whole[int(asked[i])])


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_each_path_is_judged_by_its_own_columns(world: World, paths: Paths, model: Rationality) -> None:
    problem = problem_of(world, paths, model)
    point = np.append([0.3, COST, 0.2, -0.7], [0.4] * len(model.parameters))
    found = problem.evaluate(point, problem.groups())
    own = {int(i): part.phi for part in problem.recounts for i in part.index}
    information = np.zeros((len(point), len(point)))
    for i in range(len(paths)):
        alone = paths.take(np.array([i]))
        one = evaluate(model, problem.prepare(point, own[i]), own[i], alone, group_by_goal(alone))
        assert found.loglik[i] == pytest.approx(one.loglik[0], abs=1e-10)
        np.testing.assert_allclose(found.scores[i], one.scores[0], atol=1e-9)
        information += one.information
    np.testing.assert_allclose(found.information, information, rtol=1e-7, atol=1e-9)

    def at(x: np.ndarray) -> np.ndarray:
        return np.array([path_logliks(model, problem.prepare(x, own[i]), paths.take(np.array([i])))[0] for i in range(len(paths))])

    for k, step in enumerate(np.eye(len(point)) * 1e-6):
        np.testing.assert_allclose(found.scores[:, k], (at(point + step) - at(point - step)) / 2e-6, atol=1e-5)


def test_problems_side_by_side_keep_each_column_in_its_recount(world: World, paths: Paths) -> None:
    plain = problem_of(world, paths, MaxEnt(), (LENGTH,))
    place, turn = (problem_of(world, paths, MaxEnt(), (spec,)) for spec in (PLACE, TURN))
    both = problem_of(world, paths, MaxEnt(), (PLACE, TURN))
    for left, right, wanted in [(place, turn, both), (plain, place, problem_of(world, paths, MaxEnt(), (LENGTH, PLACE))),
                                (place, plain, problem_of(world, paths, MaxEnt(), (PLACE, LENGTH)))]:
        found = left.beside(right)
        assert found.names == wanted.names
        np.testing.assert_array_equal(found.phi, wanted.phi)
        assert len(found.recounts) == len(wanted.recounts) == 4
        for a, b in zip(found.recounts, wanted.recounts, strict=True):
            np.testing.assert_array_equal(a.index, b.index)
            np.testing.assert_array_equal(a.phi, b.phi)
    assert plain.beside(plain).recounts == ()


def test_paths_without_a_recount_are_judged_by_the_problem_s_own_columns(world: World, paths: Paths) -> None:
    problem = replace(problem_of(world, paths, MaxEnt()), recounts=())
    own = PathFeatures(np.array([3, 5]), problem.phi * [1.0, 1.1, 1.0, 1.0])
    point = np.array([0.3, COST, 0.2, -0.7])
    mixed = replace(problem, recounts=(own,))
    found, plain = mixed.evaluate(point, mixed.groups()), problem.evaluate(point, problem.groups())
    rest = np.delete(np.arange(len(paths)), [3, 5])
    np.testing.assert_allclose(found.loglik[rest], plain.loglik[rest], atol=1e-12)
    assert (np.abs(found.loglik[[3, 5]] - plain.loglik[[3, 5]]) > 0.01).all()


@pytest.mark.parametrize(("spec", "least"), [(TURN, 8.5), (PLACE, 1.0)], ids=["turn", "place"])
def test_what_others_did_by_chance_gets_no_weight_once_each_is_counted_without_itself(spec: FeatureSpec, least: float) -> None:
    """The class minds length alone, so the uses of a turn or place by others say nothing about a trip; its own uses do: they make a weight
    of 11.1 +- 1.2 and 2.4 +- .7 standard errors (40 runs), whose mean over 12 runs is below ``least`` once in 1e10 times."""
    world, inside, without = grid(7), [], []
    for seed in range(12):
        trips = drawn(world.mdp, COST * world.choice_length / 100.0, 60, seed=seed, n_goals=30)
        honest = problem_of(world, trips, MaxEnt(), (LENGTH, spec))
        with_itself, without_itself = fit(replace(honest, recounts=())), fit(honest)
        inside.append(with_itself.theta[1] / with_itself.se_robust[1])
        without.append(without_itself.theta[1] / without_itself.se_robust[1])
    assert errors_agree(np.array(without)[:, None])
    assert np.mean(inside) > least


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_estimator_goes_by_what_each_path_is_judged_by(name: str) -> None:
    """Where all paths have features of their own, the problem's own say nothing: the fit is that to the paths' own."""
    mdp, rng = grid_mdp(6, 6), np.random.default_rng(3)
    mud = (rng.random(36) < 0.3).astype(float)
    phi, other = (np.column_stack((np.ones(mdp.n_choices), where[mdp.likeliest])) for where in (mud, rng.permutation(mud)))
    other[:, 1] *= np.sqrt((phi[:, 1]**2).mean() / (other[:, 1]**2).mean())  # in which features are told does not matter here
    prepared = Boltzmann().prepare(mdp, phi @ [-3.0, -4.0])
    policies = {g: Boltzmann().solve(prepared, np.array([g])).log_policy for g in (7, 35)}
    trips = walk(mdp, policies, rng.choice([0, 12, 30], 40), rng.choice([7, 35], 40), rng)
    halves = tuple(PathFeatures(np.arange(k, 40, 2), phi.copy()) for k in (0, 1))
    plain = Problem(mdp, phi, ("step", "mud"), trips, Boltzmann())
    wanted, misled, found = (ESTIMATORS[name].fit(problem, None, None, None, "") for problem in (
        plain, replace(plain, phi=other), replace(plain, phi=other, recounts=halves)))
    np.testing.assert_allclose(found.theta, wanted.theta, rtol=1e-3)
    # the trimmed one ends at a kink near by: it is begun from other draws, since each batch has its own
    assert found.loglik == pytest.approx(wanted.loglik, rel=1e-4 if name == "trimmed_likelihood" else 1e-6)
    assert misled.loglik < wanted.loglik - 5.0
