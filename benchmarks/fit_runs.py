"""One program on one made-up grid, in a process of its own: ``python -m benchmarks.fit_runs PROGRAM PROBLEM TARGET STEP LIMIT``.

Prints one JSON object: processor seconds until the held-out log-likelihood reaches TARGET nats a step (the check itself is not
counted), the largest memory beyond what imports took, the weights. Every program begins at the same weights and fits the same
model; what each needs to be told for that stands beside it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fit_problem import ACTIONS, START, GridProblem, held_out_per_step, load_problem, simulate


class Ended(Exception):
    """The target is reached, or time is up."""


class Watch:
    """Counts a program's processor time and looks at its weights from time to time."""

    def __init__(self, problem: GridProblem, target: float, limit: float, most_looks: int = 10**9) -> None:
        self.problem, self.target, self.limit, self.most_looks = problem, target, limit, most_looks
        self.seconds, self.held_out, self.reached, self.looks = 0.0, -np.inf, False, 0
        self.theta = START
        self._since = time.process_time()

    def begin(self) -> None:
        """Imports and set-up are over."""
        self._since = time.process_time()

    def look(self, theta: np.ndarray) -> None:
        """Judge weights (8,); raises ``Ended`` once they are good enough, are lost or time is up."""
        self.seconds += time.process_time() - self._since
        self.theta, self.looks = np.array(theta, np.float64), self.looks + 1
        self.held_out = held_out_per_step(self.problem, self.theta)
        self.reached = self.held_out >= self.target
        if self.reached or self.seconds > self.limit or self.held_out == -np.inf or self.looks >= self.most_looks:
            raise Ended
        self._since = time.process_time()


def dense_moves(problem: GridProblem, leave_goal: bool) -> np.ndarray:
    """(S, 4, S) chances of each move; the goal stays where it is, or leads nowhere."""
    moves = np.zeros((problem.n_states, ACTIONS, problem.n_states))
    rows = np.arange(problem.n_states)
    for a in range(ACTIONS):
        moves[rows, a, problem.after[:, a]] = 1.0
    moves[problem.goal] = 0.0
    if not leave_goal:
        moves[problem.goal, :, problem.goal] = 1.0
    return moves


def run_motive(problem: GridProblem, watch: Watch, step: float) -> Callable[[], None]:
    """The whole fit, standard errors included, from its own first guess."""
    from irlcore.fitting.maximum_likelihood import fit
    from irlcore.fitting.problem import Problem
    from irlcore.rationality.maxent import MaxEnt
    from irlcore.worlds.mdp import Paths, build_goals, build_mdp

    def fitted(given: GridProblem) -> np.ndarray:
        mdp, order = build_mdp(given.n_states, np.repeat(np.arange(given.n_states), ACTIONS), given.after.ravel())
        trip, state, action = given.train.T
        counts = np.bincount(trip)
        paths = Paths(np.arange(len(counts)).astype(str).astype(object), np.concatenate(([0], np.cumsum(counts))),
                      np.argsort(order)[state * ACTIONS + action], np.full(len(counts), given.goal), np.zeros(len(counts), np.int64),
                      build_goals([np.array([given.goal])], ["goal"]))
        names = tuple(f"feature {k}" for k in range(given.features.shape[1]))
        return fit(Problem(mdp, np.repeat(given.features, ACTIONS, axis=0)[order], names, paths, MaxEnt())).theta

    fitted(simulate(5, trips=50))  # kernels are compiled, or read from their cache
    return lambda: watch.look(fitted(problem))


def run_irl_maxent(problem: GridProblem, watch: Watch, step: float) -> Callable[[], None]:
    """Its causal MaxEnt at discount 1. The goal leads nowhere, so that its value there is a constant. Needs numpy's old ``float``."""
    if not hasattr(np, "float"):
        setattr(np, "float", float)  # noqa: B010  gone since numpy 1.24, still used by irl-maxent 0.1.0
    from irl_maxent import maxent, optimizer, trajectory

    class Watched(optimizer.Sga):
        def step(self, grad: np.ndarray, *args: Any, **kwargs: Any) -> None:
            super().step(grad, *args, **kwargs)
            watch.look(self.parameters)

    moves = np.ascontiguousarray(dense_moves(problem, True).transpose(0, 2, 1))
    trip, state, action = problem.train.T
    rows = np.column_stack((state, action, problem.after[state, action])).tolist()
    cuts = np.flatnonzero(np.diff(trip)) + 1
    trips = [trajectory.Trajectory(part) for part in np.split(np.array(rows), cuts)]
    return lambda: maxent.irl_causal(moves, problem.features, [problem.goal], trips, Watched(lr=step), lambda n: START.copy(), 1.0,
                                     eps=0.0)


