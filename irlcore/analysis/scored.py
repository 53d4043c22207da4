"""All that a class's tracks are scored by: the model's scores of their way, the kinds beside it, and the rule that makes one of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from irlcore.analysis.circumstances import circumstances_of
from irlcore.analysis.memory import kept
from irlcore.analysis.planting import Planting, joined, learned_from, measured_held
from irlcore.analysis.times_spent import facts_within, spent_of
from irlcore.engine import Control
from irlcore.project.project import Project
from irlcore.project.split import Parts, agents_of_paths, need_world
from irlcore.review.calibration.circumstances import Circumstances, Shift, shift_between
from irlcore.review.combined import Rule
from irlcore.review.evidence import Evidence
from irlcore.review.learning import learned
from irlcore.review.parts.base import FAMILIES, Family, Material
from irlcore.review.parts.kinds import COMBINED, KINDS, ROUTE
from irlcore.review.parts.table import InFolds, PartTable, measured
from irlcore.review.scores import Scores
from irlcore.review.sides import titles_in
from irlcore.tracks.tracks import Tracks, find_ids
from irlcore.tracks.trips.dark_gaps import BEFORE_H, LONGEST_H, MANY, before_way, fact
from irlcore.worlds.start_times import StartTimes, start_times

USUAL = "surprise"
"""The score to rank by where nothing says which finds most."""

DOUBTFUL = 0.1
"""Share of the tracks that a rule takes for ordinary and learns nothing from, where none are named as normal: the rarest, in case that they
are anomalies."""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of the N paths of ``parts``. table: one column for each score that could be measured. said: kind -> what it found, for words;
    the model's own scores are in ``scores``. missing: kind -> why it could not be measured. rule: None where none was learned. evidence:
    what each score finds on this class, None where nothing could be planted. circumstances: what is known of the tracks beforehand. shift:
    whether the reviewed ones differ in it from those that calibrate. apart: whether the fit has seen no calibration track. doubt: why these
    may not be normal, a clause, empty where nothing says so. agents: (N,) labels, whose each track is; None where no column names them.
    titles: what the families of scores are called in this world."""

    parts: Parts
    scores: Scores
    table: PartTable
    said: Mapping[str, InFolds] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    rule: Rule | None = None
    evidence: Evidence | None = None
    circumstances: Circumstances | None = None
    shift: Shift | None = None
    apart: bool = True
    doubt: str = ""
    agents: np.ndarray | None = None
    titles: Mapping[Family, str] = field(default_factory=lambda: FAMILIES)

    @property
    def default(self) -> str:
        """The score to rank by where none is chosen: what the evidence supports."""
        best = self.evidence.best if self.evidence is not None else USUAL
        return best if best in self.table.names else USUAL

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
    """What the class's paths can be scored on beside the model; read once for the same parts."""
    return kept(project, "material", lambda: _material_of(project, parts), (parts.paths,))


def _material_of(project: Project, parts: Parts) -> Material:
    world, _ = need_world(project)
    assert project.tracks is not None
    paths, tracks = parts.paths, project.tracks
    rows = find_ids(tracks.ids, [str(i) for i in paths.ids])
    found = start_times(tracks)
    began = found.seconds[rows] if isinstance(found, StartTimes) else np.full(len(paths), np.nan)
    own = tracks.take(rows)
    spent, clock = spent_of(world, own, paths)
    named = (BEFORE_H, MANY, LONGEST_H, before_way(getattr(tracks, "unit", "m")))
    columns = {name: fact(tracks, name) for name in named}
    facts = {name: one[rows] for name, one in columns.items() if one is not None}
    facts = {**({} if {MANY, LONGEST_H} & set(facts) else facts_within(own)), **facts}
    points = tracks.take(rows) if isinstance(tracks, Tracks) else None
    return Material(world, paths, began, spent, facts, clock, points)


def scored_by_kinds(project: Project, parts: Parts, scores: Scores, watch: Control, planting: Planting | None = None,
                    planted: Scores | None = None) -> Scored:
    """The model's scores with every kind that can be measured here beside them, and the rule that makes one of all. planting, planted: what
    was planted into the fitted tracks, and the model's scores of that."""
    own, table = material_of(project, parts), by_route(parts, scores).table
    made = planting.planted if planting is not None and planted is not None else None
    material = own if made is None else joined(own, made)
    others = PartTable((), np.zeros((0, 0))) if planted is None else by_route(parts, planted).table
    missing = {name: kind.missing(own) for name, kind in KINDS.items()}
    usable = [name for name, why in missing.items() if not why]
    said: dict[str, InFolds] = {}
    for k, name in enumerate(usable):
        found = measured(KINDS[name], material, parts.fit, watch.part(k, len(usable), "kinds of scores"), None if made is None else made.of)
        said[name] = found.first(len(parts.paths))
        table = table.beside(name, said[name].values)
        if made is not None and planting is not None:
            kept_back = measured_held(KINDS[name], own, parts.fit, planting.held)
            others = others.beside(name, np.concatenate((found.values[len(parts.paths):], kept_back)))
    known = circumstances_of(own)
    shift = shift_between(known, parts.calibration, parts.review) if parts.has_reference else None
    scored = Scored(parts, scores, table, said, {name: why for name, why in missing.items() if why}, circumstances=known, shift=shift,
                    agents=agents_of_paths(project, parts.paths), titles=titles_in(own.world))
    return with_rule(scored, planting if made is not None else None, others)


def with_rule(scored: Scored, planting: Planting | None, planted: PartTable) -> Scored:
    """With a rule learned from the fitted tracks and what was planted in them, scored as ``planted``; where nothing was, from the fitted
    tracks' own scores alone, by rarity."""
    table, parts = scored.table, scored.parts
    if planting is None:
        fit = parts.fit[np.argsort(parts.paths.ids[parts.fit].astype(str), kind="stable")]
        usual = learned(PartTable(table.names, table.values[fit]), PartTable(table.names, np.zeros((0, len(table.names)))),
                        np.zeros(0, np.int64), np.zeros(0, object))
        return scored if usual is None else ruled(replace(scored, rule=usual.rule(len(parts.paths), fit)))
    # where some step pays there is no best way, and what has no value for some tracks cannot rank them
    weighed = tuple(name for name in table.names if name != "utility_gap" or not np.isnan(table.of(name)).any())
    found = learned_from(planting, table, planted, weighed, 0.0 if parts.has_reference else DOUBTFUL)
    if found is None:
        return scored
    return ruled(replace(scored, rule=found.rule(len(parts.paths), planting.ordinary), evidence=found.evidence))
