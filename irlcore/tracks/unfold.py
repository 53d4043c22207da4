"""Tables with a whole track in a cell, as the taxis of Porto have them or legs of trackintel, into tables with a row a point."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.tracks.cells import numbers, shown
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.options import AS_THEY_ARE
from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.sources import PARTS, plain_name
from irlcore.tracks.times.reading import read_times

PORTO_STEP_S = 15.0  # between two points, as its description says
SHOWN_ROWS = 5
_LINE = re.compile(r"\s*\[\s*(?:\[[-+.\deE,\s]*\]\s*,?\s*)*\]\s*")
_WKT = re.compile(r"(?i)^\s*(?:SRID=\d{1,7};)?\s*LINESTRING\s*(?:Z|M|ZM)?\s*\(")
LEG = ("started_at", "start_time", "starttime", "t_start", "start"), ("finished_at", "end_time", "endtime", "t_end", "end")
_A_POINT = 40.0  # bytes of a row: two coordinates, a time, and what stands beside them


def unfolded(table: pd.DataFrame) -> pd.DataFrame:
    """The same table where no column holds lines of points ("[[lon, lat], ...]"); else a row a point with lon and lat in place of them,
    and all else repeated, times 15 s apart where they are Porto's. Cells that hold none are told."""
    column = next((c for c in table.columns if plain_name(c) in PARTS["polyline"]), None)
    if column is None:
        return _legs(table)
    texts = table[column].astype("string").fillna("").to_list()
    within("unpacked", _A_POINT * sum(text.count("[") for text in texts), f"The lines in {shown(column)} have very many points.",
           "Read them in parts.")
    lines = [_points(text) for text in texts]
    many = np.array([len(line) for line in lines], np.int64)
    made = table.drop(columns=column).loc[np.repeat(table.index, many)].reset_index(drop=True)
    flat = np.concatenate(lines) if len(lines) else np.empty((0, 2))
    within_line = np.arange(len(flat)) - np.repeat(np.cumsum(many) - many, many)
    made["lon"], made["lat"] = flat[:, 0], flat[:, 1]
    said = [f"The lines in {shown(column)} are points one by one: {len(flat):,} of {int((many > 0).sum()):,} tracks."]
    time = next((c for c in made.columns if plain_name(c) == "timestamp"), None)
    if time is not None:
        made[time] = numbers(made, time) + PORTO_STEP_S * within_line
        said.append(f"Their times are {shown(time)} and {PORTO_STEP_S:g} s more for each point, as at Porto's taxis.")
    if (none := np.flatnonzero(many == 0)).size:
        rows = ", ".join(str(row + FIRST_ROW) for row in none[:SHOWN_ROWS]) + (", ..." if len(none) > SHOWN_ROWS else "")
        said.append(f"{len(none):,} rows have no point in {shown(column)}, and are left out: {rows}.")
    made.attrs = {**table.attrs, SAID: [*table.attrs.get(SAID, []), *said]}
    return made


def _legs(table: pd.DataFrame) -> pd.DataFrame:
    """A row a point where a column holds lines in WKT, with lon and lat or x and y as points of that column would be read; the row of
    each as its segment, and times between the leg's start and end, where it has these, by the way that is done."""
    column = next((c for c in table.columns if plain_name(c) in PARTS["point"]), None)
    first = table[column].iloc[:SHOWN_ROWS].astype("string").dropna() if column is not None else pd.Series(dtype="string")
    if not len(first) or not first.str.match(_WKT.pattern).any():
        return table
    texts = table[column].astype("string").fillna("").to_list()
    within("unpacked", _A_POINT * sum(text.count(",") + 1 for text in texts), f"The lines in {shown(column)} have very many points.",
           "Read them in parts.")
    lines = [_wkt_points(text) for text in texts]
    many = np.array([len(line) for line in lines], np.int64)
    flat = np.concatenate(lines)
    row = np.repeat(np.arange(len(table)), many)
    made = table.iloc[row].reset_index(drop=True)
    prefix = first.str.extract(r"^\s*(SRID=\d+;)", expand=False).fillna("").iloc[0]
    made[column] = [f"{prefix}POINT ({x!r} {y!r})" for x, y in flat.tolist()]
    said = [f"The lines in {shown(column)} are points one by one: {len(flat):,} of {int((many > 0).sum()):,} rows."]
    by_name = {plain_name(c): c for c in table.columns[::-1]}
    start, end = (next((by_name[name] for name in names if name in by_name), None) for names in LEG)
    if start is not None and end is not None:
        begun, ended = (read_times(table[c], AS_THEY_ARE) for c in (start, end))
        if begun.dated and ended.dated:
            step = np.append(0.0, np.hypot(*np.diff(flat, axis=0).T)) if len(flat) else np.zeros(0)
            so_far = np.cumsum(step)
            offsets = np.cumsum(many) - many
            whole = np.array([so_far[a + n - 1] - so_far[a] if n else 0.0 for a, n in zip(offsets, many, strict=True)])
            share = (so_far - so_far[offsets[row]]) / np.where(whole > 0.0, whole, 1.0)[row]
            seconds = (1.0 - share) * begun.seconds[row] + share * ended.seconds[row]
            known = np.isfinite(seconds)
            stamps = np.round(1000.0 * np.where(known, seconds, 0.0)).astype(np.int64).astype("datetime64[ms]")
            made[start] = pd.to_datetime(np.where(known, stamps, np.datetime64("NaT")), utc=True)
            made = made.drop(columns=end)
            said.append(f"Times along them are even between {shown(start)} and {shown(end)}: they were not observed.")
    if not {"tid", "trip_number", "segment"} & set(by_name):
        made["segment"] = row + 1
    if (none := np.flatnonzero(many == 0)).size:
        rows = ", ".join(str(one + FIRST_ROW) for one in none[:SHOWN_ROWS]) + (", ..." if len(none) > SHOWN_ROWS else "")
        said.append(f"{len(none):,} rows have no line in {shown(column)}, and are left out: {rows}.")
    made.attrs = {**table.attrs, SAID: [*table.attrs.get(SAID, []), *said]}
    return made


def _wkt_points(text: str) -> np.ndarray:
    """(n, 2) of a line in WKT; none where it is something else."""
    found = _WKT.match(text)
    if found is None:
        return np.empty((0, 2))
    try:
        pairs = [[float(one) for one in at.split()[:2]] for at in text[found.end():].rstrip(" )").split(",")]
        return np.array(pairs, np.float64).reshape(-1, 2)
    except ValueError:
        return np.empty((0, 2))


def _points(text: str) -> np.ndarray:
    """(n, 2) of a text; none where it is anything else than a list of pairs of numbers."""
    if not _LINE.fullmatch(text):
        return np.empty((0, 2))
    try:
        flat = np.array(text.replace("[", " ").replace("]", " ").replace(",", " ").split(), np.float64)
    except ValueError:
        return np.empty((0, 2))
    return flat.reshape(-1, 2) if text.count("[") - 1 == len(flat) / 2 else np.empty((0, 2))
