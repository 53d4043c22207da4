"""Make the sample data: a port town's streets, its anchorage and a fishing ground, a log of tickets: agents with stated wants,
planted abnormal tracks.

Run ``python -m sample_data.generate``. Everything follows from the weights and the seed below. The files are
ordinary uploads (links, transitions, paths, points, zones); the labels of the planted tracks lie apart in ``labels.csv``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from irlcore.features.zones import zones_to_geojson
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.solution import Prepared
from irlcore.simulation.fishing import RESERVE, fishing_ground
from irlcore.simulation.simulate import detour
from irlcore.simulation.tickets import ticket_log
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import MDP
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

HERE = Path(__file__).parent
SEED = 7
OLD_TOWN = np.array([[900.0, 1500.0], [1800.0, 1400.0], [1900.0, 2200.0], [1000.0, 2300.0], [900.0, 1500.0]])
SHOAL = np.array([[1500.0, 900.0], [2300.0, 800.0], [2400.0, 1500.0], [1700.0, 1600.0], [1500.0, 900.0]])
LAND = np.array([[0.0, 2200.0], [900.0, 2300.0], [1500.0, 2600.0], [1600.0, 3000.0], [0.0, 3000.0], [0.0, 2200.0]])
ACROSS = ("Harbour Street", "Fishmarket Lane", "Customs Road", "Chandler Street", "Mill Lane", "Church Street", "Market Road",
          "Weaver Street", "Garden Street", "Chapel Lane", "North Road")
ALONG = ("West Wall", "Station Road", "Tanner Lane", "Cooper Lane", "Well Street", "Castle Road", "Baker Street", "School Lane",
         "Smith Street", "Bridge Road", "Orchard Lane", "Rope Walk", "Beacon Street", "East Road")
"""Streets from the south to the north and from the west to the east."""
PLACES = {"ferry terminal": (1100.0, 2250.0), "coal pier": (1400.0, 2250.0), "grain quay": (1650.0, 2250.0),
          "fish market": (1850.0, 2250.0), "east buoy": (3950.0, 1500.0), "south buoy": (2000.0, 50.0)}
# utility per km, per step, per left turn, per U-turn, per step on a minor street, per step in the old town
ROAD_WEIGHTS = {"commuter": (-4.0, -0.4, -0.5, -3.0, -0.3, 0.0), "truck": (-3.5, -0.4, -0.8, -4.0, -1.0, -2.0),
                "courier": (-5.0, -0.3, -0.2, -1.5, -0.1, 0.0)}
VESSELS, POACHERS, REFERENCE, STEPS, FEWEST_INSIDE = 166, 8, 130, (40, 80), 8
"""Of the fishing ground: how many of each, how many of the vessels are known as normal, the steps of a track, and how often a poacher was
seen in the reserve."""
# utility per km, per step, per step over the shoal
SEA_WEIGHTS = {"ferry": (-14.0, -0.8, 0.0), "cargo": (-12.0, -0.8, -2.5), "fishing": (-9.0, -0.8, 0.3)}


def street_tables(rng: np.random.Generator, nx: int = 14, ny: int = 11) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and links of a town of ``nx`` x ``ny`` crossings: bent streets, arterials every fourth, a bay in the south-east."""
    block = 260.0
    at = {}
    for j in range(ny):
        for i in range(nx):
            if (i - (nx - 1)) ** 2 + (1.3 * j) ** 2 < 22.0:
                continue  # the bay
            bend = 90.0 * np.sin(0.45 * i + 0.3 * j)
            at[i, j] = (i * block + rng.normal(0, 28) + 0.4 * bend, j * block + rng.normal(0, 28) + bend)
    number = {key: n for n, key in enumerate(at)}
    rows = []
    for (i, j), n in number.items():
        for di, dj in ((1, 0), (0, 1)):
            other = (i + di, j + dj)
            arterial = (j % 4 == 2) if di else (i % 4 == 1)
            if other not in number or (not arterial and rng.random() < 0.12):
                continue
            road = "arterial" if arterial else "street"
            oneway = road == "street" and rng.random() < 0.12
            name = ACROSS[j % len(ACROSS)] if di else ALONG[i % len(ALONG)]
            rows += [(n, number[other], road, name)] + ([] if oneway else [(number[other], n, road, name)])
    nodes = pd.DataFrame([(number[k], round(x, 1), round(y, 1)) for k, (x, y) in at.items()], columns=["node", "x", "y"])
    links = pd.DataFrame(rows, columns=["u", "v", "road", "name"])
    xy = nodes[["x", "y"]].to_numpy()
    links.insert(0, "link", np.arange(len(links)))
    links.insert(3, "length", np.hypot(*(xy[links["v"]] - xy[links["u"]]).T).round(1))
    links["speed_kmh"] = np.where(links["road"] == "arterial", 50, 30)
    return nodes, links


