"""All that a class's tracks are scored by: the model's scores of their way, the kinds beside it, and the rule that makes one of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from irlcore.engine import Control
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world
from irlcore.review.combined import Rule
from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import COMBINED, KINDS, ROUTE
from irlcore.review.parts.table import InFolds, PartTable, measured
from irlcore.review.scores import Scores
from irlcore.tracks.attributes import column_of
from irlcore.tracks.tracks import Tracks, find_ids
from irlcore.tracks.trips.dark_gaps import BEFORE_H, LONGEST_H, MANY, before_way
from irlcore.worlds.start_times import StartTimes, start_times


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of the N paths of ``parts``. table: one column for each score that could be measured. said: kind -> what it found, for words;
    the model's own scores are in ``scores``. missing: kind -> why it could not be measured. rule: None where none was learned."""

    parts: Parts
    scores: Scores
    table: PartTable
    said: Mapping[str, InFolds] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    rule: Rule | None = None

    def values(self, score: str) -> np.ndarray:
        """(N,) float64 of one score by name, higher = stranger, NaN where a track gives nothing to measure."""
        return self.table.of(score)

    def with_route(self, scores: Scores) -> Scored:
        """The same tracks by other scores of their way, all else left as it is, as after a refit."""
        columns = {name: self.table.of(name) for name in self.table.names if name != COMBINED}
        columns |= {name: getattr(scores, name) for name in ROUTE}
        return ruled(replace(self, scores=scores, table=PartTable(tuple(columns), np.column_stack(list(columns.values())))))


def ruled(scored: Scored) -> Scored:
    """With the combined score as the table's last column, where there is a rule."""
    if scored.rule is None:
        return scored
    return replace(scored, table=scored.table.beside(COMBINED, scored.rule.combine(scored.table)))


def by_route(parts: Parts, scores: Scores) -> Scored:
    """Scored by the model's own scores alone."""
    return Scored(parts, scores, PartTable(tuple(ROUTE), np.column_stack([getattr(scores, name) for name in ROUTE])))


def material_of(project: Project, parts: Parts) -> Material:
    """What the class's paths can be scored on beside the model."""
    world, _ = need_world(project)
    assert project.tracks is not None
    paths, tracks = parts.paths, project.tracks
    rows = find_ids(tracks.ids, [str(i) for i in paths.ids])
    found = start_times(tracks)
    began = found.seconds[rows] if isinstance(found, StartTimes) else np.full(len(paths), np.nan)
    spent = None
    if paths.times is not None:
        spent = np.append(np.diff(paths.times), np.nan)
        spent[paths.offsets[1:] - 1] = np.nan
    named = (BEFORE_H, MANY, LONGEST_H, before_way(getattr(tracks, "unit", "m")))
    columns = {name: column_of(tracks.attributes, name) for name in named}
    facts = {name: one.to_numpy(np.float64, na_value=np.nan)[rows] for name, one in columns.items() if one is not None}
    points = tracks.take(rows) if isinstance(tracks, Tracks) else None
    return Material(world, paths, began, spent, facts, points)


def scored_by_kinds(project: Project, parts: Parts, scores: Scores, watch: Control) -> Scored:
    """The model's scores with every kind that can be measured here beside them."""
    material, table = material_of(project, parts), by_route(parts, scores).table
    missing = {name: kind.missing(material) for name, kind in KINDS.items()}
    usable = [name for name, why in missing.items() if not why]
    said: dict[str, InFolds] = {}
    for k, name in enumerate(usable):
        said[name] = measured(KINDS[name], material, parts.fit, watch.part(k, len(usable), "kinds of scores"))
        table = table.beside(name, said[name].values)
    return Scored(parts, scores, table, said, {name: why for name, why in missing.items() if why})
