"""What many beliefs at once make of choices and of whole trips towards one goal, in a deterministic world at gamma = 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import checkpoint
from irlcore.errors import Infeasible
from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import shortest_plan
from irlcore.rationality.beliefs import kernels
from irlcore.rationality.beliefs.beliefs import Beliefs
from irlcore.rationality.solution import Group, Prepared, Remembered, Rows, sum_trips
from irlcore.rationality.spread.plan import some_pays
from irlcore.worlds.limits import check_aim

MOST_PASSES = 1000
SETTLED, TOO_NEAR = 0, 1  # what ``kernels.believed_values`` says
MARGIN = 1.2
"""How many times as many states are looked at where those looked at first may not have been enough."""
CIRCLE = ("Some way round costs so little that agents who misjudge costs go in a circle.",
          "With gamma = 1 every way round must cost: add a cost per step, or use gamma below 1.")
Sums = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Over beliefs, as ``kernels.follow`` keeps them."""


@dataclass(frozen=True, slots=True)
class Followed:
    """log_pi (n, R) under each belief; mean (n,), log of the mean chance, and its slopes (n, K + 1), where asked for; trip_loglik (N,),
    scores (N, K + 1) and information (K + 1, K + 1) of trips with one belief each: minus the second derivative of their log-likelihood
    by Louis (*Finding the observed information matrix when using the EM algorithm*, JRSS B 44, 1982), a belief being what is
    missing, with the plans and how beliefs bend with costs left out."""

    log_pi: np.ndarray
    mean: np.ndarray
    slopes: np.ndarray
    trip_loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray


def follow(prepared: Prepared, beliefs: Beliefs, goal_states: np.ndarray, rows: Rows, columns: np.ndarray, group: Group | None,
           means: bool) -> Followed:
    """What all ``beliefs`` make of the rows' choices, and of the group's trips. columns: (M, K), features. means: over beliefs, choice
    by choice, in place of whole trips. Raises ``Infeasible`` where steps cost next to nothing."""
    graph, goals = graph_of(prepared.mdp), check_aim(goal_states, prepared.mdp.n_states, prepared.gamma).astype(np.uint32)
    remembered = _where_to_look(prepared, goals, rows, Remembered() if group is None else group.remembered)
    trip_offsets, steps = (np.zeros(1, np.int64), np.zeros(0, np.int64)) if group is None or means else (group.offsets, rows.steps)
    (_, _, width), count = beliefs.reward.shape, beliefs.count
    n, listed, many, k = len(rows.choices), len(rows.choices) if means else 0, len(trip_offsets) - 1, columns.shape[1] + 1
    sums: Sums = (np.full(listed, -np.inf), np.zeros(listed), np.zeros((listed, k)),
                  np.full(many, -np.inf), np.zeros(many), np.zeros((many, k + k * k)))
    log_pi, barred = np.empty((n, count)), np.isin(graph.choice_state[rows.choices], goals)
    columns = np.ascontiguousarray(columns, np.float64)
    known = prepared.within is not None and (group is None or some_pays(prepared.reward))
    outside = np.flatnonzero(~prepared.within[graph.choice_state]) if known and prepared.within is not None else None
    for b, (believed, rough) in enumerate(zip(beliefs.reward, beliefs.rough, strict=True)):
        checkpoint()
        if outside is not None and len(outside):  # no trip comes there, and ways round may be free
            believed, rough = believed.copy(), rough.copy()
            believed[outside] = rough[outside] = -np.inf
        for planned in (rough, believed):  # in full where single precision takes a small cost for none
            value, part, kept = _values(graph, goals, planned, rows.targets, remembered), np.empty((n, width)), _copied(sums)
            if value is not None and kernels.follow(
                    rows.targets, value, planned, believed, beliefs.slope[b], beliefs.by_sigma2[b], columns, goals, graph.choice_offsets,
                    graph.successors, prepared.reward, rows.offsets, rows.choices, barred, trip_offsets, steps, part, kept):
                break
        else:
            raise Infeasible(*CIRCLE)
        sums = kept
        log_pi[:, b * width:(b + 1) * width] = part
    loglik, both = _mean(*sums[3:], count)
    scores = both[:, :k]
    information = both[:, k:].sum(axis=0).reshape(k, k) + scores.T @ scores
    return Followed(log_pi, *_mean(*sums[:3], count), loglik, scores, information)


