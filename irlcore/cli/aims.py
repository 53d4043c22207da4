"""``motive intent``: what each track seems to be after."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from irlcore.analysis.goals import end_names
from irlcore.analysis.onward import intents_study
from irlcore.cli.fitting import studied, with_a_fit
from irlcore.cli.opening import opened
from irlcore.cli.voice import Voice, table_lines
from irlcore.errors import DataError
from irlcore.intent.goals import GoalPosterior
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world, split_paths
from irlcore.quantities import counted
from irlcore.report.intent_words import AFTER, NONE, how_sure, with_goals

MOST = 2000
"""Tracks whose goals are asked for where none are named, as on the Report page."""
MOST_GOALS = 3


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """The likeliest goals of the tracks that are named, of all reviewed ones where none is."""
    found = opened(asked.data, asked.settings, voice)
    if need_world(found.project)[0].kind == "log":
        raise DataError("Every sequence of an event log goes to its end, so there is nothing to ask of where it is heading.",
                        "Use motive review to see which sequences are odd, and where.")
    asked_tracks(split_paths(studied(found, asked)), asked.track)  # what cannot be told is said before anything is fitted
    project = with_a_fit(found, asked, voice)
    parts = split_paths(project)
    index = asked_tracks(parts, asked.track)
    if not asked.track and len(index) == MOST:
        voice.tell(f"Told of the first {MOST:,} tracks that have a destination; name others with --track.")
    posteriors, names = intents_study(project, index, voice.doing("Looking for goals"))
    voice.clear()
    ends = [*end_names(project, parts), ""]
    rows = [_told(str(parts.paths.ids[i]), posterior, names, ends[int(parts.paths.goal[i])])
            for i, posterior in zip(index, posteriors, strict=True)]
    tell(project, rows, len(names), voice)
    voice.give({"command": "intent", "project": project.name, "class": project.agent_class, "goals": list(names), "tracks": rows,
                "assumed": voice.assumed})
    return 0


def asked_tracks(parts: Parts, tracks: list[str]) -> np.ndarray:
    """(n,) int64 into the class's paths; the first ``MOST`` where none are named. DataError where a track is not among them, or none has a
    destination."""
    at = {str(one): k for k, one in enumerate(parts.paths.ids)}
    if lost := [one for one in tracks if one not in at]:
        raise DataError(f'No track of this class is called "{lost[0]}".', f"Its tracks are called like {next(iter(at))}.")
    wanted = [at[one] for one in tracks] if tracks else parts.review.tolist()
    found = with_goals(parts.paths, wanted)
    if not found:
        raise DataError("None of these tracks has a destination that could be told from others.",
                        "Say what tracks are after under [study.class_aims] of a settings file.")
    return np.array(found if tracks else found[:MOST], np.int64)


def _told(track: str, posterior: GoalPosterior, names: tuple[str, ...], ended: str) -> dict[str, Any]:
    steps = len(posterior.probability) - 1
    after = [{"seen": share, "step": int(share * steps), **_likeliest(posterior, names, int(share * steps))} for share in AFTER.values()]
    now = posterior.probability[steps]
    likely = [int(k) for k in np.argsort(-now, kind="stable")[:MOST_GOALS] if now[k] > 0.0]
    return {"track": track, "steps": steps, "after": after, "now": [{"goal": names[k], "probability": float(now[k])} for k in likely],
            "certain_from_step": None if posterior.certain_step < 0 else int(posterior.certain_step), "ended_at": ended or None}


def _likeliest(posterior: GoalPosterior, names: tuple[str, ...], step: int) -> dict[str, Any]:
    best = int(posterior.top[step])
    return {"goal": names[best] if best >= 0 else None, "probability": float(posterior.probability[step].max())}


def tell(project: Project, rows: list[dict[str, Any]], goals: int, voice: Voice) -> None:
    """The table for people."""
    voice.say(f"{project.name}: what {counted(len(rows), 'track')} seemed to be after, of {counted(goals, 'goal')}.")
    heads = ["track", "steps", "half way", "", "last seen", "", "certain from", "ended at"]
    lines = []
    for row in rows:
        half = row["after"][1]
        now: dict[str, Any] = row["now"][0] if row["now"] else {"goal": NONE, "probability": 0.0}
        sure = row["certain_from_step"]
        lines.append([row["track"], str(row["steps"]), half["goal"] or NONE, _sure(half["probability"]), now["goal"],
                      _sure(now["probability"]), "never" if sure is None else f"step {sure}", row["ended_at"] or "cut off before"])
    for line in table_lines(heads, lines, right=(1,)):
        voice.say(line)


def _sure(probability: float) -> str:
    return f"{how_sure(probability)} ({probability:.0%})" if probability > 0.0 else ""
