"""Features of logs: what they mean, and that a history world with them holds the n-gram as its special case."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix, recounts, suggest_features
from irlcore.features.log_events import event_sequences, pattern_of
from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.worlds.history.build import Memory, build_history, context_names, events_of
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.worlds.history.test_contexts import log_of, random_log


def made(order: int = 2, least: int = 1, remembered: tuple[str, ...] = (), seed: int = 0, n: int = 60) -> tuple[World, Paths]:
    log = log_of(random_log(seed, n))
    world = build_history(log, Memory(order, least, remembered))
    return world, map_log(world, log).paths


def told(world: World, spec: FeatureSpec, context: Context | None = None) -> dict[tuple[str, str], float]:
    """(state, event) -> value."""
    column = feature_column(spec, world, context or Context())
    names, called = context_names(world), world.choice_attributes["event"]
    return {(names[s], str(called[m])): float(column[m]) for m, s in enumerate(world.mdp.choice_state.tolist())}


def test_an_event_right_after_others_is_one_there_and_nowhere_else() -> None:
    world, _ = made()
    for (state, event), value in told(world, FeatureSpec("f", "sequel", {"after": "a > b", "event": "c"})).items():
        assert value == float(state.endswith("a > b") and event == "c")
    for (_, event), value in told(world, FeatureSpec("f", "sequel")).items():
        assert value == float(event == "(end)")
    for (state, event), value in told(world, FeatureSpec("f", "again")).items():
        assert value == float(state.split(" > ")[-1] == event)


@pytest.mark.parametrize("when", ["has happened", "has not happened"])
def test_a_remembered_event_has_happened_or_not(when: str) -> None:
    world, _ = made(remembered=("b", "d"))
    has = when == "has happened"
    for (state, event), value in told(world, FeatureSpec("f", "happened", {"remembered": "b", "when": when, "event": "c"})).items():
        assert value == float(("b" in state.split(" | ")[1:]) == has and event == "c")
    for (state, event), value in told(world, FeatureSpec("f", "happened", {"when": when})).items():
        assert value == float(event in "bd" and (event in state.split(" | ")[1:]) == has)


def test_what_cannot_be_named_is_an_error_with_a_fix() -> None:
    world, paths = made()
    for kind, params, said in (("sequel", {"after": "a > x"}, "'x'"), ("sequel", {"after": "a > b > c"}, "looks back 2"),
                               ("usual_event", {"back": 3}, "last 2"), ("usual_event", {"back": 1.5}, "last 2"),
                               ("happened", {}, "remembers no events")):
        with pytest.raises(FeatureError, match=said) as caught:
            feature_column(FeatureSpec("mine", kind, params), world, Context(training=paths))
        assert caught.value.fix


def test_a_name_may_hold_the_sign_between_events() -> None:
    log = log_of(["ab", "ba"])
    log.links[:] = ["in > out", "b", "b", "in > out"]
    world = build_history(log, Memory(2, 1))
    names = list(events_of(world))
    assert [names[e] for e in pattern_of(world, "b > in > out")] == ["b", "in > out"]


@pytest.mark.parametrize("back", [0, 1, 2])
def test_usual_events_are_the_ngram_of_the_training_tracks(back: int) -> None:
    world, paths = made(least=4)
    column = feature_column(FeatureSpec("u", "usual_event", {"back": back}), world, Context(training=paths))
    chances = np.exp(column).reshape(-1, len(events_of(world)) + 1)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, rtol=1e-12)
    if back <= 1:  # states may know less than two events back, where these were rare
        grams = KneserNey(count_ngrams(*event_sequences(world, paths), 4, back), back)
        np.testing.assert_allclose(column[paths.choices], grams.log_steps(*event_sequences(world, paths)), rtol=1e-12)


def test_usual_events_are_counted_without_the_fold_that_is_judged_and_whatever_the_order_of_tracks() -> None:
    world, paths = made(seed=2)
    spec = FeatureSpec("u", "usual_event", {"back": 2})
    parts = recounts([spec], world, Context(training=paths), paths, folds=3)
    for part in parts:
        rest = paths.take(np.setdiff1d(np.arange(len(paths)), part.index))
        np.testing.assert_array_equal(part.phi[:, 0], feature_column(spec, world, Context(training=rest)))
    assert sorted(np.concatenate([part.index for part in parts]).tolist()) == list(range(len(paths)))
    turned = paths.take(np.arange(len(paths))[::-1])
    one, other = (feature_column(spec, world, Context(training=some)) for some in (paths, turned))
    np.testing.assert_array_equal(one, other)


@pytest.mark.kernels
def test_with_full_contexts_the_saturated_model_is_the_ngram_of_plain_shares() -> None:
    """Maximum likelihood with one feature for each event after each context gives the shares that were seen."""
    log = log_of(["ab", "aab", "ba", "abab", "bba", "aa"] * 3)
    world = build_history(log, Memory(1, 1))
    paths, m = map_log(world, log).paths, world.mdp.n_choices
    seen = np.bincount(paths.choices, minlength=m)
    there = np.bincount(world.mdp.choice_state, seen, world.mdp.n_states)[world.mdp.choice_state]
    taken = np.flatnonzero(seen > 0)
    first = np.unique(world.mdp.choice_state[taken], return_index=True)[1]
    free = np.delete(taken, first)  # of each state one choice is what the others are measured by
    phi = np.zeros((m, len(free) + 1))
    phi[free, np.arange(len(free))] = 1.0
    phi[seen == 0, -1] = 1.0  # what never happened: its weight falls without end
    names = (*(f"choice {k}" for k in free), "never seen")
    found = fit(Problem(world.mdp, phi, names, paths, ConditionalLogit()), quick=True)
    shares = (seen[taken] * np.log(seen[taken] / there[taken])).sum()
    assert shares - 0.01 < found.loglik <= shares + 1e-9


@pytest.mark.kernels
def test_the_start_basis_explains_new_sequences_no_worse_than_its_longest_ngram() -> None:
    """Over five made-up logs, fitted to and judged on 200 sequences each: the mean gain is not below its chance of noise."""
    gains = []
    for seed in range(5):
        log = log_of(random_log(seed, 400))
        world = build_history(log, Memory(3, 2))
        paths = map_log(world, log).paths
        train, test = paths.take(np.arange(200)), paths.take(np.arange(200, 400))
        specs, context = suggest_features(world), Context(training=train)
        matrix = feature_matrix(specs, world, context)
        problem = Problem(world.mdp, matrix.values, matrix.names, train, ConditionalLogit(), 1.0,
                          recounts(specs, world, context, train, 5))
        found = fit(problem, quick=True)
        alone = np.zeros(len(specs))
        alone[matrix.names.index("usual after 3 events")] = 1.0
        own, grams = (path_logliks(ConditionalLogit(), problem.prepare(theta), test).sum() for theta in (found.theta, alone))
        gains.append(own - grams)
    assert np.mean(gains) > -1.0, gains  # in nats of some 1,300 steps