def pull_trips(prepared: Prepared, beliefs: Beliefs, group: Group, rows: Rows, log_pi: np.ndarray) -> np.ndarray:
    """d log P / d r, (N, M), of the group's trips with one belief each, from log pi (n, R) of the rows' choices under each belief."""
    graph, goals = graph_of(prepared.mdp), check_aim(group.goal_states, prepared.mdp.n_states, prepared.gamma).astype(np.uint32)
    log_path = sum_trips(log_pi[rows.steps], group.offsets)
    top = log_path.max(axis=1, keepdims=True)
    share = np.exp(log_path - np.where(np.isfinite(top), top, 0.0))
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
    remembered = _where_to_look(prepared, goals, rows, group.remembered)
    out, width = np.zeros((len(group.index), graph.n_choices)), beliefs.reward.shape[2]
    for b, (believed, rough) in enumerate(zip(beliefs.reward, beliefs.rough, strict=True)):
        checkpoint()
        part = slice(b * width, (b + 1) * width)
        for planned in (rough, believed):
            value, pulled = _values(graph, goals, planned, rows.targets, remembered), np.zeros_like(out)
            if value is not None and kernels.pull_trips(
                    value, planned, beliefs.slope[b], goals, graph.choice_offsets, graph.successors, rows.offsets, rows.choices,
                    np.ascontiguousarray(log_pi[:, part]), group.offsets, rows.steps, np.ascontiguousarray(share[:, part]), pulled):
                break
        else:
            raise Infeasible(*CIRCLE)
        out += pulled
    return out


def _where_to_look(prepared: Prepared, goals: np.ndarray, rows: Rows, remembered: Remembered) -> Remembered:
    """``remembered`` with an order of states, nearest first, and as many of them as lie nearer than the farthest that is asked about."""
    graph = graph_of(prepared.mdp)
    if remembered.order is None:  # any order will do, and costs change little from one evaluation to the next
        remembered.order = shortest_plan(graph, np.minimum(prepared.reward, 0.0), goals).order
    rank = np.zeros(graph.n_states, np.int64)
    rank[remembered.order] = np.arange(len(remembered.order))
    # where a step pays, who goes far may come back with more, so all states are looked at
    least = len(remembered.order) if some_pays(prepared.reward) else int(rank[rows.targets].max(initial=0)) + 1
    remembered.near = max(remembered.near, least)
    return remembered


def _values(graph: Graph, goals: np.ndarray, planned: np.ndarray, targets: np.ndarray, remembered: Remembered) -> np.ndarray | None:
    """Values (S, W) of a bundle's beliefs, right wherever a best way from the targets leads; None where they do not settle."""
    order, ended = remembered.order, TOO_NEAR
    assert order is not None
    value = np.empty((graph.n_states, planned.shape[1]), planned.dtype)
    while True:
        near = min(remembered.near, len(order))
        ended = kernels.believed_values(order, near, graph.choice_offsets, graph.successors, graph.into_offsets, graph.into_choice,
                                        graph.into_state, goals, planned, targets, MOST_PASSES, value)
        if ended != TOO_NEAR:
            return value if ended == SETTLED else None
        remembered.near = int(MARGIN * near) + 1


def _copied(sums: Sums) -> Sums:
    a, b, c, d, e, f = (one.copy() for one in sums)
    return a, b, c, d, e, f


def _mean(top: np.ndarray, total: np.ndarray, slopes: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Log of the mean of ``count`` parts (n,), and its slopes (n, K), from sums relative to e^top; -inf and 0 where there are no parts."""
    some = total > 0.0
    safe = np.where(some, total, 1.0)
    return np.where(some, top + np.log(safe / count), -np.inf), slopes / safe[:, None]
