"""Tables of links as links that each lead one way: their names, their ends, and which row of the table each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import names, no_number, number_texts, shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED
from irlcore.tracks.units import metres_in
from irlcore.worlds.links.notes import NO_VALUE, Notes, count, ids_in, numbers_in
from irlcore.worlds.links.oneway import BACK, ways_of
from irlcore.worlds.links.values import column_values

ALIKE = 2.0  # lengths of a table and of its lines in one unit are within this factor
UNITS = {"km": 1000.0, "miles": 1609.344, "sea miles": 1852.0, "feet": 0.3048}
WRITTEN = {"m": 1.0, "metres": 1.0, "meters": 1.0, "km": 1000.0, "mi": 1609.344, "nm": 1852.0, "nmi": 1852.0, "ft": 0.3048}
NEARLY = 0.1  # so far may a table's lengths, in their unit, be from those of its lines


@dataclass(frozen=True, slots=True)
class Links:
    """L links, each one way. ids: (L,) str. row: (L,) int64, of the table, from 0. back: (L,) bool, whether it runs against the line of its
    row. u, v: (L,) str, the nodes where it begins and ends, "" for none; empty where the table has no nodes. made: whether the ids were
    made of nodes."""

    ids: np.ndarray
    row: np.ndarray
    back: np.ndarray
    u: np.ndarray
    v: np.ndarray
    made: bool

    @property
    def two_way(self) -> int:
        """How many rows lead both ways."""
        return int((np.bincount(self.row) > 1).sum())


def read_links(table: pd.DataFrame, part: Mapping[str, str], ends: bool, notes: Notes) -> Links:
    """The links of a table; rows without an id are listed and left out. ends: whether links follow one another by their nodes, so that
    those that lead both ways become two. DataError where a link stands there twice."""
    made = "link" not in part and {"u", "v"} <= set(part)
    need(table, part, () if made else ("link",), "links")
    nodes = {"u", "v"} <= set(part)
    u, v = (ids_in(table[part[end]]) if nodes else np.full(len(table), "", object) for end in ("u", "v"))
    ids = _made_ids(table, part, u, v, notes) if made else ids_in(table[part["link"]])
    check_ids(ids, part["u" if made else "link"], "links")
    keep = ids != ""
    notes.rows(np.flatnonzero(~keep), "links", "no node at one of its ends" if made else "no link id", "dropped")
    _check_once(ids, keep)
    if nodes and ends:
        for end, of in ((part["u"], u), (part["v"], v)):
            lost = np.flatnonzero((of == "") & keep)
            notes.rows(lost, "links", [f"link {shown(one)} has no node in the column {shown(end)}" for one in ids[lost]],
                       "kept: it joins nothing there")
    along, against = keep, np.zeros(len(table), bool)
    if "oneway" in part and nodes:
        if ends:
            ways = ways_of(table[part["oneway"]], u, v, notes)
            along, against = ways.along & keep, ways.against & keep
        else:
            notes.said.append("The table of transitions tells what follows what, not the column of ways.")
    forth, back = np.flatnonzero(along | against), np.flatnonzero(along & against)
    row = np.concatenate((forth, back))
    turned = np.concatenate((~along[forth], np.ones(len(back), bool)))
    second = np.array([f"{one}{BACK}" for one in ids[back]], object)
    named = np.concatenate((ids[forth], second)).astype(object)
    check_ids(named, part["u" if made else "link"], "links")
    if len(back) and (clash := np.isin(second.astype(str), ids[keep].astype(str))).any():
        raise DataError(f"A link is called {shown(second[clash][0])}, as the way back of another would be.", "Give it another name.")
    if not len(row):
        first = f" The first problem, row {notes.problems[0][0]} of the {notes.problems[0][2]}." if notes.problems else ""
        raise DataError(f"No link is left.{first}", "Mend such rows in the file, or pick other columns.")
    return Links(named, row, turned, np.where(turned, v[row], u[row]), np.where(turned, u[row], v[row]), made)


def _made_ids(table: pd.DataFrame, part: Mapping[str, str], u: np.ndarray, v: np.ndarray, notes: Notes) -> np.ndarray:
    """Ids of links that have none: "u_v", or "u_v_key" where several join the same nodes."""
    pairs = pd.Series([f"{a}_{b}" if a and b else "" for a, b in zip(u, v, strict=True)], dtype=object)
    known = pairs != ""
    if pairs[known].duplicated().any():
        key = names(table[part["key"]]) if part.get("key") in table.columns else pairs.groupby(pairs).cumcount().astype(str).to_numpy()
        pairs = pairs.where(~known, pairs + "_" + pd.Series(key, dtype=object))
    how = "u_v_key" if pairs[known].str.count("_").gt(1).any() and "key" in part else "u_v"
    example = next(iter(pairs[known]), "")
    notes.said.append(f"The table of links has no column of ids: links are called by their nodes, {shown(example)} first ({how}).")
    return pairs.to_numpy(object)


def _check_once(ids: np.ndarray, keep: np.ndarray) -> None:
    again = pd.Series(ids).duplicated().to_numpy() & keep
    if again.any():
        row = int(np.argmax(again))
        first = int(np.argmax(ids == ids[row]))
        raise DataError(f"Link {shown(ids[row])} is listed twice, in rows {first + FIRST_ROW} and {row + FIRST_ROW} "
                        f"({count(int(again.sum()), 'such row')}).", "Keep one row for each link, or pick another column for their ids.")


def check_ids(ids: np.ndarray, column: str, what: str) -> None:
    """DataError where an id is longer than a project keeps them."""
    if (wrong := too_long(ids)).any():
        row = int(np.argmax(wrong))
        raise DataError(f"Row {row + FIRST_ROW} of the {what} has a text of {len(ids[row]):,} characters in the column {shown(column)}.",
                        f"Give links names of at most {LONGEST_NAME:,}.")


def lengths_in(table: pd.DataFrame, column: str | None, notes: Notes) -> np.ndarray:
    """(n,) lengths of the rows as the table has them; NaN where there is none that can be one: text, negative, infinite, empty."""
    if column is None:
        return np.full(len(table), np.nan)
    values, factor = without_unit(table[column], notes)
    if factor == 1.0 and (named := metres_in(column)) not in (None, 1.0):
        notes.said.append(f"The lengths in {shown(column)} are taken in metres, from the unit in its name.")
        factor = named or 1.0
    found = factor * numbers_in(values.to_frame(), column, "links", notes)
    return np.where(found >= 0.0, found, np.nan)


def without_unit(values: pd.Series, notes: Notes) -> tuple[pd.Series, float]:
    """A column of lengths without the unit that stands behind every number ("100 m"), and the metres in it; as it is where none does."""
    if not (pd.api.types.is_string_dtype(values.dtype) or values.dtype == object):
        return values, 1.0
    parts = number_texts(values).astype("string").str.extract(r"^\s*([-+.,\deE]+)\s*([a-zA-Z]+)\s*$")
    units = parts[1].str.lower().dropna().unique()
    written = values.notna() & ~values.astype("string").str.strip().str.lower().isin(NO_VALUE)
    if len(units) != 1 or units[0] not in WRITTEN or not bool((parts[1].notna() | ~written).all()):
        return values, 1.0
    notes.said.append(f"The lengths in {shown(values.name)} are written in {units[0]}" + (": they are taken in metres." if
                      WRITTEN[units[0]] != 1.0 else "."))
    return pd.Series(parts[0], name=str(values.name)), WRITTEN[units[0]]


def settled_lengths(table: pd.DataFrame, column: str | None, own: np.ndarray, drawn: np.ndarray, degrees: np.ndarray | None, notes: Notes,
                    ground: bool) -> np.ndarray:
    """(n,) lengths of the rows: the table's, else the line's, else NaN; each row whose length could not be used is listed.

    own: (n,) as the table has them. drawn: (n,) of the lines. degrees: (n,) of the lines in degrees, None where they are on a plane.
    ground: whether the lines' are metres on the ground: then the table's unit can be told.
    """
    if column is None or (not np.isfinite(own).any() and table[column].isna().all()):
        return drawn
    usable = (own > 0.0) & (drawn > 0.0)
    ratio = float(np.median(own[usable] / drawn[usable])) if usable.any() else 1.0
    if ground and degrees is not None and usable.any() and ratio < 1e-3 and _alike(float(np.median(own[usable] / degrees[usable]))):
        notes.said.append(f"The lengths in {shown(column)} are in degrees: those of the lines are taken, in metres.")
        return drawn
    unit = next((name for name, metres in UNITS.items() if abs(ratio * metres - 1.0) < NEARLY), "") if ground else ""
    if unit:
        notes.said.append(f"The lengths in {shown(column)} are in {unit}, as the lines say: they are taken in metres.")
        own, ratio = own * UNITS[unit], 1.0
    if not _alike(ratio):
        drawn = np.full(len(drawn), np.nan)  # in another unit: no stand-in for the table's
    bad = np.flatnonzero(np.isnan(own))
    by_line = np.isfinite(drawn[bad])
    written = numbers_in(table, column, "links", Notes())
    what = [f"{shown(column)} is {written[row]:g}, and no length is" if np.isfinite(written[row])
            else no_number(table[column], row, NO_VALUE)
            for row in bad[:MOST_LISTED].tolist()]
    for rows, done in ((by_line, "repaired: as long as its line"), (~by_line, "kept without a length")):
        notes.rows(bad[rows], "links", [what[k] for k in np.flatnonzero(rows[:MOST_LISTED])], done)
    if (lost := int((~by_line).sum())):
        notes.said.append(f"{count(lost, 'link')} without a usable length: length can be no feature until the file is mended.")
    return np.where(np.isnan(own), drawn, own)


def _alike(ratio: float) -> bool:
    return 1.0 / ALIKE < ratio < ALIKE


def attributes(table: pd.DataFrame, skip: set[str], row: np.ndarray, extra: int, notes: Notes, length: str = "") -> dict[str, np.ndarray]:
    """Every other column, of the links from ``row`` ((L,) int64); ``extra`` places that the table does not know have 0, or no text.
    length: the column of lengths, of which all is told already."""
    out = {}
    for name in table.columns:
        if name not in skip:
            own = column_values(table[name], notes if name != length else Notes(), "links")[row]
            pad = np.zeros(extra) if own.dtype != object else np.full(extra, "", dtype=object)
            out[plain_text(str(name))] = np.concatenate((own, pad))
    return out
