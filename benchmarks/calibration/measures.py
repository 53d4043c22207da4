"""Promises against what happened: the share of normal tracks flagged at a rate and at every cut, normal ones among picks and flags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import betabinom, norm

from benchmarks.calibration.worlds import HeldOut
from irlcore.review.calibration.batch import most_normal, normal_at_most
from irlcore.review.calibration.controls import FalseAlarmControl, flag
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.calibration.rate import highest_rate

SPLITS = 200
RATES = (0.01, 0.05, 0.1)
SEEDS, REPEATS = 20, 25
RATE, STRANGE, MANY_STRANGE = 0.1, 0.05, 0.6
"""The share of normal tracks among flags that is asked for, and the shares of the reviewed tracks that make a detour: few, and many. Where
one calibration track in twenty makes the same detours, hardly a p-value of those reviewed is below a twentieth of theirs, so that at a
share of flags of a tenth nothing is flagged unless more than half of the reviewed make one."""
MOST_PICKED = 30
"""Picks tried in each split: the strangest normal tracks, so many and more, as somebody would pick them who wants the bound to fail."""


def splits(world: HeldOut, seed: int = 1) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Scores of the normal tracks that calibrate, and of those that are reviewed, in each of ``SPLITS``."""
    rng = np.random.default_rng(seed)
    for _ in range(SPLITS):
        order = rng.permutation(world.normal)
        yield order[:world.calibration], order[world.calibration:]


def realised(world: HeldOut) -> dict[str, Any]:
    """Rate -> mean share of normal tracks with a p-value of it or less, where 99 % of such means lie, and whether it does. In one split
    of n and m tracks the number is beta-binomial (k, n + 1 - k) of m, k = floor(rate (n + 1)) (Vovk 2012)."""
    n, m = world.calibration, len(world.normal) - world.calibration
    p = np.array([conformal_p(kept, asked) for kept, asked in splits(world)])
    out = {}
    for rate in RATES:
        k, share = int(np.floor(rate * (n + 1) + 1e-9)), float((p <= rate).mean())
        law = betabinom(m, max(k, 1), n + 1 - max(k, 1))
        middle, spread = (law.mean() / m, law.std() / m / np.sqrt(SPLITS)) if k else (0.0, 0.0)
        band = [middle - norm.isf(0.005) * spread, middle + norm.isf(0.005) * spread]
        out[f"{rate:g}"] = {"realised": round(share, 5), "inside": bool(band[0] - 1e-12 <= share <= band[1] + 1e-12),
                            "band": [round(float(edge), 5) for edge in band]}
    return out


def any_cut(worlds: dict[str, HeldOut]) -> dict[str, Any]:
    """In how many splits the bound on the rate holds at every cut at once. rate: against the share of all held-out tracks of the world,
    which are what a calibration sample is drawn from. here: the bound for the batch against the number among the reviewed."""
    rate, here = [], []
    for world in worlds.values():
        n, m = world.calibration, len(world.normal) - world.calibration
        everyone, bound, most = np.sort(world.normal), highest_rate(n), most_normal(n, m)
        for kept, asked in splits(world, 2):
            ranked = np.sort(kept)[::-1]
            beyond = len(everyone) - np.searchsorted(everyone, ranked, side="right")
            rate.append(bool((beyond / len(everyone) <= bound[1:-1]).all()))
            ahead = len(asked) - np.searchsorted(np.sort(asked), ranked, side="right")
            here.append(bool((ahead <= most[1:-1]).all()))
    return {"covers": round(min(float(np.mean(rate)), float(np.mean(here))), 4), "rate": round(float(np.mean(rate)), 4),
            "here": round(float(np.mean(here)), 4), "splits": len(rate)}


def picked(worlds: dict[str, HeldOut]) -> dict[str, Any]:
    """In how many splits the bound on normal tracks holds for every pick tried: the strangest k normal ones, alone and with all detours."""
    held = []
    for world in worlds.values():
        rng = np.random.default_rng(3)
        for kept, asked in splits(world, 3):
            strange = rng.choice(world.detours, round(STRANGE * len(asked)), replace=False) if len(world.detours) else np.zeros(0)
            m = len(asked) + len(strange)
            p, odd = np.sort(conformal_p(kept, asked)), conformal_p(kept, strange)
            sizes = np.unique(np.round(np.geomspace(1, len(asked), MOST_PICKED)).astype(np.int64))
            held.append(all(normal_at_most(np.append(p[:k], more), len(kept), m) >= k for k in sizes for more in (odd[:0], odd)))
    return {"covers": round(float(np.mean(held)), 4), "splits": len(held)}


def false_discoveries(world: HeldOut, contaminated: float, prefix: str, share: float = STRANGE) -> dict[str, float]:
    """Mean share of normal tracks among those flagged at ``RATE``, over ``SEEDS`` of ``REPEATS`` splits each, where a ``share`` of the
    reviewed tracks makes detours, and ``contaminated`` of those that calibrate; the largest mean of a seed; the share of detours that are
    flagged. Keys begin with the ``prefix``."""
    seeds, caught = [], []
    for seed in range(SEEDS):
        rng, shares = np.random.default_rng(100 + seed), []
        for _ in range(REPEATS):
            order, odd = rng.permutation(world.normal), rng.permutation(world.detours)
            kept, asked = order[:world.calibration], order[world.calibration:]
            bad = round(contaminated * len(kept))
            asked = asked[:int(len(odd[bad:]) * (1.0 / share - 1.0))]
            strange = odd[bad:bad + round(len(asked) * share / (1.0 - share))]
            p = conformal_p(np.concatenate((kept[bad:], odd[:bad])), np.concatenate((asked, strange)))
            flags = flag(p, FalseAlarmControl("share_of_flags", RATE))
            shares.append(flags[:len(asked)].sum() / max(int(flags.sum()), 1))
            caught.append(flags[len(asked):].mean())
        seeds.append(float(np.mean(shares)))
    names = (prefix or "realised", *(f"{prefix}_{one}".lstrip("_") for one in ("largest", "caught")))
    return dict(zip(names, (round(float(one), 5) for one in (np.mean(seeds), max(seeds), np.mean(caught))), strict=True))
