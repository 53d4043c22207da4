"""Tables of paths, given as link ids, into tracks, with every row that was dropped listed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import id_codes, names, numbers, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, TOO_LONG, Problems, in_files, left_out, list_rows, runs, sentences
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.tracks import LinkTracks, problem_table

LINK = re.compile(r"[^_\s;,]+")
LONG = 100_000  # letters of a path whose links are not made into a list of their own
A_LINK = 20  # bytes in a project that is opened: a pointer to the id, its number in the file, and a choice


def read_paths(table: pd.DataFrame, columns: dict[str, str], attributes: pd.DataFrame | None = None,
               watch: Control | None = None) -> Imported:
    """Tracks given as link ids: one row a track ("12_7_9", or separated by space, semicolon or comma), or one row
    a step (track, step, link). ``watch`` can stop it."""
    clock = Clock("Reading the paths", watch)
    problems: Problems = []
    one_row_a_track = "path" in columns
    if one_row_a_track:
        need(table, columns, ("track", "path"), "paths")
        ids = names(table[columns["track"]])
        links, lengths = _links(table[columns["path"]], clock)
        rows = np.arange(len(table))
    else:
        need(table, columns, ("track", "step", "link"), "paths")
        step = numbers(table, columns["step"])
        track, known = id_codes(table[columns["track"]])
        bad = np.isnan(step) | (known == "")[track]
        list_rows(np.flatnonzero(bad), track, known, "no usable step number or track id", "dropped", problems)
        keep = np.flatnonzero(~bad)
        order = keep[np.lexsort((step[keep], pd.factorize(track[keep])[0]))]
        codes, offsets = runs(track[order])
        ids, lengths, rows = known[codes], np.diff(offsets), order[offsets[:-1]]
        link, known = id_codes(table[columns["link"]])
        links = known[link[order]]
    clock.check()
    repeated = pd.Series(ids).duplicated().to_numpy()
    long_link = np.zeros(len(ids), bool)
    long_link[np.repeat(np.arange(len(ids)), lengths)[too_long(links)]] = True
    good = np.ones(len(ids), bool)
    for wrong, what in ((ids == "", "no track id"), (repeated, "a second track of the same id"), (too_long(ids), TOO_LONG),
                        (lengths < 2, "a track of one link"), (long_link, f"a link with {TOO_LONG}")):
        problems += [(rows[i] + FIRST_ROW, ids[i], what, "dropped") for i in np.flatnonzero(wrong & good)[:MOST_LISTED]]
        good &= ~wrong
    if not good.any():
        raise DataError("No path with at least two links is left.", "Check the column of link ids.")
    flat = links[np.repeat(good, lengths)]
    offsets = np.concatenate(([0], np.cumsum(lengths[good]))).astype(np.int64)
    extra = table.drop(columns=[columns[p] for p in (("track", "path") if one_row_a_track else ("track", "step", "link"))])
    found = track_attributes(extra, rows[good], np.arange(good.sum() + 1), ids[good], attributes, clock)
    tracks = LinkTracks(ids[good], offsets, flat, found.frame)
    rows_kept = int(good.sum()) if one_row_a_track else len(flat)
    problems = in_files([*left_out(table), *found.problems, *problems], table)
    return Imported(tracks, problem_table(problems), rows_kept, len(table) - rows_kept, int(good.sum()), int((~good).sum()),
                    (*sentences(table), *found.said))


def _links(paths: pd.Series, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
    """The link ids of all paths, (P,) str objects, one object an id; and how many each path has."""
    known: dict[str, str] = {}
    flat: list[str] = []
    ends = np.zeros(len(paths) + 1, np.int64)
    for k, text in enumerate(paths.astype("string").fillna("").to_numpy(dtype=object)):
        if k % 1000 == 0 or len(text) > LONG:
            clock.check()
            most = len(flat) + sum(text.count(sign) for sign in " _;,\t\n") + 1
            within("unpacked", float(A_LINK * most), f"The paths have up to {most:,} links.", "Read them in parts.")
        text = plain_text(text)
        found = LINK.findall(text) if len(text) <= LONG else (match.group() for match in LINK.finditer(text))
        flat.extend(known.setdefault(link, link) for link in found)
        ends[k + 1] = len(flat)
    within("unpacked", float(A_LINK * len(flat)), f"The paths have {len(flat):,} links.", "Read them in parts.")
    return np.array(flat, dtype=object), np.diff(ends)
