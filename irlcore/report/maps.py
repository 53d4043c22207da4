"""Maps as plotly figures: pure functions of arrays, in the world's own coordinates, north up, no tiles.

Okabe-Ito colours for categories, cividis for values, a diverging scale for residuals; zero is left bare, so that the
ground shows. Lines follow the shapes of the links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from irlcore.maps.lines import (
    MOST_VERTICES,
    gapped,
    heading_marks,
    path_lines,
    place_lines,
    thin_out,
)
from irlcore.report.text import as_plotly
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

ORDINARY, FLAGGED, SELECTED, ALTERNATIVE, WORST = "#5F86B3", "#D55E00", "#1580C8", "#009E73", "#E69F00"
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A000", "#999999")
ROAD = "rgba(128,140,150,0.40)"
OPEN = "rgba(128,150,170,0.14)"
CLEAR = "rgba(0,0,0,0)"
BINS = 9
FAINT = 0.04  # of the largest
SHORT = 20  # characters of a unit beside the scale bar
DIVERGING = ["rgb(10,92,180)", "rgb(92,156,212)", "rgb(150,158,166)", "rgb(226,132,96)", "rgb(202,44,36)"]
"""Blue to red through the grey of the roads: on a light and on a dark page alike, what is near 0 does not stand out."""


def ground(world: World, zones: Mapping[str, np.ndarray], width: int = 600) -> go.Figure:
    """Roads in thin grey, or the grid's open cells; zones tinted with their names. width: pixels it is drawn at."""
    figure = go.Figure()
    if world.settings.get("cell"):
        _cells(figure, world, np.ones(world.n_places), colorscale=[[0, OPEN], [1, OPEN]], showscale=False, hoverinfo="skip")
        # a heatmap gives no lasso events, a cloud of invisible points does
        figure.add_trace(go.Scattergl(x=world.place_xy[:, 0], y=world.place_xy[:, 1], mode="markers", hoverinfo="skip",
                                      marker={"size": 4, "color": CLEAR}, showlegend=False, name="cells"))
    elif len(world.shape_xy):
        x, y = gapped(*place_lines(world, np.arange(world.n_places)))
        figure.add_trace(go.Scattergl(x=x, y=y, mode="lines", line={"color": ROAD, "width": 1.3}, hoverinfo="skip",
                                      name="roads", showlegend=False))
    for k, (name, ring) in enumerate(zones.items()):
        figure.add_trace(go.Scatter(x=ring[:, 0], y=ring[:, 1], fill="toself", mode="lines", opacity=0.35, name=as_plotly(name),
                                    line={"color": PALETTE[k % len(PALETTE)], "width": 1.5}, hoverinfo="name", showlegend=False))
        figure.add_annotation(x=float(ring[:-1, 0].mean()), y=float(ring[:-1, 1].max()), text=as_plotly(name), showarrow=False,
                              yanchor="bottom")
    _frame(figure, world, width)
    return figure


def _frame(figure: go.Figure, world: World, width: int) -> None:
    """Equal axes, the height that the ground's shape asks for, a scale bar."""
    figure.update_layout(margin={"l": 4, "r": 40, "t": 4, "b": 4}, dragmode="pan", uirevision="map", paper_bgcolor=CLEAR,
                         plot_bgcolor=CLEAR, hoverlabel={"namelength": -1}, showlegend=True,
                         legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0.0, "title": {"text": ""}},
                         modebar={"bgcolor": CLEAR, "color": "#7F8C99", "activecolor": SELECTED, "orientation": "v"})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1)
    if not world.has_coordinates:
        figure.update_layout(height=420)
        return
    xy = world.shape_xy if len(world.shape_xy) else world.place_xy
    low, high = np.nanquantile(xy, [0.003, 0.997], axis=0)  # a stray link far off must not shrink all others
    span = np.maximum(high - low, 1e-9)
    low, high = (np.clip(side, np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)) for side in (low - 0.03 * span, high + 0.03 * span))
    span = np.maximum(high - low, 1e-9)
    figure.update_layout(height=int(np.clip(width * span[1] / span[0] * 1.08 + 40, 400, 640)))
    figure.update_xaxes(range=[low[0] - 0.02 * span[0], high[0] + 0.02 * span[0]])
    figure.update_yaxes(range=[low[1] - 0.08 * span[1], high[1] + 0.02 * span[1]])
    _scale_bar(figure, world.unit, low, span)


