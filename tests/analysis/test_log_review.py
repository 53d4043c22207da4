"""A log through the whole of a review: fitted by its start basis, scored by sequences, ranked by what its own oddities support."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.ranking import review_study
from irlcore.analysis.study import fit_study
from irlcore.features.feature_set import suggest_features
from irlcore.project.project import Project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.kinds import COMBINED
from irlcore.simulation.planted.plant import HELD_BACK
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from tests.worlds.history.test_contexts import log_of

pytestmark = pytest.mark.kernels


def tickets(seed: int) -> list[str]:
    """Open, checks as many as it takes, fix or refer, close; three in a hundred close before anybody checked, over and over."""
    rng = np.random.default_rng(seed)
    return ["o" + "k" * int(rng.integers(1, 4)) + ("f" if rng.random() < 0.6 else "rwf") + "c" for _ in range(240)] + ["occkoocckf"] * 8


def test_sequences_that_no_like_one_shares_come_first() -> None:
    log = log_of(tickets(1))
    period = np.array(["past"] * 150 + ["now"] * 98, object)
    log = replace(log, attributes=pd.DataFrame({"period": period}))
    world = build_history(log, Memory(2, 1))
    project = Project(tracks=log, world=world, paths=map_log(world, log).paths, features=tuple(suggest_features(world)),
                      period_column="period", reference_value="past")
    review = review_study(fit_study(project), FalseAlarmControl("share_of_normal", 0.05))
    scored = review.scored
    assert scored.evidence is not None and HELD_BACK in scored.evidence.kinds and COMBINED in scored.table.names
    assert {"nats_per_event", "unseen_stretches", "unshared_events", "unshared_pairs", "event_mix"} <= set(scored.table.names)
    odd = {f"s{k}" for k in range(240, 248)}
    values = scored.values(COMBINED)
    rank = [str(scored.parts.paths.ids[i]) for i in scored.parts.review[np.argsort(-values[scored.parts.review])]]
    assert len(odd & set(rank[:8])) >= 7
    assert "usual_ways" in scored.missing and "unshared_events" not in scored.missing
