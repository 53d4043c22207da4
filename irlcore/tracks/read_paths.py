"""Tables of paths, given as link ids, into tracks, with every row that was dropped listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import id_codes, names, numbers, shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.options import AS_THEY_ARE, Options, Question
from irlcore.tracks.path_texts import NO_PATH, read_texts
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, TOO_LONG, Problems, in_files, left_out, list_rows, more, runs, sentences
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.sources import PARTS, plain_name
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.times.reading import read_times
from irlcore.tracks.tracks import LinkTracks, problem_table

BESIDE = {"opath", "tpath", "mgeom", "pgeom", "indices"}
"""Columns beside "cpath" in matches of fmm: of points, and no attributes of tracks."""


@dataclass(frozen=True, slots=True)
class _Found:
    """N tracks. ids: (N,). codes: (P,) into the different links ``names`` (k,), one track after the other. lengths: (N,). rows: (N,) the
    row where each begins. times: (P,) float64, seconds, where steps are told by their times."""

    ids: np.ndarray
    codes: np.ndarray
    names: np.ndarray
    lengths: np.ndarray
    rows: np.ndarray
    said: list[str]
    times: np.ndarray | None = None


def read_paths(table: pd.DataFrame, columns: Mapping[str, str], attributes: pd.DataFrame | None = None,
               watch: Control | None = None, known: Collection[str] = (), options: Options = AS_THEY_ARE) -> Imported:
    """Tracks given as link ids: one row a track (path: "12 7 9", "12_7_9", "[12, 7, 9]"), or one row a step (track, step, link; without
    a step in the order of the file).

    known: ids of the network's links, where they are at hand. options: how times are read, where steps are times. ``watch`` can stop it.
    DataError where no path of two links is there.
    """
    clock = Clock("Reading the paths", watch)
    problems: Problems = []
    wide = "path" in columns
    found = _wide(table, columns, clock, known) if wide else _long(table, columns, options, problems)
    clock.check()
    ids, lengths = found.ids, found.lengths
    repeated = pd.Series(ids).duplicated().to_numpy()
    long_link, long = np.zeros(len(ids), bool), too_long(found.names)
    if long.any():
        long_link[np.repeat(np.arange(len(ids)), lengths)[long[found.codes]]] = True
    good = np.ones(len(ids), bool)
    for wrong, what in ((ids == "", "no track id"), (repeated, "a second track of the same id"), (too_long(ids), TOO_LONG),
                        (lengths == 0, "no path"), (lengths == 1, "a track of one link"), (long_link, f"a link with {TOO_LONG}")):
        problems += [(found.rows[i] + FIRST_ROW, ids[i], what, "dropped") for i in np.flatnonzero(wrong & good)[:MOST_LISTED]]
        more(int((wrong & good).sum()), what, "dropped", problems)
        good &= ~wrong
    if not good.any():
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No path with at least two links is left.{first}", "Check the column of link ids.")
    whole = np.repeat(good, lengths) if not good.all() else slice(None)
    flat = found.names[found.codes[whole]]
    offsets = np.concatenate(([0], np.cumsum(lengths[good]))).astype(np.int64)
    taken = {columns[p] for p in (("track", "path") if wide else ("track", "step", "link")) if p in columns}
    taken |= {c for c in table.columns if plain_name(c) in BESIDE} if wide and plain_name(columns["path"]) == "cpath" else set()
    extra = table.drop(columns=[c for c in table.columns if c in taken])
    own = track_attributes(extra, found.rows[good], np.arange(good.sum() + 1), ids[good], attributes, clock)
    tracks = LinkTracks(ids[good], offsets, flat, own.frame, times=None if found.times is None else found.times[whole])
    rows_kept = int(good.sum()) if wide else len(flat)
    problems = in_files([*left_out(table), *own.problems, *problems], table)
    return Imported(tracks, problem_table(problems), rows_kept, len(table) - rows_kept, int(good.sum()), int((~good).sum()),
                    (*sentences(table), *found.said, *own.said))


def _wide(table: pd.DataFrame, columns: Mapping[str, str], clock: Clock, known: Collection[str]) -> _Found:
    need(table, columns, ("track", "path"), "paths")
    texts = read_texts(table[columns["path"]], clock, known)
    return _Found(names(table[columns["track"]]), texts.codes, texts.names, texts.lengths, np.arange(len(table)), texts.said)


def _long(table: pd.DataFrame, columns: Mapping[str, str], options: Options, problems: Problems) -> _Found:
    need(table, columns, ("track", "step", "link") if "step" in columns else ("track", "link"), "paths")
    step, said = steps_of(table, columns, options)
    track, ids = id_codes(table[columns["track"]])
    link, links = id_codes(table[columns["link"]])
    blank = np.array([one.lower() in NO_PATH for one in links], bool)[link]
    bad = np.isnan(step) | (ids == "")[track]
    list_rows(np.flatnonzero(bad), track, ids, "no usable step number or track id", "dropped", problems)
    list_rows(np.flatnonzero(blank & ~bad), track, ids, "no link id", "dropped", problems)
    keep = np.flatnonzero(~bad & ~blank)
    order = keep[np.lexsort((step[keep], pd.factorize(track[keep])[0]))]
    tie = np.zeros(len(order), bool)
    tie[1:] = (track[order[1:]] == track[order[:-1]]) & (step[order[1:]] == step[order[:-1]])
    same = tie.copy()
    same[1:] &= link[order[1:]] == link[order[:-1]]
    list_rows(order[same], track, ids, "a second row of the same step", "dropped", problems)
    list_rows(order[tie & ~same], track, ids, "another link at the same step", "kept in the order of the file", problems)
    order = order[~same]
    codes, offsets = runs(track[order])
    times = _times(table, columns, options, order, offsets)
    return _Found(ids[codes], link[order], links, np.diff(offsets), order[offsets[:-1]], said, times)


def _times(table: pd.DataFrame, columns: Mapping[str, str], options: Options, order: np.ndarray,
           offsets: np.ndarray) -> np.ndarray | None:
    """(P,) float64 seconds of the rows ``order``, where what orders them is called a time or is written as one; None where it is a number
    of steps, or not every row has a time.

    offsets: (N + 1,), the tracks that the rows are put together to.
    """
    if "step" not in columns or (plain_name(columns["step"]) not in PARTS["t"] and pd.api.types.is_numeric_dtype(table[columns["step"]])):
        return None
    try:
        seconds = read_times(table[columns["step"]], options).seconds[order]
    except (DataError, Question):
        return None  # it orders the rows all the same, or was asked about there
    falls = np.diff(seconds) < 0.0
    falls[offsets[1:-1] - 1] = False
    return seconds if np.isfinite(seconds).all() and not falls.any() else None


def steps_of(table: pd.DataFrame, columns: Mapping[str, str], options: Options) -> tuple[np.ndarray, list[str]]:
    """(n,) float64 what rows are sorted by, and what is to be said of it: numbers, times where they are none, or the order of the file."""
    if "step" not in columns:
        return np.arange(len(table), dtype=np.float64), ["No column tells the order of steps: links are taken in the order of the file."]
    step = numbers(table, columns["step"])
    if np.isnan(step).mean() > 0.5 and not pd.api.types.is_numeric_dtype(table[columns["step"]]):
        try:
            times = read_times(table[columns["step"]], options)
        except Question:
            raise
        except DataError:
            return step, []  # neither numbers nor times: the rows are listed
        if np.isnan(times.seconds).mean() < np.isnan(step).mean():
            return times.seconds, [*times.said, f"Links are taken in the order of their times ({shown(columns['step'])})."]
    return step, []
