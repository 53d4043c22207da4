"""The class under study: its paths split into those fitted to, calibrated on and reviewed, and their features."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.elicitation.expected_use import expected
from irlcore.errors import DataError, FeatureError
from irlcore.features.base import Context
from irlcore.features.feature_set import FeatureMatrix, feature_matrix
from irlcore.project.project import Outcome, Project
from irlcore.tracks.attributes import column_called, has_label
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.goal_prior import with_past
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SEED = 20121
FEWEST_NORMAL = 4  # tracks known as normal: one is fitted to, three calibrate
FEWEST_AGENTS = 19  # to calibrate on, as a p-value of 1 in 20 takes: where agents are fewer, the reference is split track by track


LEFT_OUT: tuple[Outcome, ...] = ("discarded", "operational event")
"""Verdicts that, where they are heeded, keep a track out of what is fitted to and calibrated on."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """What the verdicts that are heeded have changed in a split, as numbers of tracks. fit_without, calibration_without: reference tracks
    that were taken out after somebody had looked at them. fit_too: reviewed tracks, understood by now, that are fitted to as well; none is
    ever calibrated on: they were looked at because they were strange, and such ones alone would make all others look ordinary."""

    fit_without: int = 0
    calibration_without: int = 0
    fit_too: int = 0

    @property
    def any(self) -> bool:
        """Whether they have changed anything."""
        return bool(self.fit_without or self.calibration_without or self.fit_too)


@dataclass(frozen=True, slots=True)
class Parts:
    """The class's paths, split: indices into ``paths`` of those fitted to, calibrated on and reviewed. heeded: what verdicts have changed
    of that."""

    paths: Paths
    fit: np.ndarray
    calibration: np.ndarray
    review: np.ndarray
    has_reference: bool
    heeded: Heeded = Heeded()


def need_world(project: Project) -> tuple[World, Paths]:
    """The world and its paths; DataError where the project has none yet."""
    if project.world is None or project.paths is None:
        raise DataError("There are no tracks in a world yet.", "Open a sample, or load tracks on the Tracks page.")
    return project.world, project.paths


def split_paths(project: Project) -> Parts:
    """The class under study, split at random but always the same way, whatever the order of the tracks.

    With a reference period: a third of it is fitted to, the rest calibrates, and all other tracks are reviewed. Where a column names
    agents, and these are many, it is a third of them, with all of their tracks there: agents whose tracks were fitted to in part would
    look more usual than others, and p-values of agents would not be exact. Without:
    everything is fitted to and reviewed, and nothing can be calibrated. Verdicts that are heeded (``Project.heeded``) take tracks out of
    what is fitted to and calibrated on, each from its own part, so that all others stay where they were; or add reviewed ones to the fit.
    All that was reviewed stays so. DataError where too few are left, or there is no such column.
    """
    world, paths = need_world(project)
    assert project.tracks is not None
    rows = project.tracks.attributes.iloc[find_ids(project.tracks.ids, [str(i) for i in paths.ids])].reset_index(drop=True)
    classes = column_called(rows, project.class_column, "column of classes")
    periods = column_called(rows, project.period_column, "column that tells the reference")
    mine = np.ones(len(paths), bool)
    if classes is not None and project.agent_class:
        mine = has_label(classes, project.agent_class)
    if not mine.any():
        raise DataError(f"The class {project.agent_class!r} has no track in this world.", "Choose another class.")
    chosen = paths.take(np.flatnonzero(mine))
    everyone = np.arange(len(chosen))
    gone, too = (_with_outcome(project, chosen, some) for some in (LEFT_OUT, ("understood",)))
    if periods is None or not project.reference_value:
        fit = everyone[~gone]
        _need_left(len(fit), 1)
        return Parts(with_past(chosen, chosen.take(fit), world.mdp), fit, fit, everyone, False, Heeded(int(gone.sum())))
    reference = has_label(periods, project.reference_value)[mine]
    known = np.flatnonzero(reference)
    known = known[np.argsort(chosen.ids[known].astype(str), kind="stable")]  # so that the order of the file parts them no other way
    if len(known) < FEWEST_NORMAL:
        many = "No track" if not len(known) else "Only 1 track" if len(known) == 1 else f"Only {len(known)} tracks"
        raise DataError(f"{many} of this class {'is' if len(known) < 2 else 'are'} in {project.reference_value!r}.",
                        "Choose another reference, or none.")
    labels = agents_of_paths(project, chosen)
    fit, calibration = _in_thirds(known, None if labels is None else labels[known])
    more = np.flatnonzero(too & ~reference)
    heeded = Heeded(int(gone[fit].sum()), int(gone[calibration].sum()), len(more))
    if heeded.any:
        fit, calibration = np.union1d(fit[~gone[fit]], more), calibration[~gone[calibration]]
        _need_left(len(fit), 1)
        _need_left(len(calibration), FEWEST_NORMAL - 1)
    # the goals of tracks that were cut off are told by the fitted ones alone, so that calibration and review are judged alike
    chosen = with_past(chosen, chosen.take(fit), world.mdp)
    return Parts(chosen, fit, calibration, np.flatnonzero(~reference), True, heeded)


def _in_thirds(known: np.ndarray, agents: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The tracks ``known`` (n,) as normal in two, drawn at random, a third and the rest; agents: (n,) str, of whose none comes into both
    where the rest is of ``FEWEST_AGENTS`` or more."""
    if agents is not None:
        names = np.unique(agents)
        third = max(1, len(names) // 3)
        if len(names) - third >= FEWEST_AGENTS:
            first = np.isin(agents, np.random.default_rng(SEED).permutation(names)[:third])
            return np.sort(known[first]), np.sort(known[~first])
    drawn, third = np.random.default_rng(SEED).permutation(known), max(1, len(known) // 3)
    return np.sort(drawn[:third]), np.sort(drawn[third:])


def _with_outcome(project: Project, paths: Paths, outcomes: Collection[Outcome]) -> np.ndarray:
    """(N,) bool: which paths have one of these among the verdicts that are heeded."""
    if not project.heeded:
        return np.zeros(len(paths), bool)
    return np.isin(paths.ids.astype(str), [track for track, one in project.heeded.items() if one in outcomes])


def _need_left(many: int, fewest: int) -> None:
    if many < fewest:
        raise DataError(f"With the verdicts that are heeded, {many:,} normal {'track is' if many == 1 else 'tracks are'} left to "
                        f"{'calibrate on' if fewest > 1 else 'fit to'}, and {fewest} are needed.",
                        "Heed no verdicts, or name more tracks as normal on the Tracks page.")


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


def data_hash(project: Project, parts: Parts, matrix: FeatureMatrix, beside: Sequence[np.ndarray] = ()) -> str:
    """A short hash of what a fit and its calibration depend on: world, paths, goals, split and feature values; ``beside``: what value
    features of its model hang on (``value_ground``)."""
    world, _ = need_world(project)
    mdp, paths = world.mdp, parts.paths
    digest = hashlib.sha256()
    for array in (mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, paths.choices, paths.offsets,
                  paths.goal, paths.goals.offsets, paths.goals.states, parts.fit, parts.calibration, matrix.values, *beside):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:12]
