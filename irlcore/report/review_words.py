"""A review in a few short sentences, for the line under the page's headline and the report."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.analysis.ranking import Review
from irlcore.review.calibration.words import calibration_limit, least_p_sentence
from irlcore.review.evidence import ALARMS, Evidence
from irlcore.review.parts.kinds import COMBINED, TITLES
from irlcore.review.share import Share

EVIDENCE_HELP = (f"Oddities of each kind are planted into normal tracks of the fit. A score finds one that is stranger than all but "
                 f"{100.0 * ALARMS:.0f} % of these. The score that finds most, as the mean over kinds, ranks where you choose none.")


def ranked_words(review: Review) -> str:
    """What ranks, and what that finds: "Ranked by All together, which finds 79 of 100 planted oddities."."""
    evidence, title = review.scored.evidence, TITLES[review.score]
    if evidence is None or review.score not in evidence.scores:
        return f"Ranked by {title}."
    return f"Ranked by {title}, which finds {_in_hundred(evidence.of(review.score))} of 100 planted oddities."


def promise_words(review: Review) -> str:
    """What is promised of false alarms in one sentence, or why nothing can be."""
    promise = review.promise
    if promise.holds and not review.flagged.any():
        return "No track is flagged."
    return f"{promise.sentence.partition('. ')[0].rstrip('.')}." if promise.holds else promise.sentence


def share_words(share: Share) -> str:
    """How many are abnormal, in one short sentence: what is promised, or what is guessed."""
    least, guess = round(share.low * share.of), round(share.guess * share.of)
    if share.promised:
        if not least:
            return f"Nothing shows that any of the {share.of:,} is abnormal." if share.of > 1 else "Nothing shows that it is abnormal."
        return f"At least {least:,} of {share.of:,} {'is' if least == 1 else 'are'} abnormal ({100.0 * share.level:g} % sure)."
    if share.high >= 1.0:
        return ""  # nothing can be said, which is said at length
    high = round(share.high * share.of)
    return f"About {guess:,} of {share.of:,} seem abnormal ({least:,} to {high:,}, a guess)."


def floor_words(review: Review) -> str:
    """The smallest p-value there can be, and what makes it smaller; empty without calibration tracks."""
    n, m = least_p_of(review), len(review.parts.review)
    if not n or not m:
        return ""
    return least_p_sentence(n, review.control.rate / (m if review.control.kind == "share_of_flags" else 1), review.groups is not None)


def limit_words(review: Review) -> str:
    """What keeps a lone abnormal track from being flagged, and what to do; empty where nothing does, or where its p-value has no floor."""
    n = least_p_of(review)
    if not n or review.control.basis.adaptive:  # then the rate is another one than asked for
        return ""
    return calibration_limit(n, review.control, len(review.parts.review), review.groups is not None)


def least_p_of(review: Review) -> int:
    """n of the smallest p-value that there can be, 1 / (n + 1): the calibration tracks, of the largest group where tracks are compared
    within groups; 0 where p-values have no floor, as drawn and weighted ones, or where none calibrate."""
    basis, kept = review.control.basis, review.parts.calibration
    if review.control.kind == "strangest" or basis.weighted or basis.ties == "random":
        return 0
    if review.groups is None:
        return review.ground.n
    met = np.unique(review.groups.of[review.parts.review])
    return int(max((int((review.groups.of[kept] == one).sum()) for one in met), default=0))


def evidence_table(found: Evidence, score: str) -> pd.DataFrame:
    """A row a kind of oddity: how many were planted, and the percentage found by the score that ranks, by the best single one and by all
    together."""
    names = list(dict.fromkeys(name for name in (score, COMBINED, found.best_single) if name in found.scores))
    rows = [(called, many, *(100.0 * float(found.found[k, found.scores.index(name)]) for name in names))
            for k, (called, many, _, _) in enumerate(found.by_kind(names[0]))]
    return pd.DataFrame(rows, columns=["oddity", "planted", *(TITLES[name] for name in names)])


def _in_hundred(share: float) -> int:
    return int(100.0 * share + 0.5)
