"""``motive review``: who does not behave like the rest, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from irlcore.analysis.cross_conformal import cross_study
from irlcore.analysis.listing import Filter, listed
from irlcore.analysis.ranking import Review, rank, scored_study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.analysis.silencing import silenced
from irlcore.cli.fitting import saved_to, with_a_fit
from irlcore.cli.opening import Opened, opened
from irlcore.cli.voice import Voice, table_lines
from irlcore.errors import DataError, MotiveError, did_you_mean
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.quantities import counted
from irlcore.report.review_list import list_places, list_scores
from irlcore.report.review_words import limit_words, promise_words, ranked_words
from irlcore.review.calibration.controls import USUAL, FalseAlarmControl, check_rate, usual_control
from irlcore.review.parts.kinds import TITLES
from irlcore.review.reasons import Telling
from irlcore.worlds.called import called

FLAGGED = 1
MOST_EXPLAINED = 40
"""Tracks of which more than one line is said, as in a report."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flagged track. place: in the list, from 1. p: its p-value, or place among all where nothing calibrates. score: with its unit.
    why: in one line; reasons: in sentences."""

    track: str
    place: int
    p: float
    score: str
    why: str
    reasons: tuple[str, ...]


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """List the flagged tracks with their reasons; 1 where there are any."""
    check_asked(asked)
    found = opened(asked.data, asked.settings, voice)
    project = with_a_fit(found, asked, voice)
    review = reviewed(project, found, asked, voice)
    flags = flagged(project, review, voice)
    tell_review(project, review, flags, voice)
    saved = saved_to(project, asked.save, voice)
    voice.give({"command": "review", **told(project, review, flags), "assumed": voice.assumed, "saved": saved})
    return FLAGGED if flags else 0


def check_asked(asked: argparse.Namespace) -> None:
    """DataError where a rate or a score is none, before anything is read or fitted for it."""
    if asked.rate is not None:
        check_rate(asked.rate, "false-alarm rate")
    if asked.score:
        known_score(asked.score, TITLES)


def known_score(score: str, names: Iterable[str]) -> None:
    """DataError where no score is called so, with the one that may be meant."""
    if score not in (known := [*names]):
        offer = f"{did_you_mean(score, known)} Choose one of {', '.join(known)}."
        raise DataError(f'There is no score called "{score[:80]}".', offer.strip())


def control_of(found: Opened, asked: argparse.Namespace, has_reference: bool) -> FalseAlarmControl:
    """Which false alarms are limited: as the command line says, else the settings, else as the app begins."""
    told = found.settings.review.control if found.settings.review is not None else None
    usual = told or usual_control(has_reference)
    if not has_reference and usual.kind != "strangest" and not asked.control:
        usual = usual_control(False)
    kind = asked.control or usual.kind
    rate = asked.rate if asked.rate is not None else usual.rate if kind == usual.kind else usual_control(kind != "strangest").rate
    return FalseAlarmControl(kind, rate, usual.basis if kind == usual.kind else USUAL)


def reviewed(project: Project, found: Opened, asked: argparse.Namespace, voice: Voice) -> Review:
    """The class's tracks scored, ranked and flagged."""
    scored = scored_study(project, voice.doing("Scoring the tracks"))
    control = control_of(found, asked, scored.parts.has_reference)
    score = asked.score or (found.settings.review.score if found.settings.review is not None else "")
    if score:
        known_score(score, scored.table.names)
    crossed = None
    if control.basis.crossed:
        score = score or "surprise"
        crossed = cross_study(project, score, watch=voice.doing("Comparing with every normal track"))
    return rank(scored, control, score, crossed)


def flagged(project: Project, review: Review, voice: Voice) -> list[Flag]:
    """The flagged tracks, strangest first, without those that are understood or that a rule silences, as the Review page lists them."""
    watch = voice.doing("Reasons")
    quiet = silenced(project, review, watch=watch)
    keep = listed(project, review, Filter(silenced=quiet.mask))
    if not keep.any():
        voice.clear()
        return []
    telling = apart_study(project, review, watch)
    lines, scores = headlines(project, review, telling), list_scores(review)
    found: list[Flag] = []
    for k in np.flatnonzero(keep).tolist():
        i = int(review.order[k])
        reasons = _reasons(project, review, i, telling) if len(found) < MOST_EXPLAINED else ()
        found.append(Flag(str(review.parts.paths.ids[i]), k + 1, float(review.p[i]), scores[k], lines[k], reasons))
    voice.clear()
    return found


def _reasons(project: Project, review: Review, index: int, telling: Telling) -> tuple[str, ...]:
    try:
        return reasons_study(project, review, index, telling).sentences
    except MotiveError as error:  # one track that cannot be explained does not take the list away
        return (f"{error.what} {error.fix}".strip(),)


def tell_review(project: Project, review: Review, flags: list[Flag], voice: Voice) -> None:
    """The list, and what is promised of it."""
    words = called(need_world(project)[0])
    many = counted(len(flags), f"flagged {words.track}")
    voice.say(f"{project.name}: {project.agent_class or words.say('all tracks')}. {many} of {len(review.order):,} reviewed.")
    places = dict(zip(map(int, review.order), list_places(review), strict=True))
    at = {str(review.parts.paths.ids[i]): said for i, said in places.items()}
    rows = [[str(one.place), one.track, at[one.track], one.score, one.why] for one in flags]
    if rows:
        lines = table_lines(["place", words.track, "how rare", "score", "why"], rows, right=(0,))
        for line, one in zip(lines, [None, *flags], strict=True):
            voice.say(line)
            for sentence in one.reasons if one is not None else ():
                voice.say(f"       {sentence}")
    for sentence in filter(None, (ranked_words(review), promise_words(review), "" if review.flagged.any() else limit_words(review))):
        voice.say(words.say(sentence))
    voice.say("Unusual under this model is no proof of anything: people must decide.")


def told(project: Project, review: Review, flags: list[Flag]) -> dict[str, Any]:
    """A review for programs."""
    return {"project": project.name, "class": project.agent_class, "reviewed": len(review.order), "control": review.control.kind,
            "rate": review.control.rate, "score": review.score, "score_title": TITLES[review.score], "promise": promise_words(review),
            "flagged": [flag_told(one) for one in flags]}


def flag_told(one: Flag) -> dict[str, Any]:
    """A flagged track for programs."""
    return {"track": one.track, "place": one.place, "p": one.p, "score": one.score, "why": one.why, "reasons": list(one.reasons)}
