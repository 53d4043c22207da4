"""A table with one row for each outcome of a choice, read whole or not at all: a model with a row less is another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import FIRST_ROW
from irlcore.worlds.limits import ROUNDING
from irlcore.worlds.links.notes import Notes, ids_in, numbers_in
from irlcore.worlds.links.values import column_values

NAMED = 3  # rows of a kind that a message names
EXACT = 1e-12  # a sum nearer to 1 is 1 but for rounding


@dataclass(frozen=True, slots=True)
class Outcomes:
    """E outcomes of M choices, by state, choice and next state.

    states: (S,) str, those of the table of states first. state: (M,) int64 and choice: (M,) str, whose choice it is and what it is
    called. offsets: (M + 1,) int64; next_state, probability: (E,) int64 and float64, summing to 1 over each choice. attributes: name ->
    (M,) float64 or str.
    """

    states: np.ndarray
    state: np.ndarray
    choice: np.ndarray
    offsets: np.ndarray
    next_state: np.ndarray
    probability: np.ndarray
    attributes: dict[str, np.ndarray]


def read_outcomes(table: pd.DataFrame, part: Mapping[str, str], states: np.ndarray | None, notes: Notes) -> Outcomes:
    """The outcomes of a table. part: which column is what. states: (S,) str, all that there are, or None for those that it names.

    An attribute is that of the choice: numbers that differ between its outcomes are averaged by their probability. DataError that names
    all that is wrong, with the rows (row 1 being the header).
    """
    need(table, part, ("state", "choice", "next_state"), "outcomes")
    if not len(table):
        raise DataError("The table of outcomes has no rows.", "Give one row for each state, choice and state that it may lead to.")
    wrong: list[str] = []
    here, choice, there = (_ids(table, part[one], wrong) for one in ("state", "choice", "next_state"))
    chance = _chances(table, part.get("probability"), notes, wrong)
    names = _states(here, there, part, states, wrong)
    _refuse(wrong)
    kept = np.flatnonzero(chance > 0.0)
    notes.rows(np.flatnonzero(chance == 0.0), "outcomes", "a probability of 0", "left out")
    index = pd.Index(names)
    made, called = pd.factorize(choice)
    key = index.get_indexer(here) * np.int64(len(called)) + made  # by state, and in each by where the choice's name came up first
    known, owner = np.unique(key, return_inverse=True)
    after = index.get_indexer(there)
    order = kept[np.lexsort((kept, after[kept], owner[kept]))]
    wrong += _twice(owner[order], after[order], order, here, choice, there)
    total = np.bincount(owner, chance, len(known))
    wrong += _sums(total, owner, here, choice, "probability" in part)
    _refuse(wrong)
    if (np.abs(total - 1.0) > EXACT).any():
        notes.said.append("Probabilities of some choices summed to 1 but for rounding, and were divided by their sum.")
    weight = chance / total[owner]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner[order], minlength=len(known))))).astype(np.int64)
    attributes = {}
    for name in table.columns:
        if str(name) not in part.values():
            values = column_values(table[name], notes, "outcomes")
            attributes[plain_text(str(name))] = _of_choices(values, owner, weight, str(name), here, choice, wrong)
    _refuse(wrong)
    return Outcomes(names, (known // len(called)).astype(np.int64), np.asarray(called[known % len(called)], object), offsets,
                    after[order].astype(np.int64), weight[order], attributes)


def rows_said(rows: np.ndarray) -> str:
    """ "row 4", "rows 4, 7", "rows 4, 7, 9 and 12 more", of rows (n,) counted from 0."""
    told = ", ".join(f"{row + FIRST_ROW:,}" for row in rows[:NAMED].tolist())
    return f"row{'s' if len(rows) > 1 else ''} {told}" + (f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else "")


def _refuse(wrong: list[str]) -> None:
    if wrong:
        raise DataError("The table of outcomes cannot be a world: " + " ".join(wrong),
                        "Mend these rows: each state, choice and next state once, with probabilities that sum to 1 for each choice.")


def _ids(table: pd.DataFrame, column: str, wrong: list[str]) -> np.ndarray:
    """(n,) str objects."""
    found = ids_in(table[column])
    empty, long = np.flatnonzero(found == ""), np.flatnonzero(too_long(found))
    if len(empty):
        wrong.append(f"{shown(column)} is empty in {rows_said(empty)}.")
    if len(long):
        wrong.append(f"{shown(column)} has more than {LONGEST_NAME:,} characters in {rows_said(long)}.")
    return found


def _chances(table: pd.DataFrame, column: str | None, notes: Notes, wrong: list[str]) -> np.ndarray:
    """(n,) float64; 1 where there is no column."""
    if column is None:
        notes.said.append("There is no column of probabilities, so each choice leads to the one state of its row.")
        return np.ones(len(table))
    found = numbers_in(table, column, "outcomes", notes)
    for bad, what in ((np.isnan(found), "no number"), (found < 0.0, "below 0"), (found > 1.0 + ROUNDING, "above 1")):
        if bad.any():
            wrong.append(f"{shown(column)} is {what} in {rows_said(np.flatnonzero(bad))}.")
    return found


def _states(here: np.ndarray, there: np.ndarray, part: Mapping[str, str], states: np.ndarray | None, wrong: list[str]) -> np.ndarray:
    """(S,) str: all states, those that choose before those that are only led to; of a table, as it has them."""
    if states is None:
        return np.asarray(pd.factorize(np.concatenate((here, there)))[1], object)
    for column, found in ((part["state"], here), (part["next_state"], there)):
        unknown = np.flatnonzero((pd.Index(states).get_indexer(found) < 0) & (found != ""))
        if len(unknown):
            wrong.append(f"{shown(column)} is {shown(found[unknown[0]])!r} in {rows_said(unknown)}, and the table of states has no such.")
    return states


def _twice(owner: np.ndarray, after: np.ndarray, order: np.ndarray, here: np.ndarray, choice: np.ndarray, there: np.ndarray) -> list[str]:
    """Outcomes that stand there twice, of rows in order."""
    again = np.flatnonzero((owner[1:] == owner[:-1]) & (after[1:] == after[:-1])) + 1
    if not len(again):
        return []
    first, second = order[again[0] - 1], order[again[0]]
    many = f" (and {len(again) - 1:,} more such)" if len(again) > 1 else ""
    return [f"rows {first + FIRST_ROW:,} and {second + FIRST_ROW:,} are the same outcome, {shown(here[first])}, {shown(choice[first])}, "
            f"{shown(there[first])}{many}."]


def _sums(total: np.ndarray, owner: np.ndarray, here: np.ndarray, choice: np.ndarray, given: bool) -> list[str]:
    """Choices whose probabilities do not sum to 1."""
    off = np.flatnonzero(np.abs(total - 1.0) > ROUNDING)
    if not len(off):
        return []
    rows = np.flatnonzero(owner == off[0])
    whose = f"choice {shown(choice[rows[0]])!r} of state {shown(here[rows[0]])!r} ({rows_said(rows)})"
    many = f" The same holds of {len(off) - 1:,} more." if len(off) > 1 else ""
    if not given:
        return [f"the {whose} leads to {len(rows):,} states, and there is no column of probabilities.{many}"]
    return [f"the probabilities of {whose} sum to {total[off[0]]:.8g}, not to 1.{many}"]


def _of_choices(values: np.ndarray, owner: np.ndarray, weight: np.ndarray, name: str, here: np.ndarray, choice: np.ndarray,
                wrong: list[str]) -> np.ndarray:
    """(M,) a column of outcomes as one of choices: the mean of numbers, a text where all outcomes have the same."""
    many = int(owner.max()) + 1
    first = np.full(many, len(owner), np.int64)
    np.minimum.at(first, owner, np.arange(len(owner)))
    if values.dtype != object:
        same = np.bincount(owner, np.where(weight > 0.0, values != values[first[owner]], False), many) == 0
        return np.where(same, values[first], np.bincount(owner, np.where(weight > 0.0, weight * values, 0.0), many))
    differ = np.flatnonzero((values != values[first[owner]]) & (weight > 0.0))
    if len(differ):
        row = differ[0]
        wrong.append(f"{shown(name)} is text and differs between outcomes of choice {shown(choice[row])!r} of state "
                     f"{shown(here[row])!r} ({rows_said(np.array([first[owner[row]], row]))}), and it can have one.")
    return np.asarray(values[first], object)
