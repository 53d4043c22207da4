"""What sequences did, against counting by hand; and the reasons of a planted one, in words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.project.project import Project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.base import NO_WAYS
from irlcore.review.reasons import Telling
from irlcore.review.sequences.findings import sequence_findings
from irlcore.review.sequences.usual import NEVER, usual_sequences
from irlcore.worlds.history.build import build_history
from irlcore.worlds.history.observed import map_log
from tests.logs import log_of, log_project, sequences


def test_counts_of_known_sequences_are_those_by_hand() -> None:
    found = sequences(80)
    log = log_of(found, 0)
    world, index = build_history(log), np.arange(10, 80)
    paths = map_log(world, log).paths
    usual = usual_sequences(world, paths, index)
    names = [str(one) for one in world.place_names]
    known = found[10:80]
    for event in range(len(names) - 2):
        assert usual.having(event, -1) == sum(names[event] in one for one in known)
        assert usual.having(event, 4, 2) == sum(one.count(names[event]) >= 2 for k, one in enumerate(known) if k != 4)
        first = usual.first_places(np.array([event]), 7)[0]
        assert first[7] == NEVER
        assert [int(at) if at != NEVER else None for k, at in enumerate(first) if k != 7] == [
            one.index(names[event]) if names[event] in one else None for k, one in enumerate(known) if k != 7]
    whole = [["(start)", *one, "(end)"] for one in known]
    for a, before in enumerate(names):
        for b, after in enumerate(names):
            slow = sum(any(pair == (before, after) for pair in pairwise(one)) for one in whole)
            assert usual.following(np.array([a * world.n_places + b]))[0] == slow


def findings_of(strange: list[str], known: list[list[str]]) -> list[str]:
    log = log_of([strange, *known], 0)
    world = build_history(log)
    paths = map_log(world, log).paths
    usual = usual_sequences(world, paths, np.arange(1, len(paths)))
    return [one.sentence for one in sequence_findings(world, paths, 0, usual, "known sequence")]


KNOWN = [["open", "work", "check", "approve", "close"]] * 40


@pytest.mark.parametrize(("strange", "said"), [
    (["open", "work", "check", "close"], 'It has no "approve", which all 40 known sequences have.'),
    (["open", "work", "check", "approve", "work", "close"], '"work" came twice; none of 40 known sequences has it as often.'),
    (["open", "work", "approve", "check", "close"], '"approve" came before "check", as in none of 40 known sequences that have both.'),
    (["open", "export", "work", "check", "approve", "close"], 'It has "export", which none of 40 known sequences has.'),
    (["open", "check", "approve", "close"], 'It has "check" right after "open", as none of 40 known sequences.'),
    (["work", "check", "approve", "close"], 'It began with "work", as none of 40 known sequences.'),
    (["open", "work", "check", "approve"], 'It ended right after "approve", as none of 40 known sequences.')])
def test_each_kind_of_oddity_is_told(strange: list[str], said: str) -> None:
    assert said in findings_of(strange, KNOWN)


def test_of_an_ordinary_sequence_and_with_few_known_nothing_is_told() -> None:
    assert findings_of(KNOWN[0], KNOWN) == []
    assert findings_of(["open"], KNOWN[:19]) == []


def test_the_order_of_known_sequences_makes_no_difference() -> None:
    known = sequences(60)
    strange = ["open", "close", "work", "work", "open"]
    assert findings_of(strange, known) == findings_of(strange, known[::-1])


def test_a_known_sequence_is_not_told_against_itself() -> None:
    odd = ["open", "work", "approve", "check", "close"]
    log = log_of([odd, *KNOWN], 0)
    world = build_history(log)
    paths = map_log(world, log).paths
    usual = usual_sequences(world, paths, np.arange(len(paths)))
    said = [one.sentence for one in sequence_findings(world, paths, 0, usual, "other sequence")]
    assert '"approve" came before "check", as in none of 40 other sequences that have both.' in said


@pytest.fixture(scope="module")
def reviewed() -> tuple[Project, Review, Telling]:
    project = log_project()
    review = review_study(project, FalseAlarmControl("share_of_normal", 0.05))
    return project, review, apart_study(project, review)


@pytest.mark.kernels
def test_the_planted_sequence_comes_first_and_says_why(reviewed: tuple[Project, Review, Telling]) -> None:
    project, review, told = reviewed
    first = int(review.order[0])
    assert review.parts.paths.ids[first] == "case 5" and review.flagged[first]
    reasons = reasons_study(project, review, first, told)
    said = "\n".join(reasons.sentences)
    assert 'It has no "approve", which all 180 known sequences have' in said
    assert '"close" came before "work"' in said
    assert 'Least expected: event 2, "close": the model gives it 1 chance in ' in said
    assert 'After "open", "close" is ' in said and " times rarer than " in said
    assert 'Likelier from event 2 on: "' in said and " times as likely as what came." in said
    assert reasons.belief is None and len(reasons.alternative)
    state = review.parts.paths.choices[review.parts.paths.offsets[first] + 1]
    mdp = project.world.mdp if project.world is not None else None
    assert mdp is not None and mdp.choice_state[reasons.alternative[0]] == mdp.choice_state[state]
    for word in ("best way", "goal", "circle", "turned round", "(end)", "(start)", "Detour", "link"):
        assert word not in said
    assert '"close" right after "open"' in headlines(project, review, told)[0]


@pytest.mark.kernels
def test_kinds_of_ways_say_why_they_are_silent(reviewed: tuple[Project, Review, Telling]) -> None:
    missing = reviewed[1].scored.missing
    for kind in ("usual_ways", "destination", "left_its_course", "ends_together", "stretch_distance", "circles", "back_and_forth",
                 "repeats", "winding", "turning"):
        assert missing[kind] == NO_WAYS
    assert not {"surprise", "worst_stretch", "improbability", "unshared_events"} & set(missing)
