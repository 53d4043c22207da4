"""What was read, in numbers and sentences, and what was dropped or repaired."""

from __future__ import annotations

import streamlit as st

from app.importing.columns_form import tell
from app.observed.problems import downloads, kinds_table
from irlcore.report.text import as_shown
from irlcore.tracks.problem_kinds import by_kind
from irlcore.tracks.problems import problems_and_notes
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks


def preview(imported: Imported, of: str = "", called: str = "tracks") -> None:
    """What was kept, what was dropped, and why. of: which rows this is said of, where not of all. called: what tracks are here."""
    what = called.removesuffix("s") if imported.tracks_kept == 1 else called
    st.markdown(f"{of}**{imported.tracks_kept:,} {what} kept**, {imported.tracks_dropped:,} dropped; {imported.rows_kept:,} rows kept, "
                f"{imported.rows_dropped - imported.rows_counted:,} dropped.")
    tell(imported.said)


def what_was_done(imported: Imported) -> None:
    """What was dropped or repaired, by kind, and each row of it."""
    problems, _ = problems_and_notes(imported.problems)  # what is noted has been told
    if len(problems):
        tracks = imported.tracks if isinstance(imported.tracks, Tracks) else None
        kinds = by_kind(problems, tracks)
        picked = kinds_table(kinds, "preview_kinds")
        with st.expander(f"All {len(problems):,}, one by one" if picked is None else "All of this kind, one by one"):
            listed = problems if picked is None else problems[kinds.of == picked]
            st.dataframe(as_shown(listed), hide_index=True, width="stretch", height=180)
        downloads(kinds, problems, "preview_problems")
