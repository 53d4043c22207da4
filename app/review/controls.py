"""The false-alarm control, the same on the Review and Report pages, and the review that it leads to."""

from typing import Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.callbacks import clicked
from app.shell import link, say_waiting
from irlcore.analysis.ranking import Review, rank, scored_study
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.calibration.words import calibration_limit
from irlcore.review.parts.kinds import COMBINED, TITLES

Kind = Literal["share_of_flags", "share_of_normal", "strangest"]
DEFAULT_RATE, DEFAULT_SHARE = "1 in 10", 2.0
RATES = {"1 in 100": 0.01, "1 in 50": 0.02, "1 in 20": 0.05, "1 in 10": 0.1, "1 in 5": 0.2}
KINDS: dict[Kind, str] = {"share_of_flags": "of the flagged tracks may be normal", "share_of_normal": "of the normal tracks may be flagged"}


def reviewed(scored: Scored) -> Review:
    """Scores ranked and flagged under the controls as they were last set."""
    if scored.parts.has_reference:
        rate = RATES[session.chosen("rate", DEFAULT_RATE)]
        control = FalseAlarmControl(session.chosen("control", next(iter(KINDS))), rate)
    else:
        control = FalseAlarmControl("strangest", session.chosen("share", DEFAULT_SHARE) / 100.0)
    score = session.chosen("score", scored.default)
    score = score if score in scored.table.names else scored.default
    return session.derived_on("review", lambda: rank(scored, control, score), control.kind, control.rate, score, scored)


def need_review(folded: bool = False) -> Review:
    """Draw the controls; the review they lead to. Scores are computed once a fit, beside the page. folded: behind a button, with what they
    are set to in words beside it."""
    project = session.project()
    assert project.fit is not None
    key = fit_key(project)
    if session.found("scores", key) is None and not session.busy() and session.notice() is None:
        session.start_job("Scoring the tracks", lambda watch: scored_study(project, watch),
                          lambda found: session.keep_found("scores", key, found))
        session.finish_job()  # short work has ended; a rerun for it could swallow a click made meanwhile
        if session.found("scores", key) is None:
            st.rerun()
    if session.found("scores", key) is None:
        say_waiting("Scoring the tracks", "The tracks are being scored against the fit.", "The tracks are not scored yet.")
        if not session.busy():
            st.button("Score the tracks", on_click=clicked(session.dismiss), type="primary")
        st.stop()
    scored = session.found("scores", key)
    if not folded:
        controls(scored, *st.columns([2, 4, 2, 2])[:3])
        return reviewed(scored)
    words, button = st.columns([5, 1.6], vertical_alignment="center")
    with button.popover("False alarms and ranking", width="stretch"):
        controls(scored, st.container(), st.container(), st.container())
    review = reviewed(scored)
    with words:
        say_control(review)
    return review


def controls(scored: Scored, a: DeltaGenerator, b: DeltaGenerator, c: DeltaGenerator) -> None:
    """What is flagged, and what the tracks are ranked by, in three places of the page; kept over all pages."""
    parts = scored.parts
    if parts.has_reference:
        a.selectbox("At most about", list(RATES), index=list(RATES).index(DEFAULT_RATE), key="rate", persist_state="session")
        b.selectbox("What may go wrong", list(KINDS), format_func=KINDS.__getitem__, key="control", persist_state="session",
                    help="The first kind bounds false alarms among what is flagged; the second flags a fixed share of "
                         "normal tracks, however many abnormal ones there are.")
    else:
        a.number_input("List the strangest (%)", 0.1, 50.0, DEFAULT_SHARE, key="share", persist_state="session")
        with b:
            link("tracks", "Name tracks as normal to control false alarms")
    offered = scored_by(scored)
    if session.chosen("score", offered[0]) not in offered:  # chosen where it was measured
        session.choose(score=offered[0])
    c.selectbox("Ranked by", offered, format_func=TITLES.__getitem__, key="score", persist_state="session", help=score_help(scored))


def scored_by(scored: Scored) -> list[str]:
    """The scores to rank by, the one that the evidence supports first; those that measure none of the tracks are left out."""
    usable = [name for name in scored.table.names if not np.isnan(scored.values(name)).all()]
    return sorted(usable, key=lambda name: (name != scored.default, name != COMBINED))


def score_help(scored: Scored) -> str:
    """What the first one is, and why it is first."""
    why = f" {scored.evidence.sentence()}" if scored.evidence is not None else ""
    return ("Surprise: how improbable the whole track is. Extra cost: what it paid over the best way. Worst stretch: how much some part of "
            f"it, short or long, looks chosen at random. All together: one score that a rule makes of all.{why}")


def say_control(review: Review) -> None:
    """The control in words, and what limits it."""
    parts = review.parts
    st.caption(review.promise.sentence)
    if parts.has_reference and not review.flagged.any():
        limit = calibration_limit(len(parts.calibration), review.control, len(parts.review))
        if limit:
            with st.container(key="limit"):
                st.warning(limit)
