"""Let time of day matter: bands in which trips start, where start times come from, and how many tracks start in each."""

from typing import get_args

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.shell import errors_as_words
from irlcore.errors import DataError
from irlcore.project.loading import with_time_bands, without_time_bands
from irlcore.project.project import Project
from irlcore.report.text import as_markdown, told_apart
from irlcore.tracks.bounds import MOST_SHIFT_H
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.clock import HOUR_S, Bands, Days, clock_of, hour_text, read_edges
from irlcore.worlds.start_times import SINCE_MIDNIGHT, StartTimes, start_times, time_sources
from irlcore.worlds.world import World

OFF, ALL_DAY, OWN = "Off", "Whole days", "My own hours"
READY = {"Day and night (6-22, 22-6)": (6.0, 22.0), "Rush hours (6-10, 10-16, 16-20, 20-6)": (6.0, 10.0, 16.0, 20.0),
         "Every three hours": tuple(float(h) for h in range(0, 24, 3))}
DAYS: dict[Days, str] = {"all": "all days alike", "weekday and weekend": "weekdays and weekend", "each day": "each day of the week"}


def time_bands(project: Project, world: World) -> None:
    """The whole form; the world changes only when Apply is pressed."""
    tracks = project.tracks
    assert tracks is not None and set(DAYS) == set(get_args(Days))
    sources = session.derived("time sources", lambda: time_sources(tracks))
    if not sources:
        why = start_times(tracks)
        st.caption(f"Time of day cannot matter here. {as_markdown(why)}")
        return
    now = clock_of(world)
    with st.expander("Let time of day matter" + (f" · {now.n_bands} bands" if now else ""), icon=":material/schedule:"):
        st.caption("Features may then depend on when a trip starts. More bands leave fewer tracks in each and make fits slower.")
        with errors_as_words():
            form(project, world, tracks, sources)


def form(project: Project, world: World, tracks: Tracks | LinkTracks, sources: list[str]) -> None:
    """Hours, days and the column, with the number of tracks in each band."""
    now, key = clock_of(world), session.changes()
    set_to = world.settings.get("clock", {})
    hours = [OFF, *READY, ALL_DAY, OWN]
    was = OFF if now is None else next((n for n, edges in READY.items() if edges == now.edges), OWN if now.edges else ALL_DAY)
    chosen = st.selectbox("Hours told apart", hours, index=hours.index(was), key=f"band_hours_{key}")
    if chosen == OFF:
        if now is not None and st.button("Apply", width="stretch", key="set_bands"):
            session.put(without_time_bands(project))
            st.rerun()
        return
    edges = READY.get(chosen, ())
    if chosen == OWN:
        typed = ", ".join(hour_text(e) for e in now.edges) if now else ""
        edges = read_edges(st.text_input("Bands begin at", typed, key=f"band_edges_{key}", placeholder="6, 9:30, 16, 20"))
        if len(edges) < 2:
            st.info("Type the hours at which bands begin, two or more.")
            return
    source, times = start(tracks, sources, str(set_to.get("column", "")), key)
    if times is None:
        return
    days: Days = "all"
    shift = 0.0
    if times.dated:
        groups = [d for d in DAYS if d != "all" or edges]
        days = st.selectbox("Days told apart", groups, index=groups.index(now.days) if now and now.days in groups else 0,
                            format_func=DAYS.__getitem__, key=f"band_days_{key}_{bool(edges)}")
        shift = st.number_input("Hours to add", -MOST_SHIFT_H, MOST_SHIFT_H, float(set_to.get("shift_h", 0.0)), 0.5,
                                key=f"band_shift_{key}",
                                help="Dates with a time zone are read as UTC; add the hours that local time is ahead of the file's.")
    elif not edges:
        raise DataError("These start times have no date, so days cannot be told apart.", "Tell hours apart.")
    bands = Bands(edges, days)
    counts(bands, bands.band_of(times.seconds + HOUR_S * shift), times)
    if st.button("Apply", width="stretch", key="set_bands"):
        with st.spinner("Building the bands ..."):
            made = with_time_bands(project, bands, source, shift)
        session.put(made)
        st.rerun()


def start(tracks: Tracks | LinkTracks, sources: list[str], was: str, key: int) -> tuple[str, StartTimes | None]:
    """Where start times come from; what only an analyst can vouch for is never chosen by itself."""
    first = sources.index(was) if was in sources else None if sources[0] == SINCE_MIDNIGHT else 0
    source = st.selectbox("A track starts at", sources, index=first, key=f"band_source_{key}",
                          format_func=told_apart(sources).__getitem__, placeholder="Choose what its time is")
    if source is None:
        return "", None
    times = session.derived("start times", lambda: start_times(tracks, source), source)
    if isinstance(times, str):
        raise DataError(times, "Choose another column.")
    return source, times


def counts(bands: Bands, band: np.ndarray, times: StartTimes) -> None:
    """How many tracks start in each band, and how many at no known time."""
    many = np.bincount(band[band >= 0], minlength=bands.n_bands)
    st.dataframe(pd.DataFrame({"starts in": bands.labels, "tracks": many}), hide_index=True, width="stretch", key="band_counts",
                 height=min(38 + 35 * bands.n_bands, 260), alt="Number of tracks that start in each band")
    unknown = int((band < 0).sum())
    st.caption(as_markdown(times.source) + (f" {unknown:,} tracks have no usable start time and are left out." if unknown else ""))
