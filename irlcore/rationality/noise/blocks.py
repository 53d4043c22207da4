"""Trips as blocks of choices that share one draw of errors: what of a trip is left to choose, and its likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import Ahead, Rows
from irlcore.rationality.noise import kernels
from irlcore.rationality.noise.draws import QUASI, normal_draws
from irlcore.rationality.noise.factors import ErrorFactors
from irlcore.rationality.noise.size import by_sigma2, sigma_of
from irlcore.rationality.noise.states import tree_behind, unsure_values
from irlcore.rationality.seen import confusion, told_apart
from irlcore.rationality.solution import Group, Prepared
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Block:
    """What one trip had to choose from: at (D,) index into the rows, of all choices of its U distinct states.

    offsets: (U + 1,) uint32. choices: (D,) uint32. counts: (D,) how often each was recorded. steps: (T,) int64, where each step of
    the trip stands in D, -1 where there was nothing to choose. seen_offsets, seen, chance: CSR of the chance that choice ``seen``
    is recorded as the row. possible: no step was one that cannot lead to the goal.
    """

    at: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    counts: np.ndarray
    steps: np.ndarray
    seen_offsets: np.ndarray
    seen: np.ndarray
    chance: np.ndarray
    possible: bool


@dataclass(frozen=True, slots=True)
class TripWeights:
    """log P of a trip and its derivative: log_q (R, D) of recorded choices under each draw; on_q (D,), on_value (S,), on_X (D, F),
    by_sigma2."""

    loglik: float
    log_q: np.ndarray
    on_q: np.ndarray
    on_value: np.ndarray
    on_X: np.ndarray
    by_sigma2: float


def blocks_of(mdp: MDP, group: Group, ahead: Ahead) -> list[Block]:
    """One block a trip of the group. Kept with the group: what can be chosen on the way to a goal does not depend on weights."""
    if "blocks" not in group.cache:
        usable = np.isfinite(ahead.q)
        group.cache["blocks"] = [_block(mdp, ahead.rows, usable, ahead.rows.steps[a:b])
                                 for a, b in zip(group.offsets[:-1], group.offsets[1:], strict=True)]
    blocks: list[Block] = group.cache["blocks"]
    return blocks


def _block(mdp: MDP, rows: Rows, usable: np.ndarray, steps: np.ndarray) -> Block:
    """steps: (T,) int64, where the trip's choices stand among the rows."""
    visited = np.unique(np.searchsorted(rows.offsets, steps, side="right") - 1)
    spans = [np.arange(rows.offsets[u], rows.offsets[u + 1]) for u in visited]
    if told_apart(mdp):  # where chance moves, what is recorded may be another choice than any usable one
        spans = [left for span in spans if len(left := span[usable[span]]) > 1]
    at = np.concatenate(spans) if spans else np.zeros(0, np.int64)
    offsets = np.concatenate(([0], np.cumsum([len(span) for span in spans])))
    place = np.full(len(usable), -1)
    place[at] = np.arange(len(at))
    chosen = place[steps]
    counts = np.bincount(chosen[chosen >= 0], minlength=len(at)).astype(np.float64)
    choices, n = rows.choices[at], len(at)
    if told_apart(mdp):
        seen_offsets, seen, chance = np.arange(n + 1), np.arange(n), np.ones(n)
    else:
        B = confusion(mdp)[choices.astype(np.int64)][:, choices.astype(np.int64)]
        seen_offsets, seen, chance = B.indptr, B.indices, B.data
    possible = bool(usable[steps].all()) or not told_apart(mdp)
    return Block(at, offsets.astype(np.uint32), choices, counts, chosen, seen_offsets.astype(np.uint32), seen.astype(np.uint32),
                 np.asarray(chance, np.float64), possible)


def judge_block(prepared: Prepared, block: Block, ahead: Ahead, kind: int, factors: ErrorFactors, draws: int,
                derive: bool) -> TripWeights:
    """log P of the block's trip, the mean over ``draws``, with weights on everything it is made of where ``derive``."""
    graph, n = graph_of(prepared.mdp), len(block.at)
    log_q, on_q, on_X = np.empty((draws, n)), np.zeros(n), np.zeros((n, factors.X.shape[1]))
    on_value = np.zeros(graph.n_states if derive else 0)
    tree = tree_behind(ahead)
    Z = normal_draws(draws, max(QUASI, 256 * -(-n // 256)), factors.used)
    loglik, by_sigma = kernels.kept(block.offsets, block.choices, ahead.q[block.at], block.counts, block.seen_offsets, block.seen,
                                    block.chance, kind, graph.successor_offsets, graph.successors, graph.probabilities, prepared.gamma,
                                    unsure_values(ahead, kind), tree.rank, tree.parent, tree.root,
                                    np.ascontiguousarray(factors.X[block.at]), sigma_of(prepared), Z, factors.draws, derive,
                                    log_q, on_q, on_X, on_value)
    return TripWeights(loglik if block.possible else -np.inf, log_q, on_q, on_value, on_X, by_sigma * by_sigma2(sigma_of(prepared)))


def step_by_step(steps: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """(T,) log chance of each step given those before it: the draws that explain the steps so far count more.

    steps: (T,) int64, column of each step in log_q (R, D), -1 where there was nothing to choose. A step that cannot be made has
    -inf, and those after it are judged as if it had not been seen.
    """
    out = np.zeros(len(steps))
    before = np.zeros(len(log_q))
    for t, c in enumerate(steps):
        if c >= 0:
            after = before + log_q[:, c]
            out[t] = _log_mean(after) - _log_mean(before)
            if np.isfinite(out[t]):
                before = after
    return out


def _log_mean(rows: np.ndarray) -> float:
    top = rows.max()
    return float(top + np.log(np.mean(np.exp(rows - top)))) if np.isfinite(top) else -np.inf
