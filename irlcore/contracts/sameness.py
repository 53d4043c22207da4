"""The same answer everywhere: no model's numbers hang on the last bit of a reward, on the order of states or choices, or on the unit of a
column. Steps cost the same here, so that most states have several best ways, which is where such things show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.contracts.walks import Ground, tied_problem
from irlcore.fitting.likelihood import evaluate, path_logliks
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import group_by_goal
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals, build_mdp

RELATIVE = 1e-8
FACTORS = (1e-6, 1e-3, 1e3, 1e6)
Numbers = dict[str, np.ndarray]


def numbers(problem: Problem, point: np.ndarray, nudge: np.ndarray | float = 1.0) -> Numbers:
    """Everything that is told of trips: log-likelihoods, scores by weights, step by step, policy, and the scores of a review."""
    model, k = problem.model, len(problem.names)
    prepared = model.prepare(problem.mdp, problem.phi @ point[:k] * nudge, problem.gamma, point[k:], problem.phi * point[:k])
    found = evaluate(model, prepared, problem.phi, problem.paths, group_by_goal(problem.paths))
    review = score_paths(model, prepared, problem.paths)
    return {"loglik": found.loglik, "scores": found.scores, "information": found.information,
            "steps": path_logliks(model, prepared, problem.paths), "surprise": review.surprise, "gap": review.utility_gap,
            "policy": np.exp(model.solve(prepared, problem.paths.goals.of(0)).log_policy)}


def agree(here: Here, found: Numbers, expected: Numbers) -> None:
    """All of them, up to RELATIVE of the largest of each kind, or of 1."""
    for name, wanted in expected.items():
        size = float(np.abs(wanted[np.isfinite(wanted)]).max(initial=1.0))
        here.same(found[name], wanted, name, RELATIVE * size)


def last_bits(here: Here, model: Rationality, ground: Ground) -> None:
    """Rewards moved by 1e-12 of themselves, far below what anyone could tell; and by a bit or two, as fused multiply-add and another order
    of sums on another processor do."""
    problem, point = tied_problem(model, ground)
    expected, m = numbers(problem, point), problem.mdp.n_choices
    for seed in range(3):
        rng = np.random.default_rng(seed)
        agree(here.at(f"rewards moved by 1e-12, seed {seed} of moves"), numbers(problem, point, 1.0 + 1e-12 * rng.uniform(-1.0, 1.0, m)),
              expected)
        bits = np.random.default_rng(seed).integers(-2, 3, m)
        agree(here.at(f"rewards moved by up to two bits, seed {seed} of moves"), numbers(problem, point, 1.0 + bits * np.finfo(float).eps),
              expected)


def order_of_states(here: Here, model: Rationality, ground: Ground) -> None:
    """States and the choices of each in another order."""
    problem, point = tied_problem(model, ground)
    expected = numbers(problem, point)
    for seed in range(2):
        other, order = renumbered(problem, np.random.default_rng(seed))
        found = numbers(other, point)
        found["policy"] = found["policy"][np.argsort(order)]
        agree(here.at(f"states and choices in the order of seed {seed}"), found, expected)


def units_of_columns(here: Here, model: Rationality, ground: Ground) -> None:
    """A column a thousand or a million times as large, and its weight as much smaller."""
    problem, point = tied_problem(model, ground)
    expected = numbers(problem, point)
    for factor in FACTORS:
        unit = np.append([1.0, factor], np.ones(len(model.parameters)))
        found = numbers(replace(problem, phi=problem.phi * unit[:2]), point / unit)
        found["scores"] /= unit
        found["information"] /= np.outer(unit, unit)
        agree(here.at(f"a column times {factor:g}"), found, expected)


def renumbered(problem: Problem, rng: np.random.Generator) -> tuple[Problem, np.ndarray]:
    """The same problem with states and the choices of each state in another order; and each new choice's old one."""
    mdp = problem.mdp
    other, new, order = renumbered_mdp(mdp, rng)
    old, place = problem.paths, np.empty(mdp.n_choices, np.int64)
    place[order] = np.arange(mdp.n_choices)
    goals: Goals = build_goals([new[old.goals.of(g)] for g in range(len(old.goals))], list(old.goals.names))
    paths = Paths(old.ids, old.offsets, place[old.choices], new[old.last_state], old.goal, goals)
    return replace(problem, mdp=other, phi=problem.phi[order], paths=paths), order


def renumbered_mdp(mdp: MDP, rng: np.random.Generator) -> tuple[MDP, np.ndarray, np.ndarray]:
    """The same states and choices in another order; where each state went, (S,), and each new choice's old one, (M,)."""
    new = rng.permutation(mdp.n_states)
    ids = np.empty_like(mdp.ids)
    ids[new] = mdp.ids
    shuffle = rng.permutation(mdp.n_choices)
    order = shuffle[np.argsort(new[mdp.choice_state[shuffle]], kind="stable")]
    if mdp.deterministic and not mdp.choices_seen:
        return build_mdp(mdp.n_states, new[mdp.choice_state[order]], new[mdp.successors[order]], ids)[0], new, order
    spans = [np.arange(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]) for m in order]
    flat, counts = np.concatenate(spans), np.bincount(new[mdp.choice_state], minlength=mdp.n_states)
    offsets = [np.concatenate(([0], np.cumsum(many))) for many in (counts, [len(s) for s in spans])]
    return MDP(offsets[0], offsets[1], new[mdp.successors[flat]], mdp.probabilities[flat], new[mdp.choice_state[order]], ids,
               mdp.choices_seen), new, order
