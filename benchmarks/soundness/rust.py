"""Bus engines (Rust, *Optimal replacement of GMC bus engines*, Econometrica 55, 1987): a world by chance that nobody ever leaves.

Each month an engine of x times 5,000 miles (90 states) is kept, which costs .001 theta x, or replaced, which costs RC; mileage moves on by
0, 1 or 2. The discount is .9999 a month. Harold Zurcher's choices are the dynamic logit that ``MaxEnt`` is; his are Rust's group 4 (37
buses, GMC A5308 of 1975), for which Table IX has RC 10.0750 (standard error 1.582), theta 2.2930 (.639) and log-likelihood -163.584 of
the choices. The table that econirl carries gives 10.14 and 2.26 with -163.71: its months differ a little from those of Rust's
archive (4,329 against 4,292), by far less than a standard error.

A month is two steps here, each at the root of the discount: the choice, which is seen, and then what chance does to the mileage; so what
was chosen need not be guessed from where it led. Nothing absorbs: the goal is a state that nobody gets to. How mileage moves is counted
from the same buses, as in Rust's first stage.

The data come with the PyPI package econirl (requirements-bench.txt), whose licence says nothing of the data's own terms, so they are read
from there, or from a folder, and are not part of Motive. Where they are not, the same is asked of buses made up by the published estimates
of the same model, as many times over as it takes for the mean to stand still; the answer says which of the two it is.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import DataError, MotiveError
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import DEFAULT, MODELS
from irlcore.worlds.mdp import MDP, Paths, build_goals

FILE = "rust_bus_original.csv"
STATES, GAMMA, GROUP, PER_UNIT = 90, 0.9999, 4, 0.001
PUBLISHED = {"RC": 10.0750, "theta": 2.2930, "loglik": -163.584}
MOVES = (0.3919, 0.5953, 0.0128)  # published with them: chances that an engine moves on by 0, 1 or 2 states a month
BUSES, MONTHS, REPLICATIONS = 37, 117, 40  # of group 4; RC spreads by 2.2 over replications, so their mean by .35
NAMES = ("RC", "theta")
NOT_HERE = f"{FILE} is not here (install econirl, see requirements-bench.txt, or name its folder with --data)"


@dataclass(frozen=True, slots=True)
class Buses:
    """Months of some buses in order. state, replaced: (C,) int64 and bool. bus: (C,) int64, ascending. moves: (3,) chances of 0, 1, 2."""

    state: np.ndarray
    replaced: np.ndarray
    bus: np.ndarray
    moves: np.ndarray


def find_file(folder: Path | None = None) -> Path | None:
    """The data in ``folder`` (or its folder rust), else where econirl is installed, which need not run; None where there are none."""
    places = [folder, folder / "rust"] if folder is not None else []
    spec = importlib.util.find_spec("econirl")
    if spec is not None and spec.submodule_search_locations:
        places += [Path(place) / "datasets" for place in spec.submodule_search_locations]
    return next((place / FILE for place in places if (place / FILE).is_file()), None)


def read_buses(file: Path, group: int = GROUP) -> Buses:
    """One group of buses. DataError where the table is another one."""
    table = pd.read_csv(file)
    missing = {"bus_id", "period", "mileage_bin", "replaced", "group"} - set(table.columns)
    if missing:
        raise DataError(f"{file} has no column {min(missing)!r}.", "Take the file of econirl 0.1.1.")
    table = table[table["group"] == group].sort_values(["bus_id", "period"])
    state, replaced = table["mileage_bin"].to_numpy(np.int64), table["replaced"].to_numpy() == 1
    return _buses(state, replaced, np.unique(table["bus_id"], return_inverse=True)[1])


def bus_problem(buses: Buses) -> Problem:
    """States 0 to 89 choose; 90 to 179 move on from there, 180 from a new engine; 181 is the goal that nobody reaches."""
    x, s = np.arange(STATES), STATES
    choose = np.column_stack((s + x, np.full(s, 2 * s))).ravel()  # keep, replace
    after = np.minimum(np.concatenate((x, [0]))[:, None] + np.arange(3), s - 1)
    state = np.concatenate((np.repeat(x, 2), s + np.arange(s + 1)))
    width = np.concatenate((np.ones(2 * s, np.int64), np.full(s + 1, 3)))
    mdp = MDP(np.concatenate((np.searchsorted(state, np.arange(2 * s + 1)), [len(state)] * 2)), np.concatenate(([0], np.cumsum(width))),
              np.concatenate((choose, after.ravel())), np.concatenate((np.ones(2 * s), np.tile(buses.moves, s + 1))), state)
    phi = np.zeros((mdp.n_choices, 2))
    phi[np.arange(1, 2 * s, 2), 0] = -1.0
    phi[np.arange(0, 2 * s, 2), 1] = -PER_UNIT * x
    chosen = 2 * buses.state + buses.replaced
    chance = 2 * s + np.where(buses.replaced, s, buses.state)
    count = np.bincount(buses.bus)
    last = np.cumsum(count) - 1
    paths = Paths(np.unique(buses.bus).astype(str).astype(object), np.concatenate(([0], np.cumsum(2 * count))),
                  np.column_stack((chosen, chance)).ravel(), buses.state[last], np.zeros(len(count), np.int64),
                  build_goals([np.array([2 * s + 1])], ["none"]))
    return Problem(mdp, phi, NAMES, paths, MaxEnt(), float(np.sqrt(GAMMA)))


def made_up_buses(rng: np.random.Generator, rc: float = PUBLISHED["RC"], theta: float = PUBLISHED["theta"],
                  moves: tuple[float, float, float] = MOVES, buses: int = BUSES, months: int = MONTHS) -> Buses:
    """Buses with new engines at first, replaced by the law that is fitted; ``moves``: chances of 0, 1 and 2."""
    nobody = np.zeros(1, np.int64)
    problem = bus_problem(Buses(nobody, nobody > 0, nobody, np.array(moves)))
    solution = problem.model.solve(problem.prepare(np.array([rc, theta])), problem.paths.goals.of(0))
    chance = solution.policy[1:2 * STATES:2]
    state, replaced = np.zeros((buses, months), np.int64), np.zeros((buses, months), bool)
    for month in range(months):
        replaced[:, month] = rng.random(buses) < chance[state[:, month]]
        if month + 1 < months:
            kept = np.where(replaced[:, month], 0, state[:, month])
            state[:, month + 1] = np.minimum(kept + rng.choice(3, buses, p=moves), STATES - 1)
    return _buses(state.ravel(), replaced.ravel(), np.repeat(np.arange(buses), months))


def _buses(state: np.ndarray, replaced: np.ndarray, bus: np.ndarray) -> Buses:
    """Months of buses, and how engines that were kept moved on: Rust's first stage."""
    kept = (bus[1:] == bus[:-1]) & ~replaced[:-1]
    moved = np.clip(np.diff(state)[kept], 0, 2)
    return Buses(state, replaced, bus, np.bincount(moved, minlength=3) / len(moved))


