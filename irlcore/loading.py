"""Tracks and a world into a project: paths, the list of what could not be mapped, a start set of features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.features.feature_set import suggest_features
from irlcore.project import Project, remember
from irlcore.read_tracks import Imported
from irlcore.tracks import LinkTracks, Tracks
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.network import map_link_tracks
from irlcore.worlds.world import World


def with_world(project: Project, imported: Imported, world: World) -> Project:
    """The project with new tracks in a new world and a start set of features; class and reference are guessed."""
    tracks = imported.tracks
    mapped: Mapped = map_link_tracks(world, tracks) if isinstance(tracks, LinkTracks) else map_tracks(world, tracks)
    problems = pd.concat([imported.problems, mapped.problems], ignore_index=True)
    columns = tracks.attributes.rename(columns=str)
    named = [str(c) for c in columns]
    class_column = next((c for c in named if c.lower() in ("class", "type", "kind", "agent_class", "cluster")), "")
    period = next((c for c in named if c.lower() == "period"), "")
    reference = "reference" if period and (columns[period].astype(str) == "reference").any() else ""
    first = str(columns[class_column].astype(str).value_counts().index[0]) if class_column else ""
    made = replace(project, tracks=tracks, world=world, paths=mapped.paths, problems=problems, class_column=class_column,
                   agent_class=first, period_column=period if reference else "", reference_value=reference,
                   features=tuple(suggest_features(world)), zones={}, spots={}, fits=(), verdicts={})
    return remember(made, f"Loaded {len(tracks)} tracks; {len(mapped.paths)} are paths in a {world.kind} of "
                          f"{world.n_places} places")


def with_grid(project: Project, cell: float, heading: bool, slip: float, blocked: list[np.ndarray]) -> Project:
    """The same points on another grid; fits of the old one are dropped. blocked: rings (V, 2)."""
    tracks, old = project.tracks, project.world
    if not isinstance(tracks, Tracks) or old is None:
        raise DataError("These tracks are link ids, not points.", "Only points can be put on another grid.")
    at = old.settings
    world = build_grid(at["x0"], at["y0"], at["x1"], at["y1"], cell, old.unit, heading=heading, slip=slip, crs=old.crs, blocked=blocked)
    mapped = map_tracks(world, tracks)
    of_the_file = project.problems[project.problems["row"].astype(str) != ""]  # what mapping finds has no row
    made = replace(project, world=world, paths=mapped.paths, fits=(),
                   problems=pd.concat([of_the_file, mapped.problems], ignore_index=True))
    return remember(made, f"Built a grid of {world.n_places} cells of {cell:g} {world.unit}; {len(mapped.paths)} tracks are paths in it")
