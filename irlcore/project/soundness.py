"""Whether the arrays of a loaded project fit together: compiled kernels trust every index.

What a world, its goals and paths hold is looked through as they are made (``worlds.limits``), here what they ask of each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from irlcore.errors import MotiveError, ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import is_number, spec_problems
from irlcore.project.project import Project
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.clock import clock_of
from irlcore.worlds.limits import check_gamma
from irlcore.worlds.world import World


def check_project(project: Project) -> None:
    """ProjectError, WorldError or ``Infeasible`` naming the first array, or number, that does not fit."""
    if project.tracks is not None:
        tracks = project.tracks
        flat = (tracks.t, tracks.x, tracks.y) if isinstance(tracks, Tracks) else (tracks.links,)
        _offsets(tracks.offsets, len(tracks.ids), flat, "tracks")
        _need(len(tracks.attributes) == len(tracks.ids), "the attributes of the tracks")
    if (project.world is None) != (project.paths is None):
        raise ProjectError("The project file is damaged: it has a world or paths, but not both.", "Open an earlier copy.")
    if project.world is not None and project.paths is not None:
        _check_world(project.world)
        project.paths.check_within(project.world.mdp)
    _check_features(project.features)
    for fitted in project.fits:
        _check_features(fitted.features)
        check_gamma(fitted.result.gamma)
    for record in project.comparisons:
        _check_features(record.features)
        found = record.result
        check_gamma(found.gamma)
        rows = {len(found.models), len(found.titles), len(found.trouble)}
        _need(rows == {len(found.loglik)} and found.loglik.shape[1:] == found.fold.shape and found.loglik.size > 0
              and not all(found.trouble), "the models compared")


def _check_world(world: World) -> None:
    mdp, places = world.mdp, len(world.place_names)
    _inside(world.place_of_state, places, "the places of the states", mdp.n_states)
    _need(world.place_xy.shape == (places, 2), "the coordinates of the places")
    _offsets(world.shape_offsets, places, (world.shape_xy,), "the shapes of the places")
    for values in (world.choice_length, world.choice_turn, *world.choice_attributes.values()):
        _need(len(values) == mdp.n_choices, "the lengths, turns or attributes of the choices")
    for values in world.place_attributes.values():
        _need(len(values) == places, "the attributes of the places")
    _check_clock(world)


def _check_clock(world: World) -> None:
    """Bands that are sound, as many copies as there are bands, and no choice that leads from one copy into another."""
    mdp = world.mdp
    try:
        bands, n = clock_of(world), world.n_bands
        shift = (world.settings.get("clock") or {}).get("shift_h", 0.0)
        sound = n == (len(bands.labels) if bands is not None else 1) and is_number(shift)
    except (MotiveError, AttributeError, KeyError, TypeError, ValueError):
        sound = False
    _need(sound and mdp.n_states % n == mdp.n_choices % n == 0, "the time bands")
    copies = world.place_of_state.reshape(n, -1)
    _need(bool((copies == copies[0]).all()), "the places of the time bands")
    copy = np.arange(mdp.n_states) // max(mdp.n_states // n, 1)
    _need(bool((copy[mdp.successors] == copy[mdp.choice_state[mdp.outcome_choice]]).all()), "the choices of the time bands")


def _check_features(specs: Sequence[FeatureSpec]) -> None:
    for spec in specs:
        problems = spec_problems(spec) if isinstance(spec.params, Mapping) else [f"Feature {spec.name!r} has no parameters."]
        if problems:
            raise ProjectError(f"The project file is damaged: {' '.join(problems)}",
                               "Open an earlier copy; the project that is open now has not changed.")


def _offsets(offsets: np.ndarray, count: int, flat: tuple[np.ndarray, ...], what: str) -> None:
    _need(offsets.shape == (count + 1,) and offsets.dtype.kind in "iu" and bool((np.diff(offsets.astype(np.int64)) >= 0).all())
          and offsets[0] == 0 and all(len(values) == offsets[-1] for values in flat), what)


def _inside(index: np.ndarray, below: int, what: str, count: int = -1) -> None:
    _need(index.dtype.kind in "iu" and index.ndim == 1 and (count < 0 or len(index) == count)
          and (not len(index) or bool(index.min() >= 0 and index.max() < below)), what)


def _need(sound: bool, what: str) -> None:
    if not sound:
        raise ProjectError(f"The project file is damaged: {what} do not fit together.",
                           "Open an earlier copy; the project that is open now has not changed.")
