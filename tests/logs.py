"""A made-up log of tickets as a project: what tests of sequences, their pictures and pages begin with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.analysis.study import fit_study
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.history.build import build_history

ODD = ("open", "close", "work", "work", "open")
"""The one sequence that was planted: closed before anything was done, and never approved."""
SEED = 20121


def sequences(many: int = 240) -> list[list[str]]:
    """Tickets: opened, often assigned, worked on and checked a few times, approved and closed. Number 5 is ``ODD``."""
    rng = np.random.default_rng(SEED)
    out = []
    for _ in range(many):
        one = ["open", *(["assign"] if rng.random() < 0.5 else [])]
        for _ in range(int(rng.integers(1, 4))):
            one += ["work", "check"] if rng.random() < 0.8 else ["work"]
        out.append([*one, "approve", "close"])
    out[5] = list(ODD)
    return out


def log_of(found: list[list[str]], normal: int) -> LinkTracks:
    """Sequences as they are read; all from number ``normal`` on are of the reference period."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in found]))).astype(np.int64)
    part = pd.DataFrame({"part": ["normal" if k >= normal else "new" for k in range(len(found))]})
    return LinkTracks(np.array([f"case {k}" for k in range(len(found))], object), offsets,
                      np.array([event for one in found for event in one], object), part)


def log_project(found: list[list[str]] | None = None, normal: int = 60, fitted: bool = True) -> Project:
    """The project of a log, with a feature for each of its commoner events and what usually follows, fitted."""
    log = log_of(found or sequences(), normal)
    world = build_history(log)
    project = with_world(Project(name="Tickets"), Imported(log, problem_table([]), len(log.links), 0, len(log), 0), world)
    names, counts = np.unique(log.links.astype(str), return_counts=True)
    events = names[np.argsort(-counts, kind="stable")][:2].tolist()
    features = (*(FeatureSpec(one, "attribute", {"attribute": "event", "equals": one}) for one in events),
                FeatureSpec("usual next", "traffic", {"of": "turn share", "unseen": 0.1}))
    project = replace(project, class_column="", features=features, period_column="part", reference_value="normal")
    return fit_study(project) if fitted else project
