"""Trimmed likelihood: the weights of those tracks that are no stranger than the model itself makes its own, so that the others teach it
nothing.

Maximum trimmed likelihood (Neykov and Mueller, "Breakdown point and computation of trimmed likelihood estimators in generalized linear
models", 2003) leaves out the least likely; here "least likely" is told by how much worse a track went than the model expects of it
(``own_trips``), since long tracks are always improbable. Nobody has to say how many: after Gervini and Yohai ("A class of robust and fully
efficient regression estimators", 2002) those are left out that the tail has *too many* of, against trips drawn from the model, less what
chance may add. A clean sample has none too many, so it is fitted as by maximum likelihood, with the same errors. Where real agents vary
more than the model says, its trips are stretched to vary as much: by the lower half of the losses, in which the strange have no part (after
Efron, "Large-scale simultaneous hypothesis testing", 2004).

The search begins with all tracks and goes on in rounds (concentration steps, Rousseeuw and Van Driessen 1999) until the same tracks are
left out as before: the sharper the model gets, the more of the strange show. Begun with the plainest tracks instead, it would end there,
too, with a model so sharp that ordinary tracks look strange to it (of 30 clean samples of 300, up to 26 tracks were lost, against 7).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from irlcore.engine import Control
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.own_trips import Losses, losses
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, FitWarning
from irlcore.worlds.goal_prior import knowing_past

NAME = "trimmed_likelihood"
FEWEST = 20  # tracks; with fewer no tail can be told
ROUNDS = 8
LOW = 0.1  # quantile: from there to the median the spread of the normal tracks is told
TAIL = 0.1  # share of the model's own trips beyond which strange tracks are looked for, and whose tail is taken for exponential
SURE = 3.0  # standard deviations by which a tail must have too many
USUAL = 1.0  # of them that chance may well add
MOST = 0.5  # of all tracks may be left out
NAMED = 3


def fit_trimmed(problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None, control: Control | None = None,
                data_hash: str = "") -> FitResult:
    """Weights by trimmed likelihood; arguments and errors as of ``maximum_likelihood.fit``.

    Log-likelihoods and scores of the result are those of *all* paths, so that it compares with other fits to them; its standard errors
    are those of the maximum-likelihood fit to the paths that were kept (``left_out`` names the others).
    """
    begun, control = time.perf_counter(), control or Control()
    parts = ROUNDS + 3
    found = fit(problem, signs, start, control.part(0, parts, "all tracks"), data_hash, quick=True)
    used, evaluations = found.iterations, found.evaluations
    whole = replace(problem, paths=knowing_past(problem.paths, problem.mdp))
    kept = np.ones(len(problem.paths), bool)
    tried: list[np.ndarray] = []
    while len(kept) >= FEWEST and len(tried) <= ROUNDS:
        lost = losses(whole, np.append(found.theta, found.own), control)
        now = ~too_many(lost, kept)
        if np.array_equal(now, kept) or any(np.array_equal(now, one) for one in tried):
            kept = now
            break
        tried.append(now)
        kept = now
        found = fit(taken(whole, kept), signs, np.append(found.theta, found.own), control.part(len(tried), parts, "tracks kept"), data_hash,
                    quick=True)
        used, evaluations = used + found.iterations, evaluations + found.evaluations
    begin = start if kept.all() else np.append(found.theta, found.own)  # where none is left out, it is the very same fit
    found = fit(taken(whole, kept), signs, begin, control.part(parts - 1, parts, "standard errors"), data_hash)
    judged = problem.evaluate(np.append(found.theta, found.own), problem.groups(), control)
    names = tuple(str(one) for one in problem.paths.ids[np.flatnonzero(~kept)])
    return replace(found, scores=judged.scores, loglik=float(judged.loglik.sum()), loglik_paths=judged.loglik, estimator=NAME,
                   iterations=used + found.iterations, evaluations=evaluations + found.evaluations, left_out=names,
                   seconds=time.perf_counter() - begun, warnings=(*_said(names, len(kept)), *found.warnings))


def taken(problem: Problem, kept: np.ndarray) -> Problem:
    """The problem of the paths that ``kept`` (N,) bool marks, each judged by the same features as before."""
    if kept.all():
        return problem
    place = np.cumsum(kept) - 1
    recounts = [PathFeatures(place[part.index[kept[part.index]]], part.phi) for part in problem.recounts]
    return replace(problem, paths=problem.paths.take(np.flatnonzero(kept)), recounts=tuple(part for part in recounts if len(part.index)),
                   clusters=None if problem.clusters is None else np.asarray(problem.clusters)[kept])


def too_many(lost: Losses, kept: np.ndarray) -> np.ndarray:
    """(N,) bool: the strangest tracks, as many as the tail has more than the model's own trips have there, where that is more than chance
    makes. kept: (N,) bool, those by which the usual spread is told."""
    seen, own = lost.seen, _stretched(lost.own, lost.seen[kept])
    begin = float(np.quantile(own, 1.0 - TAIL))
    beyond = own[own > begin]
    order = np.sort(seen[seen > begin])[::-1]
    if not len(order) or not len(beyond):
        return np.zeros(len(seen), bool)
    expected = len(seen) * len(beyond) / len(own) * np.exp(-(order - begin) / float((beyond - begin).mean()))
    count = np.searchsorted(-order, -order, side="right")  # so many are at least as strange
    more = count - expected
    by_chance = np.sqrt(expected * (1.0 + len(seen) / len(own)))
    surplus = np.where(more > SURE * by_chance, more - USUAL * by_chance, 0.0)
    many = min(round(float(surplus.max())), int(MOST * len(seen)))
    return np.asarray(seen >= order[min(many, len(order)) - 1]) if many else np.zeros(len(seen), bool)


def _stretched(own: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The model's own losses (m,) moved to the median of those seen (n,), and stretched where these vary more below it."""
    (low, middle), (own_low, own_middle) = (np.quantile(one, [LOW, 0.5]) for one in (seen, own))
    wide = (middle - low) / (own_middle - own_low) if own_middle > own_low else 1.0
    return np.asarray(middle + max(1.0, float(wide)) * (own - own_middle))


def _said(left_out: tuple[str, ...], of: int) -> tuple[FitWarning, ...]:
    """What was left out, in words; nothing where nothing was."""
    if not left_out:
        return ()
    few = ", ".join(left_out[:NAMED]) + (f" and {len(left_out) - NAMED:,} more" if len(left_out) > NAMED else "")
    were, their = ("was", "its") if len(left_out) == 1 else ("were", "their")
    return (FitWarning("", f"{len(left_out):,} of {of:,} tracks {were} left out of this fit, as stranger than the model makes its own: "
                           f"{few}.", "Look at them on the Review page: if many are ordinary, name the feature that explains them, or fit "
                                      "by maximum likelihood.",
                       f"In the log-likelihood {their} part is counted, in the weights and the standard errors it is not. The errors take "
                       "the tracks kept for normal: strange ones that look as ordinary as these still pull, by about one standard error "
                       "where they are a tenth of all."),)
