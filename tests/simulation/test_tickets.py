"""The made-up log of tickets: ordinary cases keep its rules, odd ones break the one of their kind, and a review finds them and says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.ranking import review_study
from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.study import fit_record
from irlcore.project.samples import FOLDER, sample_project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.simulation.tickets import KINDS, odd_case, ordinary_case, ticket_log


def breaks(activities: list[str]) -> bool:
    """Whether a deployed fix was not approved before or tested after it, was reopened too often, or data went out without a diagnosis."""
    for k, one in enumerate(activities):
        before, after = activities[k - 1] if k else "", activities[k + 1] if k + 1 < len(activities) else ""
        if one == "fix deployed" and (before != "fix approved" or after != "tested"):
            return True
        if one == "data exported" and before != "diagnosed":
            return True
    return activities.count("reopened") > 2


def test_ordinary_cases_keep_the_rules_and_odd_ones_break_them() -> None:
    rng = np.random.default_rng(20121)
    assert not any(breaks(ordinary_case(rng).activities) for _ in range(500))
    for kind in KINDS:
        for _ in range(50):
            case = odd_case(kind, rng)
            assert breaks(case.activities) or (kind == "too fast" and case.pace < 0.1)


def test_the_log_has_what_was_asked_for() -> None:
    log, labels = ticket_log(np.random.default_rng(20121), 40, 20, 2)
    assert log["case_id"].nunique() == len(labels) == 60 and labels["planted"].sum() == 10
    assert set(labels.loc[labels["planted"], "kind"]) == set(KINDS)
    assert (log.groupby("case_id")["period"].nunique() == 1).all() and log["timestamp"].is_monotonic_increasing
    today = set(log.loc[log["period"] == "today", "case_id"])
    assert set(labels.loc[labels["planted"], "track"]) <= today


@pytest.mark.kernels
def test_a_fit_and_a_review_of_the_sample_find_most_of_the_odd_cases_and_say_why() -> None:
    labels = pd.read_csv(FOLDER / "tickets" / "labels.csv").set_index("track")
    project = sample_project("tickets")
    project = replace(project, fits=(fit_record(project),))
    review = review_study(project, FalseAlarmControl("share_of_flags", 0.1))
    ids = review.parts.paths.ids.astype(str)
    flagged = [int(k) for k in review.order if review.flagged[k]]
    planted = [k for k in flagged if labels["planted"][ids[k]]]
    assert len(planted) >= 14 and len(flagged) - len(planted) <= 3
    said: dict[str, str] = {}
    for k in planted:
        said.setdefault(str(labels["kind"][ids[k]]), " ".join(reasons_study(project, review, k).sentences))
    assert "Pace: the time between its events was" in said["too fast"] and ' came before "' in said["wrong order"]
    assert 'It has "data exported" right after "logged in"' in said["export right after login"]
    assert '"diagnosed", the likeliest there' in said["export right after login"]
    assert 'passed after "tested", which came' in said["loop of reopening"]
