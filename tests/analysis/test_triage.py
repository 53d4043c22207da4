"""Verdicts, how far a review is, and which of its tracks are listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis import ranking
from irlcore.analysis.listing import Filter, listed, outcomes_of, passing, places_in_zone
from irlcore.analysis.triage import Progress, decided, progress, redecided
from irlcore.project.project import Project
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.analysis.test_judged import fitted


def reviewed() -> tuple[Project, ranking.Review]:
    project = fitted()
    return project, ranking.review_study(project, FalseAlarmControl("strangest", 0.3))


def names(review: ranking.Review, rows: slice) -> list[str]:
    return [str(i) for i in review.parts.paths.ids[review.order[rows]]]


def test_a_verdict_on_several_tracks_is_one_line_and_keeps_reasons_that_stood() -> None:
    project, review = reviewed()
    mine = names(review, slice(5))
    once = decided(project, mine[:1], "discarded", "bad signal")
    after = decided(once, mine, "understood", "")
    assert len(after.history) == len(once.history) + 1 and after.history[-1].what.endswith("and 2 more: understood")
    assert [after.verdicts[i].reason for i in mine] == ["bad signal", "", "", "", ""]
    assert redecided(once, after) == mine and not redecided(project, project)
    assert not redecided(project, replace(after, notes="other")), "more than verdicts has changed"
    assert decided(after, mine[:1], "understood", "bad signal") is after and decided(after, mine, "understood", "") is after
    assert redecided(after, decided(after, mine[:1], "understood", "bad sensor")) == mine[:1], "another reason is another verdict"


def test_progress_counts_the_verdicts_on_flagged_tracks() -> None:
    project, review = reviewed()
    n = int(review.flagged.sum())
    flagged, other = names(review, slice(n)), names(review, slice(n, n + 1))
    some = decided(decided(project, [*flagged[:8], *other], "discarded", ""), flagged[:3], "operational event", "")
    assert progress(project, review) == Progress(n, 0, 0) and progress(some, review) == Progress(n, 8, 3)


def test_lists_by_verdict_score_and_hour() -> None:
    project, review = reviewed()
    first = names(review, slice(2))
    project = decided(project, first, "understood", "")
    assert outcomes_of(project, review)[:3].tolist() == ["understood", "understood", ""]
    counts = {shown: int(listed(project, review, Filter(shown)).sum()) for shown in ("flagged", "undecided", "understood", "all")}
    n = len(review.order)
    assert counts == {"flagged": int(review.flagged.sum()) - 2, "undecided": n - 2, "understood": 2, "all": n}
    least = float(np.sort(review.values[review.order])[n // 2])
    assert int(listed(project, review, Filter("all", least=least)).sum()) == n - n // 2
    began = np.full(len(review.parts.paths), np.nan)
    began[review.order[:3]] = 3600.0 * np.array([23.5, 24.5 + 24 * 20_000, 12.0])
    assert np.flatnonzero(listed(project, review, Filter("all", hours=(22.0, 2.0)), began)).tolist() == [0, 1]
    assert np.flatnonzero(listed(project, review, Filter("all", hours=(2.0, 22.0)), began)).tolist() == [2]


def test_a_track_passes_the_places_it_comes_through_ends_included() -> None:
    project, review = reviewed()
    world, paths = project.world, review.parts.paths
    assert world is not None
    visited = [set(world.place_of_state[paths.states(world.mdp, i)].tolist()) for i in range(len(paths))]
    for place in range(world.n_places):
        mask = np.arange(world.n_places) == place
        assert passing(world, paths, mask).tolist() == [place in mine for mine in visited]


def test_a_zone_has_the_places_with_their_middle_in_it_and_the_links_that_lead_through() -> None:
    project, _ = reviewed()
    world = project.world
    assert world is not None
    low, high = world.place_xy.min(axis=0) - 1.0, world.place_xy.max(axis=0) + 1.0
    middle = float(np.median(world.place_xy[:, 0]))
    ring = np.array([low, (middle, low[1]), (middle, high[1]), (low[0], high[1])])
    inside = places_in_zone(replace(project, zones={"west": ring}), world, "west")
    assert (inside >= (world.place_xy[:, 0] < middle)).all() and not inside.all()
