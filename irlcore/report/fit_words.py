"""What a fit and a comparison of models say, in sentences: the same on the Fit page and in the report."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.comparison import comparison_staleness
from irlcore.fitting.compare import Comparison, explained_best
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.result import FitResult
from irlcore.project.project import Project
from irlcore.rationality.models import MODELS


def own_sentences(result: FitResult) -> list[str]:
    """Each of the model's own parameters with its 95 % interval and what it says."""
    parameters = {p.name: p for p in MODELS[result.rationality].parameters}
    said = []
    for name, value, (low, high) in zip(result.own_names, result.own, result.own_interval(), strict=True):
        known = parameters.get(name)
        if known is not None:  # a noise level below 0 means nothing
            low, high = np.maximum(low, known.lower), np.minimum(high, known.upper)
        limit = known is not None and not known.lower < value < known.upper
        unknown = "at its limit" if limit else "interval not known"
        sure = f"95 % interval {_short(low)} to {_short(high)}" if np.isfinite(high - low) else unknown
        title, sentence = (known.title, known.sentence) if known is not None else (name, "")
        said.append(f"{title}: {_short(value)} ({sure}). {sentence}".strip())
    return said


def _short(value: float) -> str:
    """Three figures; what is next to nothing is 0."""
    return f"{value:.3g}" if abs(value) >= 1e-4 else "0"


def said_time(made: str) -> str:
    """An ISO time in UTC as people write it, to the minute."""
    return f"{made[:16].replace('T', ' ')} UTC"


def fit_provenance(result: FitResult) -> str:
    """Where the numbers of a fit come from, one line."""
    return (f"{MODELS[result.rationality].title}; {ESTIMATORS[result.estimator].title}, gamma {result.gamma:g}; "
            f"{result.n_paths:,} tracks, {result.iterations} steps, {result.seconds:.1f} s, {said_time(result.made)}, "
            f"data {result.data_hash}.")


def comparison_provenance(comparison: Comparison) -> str:
    """Where the numbers of a comparison come from, one line."""
    return (f"{comparison.loglik.shape[1]:,} trips held out in {comparison.folds} folds, gamma {comparison.gamma:g}; "
            f"{comparison.seconds:.1f} s, {said_time(comparison.made)}, data {comparison.data_hash}.")


def fit_sentences(project: Project, result: FitResult) -> list[str]:
    """How a fit ended, its model's own parameters, and which model explains the class best where that is known and still holds."""
    said = [result.status.value, *own_sentences(result)]
    if project.comparison is not None and not comparison_staleness(project):
        compared = project.comparison.result
        said += [*explained_best(compared), f"Compared on {comparison_provenance(compared)}"]
    return said
