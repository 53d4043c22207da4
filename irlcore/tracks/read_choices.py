"""Tables of observed choices, one row each, into tracks: in which state an agent was and what it chose there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import NOTHING, id_codes, shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, TOO_LONG, Problems, in_files, left_out, list_rows, more, runs, sentences
from irlcore.tracks.read_paths import steps_of
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.tracks import LinkTracks, problem_table


def read_choices(table: pd.DataFrame, columns: Mapping[str, str], attributes: pd.DataFrame | None = None,
                 watch: Control | None = None, options: Options = AS_THEY_ARE) -> Imported:
    """Tracks of choices. columns: part -> column: track, state, choice; step or t (else the order of the file); next_state.

    A row without a choice is where a track was last seen; a choice missing before that, or a next state that is not the state of the next
    row, drops the track, since what happened there is not known. Columns that do not change within a track become its attributes.
    DataError where no track with a choice is left.
    """
    clock = Clock("Reading the choices", watch)
    need(table, columns, ("track", "state", "choice"), "choices")
    order_by = columns.get("step", columns.get("t"))
    step, said = steps_of(table, {"step": order_by} if order_by else {}, options)
    track, ids = id_codes(table[columns["track"]])
    state, choice = (_filled(table[columns[part]]) for part in ("state", "choice"))
    problems: Problems = []
    bad = np.isnan(step) | (ids == "")[track] | (state == "")
    list_rows(np.flatnonzero(bad), track, ids, "no usable track id, step or state", "dropped", problems)
    keep = np.flatnonzero(~bad)
    order = keep[np.lexsort((step[keep], pd.factorize(track[keep])[0]))]
    tie = np.zeros(len(order), bool)
    tie[1:] = (track[order[1:]] == track[order[:-1]]) & (step[order[1:]] == step[order[:-1]])
    list_rows(order[tie], track, ids, "another row at the same step", "kept in the order of the file", problems)
    clock.check()
    codes, offsets = runs(track[order])
    owner = np.repeat(np.arange(len(codes)), np.diff(offsets))
    last = np.zeros(len(order), bool)
    last[offsets[1:] - 1] = True
    good = np.ones(len(codes), bool)
    onward = _onward(table, columns, state, order, last)
    for wrong, what in ((too_long(ids[codes])[owner] & last, TOO_LONG), ((choice[order] == "") & ~last, "no choice, and the track goes on"),
                        (onward, "its next state is not the state of the next row"),
                        ((choice[order] == "") & last & (np.diff(offsets) == 1)[owner], "a track without a choice")):
        rows = np.flatnonzero(wrong & good[owner])
        problems += [(order[p] + FIRST_ROW, ids[codes[owner[p]]], what, "dropped") for p in rows[:MOST_LISTED]]
        more(len(rows), what, "dropped", problems)
        good[owner[rows]] = False
    if not good.any():
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No track with a choice is left.{first}", "Check the columns of track, state and choice.")
    states, made, lengths = _with_ends(table, columns, state[order], choice[order], order, last, owner, good)
    taken = {columns[part] for part in ("track", "step", "t", "state", "choice", "next_state") if part in columns}
    extra = table.drop(columns=[c for c in table.columns if str(c) in taken])
    own = track_attributes(extra, order[good[owner]], np.concatenate(([0], np.cumsum(np.diff(offsets)[good]))).astype(np.int64),
                           ids[codes[good]], attributes, clock)
    tracks = LinkTracks(ids[codes[good]], np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), states, own.frame, made)
    kept = int(np.diff(offsets)[good].sum())
    problems = in_files([*left_out(table), *own.problems, *problems], table)
    return Imported(tracks, problem_table(problems), kept, len(table) - kept, int(good.sum()), int((~good).sum()),
                    (*sentences(table), *(one.replace("links are", "choices are").replace("Links are", "Choices are") for one in said),
                     *own.said))


def _filled(values: pd.Series) -> np.ndarray:
    """(n,) str: ids, "" where there is none."""
    codes, distinct = id_codes(values)
    known = np.array([one if one.lower() not in NOTHING else "" for one in distinct], object)
    long = too_long(known)
    if long.any():
        raise DataError(f"{shown(values.name)} holds {TOO_LONG}.", "Give it a shorter name.")
    return np.asarray(known[codes], object)


def _next(table: pd.DataFrame, columns: Mapping[str, str]) -> np.ndarray | None:
    return _filled(table[columns["next_state"]]) if "next_state" in columns else None


def _onward(table: pd.DataFrame, columns: Mapping[str, str], state: np.ndarray, order: np.ndarray, last: np.ndarray) -> np.ndarray:
    """(n,) bool: rows, in order, that say another next state than the state of the row after them."""
    after = _next(table, columns)
    if after is None:
        return np.zeros(len(order), bool)
    said, found = after[order], np.append(state[order][1:], "")
    return np.asarray((said != "") & (said != found) & ~last, bool)


def _with_ends(table: pd.DataFrame, columns: Mapping[str, str], state: np.ndarray, choice: np.ndarray, order: np.ndarray, last: np.ndarray,
               owner: np.ndarray, good: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States and choices (P,) of the tracks that are kept, and how many each has (N,): one more where a track's last row says where its
    choice led."""
    after = _next(table, columns)
    ends = np.full(len(order), "", object) if after is None else after[order]
    more_there = last & (choice != "") & (ends != "") & good[owner]
    kept = np.flatnonzero(good[owner])
    place = np.repeat(kept, 1 + more_there[kept])
    extra = np.zeros(len(place), bool)
    extra[1:] = place[1:] == place[:-1]
    states, made = np.where(extra, ends[place], state[place]), np.where(extra, "", choice[place])
    return states.astype(object), made.astype(object), np.bincount(owner[place], minlength=len(good))[good]
