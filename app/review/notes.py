"""A note on a track: it stays with the track whatever the verdict."""

from __future__ import annotations

import streamlit as st

from app import session
from app.callbacks import clicked
from app.review import verdicts
from app.shell import in_its_words
from irlcore.analysis.triage import noted
from irlcore.project.project import Project
from irlcore.tracks.bounds import LONGEST_WORDS


def show(project: Project, track: str) -> None:
    """The note, to be read and changed; it is kept as soon as the field is left."""
    key = f"note_{track}_{session.changes()}"
    st.text_area(in_its_words("Note on this track"), project.track_notes.get(track, ""), key=key, height=80, max_chars=LONGEST_WORDS,
                 on_change=clicked(_keep), args=(track, key), placeholder="What you want to remember of it, whatever the verdict")


def _keep(track: str, key: str) -> None:
    project = noted(session.project(), track, str(session.chosen(key, "")))
    if project is not session.project():
        session.put(project, wait=0.0)
        verdicts.made()
