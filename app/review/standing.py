"""What the list of a review is made of, kept for as long as the review stands: its rows, names of places, times, reasons."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from app import session
from app.review.ahead import Ahead
from app.review.component import Table, table_of
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import apart_study, headlines, reasons_study, telling_of
from irlcore.analysis.study import fit_key
from irlcore.maps.ground import is_y_down
from irlcore.maps.tracks import began
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.report.review_list import list_places, list_scores
from irlcore.review.apart import Found
from irlcore.review.reasons import Telling

APART = "apart"


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """table: of the rows. ahead: reasons of tracks. began: (N,) seconds at which each path starts, empty where that is not known. known:
    what was found of flagged paths, None until it was."""

    table: Table
    ahead: Ahead
    began: np.ndarray
    known: Mapping[int, Found] | None = None


def standing(project: Project, review: Review) -> Standing:
    """Of the review as it stands under the control and the score chosen; verdicts change nothing of it. What sets the flagged tracks apart
    from each other is worked out beside the page, which does without until then."""
    down = is_y_down(need_world(project)[0])  # says where things are: above or north
    named = (project.zones, project.spots, project.map_files, project.goals)
    key = (*fit_key(project), review.score, review.control, down)
    told = _told(key, named)
    if told is None and not session.busy() and session.notice() is None:
        session.start_job("Comparing the flagged tracks", lambda watch: apart_study(project, review, watch),
                          lambda found: session.keep_found(APART, key, (found, named)))
        session.finish_job()  # where it was short
        if session.job() is not None:
            st.rerun()  # how far it is stands above the page, which is drawn again when it has ended
        told = _told(key, named)
    return session.derived_on("standing review", lambda: _made(project, review, told), review, told, down, *named)


def _told(key: Hashable, named: tuple[object, ...]) -> Telling | None:
    """What was found for the review, where the names of places are still what they were then."""
    kept: tuple[Telling, tuple[object, ...]] | None = session.found(APART, key)
    return kept[0] if kept is not None and all(a is b for a, b in zip(kept[1], named, strict=True)) else None


def _made(project: Project, review: Review, told: Telling | None) -> Standing:
    order, paths, known = review.order, review.parts.paths, None if told is None else told.apart.found
    told = told or telling_of(project, review)
    table = table_of([str(i) for i in paths.ids[order]], list_scores(review), list_places(review), headlines(project, review, told),
                     review.flagged[order])
    return Standing(table, Ahead(lambda index: reasons_study(project, review, index, told)), began(project, paths), known)
