"""Hindsight: figures against slow and plain ones, bounds that hold, and features that are there to be found, or are not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from irlcore.analysis import next_feature
from irlcore.analysis.hindsight import allowed, hindsight_study, interval, promise_kept, ranking
from irlcore.analysis.next_feature import LUCK, Separated, separating
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.study import fit_study
from irlcore.errors import DataError
from irlcore.features.base import Context
from irlcore.features.kinds.zone import inside_zone
from irlcore.project.project import Label, Project
from irlcore.project.samples import sample_project
from irlcore.report.hindsight_words import (
    best_sentence,
    feature_sentence,
    feature_table,
    list_sentence,
    promise_sentence,
    ranking_table,
    wrong_table,
)
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.separation import auc, average_precision
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.mdp import Paths
from tests.elicitation.worlds import COST, LENGTH, drawn, grid, square

OF_FLAGS, OF_NORMAL = FalseAlarmControl("share_of_flags", 0.1), FalseAlarmControl("share_of_normal", 0.05)


@cache
def town(control: FalseAlarmControl = OF_FLAGS) -> tuple[Project, Review]:
    project = fit_study(sample_project("town"), "boltzmann")
    return project, review_study(project, control)


def labels(review: Review, abnormal: set[int]) -> dict[str, Label]:
    """Of all reviewed tracks by place in the list."""
    return {str(review.parts.paths.ids[i]): "abnormal" if k in abnormal else "normal" for k, i in enumerate(review.order)}


def test_area_and_average_precision_are_those_of_slow_definitions_with_ties() -> None:
    rng = np.random.default_rng(20121)
    for _ in range(30):
        values, strange = rng.integers(0, 6, 25).astype(float), rng.random(25) < 0.3
        strange[:2] = True, False
        pairs = [(a > b) + 0.5 * (a == b) for a in values[strange] for b in values[~strange]]
        assert auc(values[~strange], values[strange]) == pytest.approx(np.mean(pairs))
        slow = [strange[values >= cut].mean() for cut in values[strange]]
        assert average_precision(values[~strange], values[strange]) == pytest.approx(np.mean(slow))
        dealt = []
        for _ in range(300):  # ties broken at random: the first seven
            order = np.lexsort((rng.random(25), -values))
            dealt.append(strange[order[:7]].mean())
        assert ranking("x", values, strange, 7).precision == pytest.approx(np.mean(dealt), abs=0.05)
    assert auc(np.array([2.0, 1.0]), np.array([3.0])) == 1.0
    assert np.isnan(auc(np.ones(3), np.zeros(0))) and np.isnan(average_precision(np.ones(3), np.zeros(0)))
    unknown = ranking("x", np.array([np.nan, 2.0, np.inf]), np.array([False, False, True]), 0)
    assert unknown.missing == 1 and unknown.auc == 1.0 and np.isnan(unknown.precision)


@pytest.mark.parametrize("of", [1, 7, 40])
def test_the_interval_covers_every_share_in_95_of_100(of: int) -> None:
    found = [interval(k, of) for k in range(of + 1)]
    for share in np.linspace(0.0, 1.0, 101):
        assert sum(binom.pmf(k, of, share) for k, (low, high) in enumerate(found) if low <= share <= high) >= 0.95 - 1e-12


@pytest.mark.parametrize(("rate", "of", "calibration"), [(0.05, 60, 100), (0.1, 30, 37), (0.02, 200, 30), (0.3, 10, 9)])
def test_no_more_than_allowed_are_flagged_in_95_of_100_where_the_promise_holds(rate: float, of: int, calibration: int) -> None:
    """Of 4,000 draws the share is below .95 by more than .017 with a chance of less than 1 in a million."""
    rng, most = np.random.default_rng(20121), allowed(rate, of, calibration)
    scores = rng.normal(size=(4000, calibration + of))
    many = [int((conformal_p(row[:calibration], row[calibration:]) <= rate).sum()) for row in scores]
    assert np.mean(np.array(many) <= most) >= 0.95 - 0.017
    assert most == 0 or np.mean(np.array(many) <= most - 1) < 0.95 + 0.017, "and it is not larger than it has to be"


@pytest.mark.kernels
def test_what_the_list_had_wrong_is_listed_with_its_place_and_reason() -> None:
    project, review = town()
    n = int(review.flagged.sum())
    found = hindsight_study(project, review, labels(review, {0, 1, 2, 30, 40}))
    ids = [str(i) for i in review.parts.paths.ids[review.order]]
    assert {one.track: one.rank for one in found.missed} == {ids[30]: 31, ids[40]: 41} and all(one.why for one in found.missed)
    assert {one.track for one in found.false_alarms} == set(ids[3:n]) and found.hits == 3 and found.flagged == n
    assert found.own.precision == pytest.approx(3 / n) and found.own in found.rankings
    assert found.rankings[0].average_precision == max(one.average_precision for one in found.rankings)
    assert {one.score for one in found.rankings} == set(review.scored.table.names)
    assert found.curve[0] == 0.0 and found.curve[-1] == 1.0 and found.curve[3] == pytest.approx(0.6) and len(found.curve) == len(ids) + 1
    told = list_sentence(found)
    assert "Of 5 abnormal tracks the list has 3 and missed 2" in told and f"{n - 3} are false alarms" in told
    assert wrong_table(found.missed)["place"].tolist() == [31, 41] and len(ranking_table(found.rankings)) == len(found.rankings)
    assert "average precision" in best_sentence(found)


@pytest.mark.kernels
def test_a_promise_is_held_against_what_was_seen() -> None:
    project, review = town(OF_NORMAL)
    n, m = int(review.flagged.sum()), len(review.order)
    good = hindsight_study(project, review, labels(review, set(range(n))))
    assert good.promise is not None and (good.promise.seen, good.promise.of) == (0, m - n) and not good.promise.broken
    bad = hindsight_study(project, review, labels(review, set())).promise
    assert bad is not None and (bad.seen, bad.of) == (n, m)
    assert bad.broken == (n > allowed(0.05, m, len(review.parts.calibration)))
    assert "Promised were about 5.0%" in promise_sentence(bad) and ("does not hold here" in promise_sentence(bad)) == bad.broken
    _, flags = town(OF_FLAGS)
    listed = hindsight_study(project, flags, labels(flags, {0, 1})).promise
    assert listed is not None and listed.of == int(flags.flagged.sum()) and listed.allowed == -1
    assert "at most 10.0% on average" in promise_sentence(listed)
    strangest = review_study(project, FalseAlarmControl("strangest", 0.1))
    assert promise_kept(strangest, np.ones(3, bool), np.ones(3, bool)) is None and "Nothing was promised" in promise_sentence(None)


@pytest.mark.kernels
def test_labels_of_one_kind_or_of_the_reference_are_said() -> None:
    project, review = town()
    reference = {str(i): "abnormal" for i in review.parts.paths.ids[review.parts.fit[:2]]}
    with pytest.raises(DataError, match="No reviewed track"):
        hindsight_study(project, review, reference)  # type: ignore[arg-type]
    one = dict(list(labels(review, set()).items())[:20])
    found = hindsight_study(project, review, {**one, **reference})  # type: ignore[dict-item]
    assert found.abnormal == 0 and np.isnan(found.own.auc) and len(found.known) == 2 and found.unlabelled == len(review.order) - 20
    told = list_sentence(found)
    assert "2 tracks named as normal were labelled abnormal" in told and "48 reviewed tracks have no label" in told
    assert "cannot be told" in best_sentence(found) and "no missed track" in feature_sentence(found.for_missed, True)


@cache
def shunning(seed: int) -> tuple[Project, np.ndarray]:
    """A hundred trips of a class and, after them, thirty-five of agents who shun a yard, fitted with length alone."""
    world = grid(8)
    yard = square(400.0, 400.0, 150.0)
    shunned = inside_zone(world, Context({"yard": yard}, {}, None), "yard")[world.choice_place]
    usual = COST * world.choice_length / 100.0
    normal, odd = drawn(world.mdp, usual, 100, seed), drawn(world.mdp, usual - 2.5 * shunned, 135, seed)
    odd = odd.take(np.arange(100, 135))
    paths = Paths(np.array([f"t{k}" for k in range(135)]), np.append(normal.offsets, normal.offsets[-1] + odd.offsets[1:]),
                  np.append(normal.choices, odd.choices), np.append(normal.last_state, odd.last_state),
                  np.append(normal.goal, odd.goal), normal.goals)
    tracks = LinkTracks(paths.ids, paths.offsets, world.place_names[world.choice_from[paths.choices]], pd.DataFrame(index=range(135)))
    project = Project(tracks=tracks, world=world, paths=paths, features=(LENGTH,), zones={"yard": yard})
    return fit_study(project, "maxent"), np.arange(135) >= 100


@pytest.mark.kernels
def test_what_the_missed_shun_is_the_next_feature() -> None:
    first, sure = 0, 0
    for seed in range(1, 7):
        project, odd = shunning(seed)
        found = separating(project, np.flatnonzero(odd), np.flatnonzero(~odd))
        shunned = [one for one in found.best[:3] if one.spec.name == "in yard" and not one.more]
        first += len(shunned)
        sure += bool(shunned) and shunned[0].luck <= LUCK
    assert first >= 4 and sure >= 3
    again = separating(project, np.flatnonzero(odd)[::-1], np.flatnonzero(~odd)[::-1])
    assert [one.spec.name for one in again.best] == [one.spec.name for one in found.best], "whatever the order of tracks"
    assert f'should have been "{found.best[0].spec.name}"' in feature_sentence(found, True)
    assert len(feature_table(found)) == len(found.best)


def test_luck_finds_a_feature_in_no_more_than_5_of_100(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 200 rounds of noise, more than 22 with a chance of less than 1 in 2,000 where it holds; fewer than 1 where it never would be."""
    project, _ = town()
    specs = list(project.features) * 10
    lucky = 0
    for seed in range(200):
        used = np.random.default_rng(seed).normal(size=(40, len(specs)))
        monkeypatch.setattr(next_feature, "_used", lambda *args, used=used: (specs, used))
        found = separating(project, np.arange(6), np.arange(6, 40), most=1)
        lucky += found.best[0].luck <= LUCK
    assert 1 <= lucky <= 22