def road_reward(world: World, weights: tuple[float, ...]) -> np.ndarray:
    """Reward (M,) of a class of drivers, from the stated weights."""
    turn = np.rad2deg(world.choice_turn)
    minor = (world.place_attributes["road"] == "street")[world.choice_place]
    xy = world.place_xy
    old = shapely.contains_xy(shapely.Polygon(OLD_TOWN), xy[:, 0], xy[:, 1])[world.choice_place]
    columns = np.column_stack((world.choice_length / 1000.0, np.ones(len(turn)), (turn < -30) & (turn >= -177),
                               np.abs(turn) > 177, minor, old))
    return np.asarray(columns @ np.array(weights))


def draw_tracks(name: str, model: Rationality, prepared: Prepared, starts: np.ndarray, goals: np.ndarray, n_reference: int,
                n_today: int, n_planted: int, rng: np.random.Generator) -> list[tuple[str, str, str, bool, list[int]]]:
    """Rows (track, class, period, planted, states) of one class of agents."""
    solved = {int(g): model.solve(prepared, np.array([g])).policy for g in goals}
    mdp: MDP = prepared.mdp
    rows: list[tuple[str, str, str, bool, list[int]]] = []
    total = n_reference + n_today
    while len(rows) < total + n_planted:
        start, goal = int(rng.choice(starts)), int(rng.choice(goals))
        planted = len(rows) >= total
        if planted:
            states = detour(model, prepared, start, int(rng.integers(mdp.n_states)), np.array([goal]))
            direct = detour(model, prepared, start, start, np.array([goal]))
            if len(states) < 1.5 * len(direct) + 4:
                continue
        else:
            states = draw_path(mdp, solved[goal], start, np.array([goal]), rng)
        if len(states) > 4:
            period = "reference" if len(rows) < n_reference else "today"
            rows.append((f"{name}-{len(rows) + 1:03d}", name, period, planted, states))
    order = rng.permutation(np.arange(n_reference, len(rows)))  # planted ones anywhere among today's
    today = [rows[k] for k in order]
    return rows[:n_reference] + [(f"{name}-{n_reference + k + 1:03d}", *row[1:]) for k, row in enumerate(today)]


def make_town(folder: Path, rng: np.random.Generator) -> None:
    nodes, links = street_tables(rng)
    world = build_network(links, None, nodes)
    ends = rng.choice(world.n_places, 14, replace=False)
    starts = rng.choice(world.n_places, 60, replace=False)
    rows = []
    for name, weights in ROAD_WEIGHTS.items():
        model = MaxEnt()
        prepared = model.prepare(world.mdp, road_reward(world, weights))
        rows += draw_tracks(name, model, prepared, starts, ends, 160, 60, 8, rng)
    folder.mkdir(exist_ok=True)
    nodes.to_csv(folder / "nodes.csv", index=False)
    links.to_csv(folder / "links.csv", index=False)
    paths = pd.DataFrame([(t, c, p, "_".join(str(world.place_names[s]) for s in states)) for t, c, p, _, states in rows],
                         columns=["track", "class", "period", "path"])
    paths.to_csv(folder / "paths.csv", index=False)
    _write_labels(folder, rows)
    (folder / "zones.geojson").write_text(zones_to_geojson({"old town": OLD_TOWN}, None))


