"""The log-likelihood of paths, its derivatives and the residual matrix, goal by goal.

l_i = sum over the steps of log pi(choice), or of log q where the world moves by chance too (``rationality.seen``). Every
model gives d log pi / d theta by its ``jvp``; the score of a path is the sum of these over its steps. The residual matrix
D (N, M), D[i, m] = d l_i / d r_m, comes from ``vjp``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.rationality.base import Prepared, Rationality
from irlcore.rationality.seen import log_seen, pull_seen, push_seen
from irlcore.tracks import take_flat
from irlcore.worlds.mdp import Paths


@dataclass(frozen=True, slots=True)
class Group:
    """The paths to one goal: index (n,) into the paths, offsets (n + 1,) and choices of these paths alone."""

    goal_states: np.ndarray
    index: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray


def group_by_goal(paths: Paths) -> list[Group]:
    """Paths grouped by their goal, so that each distinct goal is solved once."""
    order = np.argsort(paths.goal, kind="stable")
    cuts = np.flatnonzero(np.diff(paths.goal[order])) + 1
    groups = []
    for index in np.split(order, cuts) if len(order) else []:
        offsets, flat = take_flat(paths.offsets, index)
        groups.append(Group(paths.goals.of(int(paths.goal[index[0]])), index, offsets, paths.choices[flat]))
    return groups


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Log-likelihood at one theta: loglik (N,) nats, scores (N, K) = d l_i / d theta, information (K, K) = the
    Fisher information of the choices at the visited states."""

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray


def evaluate(model: Rationality, prepared: Prepared, phi: np.ndarray, paths: Paths, groups: list[Group],
             control: Control | None = None) -> Evaluation:
    """Log-likelihood, scores and information of ``paths`` under features ``phi`` (M, K)."""
    n, k = len(paths), phi.shape[1]
    loglik, scores = np.zeros(n), np.zeros((n, k))

    def one(group: Group) -> np.ndarray:
        solution = model.solve(prepared, group.goal_states)
        gradient = push_seen(prepared, solution, model.jvp(prepared, solution, phi))
        log_q = log_seen(prepared, solution)
        loglik[group.index] = _sum_groups(log_q[group.choices][:, None], group.offsets)[:, 0]
        scores[group.index] = _sum_groups(gradient[group.choices], group.offsets)
        return _information(prepared, log_q, gradient, group.choices)

    parts = run_all(one, groups, control)
    return Evaluation(loglik, scores, np.sum(parts, axis=0) if parts else np.zeros((k, k)))


def _information(prepared: Prepared, log_q: np.ndarray, gradient: np.ndarray, choices: np.ndarray) -> np.ndarray:
    mdp = prepared.mdp
    visits = np.bincount(mdp.choice_state[choices], minlength=mdp.n_states)
    here = np.flatnonzero(visits[mdp.choice_state] > 0)
    weight = visits[mdp.choice_state[here]] * np.exp(log_q[here])
    rows = gradient[here]
    information: np.ndarray = (rows * weight[:, None]).T @ rows
    return information


def path_logliks(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """log P(path | goal) of every path, (N,) nats; -inf where the model cannot make a choice that was made."""
    out = np.zeros(len(paths))

    def one(group: Group) -> None:
        log_q = log_seen(prepared, model.solve(prepared, group.goal_states))
        out[group.index] = _sum_groups(log_q[group.choices][:, None], group.offsets)[:, 0]

    run_all(one, group_by_goal(paths), control)
    return out


def _sum_groups(rows: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Sum rows (C, K) within each path, (n, K); every path has at least one choice."""
    out: np.ndarray = np.add.reduceat(rows, offsets[:-1], axis=0)
    return out


def residual_blocks(model: Rationality, prepared: Prepared, paths: Paths, block: int = 256,
                    control: Control | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The residual matrix in blocks of at most ``block`` paths: pairs (index (n,), D (n, M) float64).

    Streamed, so that no more than ``block`` x M numbers are in memory whatever the number of paths.
    """
    control = control or Control()
    groups = group_by_goal(paths)
    done = 0
    for group in groups:
        control.step(done, len(paths), "Tracing what the model does not expect")
        solution = model.solve(prepared, group.goal_states)
        for start in range(0, len(group.index), block):
            stop = min(start + block, len(group.index))
            counts = np.zeros((stop - start, prepared.mdp.n_choices))
            for row, i in enumerate(range(start, stop)):
                np.add.at(counts[row], group.choices[group.offsets[i]:group.offsets[i + 1]], 1.0)
            yield group.index[start:stop], model.vjp(prepared, solution, pull_seen(prepared, solution, counts))
        done += len(group.index)


def residual_map(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """Column sums of the residual matrix, (M,): where the paths go more (> 0) or less than the model expects.

    One pull-back a goal, since the pull-back is linear in the counts."""

    def one(group: Group) -> np.ndarray:
        solution = model.solve(prepared, group.goal_states)
        counts = np.bincount(group.choices, minlength=prepared.mdp.n_choices).astype(np.float64)
        return model.vjp(prepared, solution, pull_seen(prepared, solution, counts[None, :]))[0]

    parts = run_all(one, group_by_goal(paths), control)
    return np.sum(parts, axis=0) if parts else np.zeros(prepared.mdp.n_choices)
