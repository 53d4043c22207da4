"""What fits cost on a metro network, on a large grid and with very many trips: processor seconds and memory, one worker.

Networks of 20,000 and 124,000 directed links (``benchmarks.town``), 2,000 trips of up to 40 blocks either way to 200 links (or 1,000, where
asked for), six features, fitted by each model from its own first guess, standard errors included. A grid of 300 x 300 cells, 200 trips to
20 cells from anywhere, so that e^V leaves floating point. A million trips on the Shanghai network, drawn with replacement from those of
the data: written to a file, which is read, fitted and reviewed. Every piece in a process of its own, so that its peak of memory is its own.

``python -m benchmarks scale --only 20k,maxent`` measures these alone; ``--only 124k,maxent,1000`` with 1,000 goals.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from irlcore.errors import MotiveError

SIZES = {"20k": 20_000, "124k": 124_000}
MODELS = ("maxent", "boltzmann", "noisy_value")
GOALS = ("200", "1000")
GRID, TRIPS = "grid300", "trips_1e6"
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MOTIVE_WORKERS")}


def run(folder: Path, only: tuple[str, ...] = (), sizes: dict[str, int] = SIZES, side: int = 300, many: int = 1_000_000,
        trips: int = 2000) -> dict[str, Any]:
    """``{"links": {size: {model: seconds, "mb"}}, "exponents": {model: slope}, "grid300": {model: seconds, "mb"}, "trips_1e6":
    {"read_s", "fit_s", "review_s", "study_s", "mb", "study_mb"}}``; with 1,000 goals ``"links_1000"`` and ``"exponents_1000"`` beside.
    ``only``: names of sizes, models, numbers of goals, "grid300" and "trips_1e6"; what is not among them is left out where another of its
    kind is."""
    unknown = set(only) - {*sizes, *MODELS, *GOALS, GRID, TRIPS}
    if unknown:
        raise MotiveError(f"{', '.join(sorted(unknown))}: no such part of scale.",
                          f"Choose among {', '.join((*sizes, GRID, TRIPS, *MODELS, *GOALS))}.")
    models, goals = _asked(only, MODELS) or MODELS, _asked(only, GOALS) or GOALS[:1]
    chosen = _asked(only, (*sizes, GRID, TRIPS)) or (*sizes, GRID, TRIPS)
    out: dict[str, Any] = {}
    links = [size for size in chosen if size in sizes]
    for number in goals if links else ():
        tail = "" if number == GOALS[0] else f"_{number}"
        print(f"{trips:,} trips to {int(number):,} links, six features")
        print(f"{'':<14}" + "".join(f"{name:>13}" for name in models) + f"{'MB':>8}")
        found = {size: _line(size, models, ["links", str(sizes[size]), str(trips), number]) for size in links}
        rows = list(found.values())
        out[f"links{tail}"] = {size: _told(one) for size, one in found.items()}
        out[f"exponents{tail}"] = {name: _slope({row[name]["links"]: row[name]["seconds"] / row[name]["goals"] for row in rows})
                                   for name in models}
        print(f"{'exponent':<14}" + "".join(f"{out[f'exponents{tail}'][name]:>13.2f}" for name in models))
    if GRID in chosen:
        print(f"A grid of {side} x {side} cells\n{'':<14}" + "".join(f"{name:>13}" for name in models) + f"{'MB':>8}")
        out[GRID] = _told(_line(GRID, models, ["grid", str(side)]))
    if TRIPS in chosen and folder.is_dir():
        out[TRIPS] = _apart("trips", str(many), str(folder))
        print(f"{many:,} trips on Shanghai's network: " + ", ".join(f"{name} {value:,.1f}" for name, value in out[TRIPS].items()))
    elif TRIPS in chosen:
        print(f"{folder} is not there: a million trips are left out.")
    return out


def _asked(only: tuple[str, ...], of: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in of if name in only)


def _line(title: str, models: tuple[str, ...], piece: list[str]) -> dict[str, dict[str, Any]]:
    """One row of the table: what each model took."""
    print(f"{title:<14}", end="", flush=True)
    found = {}
    for name in models:
        found[name] = _apart(*piece, name)
        print(f"{found[name]['seconds']:>13.2f}", end="", flush=True)
    print(f"{max(one['mb'] for one in found.values()):>8,.0f}", flush=True)
    return found


def _told(found: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {**{name: one["seconds"] for name, one in found.items()}, "mb": max(one["mb"] for one in found.values())}


def _apart(*piece: str) -> dict[str, Any]:
    """One piece in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.scale.piece", *piece], capture_output=True, text=True,
                          env={**os.environ, **ONE_THREAD})
    if done.returncode:
        raise MotiveError(f"{' '.join(piece)} failed: {done.stderr.strip().splitlines()[-1:]}", "Run it by itself: python -m "
                          f"benchmarks.scale.piece {' '.join(piece)}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _slope(seconds: dict[int, float]) -> float:
    """The exponent of seconds in links; not a number with one size."""
    x, y = np.log(list(seconds)), np.log(list(seconds.values()))
    return round(float(np.polyfit(x, y, 1)[0]), 3) if len(seconds) > 1 else float("nan")
