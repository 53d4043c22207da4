"""What the newest fit leaves unexplained: residuals and the review, found once a fit, beside the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import places_key
from app.review.controls import reviewed
from app.shell import say
from irlcore.analysis.proposals import unexplained_study
from irlcore.analysis.ranking import Review, scored_study
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.elicitation.suggestions import Unexplained
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError
from irlcore.fitting.residual_rows import bytes_of
from irlcore.project.project import Project
from irlcore.project.split import Parts, split_paths

LARGE = 200_000_000  # bytes of residuals, of which one is kept instead of two
QUICK = 5_000_000  # tracks by choices: some seconds at most
T = TypeVar("T")
Found = tuple[tuple[object, ...], Unexplained, Scored]
"""``fit_key``, residuals, and the scores with the tracks they are of."""


@dataclass(frozen=True, slots=True)
class Findings:
    """key: of the fit they belong to, and of the zones and places that proposals may name. left: residuals of the tracks fitted to.
    review: None where the ranking chosen does not exist."""

    key: tuple[object, ...]
    left: Unexplained
    review: Review | None


def parts_of(project: Project) -> Parts:
    """The class under study, split; the same object while tracks, world and what names the split are the same."""
    named = (project.class_column, project.agent_class, project.period_column, project.reference_value, project.agent_column)
    return session.derived_on("parts of the class", lambda: split_paths(project), project.tracks, project.world, project.paths,
                              project.heeded, named)


def findings(project: Project) -> Findings | None:
    """The findings of the newest fit; None where there is no fit, or while they are sought."""
    if project.fit is None:
        return None
    try:
        key = fit_key(project)
    except MotiveError as error:
        say(error)
        return None
    left, scores = session.found("unexplained", key), session.found("scores", key)
    if left is None or scores is None:
        def work(watch: Control) -> tuple[Unexplained, Scored]:
            return left or unexplained_study(project, watch), scores or scored_study(project, watch)

        if not sought("Looking for what the model misses", work, lambda both: keep_findings(key, *both)):
            return None
        left, scores = session.found("unexplained", key), session.found("scores", key)
        if left is None or scores is None:
            return None
    try:
        review = reviewed(scores)
    except MotiveError:
        review = None
    return Findings((*key, session.derived("places", lambda: places_key(project))), left, review)


def keep_findings(key: Hashable, left: Unexplained, scores: Scored) -> None:
    """Keep what the fit and the data of ``key`` leave unexplained."""
    session.keep_found("unexplained", key, left, 2 if bytes_of(left.residuals) < LARGE else 1)
    session.keep_found("scores", key, scores)


def found_beside(project: Project, watch: Control) -> Found | None:
    """The findings of the newest fit, to be sought by the work that made it: None where that takes long, since what changed in the fit can
    be read before, or where they cannot be found, which the page then says."""
    assert project.world is not None and project.paths is not None
    if len(project.paths) * project.world.mdp.n_choices > QUICK:
        return None
    try:
        return fit_key(project), unexplained_study(project, watch), scored_study(project, watch)
    except Cancelled:
        raise
    except MotiveError:
        return None


def sought(title: str, work: Callable[[Control], T], keep: Callable[[T], None]) -> bool:
    """Do work for this page: True where it has ended at once. It begins unless other work runs or the last one did not end well."""
    if session.busy() or session.notice() is not None:
        if not session.busy():
            st.button("Try again", on_click=clicked(session.dismiss), key=f"again_{title}")
        return False
    session.start_job(title, work, keep)
    session.finish_job()  # short work has ended; a rerun for it could swallow a click made meanwhile
    if session.job() is not None or session.notice() is not None:
        st.rerun()  # what is said of it stands above the page, which is drawn already
    return True


def safely(work: Callable[[Control], T]) -> Callable[[Control], T | MotiveError]:
    """``work`` whose MotiveError is what was found, unless it was cancelled."""
    def tried(watch: Control) -> T | MotiveError:
        try:
            return work(watch)
        except MotiveError as error:
            if watch.cancel.is_set():
                raise
            return error

    return tried


def kept(what: str, key: Hashable, title: str, work: Callable[[Control], Any], most: int = 3) -> Any:
    """What was found for ``key``; None while it is sought. A MotiveError is kept as what was found."""
    if session.found(what, key) is None:
        sought(title, safely(work), lambda found: session.keep_found(what, key, found, most))
    return session.found(what, key)
