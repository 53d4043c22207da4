"""What to be careful about after a fit, and what to do next, for someone who is no statistician; the details stand apart."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.comparison import Ahead
from irlcore.fitting.compare import short_title
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.quantities import plain
from irlcore.rationality.models import named

UNENDED = {
    Status.OUT_OF_STEPS: ("The search was stopped before the weights had settled: take every number here as provisional.",
                          "Fit again, or switch some features off."),
    Status.AT_EDGE: ("The weights are as far as this model lets them go, and say less than they seem to.",
                     "Use gamma below 1, or another model."),
}
"""How a search can end without having come to its end -> what that means, and what to do."""

ONLY_THE_WAY = FitWarning(
    "", "This model knows only how long a way is: no road, place or turn that these agents like or shun. Its list of abnormal tracks says "
        "little yet.", "Let it suggest what else matters to them, on the Features page.",
    "All of its features are lengths, durations or constants per step, so a track is unusual where it is longer than need be, and nowhere "
    "else.")
"""What to say of a fit for which ``analysis.way_only.knows_only_the_way`` holds, on the Fit page and on the Review page."""


def cautions(result: FitResult) -> tuple[FitWarning, ...]:
    """Everything to be careful about after a fit, how the search ended among it where it did not come to its end."""
    said = UNENDED.get(result.status)
    if said is None or any(result.status.value in warning.details for warning in result.warnings):
        return result.warnings
    return (FitWarning("", *said, result.status.value), *result.warnings)


def ahead_words(ahead: Ahead) -> str:
    """That another model explains this class clearly better than the one fitted, and by how much a track."""
    best, fitted = (short_title(named(name)) for name in (ahead.model, ahead.fitted))
    if not np.isfinite(ahead.nats):
        return (f"{best} explains these agents better than {fitted}, which this fit was made with: it allows for tracks that "
                f"{fitted} calls impossible.")
    times = np.exp(min(ahead.nats, 20.0))
    likelier = f"{plain(100.0 * (times - 1.0))} % likelier" if times < 2.0 else f"{plain(times)} times as likely"
    return (f"{best} explains these agents clearly better than {fitted}, which this fit was made with: a track held out is {likelier} "
            "under it.")
