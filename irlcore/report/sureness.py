"""How sure the list of a review is: what is promised of false alarms, how many are abnormal, which score finds what. The page and the
report say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from irlcore.analysis.abnormal import doubt_of_reference, share_of_abnormal
from irlcore.analysis.ranking import Review
from irlcore.report.basis_words import allowed_for, allows
from irlcore.report.review_words import evidence_table, floor_words
from irlcore.review.parts.base import NO_WAYS
from irlcore.review.parts.kinds import TITLES
from irlcore.review.share import Share

OTHER_SCORE = ("What is promised holds for a score that was chosen without a look at its list. Of several that are tried, the one that "
               "promises most promises too much.")
NO_EVIDENCE = "Nothing could be planted into the tracks of this class, so nothing says which score finds most."


@dataclass(frozen=True, slots=True, eq=False)
class Sureness:
    """promises: sentences of what may be said of false alarms, or why nothing may. share: how many are abnormal, None where there is
    nothing to count. ranking: which score ranks and what it finds; evidence: the same as a table, a row a kind of oddity. missing: what
    could not be measured, and why."""

    promises: tuple[str, ...] = ()
    share: Share | None = None
    ranking: str = ""
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it but the table."""
        return (*self.promises, *((self.share.sentence,) if self.share is not None else ()), self.ranking)


def sureness_of(review: Review, share: Share | None = None) -> Sureness:
    """Of the review as it is ranked and controlled. share: where it is known already (``share_of``): no control changes it."""
    scored = review.scored
    evidence = scored.evidence
    ranking = evidence.sentence(review.score) if evidence is not None else NO_EVIDENCE
    return Sureness(promises_of(review), share or share_of(review), ranking,
                    evidence_table(evidence, review.score) if evidence is not None else pd.DataFrame(), missing_of(review))


def in_words(found: Sureness, say: Callable[[str], str]) -> Sureness:
    """The same in the words of a kind of world."""
    share = replace(found.share, sentence=say(found.share.sentence)) if found.share is not None else None
    return replace(found, promises=tuple(map(say, found.promises)), share=share, ranking=say(found.ranking),
                   missing=tuple(map(say, found.missing)))


def promises_of(review: Review) -> tuple[str, ...]:
    """What is promised at this cut and at all cuts, and what limits it."""
    said = [review.promise.sentence]
    if review.parts.has_reference and len(review.parts.review):
        said += [review.any_cut.sentence, floor_words(review)] if review.any_cut.holds else [floor_words(review)]
        if allows(review):
            said.append(allowed_for(review))
        if review.promise.holds and review.score != review.scored.default:
            said.append(OTHER_SCORE)
        if review.groups is not None:
            said.append(review.groups.said)
        said.append(doubt_of_reference(review))
    return tuple(one for one in said if one)


def share_of(review: Review) -> Share | None:
    """How many are abnormal; None where there is nothing to count."""
    if not len(review.parts.review) or (review.parts.has_reference and not len(review.parts.calibration)):
        return None
    return share_of_abnormal(review)


def missing_of(review: Review) -> tuple[str, ...]:
    """Which scores could not be measured, those of one reason together; without those of ways, where there are none."""
    missing: dict[str, list[str]] = {}
    for name, why in review.scored.missing.items():
        if why == NO_WAYS:
            continue  # nothing that could be done about it
        missing.setdefault(why, []).append(TITLES[name])
    return tuple(f"{', '.join(names)}: {why}" for why, names in missing.items())
