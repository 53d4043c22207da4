"""Very many trips on a small network: a file is read, all trips are fitted, all are reviewed; and as the app reviews them.

The trips are drawn with replacement from those of the Shanghai data and get names of their own; one row a trip, links joined by "_", as in
the data. The file lies in a temporary folder and is gone afterwards; writing it is not measured.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from irlcore.analysis.ranking import review_study
from irlcore.analysis.study import fit_record, with_fit
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.project import Project
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.calibration.controls import FalseAlarmControl, benjamini_hochberg
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.each_way import score_ways
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

SEED = 20151
FEATURES = 8
RATE = 0.1


def write_trips(table: pd.DataFrame, many: int, path: Path) -> None:
    """So many rows of a table of paths, drawn with replacement."""
    rows = np.random.default_rng(SEED).integers(0, len(table), many)
    pd.DataFrame({"path_id": np.arange(many), "path": table["path"].to_numpy()[rows]}).to_csv(path, index=False)


def read_trips(world: World, path: Path) -> tuple[LinkTracks, Paths]:
    """The file's trips, and their paths on the network."""
    table = read_table(path)
    imported = read_paths(table, guess_columns(table, "paths"))
    assert isinstance(imported.tracks, LinkTracks)
    return imported.tracks, map_link_tracks(world, imported.tracks).paths


def review_trips(problem: Problem, theta: np.ndarray) -> int:
    """Every trip scored; one half is compared with the other: how many are flagged."""
    surprise = score_ways(problem.model, problem.prepare(theta), problem.paths).surprise
    half = np.arange(len(surprise)) % 2 == 0
    return int(benjamini_hochberg(conformal_p(surprise[half], surprise[~half]), RATE).sum())


def study_of(world: World, tracks: LinkTracks, paths: Paths) -> Project:
    """A project of the trips, every other one named as normal, with a fit."""
    part = pd.DataFrame({"part": np.where(np.arange(len(tracks)) % 2 == 0, "normal", "new")})
    project = Project(tracks=replace(tracks, attributes=part), world=world, paths=paths, features=tuple(suggest_features(world)[:FEATURES]),
                      period_column="part", reference_value="normal")
    return with_fit(project, fit_record(project, "maxent"))


def measured_trips(many: int, folder: Path) -> dict[str, Any]:
    """Processor seconds of reading, fitting and reviewing by the model's scores, and the peak of memory; and of the whole review that the
    app makes, by all kinds of scores (``study_s``, ``study_mb``)."""
    from benchmarks.scale.piece import peak_mb

    world = build_network(*(read_table(folder / f"{name}.csv") for name in ("links", "transitions", "nodes")))
    matrix = feature_matrix(suggest_features(world)[:FEATURES], world, Context())
    known = read_table(folder / "paths.csv.gz")
    took = []
    with tempfile.TemporaryDirectory() as place:
        for number in (200, many):  # the first compiles the kernels
            write_trips(known, number, Path(place) / "trips.csv")
            clock = [time.process_time()]
            tracks, paths = read_trips(world, Path(place) / "trips.csv")
            clock.append(time.process_time())
            problem = Problem(world.mdp, matrix.values, matrix.names, paths, MaxEnt())
            found = fit(problem)
            clock.append(time.process_time())
            review_trips(problem, found.theta)
            clock.append(time.process_time())
            took = np.diff(clock).tolist()
            mb = peak_mb()
            project = study_of(world, tracks, paths)
            begun = time.process_time()
            review_study(project, FalseAlarmControl("share_of_flags", RATE))
            took.append(time.process_time() - begun)
    read_s, fit_s, review_s, study_s = (round(one, 2) for one in took)
    return {"read_s": read_s, "fit_s": fit_s, "review_s": review_s, "study_s": study_s, "mb": mb, "study_mb": peak_mb()}
