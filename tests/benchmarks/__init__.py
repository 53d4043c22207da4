"""A made-up town of 12 crossings and 34 directed links, written in the formats of the real data sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.sampling import draw_path
from irlcore.worlds.mdp import build_mdp

BORLANGE_WEIGHTS = np.array([-2.0, -0.8, -0.6, -2.5])  # travel time, left turn, link constant, u-turn
NX, NY, DESTINATIONS = 4, 3, 3


def town(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Links (link, u, v, minutes) between neighbouring crossings, and transitions (from, to, angle, right positive)."""
    at = [(i, j) for j in range(NY) for i in range(NX)]
    ends = [(u, v) for u, a in enumerate(at) for v, b in enumerate(at) if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1]
    links = pd.DataFrame(ends, columns=["u", "v"])
    links["minutes"] = rng.uniform(0.2, 1.0, len(links)).round(3)
    bearing = [np.arctan2(at[v][0] - at[u][0], at[v][1] - at[u][1]) for u, v in ends]
    rows = []
    for k, (u, v) in enumerate(ends):
        for m, (u2, v2) in enumerate(ends):
            if u2 == v:
                turned = (bearing[m] - bearing[k] + np.pi) % (2 * np.pi) - np.pi
                rows.append((k, m, np.pi if v2 == u else turned))
    return links, pd.DataFrame(rows, columns=["from", "to", "angle"])


def trips(n_states: int, pairs: pd.DataFrame, reward: np.ndarray, starts: int, goals: np.ndarray, n: int,
          rng: np.random.Generator) -> list[list[int]]:
    """States of n trips drawn from MaxEnt agents."""
    mdp, order = build_mdp(n_states, pairs["from"].to_numpy(), pairs["to"].to_numpy())
    prepared = MaxEnt().prepare(mdp, reward[order])
    policies = {int(g): MaxEnt().solve(prepared, np.array([g])).policy for g in goals}
    out: list[list[int]] = []
    while len(out) < n:
        goal = int(rng.choice(goals))
        states = draw_path(mdp, policies[goal], int(rng.integers(starts)), np.array([goal]), rng)
        if len(states) > 2:
            out.append(states)
    return out


def write_borlange(folder: Path, n: int = 400) -> list[list[int]]:
    """links, transitions and observations; destinations are dummy links behind three of the real ones. Ids from 1."""
    rng = np.random.default_rng(5)
    links, pairs = town(rng)
    count = len(links)
    dummies = pd.DataFrame({"from": [2, 15, 30], "to": count + np.arange(DESTINATIONS), "angle": 0.0})
    pairs = pd.concat([pairs, dummies], ignore_index=True)
    dummy = (pairs["to"] >= count).to_numpy()
    table = pd.DataFrame({
        "from_link": pairs["from"] + 1, "to_link": pairs["to"] + 1, "to_dest_dummy": dummy.astype(int),
        "travel_time": np.append(links["minutes"], np.zeros(DESTINATIONS))[pairs["to"]],
        "turn_angle": pairs["angle"].round(5), "angle_known": 1,
        "left_turn": pairs["angle"].between(-3.1, -0.5236, inclusive="neither").astype(int),
        "u_turn": (pairs["angle"].abs() > 3.1).astype(int), "link_constant": (~dummy).astype(int)})
    reward = table[["travel_time", "left_turn", "link_constant", "u_turn"]].to_numpy() @ BORLANGE_WEIGHTS
    walked = trips(count + DESTINATIONS, pairs, reward, count, count + np.arange(DESTINATIONS), n, rng)
    folder.mkdir(parents=True)
    pd.DataFrame({"link": np.arange(count) + 1, "travel_time": links["minutes"], "n_out": 3, "n_in": 3}).to_csv(
        folder / "links.csv.gz", index=False)
    table.to_csv(folder / "transitions.csv.gz", index=False)
    pd.DataFrame([(i + 1, step, link + 1) for i, states in enumerate(walked) for step, link in enumerate(states)],
                 columns=["obs_id", "step", "link"]).to_csv(folder / "observations.csv.gz", index=False)
    return walked


def write_shanghai(folder: Path, n: int = 120) -> list[list[int]]:
    """links with lines, transitions, nodes, paths and split: the first 20 trips test, the others train."""
    rng = np.random.default_rng(6)
    links, pairs = town(rng)
    lon, lat = 121.46 + 0.003 * (np.arange(NX * NY) % NX), 31.22 + 0.003 * (np.arange(NX * NY) // NX)
    u, v = links["u"].to_numpy(), links["v"].to_numpy()
    road = np.where(rng.random(len(links)) < 0.4, "primary", "residential")
    table = pd.DataFrame({
        "link": np.arange(len(links)), "u": u + 900, "v": v + 900, "length": (300.0 * links["minutes"]).round(1),
        "highway": road, "lanes_n": "", "oneway": 0, "name": "", "cnt": 1, "bearing_start": 0.0, "bearing_end": 0.0,
        "lon0": lon[u], "lat0": lat[u], "lon1": lon[v], "lat1": lat[v],
        "wkt": [f"LINESTRING({lon[a]:.6f} {lat[a]:.6f}, {lon[b]:.6f} {lat[b]:.6f})"
                for a, b in zip(u, v, strict=True)]})
    degrees = np.rad2deg(pairs["angle"]).round(1)
    turns = pd.DataFrame({"from_link": pairs["from"], "action": 0, "to_link": pairs["to"], "turn_deg": degrees,
                          "turn": "straight"})
    cost = 4.0 * table["length"].to_numpy() / 1000.0 + 0.8 + 0.5 * (road == "residential")
    reward = -cost[pairs["to"]] - 2.0 * (degrees.abs() > 177).to_numpy()
    walked = trips(len(links), pairs, reward, len(links), np.array([3, 12, 20, 33]), n, rng)
    folder.mkdir(parents=True)
    table.to_csv(folder / "links.csv", index=False)
    turns.to_csv(folder / "transitions.csv", index=False)
    pd.DataFrame({"osmid": np.arange(NX * NY) + 900, "lat": lat, "lon": lon}).to_csv(folder / "nodes.csv", index=False)
    paths = pd.DataFrame([(i, s[0], s[-1], "_".join(map(str, s)), len(s), 0.0, 0) for i, s in enumerate(walked)],
                         columns=["path_id", "ori", "des", "path", "n_links", "length_m", "loop"])
    paths.to_csv(folder / "paths.csv.gz", index=False)
    parts = [("test", range(20)), ("train100", range(20, 60)), ("train1000", range(20, n)),
             ("train10000", range(20, n))]
    pd.DataFrame([(part, row, i) for part, ids in parts for row, i in enumerate(ids)],
                 columns=["part", "row", "path_id"]).to_csv(folder / "split.csv.gz", index=False)
    return walked
