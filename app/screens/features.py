"""Features: what might matter to them, and what does the model miss?"""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from app import propose, session, track_map
from app.feature_cards import cards, look_of
from app.shell import errors_as_words, headline, need, safe
from irlcore.project import Project
from irlcore.proposals import by_place, unexplained_study
from irlcore.report.maps import FLAGGED, ORDINARY, SELECTED, add_paths, add_values, ground
from irlcore.split import split_paths
from irlcore.worlds.world import World

TRACKS, MISSED = "Tracks of the class", "What the model misses"


def picture(project: Project, world: World, view: str) -> go.Figure:
    """The ground with tracks, a feature's values, or the residuals; the selected track on top."""
    figure = ground(world, project.zones)
    parts = session.derived("parts", lambda: split_paths(project))
    if view == MISSED:
        with st.spinner("Tracing what the model does not expect ..."):
            missed = session.derived("residual", lambda: by_place(project, unexplained_study(project).residuals))
            add_values(figure, world, missed, True, "more or less than expected")
    elif view == TRACKS:
        add_paths(figure, world, parts.paths, np.arange(len(parts.paths)), ORDINARY, 1, 0.35)
    else:
        spec = next(s for s in project.features if s.name == view)
        add_values(figure, world, look_of(project, world, spec).by_place, False, view)
    chosen = np.flatnonzero(parts.paths.ids == session.selected())
    if len(chosen):
        add_paths(figure, world, parts.paths, chosen, SELECTED, 3, 1.0, f"selected: {session.selected()}")
    if project.spots:
        xy = np.array(list(project.spots.values()))
        figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="markers+text", text=list(project.spots), name="places",
                                    textposition="top center", marker={"size": 11, "symbol": "star", "color": FLAGGED},
                                    showlegend=False, hoverinfo="text"))
    return figure


def page(project: Project, world: World) -> None:
    left, right = st.columns([5, 4], gap="medium")
    with left:
        views = [TRACKS, *([MISSED] if project.fit else []), *[s.name for s in project.features]]
        view = st.selectbox("Show on the map", views, key="view", persist_state="session")
        with errors_as_words():
            if world.has_coordinates:
                figure = picture(project, world, view if view in views else TRACKS)
                rings = track_map.show(figure, f"map_features_{session.changes()}", f"Map: {view}", lasso=True)
                if rings:
                    propose.save_drawing(project, world, rings[-1])
                else:
                    st.caption("Draw round an area with the lasso to make a zone or a place of it. Click a track to select it.")
            else:
                st.info("This network has no coordinates, so there is no map and no zones; features of links and turns work.")
        if view == MISSED:
            st.caption("Red: the class goes there more often than the model expects; something there is liked, or dear elsewhere. "
                       "Blue: less often. Name a feature that tells these places from the others.")
        with st.expander("Zones and places", icon=":material/draw:"):
            propose.zones(project, world)
    with right:
        verdict = project.verdicts.get(session.selected())
        if verdict is not None and verdict.outcome == "misunderstood":
            st.info(f"What was {safe(session.selected())} after? Name a feature that its way has and the likelier way has not.",
                    icon=":material/lightbulb:")
        with st.expander("Add a feature", icon=":material/add:", expanded=not project.features):
            propose.form(project, world)
        cards(project, world)


opened = headline("What might matter to them, and what does the model miss?")
need(opened.world is not None, "There is no world yet: features live on its links or cells.", "tracks", "Load tracks")
assert opened.world is not None and opened.paths is not None
page(opened, opened.world)
