"""Borlänge: weights of 1,832 real trips against the published recursive logit (Fosgerau, Frejinger, Karlström 2013)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.compare import compare_models, explained_best
from irlcore.fitting.likelihood import evaluate
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import group_by_goal
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import Paths, build_goals, build_mdp
from irlcore.worlds.network import build_network

NAMES = ("travel_time", "left_turn", "link_constant", "u_turn")


def load(folder: Path) -> tuple[Problem, str]:
    """The trips as a problem (model to be replaced), and a line on what was read."""
    world = build_network(read_table(folder / "links.csv.gz"), read_table(folder / "transitions.csv.gz"))
    table = read_table(folder / "observations.csv.gz")
    imported = read_paths(table, guess_columns(table, "paths"))
    assert isinstance(imported.tracks, LinkTracks)
    mapped = map_link_tracks(world, imported.tracks)
    specs = [FeatureSpec(name, "attribute", {"attribute": name}) for name in NAMES]
    # the transition's own attributes: a link's travel time would be that of the dummy destination too
    phi = feature_matrix(specs, world, Context()).values
    said = f"{len(mapped.paths)} trips to {len(mapped.paths.goals)} destinations, {len(mapped.problems)} not mapped or cut"
    return Problem(world.mdp, phi, NAMES, mapped.paths, MODELS["maxent"]), said


FITTED = ("maxent", "boltzmann", "noisy_value", "noisy_value_independent", "noisy_value_persistent",
          "noisy_value_path_and_weights_persistent", "noisy_value_replanned_persistent")
HELD_OUT = (*FITTED[:3], FITTED[-1])
FOLDS = 5


def run(folder: Path) -> dict[str, Any]:
    problem, said = load(folder)
    warm_up()
    print(said)
    print(f"{'':<40}" + "".join(f"{name:>16}" for name in NAMES) + f"{'sigma2':>15}{'loglik':>10}{'seconds':>9}{'draws':>6}")
    out: dict[str, Any] = {}
    for name in FITTED:
        model = MODELS[name]
        found = fit(replace(problem, model=model))
        cells = "".join(f"{f'{w:.3f} ({e:.3f})':>16}" for w, e in zip(found.theta, found.se_robust, strict=True))
        errors = [None if np.isnan(e) else round(float(e), 6) for e in found.se_robust]
        out[name] = {"theta": np.round(found.theta, 6).tolist(), "se": errors, "loglik": round(found.loglik, 4),
                     "seconds": round(found.seconds, 3), "status": found.status.name}
        noise, draws = "", getattr(model, "draws", "")
        if len(found.own):
            error = None if np.isnan(found.own_se[0]) else round(float(found.own_se[0]), 6)
            out[name] |= {"sigma2": round(float(found.own[0]), 6), "sigma2_se": error, "draws": draws}
            noise = f"{found.own[0]:.3f}" + ("" if error is None else f" ({error:.3f})")
        print(f"{name:<40}{cells}{noise:>15}{found.loglik:>10.2f}{found.seconds:>9.2f}{draws:>6}   {found.status.value}", flush=True)
    out["cv"] = cross_validated(problem)
    return out


def warm_up() -> None:
    """Compile every kernel on a world of three states, so that no fit's seconds hold a compiler's."""
    mdp, order = build_mdp(3, np.array([0, 0, 1, 1]), np.array([1, 1, 2, 0]))
    phi = np.array([[1.0], [1.5], [1.0], [2.0]])[order]
    paths = Paths(np.array(["a", "b"], dtype=object), np.array([0, 2, 4]), np.array([0, 2, 1, 2]), np.array([2, 2]), np.array([0, 0]),
                  build_goals([np.array([2])], ["end"]))
    for model in (MODELS[name] for name in FITTED):
        small = Problem(mdp, phi, ("cost",), paths, model)
        evaluate(model, small.prepare(np.append(-1.0, model.own_start(None))), small.phi, paths, group_by_goal(paths))


def cross_validated(problem: Problem) -> dict[str, Any]:
    """Mean held-out log-likelihood a trip, folds by trip and a fixed seed, and how far each model lies behind the best."""
    held = compare_models(problem, [MODELS[name] for name in HELD_OUT], FOLDS)
    print(f"\n{FOLDS} folds by trip, nats a held-out trip ({held.seconds:.0f} s): {explained_best(held)[0]}")
    print(held.table().to_string(index=False))
    means = {name: round(float(mean), 5) for name, mean in zip(held.models, held.mean, strict=True)}
    behind = {name: [round(float(d), 5), round(float(se), 5)] for name, (d, se) in zip(held.models, held.difference(), strict=True)}
    return {**means, "difference_to_best": behind, "folds": FOLDS}
