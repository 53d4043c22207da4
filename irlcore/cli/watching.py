"""``motive watch``: new and changed files of a folder, each reviewed against a fitted project as it comes.

A file is taken once it has not changed for a while, so that nobody meets half of one; what cannot be read is said, and tried again when it
has changed. One JSON line a flagged track; a track that was flagged in a file before is not told again.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from irlcore.analysis.study import staleness
from irlcore.bounded_json import load_json
from irlcore.cli.arriving import judged_file
from irlcore.cli.opening import PROJECT, project_of, refused, text_of, unreadable, written
from irlcore.cli.reviewing import FLAGGED
from irlcore.cli.voice import Voice, plain_json
from irlcore.errors import Cancelled, DataError, FitError, MotiveError
from irlcore.project.project import Project, now
from irlcore.project.settings.settings import Settings
from irlcore.project.settings.settings_file import read_settings
from irlcore.quantities import counted
from irlcore.tracks.folder import ENDINGS

BAD = 2
Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds: what tells one state of a file from another."""


@dataclass(slots=True)
class Seen:
    """What has been judged. stamps: file -> its state then. flagged: file -> tracks that were told of it."""

    stamps: dict[str, Stamp] = field(default_factory=dict)
    flagged: dict[str, list[str]] = field(default_factory=dict)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Look once, or until it is stopped. Once: 1 where a track was flagged, else 2 where a file could not be judged."""
    folder = Path(asked.folder)
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}.", "Name the folder in which new files appear.")
    if asked.interval <= 0.0 or asked.settle < 0.0:
        raise DataError("Times between two looks have to be above 0 seconds.", "Choose --interval above 0 and --settle of 0 or more.")
    project = project_of(Path(asked.project))
    if project.fit is None:
        raise FitError(f"{asked.project} has no fit, so nothing can be judged by it.",
                       f"Fit it first: motive fit {asked.project} --save {asked.project}")
    if stale := staleness(project):
        voice.tell(f"{stale} New files are judged by the fit as it is.")
    asked.told = read_settings(text_of(Path(asked.settings)), asked.settings) if asked.settings else Settings()
    seen = remembered(Path(asked.state)) if asked.state else Seen()
    told, bad = 0, 0
    while True:
        ready, waiting = looked(folder, seen, asked.settle)
        for file, stamp in ready:
            lines = judged_or_said(project, file, asked, voice, seen)
            bad += lines is None
            told += tell(lines or [], asked.log, voice)
            seen.stamps[file.name] = stamp
            if asked.state:
                written(Path(asked.state), json.dumps({"stamps": seen.stamps, "flagged": seen.flagged}))
        if asked.once and not waiting:
            return FLAGGED if told else BAD if bad else 0
        if voice.control.cancel.wait(min(asked.interval, max(asked.settle, 0.05)) if waiting else asked.interval):
            raise Cancelled


def looked(folder: Path, seen: Seen, settle: float) -> tuple[list[tuple[Path, Stamp]], bool]:
    """Files that are new or changed and have been left alone for ``settle`` seconds, by name; and whether others are still written."""
    ready, waiting = [], False
    try:
        entries = [Path(one.path) for one in os.scandir(folder) if one.name.lower().endswith(ENDINGS) and one.is_file()]
    except OSError as error:
        raise unreadable(folder, error) from error
    for file in sorted(entries, key=lambda one: one.name):
        try:
            about = file.stat()
        except OSError:  # it went while it was looked at
            continue
        stamp = (about.st_size, about.st_mtime_ns)
        if seen.stamps.get(file.name) == stamp or file.suffix.lower() == PROJECT:
            continue
        if 0.0 <= time.time() - about.st_mtime < settle:
            waiting = True
        else:
            ready.append((file, stamp))
    return ready, waiting


def judged_or_said(project: Project, file: Path, asked: argparse.Namespace, voice: Voice, seen: Seen) -> list[dict[str, Any]] | None:
    """The lines of a file's flagged tracks that have not been told; None where it cannot be judged, which is said."""
    try:
        lines = judged_file(project, file, asked, voice)
    except Cancelled:
        raise
    except MotiveError as error:
        voice.warn(f"{file.name} is not judged. {refused(error)}")
        return None
    except OSError as error:
        voice.warn(f"{file.name} is not judged. {refused(unreadable(file, error))}")
        return None
    before = set(seen.flagged.get(file.name, []))
    seen.flagged[file.name] = [str(one["track"]) for one in lines]
    voice.tell(f"{file.name}: {counted(len(lines), 'flagged track')}.")
    return [one for one in lines if one["track"] not in before]


def tell(lines: list[dict[str, Any]], log: str, voice: Voice) -> int:
    """One JSON line each, with the time; appended to a file where one is named. How many."""
    stream: TextIO
    for one in lines:
        text = json.dumps(plain_json({"time": now(), **one}), allow_nan=False)
        if log:
            try:
                with Path(log).open("a", encoding="utf-8", newline="\n") as stream:
                    stream.write(text + "\n")
            except OSError as error:
                raise unreadable(Path(log), error) from error
        else:
            voice.line(text)
    return len(lines)


def remembered(file: Path) -> Seen:
    """What an earlier run has judged; nothing where there was none. DataError where the file is something else."""
    if not file.exists():
        return Seen()
    try:
        body: Any = load_json(text_of(file).encode(), file.name, 1_000_000)
        stamps = {str(name): (int(size), int(at)) for name, (size, at) in body["stamps"].items()}
        return Seen(stamps, {str(name): [str(one) for one in tracks] for name, tracks in body["flagged"].items()})
    except (AttributeError, KeyError, TypeError, ValueError, MotiveError) as error:
        raise DataError(f"{file} is not what motive watch has written.", "Name another file with --state, or remove it.") from error
