"""The slow half of a report, reasons and maps of the flagged tracks, made beside the page and kept."""

import streamlit as st

from app import session
from app.callbacks import clicked
from app.shell import say_waiting
from irlcore.analysis.ranking import Review
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.quantities import counted
from irlcore.report.contents import MOST_SEEN, chosen_tracks
from irlcore.report.findings import Findings, findings_key, findings_study
from irlcore.report.intent_words import with_goals
from irlcore.worlds.called import called


def findings_for(project: Project, review: Review, goals: bool) -> Findings | None:
    """What the report says of each flagged track; None, and said on the page, while it is being found. goals: whether it is asked what they
    were after. The work begins by itself, and again where the analyst has decided so that other tracks get a card; what is found stays."""
    key = findings_key(project, review)
    chosen = chosen_tracks(project, review)
    intents = with_goals(review.parts.paths, (*chosen.cards, *chosen.more)[:MOST_SEEN]) if goals else []

    def known() -> Findings | None:
        found: Findings | None = session.found("findings", key)
        whole = found is not None and all(i in found.of for i in chosen.cards) and all(i in found.seen for i in intents)
        return found if whole else None

    if known() is None and not session.busy() and session.notice() is None:
        before: Findings | None = session.found("findings", key)
        session.start_job("Making the report", lambda watch: findings_study(project, review, chosen.cards, intents, before, watch, key),
                          lambda found: session.keep_found("findings", key, found))
        session.finish_job()  # short work has ended; a rerun for it could swallow a click made meanwhile
        if known() is None:
            st.rerun()
    if known() is None:
        what = f"reasons and pictures of {counted(len(chosen.cards), called(need_world(project)[0]).track)}"
        say_waiting("Making the report", f"The report is being made: {what}.", f"The report is not made yet: {what} are missing.")
        if not session.busy():
            st.button("Make the report", on_click=clicked(session.dismiss), type="primary", key="make_report")
    return known()
