"""``motive convert``: whatever can be read, as a project file or as Motive's own tables."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from irlcore.cli.opening import PROJECT, opened, written
from irlcore.cli.voice import Voice
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.project_file import save_project
from irlcore.project.split import need_world
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.quantities import counted
from irlcore.tracks.folder import ENDINGS
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.clock import ADDED
from irlcore.worlds.world import World


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the project file, or the tables into a folder."""
    *data, out = asked.data
    if not data and not asked.settings:
        raise DataError("It is not said where to write.", "Name what to read, and then a project file (.motive) or a folder to write.")
    target = Path(out)
    if target.is_file() and target.suffix.lower() != PROJECT:
        raise DataError(f"{target} is a file.", "Name a folder for the tables, or a project file (.motive).")
    if target.name.lower().endswith(ENDINGS) and not target.is_dir():
        raise DataError(f"{target} would be one table, and there are several.",
                        "Name a folder for the tables, or a project file (.motive).")
    project = opened(data, asked.settings, voice).project
    world, _ = need_world(project)
    assert project.tracks is not None
    if target.suffix.lower() == PROJECT:
        files = [str(written(target, save_project(project)))]
    else:
        files = [str(written(target / name, as_table(table))) for name, table in tables_of(project, world).items()]
    voice.clear()
    for file in files:
        voice.say(file)
    voice.say(f"{counted(len(project.tracks), 'track')}.")
    voice.give({"command": "convert", "tracks": len(project.tracks), "files": files, "assumed": voice.assumed})
    return 0


def as_table(table: pd.DataFrame) -> str:
    """CSV with commas, and numbers that are read back as the very same."""
    return table.to_csv(index=False, lineterminator="\n")


def tables_of(project: Project, world: World) -> dict[str, pd.DataFrame]:
    """File -> table: the tracks as they were cleaned, what is known of each, and their network. Data for programs: nothing is put before a
    text that a spreadsheet might run."""
    tracks = project.tracks
    assert tracks is not None
    found = {"points.csv": _points(tracks)} if isinstance(tracks, Tracks) else _sequences(tracks, world)
    if len(tracks.attributes.columns):
        found["attributes.csv"] = tracks.attributes.reset_index(drop=True).assign(track=tracks.ids).set_index("track").reset_index()
    if world.kind == "network":
        found |= _network(world)
    return found


def _owner(tracks: Tracks | LinkTracks) -> np.ndarray:
    return np.repeat(tracks.ids, np.diff(tracks.offsets))


def _points(tracks: Tracks) -> pd.DataFrame:
    """In degrees where they were in degrees."""
    columns: dict[str, np.ndarray] = {"track": _owner(tracks)}
    if tracks.timed:
        columns["t"] = tracks.t
    xy = np.column_stack((tracks.x, tracks.y))
    names = ("x", "y") if not tracks.crs else ("lon", "lat")
    xy = moved(xy, tracks.crs, GEOGRAPHIC) if tracks.crs else xy
    return pd.DataFrame({**columns, names[0]: xy[:, 0], names[1]: xy[:, 1]})


def _sequences(tracks: LinkTracks, world: World) -> dict[str, pd.DataFrame]:
    owner, step = _owner(tracks), np.arange(len(tracks.links)) - np.repeat(tracks.offsets[:-1], np.diff(tracks.offsets))
    if world.kind == "log":
        times = {} if tracks.times is None else {"time": pd.to_datetime(tracks.times, unit="s").strftime("%Y-%m-%dT%H:%M:%S.%f")}
        own = {} if tracks.of_events is None else {str(name): column.to_numpy() for name, column in tracks.of_events.items()}
        return {"events.csv": pd.DataFrame({"case": owner, **times, "event": tracks.links, **own})}
    if tracks.choices is not None:
        raise DataError("Observed choices in a world of one's own are in Motive's own tables already.", "Convert to a project file.")
    return {"paths.csv": pd.DataFrame({"track": owner, "step": step + 1, "link": tracks.links})}


def _network(world: World) -> dict[str, pd.DataFrame]:
    """Links with their shapes and what is known of each, and which may follow which."""
    names = world.place_names.astype(str)
    first = world.mdp.choice_offsets[:-1]
    links: dict[str, object] = {"link": names}
    lines = [world.shape_xy[a:b] for a, b in zip(world.shape_offsets[:-1], world.shape_offsets[1:], strict=True)]
    if world.crs:
        lines = [moved(line, world.crs, GEOGRAPHIC) if len(line) else line for line in lines]
    if all(len(line) > 1 and np.isfinite(line).all() for line in lines):
        links["wkt"] = [f"LINESTRING ({', '.join(f'{x!r} {y!r}' for x, y in line.tolist())})" for line in lines]
    links |= {str(name): values for name, values in world.place_attributes.items() if str(name) not in links}
    n = len(first) // world.n_bands
    mine = world.mdp.choice_state < n
    after = world.mdp.successors[world.mdp.successor_offsets[:-1]][mine]
    before = world.mdp.choice_state[mine]
    beside = {name: values[mine] for name, values in world.choice_attributes.items() if name not in ADDED}
    pairs = pd.DataFrame({"from_link": names[world.place_of_state[before]], "to_link": names[world.place_of_state[after]], **beside})
    return {"links.csv": pd.DataFrame(links), "transitions.csv": pairs.drop_duplicates(ignore_index=True)}
