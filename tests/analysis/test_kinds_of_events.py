"""A log whose events are told apart, from fit to reasons: what is odd in its hour alone comes first, and is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.next_events import next_events_study
from irlcore.analysis.ranking import review_study
from irlcore.analysis.reasons import apart_study, reasons_study
from irlcore.analysis.study import fit_study
from irlcore.elicitation.log_library import log_candidates
from irlcore.features.feature_set import feature_column
from irlcore.maps.sequences.band import told
from irlcore.maps.sequences.drawn import reviewed_band
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import context_of, need_world, split_paths
from irlcore.report.method import method_of
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.clock import Bands
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classifier import HourOf, Part, ValueOf
from tests.logs import log_of, sequences

pytestmark = pytest.mark.kernels

PARTS: tuple[Part, ...] = (HourOf(Bands((6.0, 22.0)), ("day", "night")), ValueOf("who", ("Ann", "Ben", "Eve")))
ODD = (7, 23)


def tickets(seed: int) -> LinkTracks:
    """Worked on from 8 to 20 o'clock, approved by Eve; those in ``ODD`` are approved at 3 at night, by Ben."""
    rng = np.random.default_rng(seed)
    found = sequences(240)
    found[5] = found[6]
    log = log_of(found, 60)
    times, who = np.empty(len(log.links)), np.empty(len(log.links), object)
    for k in range(len(log)):
        mine = slice(log.offsets[k], log.offsets[k + 1])
        n = mine.stop - mine.start
        times[mine] = 1.7e9 - 1.7e9 % 86_400 + 86_400.0 * k + 8 * 3600.0 + np.sort(rng.uniform(0.0, 12 * 3600.0, n))
        who[mine] = ["Eve" if event == "approve" else str(rng.choice(["Ann", "Ben"])) for event in log.links[mine]]
        if k in ODD:
            times[mine.stop - 2:mine.stop] += 86_400.0 - times[mine.stop - 2] % 86_400 + 3 * 3600.0
            who[mine.stop - 2] = "Ben"
    return replace(log, times=times, of_events=pd.DataFrame({"who": who}))


def project_of(log: LinkTracks, parts: tuple[Part, ...]) -> Project:
    world = build_history(log, Memory(2, 5, (), 1, parts))
    imported = Imported(log, problem_table([]), len(log.links), 0, len(log), 0)
    return fit_study(replace(with_world(Project(), imported, world), class_column="", period_column="part", reference_value="normal"))


@pytest.fixture(scope="module")
def project() -> Project:
    return project_of(tickets(20121), PARTS)


def test_what_is_odd_in_hour_and_person_alone_comes_first_and_is_said(project: Project) -> None:
    review = review_study(project, FalseAlarmControl("share_of_normal", 0.05))
    scored = review.scored
    assert scored.evidence is not None and "other kinds" in scored.evidence.kinds and "rare_kinds" in scored.table.names
    ids = scored.parts.paths.ids.astype(str)
    for score in (review.score, "rare_kinds", "improbability"):
        values = scored.values(score)
        first = scored.parts.review[np.argsort(-values[scored.parts.review])][:2]
        assert set(ids[first]) == {f"case {k}" for k in ODD}, score
    index = int(np.flatnonzero(ids == "case 7")[0])
    said = " ".join(reasons_study(project, review, index, apart_study(project, review)).sentences)
    assert 'Where "approve" comes here, hour "night" and who "Ben" is' in said and '"approve (night, Ben)"' in said
    world, _ = need_world(project)
    band = reviewed_band(world, scored.parts.paths, scored.scores, index, np.zeros(0, np.int64))
    assert "(night, Ben)" in told(band, len(band.events) - 3) and band.events[-3] == "approve"


def test_next_events_are_events_whatever_their_kinds(project: Project) -> None:
    """Chances of kinds sum to those of their event, and ways on are of events."""
    asked = next_events_study(project, 3, 2, 3)
    world, _ = need_world(project)
    names = world.place_names[world.choice_place[asked.choices]].tolist()
    assert len(set(names)) == len(names) == world.n_places - 1 and asked.chance.sum() == pytest.approx(1.0)
    assert (np.diff(asked.chance) <= 1e-9).all() and asked.rank.min() >= 1
    assert sum(share for _, share in asked.kinds) == pytest.approx(1.0) and asked.kinds[0][0].startswith("day, ")
    ways = [tuple(world.choice_place[one.choices].tolist()) for one in asked.ways]
    assert len(set(ways)) == len(ways)


def test_features_of_kinds_are_offered_and_the_file_keeps_all(project: Project) -> None:
    world, _ = need_world(project)
    context = context_of(project, split_paths(project))
    offered = {spec.name: spec for spec in log_candidates(world, context)}
    assert {"hour: night", "approve, who Ben", "usual who of the event"} <= set(offered)
    both = feature_column(offered["approve, who Ben"], world, context)
    assert both.sum() == ((world.choice_attributes["event"] == "approve") & (world.choice_attributes["who"] == "Ben")).sum() > 0
    again = load_project(save_project(project))
    assert np.array_equal(again.fits[-1].result.theta, project.fits[-1].result.theta)


@pytest.mark.parametrize("seed", range(3))
def test_kinds_are_as_likely_as_they_are_held_out(seed: int) -> None:
    """With kinds the fit tells more of held-out sequences than events at random kinds of theirs: the usual kind has a weight near 1."""
    made = project_of(tickets(seed), PARTS)
    weights = dict(zip(made.fits[-1].result.names, made.fits[-1].result.theta.tolist(), strict=True))
    whole = sum(weight for name, weight in weights.items() if name.startswith("usual hour"))
    assert 0.6 < whole < 1.4


def test_the_report_says_what_tells_events_apart(project: Project) -> None:
    review = review_study(project, FalseAlarmControl("share_of_normal", 0.05))
    record = project.fits[-1]
    told_first = method_of(project, record, review, False).sentences[0]
    assert "a log of 6 different events, told apart by hour and who (" in told_first
