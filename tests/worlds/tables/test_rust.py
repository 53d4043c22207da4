"""Bus engines (Rust, *Optimal replacement of GMC bus engines*, Econometrica 55, 1987) as a world of a table.

90 states of 5,000 miles each; keeping an engine costs .001 theta x, replacing it RC; beta = .9999. Published for group 4 (Table IX): RC
10.0750, theta 2.2930, and mileage moves on by 0, 1 or 2 states with chances .3919, .5953, .0128. Here buses are made up by these numbers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

import irlcore as ir
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, Status
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.seen import log_seen
from irlcore.worlds.world import World

BINS, BETA, RC, THETA = 90, 0.9999, 10.0750, 2.2930
MOVES = np.array([0.3919, 0.5953, 0.0128])
BUSES, MONTHS, SEEDS = 100, 150, 8


def outcomes(order: np.random.Generator | None = None) -> pd.DataFrame:
    """The model's table: one row an outcome, in any order."""
    rows = [(x, action, min((x if action == "keep" else 0) + move, BINS - 1), chance, -0.001 * x * (action == "keep"),
             -1.0 * (action == "replace")) for x in range(BINS) for action in ("keep", "replace") for move, chance in enumerate(MOVES)]
    table = pd.DataFrame(rows, columns=["state", "action", "next_state", "probability", "upkeep", "new engine"])
    table = table.groupby(["state", "action", "next_state"], as_index=False, sort=False).agg(
        {"probability": "sum", "upkeep": "first", "new engine": "first"})  # in the last bins several moves lead alike
    return table if order is None else table.sample(frac=1.0, random_state=int(order.integers(1000)))


def slow_values(rc: float, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Expected values (BINS,) and chances (BINS,) of replacement, by successive approximation with MacQueen's bounds, from Rust's own
    equations and with nothing of this project."""
    x = np.arange(BINS)
    keep = np.zeros((BINS, BINS))
    for move, chance in enumerate(MOVES):
        np.add.at(keep, (x, np.minimum(x + move, BINS - 1)), chance)
    value = np.zeros(BINS)
    while True:
        kept = -0.001 * theta * x + BETA * keep @ value
        new = -rc + BETA * keep[0] @ value
        after = np.logaddexp(kept, new)
        change = after - value
        value = after
        if np.ptp(change) < 1e-13:
            shift = BETA / (1.0 - BETA) * change.mean()
            return value + shift, 1.0 / (1.0 + np.exp(kept - new))


def buses(seed: int, n: int = BUSES, months: int = MONTHS) -> pd.DataFrame:
    """What was seen of buses that are replaced by the law of the model."""
    rng, chance = np.random.default_rng((1987, seed)), slow_values(RC, THETA)[1]
    state, rows = np.zeros(n, np.int64), []
    for month in range(months):
        replaced = rng.random(n) < chance[state]
        rows.append(pd.DataFrame({"bus_id": np.arange(n), "step": month, "state": state,
                                  "action": np.where(replaced, "replace", "keep")}))
        state = np.minimum(np.where(replaced, 0, state) + rng.choice(3, n, p=MOVES), BINS - 1)
    return pd.concat(rows, ignore_index=True)


def problem_of(world: World, seen: pd.DataFrame) -> Problem:
    specs = (FeatureSpec("RC", "attribute", {"attribute": "new engine"}), FeatureSpec("theta", "attribute", {"attribute": "upkeep"}))
    found = feature_matrix(specs, world, Context())
    return Problem(world.mdp, found.values, found.names, world.paths_of(seen), MaxEnt(), BETA)


@pytest.fixture(scope="module")
def world() -> World:
    made: World = ir.World.from_table(outcomes())
    return made


@pytest.mark.parametrize(("rc", "theta"), [(RC, THETA), (4.0, 0.5), (6.0, 4.0)])
def test_values_are_those_of_a_slow_fixed_point(world: World, rc: float, theta: float) -> None:
    mdp = world.mdp
    reward = rc * world.choice_attributes["new engine"] + theta * world.choice_attributes["upkeep"]
    found = MaxEnt().solve(MaxEnt().prepare(mdp, reward, BETA), np.zeros(0, np.int64))
    value, chance = slow_values(rc, theta)
    replace = np.flatnonzero(world.choice_attributes["action"] == "replace")
    state = np.array([int(name) for name in world.place_names])
    np.testing.assert_allclose(found.value, value[state], rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(found.policy[replace], chance[state[mdp.choice_state[replace]]], rtol=1e-8)
    backup = np.logaddexp.reduceat(reward + BETA * (mdp.transition_matrix() @ found.value), mdp.choice_offsets[:-1])
    np.testing.assert_allclose(backup, found.value, rtol=1e-10)


@pytest.fixture(scope="module")
def fits(world: World) -> list[FitResult]:
    return [fit(problem_of(world, buses(seed))) for seed in range(SEEDS)]


def test_the_published_numbers_are_recovered(fits: list[FitResult]) -> None:
    """A weight lies beyond two standard errors once in twenty: four or more of eight do so once in 2,700 such tests."""
    off = np.array([np.abs(one.theta - [RC, THETA]) > 2.0 * one.se for one in fits])
    assert all(one.status is Status.CONVERGED for one in fits)
    assert off.sum(axis=0).max() <= 3
    mean, se = np.mean([one.theta for one in fits], axis=0), np.mean([one.se for one in fits], axis=0)
    np.testing.assert_array_less(np.abs(mean - [RC, THETA]), 3.5 * se / np.sqrt(SEEDS))  # once in 2,000


def test_the_fit_is_the_nested_fixed_point_estimate(world: World, fits: list[FitResult]) -> None:
    seen = buses(0)
    state, replaced = seen["state"].to_numpy(), (seen["action"] == "replace").to_numpy()

    def loss(point: np.ndarray) -> float:
        chance = slow_values(*point)[1][state]
        return -float(np.where(replaced, np.log(chance), np.log1p(-chance)).sum())

    found = minimize(loss, [9.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
    assert fits[0].loglik == pytest.approx(-found.fun, abs=1e-5)
    np.testing.assert_allclose(fits[0].theta, found.x, rtol=2e-3)
    assert fits[0].loglik == pytest.approx(-loss(fits[0].theta), abs=1e-6)


def test_the_order_of_rows_does_not_matter(world: World, fits: list[FitResult]) -> None:
    other: World = ir.World.from_table(outcomes(np.random.default_rng(3)))
    again = fit(problem_of(other, buses(0).sample(frac=1.0, random_state=1)))
    np.testing.assert_allclose(again.theta, fits[0].theta, rtol=1e-6)
    assert again.loglik == pytest.approx(fits[0].loglik, abs=1e-8)


def test_states_alone_do_not_tell_what_was_chosen(world: World) -> None:
    """With a new engine as with an old one at 0 miles the bus is at 0, 1 or 2 a month later: there the table must say which it was."""
    blind: World = ir.World.from_table(outcomes(), choices_seen=False)
    for one, same in ((world, True), (blind, False)):
        prepared = MaxEnt().prepare(one.mdp, np.zeros(one.mdp.n_choices), BETA)
        solution = MaxEnt().solve(prepared, np.zeros(0, np.int64))
        assert np.allclose(log_seen(prepared, solution), solution.log_policy) is same
