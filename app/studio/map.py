"""The map of the Features page: tracks, what the model misses, values of a feature or of the proposal; and what is behind a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import session, track_map
from app.desk import Desk, free_name
from app.shell import errors_as_words
from app.studio.feature_cards import look_of
from app.studio.findings import Findings
from irlcore.analysis.proposals import MOST_TOLD, behind, by_place, residuals_of
from irlcore.features.base import FeatureSpec
from irlcore.features.zones import ring_from_points
from irlcore.project.project import Project
from irlcore.project.split import split_paths
from irlcore.report.maps import FLAGGED, ORDINARY, SELECTED, add_paths, add_values, ground
from irlcore.report.text import NAME, as_markdown, as_plotly, as_shown, told_apart
from irlcore.worlds.world import World

TRACKS, MISSED, FEATURE, PROPOSAL = "Tracks", "What the model misses", "A feature", "The proposal"
EVERYONE, SELECTED_TRACK, THE_FLAGGED = "everyone", "the selected", "the flagged"
CLICK, DRAW_AREA = "click", "draw"
MOUSE = {CLICK: ":material/arrow_selector_tool: Click", DRAW_AREA: ":material/gesture: Draw"}
FITTED_VIEW = "view_of_fit"
HALO = "#8E7CC3"  # violet: neither red nor blue
MOST_ROWS = 200
WIDTH = 540  # pixels, about what the map has beside the proposals
TOLD = {EVERYONE: "Red: the class goes there more than expected. Blue: less.",
        SELECTED_TRACK: "Red: places it used more than the model expects. Blue: places it was expected to use.",
        THE_FLAGGED: "Red: the flagged go there more than expected. Blue: less."}


@dataclass(frozen=True, slots=True)
class Missed:
    """Residuals (n, M) of the tracks ``ids`` (n,), and their sum by place (L,)."""

    ids: np.ndarray
    residuals: np.ndarray
    by_place: np.ndarray


def map_column(project: Project, world: World, found: Findings | None) -> None:
    """The switches, the map, and the tracks behind a clicked place."""
    view, missed, lasso = choose_view(project, found), None, False
    spec = session.now_on_desk().spec if view == PROPOSAL else None
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if view == MISSED and found:
            missed = choose_missed(project, found)
        elif view == FEATURE:
            spec = choose_feature(project)
        if world.has_coordinates:
            lasso = choose_mouse() == DRAW_AREA
    if missed is not None:
        tell_missed(project, missed)
    with errors_as_words():
        if world.has_coordinates:
            figure = picture(project, world, view, missed, spec)
            touched = track_map.show(figure, f"map_features_{session.changes()}", f"Map: {view}", True, lasso)
            heed(project, touched)
        else:
            st.info("This network has no coordinates, so there is no map and no zones; features of links and turns work.")
            if missed is not None:
                most_missed(world, missed)
    if missed is not None:
        with errors_as_words():
            tracks_behind(project, world, missed)


def heed(project: Project, touched: track_map.Touched) -> None:
    """A ring drawn goes on the desk, a place clicked is remembered."""
    if touched.rings:
        x, y = touched.rings[-1]
        session.lay(ring=ring_from_points(x, y), name=session.now_on_desk().name or free_name(project), spec=None)
        session.choose(propose="Draw")
        st.rerun()
    if touched.place >= 0:
        session.look_at(touched.place)
        st.rerun()


def choose_view(project: Project, found: Findings | None) -> str:
    """Which map."""
    views = [*([MISSED] if found else []), TRACKS, *([FEATURE] if project.features else []),
             *([PROPOSAL] if session.now_on_desk().spec else [])]
    key = FITTED_VIEW if found else "view"  # once there is a fit, what it misses comes first
    if session.chosen(key, None) not in views:
        session.choose(**{key: views[0]})
    chosen = st.segmented_control("Show on the map", views, key=key, persist_state="session", label_visibility="collapsed",
                                  required=True, default=None)
    return str(chosen or views[0])


def choose_mouse() -> str:
    """What the mouse does on the map."""
    if session.chosen("mouse", None) is None:
        session.choose(mouse=CLICK)
    return str(st.segmented_control("Mouse", list(MOUSE), format_func=MOUSE.__getitem__, key="mouse", persist_state="session",
                                    required=True, label_visibility="collapsed", help="Click and move the map, or draw round an area."))


def choose_feature(project: Project) -> FeatureSpec:
    """Whose values are shown."""
    names = [s.name for s in project.features]
    chosen = st.selectbox("Feature", names, key="view_feature", label_visibility="collapsed", width=250,
                          format_func=told_apart(names).__getitem__)
    return next(s for s in project.features if s.name == chosen)


def choose_missed(project: Project, found: Findings) -> Missed:
    """Of whom, and the residuals."""
    parts = session.derived("parts", lambda: split_paths(project))
    chosen = np.flatnonzero(parts.paths.ids == session.selected())
    review = found.review
    flagged = review.order[review.flagged[review.order]] if review is not None else np.zeros(0, np.int64)
    of = [EVERYONE, *([SELECTED_TRACK] if len(chosen) else []), *([THE_FLAGGED] if len(flagged) else [])]
    if session.chosen("whom", None) not in of:
        verdict = project.verdicts.get(session.selected())
        puzzling = len(chosen) > 0 and verdict is not None and verdict.outcome == "misunderstood"
        session.choose(whom=SELECTED_TRACK if puzzling else EVERYONE)
    whom = st.segmented_control("Of whom", of, key="whom", persist_state="session", label_visibility="collapsed", required=True)
    if whom == EVERYONE:
        return session.derived("missed", lambda: Missed(found.left.problem.paths.ids, found.left.residuals,
                                                        by_place(project, found.left.residuals)), EVERYONE)
    index = chosen if whom == SELECTED_TRACK else flagged

    def work() -> Missed:
        with st.spinner("Tracing what the model does not expect ..."):
            residuals = residuals_of(project, index[:MOST_TOLD])
        return Missed(parts.paths.ids[index[:len(residuals)]], residuals, by_place(project, residuals))

    return session.derived("missed", work, index.tobytes())


def tell_missed(project: Project, missed: Missed) -> None:
    """What the colours say, and what to do next."""
    whom = str(session.chosen("whom", EVERYONE))
    verdict = project.verdicts.get(session.selected())
    if whom == SELECTED_TRACK and verdict is not None and verdict.outcome == "misunderstood":
        st.info(f"What was **{as_markdown(session.selected(), NAME)}** after? Red: places it used more than the model expects; name what "
                "they have in common. Blue: places it was expected to use.", icon=":material/lightbulb:")
        return
    only = f" Of the {MOST_TOLD} strangest." if whom == THE_FLAGGED and len(missed.ids) >= MOST_TOLD else ""
    draw = " Draw round a likely cause." if session.now_on_desk().ring is None else ""
    then = " Click a place to see who." if session.chosen("mouse", "") == CLICK else draw
    st.caption(TOLD[whom] + only + then)


def picture(project: Project, world: World, view: str, missed: Missed | None, spec: FeatureSpec | None) -> go.Figure:
    """The ground with tracks, values or residuals; the selected track, the places and the drawing on top."""
    desk = session.now_on_desk()
    figure = ground(world, project.zones, WIDTH)
    parts = session.derived("parts", lambda: split_paths(project))
    chosen = np.flatnonzero(parts.paths.ids == session.selected())
    if missed is not None:  # the selected track lies under the values and is neither red nor blue
        add_paths(figure, world, parts.paths, chosen, HALO, 12, 0.5, f"selected: {session.selected()}")
        add_values(figure, world, missed.by_place, True, "uses more or less than expected")
        figure.update_traces(fill="none", opacity=0.8, selector={"fill": "toself"})  # a zone's tint would mix with red and blue
    elif spec is not None:
        add_values(figure, world, look_of(project, world, spec, desk).by_place, False, spec.name)
    else:
        add_paths(figure, world, parts.paths, np.arange(len(parts.paths)), ORDINARY, 1, 0.35)
    if missed is None:
        add_paths(figure, world, parts.paths, chosen, SELECTED, 3, 1.0, f"selected: {session.selected()}")
    add_spots(figure, project, desk)
    return figure


def add_spots(figure: go.Figure, project: Project, desk: Desk) -> None:
    """Places as stars, the drawing as a dashed line."""
    if project.spots:
        xy = np.array(list(project.spots.values()))
        figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="markers+text", text=[as_plotly(n) for n in project.spots], name="places",
                                    textposition="top center", marker={"size": 11, "symbol": "star", "color": FLAGGED},
                                    showlegend=False, hoverinfo="text"))
    if desk.ring is not None:
        figure.add_trace(go.Scatter(x=desk.ring[:, 0], y=desk.ring[:, 1], mode="lines", name="drawn", hoverinfo="skip",
                                    showlegend=False, line={"color": FLAGGED, "width": 3, "dash": "dash"}))
        figure.add_annotation(x=float(desk.ring[:-1, 0].mean()), y=float(desk.ring[:-1, 1].max()), text=as_plotly(desk.name),
                              showarrow=False, yanchor="bottom", font={"color": FLAGGED})
        if desk.use == "spot":
            x, y = desk.ring[:-1].mean(axis=0)
            figure.add_trace(go.Scatter(x=[x], y=[y], mode="markers", name="drawn", showlegend=False, hoverinfo="skip",
                                        marker={"size": 12, "symbol": "star", "color": FLAGGED}))


def most_missed(world: World, missed: Missed) -> None:
    """Without a map: the ten places that the model misses most; the one chosen is looked at."""
    top = np.argsort(-np.abs(missed.by_place), kind="stable")[:10]
    table = pd.DataFrame({"place": [str(n) for n in world.place_names[top]], "uses more than expected": missed.by_place[top]})
    rows = st.dataframe(as_shown(table), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
                        key="most_missed", column_config={"uses more than expected": st.column_config.NumberColumn(format="%+.2f")},
                        alt="Places that the model misses most")["selection"]["rows"]
    if rows and session.newly_picked("most_missed", int(top[rows[0]])):
        session.look_at(int(top[rows[0]]))


def tracks_behind(project: Project, world: World, missed: Missed) -> None:
    """Who makes the residual at the place that was clicked; a row chosen selects the track everywhere."""
    place = session.looked_at()
    if not 0 <= place < world.n_places:
        return
    order = behind(project, missed.residuals, place)[:MOST_ROWS]
    at = world.choice_place == place
    st.markdown(f"**Tracks behind the place {as_markdown(world.place_names[place], NAME)}** ({missed.by_place[place]:+.2f} uses)")
    if not len(order):
        st.caption("None of these tracks comes near it.")
        return
    ids = [str(i) for i in missed.ids[order]]
    table = pd.DataFrame({"track": ids, "uses more than expected": missed.residuals[order][:, at].sum(axis=1)})
    key = f"behind_{place}_{len(missed.ids)}"
    rows = st.dataframe(as_shown(table), hide_index=True, width="stretch", height=min(38 + 35 * len(ids), 212), on_select="rerun", key=key,
                        selection_mode="single-row", alt="Tracks behind the place",
                        column_config={"uses more than expected": st.column_config.NumberColumn(format="%+.2f")})["selection"]["rows"]
    if rows and rows[0] < len(ids) and session.newly_picked(key, ids[rows[0]]):
        session.select(ids[rows[0]])
        st.rerun()
