"""Prices of one agent: how often a normal agent is called unlike its class, how often one with another price is, and what intervals cover.

Agents of a class have weights of their own, spread about the class's. The class is fitted to some of them, others calibrate, others are
judged: as they are (level), or with one weight changed (power): liked as much as the class avoids it, nothing, twice, five times as much.
Trips are drawn in a town and on a grid, by MaxEnt agents, one, five or twenty to an agent. Level and power are those of the joint test and
of the test of the changed weight alone at 5 %; ``drawn`` asks the test against drawn agents, which serves where few agents are known as
normal.

Keys: level, band (its 99 % band where it is 5 %) and agents of all settings; coverage, coverage_band and measured of the plain interval of
the changed weight; power: setting -> size -> share found by the test of that weight; settings: setting -> level, level_each, power,
power_each, agents, band, coverage (all, agents, band, and by size) and drawn (level, level_each, agents, band; few tracks only); by_model:
model -> coverage (null where none is told), intervals and band of the intervals that cards tell; real (where the data are there): trips,
evidence_s, unlike_at_5_percent, by_normal_law; seconds.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binom

from benchmarks.prices_agents import Setting, agents, setting
from benchmarks.shanghai import FEATURES, load
from irlcore.engine import Control
from irlcore.features.base import Context
from irlcore.features.feature_set import PathFeatures, feature_matrix, suggest_features
from irlcore.fitting.maximum_likelihood import bounds_of, fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.review.prices.against import against_normal, random_order
from irlcore.review.prices.agent_prices import normal_agents_test, prices_of, simulated_test
from irlcore.review.prices.coverage import HOLD
from irlcore.review.prices.evidence import Evidence, evidence_of
from irlcore.review.prices.null_trips import simulated
from irlcore.review.prices.own_weights import OneAgent
from irlcore.review.prices.score_test import score_agents
from irlcore.review.prices.spread import ClassPrices, spread_among
from irlcore.worlds.mdp import Paths

LEVEL, SEEDS, TRACKS = 0.05, 6, (1, 5, 20)
FITTED, CALIBRATION, NORMAL, CHANGED = 60, 99, 100, 40
SIZES = {"liked": -1.0, "nothing": 0.0, "twice": 2.0, "five times": 5.0}
DRAWN, DRAWS, MOST_DRAWN = 24, 99, 5  # agents a setting that are tested against so many drawn ones, where they have so few tracks
MEASURED = 12  # agents a setting and size whose interval is asked for
WORLDS = ("town", "grid")
CARDS, TOLD = 8, (("grid", 5, 0), ("town", 5, 1), ("grid", 1, 2))  # agents a kind; world, tracks an agent and seed, of every model


def of_agents(n: int, tracks: int, first: int = 0) -> list[np.ndarray]:
    """The tracks of agents that follow each other."""
    return [first + np.arange(a * tracks, (a + 1) * tracks) for a in range(n)]


def class_prices(where: Setting, paths: Paths, tracks: int) -> ClassPrices:
    """The class fitted to agents, and how these differ."""
    clusters = np.repeat(np.arange(len(paths) // tracks), tracks)
    problem = replace(where.problem, paths=paths, clusters=clusters)
    found = fit(problem)
    lower, upper = bounds_of(["free"] * len(problem.names))
    units = problem.units()[:len(problem.names)]
    evidence = judge(where, np.append(found.theta, found.own), paths).summed(of_agents(len(paths) // tracks, tracks))
    return ClassPrices(found.theta, found.own, lower, upper, units, spread_among(evidence, units, found.covariance), found.covariance,
                       len(evidence))


def judge(where: Setting, point: np.ndarray, paths: Paths) -> Evidence:
    """What every trip says of its agent's weights; point: (K + P,) of the class."""
    problem = replace(where.problem, paths=paths)
    return evidence_of(problem.model, [(PathFeatures(np.arange(len(paths)), problem.phi), problem.prepare(point))], paths)


def joined(parts: list[Evidence]) -> Evidence:
    """Evidence of several lots of trips as of one."""
    return Evidence(*(np.concatenate([getattr(one, what) for one in parts]) for what in ("scores", "informations", "possible")))


