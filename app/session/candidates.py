"""How many candidate features were looked at, and which: what an analyst who tries many finds by luck is corrected for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.session import opened, window
from app.store.candidates import Candidates, Tried, digest_of
from irlcore.project.project import Project


def own_candidates() -> Candidates:
    """Those of a project that is not kept yet."""
    return window.held("candidates", Candidates)


def forget_candidates() -> None:
    """Another project is open: nothing has been tried."""
    st.session_state["candidates"] = Candidates()


def tried() -> Tried:
    """Candidate features looked at for the class under study, each once, in all windows and since the project began: to be added to."""
    saver, now = opened.saving(), opened.project()
    candidates = saver.candidates if saver is not None else own_candidates()
    data = window.held_for("data", now.tracks, lambda: digest_of(now.tracks))
    candidates.begin(data, now.agent_class, now.tried.get(now.agent_class, 0))
    of_class = Tried(candidates, data, now.agent_class, saver.note if saver is not None else lambda: None)
    st.session_state["tried"] = {now.agent_class: of_class}
    return of_class


def number_tried(suggested: bool = True) -> int:
    """How many candidate features have been looked at for the class, those of earlier sessions too; or without those that a machine is
    known to have tried, which do not make an analyst's own idea a matter of luck (``Candidates.number``)."""
    of_class = tried()
    return of_class.candidates.number(of_class.data, of_class.agent_class, suggested)


def counted() -> Project:
    """The project with the counts of candidates as they are now, of every class of its tracks: what is handed out."""
    now = opened.project()
    if now.tracks is None:
        return now
    of_class = tried()
    grown = {of: n for of, n in of_class.candidates.numbers(of_class.data).items() if n > now.tried.get(of, 0)}
    return replace(now, tried={**now.tried, **grown}) if grown else now
