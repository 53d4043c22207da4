"""Which belief would explain a track, under models whose agents keep one belief on what steps cost for a whole trip.

By Bayes' rule each of the R beliefs that the model averages over has the weight P(trip | belief) / sum of these, the draws being an even
sample of what agents believe (importance sampling with the model's own draws; Kong 1992 for the effective number, 1 / sum of squares).
Under these weights the steps of the likeliest way that the track left out, or those that it took instead, may cost something else than they
do. That is told of one street, or of the whole way between two places, and only where

* more than ``FEWEST`` draws in effect hold the weight: one alone is wrong about everything else as well;
* the belief is ``SHIFT`` standard deviations of all beliefs away from what most believe, and ``LEAST`` off the truth;
* those who are at least so far off make the trip ``TIMES`` times as often as the others;
* the trip is ordinary among the trips of who explains it best: at most ``ORDINARY`` standard deviations beyond their mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.beliefs.held import believed_rewards
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.kept.moments import log_recorded
from irlcore.review.scores import surprise_moments
from irlcore.review.words import way as words
from irlcore.review.words.places import Said
from irlcore.worlds.world import World

FEWEST, SHIFT, LEAST, TIMES, ORDINARY = 2.0, 1.0, 0.1, 5.0, 2.0
MAINLY = 0.6  # of what is believed of a whole way, that one street of it must make up to be told by itself


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """first, last: the places between which steps are believed to cost something else, as they are called. ratio: what they are believed to
    cost, over what they do. have: how many of the ``of`` draws are at least so far off. choices: (n,) int64, these steps."""

    first: str
    last: str
    ratio: float
    have: int
    of: int
    choices: np.ndarray

    @property
    def sentence(self) -> str:
        """The belief in words: between which places, how many times dearer or cheaper, and how many draws are as far off."""
        return words.explained(words.believed_of(self.first, self.last), self.ratio, self.have, self.of)


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Steps that one way has and the other lacks: choices (n,), and what the places of their ends are called."""

    choices: np.ndarray
    first: str
    last: str


def belief_of(model: Rationality, prepared: Prepared, solution: Solution, world: World, choices: np.ndarray, way: np.ndarray,
              said: Said) -> Belief | None:
    """The belief that explains a trip of ``choices`` (n,) to the solution's goal, beside the likeliest ``way`` (m,); None where none does,
    or the posterior does not tell."""
    if not len(way) or not len(solution.goal_states) or np.array_equal(choices, way):
        return None
    kept = model.log_kept(prepared, solution)
    if kept is None:
        return None
    log_p = log_recorded(prepared.mdp, kept)[choices].sum(axis=0)
    top = float(log_p.max())
    if not np.isfinite(top):
        return None
    chance = np.exp(log_p - top)
    weight = chance / chance.sum()
    if 1.0 / float((weight**2).sum()) < FEWEST:
        return None
    found = _strongest(model, prepared, world, choices, way, said, weight)
    if found is None:
        return None
    piece, ratio, of_draw = found
    have = of_draw >= ratio if ratio > 1.0 else of_draw <= ratio
    others = float(chance[~have].mean()) if not have.all() else np.inf
    if have.sum() < FEWEST or float(chance[have].mean()) < TIMES * others:
        return None
    best = np.flatnonzero(have)[int(np.argmax(log_p[have]))]
    if not _is_ordinary(prepared, solution, kept[:, best], int(prepared.mdp.choice_state[choices[0]]), -float(log_p[best])):
        return None
    return Belief(piece.first, piece.last, ratio, int(have.sum()), len(weight), piece.choices)


def _strongest(model: Rationality, prepared: Prepared, world: World, choices: np.ndarray, way: np.ndarray, said: Said,
               weight: np.ndarray) -> tuple[_Piece, float, np.ndarray] | None:
    """Of the pieces of both ways the one about which who makes this trip is wrong the most, in nats: that piece, what it is believed to
    cost over what it does, and the same under each draw (R,)."""
    found: list[tuple[float, _Piece, float, np.ndarray]] = []
    for one, other, sign in ((way, choices, 1.0), (choices, way, -1.0)):
        alone = one[~np.isin(one, other)]
        of_alone = believed_rewards(model, prepared, alone) if len(alone) else None
        if of_alone is None:
            continue
        at = {int(choice): k for k, choice in enumerate(alone)}
        for piece in _pieces(world, alone, said):
            cost = -float(prepared.reward[piece.choices].sum())
            if not cost > 0.0:
                continue
            of_draw = -of_alone[[at[int(choice)] for choice in piece.choices]].sum(axis=0) / cost
            ratio, usual, spread = float(weight @ of_draw), float(of_draw.mean()), float(of_draw.std())
            off = sign * (ratio - usual)
            if spread > 0.0 and off >= SHIFT * spread and sign * (ratio - 1.0) >= LEAST:
                found.append((off * cost, piece, ratio, of_draw))
    if not found:
        return None
    most = max(one[0] for one in found)
    streets = [one for one in found if one[1].first == one[1].last and one[0] >= MAINLY * most]
    _, piece, ratio, of_draw = max(streets or found, key=lambda one: (round(one[0], 9), one[1].first, one[1].last))
    return piece, ratio, of_draw


def _pieces(world: World, alone: np.ndarray, said: Said) -> Iterator[_Piece]:
    """All of these choices together, and those of each street."""
    called = [said(int(place)) for place in world.choice_place[alone]]
    yield _Piece(alone, called[0] if len(set(called)) == 1 else said(int(world.choice_from[alone[0]])), called[-1])
    if len(set(called)) > 1:
        for name in dict.fromkeys(called):
            yield _Piece(alone[[one == name for one in called]], name, name)


def _is_ordinary(prepared: Prepared, solution: Solution, log_pi: np.ndarray, start: int, surprise: float) -> bool:
    """Whether who chooses with log chances (M,) makes such trips: how its -log P compares with that of all trips of theirs."""
    mean, variance = surprise_moments(prepared, replace(solution, log_policy=log_pi))
    return bool(surprise - mean[start] <= ORDINARY * np.sqrt(variance[start]) + 1e-9)
