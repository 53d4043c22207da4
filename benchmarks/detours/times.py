"""Times for trips of a set that has none: made up from the lengths and classes of links. For benchmarks alone: nothing in them was
observed.

A link takes its length at the speed of its class, times the tempo of the trip and the luck of the step, and at some junctions a wait. Of
reports it is said how long the longest silence was, as real sets tell it: of most trips none that is worth telling.
"""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.trips.dark_gaps import LONGEST_H, MANY
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SPEED_KMH = {"motorway": 70.0, "trunk": 55.0, "primary": 40.0, "secondary": 34.0, "tertiary": 28.0, "residential": 22.0,
             "living_street": 14.0}
OTHER_KMH = 25.0
TEMPO, LUCK = 0.15, 0.3  # standard deviations of the logs
WAITS, WAIT_S = 0.3, 20.0  # share of junctions with a wait, and how long it is on average
SILENT, SILENCE_S, SILENCE_SPREAD = 0.1, 60.0, 0.6  # share of trips with a silence, its median, standard deviation of its log


def with_times(world: World, paths: Paths, seed: int) -> Ordinary:
    """The trips with made-up times and silences. The last step's time is not known, as of trips that are cut where they end."""
    rng = np.random.default_rng(seed)
    kinds = world.place_attributes.get("highway", np.full(world.n_places, "", object))[world.place_of_state[world.mdp.choice_state]]
    kmh = np.array([SPEED_KMH.get(str(kind), OTHER_KMH) for kind in kinds])
    length = np.asarray(world.place_attributes["length"], np.float64)[world.place_of_state[world.mdp.choice_state]]
    usual = (length / (kmh / 3.6))[paths.choices]
    n, many = len(paths), len(paths.choices)
    spent = usual * np.exp(rng.normal(0.0, TEMPO, n))[paths.owner] * np.exp(rng.normal(0.0, LUCK, many))
    spent += np.where(rng.random(many) < WAITS, rng.exponential(WAIT_S, many), 0.0)
    spent[paths.offsets[1:] - 1] = np.nan
    silent = rng.random(n) < SILENT
    longest = np.where(silent, SILENCE_S * np.exp(rng.normal(0.0, SILENCE_SPREAD, n)) / 3600.0, np.nan)
    began = rng.uniform(0.0, 86_400.0, n)
    return Ordinary(world, paths, began, spent, {LONGEST_H: longest, MANY: silent.astype(np.float64)})