def _scale_bar(figure: go.Figure, unit: str, low: np.ndarray, span: np.ndarray) -> None:
    wanted = span[0] / 5.0
    scale = 10.0 ** np.floor(np.log10(wanted))
    length = max(m * scale for m in (1.0, 2.0, 5.0) if m * scale <= wanted)
    y = low[1] - 0.05 * span[1]
    figure.add_trace(go.Scatter(x=[low[0], low[0] + length], y=[y, y], mode="lines", hoverinfo="skip", showlegend=False,
                                line={"color": "#7F8C99", "width": 4}, name="scale"))
    label = f"{length / 1000:g} km" if unit == "m" and length >= 1000 else f"{length:g} {as_plotly(unit, SHORT)}"
    figure.add_annotation(x=low[0] + length, y=y, text=label, showarrow=False, xanchor="left", xshift=6)


def add_paths(figure: go.Figure, world: World, paths: Paths, indices: Sequence[int] | np.ndarray, colour: str,
              width: float = 1.5, opacity: float = 0.5, name: str = "tracks", most: int = MOST_VERTICES) -> int:
    """Paths along their places, clickable by id. Where they have more than ``most`` vertices every k-th is drawn;
    returns how many are. Many lines above each other are drawn fainter, so that a busy map still shows where they are many."""
    chosen = thin_out(world, paths, np.asarray(indices, np.int64), most)
    if not len(chosen):
        return 0
    opacity = min(opacity, max(40.0 / len(chosen), 0.06))
    xy, owner = path_lines(world, paths, chosen)
    x, y = gapped(xy, owner)
    at = np.insert(owner, np.flatnonzero(np.diff(owner)) + 1, owner[:-1][np.diff(owner) > 0])
    ids = paths.ids[chosen]
    told = np.array([as_plotly(i) for i in ids], object)  # clicks need the id as it is; what is read on hovering need not be sent twice
    shown: dict[str, Any] = {"hovertemplate": "%{customdata}<extra></extra>"} if (told == ids).all() else {
        "text": told[at], "hovertemplate": "%{text}<extra></extra>"}
    name = as_plotly(name)
    figure.add_trace(go.Scattergl(
        x=x, y=y, mode="lines+markers", customdata=ids[at], name=name, line={"color": _faded(colour, opacity), "width": width},
        marker={"size": 8, "color": CLEAR}, showlegend=False, **shown,
        selected={"marker": {"color": CLEAR}}, unselected={"marker": {"color": CLEAR, "opacity": 1.0}}))
    figure.add_trace(go.Scatter(x=[None], y=[None], mode="lines", name=name, line={"color": colour, "width": 3}))  # for the legend
    return len(chosen)


