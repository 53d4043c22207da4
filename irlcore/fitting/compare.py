"""Which model explains a class of agents best? Every model is judged on trips that its weights were not fitted to.

K folds by trip (Stone 1974): each model is fitted on all folds but one and judged on that one, so that every trip has a held-out
log-likelihood under every model. Differences are paired over trips, d_i = l_i(model) - l_i(best); their standard error is
sd(d) / sqrt(N). The fits share most of their trips, which this leaves out (no unbiased estimate exists: Bengio and Grandvalet
2004), and the best of several is flattered a little by being chosen: two standard errors are the least to ask for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.features.feature_set import PathFeatures
from irlcore.features.folds import fold_by_id
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.quantities import listed
from irlcore.rationality.base import Rationality
from irlcore.rationality.guided.guided import Guided
from irlcore.worlds.goal_prior import with_past
from irlcore.worlds.mdp import Paths

FOLDS = 5
SEED = 20125
TOLD_APART = 2.0  # standard errors
NO_DIFFERENCE = 1e-6  # nats a trip: rounding, and where a search stops
FEW_TRIPS = 30

Features = Callable[[Paths], tuple[np.ndarray, tuple[PathFeatures, ...]]]
"""Phi (M, K) as it is where only these trips are known."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """R models side by side on N held-out trips.

    models, titles: (R,) names, and what people call them. trouble: (R,) why a model could not be fitted, empty where it could.
    fold: (N,) int64, the fold that a trip was held out in. loglik: (R, N) float64, nats of each trip under weights of the other
    folds; -inf where the model cannot make the trip, NaN in the row of a model with trouble. gamma: discount. seconds: wall
    time. made: ISO time. data_hash: of paths, world and features.
    """

    models: tuple[str, ...]
    titles: tuple[str, ...]
    trouble: tuple[str, ...]
    fold: np.ndarray
    loglik: np.ndarray
    gamma: float
    seconds: float
    made: str = ""
    data_hash: str = ""

    @property
    def folds(self) -> int:
        """The number of folds."""
        return int(self.fold.max()) + 1

    @property
    def mean(self) -> np.ndarray:
        """(R,) nats a trip. One trip that a model calls impossible makes its mean -inf."""
        return np.asarray(self.loglik.mean(axis=1))

    @property
    def impossible(self) -> np.ndarray:
        """(R,) int64: trips that have no chance at all under a model."""
        return np.asarray(np.isneginf(self.loglik).sum(axis=1))

    @property
    def order(self) -> np.ndarray:
        """(R',) int64: the models that could be fitted, the best first: fewest impossible trips, then the highest mean."""
        fitted = np.array([r for r, why in enumerate(self.trouble) if not why], np.int64)
        total = [float(np.sum(self.loglik[r, self._judged(int(r))])) for r in fitted]  # peers are judged on as many trips
        return fitted[np.lexsort((-np.array(total), self.impossible[fitted]))]

    def _judged(self, row: int) -> np.ndarray:
        """(N,) bool: the trips that a model and all with as many impossible ones can make; every trip where none is impossible."""
        peers = self.loglik[self.impossible == self.impossible[row]]
        return np.asarray((np.isfinite(peers) | np.isnan(peers)).all(axis=0))

    @property
    def best(self) -> int:
        """The row of the model that explains the held-out trips best, whether or not it can be told apart from the next."""
        return int(self.order[0])

    def difference(self) -> np.ndarray:
        """(R, 2) float64: mean of l_i(model) - l_i(best), nats a trip, and its paired standard error.

        (-inf, NaN) for a model with more impossible trips than the best has (where both have some, over the trips that both can
        make), NaN for one that could not be fitted, (0, 0) for the best itself.
        """
        out, judged = np.full((len(self.models), 2), np.nan), self._judged(self.best)
        for r in self.order:
            if self.impossible[r] > self.impossible[self.best]:
                out[r, 0] = -np.inf
            elif judged.any():
                paired = self.loglik[r, judged] - self.loglik[self.best, judged]
                out[r] = paired.mean(), paired.std(ddof=1) / np.sqrt(len(paired)) if len(paired) > 1 else np.nan
        return out

    def unclear(self) -> tuple[int, ...]:
        """Rows of the models that cannot be told apart from the best on these trips: within two standard errors of it."""
        found = self.difference()
        near = [-found[r, 0] <= NO_DIFFERENCE or not -found[r, 0] > TOLD_APART * found[r, 1] for r in self.order]
        return tuple(int(r) for r, close in zip(self.order, near, strict=True) if close and r != self.best and np.isfinite(found[r, 0]))

    def table(self) -> pd.DataFrame:
        """One row a model, the best first: nats a held-out trip, difference to the best, its standard error, impossible trips."""
        rows = [*self.order.tolist(), *(r for r, why in enumerate(self.trouble) if why)]
        found = self.difference()[rows]
        return pd.DataFrame({"model": [self.titles[r] for r in rows], "nats a trip, held out": self.mean[rows],
                             "difference to the best": found[:, 0], "standard error": found[:, 1],
                             "impossible trips": self.impossible[rows]})


def compare_models(problem: Problem, models: Sequence[Rationality], folds: int = FOLDS, seed: int = SEED,
            signs: Sequence[str] | None = None, control: Control | None = None, features: Features | None = None,
            data_hash: str = "") -> Comparison:
    """The models side by side on the problem's trips (its own model is not asked).

    features: gives phi, and recounts of these trips, from the trips of the other folds, for features that are counted on trips
    (class traffic); without it ``problem.phi`` serves every fold, which flatters such features. Each fold's search begins at the
    weights of the fold before.
    A model that cannot be fitted is named with the reason. Raises FitError where that holds for all, or there are fewer trips
    than folds; Cancelled on request.
    """
    begun, n = time.perf_counter(), len(problem.paths)
    if not 2 <= folds <= n:
        raise FitError(f"{n} trips cannot be held out in {folds} folds.", "Compare on more trips, at least as many as folds, and on "
                       "two folds or more.")
    fold = fold_by_id(problem.paths.ids, folds, seed)
    loglik, trouble = np.full((len(models), n), np.nan), [""] * len(models)
    start: list[np.ndarray | None] = [None] * len(models)
    control, titles = control or Control(), tuple(short_title(m) for m in models)
    for k in range(folds):  # models within folds: after the first fold the time left is known, however unlike the models are
        # what a track that was cut off was on its way to is told by the trips of the other folds, too
        paths = with_past(problem.paths, problem.paths.take(np.flatnonzero(fold != k)), problem.mdp)
        training, held = paths.take(np.flatnonzero(fold != k)), paths.take(np.flatnonzero(fold == k))
        phi, own = (problem.phi, ()) if features is None else features(training)
        for r, model in enumerate(models):
            watch = control.part(k * len(models) + r, folds * len(models), f"{titles[r]}, fold {k + 1} of {folds}")
            watch.step(0, 1, "begun")
            if trouble[r]:
                continue
            part = replace(problem, phi=phi, paths=training, model=model, recounts=own, clusters=None)
            try:
                found = fit(part, signs, start[r], watch, quick=True)
                weights = start[r] = np.append(found.theta, found.own)
                loglik[r, fold == k] = path_logliks(model, part.prepare(weights), held, watch)
            except (FitError, Infeasible) as error:
                trouble[r], loglik[r] = error.what, np.nan
    if all(trouble):
        raise FitError(f"No model could be fitted. {trouble[0]}" if models else "There is no model to compare.",
                       "Fit one model first: what it says also helps here.")
    return Comparison(tuple(m.name for m in models), titles, tuple(trouble), fold, loglik, problem.gamma,
                      time.perf_counter() - begun, datetime.now(UTC).isoformat(timespec="seconds"), data_hash)


def short_title(model: Rationality) -> str:
    """What people call a model: its title up to the colon; a variant's own words behind it ("NoisyValue, weights")."""
    if isinstance(model, Guided):
        return f"{short_title(model.plan)} with {listed([spec.called for spec in model.specs])}"
    head = model.title.split(":")[0]
    family = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", head).lower()
    rest = model.name.removeprefix(family) if model.name.startswith(f"{family}_") else ""
    said = [head, rest.removesuffix("_persistent").strip("_").replace("_", " "), "one error a trip" if rest.endswith("_persistent") else ""]
    return ", ".join(part for part in said if part)


def explained_best(comparison: Comparison) -> list[str]:
    """Which model explains this class best, in plain words, with what the words rest on; the first sentence is the answer."""
    c, found, n = comparison, comparison.difference(), comparison.loglik.shape[1]
    best, unclear = c.titles[c.best], c.unclear()
    worse = [int(r) for r in c.order[1:] if r not in unclear]

    def told(r: int) -> str:
        return f"{c.titles[r]} ({-found[r, 0]:.3f} nats a trip behind, standard error {found[r, 1]:.3f})"

    if len(c.order) == 1:
        said = [f"Only {best} could be fitted, so there is nothing to compare it with."]
    elif unclear:
        said = [f"{best} comes first, but cannot be told apart from {listed([told(r) for r in unclear])} on these {n:,} trips.",
                "More trips, or a feature that matters to them, may tell the models apart."]
    elif np.isneginf(found[worse[0], 0]):
        why = "which calls the fewest trips impossible" if c.impossible[c.best] else "the only one to allow for every trip that was seen"
        said = [f"This class of agents is explained best by {best}, {why}."]
    else:
        said = [f"This class of agents is explained best by {best}: {-found[worse[0], 0]:.3f} nats a trip better than "
                f"{c.titles[worse[0]]} (standard error {found[worse[0], 1]:.3f}), on {n:,} trips held out."]
        worse = worse[1:]
    finite = [told(r) for r in worse if np.isfinite(found[r, 0])]
    said += [f"Further back: {listed(finite)}."] if finite else []
    said += [f"{c.titles[r]} calls {c.impossible[r]:,} of {n:,} trips impossible." for r in c.order if c.impossible[r]]
    said += [f"{title} could not be fitted: {why}" for title, why in zip(c.titles, c.trouble, strict=True) if why]
    if n < FEW_TRIPS:
        said.append(f"{n} trips are few: differences and their standard errors are rough.")
    return said