def rust(folder: Path | None = None, replications: int = REPLICATIONS) -> dict[str, Any]:
    """RC and theta by MaxEnt, their standard errors, and what the default model makes of the same buses: Zurcher's where they are
    here, else the mean over made-up ones, of which the default model gets the first. data: which of the two."""
    file = find_file(folder)
    out = _of_published(read_buses(file)) if file is not None else _of_made_up(replications)
    print(f"Bus engines: RC {out['RC']}, theta {out['theta']} (Rust 1987, Table IX: {PUBLISHED['RC']}, {PUBLISHED['theta']})")
    print(out["data"])
    print(f"By the default model, {DEFAULT}: {out['default']}")
    return out


def _of_published(buses: Buses) -> dict[str, Any]:
    problem = bus_problem(buses)
    found = fit(problem)
    return {"RC": round(float(found.theta[0]), 4), "theta": round(float(found.theta[1]), 4), "model": found.rationality,
            "data": f"Harold Zurcher's buses: {FILE}, group {GROUP}.", "se": [round(float(e), 4) for e in found.se],
            "status": found.status.name, "loglik": round(found.loglik, 3), "buses": len(problem.paths), "months": len(buses.state),
            "published": PUBLISHED, "default": _by_default(problem)}


def _of_made_up(replications: int) -> dict[str, Any]:
    """se: of one fit, as reported on average; spread: of the fits, over the root of their number the standard error of RC and theta."""
    problems = [bus_problem(made_up_buses(np.random.default_rng((GROUP, r)))) for r in range(replications)]
    found = [fit(problem) for problem in problems]
    theta = np.array([one.theta for one in found])
    mean, spread, se = theta.mean(axis=0), theta.std(axis=0, ddof=1), np.median([one.se for one in found], axis=0)
    return {"RC": round(float(mean[0]), 4), "theta": round(float(mean[1]), 4), "model": found[0].rationality,
            "data": f"Made-up buses: {NOT_HERE}, so this is the mean of {replications} fits to buses drawn by the published estimates.",
            "se": se.round(4).tolist(), "spread": spread.round(4).tolist(), "replications": replications,
            "status": "CONVERGED" if all(one.status is Status.CONVERGED for one in found) else "not all converged",
            "buses": BUSES, "months": BUSES * MONTHS, "published": PUBLISHED, "default": _by_default(problems[0])}


def _by_default(problem: Problem) -> dict[str, Any]:
    """What the default model finds on the same buses, or why it finds nothing."""
    try:
        found = fit(replace(problem, model=MODELS[DEFAULT]))
    except MotiveError as error:
        return {"model": DEFAULT, "trouble": error.what}
    return {"model": DEFAULT, "RC": round(float(found.theta[0]), 4), "theta": round(float(found.theta[1]), 4),
            "own": found.own.round(6).tolist(), "loglik": round(found.loglik, 3), "status": found.status.name}
