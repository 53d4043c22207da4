"""Points into trips: what is a jump, and where one id's trip ends. Suggested from the data, and the analyst's to change."""

from __future__ import annotations

import zlib

import numpy as np
import streamlit as st

from app import session
from app.importing.reading import Plan, Read, clean
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import Cleaning
from irlcore.tracks.trips.splitting import told


def cleaned_by(plan: Plan, found: Read) -> tuple[Read, Cleaning]:
    """What was read, cleaned as the analyst says, and how that is; kept, since a page runs again at every click."""
    cleaning = _asked(plan, found)
    kept: Read | None = session.found("cleaned", (plan.key, cleaning))
    if kept is None:
        kept = clean(found, cleaning)
        session.keep_found("cleaned", (plan.key, cleaning), kept, 1)
    return kept, cleaning


def _asked(plan: Plan, found: Read) -> Cleaning:
    tracks, suggested = found.imported.tracks, found.suggested
    assert isinstance(tracks, Tracks)
    unit = as_markdown(tracks.unit, NAME)
    speed, gap, distance = st.columns(3)
    return Cleaning(
        _limit(speed, f"Fastest that can be ({unit}/s)", suggested.speed, "speed",
               "Faster steps are jumps: a wrong fix, or two agents under one id.", plan, tracks.timed),
        _limit(gap, f"A trip ends at a gap of more than ({'s' if tracks.timed else 'steps'})", suggested.gap, "gap",
               f"Suggested: {told(suggested.gap)}." if np.isfinite(suggested.gap) else "Nothing sets long gaps apart from the usual ones.",
               plan, tracks.timed),
        _limit(distance, f"or at a step of more than ({unit})", suggested.distance, "distance", "Nothing is filled in there.", plan, True))


def _limit(place: st.delta_generator.DeltaGenerator, label: str, suggested: float, key: str, why: str, plan: Plan, usable: bool) -> float:
    of_these_files = zlib.crc32(repr(plan.key).encode())  # other files have other suggestions
    value = place.number_input(label, min_value=0.0, value=float(suggested) if np.isfinite(suggested) else 0.0, format="%.6g",
                               key=f"clean_{key}_{of_these_files}", help=f"{why} 0 is none.", disabled=not usable)
    return float(value) if value > 0.0 else np.inf
