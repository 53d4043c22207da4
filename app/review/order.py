"""In which order the tracks are listed: the strangest first, or, where nothing is promised of false alarms, by what a look would teach."""

from __future__ import annotations

import streamlit as st

from app import session
from irlcore.analysis.abnormal import most_worth_a_look, worth_first
from irlcore.analysis.ranking import Review
from irlcore.report.text import as_markdown
from irlcore.review.worth import Worth

KEY = "list_order"
STRANGEST, WORTH = "the strangest first", "what is most worth a look first"
HELP = ("Tracks that are strange in the same way teach the same, so the strangest of each way comes first, then the second of each. "
        "Offered where nothing is promised of false alarms.")


def order_control(review: Review) -> None:
    """The choice, where there is one."""
    if review.promise.holds:
        return
    session.choose(**{KEY: now if (now := session.chosen(KEY, STRANGEST)) in (STRANGEST, WORTH) else STRANGEST})
    if st.selectbox("Listed", (STRANGEST, WORTH), key=KEY, persist_state="session", help=HELP) == WORTH:
        st.caption(as_markdown(_worth(review).sentence))


def in_order(review: Review) -> Review:
    """The review as it is listed."""
    if not by_worth(review):
        return review
    return session.derived_on("review by worth", lambda: worth_first(review, _worth(review)), review)


def by_worth(review: Review) -> bool:
    """Whether it is listed by what is most worth a look."""
    return not review.promise.holds and session.chosen(KEY, STRANGEST) == WORTH


def alike(review: Review, index: int) -> str:
    """How many others are strange in the same way as path ``index``, and in which; empty where it is listed by strangeness alone."""
    if not by_worth(review):
        return ""
    for group in _worth(review).groups:
        if index in group.members and len(group.members) > 1:
            return f"One of {len(group.members):,} tracks that are strange in the same way. {group.said}"
    return ""


def _worth(review: Review) -> Worth:
    return session.derived_on("most worth a look", lambda: most_worth_a_look(review), review.scored, review.score, review.control.rate)
