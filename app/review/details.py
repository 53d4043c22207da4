"""What stands behind a review's line of words: what is promised and what is not, how many are abnormal, which score finds what."""

from __future__ import annotations

import streamlit as st

from app import session
from app.shell import in_its_words
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import silenced
from irlcore.report.review_list import silenced_words
from irlcore.report.review_words import EVIDENCE_HELP, promise_words, ranked_words, share_words
from irlcore.report.sureness import Sureness, in_words, share_of, sureness_of
from irlcore.report.text import as_markdown, as_shown

SCORE_HELP = ("Surprise: how improbable the whole track is. Extra cost: what it paid over the best way. Worst stretch: how much some part "
              "of it, short or long, looks chosen at random. All together: one score that a rule makes of all. Under Ranking stands which "
              "one finds what.")
LONGEST = 600


def sureness(review: Review) -> Sureness:
    """How sure the list is, worked out once for a review; how many are abnormal once for a ranking."""
    share = session.derived_on("share of abnormal", lambda: share_of(review), review.scored, review.score)
    return session.derived_on("sureness", lambda: in_words(sureness_of(review, share), in_its_words), review)


def in_short(review: Review) -> list[str]:
    """What ranks, what is promised, how many are abnormal, what is silenced: a sentence each."""
    share = sureness(review).share
    said = [ranked_words(review), promise_words(review), share_words(share) if share is not None else "",
            silenced_words(silenced(session.project(), review))]
    return [in_its_words(one) for one in said if one]


def promises(review: Review) -> None:
    """Everything that may be said of false alarms, or why it may not, and how many are abnormal."""
    found = sureness(review)
    said = [*found.promises, *([found.share.sentence] if found.share is not None else [])]
    st.markdown("\n".join(f"- {as_markdown(sentence, LONGEST)}" for sentence in said))


def ranking(review: Review) -> None:
    """Which score finds what kind of oddity on this class, and what could not be measured."""
    found = sureness(review)
    st.markdown(as_markdown(found.ranking, LONGEST), help=in_its_words(EVIDENCE_HELP))
    if len(found.evidence):
        st.dataframe(as_shown(found.evidence), hide_index=True, width="stretch", key="evidence",
                     column_config={name: st.column_config.NumberColumn(format="%d %%") for name in found.evidence.columns[2:]})
    if found.missing:
        st.markdown("**Not measured**")
    for sentence in found.missing:
        st.caption(as_markdown(sentence, LONGEST))
