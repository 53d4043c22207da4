"""The likelihood of the rows of a design, with the temporal-difference term, and its first and second derivative.

With Q_t = Q_w(s_t, a_t), V(s) = log sum_b exp Q_w(s, b), V = 0 where a path has arrived, and r_t = Q_t - gamma V(s_t+1) the reward that Q
stands for, minimise over w

    L = mean_t [ -(Q_t - V(s_t)) + lam r_t^2 ] + l2 |w|^2

(section 9 of the design, after Wulfmeier et al., *Imitating language via scalable inverse reinforcement learning*, NeurIPS 2024). lam = 0
is maximum likelihood. Here stands -T L, T the number of steps, so that all is in nats of the data and the search climbs:

    d(-T L)  = sum_t [ (psi_t - psibar(s_t)) - 2 lam r_t (psi_t - gamma psibar(s_t+1)) ] - 2 T l2 w
    d2(-T L) = -sum_t [ cov(s_t) + 2 lam (dr_t dr_t' - gamma r_t cov(s_t+1)) ] - 2 T l2,    psibar, cov of psi under softmax Q_w.

Where chance or parallel choices hide what was chosen, the likelihood is that of what was recorded (``rationality.seen``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.fitting.likelihood import without_rises
from irlcore.fitting.value_basis import kernels
from irlcore.fitting.value_basis.decisions import END
from irlcore.fitting.value_basis.design import Design


@dataclass(frozen=True, slots=True)
class Term:
    """What is added to the likelihood: lam of the temporal-difference term, l2 of the weights' size, gamma the discount in r."""

    lam: float = 0.0
    l2: float = 0.0
    gamma: float = 1.0

    @property
    def holds(self) -> bool:
        """Whether there is one: it limits weights that the likelihood alone sets no limit to."""
        return self.lam > 0.0 or self.l2 > 0.0


@dataclass(frozen=True, slots=True)
class Softmax:
    """Of the rows: chance (R,), value (U,) the log-sum-exp of each state, mean (U, K) of psi there, and q (R,)."""

    chance: np.ndarray
    value: np.ndarray
    mean: np.ndarray
    q: np.ndarray


@dataclass(frozen=True, slots=True)
class Found:
    """At some weights: value, -T L in nats; gradient (K,); curvature (K, K), minus the second derivative where ``exact``; slopes (C, K),
    the part of each step in the gradient; nats (C,), the log chance of each step; rewards (C,), r_t (0 where it is not known)."""

    value: float
    gradient: np.ndarray
    curvature: np.ndarray
    exact: bool
    slopes: np.ndarray
    nats: np.ndarray
    rewards: np.ndarray

    @property
    def information(self) -> np.ndarray:
        """(K, K): the curvature without directions in which the likelihood curves upwards, which one with lam > 0 may have."""
        return without_rises(self.curvature)


def softmax(design: Design, w: np.ndarray) -> Softmax:
    """Choice probabilities of the rows under weights (K,)."""
    states, (rows, k) = len(design.offsets) - 1, design.psi.shape
    q, chance, value, mean = design.offset + design.psi @ w, np.empty(rows), np.empty(states), np.empty((states, k))
    kernels.softmax_rows(design.offsets, q, design.psi, chance, value, mean)
    return Softmax(chance, value, mean, q)


def evaluate_rows(design: Design, w: np.ndarray, term: Term) -> Found:
    """-T L and its derivatives at weights (K,)."""
    at, total = softmax(design, w), len(design.steps)
    if design.seen is not None:
        return _recorded(design, at, w, term)
    nats, slopes = at.q[design.steps] - at.value[design.block], design.psi[design.steps] - at.mean[design.block]
    weight, more, rewards = design.visits, np.zeros((len(w), len(w))), np.zeros(total)
    value = float(nats.sum())
    if term.lam > 0.0:
        known, ahead = design.after >= END, design.after >= 0
        to = design.after[ahead]
        rewards, moved = at.q[design.steps].copy(), design.psi[design.steps].copy()
        rewards[ahead] -= term.gamma * at.value[to]
        moved[ahead] -= term.gamma * at.mean[to]
        rewards, moved = np.where(known, rewards, 0.0), np.where(known[:, None], moved, 0.0)
        value -= term.lam * float(rewards @ rewards)
        slopes = slopes - 2.0 * term.lam * rewards[:, None] * moved
        more = 2.0 * term.lam * moved.T @ moved
        weight = weight - 2.0 * term.lam * term.gamma * np.bincount(to, rewards[ahead], minlength=len(weight))
    each = np.repeat(weight, np.diff(design.offsets)) * at.chance
    curvature = (each[:, None] * design.psi).T @ design.psi - (weight[:, None] * at.mean).T @ at.mean + more
    return _with_size(Found(value, slopes.sum(axis=0), 0.5 * (curvature + curvature.T), True, slopes, nats, rewards), w, term, total)


def _recorded(design: Design, at: Softmax, w: np.ndarray, term: Term) -> Found:
    """The same of recorded steps, whose likelihood is a sum over what may have been chosen; the curvature is the expected one."""
    assert design.seen is not None
    width = np.diff(design.offsets)
    centred = np.where(at.chance[:, None] > 0.0, design.psi - np.repeat(at.mean, width, axis=0), 0.0)
    chance = design.seen @ at.chance
    slopes = np.asarray(design.seen @ (at.chance[:, None] * centred)) / np.where(chance > 0.0, chance, 1.0)[:, None]
    with np.errstate(divide="ignore"):
        nats = np.log(chance[design.steps])
    each = np.repeat(design.visits, width) * chance
    mine = slopes[design.steps]
    found = Found(float(nats.sum()), mine.sum(axis=0), (each[:, None] * slopes).T @ slopes, False, mine, nats, np.zeros(len(nats)))
    return _with_size(found, w, term, len(nats))


def _with_size(found: Found, w: np.ndarray, term: Term, total: int) -> Found:
    """The same less T l2 |w|^2."""
    if term.l2 == 0.0:
        return found
    size = 2.0 * total * term.l2
    return Found(found.value - 0.5 * size * float(w @ w), found.gradient - size * w, found.curvature + size * np.eye(len(w)), found.exact,
                 found.slopes - size / total * w, found.nats, found.rewards)


def by_path(design: Design, amounts: np.ndarray) -> np.ndarray:
    """Amounts (C,) or (C, K) of the steps, summed by path: (N,) or (N, K)."""
    out = np.zeros((design.decisions.n_paths, *amounts.shape[1:]))
    np.add.at(out, design.owner, amounts)
    return out
