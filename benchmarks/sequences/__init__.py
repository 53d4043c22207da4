"""Event sequences, with no map and no planner: system calls of a host, taxi trips as sequences of links, and made-up logs of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.sequences.adfa import run_adfa
from benchmarks.sequences.growth import run_growth
from benchmarks.sequences.lam import run_lam
from benchmarks.sequences.trips import run_trips


def run(folder: Path) -> dict[str, Any]:
    """All that the data at hand allows; what is missing is said and left out."""
    adfa, shanghai = folder / "adfa-ld", folder / "shanghai"
    out: dict[str, Any] = {}
    for name, where in (("ADFA-LD", adfa), ("Shanghai", shanghai)):
        if not where.is_dir():
            print(f"{name} is skipped: {where} is not there.")
    if adfa.is_dir():
        out["adfa"] = run_adfa(adfa)
    if shanghai.is_dir():
        out["shanghai"] = run_trips(shanghai)
    if adfa.is_dir() or shanghai.is_dir():
        out["lambda"] = run_lam(shanghai, adfa)
    out["slope"] = run_growth()
    return out
