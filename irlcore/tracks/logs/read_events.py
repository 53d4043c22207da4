"""Event logs into sequences of events, with every row that was dropped, left out or moved listed or counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.attributes import plain_frame
from irlcore.tracks.bounds import LATEST, LONGEST_NAME
from irlcore.tracks.cells import NOTHING, id_codes, names, shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.logs.event_texts import read_events_texts
from irlcore.tracks.logs.event_times import moments
from irlcore.tracks.logs.last_values import with_last_values
from irlcore.tracks.logs.lifecycle import left_to_completion
from irlcore.tracks.logs.repeated import repeated_rows
from irlcore.tracks.logs.spelling import bare
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, NOTED, TOO_LONG, Problems, in_files, left_out, list_rows, more, runs, sentences
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.tracks import LinkTracks, problem_table

CASE = "case:"
MIXED, FEW = 0.1, 10
"""Share of rows that run against the others up to which a file is in order but for some, or has the newest first; and how many are listed
one by one all the same."""
MOST_TOLD = 6
"""Columns by name in one sentence."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """P rows in the order of the sequences. order: (P,) int64. t: (P,) float64 seconds, None where there is no time. said: sentences.
    begun: how many rows another completes."""

    order: np.ndarray
    t: np.ndarray | None
    said: tuple[str, ...]
    begun: int


def read_events(table: pd.DataFrame, columns: Mapping[str, str], attributes: pd.DataFrame | None = None, watch: Control | None = None,
                options: Options = AS_THEY_ARE) -> Imported:
    """Sequences of events, as ``LinkTracks`` whose links are events. columns: part -> column: track and event, t where there is time (or a
    number that orders them), date where that is a time of day, lifecycle; or track and events, one row a sequence.

    A sequence may have a single event. Columns that do not change within a sequence become its attributes; others are of the events, by
    which these may be told apart (``worlds.history.classifier``). DataError where no row can be used, or a ``Question`` that one of the
    options answers.
    """
    clock = Clock("Reading the log", watch)
    imported = _whole(table, columns, attributes, clock) if "events" in columns and "event" not in columns else \
        _rows(table, columns, attributes, clock, options)
    tracks = imported.tracks
    assert isinstance(tracks, LinkTracks)
    return Imported(tracks, imported.problems, imported.rows_kept, imported.rows_dropped, imported.tracks_kept, imported.tracks_dropped,
                    (*imported.said, *_what_it_is(tracks)), imported.rows_counted)


def _rows(table: pd.DataFrame, columns: Mapping[str, str], attributes: pd.DataFrame | None, clock: Clock, options: Options) -> Imported:
    need(table, columns, ("track", "event"), "events")
    track, ids = id_codes(table[columns["track"]])
    event, events = id_codes(table[columns["event"]])
    problems: Problems = []
    found = _in_order(table, columns, options, clock, (track, ids), (event, events), problems)
    order = found.order
    if not len(order):
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No event of a sequence is left.{first}", "Mend such rows in the file, or pick other columns.")
    codes, offsets = runs(track[order])
    own = table[[c for c in table.columns if c not in set(columns.values())]]
    made = track_attributes(own, order, offsets, ids[codes], attributes, clock)
    changing, of_events = _of_events(own, made.frame, order)
    frame, of_states = with_last_values(_of_cases(made.frame), table, columns, of_events, order, offsets)
    tracks = LinkTracks(ids[codes], offsets, events[event[order]], frame, times=None if found.t is None else found.t[order],
                        of_events=changing)
    lost = int((ids != "").sum()) - len(codes)
    said = (*sentences(table), *found.said, *_told_of_events(of_events), *of_states, *made.said)
    return Imported(tracks, problem_table(in_files([*left_out(table), *made.problems, *problems], table)), len(order),
                    len(table) - len(order), len(codes), lost, said, found.begun)


def _in_order(table: pd.DataFrame, columns: Mapping[str, str], options: Options, clock: Clock, of: tuple[np.ndarray, np.ndarray],
              what: tuple[np.ndarray, np.ndarray], problems: Problems) -> _Rows:
    """The rows that can be used, sequence by sequence as these first appear, by time in each. of, what: codes of rows and what they stand
    for, sequences and events."""
    (track, ids), (event, events) = of, what
    when = moments(table, columns, options, track)
    clock.check()
    blank = np.array([one.lower() in NOTHING for one in events], bool)
    bad = np.zeros(len(table), bool)
    for wrong, why in (((ids == "")[track], "no id of a sequence"), (too_long(ids)[track], TOO_LONG), (blank[event], "no event"),
                       (too_long(events)[event], f"an event with {TOO_LONG}"), (~(np.abs(when.key) <= LATEST), "no usable time")):
        list_rows(np.flatnonzero(wrong & ~bad), track, ids, why, "dropped", problems)
        bad |= wrong
    alike = pd.factorize(np.array([bare(one) or one for one in events], object))[0]  # an event may be told begun in another spelling
    begun, said = left_to_completion(table, columns, track, alike[event], ~bad)
    if begun.any():
        problems.append(("", "", said[0], NOTED))  # the file is as it should be: a line, and no list of problems
    bad |= begun
    again, twice = repeated_rows(table, track, event, when, ~bad)
    list_rows(np.flatnonzero(again), track, ids, "a row that repeats another in every column", "dropped", problems)
    bad |= again
    clock.check()
    keep = np.flatnonzero(~bad)
    order, moved = _sorted(keep, track, ids, when.key, problems)
    return _Rows(order, when.seconds, (*when.said, *said, *twice, *moved), int(begun.sum()))


def _sorted(keep: np.ndarray, track: np.ndarray, ids: np.ndarray, key: np.ndarray, problems: Problems) -> tuple[np.ndarray, list[str]]:
    """Rows sequence by sequence, by ``key`` in each; of equal keys the first in the file first, or the last where the file has the newest
    first. Rows that had to be moved are listed, or told where they are more than a few."""
    appearance = pd.factorize(track[keep])[0]
    grouped = keep[np.argsort(appearance, kind="stable")]
    same = track[grouped[1:]] == track[grouped[:-1]]
    step = key[grouped[1:]] - key[grouped[:-1]]
    falls, rises = same & (step < 0.0), same & (step > 0.0)
    said = []
    down, up = int(falls.sum()), int(rises.sum())
    newest = down > 0 and up <= MIXED * (down + up)
    if newest:
        said.append("The file has the newest events first: each sequence is turned round.")
    elif down > max(FEW, MIXED * (down + up)):
        said.append("The rows of a sequence do not stand in the order of their times: each sequence is sorted by time.")
    elif falls.any():
        list_rows(grouped[1:][falls], track, ids, "earlier than the row before it", "repaired: sorted by time", problems)
    place = -keep if newest else keep
    order = keep[np.lexsort((place, key[keep], appearance))]
    ties = int(((track[order[1:]] == track[order[:-1]]) & (key[order[1:]] == key[order[:-1]])).sum())
    if ties:
        said.append(f"{_events(ties)} at the same time as the one before in the sequence: of these the order is the file's.")
    return order, said


def _whole(table: pd.DataFrame, columns: Mapping[str, str], attributes: pd.DataFrame | None, clock: Clock) -> Imported:
    """One row a sequence, its events in one text."""
    need(table, columns, ("track", "events"), "events")
    texts = read_events_texts(table[columns["events"]], clock)
    ids, lengths, problems = names(table[columns["track"]]), texts.lengths, list[tuple[object, object, str, str]]()
    repeated = pd.Series(ids).duplicated().to_numpy()
    long = np.zeros(len(ids), bool)
    long[np.repeat(np.arange(len(ids)), lengths)[too_long(texts.names)[texts.codes]]] = True
    good = np.ones(len(ids), bool)
    for wrong, why in ((ids == "", "no id of a sequence"), (repeated, "a second sequence of the same id"), (too_long(ids), TOO_LONG),
                       (lengths == 0, "no event"), (long, f"an event with {TOO_LONG}")):
        problems += [(i + FIRST_ROW, ids[i], why, "dropped") for i in np.flatnonzero(wrong & good)[:MOST_LISTED]]
        more(int((wrong & good).sum()), why, "dropped", problems)
        good &= ~wrong
    if not good.any():
        raise DataError(f"No sequence with an event is left. The first problem, row {problems[0][0]}: {problems[0][2]}.",
                        "Check the column of events.")
    own = table[[c for c in table.columns if c not in set(columns.values())]]
    made = track_attributes(own, np.flatnonzero(good), np.arange(good.sum() + 1), ids[good], attributes, clock)
    offsets = np.concatenate(([0], np.cumsum(lengths[good]))).astype(np.int64)
    tracks = LinkTracks(ids[good], offsets, texts.links[np.repeat(good, lengths)], made.frame)
    kept = int(good.sum())
    return Imported(tracks, problem_table(in_files([*left_out(table), *made.problems, *problems], table)), kept, len(table) - kept, kept,
                    len(table) - kept, (*sentences(table), *texts.said, *made.said))


def _of_cases(frame: pd.DataFrame) -> pd.DataFrame:
    """Attributes of sequences without the "case:" that XES tables write before them, unless another is called so."""
    bare = {name: name.removeprefix(CASE) for name in map(str, frame.columns) if name.startswith(CASE)}
    taken = {*map(str, frame.columns), ""}
    return frame.rename(columns={name: short for name, short in bare.items() if short not in taken})


def _of_events(own: pd.DataFrame, of_tracks: pd.DataFrame, order: np.ndarray) -> tuple[pd.DataFrame | None, list[str]]:
    """The columns whose values change within sequences, in the order of the events, and their names; those with a text that is longer than
    a project keeps are none of them, and neither is a second one of a name."""
    known = {str(name) for name in of_tracks.columns}
    at = [k for k, name in enumerate(own.columns) if str(name) not in known]
    frame = plain_frame(own.iloc[order, at].reset_index(drop=True))
    fits = [k for k in range(frame.shape[1]) if str(frame.columns[k]) not in map(str, frame.columns[:k]) and
            (not pd.api.types.is_string_dtype(frame.dtypes.iloc[k]) or frame.iloc[:, k].str.len().max() <= LONGEST_NAME)]
    frame = frame.iloc[:, fits]
    return (frame if len(fits) else None), [str(name) for name in frame.columns]


def _told_of_events(columns: list[str]) -> tuple[str, ...]:
    """Columns whose values change within sequences: they are of events."""
    if not columns:
        return ()
    named = ", ".join(map(shown, columns[:MOST_TOLD])) + (f" and {len(columns) - MOST_TOLD} more" if len(columns) > MOST_TOLD else "")
    changes, them = ("Changes", "it") if len(columns) == 1 else ("Change", "them")
    return (f"{changes} within a sequence: {named}. Events may be told apart by {them}; attributes are those of whole sequences.",)


def _what_it_is(tracks: LinkTracks) -> tuple[str, ...]:
    """How many sequences and events there are, and what is odd about that."""
    lengths = np.diff(tracks.offsets)
    distinct, alone = pd.Series(tracks.links).nunique(), int((lengths == 1).sum())
    few, most = int(lengths.min()), int(lengths.max())
    each = f"{few:,}" if few == most else f"{few:,} to {most:,}"
    middle = "" if few == most else f" (median {np.median(lengths):g})"
    said = [f"{len(tracks):,} {'sequence' if len(tracks) == 1 else 'sequences'} of {each} {'event' if most == 1 else 'events'}{middle}; "
            f"{distinct:,} different {'event' if distinct == 1 else 'events'}."]
    if alone == len(tracks):
        said.append("No sequence has a second event, so nothing follows anything: perhaps another column tells the sequences apart.")
    elif alone:
        said.append("1 sequence has one event alone; it is kept." if alone == 1 else
                    f"{alone:,} sequences have one event alone; they are kept.")
    return tuple(said)


def _events(many: int) -> str:
    return "1 event is" if many == 1 else f"{many:,} events are"
