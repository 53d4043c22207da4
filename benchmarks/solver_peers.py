"""One solver on one row, in a process of its own: ``python -m benchmarks.solver_peers SOLVER ROW OUTPUT``.

Writes seconds of CPU to solve (median of the repeats: one reading of the clock may be wrong) and to set up, the settings that
were best, and the value (S,) to ``OUTPUT``. One thread (``THREADS`` must be in the environment before numpy is imported).
Each solver is tried with several settings, those that its manual names, and the fastest counts.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.solver_problems import TOLERANCE, problem
from irlcore.worlds.mdp import MDP

Solve = Callable[[], np.ndarray]
Settings = Iterator[tuple[str, Solve]]
REPEATS, ENOUGH_SECONDS = 7, 3.0
THREADS = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}


def motive(mdp: MDP, reward: np.ndarray, gamma: float) -> Settings:
    """The one call, as it picks for itself."""
    from irlcore.planning.outline import outline_of
    from irlcore.planning.solver import solve_mdp
    outline_of(mdp)
    yield "automatic", lambda: solve_mdp(mdp, reward, gamma, tolerance=TOLERANCE).value


def quantecon(mdp: MDP, reward: np.ndarray, gamma: float) -> Settings:
    """State-action pairs, sparse. Modified policy iteration with several k; policy and value iteration where small."""
    import scipy.sparse as sp
    from quantecon.markov import DiscreteDP
    Q = sp.csr_matrix((mdp.probabilities, mdp.successors.astype(np.int32), mdp.successor_offsets.astype(np.int32)),
                      shape=(mdp.n_choices, mdp.n_states))
    ddp = DiscreteDP(reward, Q, gamma, mdp.choice_state, np.arange(mdp.n_choices) - mdp.choice_offsets[mdp.choice_state])
    for k in (5, 10, 20, 50) if mdp.n_states < 100_000 else (10, 20, 50):
        yield f"mpi k={k}", lambda k=k: ddp.solve("mpi", epsilon=TOLERANCE, max_iter=100_000, k=k).v  # type: ignore[misc]
    if mdp.n_states <= 10_000 and len(mdp.successors) < 100_000:
        yield "pi", lambda: ddp.solve("pi", max_iter=1000).v
        yield "vi", lambda: ddp.solve("vi", epsilon=TOLERANCE, max_iter=100_000).v


def mdpsolver(mdp: MDP, reward: np.ndarray, gamma: float) -> Settings:
    """Sparse lists. Modified policy iteration, standard and Gauss-Seidel updates, several evaluation limits; one thread."""
    import mdpsolver as package
    model = package.model()
    rewards, chances, columns = [], [], []
    for s in range(mdp.n_states):
        choices = range(mdp.choice_offsets[s], mdp.choice_offsets[s + 1])
        ends = [slice(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]) for m in choices]
        rewards.append([float(reward[m]) for m in choices])
        chances.append([mdp.probabilities[e].tolist() for e in ends])
        columns.append([mdp.successors[e].tolist() for e in ends])
    model.mdp(discount=gamma, rewards=rewards, tranMatProbs=chances, tranMatColumns=columns)

    zeros = [0.0] * mdp.n_states

    def solve(update: str, limit: int) -> np.ndarray:
        # without a start of its own a second call would go on from where the first one ended
        model.solve(algorithm="mpi", tolerance=TOLERANCE, update=update, parIterLim=limit, initValueVector=zeros, parallel=False,
                    postProcessing=False, makeFinalCheck=False)
        return np.array(model.getValueVector())

    for update, limit in (("gs", 20), ("standard", 20), ("gs", 100), ("standard", 100)):
        yield f"mpi {update} {limit}", lambda update=update, limit=limit: solve(update, limit)  # type: ignore[misc]


def mdplib(world: MDP, reward: np.ndarray, gamma: float) -> Settings:
    """Its own transition file. Policy iteration and both kinds of value iteration."""
    import mdp as package
    outcome = world.outcome_choice
    local = np.arange(world.n_choices) - world.choice_offsets[world.choice_state]
    table = np.column_stack((world.choice_state[outcome], local[outcome], world.successors, world.probabilities, reward[outcome]))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "transitions.csv"
        np.savetxt(file, table, fmt=["%d", "%d", "%d", "%.17g", "%.17g"], delimiter=",", header="s,a,s1,p,r", comments="")
        model = package.MDP(list(range(world.n_states)), list(range(int(local.max()) + 1)), None, None, build_transition_file=False,
                      transition_file=str(file))

    def solve(name: str) -> np.ndarray:
        getattr(model, name)(gamma=gamma, tol=TOLERANCE * (1.0 - gamma) / gamma)
        return np.array(model.value, float)

    for name in ("VIGS", "VI", "PI"):
        yield name, lambda name=name: solve(name)  # type: ignore[misc]


SOLVERS = {"motive": motive, "quantecon": quantecon, "mdplib": mdplib, "mdpsolver": mdpsolver}


def seconds_of(solve: Solve) -> tuple[float, np.ndarray]:
    """CPU seconds of one call, and what it returned."""
    begun = time.process_time()
    value = solve()
    return time.process_time() - begun, value


def main(solver: str, row: str, output: str) -> None:
    """Measure, writing what is known after every setting: a time limit must not lose it."""
    small = problem("grid50")
    if solver in ("motive", "quantecon"):  # compiled at first use, which is not what is measured
        for _, solve in SOLVERS[solver](*small):
            solve()
    mdp, reward, gamma = problem(row)
    arrays = sum(a.nbytes for a in (mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, mdp.choice_state))
    begun = time.process_time()
    best, setup, ratio = np.inf, None, 0.0
    for name, solve in SOLVERS[solver](mdp, reward, gamma):
        setup = time.process_time() - begun if setup is None else setup
        seconds, value = seconds_of(solve)
        if seconds > 2.0 * best:
            continue
        taken = [seconds]
        while len(taken) < REPEATS and sum(taken) < ENOUGH_SECONDS:
            seconds, value = seconds_of(solve)
            taken.append(seconds)
        seconds = statistics.median(taken)
        if solver == "motive":
            mdp = replace(mdp)  # with nothing derived from its arrays yet
            tracemalloc.start()
            value = next(iter(motive(mdp, reward, gamma)))[1]()
            ratio = (arrays + tracemalloc.get_traced_memory()[1]) / arrays
            tracemalloc.stop()
        if seconds < best:
            best = seconds
            np.savez(output + ".part.npz", seconds=seconds, setup=setup, settings=name, value=value, memory=ratio)
            os.replace(output + ".part.npz", output)


if __name__ == "__main__":
    main(*sys.argv[1:])
