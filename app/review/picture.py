"""The map of a review: ordinary traffic as flow, the flagged ones, and the selected track on top with what is strange about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.map.component import show
from app.review.filters import narrow_to
from app.sequences.band import sequence
from irlcore.analysis.listing import outcomes_of
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import silenced
from irlcore.maps.cells import cells_layer
from irlcore.maps.compose import scene
from irlcore.maps.drawn import Drawn
from irlcore.maps.lines import place_lines
from irlcore.maps.scene import Lines, Style
from irlcore.maps.tracks import alike, extent_of, flow, moves, path_lines_layer, selected
from irlcore.project.project import Project
from irlcore.report.text import NAME, as_line
from irlcore.review.reasons import Reasons
from irlcore.worlds.called import called
from irlcore.worlds.world import World

FLAGGED, UNDERSTOOD = Style("flagged", 1.8, 0.6), Style("understood", 1.4, 0.5, dash=True)
UNSEEN = Style("open", 9.0, 0.0)
MOST_PLACES = 40_000  # that can be clicked: more of them lie closer together than a finger can tell
HEIGHT = 430


def picture(project: Project, world: World, review: Review, index: int, reasons: Reasons) -> None:
    """Draw it; a place that is clicked is one that the list can be narrowed to."""
    if world.kind == "log":
        sequence(world, review, index, reasons)
        return
    if not world.has_coordinates:
        st.info(f"{called(world).no_coordinates}, so there is no map; the reasons say where.")
        return
    paths = review.parts.paths
    drawn = session.derived_on("places to click", lambda: clickable(world), world)
    drawn += flow(world, paths, review.parts.fit)
    drawn += _flagged(project, world, review)
    own = selected(project, paths, index, reasons.stretch, reasons.alternative)
    played = moves(project, paths, np.array([index]))
    drawn += alike(world, paths, reasons.nearest) + own + Drawn((played,) if played is not None else ())
    said = (f"Map of ordinary traffic and the flagged tracks; {as_line(paths.ids[index], NAME)} is selected, with its worst stretch, "
            "the likelier way and the ordinary tracks that it is most like")
    focus = extent_of(own)
    touched = show(scene(project, drawn, alt=said, focus=focus), "map_review", height=HEIGHT)
    if touched.place >= 0:
        narrow_to(touched.place)
        st.rerun()


def _flagged(project: Project, world: World, review: Review) -> Drawn:
    """Flagged tracks, those that were understood, by a verdict or a rule, apart."""
    order = review.order
    flagged, understood = review.flagged[order], (outcomes_of(project, review) == "understood") | silenced(project, review).mask
    found = path_lines_layer(world, review.parts.paths, np.sort(order[flagged & ~understood]), "flagged", FLAGGED)
    return path_lines_layer(world, review.parts.paths, np.sort(order[flagged & understood]), "understood", UNDERSTOOD) + found


def clickable(world: World) -> Drawn:
    """Every place of the world under what is drawn, unseen, for a click to tell which one it is; nothing where they are too many."""
    if world.n_places > MOST_PLACES:
        return Drawn()
    known = np.flatnonzero(np.isfinite(world.place_xy).all(axis=1))
    style = np.zeros(len(known), np.uint8)
    if world.kind == "grid":
        return Drawn((cells_layer(world, "places", known, (UNSEEN,), style, "place", tuple(map(str, known))),))
    xy, owner = place_lines(world, known)
    offsets = np.searchsorted(owner, np.arange(len(known) + 1)).astype(np.int64)
    return Drawn((Lines("places", xy, offsets, (UNSEEN,), style, "place", tuple(map(str, known))),))
