"""Lines of a map file as a table of links, and its points as a table of points or nodes.

Map files have lines and no nodes: links follow one another where the end of one is the beginning of the next, to the last digit, as maps of
roads are made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.named_crs import CRS, DEGREES

GEOMETRY = "geometry"
FID = "fid"
OWN_IDS = ("osm_id", "osmid", "way_id", "objectid", "ogc_fid", "id")  # of map files, in small letters
AREAS = "Coasts and areas belong under the map, blocked areas beside the grid's cells. Export lines or points."


class AreasOnly(DataError):
    """A file of areas and nothing else: no table, but land, water or zones."""


def with_lines(table: pd.DataFrame, lines: list[list[np.ndarray]], numbers: np.ndarray, crs: str | None) -> pd.DataFrame:
    """The columns of a map file with its lines in WKT: (n,) of parts (V, 2), none of a row without a line. numbers: (n,) of the rows in
    the file, their ids where no column has ids. What was added is told."""
    made = table.drop(columns=[c for c in table.columns if str(c).lower() == GEOMETRY])
    made[GEOMETRY] = pd.Series([_wkt(parts) for parts in lines], dtype="str")
    said: list[str] = []
    made = with_ends(made, lines, said)
    part = guess_columns(made, "links")
    if "link" not in part and not {"u", "v"} <= set(table.columns):
        own = next((c for c in made.columns if str(c).lower() in OWN_IDS and made[c].notna().all() and made[c].is_unique), None)
        made.insert(0, FID, (made[own] if own is not None else pd.Series(numbers)).astype("str").to_numpy(object))
        said.append(f"Links are called by {own}, in the column {FID}." if own is not None else
                    f"No column has ids: links are called by the number of their row in the file, in the column {FID}.")
    return told(made, said, crs)


def with_ends(table: pd.DataFrame, lines: list[list[np.ndarray]], said: list[str]) -> pd.DataFrame:
    """The table with columns u and v, where it has no nodes: numbers of the places where lines begin and end. lines: as ``with_lines``."""
    if {"u", "v"} <= set(guess_columns(table, "links")) or {"u", "v"} & set(table.columns):
        return table
    drawn = np.array([len(parts) > 0 and len(parts[0]) > 0 for parts in lines], bool)
    ends = np.full((len(lines), 2), "", object)
    if drawn.any():
        first, last = (np.array([parts[k][k] for parts in lines if parts and len(parts[0])]) for k in (0, -1))
        both = pd.MultiIndex.from_arrays(list(np.concatenate((first, last)).T))
        codes, places = pd.factorize(both)
        ends[drawn] = np.array([f"n{code + 1}" for code in codes], object).reshape(2, -1).T
        crossed = _through(lines, set(places))
        said.append(f"The lines have no nodes: they join where they begin and end at the same place, of which there are {len(places):,}.")
        if crossed:
            said.append(f"{crossed:,} lines run through the end of another one without a break, and cannot be turned off there: split "
                        "lines where they meet, or export the roads with osmnx.")
    made = table.copy(deep=False)
    made["u"], made["v"] = ends[:, 0], ends[:, 1]
    made.attrs = table.attrs
    return made


def _through(lines: list[list[np.ndarray]], places: set[tuple[float, float]]) -> int:
    """How many lines have a vertex inside them that is an end of some line."""
    many = 0
    for parts in lines:
        whole = np.concatenate(parts) if parts else np.empty((0, 2))
        many += any(tuple(at) in places for at in whole[1:-1].tolist())
    return many


def with_points(table: pd.DataFrame, xy: np.ndarray, crs: str | None) -> pd.DataFrame:
    """The columns of a map file with its points (n, 2), NaN where there is none, as lon and lat, or as x and y on a plane."""
    degrees = crs in DEGREES or (crs is None and bool((np.abs(xy[np.isfinite(xy).all(axis=1)]) <= [360.0, 90.0]).all()))
    names = ("lon", "lat") if degrees else ("x", "y")
    made = table.drop(columns=[c for c in table.columns if str(c).lower() in names])
    for name, values in zip(names, xy.T, strict=True):
        made[name] = values
    return told(made, [], None if degrees else crs)


def told(table: pd.DataFrame, said: list[str], crs: str | None) -> pd.DataFrame:
    """The table with what is to be told of it, and its projection where it is a plane's."""
    if said:
        table.attrs[SAID] = [*table.attrs.get(SAID, []), *said]
    if crs and crs not in DEGREES:
        table.attrs[CRS] = crs
    return table


def no_lines(label: str, what: str) -> DataError:
    """The error of a map file that holds something else."""
    return DataError(f"{label} holds {what}, no lines and no points.", AREAS)


def typed(values: list[Any]) -> pd.Series:
    """A column of texts and numbers as numbers where all are such, texts where they are mixed; None where there is nothing."""
    kinds = {type(one) for one in values if one is not None}
    if kinds and kinds <= {int, float}:
        whole = kinds == {int} and None not in values
        return pd.Series(values, dtype=np.int64 if whole else np.float64)
    return pd.Series([None if one is None else str(one) for one in values], dtype="str")


def _wkt(parts: list[np.ndarray]) -> str | None:
    texts = ["(" + ", ".join(f"{x!r} {y!r}" for x, y in part.tolist()) + ")" for part in parts if len(part)]
    if not texts:
        return None
    return f"LINESTRING {texts[0]}" if len(texts) == 1 else f"MULTILINESTRING ({', '.join(texts)})"
