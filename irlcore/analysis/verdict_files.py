"""Verdicts and notes as a table, for another project or another person, and back from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import silenced, silenced_tracks
from irlcore.analysis.told_tables import Told, by_words, named_column, nameless_words, quoted, told_table
from irlcore.errors import DataError
from irlcore.features.checks import is_iso_time
from irlcore.project.project import Outcome, Project, Verdict, now, remember
from irlcore.project.verdicts import CALLED
from irlcore.quantities import counted
from irlcore.tracks.bounds import LONGEST_WORDS
from irlcore.tracks.cells import NOTHING, shown

COLUMNS = ("track", "outcome", "reason", "note", "time (UTC)", "silenced by")
OUTCOMES: dict[str, Outcome] = {**{one: one for one in CALLED}, **{called: one for one, called in CALLED.items()}}
"""How an outcome may stand in a file: as the screen calls it, or as projects keep it."""


@dataclass(frozen=True, slots=True)
class VerdictFile:
    """What a file tells. verdicts, notes: of tracks that are there; a track that comes twice has its last row. unmatched: names that no
    track has. unclear: track -> what stands for its outcome and is none. others: tracks whose verdict or note here is another one."""

    verdicts: Mapping[str, Verdict]
    notes: Mapping[str, str]
    unmatched: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    untimed: Mapping[str, str] = field(default_factory=dict)
    nameless: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, and what was not."""
        said = [f"{_many(len(self.verdicts), len(self.notes))} on tracks of this project."]
        if self.unmatched:
            said.append(f"No track here is called {quoted(self.unmatched)}: left out.")
        if self.unclear:
            said.append(f"No outcome that is known: {_beside(self.unclear)}. Known are {', '.join(CALLED.values())}.")
        if self.torn:
            said.append(f"Told differently in several rows: {quoted(self.torn)}. The last row counts.")
        if self.cut:
            said.append(f"Longer than {LONGEST_WORDS:,} characters, and cut there: what is said of {quoted(self.cut)}.")
        if self.untimed:
            said.append(f"No date and time of a verdict as in 2026-01-31T12:00: {_beside(self.untimed)}. It is kept as of now.")
        if self.nameless:
            said.append(nameless_words(self.nameless))
        return tuple(said)


def verdict_table(project: Project, review: Review | None = None) -> pd.DataFrame:
    """One row for each track with a verdict or a note, or that a rule silences in the review. Rules are told, and are not read again."""
    quiet = silenced_tracks(review, silenced(project, review)) if review is not None else {}
    rows = []
    for track in dict.fromkeys([*project.verdicts, *project.track_notes, *quiet]):
        verdict = project.verdicts.get(track)
        rows.append((track, CALLED[verdict.outcome] if verdict else "", verdict.reason if verdict else "",
                     project.track_notes.get(track, ""), verdict.made if verdict else "", quiet.get(track, "")))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def read_verdicts(project: Project, data: bytes, name: str = "") -> VerdictFile:
    """The verdicts and notes of a file. DataError where it names no track of the project, or tells neither."""
    told = told_table(project, data, name)
    outcome = named_column(told, ("outcome", "verdict")) or by_words(told, OUTCOMES)
    reason, note = named_column(told, ("reason", "why")), named_column(told, ("note", "notes", "comment", "remark"))
    if not outcome and not note:
        raise DataError(f"{name or 'This file'} has no column of outcomes and none of notes.",
                        f"Name one \"outcome\", with {', '.join(CALLED.values())} in it.")
    return _file(project, told, outcome, reason, note)


def _file(project: Project, told: Told, outcome: str, reason: str, note: str) -> VerdictFile:
    time, when = named_column(told, ("time", "made", "date")), now()
    verdicts: dict[str, Verdict] = {}
    notes: dict[str, str] = {}
    unclear, untimed = dict[str, str](), dict[str, str]()
    torn, cut = dict[str, None](), dict[str, None]()
    columns = (told.texts(column) for column in (outcome, reason, note, time))
    for track, said, why, words, made in zip(told.tracks, *columns, strict=True):
        which = OUTCOMES.get(said.casefold())
        if which is not None:
            verdict = Verdict(which, why[:LONGEST_WORDS], made if is_iso_time(made) else when)
            torn |= {track: None} if not _same(verdicts.get(track, verdict), verdict) else {}
            untimed |= {track: made} if made and verdict.made != made else {}
            verdicts[track] = verdict
        elif said.casefold() not in NOTHING:
            unclear[track] = said
        if words:
            torn |= {track: None} if notes.get(track, words[:LONGEST_WORDS]) != words[:LONGEST_WORDS] else {}
            notes[track] = words[:LONGEST_WORDS]
        cut |= {track: None} if max(len(why), len(words)) > LONGEST_WORDS else {}
    others = [i for i, one in verdicts.items() if i in project.verdicts and not _same(project.verdicts[i], one)]
    others += [i for i, one in notes.items() if project.track_notes.get(i, one) != one]
    return VerdictFile(verdicts, notes, told.unmatched, unclear, tuple(dict.fromkeys(others)), tuple(torn), tuple(cut), untimed,
                       told.nameless)


def _many(verdicts: int, notes: int) -> str:
    return f"{counted(verdicts, 'verdict')} and {counted(notes, 'note')}"


def _beside(told: Mapping[str, str]) -> str:
    """What stands beside tracks, and beside which."""
    return quoted([f"{shown(text)} ({shown(track)})" for track, text in told.items()])


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.outcome, one.reason) == (other.outcome, other.reason)


def with_verdicts(project: Project, found: VerdictFile, name: str, overwrite: bool) -> Project:
    """The project with a file's verdicts and notes: one step to undo. overwrite: those that stand here already give way; else they stay.
    The same project where nothing is new."""
    verdicts = {i: one for i, one in found.verdicts.items() if i not in project.verdicts or (
        overwrite and not _same(project.verdicts[i], one))}
    notes = {i: one for i, one in found.notes.items() if i not in project.track_notes or (overwrite and project.track_notes[i] != one)}
    if not verdicts and not notes:
        return project
    known = {*project.tracks.ids.tolist()} if project.tracks is not None else set()
    if gone := [i for i in (*verdicts, *notes) if i not in known]:
        raise DataError(f"The tracks have changed since the file was read: {quoted(gone)}.", "Read it again.")
    many = _many(len(verdicts), len(notes))
    return remember(replace(project, verdicts={**project.verdicts, **verdicts}, track_notes={**project.track_notes, **notes}),
                    f"Read {many} from {name or 'a file'}")
