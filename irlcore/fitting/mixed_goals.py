"""The likelihood of trips whose goal is one of several, since they were cut off before they arrived.

    l_i = log sum_g prior_g(i) P(i | g),   d l_i = sum_g w_ig d l_ig,   w_ig the posterior of goal g

The information of the steps is the posterior's mean of that under each goal, E_w[I_ig]. It is too much: not knowing the goal takes
Var_w(d l_ig) from it, trip by trip (Louis, *Journal of the Royal Statistical Society* B 44, 1982, equation 3.2'). A search steps by the
first, which never has negative curvature (these are the steps of EM); standard errors are told by what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.fitting.solved_goals import Piece, SolvedGoals, pieces_of
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Group, Prepared, Trips, sum_trips
from irlcore.rationality.unfinished import Mixture

MOST_NUMBERS = 4_000_000  # of scores and informations of trips, in memory at once


@dataclass(frozen=True, slots=True)
class Mixed:
    """Of n trips: loglik (n,) nats, scores (n, K + P), and summed over them information and missing (K + P, K + P)."""

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    missing: np.ndarray


def trips_of(judge: tuple[Rationality, Prepared, np.ndarray], group: Group) -> Trips:
    """The likelihood of a group's trips under a model with features phi (M, K), and its derivatives."""
    model, prepared, phi = judge
    return model.trips(prepared, group, phi)


def trips_of_all(judge: tuple[Rationality, Prepared, np.ndarray], groups: list[Group]) -> list[Trips]:
    """The same of groups that are judged side by side."""
    model, prepared, phi = judge
    return model.trips_of_all(prepared, groups, phi)


def logliks_of(judge: tuple[Rationality, Prepared], group: Group) -> np.ndarray:
    """(n,) nats, the log-likelihood of a group's trips alone."""
    model, prepared = judge
    return sum_trips(model.log_steps(prepared, group), group.offsets)


def _joint_under(judge: tuple[Rationality, Prepared], group: Group) -> np.ndarray:
    """(n,) log prior + log likelihood of trips that were cut off."""
    found = logliks_of(judge, group)
    assert group.log_prior is not None
    return np.where(np.isnan(found), -np.inf, found) + group.log_prior


def evaluate_mixed(model: Rationality, prepared: Prepared, phi: np.ndarray, groups: list[Group], index: np.ndarray,
                   control: Control | None = None) -> Mixed:
    """The trips ``index`` (n,), ascending, each under the goals of the ``groups`` that it is in; -inf where none gives it a chance."""
    k = phi.shape[1] + len(model.parameters)
    mixture = Mixture(len(index), (k,), (k, k), (k, k))
    for some in _in_turn(groups, k * k):
        for group, found in zip(some, run_all(trips_of, some, control, shared=(model, prepared, phi)), strict=True):
            squares = found.scores[:, :, None] * found.scores[:, None, :]
            each = squares if found.each is None else found.each
            mixture.add(np.searchsorted(index, group.index), _joint(found, group), found.scores, each, squares)
    scores = mixture.mean(0)
    information, squares = mixture.mean(1).sum(axis=0), mixture.mean(2).sum(axis=0)
    return Mixed(mixture.log, scores, information, squares - scores.T @ scores)


def _joint(found: Trips, group: Group) -> np.ndarray:
    """(n,) log prior + log likelihood; -inf where a trip has no chance, or nothing that says how its chance would change."""
    assert group.log_prior is not None
    sound = np.isfinite(found.loglik) & np.isfinite(found.scores).all(axis=1)
    return np.where(sound, np.where(sound, found.loglik, 0.0) + group.log_prior, -np.inf)


def logliks_under(model: Rationality, prepared: Prepared, groups: list[Group], index: np.ndarray,
                  control: Control | None = None) -> tuple[np.ndarray, list[np.ndarray]]:
    """Log-likelihood (n,) of the trips ``index`` (n,), ascending, and of each of the ``groups`` the log joint chances (m,) of its trips."""
    joint, mixture = run_all(_joint_under, groups, control, "goals tried", shared=(model, prepared)), Mixture(len(index))
    for group, of_goal in zip(groups, joint, strict=True):
        mixture.add(np.searchsorted(index, group.index), of_goal)
    return mixture.log, joint


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of the trips that may have gone to one goal: at (b,), where they stand among all that were cut off, and share (b,), the
    chance that they did."""

    piece: Piece
    at: np.ndarray
    share: np.ndarray


def shares_of(model: Rationality, prepared: Prepared, groups: list[Group], index: np.ndarray, block: int,
              control: Control | None = None) -> list[Share]:
    """The trips ``index`` (n,), ascending, under each goal that is likely at all, goal after goal, at most ``block`` at a time."""
    mine = [group.only(np.isin(group.index, index)) for group in groups]
    total, joint = logliks_under(model, prepared, mine, index, control)
    out: list[Share] = []
    for group, of_goal in zip(mine, joint, strict=True):
        at = np.searchsorted(index, group.index)
        share = np.where(np.isfinite(of_goal), np.exp(np.where(np.isfinite(of_goal), of_goal - total[at], 0.0)), 0.0)
        used = np.flatnonzero(share > 0.0)
        starts = range(0, len(used), block)
        out += [Share(piece, at[used[start:start + block]], share[used[start:start + block]])
                for start, piece in zip(starts, pieces_of([group.only(share > 0.0)], block), strict=True)]
    return out


def mixed_residuals(model: Rationality, prepared: Prepared, groups: list[Group], index: np.ndarray, block: int,
                    control: Control | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Parts of the residual matrix of the trips ``index`` (n,), ascending: pairs (rows (b,), added (b, M)), whose sums it is. Each goal is
    solved twice, once to know how likely it is. At most ``block`` rows at once, in a fixed order."""
    control = control or Control()
    shares, solved, done = shares_of(model, prepared, groups, index, block, control), SolvedGoals(model, prepared), 0
    rows = np.cumsum([0, *(len(one.at) for one in shares)])
    while done < len(shares):
        control.step(done, len(shares), "Tracing what the model does not expect")
        upto = max(done + 1, int(np.searchsorted(rows, rows[done] + block, side="right")) - 1)
        some = shares[done:upto]
        yield from zip((one.at for one in some), run_all(weighted_residuals, some, control, shared=solved), strict=True)
        done = upto


def weighted_residuals(solved: SolvedGoals, share: Share) -> np.ndarray:
    """(b, M): residuals under a goal, as far as it is likely."""
    return share.share[:, None] * solved.residuals(share.piece)


def _in_turn(groups: list[Group], numbers: int) -> Iterator[list[Group]]:
    """The groups in pieces whose trips, of so many ``numbers`` each, are few enough to be in memory at once."""
    piece: list[Group] = []
    for group in groups:
        if piece and sum(len(one.index) for one in (*piece, group)) * 3 * numbers > MOST_NUMBERS:
            yield piece
            piece = []
        piece.append(group)
    if piece:
        yield piece
