"""What the selected track's agent pays: its weights beside its class's, in sentences and as a small figure."""

from __future__ import annotations

import streamlit as st

from app import session
from app.studio.findings import sought
from irlcore.analysis.agents import prices_study, prices_words
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import fit_key
from irlcore.project.project import Project
from irlcore.report.prices_figure import prices_figure
from irlcore.report.text import as_markdown
from irlcore.review.prices.agent_prices import Prices

KEPT, MOST = "prices", 40
FULL = {True: ", full where one differs for sure, with an interval: 95 % of the intervals told on such cards hold the weight",
        False: ", full where one differs for sure"}
"""What is said of the weights that differ, by whether intervals are known to hold under the model."""


def show(project: Project, review: Review, track: str) -> None:
    """The prices of the agent that ``track`` is of: worked out beside the page, which does without until then."""
    key = (*fit_key(project), project.agent_column, track)
    if session.found(KEPT, key) is None:
        sought("Working out what it pays", lambda watch: prices_study(project, track, watch),
               lambda found: session.keep_found(KEPT, key, found, MOST))
    prices: Prices | None = session.found(KEPT, key)
    if prices is None:
        st.caption("What it pays is not worked out yet.")
        return
    tracks = len(prices.tracks)
    if tracks > 1:
        st.caption(as_markdown(f"Of {prices.who}, by all of its {tracks:,} tracks."))
    st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in prices_words(project, prices)))
    if not prices.impossible:
        st.plotly_chart(prices_figure(prices), width="stretch", key="prices", alt="Its weights beside what is usual in the class")
        full = FULL[prices.sure] if prices.differs else ""
        st.caption(f"Grey: where 95 % of the class's agents lie. Dots: its most probable weights{full}. "
                   "Below 0: avoided. Above 0: sought.")
