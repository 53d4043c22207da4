"""The false-alarm control, the same on the Review and Report pages."""

import streamlit as st

from app import session
from irlcore.review.calibration import Control
from irlcore.study import SCORES, Review

RATES = {"1 in 100": 0.01, "1 in 50": 0.02, "1 in 20": 0.05, "1 in 10": 0.1, "1 in 5": 0.2}
KINDS = {"share_of_flags": "of the flagged tracks may be normal", "share_of_normal": "of the normal tracks may be flagged"}


def review_from_controls() -> Review | None:
    """Draw the controls; the review they lead to."""
    a, b, c, d = st.columns([1, 2, 1, 1])
    rate = a.selectbox("At most about", list(RATES), index=3, key="rate", persist_state="session")
    kind = b.selectbox("kind of false alarm", list(KINDS), format_func=KINDS.__getitem__, key="control",
                       label_visibility="hidden", persist_state="session")
    score = c.selectbox("Ranked by", list(SCORES), format_func=SCORES.__getitem__, key="score", persist_state="session")
    share = d.number_input("Abnormal tracks assumed (%)", 0.0, 30.0, 2.0, key="share", persist_state="session",
                           help="Used only where no tracks are known to be normal.")
    return session.review(Control(kind, RATES[rate]), score, share / 100.0)  # type: ignore[arg-type]
