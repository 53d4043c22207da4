"""Rules silence the flagged tracks that they fit, and nothing else: flags and p-values stay, verdicts outrank them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from benchmarks.hostile.rich_projects import grid_project
from irlcore.analysis import fitting_rules, silencing
from irlcore.analysis.fitting_rules import fitting, offered, told_when
from irlcore.analysis.listing import Filter, listed
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.silencing import (
    effect_of,
    rules_of,
    silenced,
    silenced_sentence,
    silenced_tracks,
    with_rule,
    without_rule,
)
from irlcore.analysis.study import fit_study
from irlcore.analysis.triage import decided, noted
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.silencing import Silencing
from irlcore.report.review_list import rule_lines
from irlcore.review.calibration.controls import FalseAlarmControl

pytestmark = pytest.mark.kernels


@cache
def timed() -> tuple[Project, Review]:
    """Walks at eight and at twenty o'clock, on weekdays and at a weekend, with a zone."""
    project = replace(grid_project(), silencing=(), heeded={}, verdicts={}, period_column="", reference_value="")
    project = fit_study(project, "maxent", 0.95)
    return project, review_study(project, FalseAlarmControl("strangest", 0.5))


@cache
def town() -> tuple[Project, Review]:
    project = fit_study(sample_project("town"), "boltzmann")
    return project, review_study(project, FalseAlarmControl("share_of_flags", 0.1))


def everyone(review: Review) -> np.ndarray:
    return np.arange(len(review.parts.paths))


def by_hand(project: Project, review: Review, rule: Silencing, i: int) -> bool:
    """A rule on zone, hours and days, step by step."""
    world, paths, tracks = project.world, review.parts.paths, project.tracks
    assert world is not None and tracks is not None and paths.times is not None
    x0, y0, x1, y1 = 0.0, 0.0, 2.0, 2.0  # the quay
    row = tracks.ids.tolist().index(str(paths.ids[i]))
    began = datetime.fromtimestamp(float(tracks.t[tracks.offsets[row]]), UTC)  # type: ignore[union-attr]
    if rule.days != "any day" and (began.weekday() >= 5) != (rule.days == "weekend"):
        return False
    states, times = paths.states(world.mdp, i), paths.times[paths.offsets[i]:paths.offsets[i + 1]]
    met = False
    for k, state in enumerate(states):
        x, y = world.place_xy[world.place_of_state[state]]
        at = began.hour + began.minute / 60 + (times[min(k, len(times) - 1)] - times[0]) / 3600
        hour = at % 24 if rule.zone else began.hour + began.minute / 60
        in_hours = not rule.hours or (rule.hours[0] <= hour < rule.hours[1] if rule.hours[0] <= rule.hours[1]
                                      else hour >= rule.hours[0] or hour < rule.hours[1])
        met |= in_hours and (not rule.zone or (x0 < x < x1 and y0 < y < y1))
    return met


@pytest.mark.parametrize("rule", [
    Silencing("car", "quay"), Silencing("car", "quay", (8.0, 9.0)), Silencing("car", "quay", (20.0, 8.0)),
    Silencing("car", hours=(7.0, 8.5)), Silencing("car", "quay", (8.0 + 1.5 / 60, 8.0 + 3.5 / 60)), Silencing("car", days="weekend"),
    Silencing("car", "quay", (19.0, 21.0), "weekdays")])
def test_a_rule_on_place_and_time_fits_what_passes_there_then(rule: Silencing) -> None:
    project, review = timed()
    assert told_when(project, review.parts.paths)
    found = fitting(project, review, rule, everyone(review))
    assert found.tolist() == [by_hand(project, review, rule, i) for i in everyone(review)]
    assert 0 < found.sum() < len(found) or (rule.zone and not rule.hours)


def test_a_rule_on_what_a_track_used_or_did_fits_those_whose_reasons_say_so() -> None:
    project, review = town()
    flagged = np.flatnonzero(review.flagged)
    told = {int(i): offered(project, review, int(i)) for i in flagged}
    kind, place = next(one for i in flagged for one in told[int(i)].did)
    feature, use, _ = next(one for i in flagged for one in told[int(i)].used)
    for i in flagged.tolist():
        reasons = reasons_study(project, review, i)
        assert {one.name for one in reasons.features if abs(one.z) >= 2.0} == {name for name, _, _ in told[i].used}
    did = fitting(project, review, Silencing(project.agent_class, did=kind), flagged)
    there = fitting(project, review, Silencing(project.agent_class, did=kind, place=place), flagged)
    assert did.tolist() == [any(k == kind for k, _ in told[int(i)].did) for i in flagged]
    assert there.tolist() == [(kind, place) in told[int(i)].did for i in flagged] and (there <= did).all()
    for beyond in (2.0, 8.0):
        used = fitting(project, review, Silencing(project.agent_class, feature=feature, use=use, beyond=beyond), flagged)
        assert used.tolist() == [any((n, u) == (feature, use) and z >= beyond for n, u, z in told[int(i)].used) for i in flagged]
    both = fitting(project, review, Silencing(project.agent_class, feature=feature, use=use, did=kind), flagged)
    assert both.tolist() == (did & fitting(project, review, Silencing(project.agent_class, feature=feature, use=use), flagged)).tolist()


