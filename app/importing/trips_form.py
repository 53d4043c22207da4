"""Points into trips: where one id's trip ends, what is a stop, and what is a jump. Suggested from the data, and the analyst's to change."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.importing.gap_picture import box_of, gap_picture
from app.importing.speeds_form import Speeds, speeds_of, tell_speeds
from irlcore.engine import Control
from irlcore.project.importing.reading import Plan, Read, clean
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import AtStop, Cleaning, Counts
from irlcore.tracks.trips.splitting import told

AT_ONCE = 1_000_000  # points that are cleaned on the page itself, in less than half a second; more are a job
AT_STOP: dict[AtStop, str] = {"": "Nothing: the points stay", "dwell": "Dwell: one position, held", "split": "A trip ends, the next begins"}
WITHIN = "max_diameter: the diagonal of the box round the points of a stop."
FOR = "min_duration: shorter rests are no stops."


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where the counts go once they are known: under the gaps of time, the distances, the stops, and the speeds. Containers: what stands
    there stays until there is something else, so that nothing below moves while it is worked out."""

    gap: DeltaGenerator
    distance: DeltaGenerator
    stops: DeltaGenerator
    speeds: Speeds


def cleaned_by(plan: Plan, found: Read) -> tuple[Read, Cleaning] | None:
    """What was read, cleaned as the analyst says, and how that is; kept, since a page runs again at every click. None while it is not
    worked out: of many points that is done beside the page."""
    with st.container(border=True, key="trips"):
        cleaning, boxes = _asked(plan, found)
    kept = _worked_out(plan, found, cleaning)
    if kept is None:
        return None
    _tell(boxes, kept.counts, found)
    return kept, cleaning


def _worked_out(plan: Plan, found: Read, cleaning: Cleaning) -> Read | None:
    tracks, key = found.imported.tracks, (plan.key, cleaning)
    assert isinstance(tracks, Tracks)
    kept: Read | None = session.found("cleaned", key)
    if kept is not None:
        return kept
    if len(tracks.t) <= AT_ONCE or (found.ready is not None and cleaning == found.suggested):
        kept = clean(found, cleaning, Control())
        session.keep_found("cleaned", key, kept, 1)
        return kept
    begun = session.found("cleaning begun", plan.key) == cleaning
    if not session.busy() and (not begun or st.button("Work these trips out", key="clean_again", type="primary")):
        session.keep_found("cleaning begun", plan.key, cleaning, 1)  # once it is cancelled, it is not begun again unasked
        session.start_job("Trips", lambda watch: clean(found, cleaning, watch),
                          lambda made: session.keep_found("cleaned", key, made, 1))
        st.rerun()
    return None


def _asked(plan: Plan, found: Read) -> tuple[Cleaning, Boxes]:
    tracks, suggested = found.imported.tracks, found.suggested
    assert isinstance(tracks, Tracks)
    unit, suffix = as_markdown(tracks.unit, NAME), str(zlib.crc32(repr(plan.key).encode()))  # other files have other suggestions
    left, right = st.columns(2, gap="large")
    if tracks.timed:
        with left:
            gap, of_gap = _cut("A trip ends at a gap of more than (s)", suggested.gap, f"clean_gap_{suffix}", found, 0, "s")
    else:
        gap, of_gap = np.inf, left.container()
    with right if tracks.timed else left:
        distance, of_distance = _cut(f"{'or' if tracks.timed else 'A trip ends'} at a step of more than ({unit})", suggested.distance,
                                     f"clean_distance_{suffix}", found, 1, tracks.unit)
    how, within, long = st.columns([1.4, 1, 1])
    at_stop = how.selectbox("At a stop", list(AT_STOP), list(AT_STOP).index(suggested.at_stop), format_func=AT_STOP.__getitem__,
                            key=f"clean_at_stop_{suffix}", help="A stop is where an agent stays within a diameter for a time.")
    diameter = _limit(within, f"that stays within ({unit})", suggested.max_diameter, f"clean_diameter_{suffix}", WITHIN, not at_stop)
    duration = _limit(long, f"for at least ({'s' if tracks.timed else 'steps'})", suggested.min_duration, f"clean_duration_{suffix}", FOR,
                      not at_stop)
    of_stops = st.container()
    speeds = speeds_of(plan, found, suffix)
    stops = at_stop if np.isfinite(diameter) and np.isfinite(duration) else ""
    given: tuple[AtStop, float, float] = (stops, diameter, duration) if stops else ("", 0.0, np.inf)
    return (Cleaning(speeds.speed, gap, distance, *given, speeds.column, speeds.limits), Boxes(of_gap, of_distance, of_stops, speeds))


def _cut(label: str, suggested: float, key: str, found: Read, which: int, unit: str) -> tuple[float, DeltaGenerator]:
    """A cut on its picture and in a box under it, and where its count goes."""
    picture = st.container(key=f"{key}_place")
    why = f"Suggested: {told(suggested) if unit == 's' else f'{suggested:,.3g} {unit}'}." if np.isfinite(suggested) else \
        "Nothing sets long ones apart from the usual ones."
    given, start = box_of(key, suggested)
    value = _limit(st.container(), label, start, f"{key}_{given}", why)
    shown = found.gaps[which]
    if shown is not None:
        with picture:
            gap_picture(shown, "Gaps between points" if unit == "s" else "Distances between points", unit, value, key)
    return value, st.container()


def _limit(place: DeltaGenerator, label: str, suggested: float, key: str, why: str, disabled: bool = False) -> float:
    """A number, infinite where it is 0."""
    start = float(suggested) if np.isfinite(suggested) else 0.0
    value = place.number_input(label, min_value=0.0, value=start, format="%.6g", key=key, help=as_markdown(f"{why} 0 is none."),
                               disabled=disabled)
    return float(value) if value > 0.0 else np.inf


def _tell(boxes: Boxes, counts: Counts, found: Read) -> None:
    boxes.gap.caption(_splits(counts.by_gap, counts.ids))
    boxes.distance.caption(_splits(counts.by_distance, counts.ids))
    stops, ids = counts.stops
    if stops:
        said = f"{stops:,} {'stop' if stops == 1 else 'stops'} of {ids:,} {'id' if ids == 1 else 'ids'}."
        if found.suggested.at_stop == "split":
            said += " Suggested: a trip ends at each. They stay at the same few places again and again, as in ports."
    else:
        said = "" if found.suggested.at_stop else "The points show no stops that stand apart from moving on."
    boxes.stops.caption(said)
    tell_speeds(boxes.speeds, counts)


def _splits(counted: tuple[int, int], ids: int) -> str:
    """What a cut alone does: "splits 12 of 30 ids into 340 trips"."""
    many, of = counted
    return f"Splits {of:,} of {ids:,} {'id' if ids == 1 else 'ids'} into {many + of:,} trips." if many else "Splits nothing."
