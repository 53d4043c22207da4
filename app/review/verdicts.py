"""What is done in the list of reviewed tracks: one is selected, some get a verdict, the last verdict is taken back."""

from __future__ import annotations

from app import session
from app.review.component import Act
from irlcore.analysis.triage import decided, redecided

KEY = "review verdicts"
MOST_MARKED = 2000
"""Rows that count as marked: the page tells of no more (js/list.js)."""


def heed(act: Act) -> None:
    """Do it. What is changed is saved beside the page."""
    if act.undo:
        take_back()
    elif act.outcome is not None:
        project = decided(session.project(), act.tracks, act.outcome, act.reason)
        if project is not session.project():
            session.put(project, wait=0.0)
        _say(act.tracks[-1] if act.outcome == "misunderstood" else "")
        if act.then:
            session.select(act.then)
        _mark(())
    elif act.then:
        session.select(act.then)
        _mark(act.tracks)


def take_back() -> None:
    """Undo the last change where it was a verdict, and select the track that it was about; a fit or a feature is not undone by a key."""
    before = session.before()
    tracks = redecided(before, session.project()) if before is not None else []
    if tracks:
        session.undo(wait=0.0)
        session.select(tracks[0])
        _say("")


def marked() -> tuple[str, ...]:
    """The tracks that are marked in the list, where they are several."""
    found: tuple[str, ...] = session.found(KEY, "marked") or ()
    return found


def _mark(tracks: tuple[str, ...]) -> None:
    session.keep_found(KEY, "marked", tracks[:MOST_MARKED])


def _say(lacking: str) -> None:
    session.keep_found(KEY, "lacking", lacking)
    made()


def made() -> None:
    """Something was decided in a part of the page that is drawn anew by itself: what stands beside that part tells of it too."""
    session.keep_found(KEY, "made", True)


def lacking() -> str:
    """The track that was just said to lack a feature, "" where none was, or where that was taken back or is of another project."""
    track = str(session.found(KEY, "lacking") or "")
    verdict = session.project().verdicts.get(track)
    return track if verdict is not None and verdict.outcome == "misunderstood" else ""


def newly_made() -> bool:
    """Whether a verdict was made or taken back since this was last asked: what stands beside the page tells of it too."""
    made = bool(session.found(KEY, "made"))
    session.keep_found(KEY, "made", False)
    return made
