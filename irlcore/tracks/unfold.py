"""Tables with a whole track in a cell, as the taxis of Porto have them, into tables with a row a point."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.tracks.cells import numbers, shown
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.sources import PARTS, plain_name

PORTO_STEP_S = 15.0  # between two points, as its description says
SHOWN_ROWS = 5
_LINE = re.compile(r"\s*\[\s*(?:\[[-+.\deE,\s]*\]\s*,?\s*)*\]\s*")
_A_POINT = 40.0  # bytes of a row: two coordinates, a time, and what stands beside them


def unfolded(table: pd.DataFrame) -> pd.DataFrame:
    """The same table where no column holds lines of points ("[[lon, lat], ...]"); else a row a point with lon and lat in place of them,
    and all else repeated, times 15 s apart where they are Porto's. Cells that hold none are told."""
    column = next((c for c in table.columns if plain_name(c) in PARTS["polyline"]), None)
    if column is None:
        return table
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


def _points(text: str) -> np.ndarray:
    """(n, 2) of a text; none where it is anything else than a list of pairs of numbers."""
    if not _LINE.fullmatch(text):
        return np.empty((0, 2))
    try:
        flat = np.array(text.replace("[", " ").replace("]", " ").replace(",", " ").split(), np.float64)
    except ValueError:
        return np.empty((0, 2))
    return flat.reshape(-1, 2) if text.count("[") - 1 == len(flat) / 2 else np.empty((0, 2))
