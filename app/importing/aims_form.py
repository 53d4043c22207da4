"""Where a trip ends: what the tracks of each class are after, suggested by how they end, and the analyst's to say."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
import streamlit as st

from app import session
from irlcore.project.aims import FEWEST_ENDS, SHARE_OF_ENDS, Ways, classes_of
from irlcore.project.aims_suggested import Suggestion
from irlcore.project.as_read import guessed_class
from irlcore.project.importing.ends import MOST_CLASSES, suggested_aims, ways_of_links, ways_of_points
from irlcore.project.importing.reading import Plan, Read, cells_of
from irlcore.project.project import ClassAim
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.cleaning import Cleaning
from irlcore.worlds.cells.kinds import Cells

TITLE = "Where a trip ends"
WORDS: dict[ClassAim, str] = {
    "ends": "Each track's last place is its goal", "nowhere": "It has no destination (patrol, fishing, round trips)",
    "stops": "Only known stops and exits are goals; other tracks are unfinished"}
HELP = ("A track that goes somewhere ends where it arrives: its last place is its goal. One with no destination is kept whole, and nothing "
        "ends its walk. Exits are the border of what is observed and links with no way on; known stops are zones, places and goals that "
        f"you draw or name, and places where {FEWEST_ENDS} tracks of the class and {SHARE_OF_ENDS:.0%} of them end. A track that ends "
        "elsewhere was cut off, and its goal is not known.")


def counted_as(aim: ClassAim, kept: Mapping[ClassAim, tuple[int, int]]) -> str:
    """The words of an aim, with the number of tracks that are kept under it."""
    if aim not in kept:
        return WORDS[aim]
    many, unfinished = kept[aim]
    return f"{WORDS[aim]} ({many:,} kept{f', {unfinished:,} of them unfinished' if aim == 'stops' else ''})"


def asked_of_points(plan: Plan, found: Read, cleaning: Cleaning, cell: float, cells: Cells) -> dict[str, ClassAim]:
    """What the tracks of each class are after; counted on cells of this size and shape."""
    tracks, across = found.imported.tracks, cells_of(found, cell, cells)
    assert isinstance(tracks, Tracks)
    key = (plan.key, cleaning, cell, cells)
    kept: tuple[Ways, np.ndarray] | None = session.found("ways of points", key)
    if kept is None:
        kept = ways_of_points(tracks, cell, cells, across)
        session.keep_found("ways of points", key, kept, 1)
    return _ask(plan, tracks, *kept)


def asked_of_links(plan: Plan, found: Read, cleaning: Cleaning) -> dict[str, ClassAim]:
    """The same for paths on their network, made of points that were cleaned so."""
    tracks, world, key = found.imported.tracks, found.world, (plan.key, cleaning)
    assert isinstance(tracks, LinkTracks) and world is not None
    kept: tuple[Ways, np.ndarray | None] | None = session.found("ways of links", key)
    if kept is None:
        kept = ways_of_links(world, tracks)
        session.keep_found("ways of links", key, kept, 1)
    return _ask(plan, tracks, *kept)


def _ask(plan: Plan, tracks: Tracks | LinkTracks, ways: Ways, out: np.ndarray | None) -> dict[str, ClassAim]:
    """out: (n,) bool, whether each way ends at an exit; None where that is not known."""
    column = guessed_class(tracks)
    classes = classes_of(tracks, column)
    chosen: dict[str, ClassAim] = {}
    with st.container(border=True):
        st.markdown(f"**{TITLE}**", help=HELP)
        for label, (suggested, kept) in suggested_aims(tracks, ways, out).items():
            chosen[label] = _one(plan, label, column, suggested, kept)
        if len(classes) > MOST_CLASSES:
            st.caption(f"In the other {len(classes) - MOST_CLASSES:,} classes each track's last place is its goal; the Tracks page changes "
                       "that.")
    return chosen


def _one(plan: Plan, label: str, column: str, suggested: Suggestion, kept: Mapping[ClassAim, tuple[int, int]]) -> ClassAim:
    of_these = zlib.crc32(repr((plan.key, label, suggested.aim)).encode())  # another suggestion is another first choice
    options = list(WORDS)
    words = f"{column} {label}" if label.isdecimal() else label  # a number alone names nothing
    named = f"Tracks of {as_markdown(words, NAME)}" if label else "All tracks"
    aim = st.selectbox(named, options, index=options.index(suggested.aim), key=f"aim_{of_these}", format_func=lambda a: counted_as(a, kept))
    st.caption(suggested.said)
    return aim
