"""The false-alarm control, the same on the Review and Report pages, and the review that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.review import details, order
from app.shell import link, say_waiting
from irlcore.analysis.ranking import Review, rank, scored_study
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.report.review_words import limit_words
from irlcore.report.text import as_markdown
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.review.parts.kinds import COMBINED, TITLES

Kind = Literal["share_of_flags", "share_of_normal", "strangest"]
DEFAULT_RATE, DEFAULT_SHARE = "1 in 10", 2.0
RATES = {"1 in 100": 0.01, "1 in 50": 0.02, "1 in 20": 0.05, "1 in 10": 0.1, "1 in 5": 0.2}
KINDS: dict[Kind, str] = {"share_of_flags": "of the flagged tracks may be normal", "share_of_normal": "of the normal tracks may be flagged"}
ALL, DISTANCE, HOUR, WEIGHTED = "all normal tracks", "those that go as far", "those of the same hour", "all, those like the reviewed more"
COMPARED = {ALL: Basis(), DISTANCE: Basis(groups="distance"), HOUR: Basis(groups="hour"), WEIGHTED: Basis(weighted=True)}
COMPARED_HELP = ("All: the usual. As far, or of the same hour: false alarms are limited in each of these groups, so that long trips, say, "
                 "are not flagged more often for being long. Weighted: where the reviewed tracks start elsewhere or at other times than "
                 "the normal ones; that is an estimate, and no promise.")


def reviewed(scored: Scored) -> Review:
    """Scores ranked and flagged under the controls as they were last set."""
    named = session.chosen("compared", ALL)
    named = named if named in comparable(scored) else ALL
    if scored.parts.has_reference:
        rate = RATES[session.chosen("rate", DEFAULT_RATE)]
        control = FalseAlarmControl(session.chosen("control", next(iter(KINDS))), rate, COMPARED[named])
    else:
        control = FalseAlarmControl("strangest", session.chosen("share", DEFAULT_SHARE) / 100.0)
    score = session.chosen("score", scored.default)
    score = score if score in scored.table.names else scored.default
    return session.derived_on("review", lambda: rank(scored, control, score), control.kind, control.rate, named, score, scored)


def need_review(also: Callable[[Review], None] | None = None) -> Review:
    """Draw the review in a line of words and the controls behind a button; the review they lead to. Scores are computed once a fit, beside
    the page. also: draws another button beside."""
    scored = need_scores()
    widths = [5.0, 1.6, 2.0] if also is not None else [5.0, 2.0]
    words, *others, button = st.columns(widths, vertical_alignment="center", gap="small")
    with button.popover("False alarms and ranking", width="stretch", key="false_alarms"), st.container(key="false_alarms_body"):
        control, promises, ranking = st.tabs(["Control", "Promises", "Ranking"])
        with control:
            controls(scored)
        review = reviewed(scored)
        if also is not None:
            with control:
                order.order_control(review)
        with promises:
            details.promises(review)
        with ranking:
            details.ranking(review)
    if also is not None:
        with others[0]:
            also(review)
    words.caption(as_markdown(" ".join(details.in_short(review)), details.LONGEST))
    say_limit(review)
    return review


def need_scores() -> Scored:
    """The scores of the class's tracks. Until they are there the page says so, and ends."""
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
    found: Scored = session.found("scores", key)
    return found


def controls(scored: Scored) -> None:
    """What is flagged, and what the tracks are ranked by; kept over all pages."""
    if scored.parts.has_reference:
        st.selectbox("At most about", list(RATES), index=list(RATES).index(DEFAULT_RATE), key="rate", persist_state="session")
        st.selectbox("What may go wrong", list(KINDS), format_func=KINDS.__getitem__, key="control", persist_state="session",
                     help="The first kind bounds false alarms among what is flagged; the second flags a fixed share of "
                          "normal tracks, however many abnormal ones there are.")
        offered = comparable(scored)
        if session.chosen("compared", ALL) not in offered:
            session.choose(compared=ALL)
        if len(offered) > 1:
            st.selectbox("Compared with", offered, key="compared", persist_state="session", help=COMPARED_HELP)
    else:
        st.number_input("List the strangest (%)", 0.1, 50.0, DEFAULT_SHARE, key="share", persist_state="session")
        link("tracks", "Name tracks as normal to control false alarms")
    offered = scored_by(scored)
    if session.chosen("score", offered[0]) not in offered:  # chosen where it was measured
        session.choose(score=offered[0])
    st.selectbox("Ranked by", offered, format_func=TITLES.__getitem__, key="score", persist_state="session", help=details.SCORE_HELP)


def comparable(scored: Scored) -> list[str]:
    """What reviewed tracks can be compared with, as far as the data tells."""
    known = scored.circumstances
    if known is None or not scored.parts.has_reference:
        return [ALL]
    return [ALL, *([DISTANCE] if known.distance is not None else []), *([HOUR] if known.hour is not None else []),
            *([WEIGHTED] if known.columns() else [])]


def scored_by(scored: Scored) -> list[str]:
    """The scores to rank by, the one that the evidence supports first; those that measure none of the tracks are left out."""
    usable = [name for name in scored.table.names if not np.isnan(scored.values(name)).all()]
    return sorted(usable, key=lambda name: (name != scored.default, name != COMBINED))


def say_limit(review: Review) -> None:
    """What keeps it from flagging anything, where it flags nothing."""
    parts = review.parts
    if parts.has_reference and not review.flagged.any():
        limit = limit_words(review)
        if limit:
            with st.container(key="limit"):
                st.warning(limit)
