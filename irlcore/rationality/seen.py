"""What is seen of a choice is where it led.

Where a state's choices lead to different states and nothing moves by chance, that names the choice. Elsewhere another choice may
have led to the same place, so a step has the likelihood q(c) = sum over the state's choices m of B[c, m] pi(m), with B[c, m] the
chance that m leads where the recorded choice c leads most often. Taking c itself for what was chosen would put chance down to wants.

The same holds of parallel choices, which lead from one state to one other whatever chance does: they count together, and which of
them a path names makes no difference. Nothing is lost where the data does tell ways apart: in a network a state is a link, so
parallel links are different states, and the choice that leads to each is known for certain by the link's id. Cells of a grid, the
places of a table of transitions and the contexts of an event log are all that is seen there, so the choices between them are not.
Where observed choices come as a table that names them (``MDP.choices_seen``), they are what they are, and a step has the likelihood of
its choice alone: what chance made of it is given.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.mdp import MDP, choices_between


def told_apart(mdp: MDP) -> bool:
    """Whether it is known which choice was made: because paths say so, or where it led names it: one successor a choice, and no two
    choices of a state lead alike. Kept with the MDP."""
    return mdp.choices_seen or mdp.derived(_told_apart)


def _told_apart(mdp: MDP) -> bool:
    pairs = mdp.choice_state * np.int64(mdp.n_states) + mdp.likeliest
    return mdp.deterministic and len(np.unique(pairs)) == mdp.n_choices


def first_alike(mdp: MDP) -> np.ndarray:
    """(M,) int64: of the choices of a state that lead most often to the same state, the first, which stands for all of them."""
    return mdp.derived(_first_alike)


def _first_alike(mdp: MDP) -> np.ndarray:
    return choices_between(mdp, mdp.choice_state, mdp.likeliest)


def drawn_alike(mdp: MDP, policy: np.ndarray, choices: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) int64: of the choices that lead alike one by ``policy`` (M,) for each of ``choices`` (n,), the first of them; where it is seen
    which one is made, this is how it comes about."""
    first = first_alike(mdp)
    if not mdp.choices_seen or bool((first == np.arange(len(first))).all()):
        return choices
    order = np.argsort(first, kind="stable")
    summed = np.concatenate(([0.0], np.cumsum(policy[order])))
    a, b = (np.searchsorted(first[order], choices, side=side) for side in ("left", "right"))
    at = np.searchsorted(summed, summed[a] + rng.random(len(choices)) * (summed[b] - summed[a]), side="right") - 1
    return np.asarray(order[np.clip(at, a, np.maximum(b - 1, a))])


def recorded_choices(mdp: MDP) -> np.ndarray:
    """(E,) int64: the choice recorded for every outcome (choice, successor): the one of the same state that leads there most
    often, of several the first; the outcome's own choice where none does. Kept with the MDP."""
    return mdp.derived(_recorded_choices)


def _recorded_choices(mdp: MDP) -> np.ndarray:
    own = mdp.outcome_choice
    known = own if told_apart(mdp) else choices_between(mdp, mdp.choice_state[own], mdp.successors)
    return np.where(known >= 0, known, own)


def confusion(mdp: MDP) -> sp.csr_array:
    """B (M, M): the chance that a choice (column) is recorded as another (row) of its state; choices that lead most often to the
    same state have the same row. Kept with the MDP."""
    return mdp.derived(_confusion)


def _confusion(mdp: MDP) -> sp.csr_array:
    seen = sp.csr_array((mdp.probabilities, (recorded_choices(mdp), mdp.outcome_choice)), shape=(mdp.n_choices,) * 2)
    return seen if told_apart(mdp) else sp.csr_array(seen[first_alike(mdp)])


def log_seen(prepared: Prepared, solution: Solution) -> np.ndarray:
    """log q (M,): of each choice, as far as it can be seen; -inf where nothing leads there on the way to the goal."""
    if told_apart(prepared.mdp):
        return solution.log_policy
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(confusion(prepared.mdp) @ solution.policy))


def seen_rows(mdp: MDP, choices: np.ndarray, log_pi: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log q (n,) and its derivative (n, K) of all ``choices`` (n,) of some states, from log pi and its derivative there."""
    if told_apart(mdp):
        return log_pi, slopes
    B, policy = confusion(mdp)[choices][:, choices], np.exp(log_pi)
    chance = B @ policy
    moved = B @ np.where(policy[:, None] > 0.0, policy[:, None] * slopes, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(chance), np.asarray(moved * _inverse(chance)[:, None])


def pull_seen(prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
    """Weights (B, M) on log q pulled back to log pi, (B, M): the adjoint of ``seen_rows``."""
    if told_apart(prepared.mdp):
        return weights
    B, policy = confusion(prepared.mdp), solution.policy
    return np.asarray((B.T @ (weights * _inverse(B @ policy)).T).T * policy)


def _inverse(chance: np.ndarray) -> np.ndarray:
    return np.where(chance > 0.0, 1.0 / np.where(chance > 0.0, chance, 1.0), 0.0)
