"""What was wrong in the data, and what was done about it: by kind, with all of it behind; a row shows its track on the map."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app import session
from irlcore.project.problems_in_short import problems_by_kind
from irlcore.project.project import Project
from irlcore.report.text import as_csv, as_markdown, as_shown
from irlcore.tracks.problem_kinds import Kinds
from irlcore.tracks.problems import problems_and_notes

HEIGHT, ROW, MOST = 38, 35, 320  # pixels


def problems_table(project: Project) -> None:
    """The kinds, the table and its download; a kind that is picked leaves only its rows, a row that is picked selects its track, where that
    was kept."""
    problems, notes = problems_and_notes(project.problems)
    for note in notes:
        st.caption(f":material/info: {as_markdown(note)}")
    if not len(problems):
        return
    counts = problems["done"].value_counts()
    st.subheader("Problems in the data")
    st.caption(as_markdown(", ".join(f"{n:,} {what}" for what, n in counts.items()) + ". Nothing else was changed."))
    kinds = session.found("problem kinds", session.changes())
    if kinds is None:
        kinds = problems_by_kind(project)
        session.keep_found("problem kinds", session.changes(), kinds, 1)
    picked = kinds_table(kinds, f"problem_kinds_{session.changes()}")
    listed = problems if picked is None else problems[kinds.of == picked]
    key = f"problems_{session.changes()}" + (f"_{picked}" if picked is not None else "")
    event: Any = st.dataframe(as_shown(listed), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
                              key=key, height=_height(len(listed)), alt="Problems found in the data")
    rows = event["selection"]["rows"]
    if session.newly_picked("problems", (picked, rows[0]) if rows else None) and rows:  # a row that is let go of can be picked again
        track = str(listed["track"].iloc[rows[0]])
        if project.tracks is not None and (project.tracks.ids == track).any():
            session.select(track)
            st.rerun()
        st.caption("The track of this row was not kept, so there is nothing of it to show.")
    downloads(kinds, problems, "problems")


def kinds_table(kinds: Kinds, key: str) -> int | None:
    """The kinds with their amounts; the row of the one that is picked, if any."""
    table = kinds.table
    event: Any = st.dataframe(as_shown(table), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row", key=key,
                              height=_height(len(table)), alt="Problems by kind, with rows and tracks",
                              column_config={name: st.column_config.NumberColumn(format="%.3f") for name in table.columns[4:]})
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(table) else None


def downloads(kinds: Kinds, problems: pd.DataFrame, key: str) -> None:
    """The kinds and the whole list as CSV."""
    left, right, _ = st.columns([1, 1, 2])
    left.download_button("By kind (CSV)", lambda: as_csv(kinds.table), f"{key}_by_kind.csv", "text/csv", key=f"{key}_kinds_csv",
                         icon=":material/table:", on_click="ignore")
    right.download_button("Problems (CSV)", lambda: as_csv(problems), f"{key}.csv", "text/csv", key=f"{key}_csv",
                          icon=":material/table:", on_click="ignore")


def _height(rows: int) -> int:
    return min(HEIGHT + ROW * max(rows, 1), MOST)
