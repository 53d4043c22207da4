"""What the Review page shows, tracks, agents or hindsight, and what lies behind its buttons."""

from __future__ import annotations

import streamlit as st

from app import session
from app.review import heeded, silencing, verdict_files
from app.shell import in_its_words, its_words
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import rules_of
from irlcore.project.project import Project

TRACKS, AGENTS, HINDSIGHT = "Tracks", "Agents", "Hindsight"
HELP = {TRACKS: "one track after the other", AGENTS: "all tracks of an agent taken together", HINDSIGHT: "labels that came later"}


def view_of(project: Project) -> str:
    """Draw the switch; what is asked for. Agents only where a column names them."""
    offered = [TRACKS, *([AGENTS] if project.agent_column else []), HINDSIGHT]
    if session.chosen("review_view", TRACKS) not in offered:
        session.choose(review_view=TRACKS)
    said = in_its_words("; ".join(f"{name}: {HELP[name]}" for name in offered))
    found = st.segmented_control(f"What to look at ({said})", offered, default=TRACKS, key="review_view", persist_state="session",
                                 required=True, label_visibility="collapsed", format_func=its_words().say)
    return str(found)


def rules_and_verdicts(project: Project, review: Review) -> None:
    """Behind one button, which says how many there are: rules that silence, verdicts that count in the fit, files."""
    rules, verdicts = len(rules_of(project)), len(project.verdicts)
    counts = f" ({rules:,} + {verdicts:,})" if rules or verdicts else ""
    with st.popover(f"Rules and verdicts{counts}", width="stretch", key="rules_and_verdicts",
                    help="Rules that silence the same explanation again, and what becomes of verdicts."):
        st.markdown("**Rules that silence**")
        silencing.rules(project, review)
        st.markdown("**Verdicts**")
        heeded.show(project, review)
        verdict_files.show(project, review)
