"""What an analyst keeps: data, features, fits, verdicts and history. Immutable, so that undo is a list of projects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pandas as pd

from irlcore.features.base import FeatureSpec
from irlcore.features.measured import as_json
from irlcore.fitting.compare import Comparison
from irlcore.fitting.result import FitResult
from irlcore.project.silencing import Silencing
from irlcore.tracks.logs.endings import ALL_ENDED, Endings
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

Outcome = Literal["understood", "discarded", "misunderstood", "operational event"]
ClassAim = Literal["ends", "nowhere", "stops"]
"""What the tracks of a class are after: each the place where it ends; nothing in particular; a known stop or exit where it ends at one, and
a goal that nobody saw where it does not."""
TrackAim = Literal["end", "nowhere", "unfinished"]
"""What one track is after, as the analyst says: where it ends, nothing in particular, a goal that it did not reach while it was seen."""
Label = Literal["normal", "abnormal"]
"""What a track turned out to be, told later and from elsewhere."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the analyst decided about one track (one of the four outcomes of triage), why and when (ISO time)."""

    outcome: Outcome
    reason: str
    made: str


@dataclass(frozen=True, slots=True)
class FitRecord:
    """A fit with the features and class of agents it was made for."""

    result: FitResult
    features: tuple[FeatureSpec, ...]
    agent_class: str

    @property
    def identity(self) -> str:
        """32 hexadecimal digits of the result, of what its features measure (not of when or why they were named) and of the class."""
        measured = [(s.name, s.kind, s.params, s.sign) for s in self.features]
        said = json.dumps([self.result.identity, measured, self.agent_class], sort_keys=True, default=as_json)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """Models side by side, with the features and class of agents they were compared for."""

    result: Comparison
    features: tuple[FeatureSpec, ...]
    agent_class: str


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One line of the lab book: ISO time, what was done, why (the analyst's own words) and what came of it; the last two may be empty."""

    made: str
    what: str
    why: str = ""
    numbers: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MapFile:
    """What the analyst put under the map from a file, in the world's coordinates: n lines, areas or points with a name each, "" for none.

    xy: (V, 2) float64; thing i is ``xy[offsets[i]:offsets[i + 1]]``, offsets (n + 1,) int64.
    """

    name: str
    kind: Literal["land", "water", "coast", "roads", "places"]
    xy: np.ndarray
    offsets: np.ndarray
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalGroup:
    """Neighbouring ends that make one goal: its name, and the names of its ends (of ``paths.goals.names``)."""

    name: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """Everything of one analysis.

    class_column, agent_class: which tracks are under study (all where empty). period_column, reference_value:
    which tracks stand for normal behaviour (none named where empty). zones: name -> ring (V, 2). spots: name -> (2,).
    fits: newest last. comparisons: of models, one a class. verdicts: by track id. tried: class -> candidate features looked at before
    the last one was accepted. agent_column: which tracks are of one agent (vehicle, driver, MMSI), each of its own where empty.
    author, region: for the report, as the analyst typed them. map_files: what lies under the map. goals: class -> the goals that its ends
    were grouped into, where the analyst has named or adjusted them. class_aims: class -> what its tracks are after, "" for all that are
    not named, their ends where nothing is said. track_aims: by track id, where the analyst corrects that (``project.aims``). track_notes:
    by track id, what stays with it whatever the verdict. silencing: explanations that make flagged tracks understood. heeded: by track id,
    the verdicts that fits and calibration go by, as they were when the analyst accepted that (``project.heeding``). labels: by track id,
    what came to be known later. settings: estimator -> what fits by it are to be told, the usual values where nothing is said. endings:
    which sequences of a log have ended, and which were still running. reading: how its files were read, in the words of a settings file
    (``project.settings``), empty where that is not known.
    """

    name: str = "New project"
    tracks: Tracks | LinkTracks | None = None
    world: World | None = None
    paths: Paths | None = None
    problems: pd.DataFrame = field(default_factory=lambda: problem_table([]))
    class_column: str = ""
    agent_class: str = ""
    period_column: str = ""
    reference_value: str = ""
    zones: Mapping[str, np.ndarray] = field(default_factory=dict)
    spots: Mapping[str, np.ndarray] = field(default_factory=dict)
    features: tuple[FeatureSpec, ...] = ()
    fits: tuple[FitRecord, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    notes: str = ""
    history: tuple[HistoryStep, ...] = ()
    comparisons: tuple[ComparisonRecord, ...] = ()
    tried: Mapping[str, int] = field(default_factory=dict)
    agent_column: str = ""
    author: str = ""
    region: str = ""
    map_files: tuple[MapFile, ...] = ()
    goals: Mapping[str, tuple[GoalGroup, ...]] = field(default_factory=dict)
    class_aims: Mapping[str, ClassAim] = field(default_factory=dict)
    track_aims: Mapping[str, TrackAim] = field(default_factory=dict)
    track_notes: Mapping[str, str] = field(default_factory=dict)
    silencing: tuple[Silencing, ...] = ()
    heeded: Mapping[str, Outcome] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    endings: Endings = ALL_ENDED
    reading: str = ""

    @property
    def fit(self) -> FitRecord | None:
        """The newest fit of the class under study."""
        return next((f for f in reversed(self.fits) if f.agent_class == self.agent_class), None)

    @property
    def comparison(self) -> ComparisonRecord | None:
        """The comparison of models on the class under study."""
        return next((c for c in reversed(self.comparisons) if c.agent_class == self.agent_class), None)


def now() -> str:
    """The time in ISO form, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def remember(project: Project, what: str, why: str = "", numbers: str = "", made: str = "") -> Project:
    """The project with one more line in its history. made: when it was done (ISO time), where that is not now: work that ends beside the
    page is taken into the project later."""
    return replace(project, history=(*project.history, HistoryStep(made or now(), what, why, numbers)))
