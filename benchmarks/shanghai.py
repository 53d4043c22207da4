"""Shanghai: 4,893 held-out taxi trips, weights from 1,000 others; likelihood, routes and destinations."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.routes import bleu, edit_distance
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.compare import short_title
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.intent.goals import goal_ranks
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import Prepared
from irlcore.tracks.cells import names
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.goal_prior import origin_prior
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

FRACTIONS = (0.25, 0.5, 0.75, 0.9)
FEATURES = 8


def load(folder: Path) -> tuple[World, dict[str, Paths]]:
    """The network and the paths of each part of the split."""
    world = build_network(*(read_table(folder / f"{name}.csv") for name in ("links", "transitions", "nodes")))
    table = read_table(folder / "paths.csv.gz")
    imported = read_paths(table, guess_columns(table, "paths"))
    assert isinstance(imported.tracks, LinkTracks)
    paths = map_link_tracks(world, imported.tracks).paths
    split = read_table(folder / "split.csv.gz")
    at = pd.Index(paths.ids)
    parts = {}
    for part, rows in split.groupby("part"):
        index = at.get_indexer(names(rows["path_id"]))
        parts[str(part)] = paths.take(index[index >= 0])
    return world, parts


def predicted_routes(model: Rationality, prepared: Prepared, paths: Paths) -> tuple[float, float]:
    """Mean edit distance and BLEU of the likeliest route, a trip, against all observed routes of its origin and goal."""
    mdp = prepared.mdp
    groups: dict[tuple[int, int], list[list[int]]] = {}
    for i in range(len(paths)):
        states = paths.states(mdp, i).tolist()
        groups.setdefault((int(paths.goal[i]), states[0]), []).append(states)
    edit = score = 0.0
    solution, solved = None, -1
    for (goal, start), routes in sorted(groups.items()):
        if goal != solved:
            solution, solved = model.solve(prepared, paths.goals.of(goal)), goal
        assert solution is not None
        chosen = likeliest_path(prepared, solution, start)
        route = [start, *mdp.successors[chosen].tolist()]
        edit += len(routes) * edit_distance(route, routes)
        score += len(routes) * bleu(route, routes)
    return edit / len(paths), score / len(paths)


def shares(ranks: np.ndarray) -> list[dict[str, float]]:
    """Share of trips whose true goal ranks first, and among the first five, after each fraction (N, F)."""
    return [{f"{int(100 * f)}": round(float((ranks[:, j] <= k).mean()), 4) for j, f in enumerate(FRACTIONS)} for k in (1, 5)]


def cells_of(top: list[dict[str, float]]) -> str:
    """Shares of first and of first five as the table's columns."""
    return "".join(f"{f'{top[0][k]:.3f}/{top[1][k]:.3f}':>14}" for k in top[0])


def count_ranks(world: World, past: Paths, test: Paths) -> np.ndarray:
    """A control without any model, (N, F): goals ranked by how often past trips through the present link ended there;
    links already left are ruled out."""
    ends = world.place_of_state[past.last_state]
    through = np.zeros((world.n_places, world.n_places))
    for i in range(len(past)):
        through[np.unique(world.place_of_state[past.states(world.mdp, i)[:-1]]), ends[i]] += 1.0
    through += 1e-3 * np.bincount(ends, minlength=world.n_places) / len(past)
    truth = world.place_of_state[test.last_state]
    ranks = np.zeros((len(test), len(FRACTIONS)), np.int64)
    for i in range(len(test)):
        places = world.place_of_state[test.states(world.mdp, i)]
        for j, share in enumerate(FRACTIONS):
            at = int(share * (len(places) - 1))
            score = through[places[at]].copy()
            score[places[:at + 1]] = -1.0
            ranks[i, j] = 1 + int((score > score[truth[i]]).sum())
    return ranks


def run(folder: Path) -> dict[str, Any]:
    world, parts = load(folder)
    train, test = parts["train1000"], parts["test"]
    specs = suggest_features(world)[:FEATURES]
    matrix = feature_matrix(specs, world, Context())
    goals = world.goals_at(np.arange(world.n_places))
    past = parts.get("train10000", train)
    prior = origin_prior(past, world.mdp, goals, test.first_state(world.mdp))
    print(f"{len(train)} training and {len(test)} test trips; features: {', '.join(matrix.names)}")
    print(f"{'':<24}{'loglik/trip':>12}{'edit':>7}{'BLEU':>7}" + "".join(f"{f'goal@{int(100 * f)}%':>14}" for f in FRACTIONS)
          + f"{'fit s':>8}{'all s':>8}")
    out: dict[str, Any] = {}
    for model in (MaxEnt(), Boltzmann(), NoisyValue(), Replanned(persistent=True)):
        begun = time.perf_counter()
        problem = Problem(world.mdp, matrix.values, matrix.names, train, model)
        found = fit(problem, [s.sign for s in specs])
        prepared = problem.prepare(np.append(found.theta, found.own))
        loglik = float(path_logliks(model, prepared, test).mean())
        edit, score = predicted_routes(model, prepared, test)
        ranks = goal_ranks(model, prepared, test, goals, prior, world.place_of_state[test.last_state], FRACTIONS)
        top = shares(ranks)
        seconds = time.perf_counter() - begun
        print(f"{short_title(model):<24}{loglik:>12.4f}{edit:>7.3f}{score:>7.3f}{cells_of(top)}{found.seconds:>8.2f}{seconds:>8.2f}")
        out[model.name] = {"loglik_per_trip": round(loglik, 5), "edit": round(edit, 5), "bleu": round(score, 5),
                           "goal_top1": top[0], "goal_top5": top[1], "seconds": round(found.seconds, 3),
                           "theta": dict(zip(matrix.names, np.round(found.theta, 5).tolist(), strict=True))}
    top = shares(count_ranks(world, past, test))
    print(f"{'counts':<24}{'':>26}{cells_of(top)}   (control: the commonest ends of past trips through the present link)")
    out["counts"] = {"goal_top1": top[0], "goal_top5": top[1]}
    return out
