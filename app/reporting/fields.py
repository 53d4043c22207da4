"""What an analyst types for a report: title, author, place and notes. All of it is kept with the project."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import streamlit as st

from app import session
from irlcore.project.project import Project, remember
from irlcore.report.text import NAME, as_line, printable
from irlcore.tracks.bounds import LONGEST_TYPED, LONGEST_WORDS

FIELDS = {"name": ("Title", "What the report is called, and the project."), "author": ("Author", "Who hands it over."),
          "region": ("Place", "Where this is: a town, a port, a strait.")}
"""field of the project -> label, help."""


def fields(project: Project) -> None:
    """Draw the fields; what was typed becomes part of the project, and can be undone."""
    for name, (label, told) in FIELDS.items():
        was = printable(getattr(project, name))
        # a name from a file may be longer than one that is typed
        typed = st.text_input(label, was, max(LONGEST_TYPED, len(was)), key=f"report_{name}_{_mark(was)}", help=told).strip()
        if typed != was.strip() and (typed or name != "name"):
            session.put(remember(_with(project, name, typed), f"{label} of the report: {as_line(typed, NAME) or 'none'}"))
            st.rerun()
    was = printable(project.notes)
    notes = st.text_area("Your notes", was, max_chars=LONGEST_WORDS, key=f"notes_{_mark(was)}", height=140,
                         placeholder="What you looked at, and what you make of it.")
    if notes != was:
        session.put(remember(replace(project, notes=notes), "Wrote notes"))
        st.rerun()


def _mark(text: str) -> str:
    """Of what a field held when it was drawn: it begins afresh where its own text was changed elsewhere, by undo or in another window, not
    with every change of the project, which would take away what is being typed in the one beside."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _with(project: Project, name: str, text: str) -> Project:
    """One of ``FIELDS`` changed."""
    changed: dict[str, Any] = {name: text}
    return replace(project, **changed)
