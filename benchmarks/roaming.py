"""Agents without a destination: weights recovered, false alarms as asked, a made-up fishing ground, and vehicles taken to go nowhere.

``within_two_se`` of ``of``: weights of simulated roamers within two standard errors of the truth, over seeds (.95 expected).
``false_alarms``: share of normal walks flagged where ``asked`` are, with the interval that chance leaves over so many. ``vmt``: vehicles of
the VMT set (320 x 240 pixels) once as trips to their ends and once as walks to nowhere.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.roaming_vmt import vehicles
from benchmarks.roaming_walks import ASKED, ATTRIBUTE, WANTS, draw_walks, ranges, scored_apart, small_world
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.scores import score_paths
from irlcore.review.separation import auc
from irlcore.simulation.fishing import CELL_M, SIDE, fishing_ground
from irlcore.worlds.aims import NOWHERE
from irlcore.worlds.dwell import suggest_stay
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.staying import with_staying

SEEDS, GAMMA = 100, 0.9
FIT, CALIBRATION, REVIEW, STRANGE = 40, 200, 200, 20
FISHING = (FeatureSpec("length", "length", {"per": 1000.0}), FeatureSpec("staying", "staying"),
           *(FeatureSpec(name, "zone", {"zone": name}) for name in ("north bank", "east bank", "south bank")),
           FeatureSpec("staying on a ground", "formula", {"formula": "(length == 0) * (inside('north bank') + inside('east bank') + "
                                                                    "inside('south bank'))"}))
RESERVE = FeatureSpec("reserve", "zone", {"zone": "reserve"})


def run(folder: Path) -> dict[str, Any]:
    """All parts; VMT where ``folder`` holds it."""
    begun = time.monotonic()
    result: dict[str, Any] = {**recovered(range(SEEDS)), "fishing": fishing(range(5))}
    if folder.is_dir():
        result["vmt"] = vehicles(folder)
    result["seconds"] = round(time.monotonic() - begun, 1)
    print(f"{result['within_two_se']} of {result['of']} weights within two standard errors; {result['false_alarms']:.3f} of normal walks "
          f"flagged where {ASKED} were asked; {result['seconds']} s")
    return result


def recovered(seeds: Sequence[int]) -> dict[str, Any]:
    """Weights against the truth, false alarms on fresh walks of the same agents, and walks of agents who want the opposite of one thing."""
    world, phi = small_world()
    truth, within, flagged, caught = np.array([*WANTS.values()]), 0, [], []
    areas: dict[str, list[float]] = {}
    strange_wants = truth * np.where(np.array([*WANTS]) == ATTRIBUTE, -1.0, 1.0)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        walks = draw_walks(world.mdp, phi @ truth, GAMMA, FIT + CALIBRATION + REVIEW, rng)
        strange = draw_walks(world.mdp, phi @ strange_wants, GAMMA, STRANGE, rng)
        problem = Problem(world.mdp, phi, tuple(WANTS), walks.take(np.arange(FIT)), MaxEnt(), GAMMA)
        found = fit(problem)
        within += int((np.abs(found.theta - truth) <= 2.0 * found.se_robust).sum())
        prepared = problem.prepare(found.theta)
        normal, other = (score_paths(MaxEnt(), prepared, one) for one in (walks.take(np.arange(FIT, len(walks))), strange))
        p = conformal_p(normal.surprise[:CALIBRATION], np.concatenate((normal.surprise[CALIBRATION:], other.surprise)))
        flagged += (p[:REVIEW] <= ASKED).tolist()
        caught += (p[REVIEW:] <= ASKED).tolist()
        for name in ("surprise", "improbability", "utility_gap", "worst_stretch"):
            areas.setdefault(name, []).append(auc(getattr(normal, name)[CALIBRATION:], getattr(other, name)))
    low, high = ranges(len(seeds), CALIBRATION, REVIEW, ASKED)
    return {"within_two_se": within, "of": len(seeds) * len(truth), "expected_within": 0.95,
            "false_alarms": float(np.mean(flagged)), "asked": ASKED, "false_alarms_95": [low, high], "normal_walks": len(flagged),
            "strange_caught": float(np.mean(caught)), "auc": {name: round(float(np.mean(values)), 3) for name, values in areas.items()}}


def fishing(seeds: Sequence[int]) -> dict[str, Any]:
    """The made-up fishing ground from points on: a stay is suggested, tracks become walks, vessels are fitted, the others scored; with the
    feature of the reserve and without."""
    parts: list[dict[str, Any]] = []
    for seed in seeds:
        ground = fishing_ground(240, 24, np.random.default_rng(100 + seed))
        grid = build_grid(0.0, 0.0, SIDE * CELL_M, SIDE * CELL_M, CELL_M, "m")
        stay_s = suggest_stay(ground.tracks, grid)
        assert stay_s is not None
        world = with_staying(grid, stay_s)
        mapped = map_tracks(world, ground.tracks, np.full(len(ground.tracks), NOWHERE))
        kept = np.isin(ground.tracks.ids, mapped.paths.ids)
        part: dict[str, Any] = {"stay_s": stay_s, "kept": float(kept.mean())}
        for name, specs in (("with reserve", (*FISHING, RESERVE)), ("without", FISHING)):
            phi = feature_matrix(specs, world, Context(zones=ground.zones)).values
            part[name] = scored_apart(world.mdp, phi, tuple(s.name for s in specs), mapped.paths, ground.poacher[kept], 0.95,
                                      np.random.default_rng(seed))
        parts.append(part)
    return {"stay_s": parts[0]["stay_s"], "kept": float(np.mean([one["kept"] for one in parts])),
            **{name: {key: round(float(np.mean([one[name][key] for one in parts])), 3) for key in parts[0][name]}
               for name in ("with reserve", "without")}}
