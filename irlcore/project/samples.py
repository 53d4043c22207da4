"""The sample projects: folders of ordinary files, opened as an analyst would."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from irlcore.errors import DataError
from irlcore.features.log_memory import chosen_memory
from irlcore.features.zones import zones_from_geojson
from irlcore.project.loading import with_world
from irlcore.project.project import MapFile, Project
from irlcore.project.settings.of_project import reading_text
from irlcore.project.settings.settings import LogSettings, Reading
from irlcore.simulation.fishing import CELL_M, SIDE, STAY_S
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.grid import build_grid, suggest_cell
from irlcore.worlds.history.build import build_history
from irlcore.worlds.network import build_network
from irlcore.worlds.staying import with_staying

SAMPLES = {"town": "Port town: drivers on 450 streets", "anchorage": "Anchorage: vessels on a grid",
           "fishing": "Fishing ground: vessels that roam", "tickets": "Help desk: a log of 600 tickets"}
FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


def sample_project(name: str) -> Project:
    """A sample by name, ready for a first fit."""
    folder = FOLDER / name
    if name not in SAMPLES or not folder.is_dir():
        raise DataError(f"There is no sample called {name!r}.", f"Samples: {', '.join(SAMPLES)}.")
    if (folder / "log.csv").exists():
        return _of_log(SAMPLES[name], folder / "log.csv")
    return replace(_on_ground(name, folder), reading=reading_text(_read(folder)))


def _read(folder: Path) -> Reading:
    """How a sample's files are read."""
    roles: tuple[tuple[str, Role], ...] = (("points.csv", "points"), ("paths.csv", "paths"), ("links.csv", "links"), ("nodes.csv", "nodes"),
                                           ("log.csv", "events"))
    files = {name: role for name, role in roles if (folder / name).exists()}
    columns: dict[str, dict[str, str]] = {role: guess_columns(read_table(folder / name), role) for name, role in files.items()}
    return Reading(next(iter(files.values())), files, columns)


def _on_ground(name: str, folder: Path) -> Project:
    """A sample that is on a grid or a network."""
    if (folder / "links.csv").exists():
        world = build_network(read_table(folder / "links.csv"), None, read_table(folder / "nodes.csv"))
        table = read_table(folder / "paths.csv")
        imported = read_paths(table, guess_columns(table, "paths"))
    else:
        table = read_table(folder / "points.csv")
        imported = read_points(table, guess_columns(table, "points"))
    if name == "fishing":
        water = build_grid(0.0, 0.0, SIDE * CELL_M, SIDE * CELL_M, CELL_M, "m")
        return with_world(Project(name=SAMPLES[name]), imported, with_staying(water, STAY_S), {"vessel": "nowhere"})
    if name == "anchorage":
        blocked = zones_from_geojson((folder / "blocked.geojson").read_text(), None)
        assert isinstance(imported.tracks, Tracks)
        world = build_grid(0.0, 0.0, 4000.0, 3000.0, suggest_cell(imported.tracks), "m", blocked=list(blocked.values()))
    places = folder / "places.geojson"
    project = with_world(Project(name=SAMPLES[name]), imported, world)
    # streets of one length: length and steps say almost the same, so the start set has the first alone
    return replace(project, map_files=(_places(places),) if places.exists() else (), features=tuple(
        replace(s, enabled=world.kind == "grid" or s.kind != "step") for s in project.features))


def _of_log(name: str, file: Path) -> Project:
    """A sample that is an event log."""
    table = read_table(file)
    imported = read_events(table, guess_columns(table, "events"))
    assert isinstance(imported.tracks, LinkTracks)
    memory = chosen_memory(imported.tracks)
    made = with_world(Project(name=name), imported, build_history(imported.tracks, memory))
    return replace(made, reading=reading_text(replace(_read(file.parent), log=LogSettings(memory))))


def _places(file: Path) -> MapFile:
    """The named points of a sample's GeoJSON, in the sample's own coordinates."""
    features = json.loads(file.read_text())["features"]
    xy = np.array([one["geometry"]["coordinates"] for one in features], np.float64)
    return MapFile(file.name, "places", xy, np.arange(len(xy) + 1), tuple(one["properties"]["name"] for one in features))
