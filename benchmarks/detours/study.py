"""The trips that anomalies are planted in, everybody's scores of them, and the table."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.detours.chain import MarkovChain
from benchmarks.detours.forest import IsolationForest, trip_features
from benchmarks.detours.judged import Judge, judge_of, scores_of
from benchmarks.detours.measures import measures
from benchmarks.detours.neighbours import nearest
from benchmarks.detours.times import with_times
from benchmarks.shanghai import load
from irlcore.review.parts.kinds import TITLES
from irlcore.simulation.planted.detours import rerouted
from irlcore.simulation.planted.plant import Planted, plant
from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

WAYS = {"detour": "detour", "switch": "switch", "wrong_destination": "wrong destination", "random_walk": "random walk", "loop": "loop",
        "back_and_forth": "back and forth"}
TIMES = {"stop": "stop", "too_fast": "too fast", "gap": "gap"}
"""Name in the answer -> kind of anomaly."""
MADE = 1000  # anomalies of a kind; of detours one of each test trip
SEED = 0  # of detours as they were always made; not that of any learning
TIMES_SEED = {"past": 1, "test": 2}
WHO = ("motive", "best_single", "markov_summed", "isolation_forest", "nearest_neighbour")


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Past trips that everything is learned from, ordinary test trips, and anomalies of each kind made of those."""

    judge: Judge
    past: Ordinary
    test: Ordinary
    anomalies: Mapping[str, Ordinary]


def untimed(world: World, paths: Paths) -> Ordinary:
    """Trips as the set has them."""
    return Ordinary(world, paths, np.full(len(paths), np.nan))


def as_trips(world: World, planted: Planted) -> Ordinary:
    """Anomalies as trips."""
    return Ordinary(world, planted.paths, planted.began, planted.spent, planted.facts)


def scored_by_all(setting: Setting) -> tuple[dict[str, dict[str, np.ndarray]], str, str, str]:
    """Who -> "" (the test trips) or kind -> scores; the default's name, that of the best single score, and what the evidence says."""
    found, chosen, single, said = scores_of(setting.judge, {"": setting.test, **setting.anomalies})
    out: dict[str, dict[str, np.ndarray]] = {who: {} for who in WHO}
    chain = MarkovChain(setting.past.world.mdp, setting.past.paths)
    forest = IsolationForest(trip_features(setting.past, chain))
    for kind, trips in {"": setting.test, **setting.anomalies}.items():
        out["motive"][kind], out["best_single"][kind] = found[kind].of(chosen), found[kind].of(single)
        out["markov_summed"][kind] = chain.summed(trips.paths)
        out["isolation_forest"][kind] = forest.scores(trip_features(trips, chain))
        out["nearest_neighbour"][kind] = nearest(setting.past, trips)
    return out, chosen, single, said


def compared(setting: Setting, title: str) -> dict[str, dict[str, dict[str, float]]]:
    """Kind -> who -> measures, printed as they are found."""
    begun = time.perf_counter()
    scores, chosen, single, said = scored_by_all(setting)
    print(f"{title} ({time.perf_counter() - begun:.0f} s). Motive: {TITLES[chosen]}; best single score: {TITLES[single]}. {said}")
    print(f"{'AUC / AP at 5 % / FAR80':<20}" + "".join(f"{who:>24}" for who in WHO))
    out: dict[str, dict[str, dict[str, float]]] = {}
    for kind in setting.anomalies:
        out[kind] = {who: measures(scores[who][""], scores[who][kind]) for who in WHO}
        row = "".join(f"{'{auc:.3f} {ap:.3f} {far80:.3f}'.format(**out[kind][who]):>24}" for who in WHO)
        print(f"{kind:<20}{row}")
    return out


def run(folder: Path) -> dict[str, Any]:
    """The table; kind -> who -> AUC, average precision at 5 %, false alarms at 80 % detection."""
    world, parts = load(folder)
    past, test = parts["train10000"], parts["test"]
    some = np.sort(np.random.default_rng(SEED).permutation(len(test))[:MADE + MADE // 2])
    detours = untimed(world, rerouted(world, test, np.random.default_rng(SEED)))
    ordinary = untimed(world, test)
    planted = plant(ordinary, some, [kind for kind in WAYS.values() if kind != "detour"], each=MADE, seed=SEED)
    ways = {"detour": detours} | _by_kind(world, planted, {name: kind for name, kind in WAYS.items() if kind != "detour"})
    print(f"{len(past):,} past trips, {len(parts['train1000']):,} of others to weigh features on, {len(test):,} test trips; anomalies: "
          + ", ".join(f"{name} {len(trips.paths):,}" for name, trips in ways.items()))
    judge = judge_of(world, parts["train1000"], past)
    out = compared(Setting(judge.seen(untimed(world, past)), untimed(world, past), ordinary, ways), "Ways, the set as it is")
    timed_past, timed_test = with_times(world, past, TIMES_SEED["past"]), with_times(world, test, TIMES_SEED["test"])
    slow = _by_kind(world, plant(timed_test, some, list(TIMES.values()), each=MADE, seed=SEED), TIMES)
    out |= compared(Setting(judge.seen(timed_past), timed_past, timed_test, slow), "Times, made up from the lengths and classes of links")
    return out


def _by_kind(world: World, planted: Planted, names: Mapping[str, str]) -> dict[str, Ordinary]:
    return {name: as_trips(world, _only(planted, np.flatnonzero(planted.kind == kind))) for name, kind in names.items()}


def _only(planted: Planted, index: np.ndarray) -> Planted:
    flat = take_flat(planted.paths.offsets, index)[1]
    return Planted(planted.paths.take(index), planted.kind[index], planted.of[index], planted.own[flat], planted.began[index],
                   None if planted.spent is None else planted.spent[flat], {name: values[index] for name, values in planted.facts.items()})