def run_imitation(problem: GridProblem, watch: Watch, step: float) -> Callable[[], None]:
    """Its MCE IRL with Adam, over a horizon of twice the longest trip. Waiting in the goal keeps four choices a step open there, so
    that its weight of a step is ours and log 4."""
    import torch
    from imitation.algorithms.mce_irl import MCEIRL
    from imitation.rewards.reward_nets import RewardNet
    from seals.base_envs import TabularModelPOMDP

    shift = np.eye(len(START))[0] * np.log(ACTIONS)

    class Linear(RewardNet):
        def __init__(self, *spaces: Any) -> None:
            super().__init__(*spaces)
            self.layer = torch.nn.Linear(len(START), 1, bias=False)
            self.layer.weight.data[:] = torch.as_tensor(START + shift)

        def forward(self, state: Any, action: Any, next_state: Any, done: Any) -> Any:
            return self.layer(state.float()).squeeze(-1)

    class Watched(torch.optim.Adam):
        def step(self, *args: Any, **kwargs: Any) -> Any:
            super().step(*args, **kwargs)
            watch.look(self.param_groups[0]["params"][0].detach().numpy()[0] - shift)

    trip, state, _ = problem.train.T
    first = state[np.unique(trip, return_index=True)[1]]
    count = trip.max() + 1
    world = TabularModelPOMDP(transition_matrix=dense_moves(problem, False), observation_matrix=problem.features,
                              reward_matrix=np.zeros(problem.n_states), horizon=2 * problem.longest,
                              initial_state_dist=np.bincount(first, minlength=problem.n_states) / count)
    seen = np.bincount(state, minlength=problem.n_states) / count  # the goal's own visits carry no features
    net = Linear(world.observation_space, world.action_space)
    learner = MCEIRL(seen, world, net, np.random.default_rng(0), optimizer_cls=Watched, optimizer_kwargs={"lr": step}, linf_eps=0.0,
                     grad_l2_eps=0.0, log_interval=None)
    return lambda: learner.train(max_iter=10**9)


def run_econirl(problem: GridProblem, watch: Watch, step: float) -> Callable[[], None]:
    """Its MCE IRL towards a terminal state, over a horizon of ``step`` times the longest trip at discount 1: successors as a table,
    a root finder. (Its infinite horizon needs a discount below 1 and dense moves, and its L-BFGS-B loses the weights here.)"""
    import jax.numpy as jnp
    from econirl.core.transition_models import DeterministicTransitions
    from econirl.core.types import DDCProblem, Panel, Trajectory
    from econirl.estimation.mce_irl import MCEIRLEstimator
    from econirl.preferences.action_reward import ActionDependentReward

    class Watched(ActionDependentReward):
        looks_at = watch

        def compute(self, params: Any) -> Any:
            self.looks_at.look(np.asarray(params, np.float64))
            return super().compute(params)

    after = problem.after.copy()
    after[problem.goal] = problem.goal
    trip, state, action = problem.train.T
    cuts = np.flatnonzero(np.diff(trip)) + 1
    parts = (np.split(column, cuts) for column in (state, action, problem.after[state, action]))
    panel = Panel([Trajectory(jnp.array(s), jnp.array(a), jnp.array(n), str(i)) for i, (s, a, n) in enumerate(zip(*parts, strict=True))])
    reward = Watched(jnp.array(np.repeat(problem.features[:, None, :], ACTIONS, axis=1)), [f"w{k}" for k in range(len(START))])
    model = DDCProblem(problem.n_states, ACTIONS, discount_factor=1.0, num_periods=int(step * problem.longest))
    learner = MCEIRLEstimator(compute_se=False, outer_max_iter=10**4, outer_tol=1e-12)

    def work() -> None:
        learner.estimate(panel, reward, model, DeterministicTransitions(after), initial_params=jnp.array(START),
                         terminal_states=np.arange(problem.n_states) == problem.goal)

    reward.looks_at = Watch(problem, np.inf, np.inf, most_looks=2)
    with suppress(Ended):  # its programs are compiled for the shapes of each problem
        work()
    reward.looks_at = watch
    return work


RUNS: dict[str, Callable[[GridProblem, Watch, float], Callable[[], None]]] = {
    "motive": run_motive, "irl_maxent": run_irl_maxent, "imitation": run_imitation, "econirl": run_econirl}


def peak_mb() -> float:
    """Largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def main() -> int:
    program, path, target, step, limit = sys.argv[1:]
    watch = Watch(load_problem(Path(path)), float(target), float(limit))
    held_out_per_step(watch.problem, START)
    tiny = simulate(5, trips=50)
    why = ""
    try:
        RUNS[program](tiny, Watch(tiny, np.inf, np.inf), float(step))  # imports
        before = peak_mb()
        work = RUNS[program](watch.problem, watch, float(step))
        seconds = int(time.process_time() + watch.limit) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))  # ends a program between two looks
        watch.begin()
        work()
        why = "it stopped by itself before the target"
    except Ended:
        why = "" if watch.reached else "its values became infinite" if watch.held_out == -np.inf else f"not there after {watch.limit:g} s"
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return 0
    except Exception as error:  # a peer may fail in any way: that is its result
        why = f"it failed: {type(error).__name__}: {error}"[:200]
    held_out = watch.held_out if np.isfinite(watch.held_out) else None
    print(json.dumps({"reached": watch.reached, "seconds": watch.seconds, "held_out": held_out, "theta": watch.theta.tolist(),
                      "looks": watch.looks, "memory_mb": peak_mb() - before, "why": why}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
