"""The temporal-difference term on our scale: what lam and the temperature of sampling do to likelihood, variety, and to rewards as a score.

Motive's start basis of a log is fitted by the value basis with lam of 0 to 1, as r = Q - gamma V' asks (Wulfmeier et al., NeurIPS 2024).
Task score of a sampled trip: the share of its steps that the road network has. The rank correlation is that of summed rewards with being
ordinary: of held-out trips against detours, and of normal traces against attacks.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.sequences.adfa import halves
from benchmarks.sequences.adfa import load as load_adfa
from benchmarks.sequences.judged import Wants, wants_of
from benchmarks.sequences.trips import distinct_share, policy_of, samples_of, trips_of
from irlcore.analysis.planting import joined_paths
from irlcore.engine import Control
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.fitting.value_basis.rewards import rewards_of
from irlcore.fitting.value_basis.rounds import Rounds
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

LAMS = (0.0, 0.01, 0.1, 1.0)
TEMPERATURES = (0.5, 1.0, 1.5)
TRIPS, SEEDS, SAMPLES = 500, 3, 100
MIXED = 0.2
"""Of the trips fitted to, own samples of a fit without the term."""
MIXED_AT = (0.0, 0.1)
REPEATS = 5
SHORT = Memory(2, 20)
"""Of the traces: two calls back, as a fit for each lam and seed is asked for."""


def summed_rewards(wants: Wants, theta: np.ndarray, paths: Paths) -> np.ndarray:
    """(N,) nats."""
    found = rewards_of(wants.problem, theta)
    return np.asarray(np.add.reduceat(found[paths.choices], paths.offsets[:-1]))


def rank_correlation(ordinary: np.ndarray, odd: np.ndarray) -> float:
    """Spearman's, of a score with being ordinary."""
    return float(spearmanr(np.concatenate((ordinary, odd)), np.arange(len(ordinary) + len(odd)) < len(ordinary)).statistic)


def seconds_of_a_step(wants: Wants, theta: np.ndarray, lam: float) -> float:
    """Of one evaluation of the loss and its two derivatives on all steps, the least of some."""
    free = np.full(len(theta), np.inf)
    term = Term(lam, 0.0, 1.0)
    design = Rounds(wants.problem, -free, free, term, Control()).first(theta).design
    out = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        evaluate_rows(design, theta, term)
        out.append(time.perf_counter() - begun)
    return min(out)


def with_samples(wants: Wants, theta: np.ndarray, rng: np.random.Generator) -> Paths:
    """The training trips, and own samples that make up ``MIXED`` of all."""
    train, mdp = wants.train, wants.world.mdp
    many = round(MIXED / (1.0 - MIXED) * len(train))
    drawn = [one for one in samples_of(wants.world, policy_of(wants, theta), many, rng) if one]
    width = wants.world.n_places - 1
    choices = [np.append(mdp.choice_offsets[one[:-2]] + wants.world.place_of_state[one[1:-1]], mdp.choice_offsets[one[-2]] + width - 1)
               for one in drawn]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in choices]))).astype(np.int64)
    n = len(drawn)
    own = Paths(np.array([f"sample {k}" for k in range(n)], object), offsets, np.concatenate(choices).astype(np.int64),
                np.full(n, mdp.n_states - 1), np.zeros(n, np.int64), train.goals)
    return joined_paths(replace(train, times=None), own)


def roads_of(network: World, world: World) -> np.ndarray:
    """(A, A) bool: whether the network leads from one link of the log straight to another."""
    number = {str(name): k for k, name in enumerate(world.place_names[:-2])}
    out = np.zeros((len(number), len(number)), bool)
    for a, b in zip(network.place_names[network.choice_from], network.place_names[network.choice_place], strict=True):
        if str(a) in number and str(b) in number:
            out[number[str(a)], number[str(b)]] = True
    return out


def share_of_roads(world: World, roads: np.ndarray, drawn: list[list[int]]) -> float:
    """Of the steps of sampled trips, those that the network has."""
    pairs = [world.place_of_state[np.array(one[1:-1])] for one in drawn if len(one) > 3]
    steps = np.concatenate([roads[one[:-1], one[1:]] for one in pairs]) if pairs else np.zeros(1)
    return float(steps.mean())


def run_trips_by_lam(folder: Path, seeds: int = SEEDS) -> dict[str, Any]:
    """lam -> means over seeds, each with other training trips."""
    network, world, paths = trips_of(folder)
    roads, test, detours = roads_of(network, world), paths["test"], paths["detours"]
    found: dict[str, list[dict[str, float]]] = {f"{lam:g}": [] for lam in LAMS}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        train = paths["train10000"].take(np.sort(rng.permutation(len(paths["train10000"]))[:TRIPS]))
        wants = wants_of(world, train)
        start = wants.result.theta
        for lam in LAMS:
            fitted = fit_value_basis(wants.problem, start=start, lam=lam)
            theta = fitted.theta
            one = {"loglik_per_trip": float(replace(wants, result=fitted).logliks(test).mean()),
                   "seconds_per_step": seconds_of_a_step(wants, theta, lam),
                   "rank_detours": rank_correlation(summed_rewards(wants, theta, test), summed_rewards(wants, theta, detours))}
            for hot in TEMPERATURES:
                drawn = samples_of(world, policy_of(wants, theta, hot), SAMPLES, rng)
                one |= {f"roads_at_{hot:g}": share_of_roads(world, roads, drawn), f"distinct_at_{hot:g}": distinct_share(drawn)}
            if lam in MIXED_AT:
                mixed = replace(wants.problem, paths=with_samples(wants, start, rng))
                again = replace(wants, result=fit_value_basis(mixed, start=start, lam=lam))
                one["mixed_loglik_per_trip"] = float(again.logliks(test).mean())
            found[f"{lam:g}"].append(one)
    return {lam: {name: round(float(np.mean([one[name] for one in some])), 4) for name in some[0]} for lam, some in found.items()}


def run_traces_by_lam(folder: Path, seeds: int = SEEDS) -> dict[str, float]:
    """lam -> rank correlation of summed reward with being a normal trace, and not an attack, the mean over seeds."""
    log, family = load_adfa(folder)
    world = build_history(log, SHORT)
    paths = map_log(world, log).paths
    found: dict[str, list[float]] = {f"{lam:g}": [] for lam in LAMS}
    for seed in range(seeds):
        train, normal, attacks = halves(family, seed)
        wants = wants_of(world, paths.take(train))
        for lam in LAMS:
            theta = fit_value_basis(wants.problem, start=wants.result.theta, lam=lam).theta
            found[f"{lam:g}"].append(rank_correlation(summed_rewards(wants, theta, paths.take(normal)),
                                                      summed_rewards(wants, theta, paths.take(attacks))))
    return {lam: round(float(np.mean(values)), 4) for lam, values in found.items()}


def run_lam(shanghai: Path, adfa: Path) -> dict[str, Any]:
    """Both, by lam, printed as a table."""
    out = run_trips_by_lam(shanghai) if shanghai.is_dir() else {f"{lam:g}": {} for lam in LAMS}
    for lam, rank in (run_traces_by_lam(adfa) if adfa.is_dir() else {}).items():
        out[lam]["rank_attacks"] = rank
    for lam, one in out.items():
        print(f"  lam {lam:<5}" + ", ".join(f"{name} {value:.3f}" for name, value in one.items()))
    return out
