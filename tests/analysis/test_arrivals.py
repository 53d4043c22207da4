"""New tracks beside a fit: judged as if they had been there, by the same normal tracks, whatever they are called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.arrivals import joined, with_arrivals
from irlcore.analysis.ranking import review_study, scored_study
from irlcore.analysis.study import fit_study
from irlcore.errors import DataError, FitError
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.tracks import LinkTracks, Tracks, find_ids

pytestmark = pytest.mark.kernels
CONTROL = FalseAlarmControl("share_of_normal", 0.05)


def fitted(sample: str) -> Project:
    return fit_study(sample_project(sample), "" if sample == "tickets" else "maxent")


def reviewed_tracks(project: Project) -> Tracks | LinkTracks:
    """Those that are reviewed, as if they came anew."""
    parts = split_paths(project)
    assert project.tracks is not None
    return project.tracks.take(find_ids(project.tracks.ids, [str(i) for i in parts.paths.ids[parts.review]]))


@pytest.mark.parametrize("sample", ["town", "tickets", "anchorage"])
def test_tracks_that_come_anew_have_the_p_values_that_they_had(sample: str) -> None:
    project = fitted(sample)
    before = review_study(project, CONTROL, "surprise")
    came = with_arrivals(project, reviewed_tracks(project), "new.csv")
    after = review_study(came.project, CONTROL, "surprise")
    assert came.said == () and len(came.ids) == len(before.order)
    told = {str(review.parts.paths.ids[i]): review for review in (after,) for i in review.order}
    assert set(told) == set(came.ids)
    old = dict(zip(before.parts.paths.ids.astype(str), before.p, strict=True))
    new = dict(zip(after.parts.paths.ids.astype(str), after.p, strict=True))
    assert all(new[one] == old[one] for one in came.ids)
    assert scored_study(came.project).apart and after.promise.holds == before.promise.holds


def test_one_alone_is_judged_as_among_the_others() -> None:
    project = fitted("town")
    before = review_study(project, CONTROL, "surprise")
    strangest = str(before.parts.paths.ids[before.order[0]])
    assert project.tracks is not None
    came = with_arrivals(project, project.tracks.take(find_ids(project.tracks.ids, [strangest])), "one.csv")
    after = review_study(came.project, CONTROL, "surprise")
    assert len(after.order) == 1 and after.flagged[after.order[0]] and after.p[after.order[0]] == before.p[before.order[0]]


def test_a_new_track_is_of_its_class_and_never_normal_and_keeps_its_own_name() -> None:
    project = fitted("town")
    parts = split_paths(project)
    known = str(parts.paths.ids[parts.fit[0]])
    assert project.tracks is not None
    tracks = project.tracks.take(find_ids(project.tracks.ids, [known, "truck-001"]))
    came = with_arrivals(project, tracks, "a.csv")
    assert came.ids == {f"{known} (a.csv)": known} and came.said == ("1 track of other classes left out.",)
    after = split_paths(came.project)
    assert list(after.paths.ids[after.review]) == [f"{known} (a.csv)"]
    assert set(after.paths.ids[after.fit]) == set(parts.paths.ids[parts.fit])


def test_what_cannot_be_judged_is_told() -> None:
    project = fitted("town")
    tracks = reviewed_tracks(project)
    assert isinstance(tracks, LinkTracks)
    with pytest.raises(FitError, match="no fit"):
        with_arrivals(replace(project, fits=()), tracks, "a.csv")
    with pytest.raises(DataError, match=r"None of the \d+ new tracks can be put in the project's world"):
        with_arrivals(project, replace(tracks, links=np.full(len(tracks.links), "nowhere", object)), "a.csv")
    with pytest.raises(DataError, match='of the class "commuter"'):
        with_arrivals(project, replace(tracks, attributes=tracks.attributes.assign(**{"class": "bus"})), "a.csv")
    points = Tracks(np.array(["a"], object), np.array([0, 2]), np.arange(2.0), np.arange(2.0), np.arange(2.0), tracks.attributes.iloc[:1])
    with pytest.raises(DataError, match="of another kind"):
        with_arrivals(project, points, "a.csv")


def test_tracks_are_joined_with_what_is_known_of_the_first_ones() -> None:
    tracks = sample_project("tickets").tracks
    assert isinstance(tracks, LinkTracks)
    one, other = tracks.take(np.arange(3)), tracks.take(np.arange(3, 5))
    both = joined(one, replace(other, attributes=other.attributes.assign(more=1), times=None))
    assert isinstance(both, LinkTracks) and list(both.ids) == list(tracks.ids[:5])
    assert np.array_equal(both.links, tracks.take(np.arange(5)).links)
    assert list(both.attributes.columns) == list(one.attributes.columns) and both.times is not None
    assert np.isnan(both.times[both.offsets[3]:]).all() and np.array_equal(both.offsets, tracks.offsets[:6])
