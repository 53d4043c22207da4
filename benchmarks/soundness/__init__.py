"""Whether fits, noise and intervals are sound: ties, models within models, starts, the edge of what a model allows, how often intervals
cover the truth, agents with many trips, and known answers on a world without a goal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.soundness.coverage import cluster_ratio, coverage
from benchmarks.soundness.edge import measure
from benchmarks.soundness.nested import nested, starts
from benchmarks.soundness.rust import rust
from benchmarks.soundness.ties import ties


def run(folder: Path) -> dict[str, Any]:
    """All of it. folder: where the bus engines of Rust (1987) are, if anywhere."""
    out: dict[str, Any] = {"ties": ties()}
    for name, moved in out["ties"].items():
        model = max(moved, key=lambda one: moved[one])
        print(f"Ties, {name}: rewards moved by 1e-12 of themselves move {model}, which moves most, by {moved[model]:.1e} nats")
    out["nested"] = nested()
    print("Models within models: {below} of {problems} fits end below one that theirs contains, the worst by {worst:.3f} nats".format(
        **out["nested"]))
    out["starts"] = starts()
    print("Starts: of {problems} fits another start ends better for {worse}, by {worst:.3f} nats at most".format(**out["starts"]))
    out["edge"] = measure()
    print("The edge: {stuck} of {worlds} searches are stuck".format(**out["edge"]))
    out["coverage"] = coverage()
    out["cluster_ratio"] = round(cluster_ratio(), 3)
    print(f"Ten drivers with 20 equal trips: errors by driver are {out['cluster_ratio']} of the true spread")
    out["rust"] = rust(folder if folder.is_dir() else None)
    return out
