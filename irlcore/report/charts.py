"""Charts as plotly figures: weights with their intervals, models side by side, and goals over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from irlcore.fitting.compare import TOLD_APART, Comparison
from irlcore.maps.palette import COLOURS, MARK, OKABE_ITO
from irlcore.report.text import as_plotly

LINE = COLOURS["frame"].light  # the same on a dark page
REST, CLEAR = "#BBBBBB", "rgba(0,0,0,0)"
MOST_GOALS = 7  # areas of a chart that can be told apart
USUAL = 2.0  # standard deviations: within, a use is as expected


def weights_figure(names: Sequence[str], value: np.ndarray, interval: np.ndarray, unit: str = "", costs: bool = False) -> go.Figure:
    """Weights (K,) as dots with 95 % intervals (K, 2), what counts most against a step at the top; open, and said in a word, where there
    is no interval. costs: whether what is above 0 counts against a step."""
    order = np.argsort(value if costs else -value, kind="stable")
    low, high = (_reach(interval[order, side] - value[order]) for side in (0, 1))
    known = np.isfinite(interval[order]).all(axis=1)
    why = ["" if sure else "no limit" if endless else "no interval" if known.any() else ""  # the axis says it of all of them
           for sure, endless in zip(known, np.isinf(interval[order]).any(axis=1), strict=True)]
    told = f"worth, in {as_plotly(unit)}" if unit else "weight (utility per unit)"
    figure = go.Figure(go.Scatter(
        x=value[order], y=np.arange(len(order)), mode="markers+text",
        text=why, textposition="top center", textfont={"color": LINE, "size": 11}, cliponaxis=False,
        marker={"size": 11, "color": MARK, "symbol": ["circle" if sure else "diamond-open" for sure in known]},
        customdata=[[as_plotly(names[k]), f", {word}" if word else ""] for k, word in zip(order, why, strict=True)],
        error_x={"type": "data", "symmetric": False, "array": high, "arrayminus": low, "color": LINE, "thickness": 3, "width": 0},
        hovertemplate="%{customdata[0]}: %{x:.4g}%{customdata[1]}<extra></extra>"))
    figure.add_vline(x=0, line_color=LINE, line_dash="dot")
    _name_rows(figure, [names[k] for k in order])
    said = f"{told}, {'with 95 % interval' if known.any() else 'without an interval'}"
    figure.update_layout(height=80 + 36 * len(names), margin={"l": 4, "r": 12, "t": 8, "b": 44}, paper_bgcolor=CLEAR,
                         plot_bgcolor=CLEAR, xaxis_title={"text": said, "font": {"size": 12}})  # beside long names there is little room
    return figure


def _name_rows(figure: go.Figure, names: Sequence[str]) -> None:
    """Rows 0 to n - 1 of the upright axis by name. An axis of categories would make one row of two names that are cut to the same, and
    an axis of numbers or dates of names that read like these."""
    figure.update_yaxes(automargin=True, tickvals=list(range(len(names))), ticktext=[as_plotly(name) for name in names],
                        range=[-0.6, len(names) - 0.4])


def _reach(to_the_end: np.ndarray) -> np.ndarray:
    """How far an error bar reaches: 0 where an interval is not known or has no end."""
    return np.where(np.isfinite(to_the_end), np.abs(to_the_end), 0.0)


Weighed = tuple[float, float, float] | None


def changes_figure(rows: Sequence[tuple[str, Weighed, Weighed]]) -> go.Figure:
    """Weights with 95 % intervals before (grey, open) and after (full) a refit; rows of (feature, before, after), None where absent."""
    figure = go.Figure()
    for name, colour, symbol, lift in (("before", LINE, "circle-open", 0.16), ("after", MARK, "circle", -0.16)):
        held = [(len(rows) - 1 - k + lift, row[0], row[1] if name == "before" else row[2]) for k, row in enumerate(rows)]
        names = [as_plotly(feature) for _, feature, found in held if found is not None]
        value = np.array([found for _, _, found in held if found is not None]).reshape(-1, 3)
        wide = _reach(value - value[:, :1])
        figure.add_trace(go.Scatter(
            x=value[:, 0], y=[y for y, _, found in held if found is not None], mode="markers", name=name, customdata=names,
            marker={"size": 9, "color": colour, "symbol": symbol}, hovertemplate="%{customdata}, " + name + ": %{x:.4g}<extra></extra>",
            error_x={"type": "data", "symmetric": False, "array": wide[:, 2], "arrayminus": wide[:, 1], "color": colour,
                     "thickness": 2, "width": 0}))
    figure.add_vline(x=0, line_color=LINE, line_dash="dot")
    _name_rows(figure, [row[0] for row in rows][::-1])
    figure.update_yaxes(showgrid=False, zeroline=False)
    figure.update_layout(height=76 + 30 * len(rows), margin={"l": 4, "r": 8, "t": 4, "b": 36}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
                         xaxis_title="weight, with its 95 % interval",
                         legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 1.0, "xanchor": "right", "title": {"text": ""}})
    return figure


def comparison_figure(comparison: Comparison) -> go.Figure:
    """How far each model stays behind the best on held-out trips, with two standard errors to either side, the best at the top.

    Models that could not be fitted, or that call trips impossible which the best can explain, have no place on this axis.
    """
    found = comparison.difference()
    rows = [int(r) for r in comparison.order if np.isfinite(found[r, 0])][::-1]
    value, wide = found[rows, 0], np.nan_to_num(TOLD_APART * found[rows, 1])
    near = {comparison.best, *comparison.unclear()}
    figure = go.Figure(go.Scatter(
        x=value, y=np.arange(len(rows)), mode="markers",
        customdata=[[as_plotly(comparison.titles[r]), w] for r, w in zip(rows, wide.tolist(), strict=True)],
        marker={"size": 11, "color": [MARK if r in near else LINE for r in rows],
                "symbol": ["circle" if r in near else "circle-open" for r in rows]},
        error_x={"type": "data", "array": wide, "color": LINE, "thickness": 3, "width": 0},
        hovertemplate="%{customdata[0]}: %{x:.4f} ± %{customdata[1]:.4f}<extra></extra>"))
    figure.add_vline(x=0, line_color=LINE, line_dash="dot")
    _name_rows(figure, [comparison.titles[r] for r in rows])
    figure.update_layout(height=90 + 40 * len(rows), margin={"l": 4, "r": 12, "t": 8, "b": 44}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
                         xaxis_title="difference to the best (nats a trip), ± 2 standard errors")
    return figure


def goals_shown(probability: np.ndarray, most: int = MOST_GOALS) -> np.ndarray:
    """The goals that ``posterior_figure`` shows by themselves: those whose probability (T + 1, G) gets the highest at any step, at
    most ``most``, and none that cannot be."""
    top = np.argsort(-probability.max(axis=0), kind="stable")[:most]
    return np.asarray(top[probability[:, top].max(axis=0) > 0.0])


def goal_colour(rank: int) -> str:
    """The colour of the goal that stands at ``rank`` among ``goals_shown``; of all others together where it is -1."""
    return REST if rank < 0 else OKABE_ITO[rank % (len(OKABE_ITO) - 1)]


def posterior_figure(probability: np.ndarray, names: Sequence[str], certain_step: int, seen: int = -1, most: int = MOST_GOALS,
                     height: int = 230) -> go.Figure:
    """Probability (T + 1, G) of each goal over the steps as a stacked area; all but ``goals_shown`` together in grey. What the colours
    stand for is said beside it: a legend of long names would leave no room for the chart."""
    top = goals_shown(probability, most)
    steps = np.arange(len(probability))
    figure = go.Figure()
    for k, goal in enumerate(top):
        figure.add_trace(go.Scatter(x=steps, y=probability[:, goal], stackgroup="one", name=as_plotly(names[goal]),
                                    line={"width": 0.8, "color": goal_colour(k)},
                                    hovertemplate="%{fullData.name}: %{y:.0%}<extra></extra>"))
    rest = np.maximum(1.0 - probability[:, top].sum(axis=1), 0.0)
    figure.add_trace(go.Scatter(x=steps, y=rest, stackgroup="one", name="others or none", line={"width": 0.8, "color": REST},
                                hovertemplate="others or none: %{y:.0%}<extra></extra>"))
    if certain_step >= 0:
        late = 2 * certain_step > len(probability) - 1
        figure.add_vline(x=certain_step, line_dash="dash", line_color=LINE, annotation_text="certain from here",
                         annotation_position="top left" if late else "top right", annotation_yanchor="bottom")
    if seen >= 0:
        figure.add_vline(x=seen, line_color=MARK, line_width=2)
    figure.update_layout(height=height, margin={"l": 4, "r": 12, "t": 22, "b": 36}, xaxis_title="steps seen", hovermode="x unified",
                         paper_bgcolor=CLEAR, plot_bgcolor=CLEAR, showlegend=False)
    figure.update_xaxes(range=[0, max(len(probability) - 1, 1)])
    figure.update_yaxes(range=[0, 1], tickvals=[0.0, 0.5, 1.0], tickformat=".0%")
    return figure


def found_figure(curve: np.ndarray, flagged: int) -> go.Figure:
    """Which share of the abnormal tracks is found by looking at the first k of n labelled ones, curve (n + 1,), with chance dotted and a
    line where the flagged ones end."""
    k = np.arange(len(curve))
    figure = go.Figure(go.Scatter(x=k, y=curve, mode="lines", line={"color": MARK, "width": 2, "shape": "hv"},
                                  hovertemplate="first %{x}: %{y:.0%} found<extra></extra>"))
    figure.add_scatter(x=[0, len(curve) - 1], y=[0.0, 1.0], mode="lines", line={"color": LINE, "dash": "dot"}, hoverinfo="skip")
    figure.add_vline(x=flagged, line_color=OKABE_ITO[5], line_dash="dash", annotation_text="flagged")
    figure.update_yaxes(tickformat=".0%", range=[0.0, 1.02], title="abnormal tracks found")
    figure.update_layout(height=240, margin={"l": 4, "r": 4, "t": 18, "b": 40}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR, showlegend=False,
                         xaxis_title="labelled tracks looked at, strangest first")
    return figure


def uses_figure(names: Sequence[str], z: np.ndarray) -> go.Figure:
    """How far each feature's total (K,) lies from what the model expects, as bars in standard deviations."""
    known = [k for k in range(len(names)) if np.isfinite(z[k])][::-1]
    colour = [OKABE_ITO[5] if abs(z[k]) >= USUAL else LINE for k in known]
    figure = go.Figure(go.Bar(x=z[known], y=np.arange(len(known)), orientation="h", marker={"color": colour},
                              customdata=[as_plotly(names[k]) for k in known], hovertemplate="%{customdata}: %{x:.1f} sd<extra></extra>"))
    figure.add_vline(x=0, line_color=LINE)
    _name_rows(figure, [names[k] for k in known])
    figure.update_xaxes(autorangeoptions={"include": [-USUAL, USUAL]})  # a bar that fills the picture shall mean something
    figure.update_layout(height=70 + 24 * len(known), margin={"l": 4, "r": 4, "t": 4, "b": 40}, paper_bgcolor=CLEAR,
                         plot_bgcolor=CLEAR, xaxis_title="less / more than expected (standard deviations)")
    return figure
