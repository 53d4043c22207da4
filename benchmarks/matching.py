"""Points matched to a road network: true trips with noise, and which of their links are found.

The trips of Lausanne (OpenStreetMap, 32,490 links of 22 m on average) are walked with a point every so many metres, Gaussian noise of so
many metres is added to each coordinate (seeds are fixed), and the points are matched. Measure: links of the way found and of the true
one, those in both over those in either (Jaccard), the mean over trips. What the matcher holds fixed was chosen on trips with even numbers;
the figure is of the odd ones. ``points_per_s`` counts processor seconds of all threads together, the estimate of the noise included.

``again``: weights of length and turns are fitted (MaxEnt) to the ways found, and the points are matched again with minus the reward of a
choice as its cost; the truth is used in neither.

``calibration``: of points told with a probability that their link was driven, how many are on a link of the true way, in ten classes;
``error`` is the mean difference between the two over all points (even trips), ``error_inside`` without the first and last point of a trip:
these trips begin and end at crossings, where half a link more or less is anyone's guess. ``rank`` is the rank correlation of a track's
confidence with its Jaccard (odd trips), ``doubtful`` how many stretches were listed as such.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching_peer import Fast, installed
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.matching.matching import Matched, match
from irlcore.worlds.matching.roads import Roads, prepare
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

SETTINGS = {"5_30": (5.0, 30.0), "15_30": (15.0, 30.0), "15_200": (15.0, 200.0), "30_400": (30.0, 400.0)}
GOALS = {"5_30": 0.97, "15_30": 0.92, "15_200": 0.90, "30_400": 0.80}
AGAIN = ("15_200", "30_400")
SEED = 20121
KINDS = ("length", "turn")


def run(folder: Path) -> dict[str, Any]:
    """Jaccard and points a second for each noise and spacing, of ours and of fastmm where it is installed."""
    begun = time.process_time()
    world, ways, ends = lausanne(folder)
    built = time.process_time() - begun
    match(world, tracks_of(world, ways[:4], 5.0, 30.0, SEED))  # kernels are compiled, or loaded, at first use
    begun = time.process_time()
    roads = prepare(world)
    out: dict[str, Any] = {"prepare_s": time.process_time() - begun, "build_s": built, "load": _load()}
    print(f"{len(roads):,} links; made ready in {out['prepare_s']:.2f} s (the world itself in {built:.2f} s)")
    print(f"{'':10}{'points':>8}{'noise':>8}{'Jaccard':>9}{'goal':>7}{'even':>8}{'confidence':>12}{'points/s':>10}"
          f"{'told - true':>13}{'rank':>6}{'doubtful':>10}")
    for k, (name, (sigma, spacing)) in enumerate(SETTINGS.items()):
        tracks = tracks_of(world, ways, sigma, spacing, SEED + k)
        begun = time.process_time()
        found = match(world, tracks, roads=roads)
        seconds = time.process_time() - begun
        out[name] = {"points_per_s": len(tracks.x) / seconds, "sigma": found.sigma, **scored(world, roads, found, ways),
                     "confidence": float(found.tracks.attributes["match confidence"].mean()),
                     "calibration": calibration(world, tracks, found, ways)}
        one = out[name]
        print(f"{name:10}{len(tracks.x):8,}{found.sigma:8.1f}{one['jaccard']:9.4f}{GOALS[name]:7.2f}{one['jaccard_even']:8.4f}"
              f"{one['confidence']:12.3f}{one['points_per_s']:10,.0f}"
              f"{one['calibration']['error']:13.4f}{one['calibration']['rank'] or 0.0:6.2f}{one['calibration']['doubtful']:10}", flush=True)
        if name in AGAIN:
            one["again"] = _again(world, roads, tracks, found, ways)
            print(f"{'  again':26}{one['again']['jaccard']:9.4f}{'':7}{one['again']['jaccard_even']:8.4f}", flush=True)
    if installed():
        out["fastmm"] = _peer(world, ends, ways)
    else:
        print("fastmm is not installed (pip install fastmm==0.3.2): left out.")
    out["kept"] = all(out[name]["jaccard"] >= goal for name, goal in GOALS.items())
    return out


def _peer(world: World, ends: np.ndarray, ways: list[np.ndarray]) -> dict[str, Any]:
    """The same for fastmm, with the true noise."""
    begun = time.process_time()
    fast = Fast(world, ends)
    out: dict[str, Any] = {"prepare_s": time.process_time() - begun}
    print(f"fastmm: made ready in {out['prepare_s']:.1f} s")
    for k, (name, (sigma, spacing)) in enumerate(SETTINGS.items()):
        tracks = tracks_of(world, ways, sigma, spacing, SEED + k)
        begun = time.process_time()
        each = jaccard(fast.matched(tracks, sigma), ways)
        out[name] = {"points_per_s": len(tracks.x) / (time.process_time() - begun), "jaccard": float(each[1::2].mean()),
                     "jaccard_even": float(each[::2].mean())}
        print(f"{name:10}{len(tracks.x):8,}{sigma:8.1f}{out[name]['jaccard']:9.4f}{GOALS[name]:7.2f}{out[name]['jaccard_even']:8.4f}"
              f"{'':12}{out[name]['points_per_s']:10,.0f}", flush=True)
    return out


def _again(world: World, roads: Roads, tracks: Tracks, found: Matched, ways: list[np.ndarray]) -> dict[str, Any]:
    """Fitted to what was matched, and matched again."""
    specs = [spec for spec in suggest_features(world) if spec.kind in KINDS]
    matrix = feature_matrix(specs, world, Context())
    problem = Problem(world.mdp, matrix.values, matrix.names, map_link_tracks(world, found.tracks).paths, MaxEnt())
    theta = fit(problem, [spec.sign for spec in specs]).theta
    second = match(world, tracks, sigma=found.sigma, choice_cost=-(matrix.values @ theta), roads=roads)
    return {**scored(world, roads, second, ways), "theta": dict(zip(matrix.names, np.round(theta, 4).tolist(), strict=True))}


def lausanne(folder: Path) -> tuple[World, list[np.ndarray], np.ndarray]:
    """The network, the states that each trip visits, and the nodes at the ends of each state's link, (S, 2)."""
    nodes, links, trips = (pd.read_csv(folder / f"{name}.csv.gz", dtype={"edge": str}) for name in ("nodes", "edges", "paths"))
    world = build_network(links.rename(columns={"edge": "link", "length_m": "length"}), None, nodes)
    index = pd.Index(world.place_names)
    ends = links.set_index("edge").loc[world.place_names, ["u", "v"]].to_numpy(np.int64)
    return world, [index.get_indexer(pd.Index(path.split("_"))) for path in trips["path"]], ends


