"""The paper's claim put to the test: apparent irrationality is uncertainty about the cost of future actions, and a noise on the
value captures it without a partially observed model (Singliar and Margineantu 2012).

Agents that really hold uncertain beliefs about costs, and learn as they drive, are made up (``irlcore.simulation.beliefs``; one agent
a trip) in made-up towns (``benchmarks.conditions``). Their trips alone are shown to each model of rationality; beliefs are not. As
controls, agents that know every cost, and agents drawn from the models themselves, so that each is seen on its home ground.

Choices of the study. Every replication has a town, goals and agents of its own, the same town for all conditions; one draw of
trips is fitted to, another of the same kind (same town and goals, new agents) is held out. All models have the same four true
features, start where ``fit`` starts, and know every trip's goal. A standard error is that of the mean over replications, of
differences where models are compared (paired, so the towns' own differences cancel); it holds for models fitted to this many
trips. Two models count as told apart where a paired t test at 5 % says so; of many such tests one in twenty is wrong.

Measures: ``heldout``, log-likelihood a held-out trip given its goal, nats. ``weight_error``, free of scale: the relative error
|a theta - truth| / |truth| under the best factor a >= 0, which is the sine of the angle between them: how well the trade-offs are
found. ``weight_error_raw`` has a = 1: it also counts weights that are too small throughout because doubt was taken for slips, which
is what a model without doubt must do. ``goal_top1`` and ``goal_logscore``: how often the true goal is likeliest among all goals
after half of a held-out trip's steps (uniform prior), and its mean log posterior. ``to_own_law``: how far the log-likelihood of a
held-out trip stays below that under the law it was drawn from, true weights and doubt known and beliefs summed over by a particle
filter (on the first trips held out; the filter's figure is a little low). ``own``: the model's fitted noise.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.conditions import CONDITIONS, NAMES, Condition, Town, build_town, draw_paths
from benchmarks.verdict import Table, standard_error, verdict
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.intent.goals import goal_posteriors
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import MODELS
from irlcore.worlds.mdp import Paths

SEED = 2012
TRIED = ("maxent", "boltzmann", "noisy_value", "noisy_value_replanned_persistent")
SEEN = 0.5  # of a trip's steps, when its goal is guessed
MEASURED = ("heldout", "to_own_law", "weight_error", "weight_error_raw", "goal_top1", "goal_logscore")


@dataclass(frozen=True, slots=True)
class Size:
    """Crossings across a town; goals; trips fitted to, held out, and of these filtered, with how many particles; replications,
    2 or more."""

    across: int = 12
    goals: int = 12
    train: int = 250
    test: int = 250
    filtered: int = 32
    particles: int = 256
    replications: int = 8


FULL = Size()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One model on one replication, measured as the module says. own: by name. settled: 1 where the fit converged, else 0."""

    heldout: float
    to_own_law: float
    weight_error: float
    weight_error_raw: float
    goal_top1: float
    goal_logscore: float
    seconds: float
    settled: float
    own: dict[str, float]


