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
from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control
from irlcore.fitting.maximum_likelihood import fit, without_errors
from irlcore.fitting.own_trips import Losses, losses, taken
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, FitWarning
from irlcore.quantities import listed
from irlcore.worlds.goal_prior import knowing_past

NAME = "trimmed_likelihood"
FEWEST = 20  # tracks; with fewer no tail can be told
ROUNDS = 8
ROUNDS_OF_MANY = 2
MANY_GROUPS = 128  # goals times recounts: with more, weights are searched by a part of the tracks until it is known which are left out
LOW = 0.1  # quantile: from there to the median the spread of the normal tracks is told
TAIL = 0.1  # share of the model's own trips beyond which strange tracks are looked for, and whose tail is taken for exponential
SURE = 3.0  # standard deviations by which a tail must have too many
USUAL = 1.0  # of them that chance may well add
MOST = 0.5  # of all tracks may be left out
NAMED = 3


def fit_trimmed(problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None, control: Control | None = None,
                data_hash: str = "") -> FitResult:
    """Weights by trimmed likelihood; arguments and errors as of ``maximum_likelihood.fit``.

    Log-likelihoods and scores of the result are those of *all* paths, so that it compares with other fits to them; ``left_out`` names those
    that taught it nothing. Where there are any it has no standard errors: of intervals from the paths kept, 83 to 93 of 100 covered with 5
    to 10 % of strange agents who differ in one want, as no trimming finds those of them that look ordinary.
    """
    begun, control = time.perf_counter(), control or Control()
    whole = replace(problem, paths=knowing_past(problem.paths, problem.mdp))
    some = sampled(whole)
    part = taken(whole, some)
    first = fit(part, signs, start, control.part(0, 4, "all tracks"), data_hash, quick=True)
    search = _Rounds(first, np.ones(len(part.paths), bool), first.iterations, first.evaluations)
    search = search.run(part, signs, control.part(1, 4, "tracks kept"), ROUNDS)
    if not some.all():  # what is left out of all tracks is told by weights that a part of them, rid of the strange, has found
        search = replace(search, kept=np.ones(len(some), bool), fitted=False)
        search = search.run(whole, signs, control.part(2, 4, "tracks kept"), ROUNDS_OF_MANY, some)
    found, left = search.found, ~search.kept
    used, evaluations = search.iterations, search.evaluations
    if not left.any():  # the very same fit as by maximum likelihood
        found = fit(whole, signs, start, control.part(3, 4, "standard errors"), data_hash)
        return replace(found, estimator=NAME, iterations=used + found.iterations, evaluations=evaluations + found.evaluations,
                       seconds=time.perf_counter() - begun, warnings=(*counted_warnings(problem), *found.warnings))
    judged = problem.evaluate(np.append(found.theta, found.own), problem.groups(), control)
    names = tuple(str(one) for one in problem.paths.ids[np.flatnonzero(left)])
    found = without_errors(found, _said(names, len(left)))
    found = replace(found, warnings=(found.warnings[0], *counted_warnings(problem), *found.warnings[1:]))
    return replace(found, scores=judged.scores, loglik=float(judged.loglik.sum()),
                   loglik_paths=judged.loglik, estimator=NAME, iterations=used, evaluations=evaluations, left_out=names,
                   data_hash=data_hash, seconds=time.perf_counter() - begun)


def counted_warnings(problem: Problem) -> tuple[FitWarning, ...]:
    """Of features that are counted on the very tracks, where there are any: nothing is left out of the counts."""
    other = [(part.phi != problem.phi).any(axis=0) for part in problem.recounts]
    names = [name for name, differs in zip(problem.names, np.any(other, axis=0), strict=True) if differs] if other else []
    if not names:
        return ()
    which, is_are = listed([f'"{name}"' for name in names]), "is" if len(names) == 1 else "are"
    return (FitWarning(names[0] if len(names) == 1 else "", f"{which} {is_are} counted on all of these tracks, strange ones as well. A way "
                       "that many of them share looks ordinary by such counts, however odd, and is not left out.",
                       "Fit once without what is counted to see whether more is left out, or discard such tracks and let verdicts count.",
                       "Counting again on the tracks kept alone hardly changes the weights where few are strange, and does not show more "
                       "of them where many share one way: what is counted is then a law that they helped to make."),)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """A search for the tracks to keep: the newest fit, kept (N,) bool of the paths it looks at, and whether the fit is to these."""

    found: FitResult
    kept: np.ndarray
    iterations: int
    evaluations: int
    fitted: bool = True

    def run(self, problem: Problem, signs: Sequence[str] | None, control: Control, most: int, after: np.ndarray | None = None) -> _Rounds:
        """Rounds until the same tracks are left out as before, ``most`` at most. after: (N,) bool, paths that own trips are drawn after."""
        state, tried = self, [self.kept]
        for k in range(most if len(self.kept) >= FEWEST else 0):
            point = np.append(state.found.theta, state.found.own)
            now = ~too_many(losses(problem, point, control, after), state.kept)
            if np.array_equal(now, state.kept) and (state.fitted or now.all()):
                break
            found = fit(taken(problem, now), signs, point, control.part(k, most, "tracks kept"), quick=True)
            again = any(np.array_equal(now, one) for one in tried)
            state = _Rounds(found, now, state.iterations + found.iterations, state.evaluations + found.evaluations)
            if again:
                break
            tried.append(now)
        return state


def sampled(problem: Problem) -> np.ndarray:
    """(N,) bool: the paths that weights are searched by while tracks are left out: all, or one goal in several where there are many, each
    solved anew for every recount."""
    batches = problem.groups()
    one_in = -(-sum(len(batch.groups) for batch in batches) // MANY_GROUPS)
    chosen = np.zeros(len(problem.paths), bool)
    if one_in <= 1:
        return ~chosen
    for group in [group for batch in batches for group in batch.groups if group.log_prior is None][::one_in]:
        chosen[group.index] = True
    return chosen if chosen.sum() >= FEWEST else np.ones(len(chosen), bool)


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


def _said(left_out: tuple[str, ...], of: int) -> FitWarning:
    """What was left out, in words, and what that does to the fit."""
    few = ", ".join(left_out[:NAMED]) + (f" and {len(left_out) - NAMED:,} more" if len(left_out) > NAMED else "")
    were, their = ("was", "its") if len(left_out) == 1 else ("were", "their")
    return FitWarning("", f"{len(left_out):,} of {of:,} tracks {were} left out of this fit, as stranger than the model makes its own: "
                          f"{few}. How sure its weights are is not told: strange tracks that look ordinary still pull them.",
                      "Look at them on the Review page: if many are ordinary, name the feature that explains them, or fit by maximum "
                      "likelihood.",
                      f"In the log-likelihood {their} part is counted, in the weights it is not. There are no intervals: those of the "
                      "tracks kept would be too narrow, by how much hangs on what the others want, which nothing here tells.")
