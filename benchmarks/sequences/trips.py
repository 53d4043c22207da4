"""Shanghai's taxi trips as sequences of links, without the network: likelihood over the size of the training set, detours, variety."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.sequences.controls import NGrams
from benchmarks.sequences.judged import Wants, wants_of
from benchmarks.shanghai import load
from irlcore.features.log_events import event_sequences
from irlcore.rationality.sampling import draw_path
from irlcore.review.separation import auc
from irlcore.simulation.planted.detours import rerouted
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import Memory, build_history, start_state
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

PARTS = ("train100", "train1000", "train10000")
BACK, LEAST = 2, 5
SAMPLES, LONGEST = 300, 200
SEED = 7


def as_log(world: World, paths: Paths, prefix: str = "") -> LinkTracks:
    """Trips as sequences of the links that they passed, the first one included."""
    states = [paths.states(world.mdp, i) for i in range(len(paths))]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in states]))).astype(np.int64)
    links = world.place_names[world.place_of_state[np.concatenate(states)]].astype(object)
    ids = np.array([f"{prefix}{one}" for one in paths.ids], object)
    return LinkTracks(ids, offsets, links, pd.DataFrame(index=range(len(ids))))


def joined_logs(logs: list[LinkTracks]) -> LinkTracks:
    """One log of all sequences."""
    shift = np.cumsum([0, *(len(one.links) for one in logs)])
    offsets = np.concatenate([[0], *(one.offsets[1:] + before for one, before in zip(logs, shift[:-1], strict=True))]).astype(np.int64)
    ids = np.concatenate([one.ids for one in logs])
    return LinkTracks(ids, offsets, np.concatenate([one.links for one in logs]), pd.DataFrame(index=range(len(ids))))


def trips_of(folder: Path) -> tuple[World, World, dict[str, Paths]]:
    """The network, the world of its trips as a log, and the paths in that of each part of the split, "detours" among them."""
    network, parts = load(folder)
    logs = {name: as_log(network, paths) for name, paths in parts.items()}
    logs["detours"] = as_log(network, rerouted(network, parts["test"], np.random.default_rng(SEED)), "detour ")
    world = build_history(joined_logs([logs["train10000"], logs["test"]]), Memory(BACK, LEAST))
    return network, world, {name: map_log(world, log).paths for name, log in logs.items()}


def samples_of(world: World, policy: np.ndarray, many: int, rng: np.random.Generator) -> list[list[int]]:
    """States of ``many`` sequences that agents would make by choice probabilities ``policy`` (M,), at most ``LONGEST`` events each."""
    start, end = start_state(world), np.array([world.mdp.n_states - 1])
    return [draw_path(world.mdp, policy, start, end, rng, LONGEST) for _ in range(many)]


def distinct_share(drawn: list[list[int]]) -> float:
    """How many different sequences there are, of those that came to their end, as a share of all."""
    return len({tuple(one) for one in drawn if one}) / len(drawn)


def policy_of(wants: Wants, theta: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """(M,) float64."""
    model, problem = wants.problem.model, wants.problem
    return np.asarray(model.solve(problem.prepare(theta / temperature), np.array([wants.world.mdp.n_states - 1])).policy)


def run_trips(folder: Path, parts: tuple[str, ...] = PARTS) -> dict[str, Any]:
    """Each training set -> held-out log-likelihood a trip beside Kneser-Ney's, AUC of detours, share of different sequences."""
    _, world, paths = trips_of(folder)
    n_events, test = world.n_places - 2, paths["test"]
    asked = {name: event_sequences(world, paths[name]) for name in ("test", "detours")}
    print(f"Shanghai as sequences: {n_events} links, {world.mdp.n_states:,} contexts, {len(test):,} test trips")
    out: dict[str, Any] = {}
    for part in parts:
        begun = time.perf_counter()
        wants = wants_of(world, paths[part])
        grams = NGrams(*event_sequences(world, paths[part]), n_events, BACK)
        own = {name: wants.logliks(paths[name]) for name in asked}
        drawn = samples_of(world, policy_of(wants, wants.result.theta), SAMPLES, np.random.default_rng(SEED))
        out[part] = {"loglik_per_trip": round(float(own["test"].mean()), 4),
                     "kneser_ney": round(float(grams.logliks(*asked["test"]).mean()), 4),
                     "detour_auc": round(auc(-own["test"], -own["detours"]), 4),
                     "kneser_ney_detour_auc": round(auc(-grams.logliks(*asked["test"]), -grams.logliks(*asked["detours"])), 4),
                     "distinct": round(distinct_share(drawn), 4)}
        told = ", ".join(f"{name} {value:.3f}" for name, value in out[part].items())
        print(f"  {part:<12}{told}, {time.perf_counter() - begun:.0f} s", flush=True)
    return out
