"""A sequence on the Review page: its events, all of them where it is long, or its way through the process of the class."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.sequences.component import Drawing, show
from irlcore.analysis.ranking import Review
from irlcore.maps.sequences.band import Band, band_alt, band_svg
from irlcore.maps.sequences.drawn import process_path, reviewed_band
from irlcore.maps.sequences.fold import MOST
from irlcore.maps.sequences.graph import graph_alt, graph_svgs
from irlcore.maps.sequences.process import process_of, shown_part
from irlcore.review.reasons import Reasons
from irlcore.worlds.world import World

WIDE = (360, 430, 520, 640, 760, 960)
"""Pixels of the drawings that a page may choose from."""
WHOLE = 900
EVENTS, ALL, PROCESS = "Events", "All events", "In the process"
MOST_HIGH = "max(200px, calc(var(--motive-map-height, 430px) - 95px))"
STYLE = """<style>@media (max-width:1699px){
.st-key-review_page:has(.st-key-sequence_view) .st-key-review_why{height:auto;min-height:268px;max-height:none}
.st-key-sequence_too{display:none}
}</style>"""
"""A band is as high as it must be, and what is said of it takes the room that it leaves; in a wide window the process stands below it."""
LONGEST_DRAWN = 3000
"""Events of which all are drawn; of a longer sequence what lies round its stretch."""


def sequence(world: World, review: Review, index: int, reasons: Reasons) -> None:
    """The switch and the picture."""
    paths = review.parts.paths
    n = int(paths.lengths[index])
    st.html(STYLE)
    views = [EVENTS, *([ALL] if MOST < n <= LONGEST_DRAWN else []), PROCESS]
    if session.chosen("sequence_view", None) not in views:
        session.choose(sequence_view=EVENTS)
    view = st.segmented_control("Show of the sequence", views, key="sequence_view", persist_state="session", required=True,
                                label_visibility="collapsed")
    if view == PROCESS:
        in_process(world, review, index, "sequence_process")
        return
    band = reviewed_band(world, paths, review.scores, index, reasons.alternative)
    show(drawings(band, view == ALL), band_alt(band), "sequence_review", MOST_HIGH)
    if n > LONGEST_DRAWN:
        st.caption(f"It has {n:,} events; all of them are drawn of sequences of up to {LONGEST_DRAWN:,}.")
    if view == EVENTS:
        with st.container(key="sequence_too"):
            in_process(world, review, index, "sequence_below")


def drawings(band: Band, whole: bool = False) -> list[Drawing]:
    """A band in the widths that a page may choose from; all of a long one in one, that is scaled."""
    if whole:
        return [Drawing(band_svg(band, WHOLE, True), WHOLE)]
    return [Drawing(band_svg(band, wide), wide) for wide in WIDE]


def in_process(world: World, review: Review, index: int, key: str) -> None:
    """The sequence drawn on the process of the tracks that were fitted to."""
    paths, scores = review.parts.paths, review.scores
    fitted = review.parts.fit
    process = session.derived_on("process of the fitted", lambda: process_of(world, paths, fitted), world, paths, fitted)
    path = process_path(world, paths, index)
    process = process if _covers(process.tail, process.head, path, world.n_places) else process_of(
        world, paths, np.union1d(fitted, [index]))
    shown = shown_part(process, path=path)
    worst = (int(scores.worst_start[index]), int(scores.worst_end[index]))
    name = str(paths.ids[index])
    svgs = graph_svgs(process, shown, path.tolist(), worst, name)
    show([Drawing.growing(one) for one in svgs], graph_alt(process, shown, name), key, MOST_HIGH)
    st.caption(f"Usual sequences. {shown.said}")


def _covers(tail: np.ndarray, head: np.ndarray, path: np.ndarray, wide: int) -> bool:
    """Whether all steps of a sequence are steps of a process."""
    return bool(np.isin(path[:-1] * wide + path[1:], tail * wide + head).all())
