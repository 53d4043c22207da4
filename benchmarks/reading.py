"""How long large files take to be read, how much memory, and whether both grow in proportion.

Made-up points of ships (``benchmarks.reading_runs``) of 1e5, 1e6 and 1e7 rows, as CSV and Parquet, are read as the import page reads them
(the first rows for a guess of the columns, then all of it) and cleaned as it suggests. At 1e6 rows also: every tenth row cannot be used;
times with zones; many columns and a wrong fix in every tenth row. Each file is written and read in a process of its own.

Measures: ``s``, seconds from the opened file to tracks that are cleaned; ``mb``, the most that the process ever had, with some 300 MB of
what it imports; ``file_mb``; ``growth``, the time of the largest file over that of one with a tenth of its rows: 10 is in proportion,
100 would be a square. Figures are of one run, and higher on a machine that has other work: ``load`` is what it had before and after.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.reading_runs import KINDS, POINTS
from irlcore.errors import DataError

SIZES = (100_000, 1_000_000, 10_000_000)
PLAIN = ("csv", "parquet")
MOST_S, MOST_MB = 60.0, 4000.0
"""What the largest file may take."""

ROOT = Path(__file__).resolve().parents[1]


def run(sizes: Sequence[int] = ()) -> dict[str, Any]:
    """Measures of each file by its kind and rows ("csv_1e5"), the growth of each kind, and whether the goal is kept.

    sizes: rows, in rising order, of which the last but one is also that of the other kinds; multiples of ``POINTS``; else ``SIZES``.
    """
    sizes = sizes or SIZES
    if len(sizes) < 2 or any(rows % POINTS for rows in sizes):
        raise DataError("Two sizes or more are needed, of whole tracks.", f"Give multiples of {POINTS:,}.")
    out: dict[str, Any] = {"load": [_load()]}
    runs = [*((kind, rows) for kind in PLAIN for rows in sizes), *((kind, sizes[-2]) for kind in KINDS if kind not in PLAIN)]
    print(f"{'':20}{'file MB':>9}{'s':>8}{'cleaning':>10}{'peak MB':>9}{'rows kept':>12}{'dropped':>10}{'trips':>9}")
    for kind, rows in runs:
        found = measured(kind, rows)
        out[f"{kind}_{_short(rows)}"] = found
        print(f"{kind:10}{rows:>10,}{found['file_mb']:9.1f}{found['s']:8.2f}{found['clean_s']:10.2f}{found['mb']:9,.0f}"
              f"{found['rows_kept']:12,}{found['rows_dropped']:10,}{found['tracks']:9,}", flush=True)
    names = [_short(rows) for rows in sizes[-2:]]
    out["growth"] = {kind: out[f"{kind}_{names[1]}"]["s"] / out[f"{kind}_{names[0]}"]["s"] for kind in PLAIN}
    out["kept"] = all(out[f"{kind}_{names[1]}"]["s"] < MOST_S and out[f"{kind}_{names[1]}"]["mb"] < MOST_MB for kind in PLAIN)
    out["load"].append(_load())
    print("Growth for", f"{sizes[-1] / sizes[-2]:g} times the rows:", ", ".join(f"{k} {v:.1f}" for k, v in out["growth"].items()))
    print("Load of the machine before and after:", " and ".join(f"{one:.1f}" for one in out["load"]))
    return out


def measured(kind: str, rows: int) -> dict[str, float]:
    """One file, made and read in a temporary folder. DataError with what went wrong, where it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"points{KINDS[kind]}"
        _of_its_own("write", str(path), kind, str(rows))
        return {**_of_its_own("read", str(path)), "file_mb": path.stat().st_size / 1e6}


def _of_its_own(*arguments: str) -> dict[str, float]:
    ended = subprocess.run([sys.executable, "-m", "benchmarks.reading_runs", *arguments], cwd=ROOT, capture_output=True, text=True,
                           check=False)
    if ended.returncode:
        raise DataError(f"{' '.join(arguments[:2])} did not end well: {ended.stderr.strip().rpartition(chr(10))[2][:300]}",
                        "Look at that file by itself.")
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _short(rows: int) -> str:
    """1e6 for 1,000,000."""
    return f"{rows:.0e}".replace("e+0", "e").replace("e+", "e")


def _load() -> float:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0
