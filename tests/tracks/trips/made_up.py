"""Made-up agents that drive, rest with jitter, and fall silent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks, problem_table

CRS = "EPSG:32632"


def tracks(*parts: tuple[str, np.ndarray], crs: str | None = CRS, timed: bool = True, classes: list[str] | None = None) -> Tracks:
    """parts: id and rows of (t, x, y)."""
    flat = np.concatenate([rows for _, rows in parts])
    offsets = np.concatenate(([0], np.cumsum([len(rows) for _, rows in parts]))).astype(np.int64)
    ids = np.array([name for name, _ in parts], dtype=object)
    frame = pd.DataFrame({"class": classes} if classes else index_of(ids))
    t = flat[:, 0] if timed else np.concatenate([np.arange(len(rows)) for _, rows in parts]).astype(float)
    return Tracks(ids, offsets, t, flat[:, 1], flat[:, 2], frame, "m", crs, timed)


def index_of(ids: np.ndarray) -> dict[str, list[str]]:
    return {"name": [f"name of {one}" for one in ids]}


def imported(made: Tracks) -> Imported:
    return Imported(made, problem_table([]), len(made.t), 0, len(made), 0)


def shuttle(rng: np.random.Generator, stays: int, rest_min: float = 40.0, drive_min: float = 60.0, speed: float = 8.0, jitter: float = 6.0,
            every: float = 30.0) -> np.ndarray:
    """Rows of an agent that drives to and fro on a road and rests at its ends: ``stays`` rests, each between two drives."""
    steps, x, way, rows = max(int(60.0 * drive_min / every), 1), 0.0, 1.0, []
    for k in range(stays + 1):
        for _ in range(steps):
            rows.append((x, 0.0, 0.0))
            x += way * speed * every
        if k < stays:
            rows += [(x, *rng.normal(0.0, jitter, 2)) for _ in range(int(60.0 * rest_min / every))]
            way = -way
    flat = np.array(rows)
    return np.column_stack((every * np.arange(len(flat)), flat[:, 0] + flat[:, 1], flat[:, 2]))


def fleet(seed: int, agents: int = 6, stays: int = 4, **kind: float) -> Tracks:
    rng = np.random.default_rng(seed)
    return tracks(*((f"v{k}", shuttle(rng, stays, **kind)) for k in range(agents)))


def scaled(made: Tracks, length: float = 1.0, time: float = 1.0) -> Tracks:
    """The same in other units."""
    return Tracks(made.ids, made.offsets, time * made.t, length * made.x, length * made.y, made.attributes, made.unit, made.crs, made.timed)
