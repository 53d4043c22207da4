"""Scores, p-values and progress of the list of reviewed tracks, in words."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.analysis.triage import Progress
from irlcore.report.review_list import digits, progress_words


@pytest.mark.parametrize(("value", "said"), [(20.34, "20.3"), (3.666, "3.67"), (0.0, "0.00"), (-0.001, "0.00"), (1234.5, "1,234.5"),
                                             (np.inf, "no way"), (np.nan, "not known"), (-2.5, "-2.50")])
def test_a_score_has_digits_that_tell_neighbours_apart(value: float, said: str) -> None:
    assert digits(value) == said


def test_precision_is_said_of_what_was_decided_and_only_where_that_is_enough() -> None:
    assert progress_words(Progress(30, 0, 0)) == "0 of 30 flagged decided."
    assert progress_words(Progress(30, 2, 1)) == "2 of 30 flagged decided; 1 of them was an operational event."
    assert progress_words(Progress(30, 12, 9)) == "12 of 30 flagged decided; 9 of them were operational events (75%)."
    assert progress_words(Progress(30, 12, 0)) == "12 of 30 flagged decided; none of them was an operational event."
