"""Scores of normal tracks that no fit has seen, by the usual model of each world; planted detours beside those of Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import shanghai
from benchmarks.detours import rerouted
from benchmarks.roaming_vmt import CELL_PX, FEATURES, labelled
from irlcore.analysis.ranking import scored_study
from irlcore.analysis.study import fit_study
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, recounts, suggest_features
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.samples import FOLDER, sample_project
from irlcore.rationality.confined import confined
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.calibration.p_values import as_ranked
from irlcore.review.scores import Scores, score_paths
from irlcore.tracks.cells import names
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.aims import TO_ITS_END
from irlcore.worlds.grid import grid_over, map_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SEED = 20121
DETOURS, TURNS = 800, 4
"""Trips that a detour is planted in, and how often over to find false discoveries: with one detour each hardly any track is flagged at all,
and of no flags none is false."""
CONTAMINATED = 0.05
COUNTED, FITTED = 200, 60
"""Tracks of VMT that traffic is counted on, and others that are fitted to: each ends elsewhere, so that a fit takes time in proportion."""
TURN_SHARE = FeatureSpec("used", "traffic", {"of": "turn share"})


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Scores of tracks that were not fitted to. normal: (N,) float64. calibration: how many of them calibrate in each split. detours: (D,)
    float64 of planted ones, empty where there are none."""

    normal: np.ndarray
    calibration: int
    detours: np.ndarray


def sample() -> HeldOut:
    """The port town, as it is split: all of its reference but the fitted third, and today's tracks that no detour was planted in."""
    project = fit_study(sample_project("town"))
    scored = scored_study(project)
    labels = read_table(FOLDER / "town" / "labels.csv")
    planted = dict(zip(names(labels["track"]), labels["planted"].astype(int), strict=True))
    parts = scored.parts
    today = [i for i in parts.review if not planted[str(parts.paths.ids[i])]]
    return HeldOut(scored.values("surprise")[np.concatenate((parts.calibration, today))], len(parts.calibration), np.zeros(0))


def scores_of(world: World, specs: tuple[FeatureSpec, ...], fitted: Paths, *asked: Paths, counted: Paths | None = None) -> list[Scores]:
    """Of each of ``asked`` by MaxEnt, fitted to ``fitted`` alone. counted: other paths, on which class traffic is counted; on the fitted
    ones where None, and then without the path that is judged."""
    context = Context(training=fitted if counted is None else counted)
    matrix = feature_matrix(specs, world, context)
    parts = recounts(specs, world, context, fitted) if counted is None else ()
    problem = Problem(world.mdp, matrix.values, matrix.names, fitted, MaxEnt(), 1.0, parts)
    theta = fit(problem, [s.sign for s in specs], quick=True).theta
    prepared = MaxEnt().prepare(world.mdp, matrix.values @ theta, 1.0)
    return [score_paths(MaxEnt(), confined(MaxEnt(), prepared, paths), paths) for paths in asked]


def taxis(folder: Path) -> tuple[HeldOut, HeldOut, HeldOut]:
    """Shanghai: 1,000 trips fitted to, the test trips held out, a quarter of them to calibrate, a detour planted in copies of some. The
    second: ``TURNS`` detours in each, by improbability. The third: the same where one in twenty of the trips that were fitted to makes
    such detours."""
    world, parts = shanghai.load(folder)
    train, test = parts["train1000"], parts["test"]
    rng = np.random.default_rng(SEED)
    chosen = rng.permutation(len(test))[:min(DETOURS, len(test))]
    one = rerouted(world, test.take(np.sort(chosen)), rng)
    many, bad = one, train.take(rng.permutation(len(train))[:round(CONTAMINATED * len(train))])
    for k in range(TURNS):
        bad = rerouted(world, bad, rng)
        many = rerouted(world, many, rng) if k else many
    mixed = _joined(train.take(np.setdiff1d(np.arange(len(train)), find_ids(train.ids, [str(i) for i in bad.ids]))), bad)
    specs = (*suggest_features(world)[:shanghai.FEATURES], TURN_SHARE)
    normal, single, several = scores_of(world, specs, train, test, one, many)
    mixed_normal, mixed_several = scores_of(world, specs, mixed, test, many)
    quarter = len(test) // 4
    return (HeldOut(as_ranked(normal.surprise), quarter, as_ranked(single.surprise)),
            HeldOut(as_ranked(normal.improbability), quarter, as_ranked(several.improbability)),
            HeldOut(as_ranked(mixed_normal.improbability), quarter, as_ranked(mixed_several.improbability)))


def _joined(a: Paths, b: Paths) -> Paths:
    """Paths to the same goals, one after the other."""
    return Paths(np.concatenate((a.ids, b.ids)), np.concatenate((a.offsets, a.offsets[-1] + b.offsets[1:])),
                 np.concatenate((a.choices, b.choices)), np.concatenate((a.last_state, b.last_state)), np.concatenate((a.goal, b.goal)),
                 a.goals)


def vehicles(folder: Path) -> HeldOut:
    """VMT to the ends of its tracks: traffic counted on some of the normal ones, others fitted to, half of the rest to calibrate."""
    tracks, strange = labelled(folder)
    world = grid_over(tracks, CELL_PX, heading=True)
    paths = map_tracks(world, tracks, np.full(len(tracks), TO_ITS_END)).paths
    normal = np.flatnonzero(~strange[find_ids(tracks.ids, [str(i) for i in paths.ids])])
    normal = np.random.default_rng(SEED).permutation(normal)
    counted, fitted, rest = (paths.take(np.sort(one)) for one in np.split(normal, [COUNTED, COUNTED + FITTED]))
    found, = scores_of(world, FEATURES, fitted, rest, counted=counted)
    return HeldOut(as_ranked(found.surprise), len(rest) // 2, np.zeros(0))
