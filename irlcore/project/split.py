"""The class under study: its paths split into those fitted to, calibrated on and reviewed, and their features."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from irlcore.elicitation.expected_use import expected
from irlcore.errors import DataError, FeatureError
from irlcore.features.base import Context
from irlcore.features.feature_set import FeatureMatrix, feature_matrix
from irlcore.project.project import Project
from irlcore.tracks.attributes import column_of, has_label
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.goal_prior import with_past
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SEED = 20121
FEWEST_NORMAL = 4  # tracks known as normal: one is fitted to, three calibrate


@dataclass(frozen=True, slots=True)
class Parts:
    """The class's paths, split: indices into ``paths`` of those fitted to, calibrated on and reviewed."""

    paths: Paths
    fit: np.ndarray
    calibration: np.ndarray
    review: np.ndarray
    has_reference: bool


def need_world(project: Project) -> tuple[World, Paths]:
    """The world and its paths; DataError where the project has none yet."""
    if project.world is None or project.paths is None:
        raise DataError("There are no tracks in a world yet.", "Open a sample, or load tracks on the Tracks page.")
    return project.world, project.paths


def split_paths(project: Project) -> Parts:
    """The class under study, split at random but always the same way.

    With a reference period: a third of it is fitted to, the rest calibrates, and all other tracks are reviewed. Without:
    everything is fitted to and reviewed, and nothing can be calibrated.
    """
    world, paths = need_world(project)
    assert project.tracks is not None
    rows = project.tracks.attributes.iloc[find_ids(project.tracks.ids, [str(i) for i in paths.ids])].reset_index(drop=True)
    classes, periods = column_of(rows, project.class_column), column_of(rows, project.period_column)
    mine = np.ones(len(paths), bool)
    if classes is not None and project.agent_class:
        mine = has_label(classes, project.agent_class)
    if not mine.any():
        raise DataError(f"The class {project.agent_class!r} has no track in this world.", "Choose another class.")
    chosen = paths.take(np.flatnonzero(mine))
    everyone = np.arange(len(chosen))
    if periods is None or not project.reference_value:
        return Parts(with_past(chosen, chosen, world.mdp), everyone, everyone, everyone, False)
    reference = has_label(periods, project.reference_value)[mine]
    known = np.random.default_rng(SEED).permutation(np.flatnonzero(reference))
    if len(known) < FEWEST_NORMAL:
        raise DataError(f"Only {len(known)} tracks of this class are in {project.reference_value!r}.",
                        "Choose another reference, or none.")
    third = max(1, len(known) // 3)
    fit = np.sort(known[:third])
    # the goals of tracks that were cut off are told by the fitted ones alone, so that calibration and review are judged alike
    chosen = with_past(chosen, chosen.take(fit), world.mdp)
    return Parts(chosen, fit, np.sort(known[third:]), np.flatnonzero(~reference), True)


def agents_of_paths(project: Project, paths: Paths) -> np.ndarray | None:
    """(N,) str, which agent each path is of by the column that names them; None where no column does. A track without a value is of an
    agent of its own."""
    if project.tracks is None or not project.agent_column:
        return None
    attributes = project.tracks.attributes.rename(columns=str)
    if project.agent_column not in attributes.columns:
        return None
    named = attributes[project.agent_column].iloc[find_ids(project.tracks.ids, [str(i) for i in paths.ids])]
    missing = (named.isna() | (named.astype(str).str.strip() == "")).to_numpy()
    # the blank before an id of its own keeps it apart from any label, which is stripped
    return np.array([f" {i}" if lost else str(label).strip() for i, label, lost in zip(paths.ids, named, missing, strict=True)])


def context_of(project: Project, parts: Parts) -> Context:
    """What features may look at: traffic is counted on the fitted paths alone."""
    return Context(project.zones, project.spots, parts.paths.take(parts.fit), expected)


def matrix_of(project: Project, parts: Parts) -> FeatureMatrix:
    """The matrix of the project's enabled features."""
    world, _ = need_world(project)
    matrix = feature_matrix(project.features, world, context_of(project, parts))
    if not matrix.names:
        raise FeatureError("No feature is switched on.", "Switch on or add a feature on the Features page.")
    return matrix


def data_hash(project: Project, parts: Parts, matrix: FeatureMatrix) -> str:
    """A short hash of what a fit and its calibration depend on: world, paths, goals, split and feature values."""
    world, _ = need_world(project)
    mdp, paths = world.mdp, parts.paths
    digest = hashlib.sha256()
    for array in (mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, paths.choices, paths.offsets,
                  paths.goal, paths.goals.offsets, paths.goals.states, parts.fit, parts.calibration, matrix.values):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:12]
