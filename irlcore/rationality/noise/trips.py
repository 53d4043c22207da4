"""Trips that keep one draw of errors throughout: what of a trip is left to choose, and its likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.ahead import rows_of
from irlcore.rationality.noise import kernels
from irlcore.rationality.seen import confusion, told_apart
from irlcore.rationality.solution import Block, Group, Rows
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class TripWeights:
    """log P of a trip and its derivative: log_q (D, R) of recorded choices under each draw; on_q (D,), on_fields (D, H), on_wants
    (D, W), by_sigma."""

    loglik: float
    log_q: np.ndarray
    on_q: np.ndarray
    on_fields: np.ndarray
    on_wants: np.ndarray
    by_sigma: float


def blocks_of(mdp: MDP, group: Group, q: np.ndarray) -> list[Block]:
    """One block a trip of the group, from q (n,) of its rows. Kept with the group: what can be chosen on the way to a goal does not depend
    on weights."""
    if group.remembered.blocks is None:
        rows, usable = rows_of(mdp, group), np.isfinite(q)
        group.remembered.blocks = [_block(mdp, rows, usable, rows.steps[a:b])
                                   for a, b in zip(group.offsets[:-1], group.offsets[1:], strict=True)]
    return group.remembered.blocks


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
    n = len(at)
    if told_apart(mdp):
        seen_offsets, seen, chance = np.arange(n + 1), np.arange(n), np.ones(n)
    else:
        choices = rows.choices[at].astype(np.int64)
        B = confusion(mdp)[choices][:, choices]
        seen_offsets, seen, chance = B.indptr, B.indices, B.data
    possible = bool(usable[steps].all()) or not told_apart(mdp)
    return Block(at, offsets.astype(np.uint32), counts, chosen, seen_offsets.astype(np.uint32), seen.astype(np.uint32),
                 np.asarray(chance, np.float64), possible)


def judge_block(block: Block, log_pi: np.ndarray, fields: np.ndarray, wants: np.ndarray, zeta: np.ndarray, sigma: float,
                derive: bool) -> TripWeights:
    """log P of the block's trip, the mean over R draws, with weights on everything it is made of where ``derive``. log_pi (n, R), fields
    (n, H), wants (n, W) of the group's rows, zeta (W, R)."""
    n = len(block.at)
    log_q, on_q = np.empty((n, log_pi.shape[1])), np.zeros(n if derive else 0)
    on_fields, on_wants = np.zeros((n, fields.shape[1])), np.zeros((n, wants.shape[1]))
    loglik, by_sigma = kernels.kept(block.at, block.offsets, block.counts, block.seen_offsets, block.seen, block.chance, log_pi, fields,
                                    wants, zeta, sigma, log_q, on_q, on_fields, on_wants)
    return TripWeights(loglik if block.possible else -np.inf, log_q, on_q, on_fields, on_wants, by_sigma)


def step_by_step(steps: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """(T,) log chance of each step given those before it: the draws that explain the steps so far count more.

    steps: (T,) int64, row of each step in log_q (D, R), -1 where there was nothing to choose. A step that cannot be made has
    -inf, and those after it are judged as if it had not been seen.
    """
    out, chosen = np.zeros(len(steps)), steps >= 0
    so_far = np.cumsum(log_q[steps[chosen]], axis=0)
    top = so_far.max(axis=1, keepdims=True)
    if np.isfinite(top).all():  # every step can be made
        out[chosen] = np.diff(top[:, 0] + np.log(np.mean(np.exp(so_far - top), axis=1)), prepend=0.0)
        return out
    before = np.zeros(log_q.shape[1])
    for t, c in enumerate(steps):
        if c >= 0:
            after = before + log_q[c]
            out[t] = _log_mean(after) - _log_mean(before)
            if np.isfinite(out[t]):
                before = after
    return out


def _log_mean(rows: np.ndarray) -> float:
    top = rows.max()
    return float(top + np.log(np.mean(np.exp(rows - top)))) if np.isfinite(top) else -np.inf
