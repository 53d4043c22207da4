"""Points beside a network: matched to its links, or on a grid all the same."""

from __future__ import annotations

import streamlit as st

from app import session
from irlcore.project.importing.reading import Plan, Read, on_roads
from irlcore.tracks.trips.cleaning import Cleaning

ROADS, CELLS = "Match to the network", "Grid of cells"
WHY = "Which links each track most probably drove: by the noise of its points, one-way links, turns that are allowed, and short ways."


def wants_roads() -> bool:
    """Which of the two worlds the analyst wants the points in."""
    return st.radio("The world", [ROADS, CELLS], key="points_world", horizontal=True, help=WHY) == ROADS


def matched_by(plan: Plan, cleaning: Cleaning, found: Read) -> Read | None:
    """The points as paths on the network, once they have been matched; a button until then, since it may take a while."""
    key = (plan.key, cleaning)
    kept: Read | None = session.found("matched", key)
    if kept is None and st.button("Match", type="primary", key="match", disabled=session.busy(), help="Beside the page, with Cancel."):
        session.start_job("Matching", lambda watch: on_roads(found, watch), lambda made: session.keep_found("matched", key, made, 1))
        st.rerun()
    return kept
