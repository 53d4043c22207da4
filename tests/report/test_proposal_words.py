"""Promises in words: the verdict, the chance by luck, and what became of tracks with a verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

from irlcore.analysis.proposals import Preview
from irlcore.elicitation.score_test import adjusted
from irlcore.elicitation.suggestions import LEVEL, Suggestion
from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.report.charts import changes_figure
from irlcore.report.proposal_words import (
    ENOUGH,
    GOOD,
    HARM,
    LUCK,
    NOTHING,
    alike_words,
    chance_words,
    explained_words,
    gain_words,
    known_words,
    luck_words,
    nats,
    round_to_two,
    sentence_words,
    short_words,
    sign_words,
    support_words,
    title_words,
    verdict_words,
)

SPEC = FeatureSpec("f", "step")


def promised(lm: float, held_out: float = 5.0, support: float = 40.0) -> Suggestion:
    return Suggestion(SPEC, lm, float(chi2.sf(lm, 1)), -0.4, 33.8, held_out, support)


@pytest.mark.parametrize(("test", "tried", "verdict"), [
    (promised(30.0), 1, GOOD), (promised(30.0, -2.0), 1, HARM), (promised(5.0), 1, GOOD),
    (promised(5.0), 10, LUCK), (promised(0.0), 1, NOTHING),
    (promised(30.0, support=1.5), 1, LUCK)])
def test_the_verdict_counts_what_was_looked_at(test: Suggestion, tried: int, verdict: str) -> None:
    assert verdict_words(test, tried, 53) == verdict


def test_an_idea_of_ones_own_may_rest_on_fewer_tracks_than_the_best_of_many() -> None:
    assert verdict_words(promised(10.0, support=7.0), 1, 53) == LUCK
    assert verdict_words(promised(10.0, support=7.0), 1, 53, suggested=False) == GOOD
    assert verdict_words(promised(10.0, support=3.0), 1, 53, suggested=False) == LUCK


def test_the_chance_by_luck_is_that_of_the_best_of_all_looked_at() -> None:
    lm = float(chi2.isf(1e-4 / 213, 1))
    assert adjusted(lm, 213) == pytest.approx(1e-4)
    assert luck_words(lm, 213) == \
        "1 chance in 10,000 by luck, with 213 candidates looked at: that is enough (at most 1 chance in 20 counts)"
    assert luck_words(float(chi2.isf(0.25, 1)), 1) == \
        "25% likely by luck, with 1 candidate looked at: not enough (at most 1 chance in 20 counts)"
    assert luck_words(0.1, 1).startswith("quite likely by luck")
    assert luck_words(500.0, 10).startswith("less than 1 chance in a billion")
    assert chance_words(lm, 213) == "1 chance in 10,000 by luck" and f"1 chance in {1 / LEVEL:.0f}" == ENOUGH
    assert adjusted(1.0, 1_000) == 1.0 and adjusted(3.0, 0) == adjusted(3.0, 1)
    assert [round_to_two(v) for v in (1.0, 12.6, 996.0, 10_449.0)] == [1, 13, 1000, 10_000]


@pytest.mark.parametrize("p", [0.5 * LEVEL, 0.999 * LEVEL, 1.001 * LEVEL, 0.5])
def test_what_counts_as_enough_is_what_the_verdict_uses(p: float) -> None:
    lm = float(chi2.isf(p / 7, 1))
    assert ("that is enough" in luck_words(lm, 7)) == (verdict_words(promised(lm), 7, 53) == GOOD)


def test_what_rests_on_too_few_tracks_says_how_many_count() -> None:
    assert support_words(promised(30.0, support=40.0), 53) == "it rests on about 40 tracks"
    assert support_words(promised(30.0, support=7.0), 53) == "it rests on about 7 tracks, too few to count (at least 11 do)"
    assert support_words(promised(30.0, support=1.2), 53, suggested=False) == "it rests on about 1 track, too few to count (at least 5 do)"
    assert verdict_words(promised(30.0, support=7.0), 1, 53) == LUCK


def test_gains_and_signs_have_their_units_and_words() -> None:
    assert gain_words(promised(30.0, 29.2), 53) == "about +34 nats on 53 tracks (each 1.9 times as likely), held out +29"
    assert gain_words(promised(30.0, 29.2), 5_300) == "about +34 nats on 5,300 tracks, held out +29"
    assert "(each 130 times as likely)" in gain_words(promised(30.0), 7)
    assert [nats(v) for v in (-0.01, 0.26, 1234.5)] == ["+0.0 nats", "+0.3 nats", "+1,234 nats"]
    assert [sign_words(w) for w in (-1.0, 0.0, 1.0)] == ["avoided", "no effect", "sought"]


def test_a_proposal_that_says_the_same_is_told_so_whatever_its_sign() -> None:
    def near(*rows: tuple[str, float]) -> str:
        return alike_words(Preview(SPEC, rows, promised(1.0), (), 1))

    assert near(("length", -0.97), ("turn", 0.1)) == 'says almost the same as "length" (correlation -0.97)'
    assert near(("turn", 0.1)) == 'closest to "turn" (correlation 0.10)'
    assert near() == ""


def test_a_list_has_short_titles_and_sentences_whatever_the_stored_name() -> None:
    fit = {"features": [], "weights": [], "own": [], "model": "maxent", "gamma": 1.0}
    habit = FeatureSpec("habit by turn, beyond 9 features", "habit", {"of": "turn", "fit": fit})
    count = FeatureSpec("cnt", "attribute", {"attribute": "cnt"})
    both = FeatureSpec(f"{habit.name} × cnt", "combine", {"first": embedded(habit), "second": embedded(count), "how": "times"})
    assert [title_words(spec) for spec in (count, habit, both)] == ["cnt", "Habit by turn", "Habit by turn × cnt"]
    assert title_words(FeatureSpec("class traffic: place", "traffic", {"of": "place"})) == "Class traffic by place"
    assert short_words(habit, "m") == "How much more this turn is used than this fit expects."
    assert short_words(both, "m").startswith("How much more this turn is used than this fit expects; times: ")
    assert "no unit" not in short_words(FeatureSpec("in a", "zone", {"zone": "a"}), "m")
    assert sentence_words(count, "m") == KINDS["attribute"].describe(count.params, "m")
    assert sentence_words(both, "m") == short_words(both, "m")
    broken = FeatureSpec("odd", "combine", {"first": {}, "second": {}, "how": "times"})
    assert title_words(broken) == "odd" and short_words(broken, "m")


def test_tracks_with_a_verdict_are_followed() -> None:
    known = {"understood": (3, 1), "operational event": (3, 3), "misunderstood": (1, 0)}
    assert known_words(known, {"understood": 5, "operational event": 3, "misunderstood": 1}) == [
        'Of 5 with the verdict "understood", 3 were flagged before, 1 is flagged now.',
        'Of 3 with the verdict "operational event", 3 were flagged before, all are flagged now.',
        'Of 1 with the verdict "lacks a feature", 1 was flagged before, none is flagged now.']


def test_weights_before_and_after_stand_in_one_row_where_both_are() -> None:
    before, after = changes_figure([("a", (1.0, 0.5, 2.0), (1.5, 1.0, 2.0)), ("b", None, (-1.0, -1.5, -0.5))]).data
    assert list(before.x) == [1.0] and list(after.x) == [1.5, -1.0]
    assert (list(before.error_x.array), list(before.error_x.arrayminus)) == ([1.0], [0.5])
    assert round(before.y[0]) == round(after.y[0]) == 1 and round(after.y[1]) == 0
    assert changes_figure([("b", None, (1.0, np.nan, np.nan))]).data[1].error_x.array[0] == 0.0


def test_likelier_is_not_said_to_be_off_the_list() -> None:
    """A track may gain a lot and stay flagged: the promise tells the two apart."""
    preview = Preview(SPEC, (), promised(30.0), (("a", 1.4, False), ("b", 0.7, False), ("c", 0.1, False)), 53)
    assert explained_words(preview, 9, "surprise") == (
        "Would make **2 of 9 flagged** tracks clearly likelier (by 1.6 times or more); reckoned to leave the list: **none**.")
    assert explained_words(replace(preview, explained=(("a", 1.4, True),)), 9, "improbability").endswith("leave the list: **1**.")
    assert explained_words(replace(preview, explained=()), 9, "utility_gap").startswith("Would make **none of 9 flagged** tracks")
    assert "leave the list:" not in explained_words(preview, 9, "worst_stretch")
