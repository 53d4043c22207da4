"""Small projects that say which state they are, and visitors to own them."""

from __future__ import annotations

import pandas as pd

from app.store.saver import Saver
from app.store.store import load_newest
from irlcore.project.loading import with_world
from irlcore.project.project import Project, remember
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.grid import build_grid

ANN, BOB = "a" * 32, "b" * 32
KEY = "0123456789abcdef"
WAIT = 20.0  # seconds for a save to end


def project(state: int = 1, name: str = "Harbour") -> Project:
    """One track over a grid, and ``state`` lines of history: tells itself from every other state."""
    rows = [{"track": "a", "t": i, "x": i * 10.0, "y": 5.0} for i in range(30)]
    table = pd.DataFrame(rows)
    imported = read_points(table, guess_columns(table, "points"))
    assert isinstance(imported.tracks, Tracks)
    made = with_world(Project(name=name), imported, build_grid(0.0, 0.0, 300.0, 20.0, 20.0, "m"))
    return step(made, state)


def step(made: Project, state: int) -> Project:
    """The project in another of its states."""
    return remember(made, "is in state", numbers=str(state))


def state_of(found: Project) -> int:
    """Which state a project says it is in."""
    return int(found.history[-1].numbers)


def newest(saver: Saver) -> int:
    return state_of(load_newest(saver.visitor, saver.key).project)
