"""Residuals of many trips are those of each by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis import residuals as module
from irlcore.analysis.residuals import residuals_of
from irlcore.analysis.study import fit_study, judged
from irlcore.fitting.likelihood import residual_matrix
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network


def counted(made: Callable[..., Any], asked: list[int], model: Rationality, prepared: Prepared, trips: Paths, *rest: Any) -> Any:
    """What ``made`` makes of trips, and of how many."""
    asked.append(len(trips))
    return made(model, prepared, trips, *rest)


@pytest.mark.kernels
@pytest.mark.parametrize("sparse", [False, True], ids=["in full", "its entries alone"])
def test_trips_that_go_the_same_way_have_their_residuals_worked_out_once(sparse: bool, monkeypatch: pytest.MonkeyPatch) -> None:
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
    asked: list[int] = []
    for name in ("residual_matrix", "residual_rows"):
        monkeypatch.setattr(module, name, partial(counted, getattr(module, name), asked))
    if sparse:
        monkeypatch.setattr(module, "MOST_NUMBERS", 1)
    found = residuals_of(project, index)
    assert asked == [len(ways)]
    expected = np.zeros((2200, world.mdp.n_choices), np.float32)
    some = parts.paths.take(index)
    for start in range(0, 2200, 900):
        part = np.arange(start, min(start + 900, 2200))
        residual_matrix(model, batches[0].prepared, some.take(part), expected, part)
    found = found if isinstance(found, np.ndarray) else found.toarray()
    assert np.allclose(found, expected, rtol=1e-6, atol=1e-7) and np.abs(found).sum() > 0.0
