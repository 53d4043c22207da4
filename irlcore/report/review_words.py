"""A review in a few short sentences, for the line under the page's headline and the report's summary."""

from __future__ import annotations

from irlcore.analysis.ranking import Review

from irlcore.review.evidence import ALARMS
from irlcore.review.parts.kinds import TITLES


def ranked_words(review: Review) -> str:
    """What ranks, and what that finds: "Ranked by All together, which finds 79 of 100 planted oddities."."""
    evidence, title = review.scored.evidence, TITLES[review.score]
    if evidence is None or review.score not in evidence.scores:
        return f"Ranked by {title}."
    return f"Ranked by {title}, which finds {round(100.0 * evidence.of(review.score)):,} of 100 planted oddities."


def promise_words(review: Review) -> str:
    """What is promised of false alarms in one sentence, or why nothing can be."""
    promise = review.promise
    return f"{promise.sentence.partition('. ')[0].rstrip('.')}." if promise.holds else promise.sentence


def evidence_help() -> str:
    """What the figures of evidence mean."""
    return (f"Oddities of each kind are planted into normal tracks that were fitted to. A score finds one that is stranger than all but "
            f"{100.0 * ALARMS:.0f} % of these tracks.")
