"""JSON that is no GeoJSON as a table: lists of flat records with places (traccar, OwnTracks, pandas) or of events, and the histories of
locations that Google hands out."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from irlcore.budget import within
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.files.roads import typed
from irlcore.tracks.plain_text import plain_text

_PLACE = re.compile(r"\s*(?:geo:)?\s*(-?\d{1,3}(?:\.\d+)?)\s*\N{DEGREE SIGN}?\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*\N{DEGREE SIGN}?\s*")
LISTS = ("positions", "data", "records", "points", "results", "items", "events")
"""Keys of an object under which a list of records may stand."""


def records_of(found: object, label: str) -> pd.DataFrame | None:
    """The table that a value of JSON is; None where it is none, or has no columns for places or events."""
    if isinstance(found, dict):
        history = _history(found)
        if history is not None:
            return _table(history, label, ["A history of locations as Google hands it out: its points are one track."])
        found = next((found[key] for key in LISTS if isinstance(found.get(key), list)), None)
    elif isinstance(found, list) and any(isinstance(one, dict) and "timelinePath" in one for one in found):
        return _table(_timeline(found), label, ["A history of locations as Google hands it out: its points are one track."])
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        return None
    fixes = [one for one in found if one.get("_type", "location") == "location"]  # OwnTracks writes other messages between
    return _table(fixes or found, label, [])


def _history(found: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Points of Records.json (and of its older form), or of the timeline that phones export; None of anything else."""
    if isinstance(found.get("locations"), list) and any(isinstance(one, dict) and "latitudeE7" in one for one in found["locations"]):
        keys = ("timestamp", "timestampMs", "latitudeE7", "longitudeE7", "accuracy")
        return [{key: one[key] for key in keys if key in one} for one in found["locations"] if isinstance(one, dict)]
    if isinstance(found.get("semanticSegments"), list):
        return _timeline(found["semanticSegments"])
    return None


def _timeline(segments: list[Any]) -> list[dict[str, Any]]:
    """The points of the paths in segments; those of a phone count minutes from the segment's start, which are added."""
    out: list[dict[str, Any]] = []
    for segment in segments:
        path = segment.get("timelinePath") if isinstance(segment, dict) else None
        for one in path if isinstance(path, list) else []:
            place = _PLACE.fullmatch(str(one.get("point", ""))) if isinstance(one, dict) else None
            if place is None:
                continue
            time = one.get("time")
            if time is None and isinstance(segment.get("startTime"), str):
                try:
                    minutes = pd.Timedelta(minutes=float(one.get("durationMinutesOffsetFromStartTime", 0)))
                    time = (pd.Timestamp(segment["startTime"]) + minutes).isoformat()
                except (ValueError, OverflowError):
                    time = None
            out.append({"time": time, "lat": float(place[1]), "lon": float(place[2])})
    return out


def _table(records: list[dict[str, Any]], label: str, said: list[str]) -> pd.DataFrame | None:
    """Records as rows; what holds lists or objects is left out, and told."""
    keys = list(dict.fromkeys(key for one in records for key in one))
    within("columns", len(keys), f"The records of {label} have {len(keys):,} keys.", "Leave out those that are not needed.")
    within("values", len(keys) * len(records), f"{label} has {len(records):,} records of {len(keys):,} keys.", "Read it in parts.")
    columns: dict[str, Any] = {}
    left_out = []
    for key in keys:
        values = [one.get(key) for one in records]
        if any(isinstance(value, list | dict) for value in values):
            left_out.append(shown(plain_text(key)))
        else:
            columns[plain_text(key).strip() or "value"] = typed([plain_text(one) if isinstance(one, str) else one for one in values])
    table = pd.DataFrame(columns)
    placed = {"lon", "lat"} <= set(part := guess_columns(table, "points")) or {"x", "y"} <= set(part)
    if not placed and guess_role(table) != "events":
        return None
    if said:
        table.attrs[SAID] = said
    if left_out:
        table.attrs[LEFT_OUT] = left_out
    return table
