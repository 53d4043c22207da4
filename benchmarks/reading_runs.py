"""Points of tracks made up into a file, or a file read as the import page reads it: each in a process of its own.

``python -m benchmarks.reading_runs write FILE KIND ROWS`` and ``python -m benchmarks.reading_runs read FILE`` print one JSON object.
Ships report every ten seconds or so, all in one file in the order of time. Each id has three voyages with hours between; one id in fifty
has a fix 300 km away. So there is something to be sorted, split and left out, as there is in real files.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from irlcore.engine import Control
from irlcore.project.importing.reading import Plan, clean, fixed, read
from irlcore.project.importing.sources import Source
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.folder import allowed, table_files
from irlcore.tracks.readers import preview_table

KINDS = {"csv": ".csv", "parquet": ".parquet", "csv_bad": ".csv", "csv_zoned": ".csv", "csv_wide": ".csv"}
"""Kinds of files and their endings. csv: times as text without a zone. parquet: times as such. csv_bad: every tenth row cannot be used.
csv_zoned: two ways of writing a zone behind the times. csv_wide: columns as real reports have them, some with a text of its own in each row
and fixes that are wrong in every tenth."""

POINTS = 1000  # of a track
VOYAGES, APART_S, STEP_S = 3, 20_000.0, 10.0
SPEED_M_S, A_DEGREE_M = 8.0, 111_320.0
FAR_DEGREES, ONE_FAR_IN = 3.0, 50
TENTH = 10  # one row in so many is wrong
START_S = 1_704_067_200.0  # 2024-01-01
FIRST_ROWS = 2000  # that a guess of the columns looks at
SEED = 5


def made(kind: str, rows: int) -> pa.Table:
    """Points of tracks as a table: track, time, lon, lat, class. rows: a multiple of ``POINTS``."""
    rng = np.random.default_rng(SEED)
    n = rows // POINTS
    course = rng.uniform(0.0, 2.0 * np.pi, (n, 1)) + np.cumsum(rng.normal(0.0, 0.05, (n, POINTS)), axis=1)
    lon = rng.uniform(2.0, 6.0, (n, 1)) + np.cumsum(np.cos(course) * (STEP_S * SPEED_M_S / A_DEGREE_M), axis=1) / np.cos(np.radians(54.0))
    lat = rng.uniform(53.0, 55.0, (n, 1)) + np.cumsum(np.sin(course) * (STEP_S * SPEED_M_S / A_DEGREE_M), axis=1)
    lon[::ONE_FAR_IN, POINTS // 2] += FAR_DEGREES
    point = np.arange(POINTS)
    seconds = START_S + rng.integers(0, 10, (n, 1)) + STEP_S * point + APART_S * (point * VOYAGES // POINTS)
    order = np.argsort(seconds, axis=None, kind="stable")
    track = order // POINTS
    moment = pa.array(seconds.ravel()[order].astype(np.int64) * 1_000_000, pa.timestamp("us"))
    names = pa.array([f"V{200_000_000 + 7 * k}" for k in range(n)])
    classes = pa.DictionaryArray.from_arrays(pa.array(np.arange(n) % 3, pa.int32()), pa.array(["cargo", "fishing", "tanker"]))
    table = pa.table({"track": names.take(pa.array(track)), "time": moment, "lon": np.round(lon.ravel()[order], 6),
                      "lat": np.round(lat.ravel()[order], 6), "class": classes.take(pa.array(track)).cast(pa.string())})
    if kind != "parquet":
        table = table.set_column(1, "time", _written(table["time"], track, kind))
    return _spoilt(table, rng) if kind == "csv_bad" else _wide(table, rng) if kind == "csv_wide" else table


def _written(moments: pa.ChunkedArray, track: np.ndarray, kind: str) -> pa.ChunkedArray:
    texts = pc.strftime(moments.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S")
    if kind != "csv_zoned":
        return texts
    zones = pa.array(["+01:00", " Europe/Oslo"]).take(pa.array(track % 2))
    return pc.binary_join_element_wise(texts, zones, "")


def _spoilt(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Every tenth row, on average, without a time, with a latitude beyond the pole, a longitude that is none, no id, or as that before."""
    n = len(table)
    kind = np.full(n, -1)
    kind[rng.permutation(n)[:n // TENTH]] = np.arange(n // TENTH) % 5
    lon = pc.if_else(pa.array(kind == 0), "unknown", table["lon"].cast(pa.string()))
    table = table.set_column(2, "lon", lon).set_column(3, "lat", pc.if_else(pa.array(kind == 1), 91.0, table["lat"]))
    table = table.set_column(1, "time", pc.if_else(pa.array(kind == 2), pa.scalar(None, pa.string()), table["time"]))
    table = table.set_column(0, "track", pc.if_else(pa.array(kind == 3), "", table["track"]))
    return table.take(pa.array(np.maximum(np.arange(n) - (kind == 4), 0)))


def _wide(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """With four columns of numbers, two of texts that nothing tells of the track, and a far fix in every tenth row."""
    n = len(table)
    far = np.where(rng.random(n) < 1.0 / TENTH, rng.uniform(-FAR_DEGREES, FAR_DEGREES, n), 0.0)
    table = table.set_column(2, "lon", pa.array(np.round(table["lon"].to_numpy() + far, 6)))
    for name in ("speed", "course", "heading", "draught"):
        table = table.append_column(name, pa.array(np.round(rng.uniform(0.0, 360.0, n), 1)))
    for name in ("message", "received"):
        table = table.append_column(name, pa.array(rng.integers(0, 10**9, n)).cast(pa.string()))
    return table


def write(path: Path, kind: str, rows: int) -> dict[str, float]:
    """Make the file."""
    table = made(kind, rows)
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        pv.write_csv(table, path, pv.WriteOptions(quoting_style="none"))
    return {"rows": len(table)}


def read_file(path: Path) -> dict[str, float]:
    """Read the one file of a folder as the import page does, and clean it as it suggests: seconds, the most megabytes that the process
    ever had (what it imports included), and what came out."""
    begun = time.perf_counter()
    table, = table_files(path.parent, allowed(True, ""))[0]
    source = Source(table.name, table.size, table.key, table)
    with table.open() as opened:
        head: pd.DataFrame = preview_table(opened, table.name, FIRST_ROWS).table
    plan = Plan((source,), ((table.name, guess_role(head)),), "points", fixed({"points": guess_columns(head, "points")}))
    del head
    found = read(plan, Control())
    taken = time.perf_counter()
    after = clean(found, found.suggested)
    return {"s": time.perf_counter() - begun, "clean_s": time.perf_counter() - taken, "mb": _most_mb(),
            "rows_kept": after.imported.rows_kept, "rows_dropped": after.imported.rows_dropped, "tracks": after.imported.tracks_kept}


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0) / 1e6


if __name__ == "__main__":
    _, what, file, *more = sys.argv
    print(json.dumps(write(Path(file), more[0], int(more[1])) if what == "write" else read_file(Path(file))))
