"""Borlänge: weights of 1,832 real trips against the published recursive logit (Fosgerau, Frejinger, Karlström 2013)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.maximum_likelihood import Problem, fit
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.read_tracks import read_paths
from irlcore.readers import guess_columns, read_table
from irlcore.tracks import LinkTracks
from irlcore.worlds.network import build_network, map_link_tracks

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
    return Problem(world.mdp, phi, NAMES, mapped.paths, MaxEnt()), said


def run(folder: Path) -> dict[str, Any]:
    problem, said = load(folder)
    print(said)
    print(f"{'':<12}" + "".join(f"{name:>22}" for name in NAMES) + f"{'loglik':>12}{'seconds':>9}")
    models: tuple[Rationality, ...] = (MaxEnt(), Boltzmann())
    out: dict[str, Any] = {}
    for model in models:
        found = fit(Problem(problem.mdp, problem.phi, problem.names, problem.paths, model))
        cells = "".join(f"{f'{w:.3f} ({e:.3f})':>22}" for w, e in zip(found.theta, found.se_robust, strict=True))
        print(f"{model.name:<12}{cells}{found.loglik:>12.2f}{found.seconds:>9.2f}   {found.status.value}")
        out[model.name] = {"theta": np.round(found.theta, 6).tolist(), "se": np.round(found.se_robust, 6).tolist(),
                           "loglik": round(found.loglik, 4), "seconds": round(found.seconds, 3)}
    return out
