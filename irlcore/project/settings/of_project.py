"""The settings that do again what led to a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.project.importing.log_project import Log
from irlcore.project.importing.reading import Plan
from irlcore.project.project import Project
from irlcore.project.settings.plain import SettingsError, as_plain
from irlcore.project.settings.settings import (
    Clock,
    FitSettings,
    Grid,
    LogSettings,
    Reading,
    ReportSettings,
    ReviewSettings,
    Settings,
    Study,
    WorldSettings,
)
from irlcore.project.settings.settings_file import read_settings
from irlcore.project.settings.toml_text import toml_text
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.bounds import LONGEST_READING
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning
from irlcore.worlds.cells.kinds import cells_of
from irlcore.worlds.clock import clock_of
from irlcore.worlds.grid import LAND
from irlcore.worlds.staying import stay_seconds
from irlcore.worlds.world import World

FORM = ("x0", "y0", "x1", "y1", "cell", "heading", "slip")


def reading_of(plan: Plan, cleaning: Cleaning = AS_READ, matched: bool = False, log: Log | None = None) -> Reading:
    """How files are read by a plan, and what is done to what was read; not where they lie, which whoever opens the project need not know.
    log: as it was chosen, with its memory."""
    asked = None if log is None or log.memory is None else LogSettings(log.memory, log.fewest, log.one_spelling)
    names = {source.name for source in plan.sources}
    return Reading(plan.role, {name: role for name, role in plan.roles if name in names},
                   {role: dict(parts) for role, parts in plan.columns if parts}, "", plan.unit,
                   plan.options.time, plan.options.zone, plan.options.crs, cleaning, matched, asked)


def reading_text(reading: Reading) -> str:
    """A reading as a project keeps it; empty where it is longer than a project may keep."""
    text = toml_text({"reading": as_plain(reading)})
    return text if len(text) <= LONGEST_READING else ""


def known_reading(project: Project) -> Reading | None:
    """How the project's files were read; None where that is not known, or not to be read."""
    try:
        return read_settings(project.reading).reading if project.reading else None
    except SettingsError:
        return None


def settings_of_project(project: Project, control: FalseAlarmControl | None = None, score: str = "",
                        sections: tuple[str, ...] | None = None) -> Settings:
    """All that is needed to repeat a project, and the fit that is its newest. control, score: of its review. sections: of its report.
    Without ``reading``, for a project whose files are not known, they are to be used with its project file."""
    reading, world = known_reading(project), project.world
    fit = project.fit
    asked = FitSettings(settings=project.settings) if fit is None else FitSettings(
        fit.result.rationality, fit.result.estimator, fit.result.gamma, project.settings)
    study = Study(project.class_column, project.agent_class, project.period_column, project.reference_value, project.agent_column,
                  project.class_aims, project.track_aims, project.heeded, project.endings)
    return Settings(reading=reading, world=world_settings(world) if reading is not None and world is not None else None, study=study,
                    zones=project.zones, spots=project.spots, features=project.features, fit=asked, review=ReviewSettings(control, score),
                    report=ReportSettings(project.name, project.author, project.region, project.notes, sections), goals=project.goals,
                    silencing=project.silencing)


def world_settings(world: World) -> WorldSettings:
    """What the world was made with, beside what was read."""
    bands, at = clock_of(world), world.settings
    clock = None
    if bands is not None:
        told: Mapping[str, Any] = at["clock"]
        clock = Clock(bands.edges, bands.days, str(told.get("column", "")), float(told.get("shift_h", 0.0)))
    if world.kind != "grid":
        return WorldSettings(None, clock)
    blocked, land = (tuple(np.asarray(ring, np.float64) for ring in at.get(name, [])) for name in ("blocked", LAND))
    return WorldSettings(Grid(cells=cells_of(at), blocked=blocked, land=land, stay_s=stay_seconds(world), y_down=at.get("y_down"),
                              **{name: at[name] for name in FORM}), clock)


