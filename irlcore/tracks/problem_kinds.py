"""The list of problems in short: how many rows and tracks of each kind, and how far and how long these tracks go, as far as that is known.

A kind is what stands in the list without its numbers, names and quotations: it is worked out when the list is shown, so that a project
file has no more to keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.tracks.problems import MORE
from irlcore.tracks.tracks import LinkTracks, Tracks

HOUR_S, KM_M = 3600.0, 1000.0
NO_ROW = ("", "column", "points")  # what stands for the row where it is a whole track, a column, or points that are counted
_MORE = r"^(?P<kind>.*): (?P<rows>[\d,]+) more rows$"
_GAP = r"^a gap of (?:(?P<time>[-+.\de]+) (?P<size>s|min|h|days) and )?(?P<way>[-+.,\de]+) (?P<unit>km)?"
_POINTS = r"(?:^|: )(?P<points>[\d,]+) points? (?:out of reach|at rest)"
_SIZES = {"s": 1.0, "min": 60.0, "h": HOUR_S, "days": 86_400.0}
_NAMES = (
    (r"^a gap of .* behind it.*$", "a gap"), (r"^[\d,]+ stops? within .* at rest$", "stops: points at rest"),
    (r"^stops$", "stops: points at rest"),
    (r"^[\d,]+ points? out of reach of the others.*$", "points out of reach of the others"),
    (r"^[\d,]+ agents under one id.*$", "several agents under one id, out of each other's reach"),
    (r"'[^']*'|\"[^\"]*\"", "'...'"),
    (r"\bno (\w+) from .* to .*$", r"no \1 from ... to ..."), (r"^(\w+: )?from .* to .* stands there", r"\1from ... to ... stands there"),
    (r"^((?:\w+: )?(?:the )?(?:node|link)) .* (stands|has|is)\b", r"\1 ... \2"), (r"\bgoal .* before its end$", "goal ... before its end"),
    (r": \(.*$", ""), (r"\(.*\)$", "(...)"),
    (r"(^|[^\w.])[-+]?\.?\d(?:[\d.,:]*\d)?(?:e[-+]?\d+)?", r"\1..."), (r"\.\.\. (point|cell|trip|link|agent)\b", r"... \1s"))
"""What is left out of a sentence, so that those of one kind are the same text."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What was dropped or changed, by kind.

    table: a row a kind, the largest first: ``kind``, ``done``, ``rows`` (of the file, or points), ``tracks``, then ``length (km)`` (or in
    the data's own unit) and ``hours``, NaN where these are not known; without the two where none is. of: (n,) int64, the row of ``table``
    that each row of the list belongs to.
    """

    table: pd.DataFrame
    of: np.ndarray


def by_kind(problems: pd.DataFrame, tracks: Tracks | LinkTracks | None = None, used_until: Mapping[str, float] | None = None) -> Kinds:
    """The list of problems by kind. problems: as ``problem_table`` makes it.

    tracks: those of before they were dropped or cut, of which lengths (on the plane, gaps left as straight lines) and durations are taken.
    used_until: track -> the time, as in ``tracks.t``, from which on it is not used, where it was cut.
    """
    what, texts = pd.factorize(problems["what"].astype("str"))
    kinds, many = _kinds(texts)
    code, pairs = pd.factorize(pd.MultiIndex.from_arrays([kinds[what], problems["done"].astype("str")]))
    row, track = problems["row"].astype("str").to_numpy(object), problems["track"].astype("str").to_numpy(object)
    rows = np.where(np.isin(row, NO_ROW), 0.0, np.where(row == MORE, many[what], 1.0))
    points, length, hours = _told(texts)
    rows = np.where(np.isfinite(points[what]), points[what], rows)
    ids, name = pd.factorize(track)
    first = ~pd.DataFrame({"code": code, "id": ids}).duplicated().to_numpy() & (track != "")  # a track counts once in a kind
    length, hours = length[what], hours[what]
    if isinstance(tracks, Tracks):
        done = problems["done"].astype("str")
        points, own_length, own_hours = _lost(tracks, name, used_until or {})
        whole = first & (row == "") & np.asarray(done.str.startswith("dropped"))
        cut = first & (row == "") & np.asarray(done.str.startswith("repaired: cut"))
        for of_kind, k in ((whole, 0), (cut, 1)):
            rows = np.where(of_kind, points[k][ids], rows)
            length, hours = np.where(of_kind, own_length[k][ids], length), np.where(of_kind, own_hours[k][ids], hours)
    table = pd.DataFrame({"kind": [one for one, _ in pairs], "done": [done for _, done in pairs],
                          "rows": np.bincount(code, rows, len(pairs)).astype(np.int64),
                          "tracks": np.bincount(code, first, len(pairs)).astype(np.int64)})
    unit = tracks.unit if isinstance(tracks, Tracks) else "m"
    for column, values in ((f"length ({'km' if unit == 'm' else unit})", length / (KM_M if unit == "m" else 1.0)), ("hours", hours)):
        known = np.isfinite(values)
        if known.any():
            table[column] = np.where(np.bincount(code, known, len(pairs)) > 0,
                                     np.bincount(code, np.where(known, values, 0.0), len(pairs)), np.nan)
    amount = table[["rows", "tracks"]].max(axis=1).to_numpy()
    order = np.lexsort((np.arange(len(table)), -amount))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Kinds(table.iloc[order].reset_index(drop=True), place[code])


def _kinds(texts: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """The kind of each distinct sentence, (n,) str objects, and how many rows more it tells of, (n,) float64."""
    column = pa.array(texts, pa.large_string())
    more = pc.extract_regex(column, _MORE)
    said = pc.if_else(more.is_valid(), pc.struct_field(more, "kind"), column)
    for pattern, short in _NAMES:
        said = pc.replace_substring_regex(said, pattern, short)
    return said.to_numpy(zero_copy_only=False), np.nan_to_num(_numbers(pc.struct_field(more, "rows")))


def _told(texts: pd.Index) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What sentences themselves tell, (n,) float64 each: points left out, the length of a gap in the data's unit, and its hours."""
    column = pa.array(texts, pa.large_string())
    gap = pc.extract_regex(column, _GAP)
    size = pd.Series(pc.struct_field(gap, "size").to_numpy(zero_copy_only=False), dtype=object).map(_SIZES)
    size_s = np.asarray(size, np.float64)
    unit = np.where(pc.equal(pc.struct_field(gap, "unit"), "km").fill_null(False).to_numpy(zero_copy_only=False), KM_M, 1.0)
    return (_numbers(pc.struct_field(pc.extract_regex(column, _POINTS), "points")), unit * _numbers(pc.struct_field(gap, "way")),
            _numbers(pc.struct_field(gap, "time")) * size_s / HOUR_S)


def _numbers(texts: pa.Array) -> np.ndarray:
    plain = pd.Series(texts.to_numpy(zero_copy_only=False), dtype="str").str.replace(",", "")
    return pd.to_numeric(plain, errors="coerce").to_numpy(np.float64, na_value=np.nan)


def _lost(tracks: Tracks, ids: np.ndarray, used_until: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, length (in the tracks' unit) and hours of the tracks ``ids`` (n,), and of what comes after each is no longer used: (2, n)
    float64 each, NaN (no points) where a track is not known, was not cut, or has no time."""
    at = pd.Index(tracks.ids).get_indexer(pd.Index(ids))
    known = at >= 0
    begin, last = tracks.offsets[:-1][at], tracks.offsets[1:][at] - 1
    used = np.full(len(ids), np.nan)
    if used_until:
        used = pd.Series(ids).map(used_until).to_numpy(np.float64, na_value=np.nan)
    turn = last.copy()  # the last point that is used
    for i in np.flatnonzero(known & np.isfinite(used)):
        turn[i] = min(begin[i] + int(np.searchsorted(tracks.t[begin[i]:last[i] + 1], used[i])), last[i])
    cut = known & np.isfinite(used)
    step = np.append(np.hypot(np.diff(tracks.x), np.diff(tracks.y)), 0.0)
    step[tracks.offsets[1:] - 1] = 0.0
    so_far = np.concatenate(([0.0], np.cumsum(step)))
    points = np.where([known, cut], [last - begin + 1, last - turn], 0)
    length = np.where([known, cut], [so_far[last] - so_far[begin], so_far[last] - so_far[turn]], np.nan)
    hours = np.where([known, cut], [tracks.t[last] - tracks.t[begin], tracks.t[last] - tracks.t[turn]], np.nan) / HOUR_S
    return points, length, hours if tracks.timed else np.full(hours.shape, np.nan)
