"""One file of new tracks, read as the project's own were, and judged by its fit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from irlcore.analysis.arrivals import with_arrivals
from irlcore.cli.opening import Opened, source_of
from irlcore.cli.reviewing import flag_told, flagged, reviewed
from irlcore.cli.voice import Voice
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.importing.sources import Source
from irlcore.project.project import Project
from irlcore.project.settings.of_project import known_reading
from irlcore.project.settings.settings import Reading
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.folder import by_role
from irlcore.tracks.logs.naming import as_events
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.options import Options
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.sources import ID_PARTS, Role
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.cleaning import cleaned
from irlcore.worlds.matching.matching import match
from irlcore.worlds.world import World

OF_TRACKS: tuple[Role, ...] = ("points", "paths", "events", "choices")


def judged_file(project: Project, file: Path, asked: argparse.Namespace, voice: Voice) -> list[dict[str, Any]]:
    """The flagged ones of the file's tracks, for programs; an empty list where none is, or the file holds no tracks. MotiveError where it
    cannot be read or judged."""
    found = new_tracks(project, source_of(file), voice.doing(f"Reading {file.name}"))
    if found is None:
        voice.tell(f"{file.name} holds no tracks, so it is not judged.")
        return []
    came = with_arrivals(project, found.tracks, file.name)
    for sentence in came.said:
        voice.tell(f"{file.name}: {sentence}")
    review = reviewed(came.project, Opened(came.project, asked.told, False), asked, voice)
    flags = [one for one in flagged(came.project, review, voice) if one.track in came.ids]
    return [{"file": file.name, **flag_told(one), "track": came.ids[one.track]} for one in flags]


def new_tracks(project: Project, source: Source, watch: Control) -> Imported | None:
    """The tracks of a file, read as the project's were where its columns are called so; None where it holds none."""
    assert project.world is not None
    reading = known_reading(project)
    opened = source.open()
    try:
        texts = tuple(column for parts in (reading.columns.values() if reading is not None else ()) for part, column in parts.items()
                      if part in ID_PARTS)
        table = read_table(opened, source.name, watch, texts)
    finally:
        if not isinstance(opened, bytes):
            opened.close()
    wanted = reading.read_as if reading is not None else _kind(project)
    held = guess_role(table)
    if reading is not None and set(reading.columns.get(wanted, {}).values()) <= set(map(str, table.columns)):
        held = wanted
    if wanted in ("events", "paths") and held in ("events", "paths"):
        held = wanted
    if held not in OF_TRACKS:
        return None
    if held != wanted:
        raise DataError(f"{source.name} holds {held}, and the project was made from {wanted}.", "Give files as the project's were.")
    made = _read(project.world, by_role({source.name: table}, {source.name: held})[held], held, reading, watch)
    return _as_there(project, made, reading, watch)


def _kind(project: Project) -> Role:
    """What the tracks of a project were read as, where it does not say how."""
    if isinstance(project.tracks, Tracks):
        return "points"
    assert isinstance(project.tracks, LinkTracks) and project.world is not None
    return "events" if project.world.kind == "log" else "choices" if project.tracks.choices is not None else "paths"


def _read(world: World, table: pd.DataFrame, role: Role, reading: Reading | None, watch: Control) -> Imported:
    columns = dict(reading.columns.get(role, {})) if reading is not None else {}
    if not columns or not set(columns.values()) <= set(map(str, table.columns)):
        held = guess_role(table)
        columns = as_events(guess_columns(table, "events" if held == "events" else "paths")) if role == "events" else \
            guess_columns(table, role)
    options = Options(reading.time, reading.zone, reading.crs) if reading is not None else Options()
    if role == "points":
        return read_points(table, columns, reading.unit if reading is not None else "m", None, watch, options)
    if role == "paths":
        return read_paths(table, columns, None, watch, world.place_names, options)
    return (read_events if role == "events" else read_choices)(table, columns, None, watch, options)


def _as_there(project: Project, made: Imported, reading: Reading | None, watch: Control) -> Imported:
    """Cleaned, and matched to the network, as the project's own tracks were."""
    if not isinstance(made.tracks, Tracks):
        return made
    if reading is not None:
        made = cleaned(made, reading.cleaning, watch)
    if reading is not None and reading.matched:
        assert project.world is not None and isinstance(made.tracks, Tracks)
        return replace(made, tracks=match(project.world, made.tracks, watch=watch).tracks)
    return made
