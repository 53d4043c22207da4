"""How much the temporal-difference term should count, and how far ahead rewards should count, chosen on tracks that were held out.

The rows of a design are made once for each discount, under one plan; each fold leaves out some agents, or tracks, fits to steps of the
others and is judged by the likelihood of those left out. Of settings that are as good, within rounding, that with the least lam is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.features.folds import fold_of
from irlcore.fitting.demonstrations import with_known_goals
from irlcore.fitting.maximum_likelihood import all_bounds, check_problem
from irlcore.fitting.problem import Problem
from irlcore.fitting.small_samples import agents_of
from irlcore.fitting.value_basis.estimate import check_terms
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.fitting.value_basis.rounds import Rounds
from irlcore.worlds.goal_prior import with_the_one_goal

LAMS = (0.0, 0.01, 0.1, 1.0)
FOLDS = 5
SAME = 1e-9  # nats a track


@dataclass(frozen=True, slots=True)
class Choice:
    """lam and gamma that explain held-out tracks best, and nats a track held out, (len(gammas), len(lams)), under every setting that was
    tried; -inf where a discount has no plan."""

    lam: float
    gamma: float
    lams: tuple[float, ...]
    gammas: tuple[float, ...]
    held_out: np.ndarray


def choose_lam(problem: Problem, signs: Sequence[str] | None = None, lams: Sequence[float] = LAMS, gammas: Sequence[float] | None = None,
               *, l2: float = 0.0, folds: int = FOLDS, control: Control | None = None) -> Choice:
    """The best of ``lams`` x ``gammas`` (the problem's own discount alone by default) by cross-validation.

    Raises FitError where there are not two agents or tracks, no discount has a plan, or a setting cannot be. l2 holds weights that a fold
    sets no limit to.
    """
    check_problem(problem)
    gammas = (problem.gamma,) if gammas is None else tuple(gammas)
    if not len(gammas) or not len(lams):
        raise FitError("There is nothing to choose from.", "Name at least one lam and one discount.")
    for lam in lams:
        check_terms(problem, lam, l2)
    known, control = with_known_goals(replace(problem, paths=with_the_one_goal(problem.paths, problem.mdp))), control or Control()
    agent, count = agents_of(known)
    if count < 2 or folds < 2:
        raise FitError(f"{count} independent {'track' if count == 1 else 'tracks'} in {folds} folds tell nothing of tracks held out.",
                       "Use more tracks, of more than one agent, and 2 folds or more.")
    fold = fold_of(count, min(folds, count))[agent]
    table = np.full((len(gammas), len(lams)), -np.inf)
    for i, gamma in enumerate(gammas):
        rounds = Rounds(replace(known, gamma=gamma), *all_bounds(problem, signs), Term(), control)
        try:
            table[i] = _held_out(rounds, fold, lams, l2, control, i * len(lams), len(lams) * len(gammas))
        except FitError as error:
            if len(gammas) == 1:
                raise
            last = error
    if not np.isfinite(table).any():
        raise last
    row, column = min(zip(*np.nonzero(table >= table.max() - SAME), strict=True), key=lambda at: (lams[at[1]], -gammas[at[0]]))
    return Choice(lams[column], gammas[row], tuple(lams), gammas, table)


def _held_out(rounds: Rounds, fold: np.ndarray, lams: Sequence[float], l2: float, control: Control, done: int, total: int) -> np.ndarray:
    """(len(lams),) nats a track held out."""
    planned = rounds.first(None)
    out = np.zeros(len(lams))
    for j, lam in enumerate(lams):
        control.step(done + j, total, f"held-out tracks, lam {lam:g}")
        rounds.term = Term(lam, l2, rounds.problem.gamma)
        for k in range(int(fold.max()) + 1):
            found = rounds.fit(replace(planned, design=planned.design.only(fold != k)))
            judged = evaluate_rows(planned.design.only(fold == k), found.best.point.theta, Term())
            out[j] += float(judged.nats.sum()) / len(fold)
    return out
