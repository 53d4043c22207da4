"""The map of the Tracks page: traffic as flow, tracks, or points as read; classes side by side; the selected track and its play."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.map.component import show, show_many
from app.sequences.process import process_map
from app.shell import its_words
from irlcore.maps.compose import scene
from irlcore.maps.drawn import Drawn
from irlcore.maps.palette import CLASSES
from irlcore.maps.scene import Scene, Style
from irlcore.maps.tracks import (
    began,
    drawn_of,
    extent_of,
    flow,
    moves,
    path_lines_layer,
    points_as_read,
    selected,
)
from irlcore.project.project import Project
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.attributes import column_of, value_labels
from irlcore.tracks.tracks import Tracks, find_ids
from irlcore.worlds.called import called
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

FLOW, TRACKS, POINTS = "Flow", "Tracks", "Points as read"
FEW = 50  # tracks: so few do not hide each other, and faint lines would be lost on the ground
MOST_MAPS = 6  # side by side
IN_A_ROW = 3
HEIGHT, SMALL = 450, 280  # pixels
TALLER = "<style>.st-key-map_tracks_map{--taller:clamp(0px, 100vh - 800px, 600px)}</style>"
"""In a window that is higher than 800 pixels the map takes what there is more."""
PROCESS_HIGH = "max(560px, calc(100vh - 300px))"
NO_CHOICES = np.zeros(0, np.int64)


def tracks_map(project: Project, world: World) -> None:
    """The switches, the map or maps, and a line on what is selected."""
    if world.kind == "log":
        process_map(world, need_paths(project), np.arange(len(need_paths(project))), "process_tracks", PROCESS_HIGH)
        say_selected(project)
        return
    if not world.has_coordinates:
        st.info(f"{called(world).no_coordinates}, so there is no map. {called(world).without_map}")
        return
    st.html(TALLER)
    classes = session.derived("classes of paths", lambda: of_classes(project))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        view = choose_view(project)
        apart = len(classes) > 1 and st.toggle(f"{min(len(classes), MOST_MAPS)} classes side by side", key="classes_apart",
                                               persist_state="session", help=more_than(classes))
        play = st.toggle("Play all", key="play_all", persist_state="session",
                         help="A bar under the map plays the selected track; with this, all of them.")
    if apart:
        small = [(f"{name} ({len(rows):,})", drawn_scene(project, world, view, rows, play, name, k))
                 for k, (name, rows) in enumerate(list(classes.items())[:MOST_MAPS])]
        for k in range(0, len(small), IN_A_ROW):
            show_many(small[k:k + IN_A_ROW], f"map_classes_{k}", HEIGHT if len(small) < IN_A_ROW else SMALL)
    else:
        show(drawn_scene(project, world, view, np.arange(len(project.paths or ())), play), "map_tracks", height=HEIGHT)
    say_selected(project)
    if view == TRACKS and project.paths is not None and not apart:
        drawn = len(drawn_of(world, project.paths, np.arange(len(project.paths))))
        if drawn < len(project.paths):
            st.caption(f"{drawn:,} of {len(project.paths):,} tracks are drawn, evenly chosen; all are used. Flow shows all of them.")


def need_paths(project: Project) -> Paths:
    """The paths of a project that has been loaded."""
    assert project.paths is not None
    return project.paths


def choose_view(project: Project) -> str:
    """What the map shows."""
    views = [FLOW, TRACKS, *([POINTS] if isinstance(project.tracks, Tracks) else [])]
    if session.chosen("tracks_view", None) not in views:
        few = project.paths is not None and len(project.paths) <= FEW
        session.choose(tracks_view=TRACKS if few else FLOW)
    return str(st.segmented_control("Show on the map", views, key="tracks_view", persist_state="session", required=True,
                                    label_visibility="collapsed", format_func=its_words().say))


def of_classes(project: Project) -> dict[str, np.ndarray]:
    """class -> the paths (n,) of it, the largest class first, of equal ones the first by the alphabet; empty where there are no classes."""
    assert project.paths is not None and project.tracks is not None
    column = column_of(project.tracks.attributes, project.class_column)
    if column is None:
        return {}
    names = value_labels(column)[find_ids(project.tracks.ids, [str(i) for i in project.paths.ids])]
    found, index = np.unique(names.astype(str), return_inverse=True)
    order = np.argsort(-np.bincount(index, minlength=len(found)), kind="stable")
    return {str(found[k]): np.flatnonzero(index == k) for k in order[:CLASSES]}


def more_than(classes: Mapping[str, np.ndarray]) -> str | None:
    """What is said where not all classes have a map."""
    return f"The {MOST_MAPS} largest of them." if len(classes) > MOST_MAPS else None


def drawn_scene(project: Project, world: World, view: str, rows: np.ndarray, play: bool, name: str = "", k: int = -1) -> Scene:
    """The scene of the paths at ``rows`` (n,), and the selected track if it is among them. k: the number of their class, -1 for all."""
    paths, tracks = project.paths, project.tracks
    assert paths is not None and tracks is not None
    colour = f"class {k % CLASSES}" if k >= 0 else "flow"
    if view == POINTS and isinstance(tracks, Tracks):
        own = find_ids(tracks.ids, [str(i) for i in paths.ids[rows]]) if k >= 0 else np.arange(len(tracks))
        drawn = points_as_read(tracks, own, "all points as read", "track")
    elif view == TRACKS:
        style = Style(colour if k >= 0 else "ordinary", *((1.0, 0.45) if len(rows) > FEW else (2.0, 0.8)))
        drawn = path_lines_layer(world, paths, rows, "tracks", style, begun=began(project, paths))
    else:
        drawn = flow(world, paths, rows, "traffic", colour)
    focus: tuple[float, ...] = ()
    chosen, index = session.selected(), at(project)
    if index >= 0 and (k < 0 or index in rows):
        mark = selected(project, paths, index, NO_CHOICES, NO_CHOICES)
        drawn, focus = drawn + mark, extent_of(mark)
    elif index < 0 and k < 0 and isinstance(tracks, Tracks) and len(row := np.flatnonzero(tracks.ids == chosen)):
        mark = points_as_read(tracks, row, "points as read")  # it could not be made a path
        drawn, focus = drawn + mark, extent_of(mark)
    played = moves(project, paths, rows if play else rows[rows == index])
    if played is not None:
        drawn += Drawn((played,))
    what = {FLOW: "how often each place is passed", TRACKS: "tracks as paths", POINTS: "points as they were read"}[view]
    of = f" of the class {name}" if name else ""
    if k >= 0:
        drawn = Drawn(drawn.layers)  # a legend would cover half of a small map, and its title says what it shows
    return scene(project, drawn, alt=f"Map: {what}, {len(rows):,} tracks{of}", focus=focus)


def at(project: Project) -> int:
    """The number of the selected track among the paths, -1 where it is none of them."""
    assert project.paths is not None
    found = np.flatnonzero(project.paths.ids == session.selected()) if session.selected() else NO_CHOICES
    return int(found[0]) if len(found) else -1


def say_selected(project: Project) -> None:
    """Which track is selected, and the way to let go of it."""
    chosen = session.selected()
    if project.world is not None and project.world.kind == "log" and not (chosen and at(project) >= 0):
        st.caption("The sequence that is selected on Review or Intent is drawn here too.")
        return
    if not chosen or project.tracks is None or not (project.tracks.ids == chosen).any():
        st.caption(f"Click on a track{', or on a row of the problems below,' if len(project.problems) else ''} to see it.")
        return
    said = f"Selected: **{as_markdown(chosen, NAME)}**"
    if at(project) < 0:
        said += "; it could not be made a path, so only what was read is shown" if isinstance(project.tracks, Tracks) else \
            "; it could not be made a path, so it is not on the map"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said, width="content")
        st.button("Let go", key="let_go", on_click=clicked(session.select), args=("",), type="tertiary", icon=":material/close:")
