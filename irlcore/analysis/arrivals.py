"""New tracks judged by a fit that was made before they came: they are mapped into its world and reviewed beside its normal tracks, which
calibrate as they did. Nothing is learned of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from irlcore.analysis.study import hash_now
from irlcore.errors import DataError, FitError
from irlcore.project.as_read import only_what_tells
from irlcore.project.loading import mapped_again
from irlcore.project.project import Project
from irlcore.project.split import Parts, split_paths
from irlcore.projection import moved
from irlcore.quantities import counted
from irlcore.tracks.attributes import column_of, has_label
from irlcore.tracks.logs.rare import RARE
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.history.build import events_of

NEW = "(new)"
"""What the column that tells normal tracks says of new ones: they are to be reviewed, whatever their file says."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """The project with the new tracks among those that are reviewed. ids: theirs, as they are called there -> as the file calls them. said:
    what is to be known of those that could not be judged, a sentence each."""

    project: Project
    ids: dict[str, str]
    said: tuple[str, ...]


def with_arrivals(project: Project, tracks: Tracks | LinkTracks, label: str) -> Arrived:
    """The project with these tracks beside its normal ones, in its own world. label: of the file that they came in, for those whose names
    are taken. FitError where there is no fit, DataError where none of the tracks can be judged."""
    if project.fit is None or project.tracks is None or project.world is None:
        raise FitError("This project has no fit, so nothing can be judged by it.", "Fit it first: motive fit PROJECT --save PROJECT.")
    if isinstance(tracks, Tracks) != isinstance(project.tracks, Tracks):
        raise DataError("The new tracks are of another kind than those of the project.", "Give tracks as the project's were given.")
    before = split_paths(project)
    old = project.tracks.take(_needed(project, before))
    new, said = _of_class(project, _in_its_terms(project, tracks))
    names = _apart(new.ids, old.ids, label)
    new = replace(new, ids=np.array(list(names), object), attributes=_as_new(project, new))
    together = joined(old, new)
    made, paths = mapped_again(replace(project, tracks=only_what_tells(together, project.world), fits=()))
    here = set(paths.ids.astype(str))
    lost = [names[one] for one in names if one not in here]
    if len(lost) == len(names):
        first = made.problems[made.problems["track"].astype(str).isin(list(names))]["what"].astype(str)
        why = f": {first.iloc[0]}" if len(first) else ""
        raise DataError(f"None of the {counted(len(names), 'new track')} can be put in the project's world{why}.",
                        "Check that the file belongs to this project.")
    if lost:
        said = [*said, f"{counted(len(lost), 'track')} cannot be put in the project's world: {', '.join(lost[:5])}."]
    return Arrived(_with_its_fit(made, project, before), {one: name for one, name in names.items() if one in here}, tuple(said))


def _needed(project: Project, parts: Parts) -> np.ndarray:
    """(n,) int64, the project's tracks that its fit and its calibration rest on, in their order."""
    assert project.tracks is not None
    ids = project.tracks.ids.astype(str)
    used = np.isin(ids, parts.paths.ids[np.union1d(parts.fit, parts.calibration)].astype(str))
    if parts.has_reference:  # heeded verdicts take tracks out of a part, and not out of the draw that parts them
        periods = column_of(project.tracks.attributes, project.period_column)
        assert periods is not None
        used |= has_label(periods, project.reference_value)
    return np.flatnonzero(used)


def _with_its_fit(made: Project, project: Project, before: Parts) -> Project:
    """The fit is of the very tracks that it was of, so its hash is what it would be now: the reviewed tracks alone are others."""
    record = project.fit
    assert record is not None
    after, result = split_paths(made), record.result
    same = all(np.array_equal(np.sort(a.paths.ids[x].astype(str)), np.sort(b.paths.ids[y].astype(str))) for a, x, b, y in (
        (before, before.fit, after, after.fit), (before, before.calibration, after, after.calibration)))
    was = result.data_hash == hash_now(project, record.features, result.rationality)
    if same and was:
        result = replace(result, data_hash=hash_now(made, record.features, result.rationality))
    return replace(made, fits=(replace(record, result=result),))


