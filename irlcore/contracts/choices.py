"""What a model of rationality says of single choices and whole trips: probabilities, samples, parameters, what it refuses."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.contracts.luck import LUCK, first_off
from irlcore.contracts.walks import Ground, all_paths, make_paths, one_way_mdp, problem_of
from irlcore.errors import Infeasible, MotiveError, WorldError
from irlcore.features.described_fit import BESIDE
from irlcore.fitting.likelihood import evaluate, path_logliks
from irlcore.fitting.problem import Problem
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared, group_by_goal
from irlcore.worlds.mdp import MDP, build_mdp

TO_ONE = 1e-12
NATS = 1e-10
DRAWS = 3000
UNSURE_BY = 0.01
"""How far a chance that rests on a model's own fixed draws of errors may lie from one that rests on fresh ones."""


def says_what_it_is(here: Here, model: Rationality, ground: Ground) -> None:
    """Name, title, sentence, docstring; the same of each parameter of its own, which starts within its limits."""
    name = getattr(model, "name", None)
    here.need(isinstance(name, str) and bool(name), f"its name is {name!r}, which is no text", "Set `name`: fits and files call it so.")
    here.need(BESIDE not in str(name), f"its name holds {BESIDE!r}, which stands before value features", "Choose another name.")
    for one, of in [(model, "the model"), *((p, f"its parameter {p.name!r}") for p in model.parameters)]:
        title, sentence = getattr(one, "title", ""), getattr(one, "sentence", "")
        here.need(bool(title) and bool(sentence), f"{of} has no title or no sentence", "Both are shown on the Fit page.")
        here.need(sentence.rstrip().endswith("."), f"the sentence of {of} does not end with a full stop: {sentence[-40:]!r}")
    here.need(bool(type(model).__doc__), "its class has no docstring", "Say in a line what the agent is like.")
    names = [p.name for p in model.parameters]
    here.need(len(set(names)) == len(names), f"two parameters have one name: {names}")
    for p in model.parameters:
        here.need(p.lower <= p.start <= p.upper, f"the parameter {p.name!r} starts at {p.start:g}, outside {p.lower:g} to {p.upper:g}")
    here.same(model.own_start(None), np.array([p.start for p in model.parameters]), "own_start(None)")
    here.refuses(lambda: model.own_start(np.zeros(len(names) + 1)), MotiveError, "a value too many for its own parameters")


def sums(here: Here, mdp: MDP, log_policy: np.ndarray, goals: np.ndarray, gamma: float, within: np.ndarray | None = None) -> None:
    """Chances of 0 or more; those of a state sum to 1 where the goal is in reach, to 0 in a goal and where it is not."""
    here.same(np.array(log_policy.shape), np.array([mdp.n_choices]), "the shape of log_policy")
    wrong = np.flatnonzero(np.isnan(log_policy) | (log_policy > TO_ONE))
    here.need(not len(wrong), f"log_policy of choice {wrong[0] if len(wrong) else 0} is {log_policy[wrong[0]] if len(wrong) else 0}, "
                              "and a log chance is 0 at most")
    total = np.bincount(mdp.choice_state, np.exp(log_policy), mdp.n_states)
    expected = np.zeros(mdp.n_states)
    expected[reach(graph_of(mdp), goals, gamma).order] = 1.0
    expected[goals] = 0.0
    looked = np.ones(mdp.n_states, bool) if within is None else within
    none = looked & (expected == 0.0)
    here.same(total[none], expected[none], "the chance of choices in a goal, or where it is out of reach,")
    here.same(np.where(looked, total, expected), expected, "the sum of the chances of a state's choices", TO_ONE,
              lambda at: f"state {at[0]}")


def chances_sum_to_one(here: Here, model: Rationality, ground: Ground) -> None:
    """Towards each goal and, where gamma < 1, without one; told of trips or not."""
    problem, point = problem_of(model, ground)
    mdp, told = ground.mdp, _prepared(problem, point)
    for goal in (*ground.goals, ground.starts[0]):
        states = np.array([goal])
        sums(here.at(f"goal {goal}"), mdp, model.solve(told, states).log_policy, states, ground.gamma)
        near = problem.prepare(point)
        if goal in ground.goals:
            sums(here.at(f"goal {goal}, confined to where trips come"), mdp, model.solve(near, states).log_policy, states, ground.gamma,
                 near.within)
    nowhere = np.zeros(0, np.int64)
    if ground.gamma < 1.0:
        sums(here.at("no destination"), mdp, model.solve(told, nowhere).log_policy, nowhere, ground.gamma)
    else:
        here.refuses(lambda: model.solve(told, nowhere), Infeasible, "gamma = 1 without a destination")


def out_of_reach(here: Here, model: Rationality, ground: Ground) -> None:
    """On four states of which two do not lead to the goal."""
    mdp, _ = build_mdp(4, np.array([0, 0, 2]), np.array([1, 2, 3]))  # 2 -> 3 leads away from goal 1
    solution = model.solve(model.prepare(mdp, -np.ones(3), ground.gamma), np.array([1]))
    here.same(solution.policy, np.array([1.0, 0.0, 0.0]), "the chance of a choice, of which the last two lead away from the goal", TO_ONE)
    values = np.array([0.0, -np.inf, -np.inf])
    here.same(solution.value[1:], values, "the value of the goal and of two states that do not lead to it", TO_ONE)


