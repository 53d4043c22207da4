"""The false-alarm control, the same on the Review and Report pages, and the review that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Literal

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.review import comparing, details, order
from app.shell import in_its_words, link, say_waiting
from irlcore.analysis.ranking import Review, rank, scored_study
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.report.review_words import limit_words
from irlcore.report.text import as_markdown
from irlcore.review.calibration.controls import USUAL_RATE, USUAL_SHARE, FalseAlarmControl
from irlcore.review.parts.kinds import COMBINED, ROUTE, TITLES

Kind = Literal["share_of_flags", "share_of_normal", "strangest"]
RATES = {"1 in 100": 0.01, "1 in 50": 0.02, "1 in 20": 0.05, "1 in 10": 0.1, "1 in 5": 0.2}
DEFAULT_RATE = next(said for said, rate in RATES.items() if rate == USUAL_RATE)
DEFAULT_SHARE = 100.0 * USUAL_SHARE
KINDS: dict[Kind, str] = {"share_of_flags": "of the flagged tracks may be normal", "share_of_normal": "of the normal tracks may be flagged"}
REMEMBERED = ("rate", "control", "share", "score", *comparing.KEYS, order.KEY)


def reviewed(scored: Scored) -> Review:
    """Scores ranked and flagged under the controls as they were last set."""
    if scored.parts.has_reference:
        kind: Kind = session.chosen("control", next(iter(KINDS)))
        control = FalseAlarmControl(kind, RATES[session.chosen("rate", DEFAULT_RATE)], comparing.basis_chosen(scored, kind))
    else:
        control = FalseAlarmControl("strangest", session.chosen("share", DEFAULT_SHARE) / 100.0)
    offered = scored_by(scored, control.basis.crossed)
    score = session.chosen("score", offered[0])
    score = score if score in offered else offered[0]
    control, crossed = comparing.once_fitted(control, score)
    return session.derived_on("review", lambda: rank(scored, control, score, crossed), control.kind, control.rate, astuple(control.basis),
                              score, scored, crossed)


def need_review(also: Callable[[Review], None] | None = None) -> Review:
    """Draw the review in a line of words and the controls behind a button; the review they lead to. Scores are computed once a fit, beside
    the page. also: draws another button beside."""
    scored = need_scores()
    session.remembered(*REMEMBERED)
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
        say_waiting("Scoring the tracks", in_its_words("The tracks are being scored against the fit."),
                    in_its_words("The tracks are not scored yet."))
        if not session.busy():
            st.button("Score the tracks", on_click=clicked(session.dismiss), type="primary")
        st.stop()
    found: Scored = session.found("scores", key)
    return found


def controls(scored: Scored) -> None:
    """What is flagged, and what the tracks are ranked by; kept over all pages."""
    if scored.parts.has_reference:
        session.choose(rate=session.chosen("rate", DEFAULT_RATE), control=session.chosen("control", next(iter(KINDS))))
        st.selectbox("At most about", list(RATES), key="rate", persist_state="session")
        said = {kind: in_its_words(words) for kind, words in KINDS.items()}
        st.selectbox("What may go wrong", list(KINDS), format_func=said.__getitem__, key="control",
                     persist_state="session",
                     help=in_its_words("The first kind bounds false alarms among what is flagged; the second flags a fixed share of normal "
                                      "tracks, however many abnormal ones there are."))
        comparing.compared_with(scored)
    else:
        session.choose(share=session.chosen("share", DEFAULT_SHARE))
        st.number_input("List the strangest (%)", 0.1, 50.0, key="share", persist_state="session")
        link("tracks", in_its_words("Name tracks as normal to control false alarms"))
    crossed = scored.parts.has_reference and session.chosen("compared_with", "") == comparing.CROSSED
    offered = scored_by(scored, crossed)
    session.choose(score=now if (now := session.chosen("score", offered[0])) in offered else offered[0])  # chosen where it was measured
    titles = {one: in_its_words(TITLES[one]) for one in offered}
    st.selectbox("Ranked by", offered, format_func=titles.__getitem__, key="score", persist_state="session",
                 help=in_its_words(details.SCORE_HELP))
    if crossed:
        comparing.ask_for_fits(scored, session.chosen("score", offered[0]))


def scored_by(scored: Scored, crossed: bool = False) -> list[str]:
    """The scores to rank by, the one that the evidence supports first; those that measure none of the tracks are left out, and those that
    several fits cannot give where these are asked for."""
    usable = [name for name in scored.table.names if not np.isnan(scored.values(name)).all() and (name in ROUTE or not crossed)]
    if crossed and scored.evidence is not None:
        found = scored.evidence
        return sorted(usable, key=lambda name: -found.of(name) if name in found.scores else 0.0)
    return sorted(usable, key=lambda name: (name != scored.default, name != COMBINED))


def say_limit(review: Review) -> None:
    """What keeps it from flagging anything, where it flags nothing."""
    parts = review.parts
    if parts.has_reference and not review.flagged.any():
        limit = limit_words(review)
        if limit:
            with st.container(key="limit"):
                st.warning(in_its_words(limit))
