"""Whether a table is an event log, and which of its columns plays which part: by names, and by the first values."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from irlcore.tracks.first_values import LOOKED_AT, has_clock, numbers_rows
from irlcore.tracks.logs.lifecycle import tells_lifecycle
from irlcore.tracks.logs.naming import log_columns
from irlcore.tracks.sources import PARTS


def columns_of_log(table: pd.DataFrame, by_name: Mapping[str, str]) -> dict[str, str]:
    """The parts of an event log; a date only beside a time of day."""
    rows = frozenset(column for column in by_name.values() if numbers_rows(table, column))
    found = log_columns(by_name, PARTS["track"], PARTS["t"], PARTS["step"], rows)
    if "events" in found and "track" not in found and (own := _names_rows(table, found["events"])):
        found["track"] = own
    if "event" in found and "lifecycle" not in found:
        others = (str(column) for column in table.columns if str(column) not in found.values())
        told = [column for column in others if tells_lifecycle(table[column].iloc[:LOOKED_AT])]
        found |= {"lifecycle": told[0]} if told else {}
    days = [by_name[name] for name in PARTS["date"] if name in by_name and by_name[name] not in found.values()]
    if days and "t" in found and has_clock(table, found["t"]):
        found["date"] = days[0]
    elif days and "t" in found and (clocks := [column for name in PARTS["t"] if (column := by_name.get(name)) not in (None, found["t"])
                                               and has_clock(table, str(column))]):
        found["t"], found["date"] = str(clocks[0]), found["t"]
    return found


def _names_rows(table: pd.DataFrame, events: str) -> str:
    """The first column but ``events`` that names each row, where a row is a whole sequence; empty where none does. Of fractions and times
    none is a name."""
    for column in map(str, table.columns):
        first = table[column].iloc[:LOOKED_AT]
        measured = pd.api.types.is_float_dtype(first) or pd.api.types.is_datetime64_any_dtype(first)
        if column != events and len(first) and not measured and first.notna().all() and first.nunique() == len(first):
            return column
    return ""


def is_log(table: pd.DataFrame, part: Mapping[str, str]) -> bool:
    """Whether sequences have several rows each, and several events; or a row is a whole one, in a text."""
    if "track" not in part:
        return False
    if "events" in part:
        return not pd.api.types.is_numeric_dtype(table[part["events"]])
    if "event" not in part:
        return False
    first = table[[part["track"], part["event"]]].iloc[:LOOKED_AT].dropna()
    most = len(first) - 1 if "t" in part else 0.7 * len(first)
    return len(first) > 1 and first[part["track"]].nunique() <= most and first[part["event"]].nunique() > 1
