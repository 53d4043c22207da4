"""A report whose every text is a given one, and one of the sample, for the tests of what reports look like."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from irlcore.analysis.hindsight import Hindsight, Ranking, Wrong
from irlcore.analysis.next_feature import Separated
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project, Verdict
from irlcore.project.samples import sample_project
from irlcore.report.contents import SECTIONS, Card, Contents, chosen_tracks
from irlcore.report.findings import Finding, Findings, findings_study
from irlcore.report.intent_words import Seen, seen_row
from irlcore.report.method import Method
from irlcore.report.sureness import Sureness
from irlcore.report.worth_words import Worth
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.reasons import FeatureUse, Reasons
from irlcore.review.share import Share

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Map" width="10" height="10"></svg>'


def contents_with(text: str, sections: tuple[str, ...] = tuple(SECTIONS)) -> Contents:
    """Two cards, one of them without reasons; a track of each kind apart."""
    nothing = np.zeros(0, np.int64)
    reasons = Reasons(text, (text,), nothing, nothing, (FeatureUse(text, 3.0, 1.0, 0.5, 4.0), FeatureUse("b", 0.0, 0.0, 0.0, np.nan)), text)
    seen = Seen(12, ((text, 0.2), (text, 0.5), (text, 0.9)), 9, text)
    verdict = Verdict("operational event", text, "2026-11-26")
    cards = (Card(Finding(0, text, reasons, PICTURE), 1, text, ("surprise 12.3 sd", "p 0.0093"), verdict, seen, parts=text),
             Card(Finding(1, text, None, PICTURE, text), 2, text, ("surprise 9.00 sd", "p 0.02"), None, None))
    rows = pd.DataFrame([(3, text, text, True, "understood", text)], columns=["place", "track", "why", "flagged", "verdict", "note"])
    worth = Worth((text, "b"), np.array([1.0, -2.0]), np.array([[0.5, 1.5], [np.nan, np.nan]]), text, (text,))
    weights = pd.DataFrame({"feature": [text], "weight": [0.0123456]})
    return Contents(text, (("Class", text), ("Author", text)), sections, (text, text, text), text, text, PICTURE, cards, rows, rows, rows,
                    pd.DataFrame([seen_row(text, seen)]), 7, worth, (text,), Method((text,), (text,)), weights, {"features": text}, (text,),
                    (text,), {"numpy": text}, text, sure=sureness_with(text), looked_back=looked_back_with(text))


def sureness_with(text: str) -> Sureness:
    """What is promised, and the evidence."""
    share = Share(9, 0.5, 0.2, 1.0, 0.95, True, text)
    return Sureness((text,), share, text, pd.DataFrame({"oddity": [text], "planted": [40], "Surprise": [52.5]}), (text,))


def looked_back_with(text: str) -> Hindsight:
    """One track missed, one false alarm."""
    ranking, none = Ranking("surprise", 0.9, 0.5, 0.5, 0), Separated((), 3, 0, 9)
    wrong = (Wrong(text, 0.01, 3, text),)
    return Hindsight(2, 9, 1, (text,), 1, wrong, wrong, (ranking,), ranking, None, none, none, np.linspace(0.0, 1.0, 12), 2)


@lru_cache(maxsize=1)
def town() -> tuple[Project, Review, Findings]:
    """The sample fitted and reviewed, and what was found of all its flagged tracks."""
    project = fit_study(sample_project("town"), "boltzmann")
    review = review_study(project, FalseAlarmControl("share_of_flags", 0.1))
    cards = chosen_tracks(project, review).cards
    return project, review, findings_study(project, review, cards, cards)