def _of_class(project: Project, tracks: Tracks | LinkTracks) -> tuple[Tracks | LinkTracks, list[str]]:
    """The tracks of the class under study; all where they do not tell."""
    classes = column_of(tracks.attributes, project.class_column) if project.class_column and project.agent_class else None
    if classes is None:
        return tracks, []
    mine = has_label(classes, project.agent_class)
    if not mine.any():
        raise DataError(f'No new track is of the class "{project.agent_class}".', "Nothing of this file is judged.")
    left = int((~mine).sum())
    return tracks.take(np.flatnonzero(mine)), [f"{counted(left, 'track')} of other classes left out."] if left else []


def _in_its_terms(project: Project, tracks: Tracks | LinkTracks) -> Tracks | LinkTracks:
    """Points in the project's projection; events that its log has taken together as it did."""
    mine, world = project.tracks, project.world
    assert mine is not None and world is not None
    if isinstance(tracks, Tracks) and isinstance(mine, Tracks):
        if bool(tracks.crs) != bool(mine.crs):
            raise DataError("The new points are in degrees and the project's are not, or the other way round.", "Bring both to one.")
        if tracks.crs and mine.crs and tracks.crs != mine.crs:
            xy = moved(np.column_stack((tracks.x, tracks.y)), tracks.crs, mine.crs)
            tracks = replace(tracks, x=xy[:, 0].copy(), y=xy[:, 1].copy(), crs=mine.crs)
    elif isinstance(tracks, LinkTracks) and world.kind == "log" and RARE in (known := events_of(world)):
        tracks = replace(tracks, links=np.where(np.isin(tracks.links.astype(str), known), tracks.links, RARE).astype(object))
    return tracks


def _apart(new: np.ndarray, old: np.ndarray, label: str) -> dict[str, str]:
    """Name here -> name in the file: a name that a known track has is another track's."""
    taken, found = set(old.astype(str)), {}
    for one in new.astype(str).tolist():
        name, k = one, 1
        while name in taken:
            name, k = f"{one} ({label}{f' {k}' if k > 1 else ''})", k + 1
        taken.add(name)
        found[name] = one
    return found


def _as_new(project: Project, new: Tracks | LinkTracks) -> pd.DataFrame:
    """What is known of them: of the class under study, and not of the reference."""
    said = new.attributes.copy()
    if project.class_column and project.agent_class:
        said[project.class_column] = project.agent_class
    if project.period_column and project.reference_value:
        said[project.period_column] = NEW
    return said


def joined(one: Tracks | LinkTracks, other: Tracks | LinkTracks) -> Tracks | LinkTracks:
    """The tracks of both, one after the other; what only one tells of its tracks is not known of the other's."""
    attributes = pd.concat([one.attributes, other.attributes], ignore_index=True).reindex(columns=one.attributes.columns)
    both: dict[str, Any] = {"ids": np.concatenate([one.ids, other.ids]), "attributes": attributes,
                            "offsets": np.concatenate([one.offsets, one.offsets[-1] + other.offsets[1:]])}
    if isinstance(one, Tracks) and isinstance(other, Tracks):
        return replace(one, **both, t=np.concatenate([one.t, other.t]), x=np.concatenate([one.x, other.x]),
                       y=np.concatenate([one.y, other.y]))
    assert isinstance(one, LinkTracks) and isinstance(other, LinkTracks)
    times = None if one.times is None else np.concatenate(
        [one.times, other.times if other.times is not None else np.full(len(other.links), np.nan)])
    choices = None if one.choices is None or other.choices is None else np.concatenate([one.choices, other.choices])
    events = one.of_events
    if events is not None:
        beside = other.of_events if other.of_events is not None else pd.DataFrame(index=range(len(other.links)))
        events = pd.concat([events, beside.reindex(columns=events.columns)], ignore_index=True)
    return replace(one, **both, links=np.concatenate([one.links, other.links]), times=times, choices=choices, of_events=events)
