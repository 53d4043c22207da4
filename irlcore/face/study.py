"""Tracks in a world, with the features and the class that are looked at: what a script reads, fits and saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from irlcore.errors import DataError, FeatureError, MotiveError, ProjectError, none_called
from irlcore.face.named import features_named
from irlcore.features.base import FeatureSpec
from irlcore.features.zones import ring_from_points, zones_from_geojson
from irlcore.project.loading import with_class
from irlcore.project.project import Project, remember
from irlcore.project.project_file import save_project
from irlcore.project.split import need_world, split_paths
from irlcore.project.whole_file import write_whole
from irlcore.quantities import counted
from irlcore.tracks.attributes import column_called, column_of, label_counts
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.called import called
from irlcore.worlds.tables.build import choice_names
from irlcore.worlds.world import World

Zones = Mapping[str, Sequence[Sequence[float]] | np.ndarray] | str | Path


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Study:
    """Tracks in a world, ready to be fitted; nothing in it changes, each method gives another one.

    project: all of it, as the pages have it.

    >>> import irlcore as ir
    >>> study = ir.sample("town").of_class("truck")
    >>> study
    <Study: 684 tracks in a network of 453 links, class truck (228), 5 features>
    >>> study.classes
    {'commuter': 228, 'courier': 228, 'truck': 228}
    """

    project: Project

    @property
    def world(self) -> World:
        """Where agents can be, and what they can do there."""
        return need_world(self.project)[0]

    @property
    def features(self) -> tuple[FeatureSpec, ...]:
        """The features that a fit begins with."""
        return tuple(one for one in self.project.features if one.enabled)

    @property
    def tracks(self) -> pd.DataFrame:
        """One row a track that is a path in the world: its attributes, how many steps it has, and its goal ("" where it has none)."""
        _, paths = need_world(self.project)
        assert self.project.tracks is not None
        ids = [str(one) for one in paths.ids]
        own = self.project.tracks.attributes.iloc[find_ids(self.project.tracks.ids, ids)].reset_index(drop=True)
        goal = [str(paths.goals.names[g]) if g >= 0 else "" for g in paths.goal.tolist()]
        taken = own.drop(columns=[c for c in ("track", "steps", "goal") if c in own])
        return pd.concat([pd.DataFrame({"track": ids}), taken, pd.DataFrame({"steps": paths.lengths, "goal": goal})], axis=1)

    @property
    def paths(self) -> pd.DataFrame:
        """One row a place that a track passes, in order: track, step (from 0), and the place (link, cell, state or event); of a world of a
        table the choice too, empty where a track ends. What ``ir.read`` takes again, with ``world=study.world``."""
        world, paths = need_world(self.project)
        n = paths.lengths + 1
        at = np.repeat(np.arange(len(paths)), n)
        step = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n, n)
        last = step == np.repeat(paths.lengths, n)
        state, made = np.empty(len(at), np.int64), np.full(len(at), -1)
        state[~last], state[last] = world.mdp.choice_state[paths.choices], paths.last_state
        made[~last] = paths.choices
        frame = pd.DataFrame({"track": paths.ids.astype(str)[at], "step": step,
                              called(world).place: world.place_names[world.place_of_state[state]]})
        if world.kind == "table" and world.mdp.choices_seen:
            return frame.assign(choice=np.where(last, "", choice_names(world)[made]))
        if world.kind == "log":  # the first place of a sequence is that nothing has happened, the last that it is over
            inside = (step > 0) & ~(last & (paths.goal >= 0)[at])
            frame = frame[inside].assign(step=step[inside] - 1).reset_index(drop=True)
        return frame

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be used, or was repaired, a row each: row of the file, track, what, done."""
        return self.project.problems.copy()

    @property
    def classes(self) -> dict[str, int]:
        """Class -> how many tracks of the world are of it; empty where no column tells."""
        values = column_of(self.tracks, self.project.class_column) if self.project.class_column else None
        return {} if values is None else label_counts(values)

    def of_class(self, label: str = "", *, column: str = "", normal: str | None = None, period: str = "") -> Study:
        """The same tracks with another class under study.

        label: of the column of classes; all tracks where empty. column: which column that is, the present one where empty. normal: the
        value that marks tracks known as normal, in the column ``period``; none are where "", the present ones where None. DataError where
        a column or a value is not there.
        """
        old, frame = self.project, self.tracks
        column, period = column or old.class_column, period or old.period_column
        known = column_called(frame, column, "column of classes")
        if label and known is None:
            raise DataError("No column tells the class of each track.", "Name it: column=...")
        if label and known is not None and label not in label_counts(known):
            raise DataError(*none_called("class", label, label_counts(known)))
        periods = column_called(frame, period, "column that tells the reference")
        normal = (old.reference_value if period == old.period_column else "") if normal is None else normal
        if normal and (periods is None or normal not in label_counts(periods)):
            raise DataError(*none_called("reference", normal, [] if periods is None else label_counts(periods)))
        return self._with(with_class(old, column, label, period if normal else "", normal))

    def with_features(self, *features: FeatureSpec | str) -> Study:
        """The same tracks with these features in use, as objects (``ir.feature``) or by their names; all others stay, switched off.
        FeatureError where one is none."""
        found = tuple(replace(one, enabled=True) for one in features_named(features, self.project.features))
        names = [one.name for one in found]
        others = tuple(replace(one, enabled=False) for one in self.project.features if one.name not in names)
        return self._with(remember(replace(self.project, features=(*found, *others)), f"Features: {', '.join(names)}"))

    def with_agents(self, column: str) -> Study:
        """With a column that names agents, each of several tracks: what they keep from track to track counts once. "" for none. DataError
        where there is no such column."""
        column_called(self.tracks, column, "column of agents")
        return self._with(remember(replace(self.project, agent_column=column), f"Agents: {column or 'each track its own'}"))

    def with_zones(self, zones: Zones) -> Study:
        """With more zones for features to name: name -> corners (V, 2) in the world's coordinates, or a file of GeoJSON polygons.
        FeatureError where one has no area."""
        if isinstance(zones, str | Path):
            found = zones_from_geojson(Path(zones).read_text(encoding="utf-8"), self.world.crs)
        else:
            found = {str(name): _ring(str(name), ring) for name, ring in zones.items()}
        return self._with(remember(replace(self.project, zones={**self.project.zones, **found}), f"Zones: {', '.join(found)}"))

    def with_spots(self, spots: Mapping[str, Sequence[float]]) -> Study:
        """With more spots for features to name: name -> (x, y) in the world's coordinates."""
        found = {str(name): np.asarray(at, np.float64).reshape(2) for name, at in spots.items()}
        return self._with(remember(replace(self.project, spots={**self.project.spots, **found}), f"Spots: {', '.join(found)}"))

    def save(self, path: str | Path) -> Path:
        """The whole in one file that ``ir.open`` and the pages open (ending .motive); what was there before stays until the new one is
        whole. ProjectError where it cannot be written."""
        target, data = Path(path), save_project(self.project)
        try:
            write_whole(target, data)
        except OSError as error:
            raise ProjectError(f"{target} cannot be written ({error.strerror}).", "Choose a folder that you may write to.") from error
        return target

    def _with(self, project: Project) -> Study:
        return Study(project)

    def __repr__(self) -> str:
        return f"<Study: {told(self.project)}>"


def _ring(name: str, corners: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    xy = np.asarray(corners, np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise FeatureError(f"The corners of the zone {name!r} are not pairs of numbers.", "Give [(x, y), (x, y), (x, y), ...].")
    return ring_from_points(xy[:, 0].tolist(), xy[:, 1].tolist(), f"the zone {name!r}")


def told(project: Project) -> str:
    """What a study holds, in a line."""
    if project.world is None or project.paths is None:
        return "empty"
    world, words = project.world, called(project.world)
    where = f"{counted(len(project.paths), words.track)} in a {world.kind} of {counted(world.n_places, words.place)}"
    some = f"class {project.agent_class}{_many(project)}" if project.agent_class else f"all {words.tracks}"
    return f"{where}, {some}, {counted(sum(one.enabled for one in project.features), 'feature')}"


def _many(project: Project) -> str:
    """How many tracks the class has, in brackets; nothing where it cannot be split, which a fit says."""
    try:
        return f" ({len(split_paths(project).paths):,})"
    except MotiveError:
        return ""
