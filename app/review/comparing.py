"""What p-values rest on, as the analyst chooses it: which normal tracks are compared with, what ties count, and whether an estimated share
of abnormal tracks is allowed for. Where every normal track is to be compared with, several fits are made beside the page, once asked."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import session
from app.callbacks import clicked
from app.shell import in_its_words, its_words
from irlcore.analysis.compared import by_own_kind
from irlcore.analysis.cross_conformal import FOLDS, CrossStudy, cross_study
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.report.text import as_markdown
from irlcore.review.calibration.controls import Basis, FalseAlarmControl, Kind, Ties

ALL, DISTANCE, HOUR, WEIGHTED = "all normal tracks", "those that go as far", "those of the same hour", "all, those like the reviewed more"
CROSSED, ENDED = "all, those fitted to as well", "ended with ended, still running with still running"
COMPARED = {ALL: Basis(), DISTANCE: Basis(groups="distance"), HOUR: Basis(groups="hour"), ENDED: Basis(groups="ended"),
            WEIGHTED: Basis(weighted=True), CROSSED: Basis(crossed=True)}
COMPARED_HELP = ("All: the usual, all that were kept out of the fit. As far, or of the same hour: false alarms are limited in each of "
                 "these groups, so that long trips, say, are not flagged more often for being long. Still running: sequences "
                 "that go on when the log was taken are compared with such normal ones alone. Weighted: where the reviewed tracks "
                 "start elsewhere or at other times than the normal ones; that is an estimate, and no promise. Fitted to as well: "
                 f"{FOLDS} fits, each without a part of the normal tracks, so that all of them are compared with. For where few are known "
                 "as normal.")
TIES: dict[Ties, str] = {"counted": "all count", "finer": "a finer score tells them apart", "random": "a share counts, drawn by chance"}
TIES_HELP = ("Where a normal track scores exactly like a reviewed one. All count: the usual, on the safe side. A finer score: how "
             "improbable its steps are, which makes fewer ties. By chance: drawn once for each track from its id, so that as many normal "
             "tracks are flagged as was asked for, and no fewer; then nothing is promised about the share of the flagged ones.")
ADAPTIVE_HELP = ("Where many of the reviewed tracks are abnormal, fewer can be false alarms, and the list can be longer at the same "
                 "promise. How many are normal is estimated from those that look ordinary (adaptive Benjamini-Hochberg). Promises "
                 "says what came out.")
OWN_KIND = ("By this score sequences that are still running are compared with such alone: it is a mean over events, which spreads the "
            "wider the fewer there are, so that beside those that have ended they would be flagged too often.")
STUDY = "crossed"
KEYS = ("compared_with", "ties", "adaptive")


def basis_chosen(scored: Scored, kind: Kind) -> Basis:
    """As the widgets were last set, as far as what they say can be had together."""
    named = session.chosen("compared_with", ALL)
    offered = comparable(scored, session.chosen("score", scored.default))
    basis = COMPARED[named if named in offered else offered[0]]
    if basis.weighted or basis.crossed:
        return basis
    ties = session.chosen("ties", "counted")
    basis = replace(basis, ties=ties if ties in TIES else "counted")
    return replace(basis, adaptive=bool(session.chosen("adaptive", False)) and kind == "share_of_flags" and basis.plain)


def comparable(scored: Scored, score: str) -> list[str]:
    """What reviewed tracks can be compared with by a score, as far as the data tells."""
    if not scored.parts.has_reference:
        return [ALL]
    if by_own_kind(scored, score):
        return [ENDED]
    known = scored.circumstances
    told = [] if known is None else [*([DISTANCE] if known.distance is not None else []), *([HOUR] if known.hour is not None else []),
                                     *([ENDED] if known.ended is not None else []), *([WEIGHTED] if known.columns() else [])]
    return [ALL, *told, *([CROSSED] if len(scored.parts.fit) + len(scored.parts.calibration) >= FOLDS else [])]


def found_by_fits(score: str) -> CrossStudy | None:
    """What the several fits found by this score, None where they were not made."""
    found: CrossStudy | None = session.found(STUDY, (*fit_key(session.project()), score))
    return found


def once_fitted(control: FalseAlarmControl, score: str) -> tuple[FalseAlarmControl, CrossStudy | None]:
    """The control, and what the several fits found where it asks for them: by the one fit for as long as they are not made."""
    found = found_by_fits(score) if control.basis.crossed else None
    return (control if found is not None else control.by_one_fit), found


def compared_with(scored: Scored) -> None:
    """Draw which normal tracks are compared with, and what ties count."""
    score = session.chosen("score", scored.default)
    offered = comparable(scored, score)
    session.choose(compared_with=now if (now := session.chosen("compared_with", ALL)) in offered else offered[0])
    st.selectbox("Compared with", offered, key="compared_with", persist_state="session",
                 help=in_its_words(COMPARED_HELP), format_func=its_words().say)
    if by_own_kind(scored, score):
        st.caption(OWN_KIND)
    basis = COMPARED[session.chosen("compared_with", ALL)]
    if not basis.weighted and not basis.crossed:
        session.choose(ties=now if (now := session.chosen("ties", "counted")) in TIES else "counted")
        st.selectbox(in_its_words("Of equally strange normal tracks"), list(TIES), format_func=TIES.__getitem__, key="ties",
                     persist_state="session", help=in_its_words(TIES_HELP))
        if session.chosen("control", "share_of_flags") == "share_of_flags" and not basis.groups and session.chosen("ties", "") != "random":
            session.choose(adaptive=bool(session.chosen("adaptive", False)))
            st.checkbox("Allow for how many seem abnormal", key="adaptive", persist_state="session", help=in_its_words(ADAPTIVE_HELP))


def ask_for_fits(scored: Scored, score: str) -> None:
    """Where every normal track is to be compared with and the fits for it are not made: what they cost, and the button."""
    project = session.project()
    if COMPARED[session.chosen("compared_with", ALL)] != Basis(crossed=True) or found_by_fits(score) is not None:
        return
    assert project.fit is not None
    many, key = len(scored.parts.fit) + len(scored.parts.calibration), (*fit_key(project), score)
    st.caption(as_markdown(
        f"It takes {FOLDS} fits, each begun at the weights of the present one, which took {lasted(project.fit.result.seconds)}, and as "
        f"many scorings. Until then the {len(scored.parts.calibration):,} normal tracks kept out of the fit are compared with, not all "
        f"{many:,}. Only scores of the way by the model itself can be had so, and a promise of the normal tracks that are flagged alone: "
        "at most about twice the rate."))

    def begin() -> None:
        session.start_job("Comparing with every normal track", lambda watch: cross_study(project, score, watch=watch),
                          lambda found: session.keep_found(STUDY, key, found))
        session.finish_job()  # where it was short

    st.button(f"Fit {FOLDS} times", key="fit_folds", on_click=clicked(begin), disabled=session.busy(), width="stretch",
              icon=":material/model_training:")


def lasted(seconds: float) -> str:
    """A time in words."""
    return "less than a second" if seconds < 1.0 else f"{seconds:,.0f} s" if seconds < 120.0 else f"{seconds / 60.0:,.0f} min"
