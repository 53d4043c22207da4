"""How many tracks are abnormal, and which are most worth a look, asked of a review."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.abnormal import doubt_of_reference, most_worth_a_look, share_of_abnormal
from irlcore.analysis.ranking import rank
from irlcore.analysis.scored import Scored
from irlcore.project.split import Parts
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.table import PartTable
from irlcore.review.scores import Scores
from irlcore.worlds.mdp import Paths, build_goals

N = 600
FLAGS, FIRST = FalseAlarmControl("share_of_flags", 0.1), FalseAlarmControl("strangest", 0.05)

PATHS = Paths(np.array([f"track {k}" for k in range(N)], object), np.arange(N + 1), np.zeros(N, np.int64), np.ones(N, np.int64),
              np.zeros(N, np.int64), build_goals([np.array([1])], ["there"]))


def made(seed: int = 0, strange: int = 40, spoilt: int = 0, has_reference: bool = True) -> Scored:
    """Tracks of made-up scores, gamma and normal; the last ``strange`` of the reviewed and ``spoilt`` of those that calibrate stand out,
    every other one by its gap too."""
    rng, paths = np.random.default_rng(seed), PATHS
    surprise, gap = rng.gamma(3.0, size=N), rng.normal(size=N)
    for first, count in ((N - strange, strange), (300 - spoilt, spoilt)):
        surprise[first:first + count:2] = 20.0 + rng.random(len(range(0, count, 2)))
        surprise[first + 1:first + count:2] = 15.0
        gap[first + 1:first + count:2] = 9.0
    nothing, place = np.zeros(N), np.zeros(N, np.int64)
    scores = Scores(surprise, nothing, nothing, place, place, np.zeros(len(paths.choices)), surprise, nothing, nothing)
    parts = Parts(paths, np.arange(100), np.arange(100, 300), np.arange(300, N), True) if has_reference else \
        Parts(paths, np.arange(N), np.arange(N), np.arange(N), False)
    return Scored(parts, scores, PartTable(("surprise", "improbability", "gap"), np.column_stack((surprise, surprise, gap))))


def test_the_share_is_counted_against_normal_tracks_where_there_are_some() -> None:
    """Of 300 reviewed tracks 40 are strange, 20 of them by how they went: a 95 % bound above that happens once in 20 times at most."""
    found = [share_of_abnormal(rank(made(seed), FLAGS, "surprise")) for seed in range(10)]
    assert all(one.promised and one.of == 300 for one in found)
    assert sum(one.low * 300 > 40 for one in found) < 4 and np.mean([one.low for one in found]) > 0.03
    alone = share_of_abnormal(rank(made(0, has_reference=False), FIRST, "surprise"))
    assert not alone.promised and alone.of == N and "no promise" in alone.sentence


def test_a_track_that_gives_nothing_to_measure_counts_as_ordinary() -> None:
    scored = made()
    values = scored.table.values.copy()
    values[300:340, 2] = np.nan
    review = rank(replace(scored, table=replace(scored.table, values=values)), FLAGS, "gap")
    assert 0.0 < share_of_abnormal(review).low <= 40 / 300
    assert not set(most_worth_a_look(review).order) & set(range(300, 340))


def test_a_spoilt_reference_is_doubted_in_words_and_a_clean_one_is_not() -> None:
    """A clean one is doubted once in 100 times: 3 of 20 once in 1,000."""
    assert sum(bool(doubt_of_reference(rank(made(seed), FLAGS, "surprise"))) for seed in range(20)) < 3
    spoilt = [doubt_of_reference(rank(made(seed, spoilt=36), FLAGS, "surprise")) for seed in range(20)]
    assert sum("normal ones (Tracks page)" in said for said in spoilt) > 5
    assert rank(made(spoilt=36), FLAGS, "surprise").promise.holds
    assert doubt_of_reference(rank(made(has_reference=False), FIRST, "surprise")) == ""


def test_the_strangest_of_each_way_comes_first() -> None:
    review = rank(made(), FLAGS, "surprise")
    found = most_worth_a_look(review)
    assert set(found.order) == set(np.flatnonzero(review.flagged)) and len(found.groups) >= 2
    ways = [{int(i) % 2 for i in group.members if i >= N - 40} for group in found.groups[:2]]
    assert ways == [{0}, {1}]  # strange by their way, and by way and gap
    assert len({int(i) % 2 for i in found.order[:2]}) == 2


def test_where_none_is_flagged_the_strangest_are_put_in_order() -> None:
    review = rank(made(strange=0), FalseAlarmControl("share_of_flags", 0.01), "surprise")
    assert not review.flagged.any()
    assert set(most_worth_a_look(review).order) == set(review.order[:30])