def tracks_of(world: World, ways: list[np.ndarray], sigma: float, spacing: float, seed: int) -> Tracks:
    """A point every ``spacing`` metres along each way, and at its end, with noise of sigma metres on each coordinate."""
    rng = np.random.default_rng(seed)
    places = []
    for way in ways:
        lines = [world.shape_xy[world.shape_offsets[a]:world.shape_offsets[a + 1]] for a in way]
        xy = np.concatenate([lines[0][:1], *(line[1:] for line in lines)])
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
        at = np.append(np.arange(0.0, along[-1], spacing), along[-1])
        places.append(np.column_stack([np.interp(at, along, xy[:, k]) for k in range(2)]) + rng.normal(0.0, sigma, (len(at), 2)))
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in places]))).astype(np.int64)
    flat = np.concatenate(places)
    t = np.arange(len(flat)) - np.repeat(offsets[:-1], np.diff(offsets)).astype(np.float64)
    ids = np.array([str(k) for k in range(len(ways))], dtype=object)
    return Tracks(ids, offsets, t, flat[:, 0].copy(), flat[:, 1].copy(), pd.DataFrame(index=range(len(ways))), "m", world.crs)


def calibration(world: World, tracks: Tracks, found: Matched, ways: list[np.ndarray]) -> dict[str, Any]:
    """How far what is told of points and tracks is true. classes: [probability told, share that is right, points]."""
    owner = np.repeat(np.arange(len(ways)), np.diff(tracks.offsets))
    known = np.isfinite(found.sure) & (owner % 2 == 0)
    inside = known.copy()
    inside[tracks.offsets[:-1]] = inside[tracks.offsets[1:] - 1] = False
    true = [set(way.tolist()) for way in ways]
    right = np.array([state in true[i] for state, i in zip(found.state.tolist(), owner.tolist(), strict=True)], np.float64)
    classes = _classes(found.sure[known], right[known])
    sure = pd.Series(found.tracks.attributes["match confidence"].to_numpy(np.float64)).groupby(found.of).mean()
    each = pd.Series(jaccard(_driven(world, found, len(ways)), ways)).loc[sure.index]
    odd = sure.index.to_numpy() % 2 == 1
    return {"error": _error(classes), "error_inside": _error(_classes(found.sure[inside], right[inside])),
            "rank": float(sure[odd].rank().corr(each[odd].rank())) if min(sure[odd].nunique(), each[odd].nunique()) > 1 else None,
            "doubtful": int(found.problems["what"].str.startswith("other ways fit").sum()), "classes": classes}


def _classes(told: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """In tenths of what is told: its mean, the share that is right, and of how many."""
    tenth = np.minimum((told * 10.0).astype(np.int64), 9)
    return [(round(float(told[tenth == k].mean()), 4), round(float(right[tenth == k].mean()), 4), int((tenth == k).sum()))
            for k in range(10) if (tenth == k).any()]


def _error(classes: list[tuple[float, float, int]]) -> float:
    """The mean difference between what is told and what is right."""
    return sum(abs(told - right) * n for told, right, n in classes) / max(sum(n for _, _, n in classes), 1)


def scored(world: World, roads: Roads, found: Matched, ways: list[np.ndarray]) -> dict[str, float]:
    """The mean Jaccard of odd and of even trips; one that was not matched counts 0, the parts of one together."""
    each = jaccard(_driven(world, found, len(ways)), ways)
    return {"jaccard": float(each[1::2].mean()), "jaccard_even": float(each[::2].mean())}


def _driven(world: World, found: Matched, n: int) -> list[set[int]]:
    """The links found of each of n tracks, all its parts together."""
    states = pd.Index(world.place_names).get_indexer(pd.Index(found.tracks.links))
    mine: list[set[int]] = [set() for _ in range(n)]
    for k, i in enumerate(found.of):
        mine[i] |= set(states[found.tracks.offsets[k]:found.tracks.offsets[k + 1]].tolist())
    return mine


def jaccard(mine: list[set[int]], ways: list[np.ndarray]) -> np.ndarray:
    """(N,) links in both over links in either."""
    return np.array([len(a & set(b.tolist())) / max(len(a | set(b.tolist())), 1) for a, b in zip(mine, ways, strict=True)])


def _load() -> float:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0
