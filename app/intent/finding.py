"""What a track seems to be after: the ways of a fit to every goal are found once, beside the page; a track is then told at once."""

from __future__ import annotations

import secrets

import numpy as np

from app import session
from app.intent.ways import WAYS
from app.review.controls import reviewed
from app.server.visitor import visitor
from app.studio.findings import kept, safely, sought
from irlcore.analysis.onward import Intent, Towards, intent_of, towards_study, ways_on
from irlcore.analysis.study import fit_key, judged
from irlcore.errors import MotiveError
from irlcore.maps.ground import is_y_down
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world, split_paths

MOST_KEPT = 20  # tracks whose goals were solved for each alone
LIKELY_WAYS, LEAST = 3, 0.05  # likely ways on that are drawn, and how likely a goal must be for one


def parts_of(project: Project) -> Parts:
    """The class's paths."""
    return session.derived("parts", lambda: split_paths(project))


def towards(project: Project, track: str) -> Towards | None:
    """The ways of the newest fit to every goal; None while they are sought. A fit that counts features without each track has several."""
    key, owner = _key(project, track), _owner()
    found = WAYS.find(owner, key)
    if found is None:
        sought("Looking for the ways to every goal", safely(lambda watch: towards_study(project, track, watch)),
               lambda found: WAYS.keep(owner, key, found))
        found = WAYS.find(owner, key)
    if isinstance(found, MotiveError):
        raise found
    return found


def _owner() -> str:
    """Whose ways they are: the visitor's, or this window's where the browser sends no cookie."""
    if visitor():
        return visitor()
    own: str = session.found("window of ways", 0) or secrets.token_hex(8)
    session.keep_found("window of ways", 0, own)
    return own


def _key(project: Project, track: str) -> tuple[object, ...]:
    """What the ways depend on."""
    index = int(np.flatnonzero(parts_of(project).paths.ids == track)[0])
    own = session.derived("batch", lambda: _batch(project, index), index)
    goals = project.goals.get(project.agent_class, ())
    return (*fit_key(project), own, goals, is_y_down(need_world(project)[0]), session.derived("names of places", lambda: _names(project)))


def _batch(project: Project, index: int) -> int:
    """Which part of the tracks that a fit was made to, counted on apart, this one is in; 0 for all others."""
    batches = judged(project).batches
    return next((k for k, batch in enumerate(batches) if k and index in batch.index), 0)


def _names(project: Project) -> tuple[str, ...]:
    """What the names of goals hang on beside the fit."""
    return (*project.zones, *project.spots, *(name for one in project.map_files for name in one.names))


def intent(project: Project, track: str) -> Intent | None:
    """What one track seems to be after; None while it is sought."""
    found = towards(project, track)
    if found is None:
        return None
    index = int(np.flatnonzero(found.parts.paths.ids == track)[0])
    if found.at_hand:
        return session.derived("intent", lambda: intent_of(found, index), track)
    one = kept("intent", (_key(project, track), track), f"Looking for what {track} is after", lambda watch: intent_of(found, index, watch),
               MOST_KEPT)
    if isinstance(one, MotiveError):
        raise one
    return one if isinstance(one, Intent) else None


def flagged(project: Project, track: str) -> bool | None:
    """Whether the review flags a track under the controls as they are set; None where the tracks are not scored yet, or cannot be."""
    try:
        scored = session.found("scores", fit_key(project))
        if scored is None:
            return None
        review = reviewed(scored)
    except MotiveError:
        return None
    return bool(review.flagged[review.parts.paths.ids == track].any())


def ways(project: Project, asked: Intent, seen: int, likely: list[int]) -> list[np.ndarray]:
    """The likeliest way on from step ``seen`` to the most used end of each of the goals ``likely``, as choices."""
    found = towards(project, str(asked.paths.ids[asked.index]))
    if found is None or not likely:
        return []
    state = int(asked.paths.states(found.prepared.mdp, asked.index)[seen])
    ends = np.array([asked.found.ends_of(k)[0] for k in likely])
    return session.derived("ways on", lambda: ways_on(found.model, found.prepared, asked.paths, state, ends), seen, asked.index)
