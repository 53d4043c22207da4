"""What a settings file may say: one class a table of the file, one field a key, so that app, project file and settings cannot drift apart.

Fields that a project or an import has too (columns, options, cleaning, features, aims, the control of false alarms) are of the very types
that these are kept in. What a file leaves out is as the app suggests it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from irlcore.features.base import FeatureSpec
from irlcore.project.project import ClassAim, GoalGroup, Outcome, TrackAim
from irlcore.project.silencing import Silencing
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.logs.endings import ALL_ENDED, Endings
from irlcore.tracks.sources import Role
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning
from irlcore.worlds.cells.kinds import Cells
from irlcore.worlds.clock import Days
from irlcore.worlds.history.build import Memory

VERSION = 1


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What of a history the states of a log keep. fewest: how often an event is seen that stands for itself. one_spelling: events that
    differ in upper and lower case, blanks, hyphens or underscores alone are one."""

    memory: Memory = field(default_factory=Memory)
    fewest: int = 1
    one_spelling: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How files were read. read_as: what the tracks are read as. folder: where the files lie, beside the settings where empty; typed by
    hand, and kept by no project. files: name -> what it holds. columns: what a table holds -> part -> column. unit: of x and y. time,
    zone, crs: how values are read (``Options``). cleaning: of points. matched: whether points were matched to the network beside them.
    log: of event logs."""

    read_as: Role
    files: Mapping[str, Role]
    columns: Mapping[str, Mapping[str, str]]
    folder: str = ""
    unit: str = "m"
    time: str = ""
    zone: str = ""
    crs: str = ""
    cleaning: Cleaning = AS_READ
    matched: bool = False
    log: LogSettings | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Bands of the time at which tracks start (``Bands``), the column that tells it, and hours added to that."""

    edges: tuple[float, ...] = ()
    days: Days = "all"
    column: str = ""
    shift_h: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells over the rectangle (x0, y0) to (x1, y1), over all points where that has no area. cell: their size in the unit of x and y, the
    one that suits the tracks where 0. blocked, land: rings, a list of points each. stay_s: seconds that a stay takes, 0 for none."""

    cell: float = 0.0
    cells: Cells = "squares"
    heading: bool = False
    slip: float = 0.0
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0
    blocked: tuple[np.ndarray, ...] = ()
    land: tuple[np.ndarray, ...] = ()
    stay_s: float = 0.0
    y_down: bool | None = None


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """What the world is made with, beside what was read."""

    grid: Grid | None = None
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """Which tracks are under study, which of them are normal, which are of one agent, and what they are after; as a project has it."""

    class_column: str = ""
    agent_class: str = ""
    period_column: str = ""
    reference_value: str = ""
    agent_column: str = ""
    class_aims: Mapping[str, ClassAim] = field(default_factory=dict)
    track_aims: Mapping[str, TrackAim] = field(default_factory=dict)
    heeded: Mapping[str, Outcome] = field(default_factory=dict)
    endings: Endings = ALL_ENDED


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How weights are found. model: of ``MODELS``, the usual one where empty. gamma: the discount per step, the usual one where None.
    settings: estimator -> what fits by it are told."""

    model: str = ""
    estimator: str = "maximum_likelihood"
    gamma: float | None = None
    settings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """control: which false alarms are limited, the app's own start where None. score: what ranks, what the evidence supports where
    empty."""

    control: FalseAlarmControl | None = None
    score: str = ""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """title: of the report and the project. sections: keys of ``SECTIONS``, all where None."""

    title: str = ""
    author: str = ""
    region: str = ""
    notes: str = ""
    sections: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole file. version: of the format. None, or no table: as the app suggests, or as the project file has it."""

    version: int = VERSION
    reading: Reading | None = None
    world: WorldSettings | None = None
    study: Study | None = None
    zones: Mapping[str, np.ndarray] = field(default_factory=dict)
    spots: Mapping[str, np.ndarray] = field(default_factory=dict)
    features: tuple[FeatureSpec, ...] | None = None
    fit: FitSettings | None = None
    review: ReviewSettings | None = None
    report: ReportSettings | None = None
    goals: Mapping[str, tuple[GoalGroup, ...]] = field(default_factory=dict)
    silencing: tuple[Silencing, ...] = ()
