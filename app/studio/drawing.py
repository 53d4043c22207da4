"""A zone or place drawn on the map or typed: how it gets on the desk, its name, and what of it matters."""

from __future__ import annotations

import hashlib

import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import USES, Desk, free_name, redrawn, with_drawing
from app.shell import errors_as_words
from app.studio.again import again
from app.studio.zone_list import zone_list
from irlcore.errors import FeatureError
from irlcore.features.zones import ring_from_text
from irlcore.project.project import Project, remember
from irlcore.report.text import NAME, as_markdown, printable
from irlcore.tracks.bounds import LONGEST_TYPED
from irlcore.worlds.world import World

DRAW = "Draw"  # the way to propose that a ring drawn on the map opens


def draw(project: Project, world: World) -> None:
    """The ways to draw, and the zones and places that are there."""
    if session.now_on_desk().ring is None:
        st.caption("Take the lasso, the polygon or the rectangle at the upper left of the map and draw round an area. What it would "
                   "explain is told at once.")
    with st.expander("Type the corners", icon=":material/keyboard:"):
        unit = as_markdown(world.unit or "map units", NAME)
        typed = st.text_area(f"One corner a line: x, y ({unit})", key=f"corners_{session.changes()}", height=110,
                             placeholder="100, 200\n400, 200\n400, 500")
        with errors_as_words():
            if st.button("Use these corners", key="use_corners") and typed.strip():
                session.lay(**redrawn(session.now_on_desk(), world, ring=ring_from_text(typed), name=free_name(project)))
                again()
    with st.expander("Zones and places", icon=":material/layers:"):
        zone_list(project, world)


def drawing_head(project: Project, world: World, desk: Desk) -> None:
    """What was drawn, in the card of the proposal: its name and what of it matters. FeatureError where the name is taken or empty."""
    assert desk.ring is not None
    name_key, use_key = _draft_key(desk, "name"), _draft_key(desk, "use")

    def change() -> None:
        name, use = str(session.chosen(name_key, desk.name)).strip(), session.chosen(use_key, desk.use)
        if not taken_name(project, name):
            session.lay(**redrawn(session.now_on_desk(), world, name=name, use=use))

    name = st.text_input("Name what you drew", printable(desk.name), LONGEST_TYPED, key=name_key, on_change=clicked(change)).strip()
    st.segmented_control("What matters", list(USES), default=desk.use, format_func=USES.__getitem__, required=True, key=use_key,
                         on_change=clicked(change), label_visibility="collapsed", width="stretch")
    check_name(project, name)


def _draft_key(desk: Desk, what: str) -> str:
    assert desk.ring is not None
    return f"draft_{what}_{session.changes()}_{hashlib.sha256(desk.ring.tobytes()).hexdigest()[:8]}"


def check_typed_name(project: Project, desk: Desk) -> None:
    """For a callback: FeatureError where the name typed for the drawing, maybe since the page was drawn, is taken or empty."""
    check_name(project, str(session.chosen(_draft_key(desk, "name"), desk.name)).strip())


def check_name(project: Project, name: str) -> None:
    """FeatureError where a zone or place cannot be called so."""
    if taken_name(project, name):
        raise FeatureError(f"A zone or place called {name!r} is there already, or the name is empty.", "Choose another name.")


def taken_name(project: Project, name: str) -> bool:
    """Whether a zone or place cannot be called so."""
    return not name or name in project.zones or name in project.spots


def keep_drawing() -> None:
    """Keep what is drawn as a zone or a place alone, without a feature."""
    project, desk = session.project(), session.now_on_desk()
    if desk.ring is not None and not taken_name(project, desk.name):
        session.put(remember(with_drawing(project, desk), f"Drew {desk.name}"), desk.without_drawing())
