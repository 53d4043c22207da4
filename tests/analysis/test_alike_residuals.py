"""Residuals of many trips are those of each by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.residuals import residuals_of
from irlcore.analysis.study import fit_study, judged
from irlcore.fitting.likelihood import residual_matrix
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.network import build_network


@pytest.mark.kernels
def test_residuals_of_trips_that_go_the_same_way_are_worked_out_once_and_are_the_same() -> None:
    links = pd.DataFrame({"link": [f"l{k}" for k in range(12)], "length": np.arange(12) % 5 + 1.0})
    pairs = [(k, (k + 1) % 12) for k in range(12)] + [(0, 3), (5, 9), (2, 5)]
    world = build_network(links, pd.DataFrame({"from_link": [f"l{a}" for a, _ in pairs], "to_link": [f"l{b}" for _, b in pairs]}))
    ways = ["l0 l3 l4 l5", "l0 l1 l2 l3 l4 l5", "l3 l4 l5 l9 l10", "l3 l4 l5 l6 l7 l8 l9 l10", "l0 l1 l2 l5", "l8 l9 l10 l11"]
    drawn = np.random.default_rng(0).integers(0, len(ways), 2500)
    table = pd.DataFrame({"track": [f"t{k}" for k in range(2500)], "path": np.array(ways, object)[drawn]})
    project = fit_study(with_world(Project(), read_paths(table, {"track": "track", "path": "path"}), world), "maxent")
    ready = judged(project)
    parts, model, batches = ready.parts, ready.model, ready.batches
    assert len(batches) == 1
    index = np.random.default_rng(1).permutation(2500)[:2200]
    found = residuals_of(project, index)
    expected = np.zeros((2200, world.mdp.n_choices), np.float32)
    some = parts.paths.take(index)
    for start in range(0, 2200, 900):
        part = np.arange(start, min(start + 900, 2200))
        residual_matrix(model, batches[0].prepared, some.take(part), expected, part)
    assert np.allclose(found, expected, rtol=1e-6, atol=1e-7) and np.abs(found).sum() > 0.0