def weight_errors(theta: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Relative error of weights (K,) under the best factor >= 0, and as they are."""
    size = float(np.linalg.norm(truth))
    factor = max(0.0, float(theta @ truth)) / max(float(theta @ theta), 1e-300)
    return float(np.linalg.norm(factor * theta - truth)) / size, float(np.linalg.norm(theta - truth)) / size


def judge(model: Rationality, town: Town, train: Paths, test: Paths, truth: np.ndarray, own_law: np.ndarray) -> Outcome:
    """Fit a model to ``train`` and measure it on ``test``; truth (K,), the agents' weights; own_law (n,) nats, log-likelihood of
    the first n of ``test`` under the law of these agents."""
    problem = Problem(town.mdp, town.phi, NAMES, train, model)
    found = fit(problem)
    prepared = problem.prepare(np.append(found.theta, found.own))
    goals = train.goals
    posteriors = goal_posteriors(model, prepared, test, goals, np.full(len(goals), 1.0 / len(goals)))
    seen = np.floor(SEEN * test.lengths).astype(np.int64)
    top = np.array([p.top[t] for p, t in zip(posteriors, seen, strict=True)])
    own = np.array([p.probability[t, g] for p, t, g in zip(posteriors, seen, test.goal, strict=True)])
    logliks = path_logliks(model, prepared, test)
    return Outcome(float(logliks.mean()), float((own_law - logliks[:len(own_law)]).mean()), *weight_errors(found.theta, truth),
                   float((top == test.goal).mean()), float(np.log(np.maximum(own, 1e-300)).mean()), found.seconds,
                   float(found.status is Status.CONVERGED), dict(zip(found.own_names, found.own.tolist(), strict=True)))


def tabulate(outcomes: dict[str, list[Outcome]]) -> Table:
    """Means over replications and paired standard errors, by model."""
    def column(name: str, measure: str) -> np.ndarray:
        return np.array([getattr(one, measure) for one in outcomes[name]])

    best = max(outcomes, key=lambda name: column(name, "heldout").mean())
    table: Table = {}
    for name, found in outcomes.items():
        ahead = column(name, "heldout") - column(best, "heldout")
        row: dict[str, Any] = {"heldout": column(name, "heldout").mean(), "heldout_vs_best": ahead.mean(),
                               "heldout_se_vs_best": standard_error(ahead)}
        for measure in MEASURED[1:]:
            row |= {measure: column(name, measure).mean(), f"{measure}_se": standard_error(column(name, measure))}
        row |= {"seconds": column(name, "seconds").mean(), "settled": column(name, "settled").mean()}
        table[name] = {key: round(float(value), 5) for key, value in row.items()}
        table[name]["own"] = {key: round(float(np.mean([one.own[key] for one in found])), 5) for key in found[0].own}
        table[name]["each"] = {measure: column(name, measure).round(5).tolist() for measure in MEASURED}
    return table


def print_table(condition: Condition, table: Table) -> None:
    """One condition's rows."""
    print(f"\n{condition.name}: agents {condition.said}")
    print(f"  {'':<24}{'held out':>9}{'to the best':>17}{'to their law':>16}{'weights, any scale':>20}{'as they are':>17}{'goal first':>12}"
          f"{'log score':>11}{'noise':>8}{'fit s':>8}{'settled':>9}")
    for name, row in table.items():
        def pair(measure: str, row: dict[str, Any] = row) -> str:
            return f"{row[measure]:.3f} ({row[f'{measure}_se']:.3f})"
        behind = f"{row['heldout_vs_best']:.4f} ({row['heldout_se_vs_best']:.4f})"
        noise = " ".join(f"{value:.3f}" for value in row["own"].values())
        print(f"  {name:<24}{row['heldout']:>9.4f}{behind:>17}{pair('to_own_law'):>16}{pair('weight_error'):>20}"
              f"{pair('weight_error_raw'):>17}{row['goal_top1']:>12.3f}{row['goal_logscore']:>11.3f}{noise:>8}"
              f"{row['seconds']:>8.2f}{row['settled']:>9.0%}")


def replicate(condition: Condition, models: list[Rationality], size: Size, replication: int) -> list[Outcome]:
    """One town and its agents: every model fitted and judged."""
    town = build_town(size.across, np.random.default_rng((SEED, replication)))
    rng = np.random.default_rng((SEED, replication, crc32(condition.name.encode())))
    paths = draw_paths(town, condition, size.goals, size.train + size.test, rng)
    train, test = paths.take(np.arange(size.train)), paths.take(np.arange(size.train, size.train + size.test))
    own_law = condition.own_logliks(town, test.take(np.arange(size.filtered)), size.particles, rng)
    return [judge(model, town, train, test, condition.theta, own_law) for model in models]


def run(size: Size = FULL, conditions: tuple[Condition, ...] = CONDITIONS, tried: tuple[str, ...] = TRIED) -> dict[str, Any]:
    """The study; models and agents that this version does not have are left out."""
    begun = time.perf_counter()
    models = [MODELS[name] for name in tried if name in MODELS]
    here = [c for c in conditions if not c.model or c.model in MODELS]
    print(f"{size.replications} towns of {size.across} x {size.across} crossings, {size.goals} goals, {size.train} trips fitted to and "
          f"{size.test} held out; standard errors over towns in brackets")
    tables: dict[str, Table] = {}
    for condition in here:
        each = [replicate(condition, models, size, replication) for replication in range(size.replications)]
        tables[condition.name] = tabulate({model.name: list(found) for model, found in zip(models, zip(*each, strict=True), strict=True)})
        print_table(condition, tables[condition.name])
    said = verdict(tables, tuple(c.name for c in here if not c.model and c.uncertainty.tau > 0.0))
    seconds = round(time.perf_counter() - begun, 1)
    print(f"\n{said}\n({seconds:.0f} s)")
    return {**tables, "settings": {"seed": SEED, "seconds": seconds, **asdict(size)}, "verdict": said}
