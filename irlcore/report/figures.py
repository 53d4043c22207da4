"""Plotly figures: pure functions of arrays. Okabe-Ito colours for categories, a diverging map for residuals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from irlcore.tracks import LinkTracks, Tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

ORDINARY, FLAGGED, SELECTED, ALTERNATIVE, WORST = "#7F8C99", "#D55E00", "#0072B2", "#009E73", "#E69F00"
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
ROAD = "rgba(128,140,150,0.45)"
CLEAR = "rgba(0,0,0,0)"
MOST_VERTICES = 30_000


def base_map(world: World, zones: Mapping[str, np.ndarray], height: int = 560) -> go.Figure:
    """The ground: roads thin grey or the grid's open area, zones tinted with their names, north up, equal axes."""
    figure = go.Figure()
    if world.kind == "network" and len(world.shape_xy):
        x, y = gapped(world.shape_xy, world.shape_offsets)
        figure.add_trace(go.Scattergl(x=x, y=y, mode="lines", line={"color": ROAD, "width": 1.2}, hoverinfo="skip", name="roads"))
    elif world.has_coordinates:
        xy = world.place_xy
        figure.add_trace(go.Scattergl(x=xy[:, 0], y=xy[:, 1], mode="markers", hoverinfo="skip", name="cells",
                                      marker={"size": 3, "symbol": "square", "color": ROAD}))
    for k, (name, ring) in enumerate(zones.items()):
        colour = PALETTE[k % len(PALETTE)]
        figure.add_trace(go.Scatter(x=ring[:, 0], y=ring[:, 1], fill="toself", mode="lines", opacity=0.35, name=name,
                                    line={"color": colour, "width": 1.5}, hoverinfo="name"))
        figure.add_annotation(x=float(ring[:-1, 0].mean()), y=float(ring[:-1, 1].mean()), text=name, showarrow=False)
    figure.update_layout(height=height, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False, dragmode="pan",
                         uirevision="map", paper_bgcolor=CLEAR, plot_bgcolor=CLEAR)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1)
    if world.has_coordinates:
        _scale_bar(figure, world)
    return figure


def _scale_bar(figure: go.Figure, world: World) -> None:
    low, high = np.nanmin(world.place_xy, axis=0), np.nanmax(world.place_xy, axis=0)
    wanted = (high[0] - low[0]) / 5.0
    if not wanted > 0.0:
        return
    scale = 10.0 ** np.floor(np.log10(wanted))
    length = max(m * scale for m in (1.0, 2.0, 5.0) if m * scale <= wanted)
    y = low[1] - 0.04 * (high[1] - low[1])
    figure.add_trace(go.Scatter(x=[low[0], low[0] + length], y=[y, y], mode="lines", hoverinfo="skip",
                                line={"color": ORDINARY, "width": 4}, name="scale"))
    label = f"{length / 1000:g} km" if world.unit == "m" and length >= 1000 else f"{length:g} {world.unit}"
    figure.add_annotation(x=low[0] + length, y=y, text=label, showarrow=False, xanchor="left", xshift=6)


