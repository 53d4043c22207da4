"""What was wrong in the data, and what was done about it; a row shows its track on the map."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import session
from irlcore.project.project import Project
from irlcore.report.text import as_csv, as_markdown, as_shown


def problems_table(project: Project) -> None:
    """Counts, the table and its download; a row that is picked selects its track, where that was kept."""
    counts = project.problems["done"].value_counts()
    st.subheader("Problems in the data")
    st.caption(as_markdown(", ".join(f"{n:,} {what}" for what, n in counts.items()) + ". Nothing else was changed."))
    event: Any = st.dataframe(as_shown(project.problems), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
                              key=f"problems_{session.changes()}", height=min(38 + 35 * len(project.problems), 320),
                              alt="Problems found in the data")
    rows = event["selection"]["rows"]
    if session.newly_picked("problems", rows[0] if rows else None) and rows:  # a row that is let go of can be picked again
        track = str(project.problems["track"].iloc[rows[0]])
        if project.tracks is not None and (project.tracks.ids == track).any():
            session.select(track)
            st.rerun()
        st.caption("The track of this row was not kept, so there is nothing of it to show.")
    st.download_button("Problems (CSV)", lambda: as_csv(project.problems), "problems.csv", "text/csv", key="problems_csv",
                       icon=":material/table:", on_click="ignore")
