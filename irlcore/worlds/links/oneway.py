"""Which ways a link may be used, as columns called "oneway" say it, and whether a table has a row for each way already.

The ways of writing it: OpenStreetMap (yes, no, -1), osmnx (True, False), Geofabrik (F along the line, T against it, B both), Esri (FT, TF,
N for closed, blank for both), 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.cells import names, shown
from irlcore.tracks.problems import FIRST_ROW
from irlcore.worlds.links.notes import NO_VALUE, Notes, count

BACK = " (back)"
"""What the name of a link has behind it for its way against the line."""

BOTH = {*NO_VALUE, "no", "false", "0", "b", "both", "n", "two-way", "twoway", "two way", "bidirectional", "reversible", "alternating"}
ALONG = {"yes", "true", "1", "y", "t", "forward", "ft", "with", "oneway", "one-way", "along", ">"}
AGAINST = {"-1", "reverse", "reversed", "backward", "backwards", "tf", "against", "<"}


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways the links of a table lead. along, against: (n,) bool, with the line of the row and against it."""

    along: np.ndarray
    against: np.ndarray


def ways_of(column: pd.Series | None, u: np.ndarray, v: np.ndarray, notes: Notes) -> Ways:
    """The ways of every row. u, v: (n,) ids of its ends. column: "oneway", None where there is none: every row leads along its line.

    Where most links that lead both ways have a row for each, each row stands for one way and stays as it is. DataError where a cell says
    something that is not known.
    """
    every, none = np.ones(len(u), bool), np.zeros(len(u), bool)
    if column is None:
        return Ways(every, none)
    along, against, odd = _said(column)
    both = along & against
    own = both & (u != v) & (u != "") & (v != "")
    if own.any() and _has_opposite(u, v)[own].mean() >= 0.5:
        notes.said.append("The links have a row for each direction: each row is taken as one way.")
        return Ways(along | odd, against & ~along)
    if odd.any():
        values = list(dict.fromkeys(shown(one) for one in column[odd]))
        raise DataError(f"Row {int(np.argmax(odd)) + FIRST_ROW} of the links has {values[0]!r} in the column {shown(column.name)}, which "
                        f"does not say which ways the link may be used ({count(int(odd.sum()), 'such row')}).",
                        "Write yes, no or -1 (against its line), or leave the cell empty where both ways are open.")
    if both.any():
        notes.said.append(f"{count(int(both.sum()), 'link')} may be used both ways ({shown(column.name)}): each has a second way, "
                          f"called as the link with{BACK}.")
    if (turned := against & ~along).any():
        notes.said.append(f"{count(int(turned.sum()), 'link')} may be used against the line alone ({shown(column.name)}): ends and line "
                          "are turned round.")
    if (closed := ~along & ~against).any():
        notes.rows(np.flatnonzero(closed), "links", f"{shown(column.name)} says that it is closed both ways", "dropped")
    return Ways(along, against)


def _said(column: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) bool each: open along the line, against it, and what is not known."""
    codes, distinct = pd.factorize(names(column))
    lower = [text.lower() for text in distinct]
    esri, geofabrik = bool({"ft", "tf"} & set(lower)), "b" in lower
    along, against, odd = [], [], []
    for text in lower:
        closed = esri and text == "n"
        if geofabrik and text in ("f", "t"):
            way = (text == "f", text == "t")
        elif text == "f":
            way = (True, True)  # false
        else:
            forward, backward, two = text in ALONG or text.startswith("["), text in AGAINST, text in BOTH and not closed
            way = (forward or two, backward or two)
        along.append(way[0])
        against.append(way[1])
        odd.append(not any(way) and not closed)
    return tuple(np.array(one, bool)[codes] for one in (along, against, odd))  # type: ignore[return-value]


def _has_opposite(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """(n,) bool: whether another row leads from v to u."""
    n = len(u)
    codes = pd.factorize(np.concatenate((u, v)))[0].astype(np.int64)
    there, back = codes[:n] * 2 * n + codes[n:], codes[n:] * 2 * n + codes[:n]
    return np.isin(back, there)