def _faded(colour: str, opacity: float) -> str:
    """The colour with its own opacity: lines above each other add up, so that busy roads stand out."""
    red, green, blue = (int(colour[k:k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def add_choices(figure: go.Figure, world: World, choices: np.ndarray, colour: str, width: float, dash: str, name: str,
                from_start: bool = True) -> None:
    """A chain of choices as one line; from_start False leaves out the place in which the first choice is made."""
    if len(choices):
        places = np.append(world.choice_from[choices[:1]], world.choice_place[choices])[0 if from_start else 1:]
        xy, _ = place_lines(world, places)
        figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="lines", name=as_plotly(name), hoverinfo="name",
                                    line={"color": colour, "width": width, "dash": dash}))


def add_ends(figure: go.Figure, world: World, paths: Paths, index: int, colour: str = SELECTED) -> None:
    """Start (open circle), end (square) and the way one path runs (arrows)."""
    xy, _ = path_lines(world, paths, np.array([index]))
    if len(xy) < 2:
        return
    at, angle = heading_marks(xy, 5)
    figure.add_trace(go.Scatter(x=at[:, 0], y=at[:, 1], mode="markers", hoverinfo="skip", showlegend=False, name="direction",
                                marker={"size": 13, "symbol": "arrow", "angle": angle, "color": colour}))
    figure.add_trace(go.Scatter(x=xy[[0, -1], 0], y=xy[[0, -1], 1], mode="markers+text", text=["start", "end"],
                                hoverinfo="skip", textposition="top center", name="ends", showlegend=False,
                                marker={"size": 12, "symbol": ["circle-open", "square"], "color": colour,
                                        "line": {"width": 3, "color": colour}}))


def add_values(figure: go.Figure, world: World, values: np.ndarray, diverging: bool, title: str) -> None:
    """Values (L,) of the places in colour; a diverging scale is centred on 0, and zeros are left bare."""
    title = as_plotly(title)
    shown = np.flatnonzero(np.isfinite(world.place_xy[:, 0]) & np.isfinite(values) & (values != 0.0))
    top = float(np.abs(values[shown]).max()) if len(shown) else 1.0
    low = -top if diverging else min(0.0, float(values[shown].min())) if len(shown) else 0.0
    high = top if diverging else float(values[shown].max()) if len(shown) else 1.0
    high = high if high > low else low + 1.0
    scale: Any = DIVERGING if diverging else "Cividis"
    bar = {"title": {"text": title, "side": "top"}, "orientation": "h", "thickness": 9, "len": 0.45, "x": 0.96, "xanchor": "right",
           "y": 1.0, "yanchor": "bottom", "nticks": 5}
    if world.settings.get("cell"):
        least = FAINT * top if diverging else 0.0  # what is next to nothing would cover the ground in grey
        only = np.where(np.isin(np.arange(world.n_places), shown) & (np.abs(values) >= least), values, np.nan)
        _cells(figure, world, only, colorscale=scale, zmin=low, zmax=high, colorbar=bar, hoverinfo="skip")
        _handles(figure, world, shown, title, color=CLEAR, size=9, text=[f"{v:.3g}" for v in values[shown]])
        return
    bins = np.clip(((values[shown] - low) / (high - low) * BINS).astype(int), 0, BINS - 1)
    for k, colour in enumerate(sample_colorscale(scale, [(b + 0.5) / BINS for b in range(BINS)])):
        x, y = gapped(*place_lines(world, shown[bins == k], 0.004))
        width = 1.0 + 3.0 * abs(2.0 * k / (BINS - 1) - 1.0) if diverging else 3.0
        if len(x):
            figure.add_trace(go.Scattergl(x=x, y=y, mode="lines", line={"color": colour, "width": width}, hoverinfo="skip",
                                          showlegend=False, name=title))
    _handles(figure, world, shown, title, text=[f"{v:.3g}" for v in values[shown]], size=9, opacity=0.0, color=values[shown],
             colorscale=scale, cmin=low, cmax=high, colorbar=bar)


def _handles(figure: go.Figure, world: World, shown: np.ndarray, title: str, text: list[str], **marker: Any) -> None:
    """Invisible points that can be clicked: customdata is the place's name and number (two entries tell it from a track's id)."""
    named = np.array([as_plotly(world.place_names[k]) for k in shown], object)
    data = np.column_stack((named, shown.astype(object)))
    figure.add_trace(go.Scattergl(
        x=world.place_xy[shown, 0], y=world.place_xy[shown, 1], mode="markers", name=title, showlegend=False, customdata=data, text=text,
        hovertemplate="%{customdata[0]}: %{text}<extra></extra>", marker=marker, selected={"marker": {"opacity": 0.0}},
        unselected={"marker": {"opacity": 0.0}}))


def _cells(figure: go.Figure, world: World, values: np.ndarray, **options: object) -> None:
    """Values (L,) of a grid's cells as a picture of squares."""
    cell, x0, y0 = (float(world.settings[key]) for key in ("cell", "x0", "y0"))
    columns, rows = int(world.settings["columns"]), int(world.settings["rows"])
    at = np.floor((world.place_xy - [x0, y0]) / cell).astype(int)
    picture = np.full((rows, columns), np.nan)
    picture[at[:, 1], at[:, 0]] = values
    figure.add_trace(go.Heatmap(z=picture, x0=x0 + cell / 2, dx=cell, y0=y0 + cell / 2, dy=cell, **options))


def add_goals(figure: go.Figure, xy: np.ndarray, names: Sequence[str], probability: np.ndarray) -> None:
    """Candidate goals (G, 2) as circles whose area is their probability."""
    figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="markers", customdata=[as_plotly(n) for n in names], name="possible goals",
                                hovertemplate="%{customdata}: %{text}<extra></extra>", text=[f"{p:.1%}" for p in probability],
                                marker={"size": 5 + 34 * np.sqrt(probability), "color": WORST, "opacity": 0.75,
                                        "line": {"width": 1, "color": "#7A5500"}}))