def in_their_range(here: Here, model: Rationality, ground: Ground) -> None:
    """Chances sum to 1 where each parameter starts, and at each limit that is a number."""
    problem, point = problem_of(model, ground)
    k, starts = len(problem.names), np.array([p.start for p in model.parameters])
    cases = [("its start", starts)] + [(f"{p.name} = {edge:g}", np.where(np.arange(len(starts)) == j, edge, starts))
                                       for j, p in enumerate(model.parameters) for edge in (p.lower, p.upper) if np.isfinite(edge)]
    for said, own in cases:
        at, goal = here.at(said), np.array([ground.goals[-1]])
        told = at.gives(partial(_prepared, problem, np.append(point[:k], own)))
        at.same(told.own, own, "Prepared.own")
        sums(at, ground.mdp, at.gives(partial(model.solve, told, goal)).log_policy, goal, ground.gamma)


def refusals(here: Here, model: Rationality, ground: Ground) -> None:
    """What cannot be is a clear error and no number."""
    mdp, m, goal = ground.mdp, ground.mdp.n_choices, np.array([ground.goals[0]])
    problem, point = problem_of(model, ground, 2)
    reward = problem.phi @ point[:2]
    for gamma in (0.0, -0.1, 1.5, float("nan")):
        here.refuses(lambda g=gamma: model.prepare(mdp, reward, g), Infeasible, f"gamma = {gamma}")  # type: ignore[misc]
    for value in (float("nan"), float("inf")):
        here.refuses(lambda v=value: model.prepare(mdp, np.where(np.arange(m) == m // 2, v, reward), ground.gamma),  # type: ignore[misc]
                     Infeasible, f"a reward of {value}")
    here.refuses(lambda: model.prepare(mdp, reward[1:], ground.gamma), WorldError, f"{m - 1} rewards for {m} choices")
    told = _prepared(problem, point)
    for wrong in (mdp.n_states, -1):
        here.refuses(lambda w=wrong: model.solve(told, np.array([w])), WorldError, f"state {wrong} as a goal")  # type: ignore[misc]
    solution = model.solve(told, goal)
    here.refuses(lambda: model.jvp(told, solution, np.ones((m - 1, 1))), MotiveError, f"jvp of columns of {m - 1} entries for {m} choices")
    here.refuses(lambda: model.vjp(told, solution, np.ones((1, m - 1))), MotiveError, f"vjp of weights of {m - 1} entries for {m} choices")
    twice = model.solve(told, np.repeat(goal, 2))
    here.same(twice.log_policy, solution.log_policy, "log_policy towards a goal whose state is named twice")


def samples(here: Here, model: Rationality, ground: Ground) -> None:
    """On 3 x 3 cells, right or up only, where all six ways can be listed. Fails a true claim with a chance of LUCK."""
    mdp = one_way_mdp(3, 3)
    here = here.at(f"{DRAWS:,} draws on a one-way grid of 3 x 3 cells (a true claim fails once in {1 / LUCK:,.0f})")
    prepared = model.prepare(mdp, -np.random.default_rng(3).uniform(0.5, 1.5, mdp.n_choices))
    solution, rng = model.solve(prepared, np.array([8])), np.random.default_rng(0)
    drawn: Counter[Hashable] = Counter(tuple(model.sample(prepared, solution, 0, rng)) for _ in range(DRAWS))
    ways = [way for _, way in all_paths(mdp, solution, 0)]
    paths = make_paths(mdp, ways, [8] * len(ways))
    chance = np.exp(path_logliks(model, prepared, paths))
    here.same(float(chance.sum()), 1.0, "the sum of the chances of all ways", 1e-9)
    every: dict[Hashable, float] = {tuple(paths.states(mdp, i).tolist()): float(p) for i, p in enumerate(chance)}
    off = first_off(drawn, every, DRAWS, UNSURE_BY if model.parameters else 0.0)
    if off is not None:
        way, share, low, high = off
        at = f"the way {way} has a chance of {every.get(way, 0.0):.4f}"
        here.need(False, f"{at} and came out in {share:.4f} of the draws, which should be {low:.4f} to {high:.4f}",
                  "Draw trips from the model that they are judged by (`sample` and `steps`).")


def any_number_of_workers(here: Here, model: Rationality, ground: Ground) -> None:
    """The same bits of log-likelihood, scores and information with one thread and with four."""
    problem, point = problem_of(model, ground, 40)
    found = []
    for count in (1, 4):
        with _workers(count):
            found.append(evaluate(model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths)))
    for name in ("loglik", "scores", "information"):
        one, four = (np.asarray(getattr(f, name)) for f in found)
        here.same(four, one, f"{name} with four workers, against one,")
        here.need(one.tobytes() == four.tobytes(), f"{name} of one and of four workers differ in their bits (a zero has another sign)")


def goes_to_other_processes(here: Here, model: Rationality, ground: Ground) -> None:
    """A model that was pickled gives the same bits."""
    problem, point = problem_of(model, ground)
    try:
        other: Rationality = pickle.loads(pickle.dumps(model))
    except Exception as error:
        here.need(False, f"it cannot be pickled ({type(error).__name__}: {error})", "Define its class at the top of a module, "
                  "and keep functions and open files out of its attributes.")
        return
    same = other.name == model.name and other.parameters == model.parameters
    here.need(same, "its name or its parameters are others once it was pickled")
    before, after = (path_logliks(one, _prepared(replace(problem, model=one), point), problem.paths) for one in (model, other))
    here.same(after, before, "the log-likelihood of a trip once the model was pickled")


def _prepared(problem: Problem, point: np.ndarray) -> Prepared:
    """Told nothing of trips."""
    k = len(problem.names)
    return problem.model.prepare(problem.mdp, problem.phi @ point[:k], problem.gamma, point[k:], problem.phi * point[:k])


@contextmanager
def _workers(count: int) -> Iterator[None]:
    before = os.environ.get("MOTIVE_WORKERS")
    os.environ["MOTIVE_WORKERS"] = str(count)
    try:
        yield
    finally:
        if before is None:
            del os.environ["MOTIVE_WORKERS"]
        else:
            os.environ["MOTIVE_WORKERS"] = before
