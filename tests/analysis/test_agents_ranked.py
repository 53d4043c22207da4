"""Agents of a project ranked by their weights, and the prices of one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.agents import agents_study, basis_of, prices_study, prices_words
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.study import fit_study
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.review.calibration.controls import FalseAlarmControl, flag

pytestmark = pytest.mark.kernels
CONTROL = FalseAlarmControl("share_of_normal", 0.1)


@pytest.fixture(scope="module")
def town() -> Project:
    project = sample_project("town")
    used = {"length (km)", "left turn", "u-turn"}
    return fit_study(replace(project, features=tuple(replace(s, enabled=s.name in used) for s in project.features)), "maxent")


@pytest.fixture(scope="module")
def review(town: Project) -> Review:
    return review_study(town, CONTROL)


def with_drivers(project: Project, each: int) -> Project:
    """The same where tracks that follow each other are of one driver."""
    assert project.tracks is not None
    column = pd.Series([f"driver {i // each}" for i in range(len(project.tracks))])
    tracks = replace(project.tracks, attributes=project.tracks.attributes.assign(driver=column))
    return replace(project, tracks=tracks, agent_column="driver")


def test_tracks_without_agents_are_ranked_each_for_itself(town: Project, review: Review) -> None:
    found = agents_study(town, review)
    parts = review.parts
    assert not found.named and len(found.names) == len(parts.review) == len(found.lines)
    assert set(found.names) == {str(i) for i in parts.paths.ids[parts.review]}
    np.testing.assert_array_equal(found.flagged, flag(found.p, CONTROL))
    assert (np.diff(found.p[found.order]) >= 0).all() and found.p.min() >= 1.0 / (len(parts.calibration) + 1)
    assert "68 reviewed tracks" in found.promise and found.against is not None


def test_planted_tracks_come_before_the_others(town: Project, review: Review) -> None:
    found = agents_study(town, review)
    labels = pd.read_csv("sample_data/town/labels.csv").set_index("track")["planted"]
    planted = np.array([bool(labels[name]) for name in found.names])
    place = np.argsort(found.order)
    assert 0 < planted.sum() < len(planted) and place[planted].mean() < 0.5 * place[~planted].mean()


def test_tracks_of_an_agent_are_taken_together(town: Project, review: Review) -> None:
    named = with_drivers(town, 4)
    found, basis = agents_study(named, review_study(named, CONTROL)), basis_of(named)
    assert found.named and len(found.names) < len(review.parts.review)
    assert sum(len(t) for t in found.tracks) == len(review.parts.review) and "agents" in found.promise
    a = int(found.order[0])
    own = found.tracks[a]
    np.testing.assert_allclose(basis.tracks.summed([own]).scores[0], basis.tracks.scores[own].sum(axis=0))
    assert {str(basis.labels[i]) for i in own} == {found.names[a]}


def test_the_prices_of_a_track_are_those_of_its_agent(town: Project, review: Review) -> None:
    named = with_drivers(town, 4)
    basis = basis_of(named)
    label, tracks = next(iter(basis.reviewed.items()))
    one = prices_study(named, str(basis.parts.paths.ids[tracks[0]]))
    assert one is prices_study(named, label) and one.who == label
    np.testing.assert_array_equal(one.tracks, tracks)
    assert one.test.how == "normal agents" and one.test.tracks <= len(tracks) and one.names == town.fit.result.names  # type: ignore[union-attr]
    assert prices_words(named, one)[0].startswith("Of ")
    told = np.isfinite(one.own)
    assert (one.interval[told, 0] <= one.own[told] + 1e-6).all() and (one.own[told] <= one.interval[told, 1] + 1e-6).all()


def test_the_strangest_agent_has_its_reason_in_words(town: Project, review: Review) -> None:
    found = agents_study(town, review)
    prices = prices_study(town, found.names[int(found.order[0])])
    assert prices.test.joint == pytest.approx(found.p[found.order[0]]) and prices.differs
    words = prices_words(town, prices)
    assert len(words) >= 2 and all(w.endswith(".") for w in words) and "tracks known as normal" in words[0]


def test_without_a_reference_nothing_is_promised_and_agents_are_drawn(town: Project) -> None:
    blind = fit_study(replace(town, reference_value="", fits=()), "maxent")
    review = review_study(blind, FalseAlarmControl("strangest", 0.05))
    found = agents_study(blind, review)
    assert found.against is None and "strangest" in found.promise
    prices = prices_study(blind, found.names[int(found.order[0])])
    assert prices.test.how == "simulated agents" and "drawn from the model" in prices_words(blind, prices)[0]


def test_who_is_not_there_is_said(town: Project) -> None:
    with pytest.raises(DataError, match="nobody"):
        prices_study(town, "nobody")