def gapped(xy: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines (V, 2) joined into one, with a NaN after each."""
    where = offsets[1:]
    return np.insert(xy[:, 0], where, np.nan), np.insert(xy[:, 1], where, np.nan)


def path_places(world: World, paths: Paths, index: int) -> np.ndarray:
    """(n,) places that one path visits."""
    return world.place_of_state[paths.states(world.mdp, index)]


def add_paths(figure: go.Figure, world: World, paths: Paths, indices: Sequence[int] | np.ndarray, colour: str,
              width: float = 1.5, opacity: float = 0.5, dash: str = "solid", name: str = "tracks") -> None:
    """Paths drawn through the middles of their places, at most ``MOST_VERTICES`` vertices, clickable by id."""
    xs: list[np.ndarray] = []
    ids: list[str] = []
    for i in indices:
        xy = world.place_xy[path_places(world, paths, int(i))]
        if len(ids) + len(xy) > MOST_VERTICES:
            break
        xs += [xy, np.full((1, 2), np.nan)]
        ids += [str(paths.ids[i])] * (len(xy) + 1)
    if xs:
        xy = np.vstack(xs)
        figure.add_trace(go.Scattergl(x=xy[:, 0], y=xy[:, 1], mode="lines+markers", customdata=ids, name=name,
                                      line={"color": colour, "width": width, "dash": dash}, opacity=opacity,
                                      marker={"size": 6, "opacity": 0.01}, hovertemplate="%{customdata}<extra></extra>"))


def add_choices(figure: go.Figure, world: World, choices: np.ndarray, colour: str, width: float, dash: str, name: str) -> None:
    """A chain of choices as one line."""
    if len(choices):
        places = np.append(world.choice_from[choices[:1]], world.choice_place[choices])
        xy = world.place_xy[places]
        figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="lines", name=name, hoverinfo="name",
                                    line={"color": colour, "width": width, "dash": dash}))


def add_ends(figure: go.Figure, world: World, paths: Paths, index: int) -> None:
    """Start (circle) and end (square) of one path."""
    xy = world.place_xy[path_places(world, paths, index)[[0, -1]]]
    figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="markers+text", text=["start", "end"], hoverinfo="skip",
                                textposition="top center", name="ends",
                                marker={"size": 11, "symbol": ["circle", "square"], "color": SELECTED}))


def raw_tracks(tracks: Tracks) -> go.Figure:
    """Points as they were read."""
    keep = min(len(tracks.x), MOST_VERTICES)
    offsets = tracks.offsets[tracks.offsets <= keep]
    x, y = gapped(np.column_stack((tracks.x, tracks.y))[:offsets[-1]], offsets)
    figure = go.Figure(go.Scattergl(x=x, y=y, mode="lines", line={"color": ORDINARY, "width": 1}, opacity=0.5))
    figure.update_layout(height=480, margin={"l": 4, "r": 4, "t": 4, "b": 4}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR)
    figure.update_yaxes(scaleanchor="x")
    return figure


def add_values(figure: go.Figure, world: World, values: np.ndarray, diverging: bool, title: str) -> None:
    """Values (L,) of the places as coloured marks; diverging maps are centred on 0."""
    known = np.isfinite(world.place_xy[:, 0]) & (values != 0.0)
    top = float(np.abs(values[known]).max()) if known.any() else 1.0
    figure.add_trace(go.Scattergl(
        x=world.place_xy[known, 0], y=world.place_xy[known, 1], mode="markers", name=title,
        customdata=world.place_names[known], hovertemplate="%{customdata}: %{marker.color:.3g}<extra></extra>",
        marker={"size": 8, "color": values[known], "colorscale": "RdBu_r" if diverging else "Cividis",
                "cmin": -top if diverging else None, "cmax": top if diverging else None,
                "colorbar": {"title": {"text": title}, "thickness": 12}}))


def weights_figure(names: Sequence[str], theta: np.ndarray, interval: np.ndarray) -> go.Figure:
    """Weights as dots with 95 % intervals, most negative at the top."""
    order = np.argsort(-theta)
    half = np.nan_to_num(interval[order, 1] - theta[order])
    figure = go.Figure(go.Scatter(x=theta[order], y=[names[k] for k in order], mode="markers",
                                  error_x={"array": half, "color": ORDINARY}, marker={"size": 11, "color": SELECTED}))
    figure.add_vline(x=0, line_color=ORDINARY, line_dash="dot")
    figure.update_layout(height=90 + 42 * len(names), margin={"l": 4, "r": 4, "t": 8, "b": 40}, paper_bgcolor=CLEAR,
                         plot_bgcolor=CLEAR, xaxis_title="weight (utility per unit), with its 95 % interval")
    return figure


def posterior_figure(probability: np.ndarray, names: Sequence[str], certain_step: int, most: int = 7) -> go.Figure:
    """Probability of each goal over the steps as a stacked area; the rest together in grey."""
    top = np.argsort(-probability.max(axis=0))[:most]
    steps = np.arange(len(probability))
    figure = go.Figure()
    for k, goal in enumerate(top):
        figure.add_trace(go.Scatter(x=steps, y=probability[:, goal], stackgroup="one", name=str(names[goal]),
                                    line={"width": 0.5, "color": PALETTE[k % 7]}))
    rest = 1.0 - probability[:, top].sum(axis=1)
    figure.add_trace(go.Scatter(x=steps, y=np.maximum(rest, 0.0), stackgroup="one", name="all others",
                                line={"width": 0.5, "color": "#BBBBBB"}))
    if certain_step >= 0:
        figure.add_vline(x=certain_step, line_dash="dash", annotation_text="certain from here")
    figure.update_layout(height=380, margin={"l": 4, "r": 4, "t": 24, "b": 40}, xaxis_title="steps seen",
                         yaxis_title="probability", yaxis_range=[0, 1], paper_bgcolor=CLEAR, plot_bgcolor=CLEAR)
    return figure


def describe_tracks(tracks: Tracks | LinkTracks) -> str:
    """One line on what was read."""
    kind = "points" if isinstance(tracks, Tracks) else "links"
    return f"{len(tracks):,} tracks, {int(tracks.offsets[-1]):,} {kind}"