def make_anchorage(folder: Path, rng: np.random.Generator) -> None:
    world = build_grid(0.0, 0.0, 4000.0, 3000.0, 100.0, "m", blocked=[LAND])
    xy = world.place_xy
    shoal = shapely.contains_xy(shapely.Polygon(SHOAL), xy[:, 0], xy[:, 1])[world.choice_place]
    columns = np.column_stack((world.choice_length / 1000.0, np.ones(world.mdp.n_choices), shoal))
    quays = np.flatnonzero((np.abs(xy[:, 1] - 2250) < 60) & (xy[:, 0] > 1000) & (xy[:, 0] < 1900))
    sea = np.flatnonzero((xy[:, 0] > 3900) | (xy[:, 1] < 100))
    rows = []
    for name, weights in SEA_WEIGHTS.items():
        model = Boltzmann()
        prepared = model.prepare(world.mdp, columns @ np.array(weights))
        rows += draw_tracks(name, model, prepared, rng.choice(sea, 12), rng.choice(quays, 5, replace=False), 130, 50, 8, rng)
    folder.mkdir(exist_ok=True)
    points = []
    for track, kind, period, _, states in rows:
        for step, state in enumerate(states):
            x, y = xy[state] + rng.uniform(-30, 30, 2)
            points.append((track, step * 60, round(x, 1), round(y, 1), kind, period))
    pd.DataFrame(points, columns=["track", "t", "x", "y", "class", "period"]).to_csv(folder / "points.csv", index=False)
    _write_labels(folder, rows)
    (folder / "blocked.geojson").write_text(zones_to_geojson({"land": LAND}, None))
    (folder / "zones.geojson").write_text(zones_to_geojson({"shoal": SHOAL}, None))
    features = [{"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Point", "coordinates": list(xy)}}
                for name, xy in PLACES.items()]
    (folder / "places.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def make_fishing(folder: Path, rng: np.random.Generator) -> None:
    """Vessels without a destination (``simulation.fishing``); the poachers are all of today, and all were in the reserve for a while."""
    ground = fishing_ground(VESSELS, 4 * POACHERS, rng, STEPS)
    x, y, half = RESERVE
    owner = np.repeat(np.arange(len(ground.tracks)), np.diff(ground.tracks.offsets))
    inside = (np.abs(ground.tracks.x - x) < half) & (np.abs(ground.tracks.y - y) < half)
    there = ground.poacher & (np.bincount(owner[inside], minlength=len(ground.tracks)) >= FEWEST_INSIDE)
    kept = np.flatnonzero(~ground.poacher | (there & (np.cumsum(there) <= POACHERS)))
    tracks, poacher = ground.tracks.take(kept), ground.poacher[kept]
    period = np.where(~poacher & (np.cumsum(~poacher) <= REFERENCE), "reference", "today")
    names = [f"vessel-{i + 1:03d}" for i in range(len(tracks))]
    owner = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))
    folder.mkdir(exist_ok=True)
    pd.DataFrame({"track": np.array(names, object)[owner], "t": np.rint(tracks.t).astype(np.int64), "x": np.round(tracks.x, 1),
                  "y": np.round(tracks.y, 1), "class": "vessel", "period": period[owner]}).to_csv(folder / "points.csv", index=False)
    _write_labels(folder, [(name, "vessel", "", bool(bad), []) for name, bad in zip(names, poacher, strict=True)])
    (folder / "zones.geojson").write_text(zones_to_geojson(dict(ground.zones), None))


def make_tickets(folder: Path, rng: np.random.Generator) -> None:
    """A log of tickets (``simulation.tickets``); the odd cases are all of today, a few of each kind."""
    log, labels = ticket_log(rng)
    folder.mkdir(exist_ok=True)
    log.to_csv(folder / "log.csv", index=False)
    labels.to_csv(folder / "labels.csv", index=False)


def _write_labels(folder: Path, rows: list[tuple[str, str, str, bool, list[int]]]) -> None:
    table = pd.DataFrame([(row[0], int(row[3])) for row in rows], columns=["track", "planted"])
    table.to_csv(folder / "labels.csv", index=False)


if __name__ == "__main__":
    make_town(HERE / "town", np.random.default_rng(SEED))
    make_anchorage(HERE / "anchorage", np.random.default_rng(SEED))
    make_fishing(HERE / "fishing", np.random.default_rng(SEED))
    make_tickets(HERE / "tickets", np.random.default_rng(SEED))
