"""Whether staying is a choice of its own: for tracks without a destination, which wait, fish or lie at anchor."""

from __future__ import annotations

import streamlit as st

from app import session
from app.observed.aims import DROPS
from app.shell import errors_as_words
from irlcore.project.project import Project
from irlcore.project.staying import with_stays
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.clock import without_clock
from irlcore.worlds.dwell import suggest_stay
from irlcore.worlds.staying import LEAST_S, MOST_S, stay_seconds, without_staying
from irlcore.worlds.world import World

MINUTE = 60.0


def may_stay(project: Project, world: World) -> bool:
    """Whether there is anything to ask: points with times on a grid, and a class or a track without a destination, or stays already."""
    tracks = project.tracks
    roams = "nowhere" in project.class_aims.values() or "nowhere" in project.track_aims.values()
    return isinstance(tracks, Tracks) and tracks.timed and world.kind == "grid" and (roams or stay_seconds(world) > 0.0)


def staying(project: Project, world: World) -> None:
    """The switch and the step; the tracks are put on the world again when Apply is pressed."""
    tracks, now = project.tracks, stay_seconds(world)
    assert isinstance(tracks, Tracks)
    suggested = session.derived_on("suggested stay", lambda: suggest_stay(tracks, without_clock(without_staying(world))), tracks, world)
    with st.expander("Staying" + (f" · in steps of {now / MINUTE:g} min" if now else ""), icon=":material/hourglass_empty:"):
        st.caption("Staying in place is then a choice with its time, and a feature says how much they like or mind it.")
        counts = st.toggle("Staying counts", now > 0.0, key=f"stays_{session.changes()}")
        seconds = 0.0
        if counts:
            begin = now or suggested or 10.0 * MINUTE
            told = f" Suggested: {suggested / MINUTE:g} min, a round number above the usual time in a cell." if suggested else ""
            seconds = MINUTE * st.number_input("in steps of (min)", LEAST_S / MINUTE, MOST_S / MINUTE, begin / MINUTE, format="%.6g",
                                               key=f"stay_{session.changes()}", help=f"Who stays for less only passes through.{told}")
        if abs(seconds - now) > 1e-9 * now and st.button("Apply", width="stretch", key="set_stays", help=DROPS):
            with errors_as_words(), st.spinner("Putting the tracks on the world ..."):
                session.put(with_stays(project, seconds))
                st.rerun()
