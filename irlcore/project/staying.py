"""Staying as a choice of the project's world, switched on and off: for agents that wait, fish or lie at anchor."""

from __future__ import annotations

from dataclasses import replace

from irlcore.errors import DataError
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import mapped_again
from irlcore.project.project import Project, remember
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.staying import stay_seconds, with_staying, without_staying


def with_stays(project: Project, seconds: float) -> Project:
    """The project in a world where staying is a choice that takes ``seconds``; where it is none with 0. The tracks are mapped again and
    fits are dropped; a feature for staying comes and goes with it. DataError without points that have times, WorldError where a stay
    cannot take so long."""
    world, tracks = project.world, project.tracks
    if world is None or tracks is None:
        raise DataError("There are no tracks in a world yet.", "Open a sample, or load tracks on the Tracks page.")
    if seconds == stay_seconds(world):
        return project
    if seconds != 0.0 and not (isinstance(tracks, Tracks) and tracks.timed):
        raise DataError("These tracks do not tell how long they stay anywhere.", "Staying needs points with times.")
    bare = without_staying(world)
    others = tuple(spec for spec in project.features if spec.kind != "staying")
    # what is not 0 is asked for, and with_staying refuses what cannot be: NaN is no wish to stay no longer
    own = tuple(spec for spec in project.features if spec.kind == "staying") or (FeatureSpec("staying", "staying", {}),)
    made, paths = mapped_again(replace(project, world=with_staying(bare, seconds) if seconds != 0.0 else bare,
                                       features=(*others, *own) if seconds != 0.0 else others))
    said = f"Staying counts, in steps of {seconds:g} s" if seconds != 0.0 else "Staying no longer counts"
    return remember(made, f"{said}. {len(paths)} tracks are paths")
