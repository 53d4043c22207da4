"""Linear programmes: weights under which every choice seen was the best one, by as much as can be.

A. Y. Ng and S. Russell, *Algorithms for inverse reinforcement learning*, ICML 2000. With R linear in its weights w, the value
of a given policy is linear in w too, so "no other choice is better" is a linear inequality. Section 3, finite states:

    maximise   sum over s of min over a != a1 of (P_a1(s) - P_a(s)) (I - gamma P_a1)^-1 R  -  lambda |R|_1
    subject to (P_a1(s) - P_a(s)) (I - gamma P_a1)^-1 R >= 0 for all s and a,  |R(s)| <= Rmax                 (section 3)

Sections 4 and 5, R a combination of features and what was seen not quite optimal: each term x becomes p(x) = x where x >= 0 and
2 x elsewhere, which is the smaller of the two, and the inequalities go. Section 5 has trajectories alone and compares their
value with that of the policies found so far, adding the best policy of each new w.

Ours: with features of choices the difference is that of Q = phi + gamma P V, which for R(s) is gamma times the paper's.
"""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from irlcore.errors import FitError
from irlcore.fitting.reward_limits import Limits, free_limits
from irlcore.planning.graph import graph_of
from irlcore.planning.values import PolicyEvaluation, reach
from irlcore.worlds.mdp import MDP

BELOW_TRANSITION = 0.9


def programme(ahead: np.ndarray, term: np.ndarray, share: np.ndarray, limits: Limits, penalty: float = 0.0,
              steepness: float | None = 2.0) -> np.ndarray:
    """Weights w (K,) that maximise the sum over terms of share * min over the term's rows of ``ahead`` w, less penalty |w|_1.

    ahead: (n, K) features by which what was seen is ahead of something else; term: (n,) int, the term (a state, or a policy) that
    a row belongs to; share: (T,) weight of each term, every one of which has a row. steepness: of p below 0, 2 in the paper; None
    demands that no row is below 0 instead.
    """
    w, smallest = cp.Variable(ahead.shape[1]), cp.Variable(len(share))
    own = sp.csr_array((np.ones(len(term)), (np.arange(len(term)), term)), shape=(len(term), len(share))) @ smallest
    kept = [ahead @ w >= 0.0] if steepness is None else [own <= steepness * (ahead @ w)]
    return limits.solve(cp.Maximize(share @ smallest - penalty * cp.norm1(w)), w, [own <= ahead @ w, *kept],
                        linear=True)


def advantage(ahead: np.ndarray, term: np.ndarray, share: np.ndarray, w: np.ndarray, steepness: float = 2.0) -> float:
    """What ``programme`` maximises, at weights w (K,) and without the penalty."""
    lowest = least(ahead, term, w)
    return float(share @ np.minimum(lowest, steepness * lowest))


def least(ahead: np.ndarray, term: np.ndarray, w: np.ndarray) -> np.ndarray:
    """(T,): the least of ``ahead`` w in each term."""
    lowest = np.full(int(term.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lowest, term, ahead @ w)
    return lowest


def transition_penalty(ahead: np.ndarray, term: np.ndarray, share: np.ndarray, limits: Limits) -> float:
    """lambda_0: the smallest penalty at which the programme has no answer but 0 (the paper's phase transition).

    The objective grows in proportion to w, so lambda_0 is its largest value for |w|_1 = 1: one more linear programme.
    """
    w, smallest = cp.Variable(ahead.shape[1]), cp.Variable(len(share))
    own = sp.csr_array((np.ones(len(term)), (np.arange(len(term)), term)), shape=(len(term), len(share))) @ smallest
    found = limits.solve(cp.Maximize(share @ smallest), w,
                         [own <= ahead @ w, ahead @ w >= 0.0, cp.norm1(w) <= limits.size], linear=True)
    return advantage(ahead, term, share, found) / limits.size


def state_rewards(mdp: MDP, chosen: np.ndarray, gamma: float, penalty: float | None = None, largest: float = 1.0) -> np.ndarray:
    """Section 3 as it stands: rewards R (S,) of states under which ``chosen`` (S,), a choice of every state, is the best policy.

    penalty: lambda above; None takes ``BELOW_TRANSITION`` of lambda_0, the simplest rewards that still explain.
    largest: Rmax. gamma must be below 1: the agent goes on for ever. Zeros where no rewards explain the policy. Solves S right
    sides: for a few thousand states at most.
    FitError where the choices or gamma are not of that kind.
    """
    states = np.arange(mdp.n_states)
    if len(chosen) != mdp.n_states or not np.array_equal(mdp.choice_state[chosen], states):
        raise FitError("The policy does not name one choice of every state, in order.", "Give a choice for each state.")
    if not 0.0 < gamma < 1.0:
        raise FitError(f"With gamma = {gamma:g} an agent that goes on for ever has no value.", "Use gamma between 0 and 1.")
    graph = graph_of(mdp)
    policy = np.zeros(mdp.n_choices)
    policy[chosen] = 1.0
    nowhere = np.empty(0, np.int64)
    to_go = PolicyEvaluation(graph, policy, gamma, reach(graph, nowhere, gamma), nowhere).solve(np.eye(mdp.n_states))
    other = np.flatnonzero(policy == 0.0)
    here = mdp.choice_state[other]
    ahead = (graph.P[chosen[here]] - graph.P[other]) @ to_go
    term = np.unique(here, return_inverse=True)[1]
    limits = free_limits(mdp.n_states, largest)
    share = np.ones(int(term.max()) + 1)
    if penalty is None:
        penalty = BELOW_TRANSITION * transition_penalty(ahead, term, share, limits)
    return programme(ahead, term, share, limits, penalty, steepness=None)