def test_silenced_tracks_stay_flagged_and_are_listed_and_a_verdict_outranks_a_rule() -> None:
    project, review = town()
    ruled = with_rule(project, Silencing(project.agent_class, did="turn", why="deliveries"))
    found = silenced(ruled, review)
    n = int(found.mask.sum())
    again = review_study(ruled, review.control)
    assert 0 < n == found.many[0] <= found.flagged == int(review.flagged.sum())
    assert (again.flagged == review.flagged).all() and (again.p == review.p).all(), "no promise and no flag changes"
    shown = {which: listed(ruled, review, Filter(which, silenced=found.mask)) for which in ("flagged", "undecided", "silenced", "all")}
    assert shown["silenced"].tolist() == found.mask.tolist() and not (shown["flagged"] & found.mask).any()
    assert int(shown["flagged"].sum()) == found.flagged - n and not (shown["undecided"] & found.mask).any() and shown["all"].all()
    row = int(np.flatnonzero(found.mask)[0])
    track = str(review.parts.paths.ids[review.order[row]])
    assert silenced_sentence(found, row) == "Silenced by a rule: a track that turned round. It is still flagged."
    assert silenced_tracks(review, found)[track] == "turned round"
    event = silenced(decided(ruled, [track], "operational event", ""), review)
    assert not event.mask[row] and int(event.mask.sum()) == n - 1 and silenced_sentence(event, row) == ""


def test_a_rule_is_one_step_is_revoked_and_is_for_its_class() -> None:
    project, review = town()
    rule = Silencing(project.agent_class, did="turn", why="deliveries")
    ruled = with_rule(project, rule)
    assert ruled.history[-1].what == "Silenced flagged tracks: a track that turned round" and ruled.history[-1].why == "deliveries"
    assert ruled.silencing[0].made
    with pytest.raises(DataError, match="there already"):
        with_rule(ruled, replace(rule, why="another reason"))
    with pytest.raises(DataError, match="names no explanation"):
        with_rule(project, Silencing(project.agent_class))
    gone = without_rule(ruled, rule)
    assert not gone.silencing and gone.history[-1].what.startswith("Revoked") and without_rule(gone, rule) is gone
    other = with_rule(project, replace(rule, agent_class="bus"))
    assert not rules_of(other) and not silenced(other, review).mask.any()


def test_what_a_rule_names_and_is_gone_fits_no_track() -> None:
    project, review = timed()
    for rule in (Silencing("car", "no zone"), Silencing("car", feature="no feature", use="more"), Silencing("car", did="flew")):
        assert not fitting(project, review, rule, everyone(review)).any()
    unknown, untimed = town()
    assert not fitting(unknown, untimed, Silencing(unknown.agent_class, hours=(0.0, 24.0)), everyone(untimed)).any()
    assert not fitting(unknown, untimed, Silencing(unknown.agent_class, days="weekdays"), everyone(untimed)).any()


def test_a_rule_that_fits_most_normal_tracks_or_an_event_says_so_before() -> None:
    project, review = timed()
    everywhere = Silencing("car", hours=(0.0, 24.0))
    flagged = [str(i) for i in review.parts.paths.ids[review.order[review.flagged[review.order]]]]
    judged = decided(project, flagged[:1], "operational event", "")
    effect = effect_of(judged, review, everywhere)
    assert effect.flagged == tuple(flagged[1:]) and effect.events == (flagged[0],)
    assert effect.normal.fits == effect.normal.tried == int((~review.flagged[review.order]).sum())
    events, normal, whole = effect.cautions
    assert flagged[0] in events and "explains nothing" in normal and f"all {len(flagged) - 1} flagged" in whole
    assert effect_of(project, review, Silencing("car", "no zone")).cautions == ()
    with pytest.raises(DataError):
        effect_of(project, review, Silencing("car"))


def test_of_many_tracks_a_random_part_is_looked_at_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    project, review = town()
    rule = Silencing(project.agent_class, did="turn")
    whole = effect_of(project, review, rule)
    monkeypatch.setattr(silencing, "MOST_LOOKED", 40)
    part = effect_of(project, review, rule)
    assert part.reviewed.tried == part.normal.tried == 40 < part.normal.there and "tried (of 160)" in part.normal.said
    assert part.flagged == whole.flagged and part == effect_of(project, review, rule), "always the same ones"
    assert whole.normal.said == f"{whole.normal.fits} of 160"


def test_what_is_known_of_flagged_tracks_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    project, review = town()
    flagged = np.flatnonzero(review.flagged)
    known = dict(fitting_rules.look(project, review, flagged))
    monkeypatch.setattr(fitting_rules, "find", lambda *args: pytest.fail("looked again"))
    assert len(known) >= len(flagged) and fitting_rules.look(project, review, flagged, known)


def test_notes_stay_with_their_track_and_are_steps_of_their_own() -> None:
    project, _ = town()
    once = noted(project, "commuter-180", "  ask the harbour ")
    assert once.track_notes == {"commuter-180": "ask the harbour"} and once.history[-1].what == "commuter-180: noted"
    assert noted(once, "commuter-180", "ask the harbour") is once and noted(project, "commuter-180", "") is project
    assert decided(once, ["commuter-180"], "understood", "").track_notes == once.track_notes
    assert not noted(once, "commuter-180", "").track_notes


def test_a_rule_that_names_what_is_no_more_says_so_and_silences_nothing() -> None:
    project, review = town()
    names = project.fit.result.names if project.fit is not None else ()
    for rule, said in ((Silencing(project.agent_class, "old market"), "there is no zone old market"),
                       (Silencing(project.agent_class, feature="toll gone", use="more"), "the fit has no feature toll gone"),
                       (Silencing(project.agent_class, feature=names[0], use="more"), "")):
        found = silenced(with_rule(project, rule), review)
        (line,) = rule_lines(found)
        assert (said in line) and ("It silences nothing" in line) == bool(said) and (not said or found.many == (0,))