def one_seed(name: str, tracks: int, seed: int, deep: bool) -> dict[str, list[bool]]:
    """Whether each agent was called unlike its class, by test and size. deep: with the dear parts, intervals and drawn agents."""
    rng, where = np.random.default_rng(1000 * seed + tracks), setting(name, seed)
    prices = class_prices(where, agents(where, FITTED, tracks, 1.0, rng)[0], tracks)
    lots = {"calibration": (CALIBRATION, 1.0), "normal": (NORMAL, 1.0), **{size: (CHANGED, times) for size, times in SIZES.items()}}
    drawn = {lot: agents(where, n, tracks, times, rng) for lot, (n, times) in lots.items()}
    evidence = joined([judge(where, prices.theta, paths) for paths, _ in drawn.values()])
    rank, first, index = random_order(np.array([str(i) for i in range(len(evidence))])), 0, {}
    for lot, (paths, _) in drawn.items():
        index[lot] = of_agents(len(paths) // tracks, tracks, first)
        first += len(paths)
    out: dict[str, list[bool]] = {}
    for lot in ("normal", *SIZES):
        found = against_normal(index[lot], index["calibration"], evidence, prices, rank)
        out[f"{lot} joint"] = list(found.joint <= LEVEL)
        out[f"{lot} each"] = list(found.each[:, where.changed] <= LEVEL)
        if deep:
            out[f"{lot} covers"] = [covers(where, prices, *drawn[lot], tracks, a) for a in range(MEASURED)]
    if deep and tracks <= MOST_DRAWN:
        tests = [against_drawn(where, prices, drawn["normal"][0], tracks, a, seed) for a in range(DRAWN)]
        out["drawn joint"], out["drawn each"] = [t[0] for t in tests], [t[1] for t in tests]
    return out


def covers(where: Setting, prices: ClassPrices, paths: Paths, weights: np.ndarray, tracks: int, a: int) -> bool:
    """Whether the interval of the changed weight holds the agent's own."""
    k, problem = where.changed, replace(where.problem, paths=paths.take(np.arange(a * tracks, (a + 1) * tracks)))
    free, one = np.arange(len(prices.theta)) == k, OneAgent(problem, prices, problem.groups(), Control())
    best = one.most_probable(free)
    assert best is not None
    low, high = one.interval(k, free, best).ends
    return bool(low <= weights[a, k] <= high)


def against_drawn(where: Setting, prices: ClassPrices, paths: Paths, tracks: int, a: int, seed: int) -> tuple[bool, bool]:
    """Whether an agent is unlike agents drawn from the class's model: all weights together, and the one that is changed."""
    problem = replace(where.problem, paths=paths.take(np.arange(a * tracks, (a + 1) * tracks)))
    own = judge(where, prices.theta, problem.paths).summed([np.arange(tracks)])
    null = simulated(problem, prices, DRAWS, 1000 * seed + a)
    found = simulated_test(own, null, prices, tracks)(np.zeros(len(prices.theta), bool))
    return found.joint <= LEVEL, bool(found.each[where.changed] <= LEVEL)


def band(seeds: int, normal: int, calibration: int = CALIBRATION, draws: int = 20000) -> list[float]:
    """Between which shares 99 % of such studies lie where the level is right: agents of a seed share their calibration agents, so what is
    flagged of them is beta-binomial."""
    rng, k = np.random.default_rng(0), int(LEVEL * (calibration + 1) + 1e-9)
    flagged = rng.binomial(normal, rng.beta(k, calibration + 1 - k, (draws, seeds))).sum(axis=1)
    return [round(float(x), 4) for x in np.quantile(flagged / (seeds * normal), (0.005, 0.995))]


def binomial_band(n: int, chance: float) -> list[float]:
    """Between which shares 99 % of studies of ``n`` independent agents lie."""
    return [round(float(binom.ppf(q, n, chance)) / n, 4) for q in (0.005, 0.995)]


def study(name: str, tracks: int, seeds: int = SEEDS) -> dict[str, Any]:
    """All of one setting."""
    found: dict[str, list[bool]] = {}
    for seed in range(seeds):
        for what, flags in one_seed(name, tracks, seed, seed == 0).items():
            found.setdefault(what, []).extend(flags)
    share = {what: round(float(np.mean(flags)), 3) for what, flags in found.items()}
    covered = [flag for lot in ("normal", *SIZES) for flag in found[f"{lot} covers"]]
    out = {"level": share["normal joint"], "level_each": share["normal each"],
            "power": {size: share[f"{size} joint"] for size in SIZES}, "power_each": {size: share[f"{size} each"] for size in SIZES},
            "agents": len(found["normal joint"]), "band": band(seeds, NORMAL),
            "coverage": {"all": round(float(np.mean(covered)), 3), "agents": len(covered), "band": binomial_band(len(covered), 0.95),
                         **{lot: share[f"{lot} covers"] for lot in ("normal", *SIZES)}}}
    if "drawn joint" in found:
        n = len(found["drawn joint"])
        out["drawn"] = {"level": share["drawn joint"], "level_each": share["drawn each"], "agents": n, "band": binomial_band(n, LEVEL)}
    return out


def told(name: str, model: str, tracks: int, seed: int) -> list[bool]:
    """Whether each interval that cards would tell holds the agent's weight: of normal agents and of those with one weight changed."""
    rng, where = np.random.default_rng(1000 * seed + tracks), setting(name, seed, MODELS[model])
    prices = class_prices(where, agents(where, FITTED, tracks, 1.0, rng)[0], tracks)
    point, k = np.append(prices.theta, prices.own), len(prices.theta)
    lots = [agents(where, n, tracks, times, rng) for n, times in ((CALIBRATION, 1.0), *((CARDS, t) for t in (1.0, *SIZES.values())))]
    evidence = joined([judge(where, point, paths) for paths, _ in lots])
    rank, normal = random_order(np.array([str(i) for i in range(len(evidence))])), of_agents(CALIBRATION, tracks)
    out, first = [], CALIBRATION * tracks
    for paths, weights in lots[1:]:
        for mine, theirs in zip(of_agents(len(weights), tracks), weights, strict=True):
            tester = normal_agents_test(first + mine, normal, evidence, prices, rank)
            found = prices_of("one", mine, replace(where.problem, paths=paths.take(mine)), np.ones(tracks, bool), prices, tester)
            out += [bool(found.interval[j, 0] <= theirs[j] <= found.interval[j, 1]) for j in found.differs if j < k]
        first += len(paths)
    return out


def by_model() -> dict[str, dict[str, Any]]:
    """Of every model under which cards tell intervals: what share of them hold, of how many, and the band of a share of 95 %."""
    out: dict[str, dict[str, Any]] = {}
    for model in HOLD:
        flags = [flag for name, tracks, seed in TOLD for flag in told(name, model, tracks, seed)]
        out[model] = {"coverage": round(float(np.mean(flags)), 3) if flags else None, "intervals": len(flags),
                      "band": binomial_band(max(len(flags), 1), 0.95)}
    return out


def real(folder: Path) -> dict[str, Any]:
    """Single trips of Shanghai, of whose drivers nothing is known: how many held-out ones are unlike the class at 5 %, and how long that
    takes."""
    world, parts = load(folder)
    specs = suggest_features(world)[:FEATURES]
    matrix, fitted = feature_matrix(specs, world, Context()), parts["train1000"]
    problem = Problem(world.mdp, matrix.values, matrix.names, fitted, MaxEnt())
    found = fit(problem, [s.sign for s in specs])
    test = parts["test"]
    begun = time.perf_counter()
    prepared = replace(problem, paths=test).prepare(found.theta)
    evidence = evidence_of(problem.model, [(PathFeatures(np.arange(len(test)), problem.phi), prepared)], test)
    seconds = time.perf_counter() - begun
    lower, upper = bounds_of([s.sign for s in specs])
    own = evidence_of(problem.model, [(PathFeatures(np.arange(len(fitted)), problem.phi), problem.prepare(found.theta))], fitted)
    covariance = np.where(np.isfinite(found.covariance), found.covariance, 0.0)
    units = problem.units()[:len(problem.names)]
    prices = ClassPrices(found.theta, found.own, lower, upper, units, spread_among(own, units, covariance), covariance, len(fitted))
    order = np.random.default_rng(0).permutation(len(test))
    half = len(test) // 2
    lots = [[np.array([i]) for i in part] for part in (order[:half], order[half:])]
    p = against_normal(lots[1], lots[0], evidence, prices, random_order(test.ids)).joint
    asymptotic = score_agents(evidence, prices).normal_p
    return {"trips": len(test), "evidence_s": round(seconds, 2), "unlike_at_5_percent": round(float((p <= LEVEL).mean()), 4),
            "by_normal_law": round(float((asymptotic <= LEVEL).mean()), 4)}


def run(folder: Path) -> dict[str, Any]:
    """Every setting, and the real trips where they are there. ``level`` and ``coverage`` of all settings together come first."""
    begun = time.perf_counter()
    settings = {f"{name}, {tracks} {'track' if tracks == 1 else 'tracks'}": study(name, tracks) for name in WORLDS for tracks in TRACKS}
    many, measured = sum(one["agents"] for one in settings.values()), sum(one["coverage"]["agents"] for one in settings.values())
    level = sum(one["level"] * one["agents"] for one in settings.values()) / many
    coverage = sum(one["coverage"]["all"] * one["coverage"]["agents"] for one in settings.values()) / measured
    out: dict[str, Any] = {"level": round(level, 4), "band": band(SEEDS * len(settings), NORMAL), "agents": many,
                           "coverage": round(coverage, 4), "coverage_band": binomial_band(measured, 0.95), "measured": measured,
                           "power": {name: one["power_each"] for name, one in settings.items()}, "settings": settings}
    head = f"{'setting':<16}{'level':>7}{'band':>17}{'one weight':>12}  {'power of one weight':<56}"
    print(f"{head}{'covers':>8}{'drawn: level':>14}")
    for name, one in settings.items():
        powers = ", ".join(f"{size} {value:.2f}" for size, value in one["power_each"].items())
        print(f"{name:<16}{one['level']:>7.3f}{one['band'][0]:>9.3f} to{one['band'][1]:>6.3f}{one['level_each']:>11.3f}  {powers:<56}"
              f"{one['coverage']['all']:>8.3f}{one['drawn']['level'] if 'drawn' in one else '':>14}")
    out["by_model"] = by_model()
    for model, one in out["by_model"].items():
        print(f"intervals told under {model}: {one['coverage']} of {one['intervals']} hold (99 % band of 0.95: {one['band']})")
    if folder.is_dir():
        out["real"] = real(folder)
        print(f"real trips: {out['real']}")
    out["seconds"] = round(time.perf_counter() - begun, 1)
    print(f"level {out['level']} of {many} agents (99 % band {out['band']}), coverage {out['coverage']} of {measured} "
          f"({out['coverage_band']}), {out['seconds']} s")
    return out
