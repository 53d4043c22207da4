"""What calibration promises, held against held-out tracks of three worlds.

Each world's model is fitted once; its held-out normal tracks are then split 200 times at random into those that calibrate and those that
are reviewed. That is the chance which the promises speak of, given a fit: nothing is won by fitting anew for each split.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.calibration.measures import MANY_STRANGE, RATES, STRANGE, any_cut, false_discoveries, picked, realised
from benchmarks.calibration.worlds import CONTAMINATED, HeldOut, sample, taxis, vehicles


def run(folder: Path) -> dict[str, Any]:
    """All of it. folder: holds the data sets; what is not there is said and left out."""
    begun = time.monotonic()
    worlds: dict[str, HeldOut] = {"sample": sample()}
    clean, contaminated = None, None
    if (folder / "shanghai").is_dir():
        worlds["shanghai"], clean, contaminated = taxis(folder / "shanghai")
    if (folder / "vmt").is_dir():
        worlds["vmt"] = vehicles(folder / "vmt")
    left_out = [name for name in ("shanghai", "vmt") if name not in worlds]
    if left_out:
        print(f"Left out, as they are not in {folder}: {', '.join(left_out)}.")
    found: dict[str, Any] = {name: realised(one) for name, one in worlds.items()}
    print(f"{'':<12}{'calibrate':>10}{'reviewed':>10}" + "".join(f"{f'asked {rate:g}':>24}" for rate in RATES))
    for name, one in worlds.items():
        cells = [found[name][f"{rate:g}"] for rate in RATES]
        print(f"{name:<12}{one.calibration:>10,}{len(one.normal) - one.calibration:>10,}"
              + "".join(f"{f'''{c['realised']:.4f} in {c['band'][0]:.4f}-{c['band'][1]:.4f}''':>24}" for c in cells))
    found["any_cut"] = any_cut(worlds)
    found["picked"] = picked(worlds)
    if clean is not None and contaminated is not None:
        found["fdr"] = {}
        for name, (one, spoilt, share) in {"": (clean, 0.0, STRANGE), "contaminated": (contaminated, CONTAMINATED, MANY_STRANGE),
                                           "many": (clean, 0.0, MANY_STRANGE), "contaminated_few": (contaminated, CONTAMINATED, STRANGE),
                                           }.items():
            measured = false_discoveries(one, spoilt, name, share)
            found["fdr"] |= measured
            rate, _, caught = measured.values()
            print(f"detours are {share:.0%} of the reviewed and {spoilt:.0%} of the calibration tracks: of those flagged at 0.1 "
                  f"{rate:.4f} are normal, and {caught:.2f} of the detours are flagged")
    print(f"the bound at every cut covers in {found['any_cut']['covers']:.3f} of splits, that on picks in {found['picked']['covers']:.3f}")
    found["seconds"] = round(time.monotonic() - begun, 1)
    return found
