"""What is seen of a choice is where it led.

In a deterministic world that names the choice. Where chance moves too, another choice may have led to the same place, so a
step has the likelihood q(c) = sum over the state's choices m of B[c, m] pi(m), with B[c, m] the chance that m leads where
the recorded choice c leads most often. Taking c itself for what was chosen would put chance down to wants.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.mdp import MDP, choices_between


def recorded_choices(mdp: MDP) -> np.ndarray:
    """(E,) int64: the choice recorded for every outcome (choice, successor): the one of the same state that leads there most
    often; the outcome's own choice where none does. Kept with the MDP."""
    return mdp.derived(_recorded_choices)


def _recorded_choices(mdp: MDP) -> np.ndarray:
    own = mdp.outcome_choice
    known = own if mdp.deterministic else choices_between(mdp, mdp.choice_state[own], mdp.successors)
    return np.where(known >= 0, known, own)


def confusion(mdp: MDP) -> sp.csr_array:
    """B (M, M): the chance that a choice (column) is recorded as another (row) of its state. Kept with the MDP."""
    return mdp.derived(_confusion)


def _confusion(mdp: MDP) -> sp.csr_array:
    return sp.csr_array((mdp.probabilities, (recorded_choices(mdp), mdp.outcome_choice)), shape=(mdp.n_choices,) * 2)


def log_seen(prepared: Prepared, solution: Solution) -> np.ndarray:
    """log q (M,): of each choice, as far as it can be seen; -inf where nothing leads there on the way to the goal."""
    if prepared.mdp.deterministic:
        return solution.log_policy
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(confusion(prepared.mdp) @ solution.policy))


def seen_rows(mdp: MDP, choices: np.ndarray, log_pi: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log q (n,) and its derivative (n, K) of all ``choices`` (n,) of some states, from log pi and its derivative there."""
    if mdp.deterministic:
        return log_pi, slopes
    B, policy = confusion(mdp)[choices][:, choices], np.exp(log_pi)
    chance = B @ policy
    moved = B @ np.where(policy[:, None] > 0.0, policy[:, None] * slopes, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(chance), np.asarray(moved * _inverse(chance)[:, None])


def pull_seen(prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
    """Weights (B, M) on log q pulled back to log pi, (B, M): the adjoint of ``seen_rows``."""
    if prepared.mdp.deterministic:
        return weights
    B, policy = confusion(prepared.mdp), solution.policy
    return np.asarray((B.T @ (weights * _inverse(B @ policy)).T).T * policy)


def _inverse(chance: np.ndarray) -> np.ndarray:
    return np.where(chance > 0.0, 1.0 / np.where(chance > 0.0, chance, 1.0), 0.0)
