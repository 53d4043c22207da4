"""The only file that touches ``st.session_state``: the project, undo and redo, the selection, the review, the job."""

from __future__ import annotations

import streamlit as st

from app.jobs import Job
from irlcore.project import Project
from irlcore.review.calibration import Control
from irlcore.study import Review, rank, review_study

MOST_UNDO = 40


def project() -> Project:
    """The project that is open."""
    found: Project = st.session_state.setdefault("project", Project())
    return found


def put(new: Project) -> None:
    """Replace the project; the one before can be had back by undo."""
    past = st.session_state.setdefault("past", [])
    past.append(project())
    del past[:-MOST_UNDO]
    st.session_state["future"] = []
    st.session_state["project"] = new
    st.session_state["changes"] = changes() + 1


def changes() -> int:
    """Counts every change of the project: part of widget keys that must start afresh."""
    return int(st.session_state.get("changes", 0))


def can_undo() -> bool:
    return bool(st.session_state.get("past"))


def can_redo() -> bool:
    return bool(st.session_state.get("future"))


def undo() -> None:
    """Back to the project before the last change."""
    if can_undo():
        st.session_state.setdefault("future", []).append(project())
        st.session_state["project"] = st.session_state["past"].pop()
        st.session_state["changes"] = changes() + 1


def redo() -> None:
    """Forward again."""
    if can_redo():
        st.session_state.setdefault("past", []).append(project())
        st.session_state["project"] = st.session_state["future"].pop()
        st.session_state["changes"] = changes() + 1


def selected() -> str:
    """The selected track's id, the same on every page."""
    return str(st.session_state.get("selected", ""))


def select(track: str) -> None:
    st.session_state["selected"] = track


def newly_picked(widget: str, value: object) -> bool:
    """Whether a widget's selection differs from the one last heeded, so that it does not overrule later ones."""
    if st.session_state.get(f"heeded_{widget}") == value:
        return False
    st.session_state[f"heeded_{widget}"] = value
    return True


def job() -> Job | None:
    found: Job | None = st.session_state.get("job")
    return found


def start_job(new: Job | None) -> None:
    st.session_state["job"] = new


def inline() -> bool:
    """Work runs in the page itself (tests set this)."""
    return bool(st.session_state.get("run_inline", False))


def review(control: Control, score: str, abnormal_share: float) -> Review | None:
    """The review of the newest fit, scored once a fit and re-ranked as the control moves; None without a fit."""
    now = project()
    if now.fit is None:
        return None
    key = (now.fit.result.made, now.agent_class, now.period_column, now.reference_value, now.fit.result.theta.tobytes())
    held = st.session_state.get("review")
    if held is None or held[0] != key:
        with st.spinner("Scoring every track ..."):
            held = (key, review_study(now, control, score, abnormal_share))
        st.session_state["review"] = held
    made: Review = held[1]
    return rank(made.parts, made.scores, control, score, abnormal_share)
