"""Which link follows which: by a table of transitions, or by nodes, without the turns that a table forbids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import need
from irlcore.tracks.problems import MOST_LISTED
from irlcore.tracks.sources import plain_name
from irlcore.worlds.links.notes import Notes, count, ids_in
from irlcore.worlds.links.table import Links, check_ids

KINDS = ("restriction", "restriction_type", "type", "turn_type", "kind", "rule")
"""Columns that may say "no_left_turn" or "only_straight_on", as OpenStreetMap does."""

FORBIDS, ALLOWS = ("forbidden", "banned", "prohibited", "restricted", "restriction", "closed"), ("allowed", "permitted")
"""Columns that say yes or no."""

YES, NO = {"1", "yes", "true", "y", "t", "x"}, {"0", "no", "false", "n", "f"}
MOST_STRANGE = 0.5  # of as many links as there are may the transitions name ones that are not in the table


@dataclass(frozen=True, slots=True)
class Follows:
    """names: (L + E,) str, the links and those that the transitions alone name. state, after: (M,) int64 into them. columns: M rows, what
    else the table of transitions says of each."""

    names: np.ndarray
    state: np.ndarray
    after: np.ndarray
    columns: pd.DataFrame


def rules_of(transitions: pd.DataFrame) -> np.ndarray:
    """(n,) str: "no" where a row forbids its turn, "only" where it forbids all others from its link, "" where it is a transition."""
    out = np.full(len(transitions), "", object)
    for column in transitions.columns:
        name, text = plain_name(column), transitions[column].astype("string").fillna("").str.strip().str.lower()
        if name in KINDS:
            out[text.str.match(r"no[_ ]").to_numpy(bool)] = "no"
            out[text.str.match(r"only[_ ]").to_numpy(bool)] = "only"
        if name in FORBIDS:
            out[text.str.removesuffix(".0").isin(YES).to_numpy(bool)] = "no"
        elif name in ALLOWS:
            out[text.str.removesuffix(".0").isin(NO).to_numpy(bool)] = "no"
    return out


def by_table(links: Links, transitions: pd.DataFrame, part: Mapping[str, str], rules: np.ndarray, notes: Notes) -> Follows:
    """Transitions as the table has them, each once and without those that it forbids; bad rows are listed."""
    ends = _ends(transitions, part, notes)
    known = pd.Index(links.ids)
    pairs = pd.DataFrame({"from": ends[0], "to": ends[1]})
    usable = (ends[0] != "") & (ends[1] != "")
    closed = rules == "no"
    lonely = pairs["from"].isin(pairs["from"][rules == "only"]).to_numpy() & (rules != "only")
    again = pairs.duplicated().to_numpy() & usable
    notes.rows(np.flatnonzero(again), "transitions", [f"from {shown(a)} to {shown(b)} stands there before"
                                                      for a, b in pairs[again].head(MOST_LISTED).itertuples(index=False)], "dropped")
    if (closed | lonely).any():
        notes.said.append(f"{count(int((closed | lonely).sum()), 'turn')} forbidden by the table of transitions.")
    keep = np.flatnonzero(usable & ~again & ~closed & ~lonely)
    if not len(keep):
        raise DataError("No transition is left.", "Look at the table of transitions: each row names a link and the one that follows.")
    pairs = pairs.iloc[keep]
    extra = pd.Index(pairs.to_numpy().ravel()).unique().difference(known)
    if len(extra) > MOST_STRANGE * len(known):
        raise DataError(f"{len(extra)} links of the transitions, {extra[0]} first, are not in the table of links.",
                        "Check that both tables number the links alike.")
    if len(extra):
        first = _first_rows(ends, extra)
        order = np.argsort(first, kind="stable")
        notes.rows(first[order], "transitions", [f"link {shown(one)} is not in the table of links" for one in extra[order]],
                   "kept as a place without a line")
        notes.said.append(f"{count(len(extra), 'link')} in the transitions alone, {shown(extra[order[0]])} first: they are where trips "
                          "may end.")
    names = np.concatenate((links.ids, extra.to_numpy(dtype=object)))
    index = pd.Index(names)
    columns = transitions.drop(columns=[part["from_link"], part["to_link"]]).rename(columns={"from": "from_", "to": "to_"})
    return Follows(names, index.get_indexer(pairs["from"]), index.get_indexer(pairs["to"]), columns.iloc[keep].reset_index(drop=True))


def by_nodes(links: Links, table: pd.DataFrame, part: Mapping[str, str], forbidden: pd.DataFrame | None, forbidden_part: Mapping[str, str],
             rules: np.ndarray, notes: Notes) -> Follows:
    """Every link follows the links that end where it starts, but for the turns that the table of forbidden ones names."""
    need(table, part, ("u", "v"), "links (needed where there is no table of transitions)")
    codes, _ = pd.factorize(np.concatenate((links.u, links.v)))
    n = len(links.ids)
    out, into = codes[:n], codes[n:]
    starts = np.flatnonzero(links.u != "")
    order = starts[np.argsort(out[starts], kind="stable")]
    begin, end = (np.searchsorted(out[order], into, side=side) for side in ("left", "right"))
    many = np.where(links.v != "", end - begin, 0)
    total = float(many.sum())
    within("transitions", total, f"The links follow one another in {total:,.0f} ways: some node has very many of them.",
           "Give the table of transitions, or look for a node that stands for missing ones.")
    state = np.repeat(np.arange(n), many)
    after = order[np.repeat(begin - (np.cumsum(many) - many), many) + np.arange(len(state))]
    if forbidden is not None:
        keep = _allowed(links, state, after, forbidden, forbidden_part, rules, notes)
        state, after = state[keep], after[keep]
    return Follows(links.ids, state, after, pd.DataFrame(index=range(len(state))))


def _allowed(links: Links, state: np.ndarray, after: np.ndarray, forbidden: pd.DataFrame, part: Mapping[str, str], rules: np.ndarray,
             notes: Notes) -> np.ndarray:
    """(M,) bool: which turns stay. A turn from a link that leads both ways is forbidden whichever way it is driven."""
    first, second = _ends(forbidden, part, notes)
    once = ~pd.Series(links.row).duplicated().to_numpy()  # its way along the line, by the name of the table
    a, b = (_rows(pd.Index(links.ids[once]).get_indexer(one), links.row[once]) for one in (first, second))
    n = int(links.row.max()) + 1
    turn, named = links.row[state] * n + links.row[after], np.where((a >= 0) & (b >= 0), a * n + b, -1)
    only = rules == "only"
    keep = ~np.isin(turn, named[rules == "no"])
    held = np.isin(links.row[state], a[only & (a >= 0)])
    keep &= ~held | np.isin(turn, named[only])
    missing = np.flatnonzero(~np.isin(named, turn) & (first != "") & (second != ""))
    notes.rows(missing, "transitions", [f"there is no turn from {shown(x)} to {shown(y)}"
                                        for x, y in zip(first[missing], second[missing], strict=True)], "left out")
    notes.said.append(f"{count(int((~keep).sum()), 'turn')} forbidden by the table of transitions; all other links follow by their nodes.")
    return keep


def _rows(index: np.ndarray, row_of: np.ndarray) -> np.ndarray:
    return np.where(index >= 0, row_of[np.maximum(index, 0)], -1)


def _ends(transitions: pd.DataFrame, part: Mapping[str, str], notes: Notes) -> tuple[np.ndarray, np.ndarray]:
    """(n,) names of the links of each row; rows that lack one are listed."""
    need(transitions, part, ("from_link", "to_link"), "transitions")
    ends = []
    for end in ("from_link", "to_link"):
        ids = ids_in(transitions[part[end]])
        check_ids(ids, part[end], "transitions")
        ends.append(ids)
    notes.rows(np.flatnonzero((ends[0] == "") | (ends[1] == "")), "transitions", "no link in one of its columns", "dropped")
    return ends[0], ends[1]


def _first_rows(ends: tuple[np.ndarray, np.ndarray], wanted: pd.Index) -> np.ndarray:
    """The first row that names each of ``wanted``."""
    rows = np.tile(np.arange(len(ends[0])), 2)
    order = np.argsort(rows, kind="stable")
    flat = pd.Series(np.concatenate(ends)[order])
    once = ~flat.duplicated().to_numpy()
    return rows[order][once][pd.Index(flat[once]).get_indexer(wanted)]
