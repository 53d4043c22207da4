"""Many trips scored by the ways they go: trips that are the same step by step have the same scores, which are worked out once."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from irlcore.engine import Control
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared
from irlcore.review.scores import Scores, score_paths
from irlcore.tracks.tracks import blocks_of, take_flat
from irlcore.worlds.alike import alike_paths
from irlcore.worlds.mdp import Paths

BLOCK = 1 << 20  # steps that are put in their places together, for the sake of memory


def score_ways(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> Scores:
    """``score_paths``, each way once where many trips go the same one."""
    same = alike_paths(paths)
    if same is None:
        return score_paths(model, prepared, paths, control)
    alone, of = np.unique(same, return_inverse=True)
    ways = paths.take(alone)
    scores = score_paths(model, prepared, ways, control)
    steps = np.empty(len(paths.choices))
    for i, j in blocks_of(paths.offsets, BLOCK):
        steps[paths.offsets[i]:paths.offsets[j]] = scores.step_surprise[take_flat(ways.offsets, of[i:j])[1]]
    return Scores(**{one.name: steps if one.name == "step_surprise" else getattr(scores, one.name)[of] for one in fields(Scores)})
