"""What stands behind a review's line of words: what is promised and what is not, how many are abnormal, which score finds what."""

from __future__ import annotations

import streamlit as st

from app import session
from irlcore.analysis.abnormal import share_of_abnormal
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import silenced
from irlcore.report.review_list import silenced_words
from irlcore.report.review_words import EVIDENCE_HELP, evidence_table, floor_words, promise_words, ranked_words, share_words
from irlcore.report.text import as_markdown, as_shown
from irlcore.review.parts.kinds import KINDS, TITLES
from irlcore.review.share import Share

SCORE_HELP = ("Surprise: how improbable the whole track is. Extra cost: what it paid over the best way. Worst stretch: how much some part "
              "of it, short or long, looks chosen at random. All together: one score that a rule makes of all. Under Ranking stands which "
              "one finds what.")


def share_of(review: Review) -> Share | None:
    """How many are abnormal, counted once for a ranking; None where there is nothing to count."""
    if not len(review.parts.review) or (review.parts.has_reference and not len(review.parts.calibration)):
        return None
    return session.derived_on("share of abnormal", lambda: share_of_abnormal(review), review.scored, review.score)


def in_short(review: Review) -> list[str]:
    """What ranks, what is promised, how many are abnormal, what is silenced: a sentence each."""
    share = share_of(review)
    return [ranked_words(review), promise_words(review), share_words(share) if share is not None else "",
            silenced_words(silenced(session.project(), review))]


def promises(review: Review) -> None:
    """Everything that may be said of false alarms, or why it may not."""
    said = [review.promise.sentence]
    if review.parts.has_reference:
        said += [review.any_cut.sentence, floor_words(review)]
        if review.groups is not None:
            said.append(review.groups.said)
    if (share := share_of(review)) is not None:
        said.append(share.sentence)
    for sentence in said:
        if sentence:
            st.markdown(f"- {as_markdown(sentence, 600)}")


def ranking(review: Review) -> None:
    """Which score finds what kind of oddity on this class, and what could not be measured."""
    scored = review.scored
    if scored.evidence is None:
        st.markdown("Nothing could be planted into the tracks of this class, so nothing says which score finds most.")
    else:
        st.markdown(as_markdown(scored.evidence.sentence(), 400), help=EVIDENCE_HELP)
        table = as_shown(evidence_table(scored.evidence, review.score))
        st.dataframe(table, hide_index=True, width="stretch", key="evidence",
                     column_config={name: st.column_config.NumberColumn(format="%d %%") for name in table.columns[2:]})
    missing: dict[str, list[str]] = {}
    for name, why in scored.missing.items():
        missing.setdefault(why, []).append(TITLES[name] if name in KINDS else name)
    if missing:
        st.markdown("**Not measured**")
    for why, names in missing.items():
        st.caption(as_markdown(f"{', '.join(names)}: {why}", 400))
