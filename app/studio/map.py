"""The map of the Features page: tracks, what the model misses, values of a feature or of the proposal; the drawing on top."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.desk import Desk, free_name, redrawn
from app.map.component import show
from app.map.touched import Touched
from app.sequences.process import feature_process, process_map, residual_process
from app.shell import errors_as_words, its_words
from app.studio.again import again
from app.studio.drawing import DRAW
from app.studio.feature_cards import look_of
from app.studio.findings import Findings, parts_of
from app.studio.missed import SELECTED_TRACK, Missed, as_uses, choose_missed, most_missed, tell_missed, tracks_behind
from irlcore.analysis.memory import places_of_project
from irlcore.features.base import FeatureSpec
from irlcore.features.zones import ring_from_points
from irlcore.maps.compose import scene
from irlcore.maps.drawn import Drawn
from irlcore.maps.scene import Dots, Key, Lines, Names, Scene, Style
from irlcore.maps.tracks import flow, path_lines_layer, selected
from irlcore.maps.values import values
from irlcore.maps.zones import top_of
from irlcore.project.project import Project
from irlcore.report.text import as_line, told_apart
from irlcore.worlds.called import called
from irlcore.worlds.world import World

__all__ = ["FITTED_VIEW", "MAP", "MISSED", "PROPOSAL", "SELECTED_TRACK", "heed", "map_column"]

TRACKS, MISSED, FEATURE, PROPOSAL = "Tracks", "What the model misses", "A feature", "The proposal"
FITTED_VIEW = "view_of_fit"
MAP = "map_features"
LESS_OR_MORE = "uses more or less than expected"
NOTHING = np.zeros(0, np.int64)
PROCESS_HIGH = "max(520px, calc(100vh - 300px))"
HEIGHT = 510  # pixels in a window of 800: style.py adds what a higher one has
DRAWN = Style("drawn", 3.0, dash=True, halo=True)
MINE = Style("drawn", 2.0, halo=True)
UNDER, OVER = Style("selected", 10.0, 0.9, halo=True), Style("selected", 3.0, halo=True)


def heed(project: Project, world: World, touched: Touched) -> bool:
    """What was just done on the map: a ring goes on the desk as a proposal, a place clicked is remembered. Whether anything was."""
    if touched.place >= 0:
        session.look_at(touched.place)
    if touched.ring is not None:
        ring, desk = ring_from_points(*touched.ring.T.tolist()), session.now_on_desk()
        session.lay(**redrawn(desk, world, ring=ring, name=desk.name if desk.ring is not None else free_name(project)))
        session.choose(propose=DRAW)
    return touched.ring is not None or touched.place >= 0


def map_column(project: Project, world: World, found: Findings | None) -> None:
    """The switches, the map, and the tracks behind a clicked place."""
    missed, spec = None, None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        view = choose_view(project, found)
        if view == MISSED and found:
            missed = choose_missed(project, found)
        elif view == FEATURE:
            spec = choose_feature(project)
        elif view == PROPOSAL:
            spec = session.now_on_desk().spec
    if missed is not None:
        tell_missed(project, missed)
    with errors_as_words():
        if world.kind == "log":
            events_map(project, world, missed, spec)
        elif world.has_coordinates:
            with st.container(key="tall_map"):
                touched = show(picture(project, world, view, missed, spec, found), MAP, drawable=True, height=HEIGHT)
            if heed(project, world, touched):
                again()
        else:
            st.info(f"{called(world).no_coordinates}, so there is no map and no zones; features of {called(world).features} work.")
            if missed is not None:
                most_missed(project, missed)
    if missed is not None:
        with errors_as_words():
            tracks_behind(project, world, missed)


def events_map(project: Project, world: World, missed: Missed | None, spec: FeatureSpec | None) -> None:
    """The process of a log: what is missed of it, what a feature is of its events, or how often they came."""
    paths = parts_of(project).paths
    if missed is not None:
        place = residual_process(project, world, paths, np.flatnonzero(np.isin(paths.ids, missed.ids)), "process_missed", PROCESS_HIGH)
        if place >= 0 and heed(project, world, Touched(place=place)):
            again()
    elif spec is not None:
        feature_process(world, paths, look_of(project, world, spec, session.now_on_desk()).by_place, as_line(spec.name), PROCESS_HIGH)
    else:
        process_map(world, paths, np.arange(len(paths)), "process_features", PROCESS_HIGH)


def choose_view(project: Project, found: Findings | None) -> str:
    """Which map."""
    views = [*([MISSED] if found else []), TRACKS, *([FEATURE] if project.features else []),
             *([PROPOSAL] if session.now_on_desk().spec else [])]
    key = FITTED_VIEW if found else "view"  # once there is a fit, what it misses comes first
    if session.chosen(key, None) not in views:
        session.choose(**{key: views[0]})
    chosen = st.segmented_control("Show in the picture" if project.world is not None and project.world.kind == "log" else "Show on the map",
                                  views, key=key, persist_state="session", label_visibility="collapsed", required=True, default=None,
                                  format_func=its_words().say)
    return str(chosen or views[0])


def choose_feature(project: Project) -> FeatureSpec:
    """Whose values are shown."""
    names = [s.name for s in project.features]
    chosen = st.selectbox("Feature", names, key="view_feature", label_visibility="collapsed", width=250,
                          format_func=told_apart(names).__getitem__)
    return next(s for s in project.features if s.name == chosen)


def picture(project: Project, world: World, view: str, missed: Missed | None, spec: FeatureSpec | None, found: Findings | None) -> Scene:
    """The ground with tracks, values or residuals; the selected track, the places and the drawing on top."""
    desk, paths = session.now_on_desk(), parts_of(project).paths
    chosen = np.flatnonzero(paths.ids == session.selected())
    if missed is not None:
        places = places_of_project(project)
        drawn = session.derived_on("missed drawn", lambda: values(world, missed.by_place, True, LESS_OR_MORE, places.all_said, as_uses),
                                   world, missed, places)
        if len(chosen) and world.kind == "network":  # under the values: its own places are what is asked about
            drawn = path_lines_layer(world, paths, chosen, "selected track", UNDER) + drawn
        elif len(chosen):  # cells would hide it
            drawn += path_lines_layer(world, paths, chosen, "selected track", OVER, "")
    elif spec is not None:
        drawn = values(world, look_of(project, world, spec, desk).by_place, False, as_line(spec.name),
                       places_of_project(project).all_said)
    else:
        drawn = flow(world, paths, np.arange(len(paths)))
        if found is not None and found.review is not None and found.review.flagged.any():
            drawn += path_lines_layer(world, paths, np.flatnonzero(found.review.flagged), "flagged", Style("flagged", 1.5, 0.7))
    if len(chosen) and missed is None:
        drawn += selected(project, paths, int(chosen[0]), NOTHING, NOTHING)
    return scene(project, drawn + drawing(desk), alt=f"Map: {view}")


def drawing(desk: Desk) -> Drawn:
    """What is drawn and not saved: dashed, with its name; its middle where that is what matters."""
    if desk.ring is None:
        return Drawn()
    ring, one = desk.ring, np.zeros(1, np.uint8)
    layers: tuple[Lines | Dots | Names, ...] = (
        Lines("drawn", ring, np.array([0, len(ring)]), (DRAWN,), one),
        Names("drawn", top_of(ring, False)[None, :], (desk.name,), np.zeros(1, np.float32), np.full(1, np.inf, np.float32), "drawn"))
    if desk.use == "spot":
        middle = ring[:-1].mean(axis=0)[None, :]
        layers = (*layers, Dots("drawn", middle, np.full(1, 8.0, np.float32), (MINE,), one, "star"))
    return Drawn(layers, (Key("drawn, not kept yet", DRAWN),))