def test_too_few_tracks_tell_nothing() -> None:
    project, review = town()
    assert separating(project, review.order[:0], review.order) == Separated((), 0, 0, len(review.order))
    few = separating(project, review.order[:3], review.order[3:8])
    assert few.best == () and "too few normal tracks" in feature_sentence(few, False)


@pytest.mark.kernels
def test_a_promise_is_not_called_broken_over_labels_of_flagged_tracks_alone() -> None:
    """As they come from verdicts: whoever looks at what is flagged labels nothing else."""
    project, review = town(OF_NORMAL)
    n, m = int(review.flagged.sum()), len(review.order)
    of_list = {track: one for track, one in list(labels(review, set()).items())[:n]}
    found = hindsight_study(project, review, of_list | {"nobody": "normal"})
    kept = found.promise
    assert kept is not None and (kept.seen, kept.of, kept.unlabelled) == (n, n, m - n)
    assert kept.most == allowed(0.05, m, len(review.parts.calibration)) >= kept.allowed and kept.broken == (n > kept.most)
    few = promise_kept(review, np.zeros(3, bool), np.array([True, True, True]), m)
    assert few is not None and few.allowed < few.seen <= few.most and not few.broken
    assert "it says nothing" in promise_sentence(few) and "does not hold" not in promise_sentence(few)
    assert found.elsewhere == 1 and "1 label more is of a track that is not reviewed here, and tells nothing" in list_sentence(found)
    assert list_sentence(found).startswith("None of the labelled tracks is abnormal; of the")
