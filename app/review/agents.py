"""The agents of a review ranked by their weights: who is unlike the class, and in what. A click leads to the first of its tracks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.studio.findings import sought
from irlcore.analysis.agents import Agents, agents_study, basis_of
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import fit_key
from irlcore.project.project import Project
from irlcore.report.text import NAME, as_line, as_markdown

KEPT = "agents"
MOST_ROWS = 500
HELP = ("Every weight is compared at once: an agent is as strange as its tracks are improbable under weights that agents of the class may "
        "have. A p-value of 0.01 says: of 100 agents known as normal, about one is as strange.")


def show(project: Project, review: Review) -> None:
    """The ranked list, with what it promises. Worked out beside the page once a fit; the page does without until then."""
    key = (*fit_key(project), project.agent_column)
    if session.found(KEPT, key) is None and not sought("Comparing agents", lambda watch: basis_of(project, watch),
                                                       lambda found: session.keep_found(KEPT, key, True)):
        st.caption("The agents are not compared yet.")
        return
    found = session.derived_on("ranked agents", lambda: agents_study(project, review), review, project.agent_column)
    words(project, found)
    if found.names:
        table(review, found)


def words(project: Project, found: Agents) -> None:
    """What the list is of, and what it promises."""
    if not found.named:
        st.caption("No column names agents (Fit page), so each track stands for itself.")
    elif project.agent_column:
        st.caption(as_markdown(f"Agents by {project.agent_column}: the reviewed tracks of each are taken together."))
    st.caption(as_markdown(found.promise), help=HELP)
    if found.limit:
        st.caption(as_markdown(found.limit))


def table(review: Review, found: Agents) -> None:
    """The list, the strangest first; a chosen row selects the track that most sets its agent apart."""
    order = found.order[:MOST_ROWS]
    ids, column = review.parts.paths.ids, "place" if found.against is None else "p-value"
    rows = pd.DataFrame({
        "agent" if found.named else "track": [as_line(found.names[a].strip(), NAME) for a in order],
        "": ["flagged" if found.flagged[a] else "" for a in order],
        column: found.p[order],
        "tracks": [len(found.tracks[a]) for a in order],
        "what sets it apart": [as_line(found.lines[a]) for a in order]})
    event = st.dataframe(rows, hide_index=True, width="stretch", key="agents_list", on_select="rerun", selection_mode="single-row",
                         column_config={column: st.column_config.NumberColumn(format="%.3g")})
    if len(found.order) > MOST_ROWS:
        st.caption(f"The {MOST_ROWS} strangest of {len(found.order):,}.")
    chosen = event["selection"]["rows"]
    if chosen and (now := int(chosen[0])) < len(order) and session.newly_picked("agents_list", str(found.names[order[now]])):
        session.select(str(ids[int(np.asarray(found.tracks[order[now]])[0])]))
        st.rerun()
