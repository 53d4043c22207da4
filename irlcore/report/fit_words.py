"""What a fit and a comparison of models say, in sentences: the same on the Fit page and in the report."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.fitting.compare import Comparison, short_title
from irlcore.fitting.estimators import ESTIMATORS, made_by
from irlcore.fitting.result import FitResult, Status
from irlcore.quantities import counted, listed
from irlcore.rationality.models import named

FEW_FREEDOM = 60.0  # above, Student's t is the normal law to 2 %
CURVATURE_WORDS = {
    "second derivative": "exact: the Hessian of the log-likelihood",
    "differences of the gradient": "the Hessian of the log-likelihood, by central differences",
    "expected information": "what the model expects of the choices met, since this likelihood has kinks or was fitted quickly",
    "outer product of the scores": "which stands in for the Hessian, so both intervals rest on the scores",
    "information left by beliefs": "the Hessian with each agent's belief as what is missing, but for how plans bend with costs",
}
"""What each of ``fitting.result.CURVATURES`` is, said to an analyst."""


def how_ended(result: FitResult) -> str:
    """How the search ended; that weights have settled is not said where some of them have no limit to settle at."""
    if result.status is Status.CONVERGED and np.isinf(result.se).any():
        return "No further step improves the fit, but the tracks set no limit to some weights."
    return result.status.value


def weight_words(weight: float, low: float, high: float) -> str:
    """A weight and the ends of its interval, where it has one."""
    known = np.isfinite(low) and np.isfinite(high)
    return f"{weight:.3g}" + (f"  [{low:.3g}, {high:.3g}]" if known else ", no interval (see Fit)")


def weights_table(result: FitResult) -> pd.DataFrame:
    """``result.table()`` to be read: where an error or an end is no number, all of them are text, and it says why there is none."""
    table = result.table()
    sure = list(table.columns[2:])
    if np.isfinite(table[sure].to_numpy()).all():
        return table
    return table.assign(**{name: [_number_or_why(v) for v in table[name]] for name in sure})


def _number_or_why(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else "not known" if np.isnan(value) else "no limit"


def own_sentences(result: FitResult) -> list[str]:
    """Each of the model's own parameters with its 95 % interval and what it says."""
    parameters = {p.name: p for p in named(result.rationality).parameters}
    said = []
    for name, value, (low, high) in zip(result.own_names, result.own, result.own_interval(), strict=True):
        known = parameters.get(name)
        if known is not None:  # a noise level below 0 means nothing
            low, high = np.maximum(low, known.lower), np.minimum(high, known.upper)
        limit = known is not None and not known.lower < value < known.upper
        unknown = "at its limit" if limit else "interval not known"
        sure = f"95 % interval {_short(low)} to {_short(high)}" if np.isfinite(high - low) else unknown
        title, sentence = (known.title, known.sentence) if known is not None else (name, "")
        if known is not None and known.lower < 0.0 and low <= 0.0 <= high:  # a weight of either sign, and no noise level
            sentence += " It may as well be nothing: this cannot be told here."
        said.append(f"{title}: {_short(value)} ({sure}). {sentence}".strip())
    return said


def interval_sentences(result: FitResult) -> list[str]:
    """What the intervals rest on, as it was really computed, and which weights have none."""
    if not ESTIMATORS[result.estimator].intervals or not result.curvature:
        return []
    known = np.isfinite(result.se)
    none = [name for name, error in zip(result.names, result.se, strict=True) if np.isinf(error)]
    said = [f"No interval is shown for {listed(none)}: the tracks set no limit to {'them' if len(none) > 1 else 'it'}."] if none else []
    if not known.any():
        return said
    freedom = result.freedom[:len(known)][known]
    least = float(np.min(freedom[np.isfinite(freedom)], initial=np.inf))
    whom = f"{result.agents:,} agents{f' ({result.agent_column})' if result.agent_column else ''}" if result.agents \
        else f"{result.n_paths:,} tracks, each taken for another agent's"
    few = f", corrected for their small number ({least:.0f} degrees of freedom for the least sure weight)" if least < FEW_FREEDOM else ""
    return [*said, f"Intervals are the wider of two: from the {result.curvature} ({CURVATURE_WORDS[result.curvature]}), and robust ones "
                   f"that hold where the model is not quite right, from the scores of {whom}{few}."]


def _short(value: float) -> str:
    """Three figures; what is next to nothing is 0."""
    return f"{value:.3g}" if abs(value) >= 1e-4 else "0"


def said_time(made: str) -> str:
    """An ISO time in UTC as people write it, to the minute."""
    return f"{made[:16].replace('T', ' ')} UTC"


def model_words(name: str) -> str:
    """A model by its title, told apart from the variants that share it ("NoisyValue, weights: unsure what the way ahead costs")."""
    model = named(name)
    return short_title(model) + model.title[len(model.title.split(":")[0]):]


def fit_provenance(result: FitResult) -> str:
    """Where the numbers of a fit come from, one line."""
    return (f"{model_words(result.rationality)}; {made_by(result)}, gamma {result.gamma:g}; "
            f"{counted(result.n_paths, 'track')}, {counted(result.iterations, 'iteration')}, {result.seconds:.1f} s, "
            f"{said_time(result.made)}, data {result.data_hash}.")


def comparison_provenance(comparison: Comparison) -> str:
    """Where the numbers of a comparison come from, one line."""
    return (f"{comparison.loglik.shape[1]:,} trips held out in {comparison.folds} folds, gamma {comparison.gamma:g}; "
            f"{comparison.seconds:.1f} s, {said_time(comparison.made)}, data {comparison.data_hash}.")
