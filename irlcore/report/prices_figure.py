"""One agent's weights beside what is usual in its class, as a plotly figure."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from irlcore.maps.palette import COLOURS, MARK
from irlcore.report.text import as_plotly
from irlcore.review.prices.agent_prices import Prices

LINE, CLEAR = COLOURS["frame"].light, "rgba(0,0,0,0)"
MOST = 4.0  # times what is usual in the class, beyond which an interval is cut: one that is unsure must not hide the others


def prices_figure(prices: Prices) -> go.Figure:
    """A row a feature, the one that differs most surely at the top: where the weights of 95 % of the class's agents lie (a grey bar), and
    the agent's own (a full dot where it differs for sure, with its interval if that is known to hold; else a ring where it is most
    probable). A weight that its tracks do not tell has no dot. An interval without an end, or with a far
    one, runs to the edge."""
    k = len(prices.names)
    rest = [j for j in range(k) if j not in prices.differs]
    order = [*prices.differs, *sorted(rest, key=lambda j: (float(prices.adjusted[j]), j))][::-1]
    at = np.where(np.isfinite(prices.own), prices.own, prices.weights)
    shown = np.isfinite(at) & (prices.test.told | np.isin(np.arange(k), prices.differs))
    low, high = _reach(prices, at[shown])
    figure = go.Figure()
    for row, j in enumerate(order):
        figure.add_trace(go.Scatter(x=list(prices.usual[j]), y=[row, row], mode="lines", line={"color": LINE, "width": 9}, opacity=0.35,
                                    hoverinfo="skip", showlegend=False))
        if not np.isnan(prices.interval[j]).any():
            ends = np.clip(prices.interval[j], low, high)
            figure.add_trace(go.Scatter(x=list(ends), y=[row, row], mode="lines", line={"color": MARK, "width": 3}, hoverinfo="skip",
                                        showlegend=False))
    dots = [(row, j) for row, j in enumerate(order) if shown[j]]
    figure.add_trace(go.Scatter(
        x=[float(np.clip(at[j], low, high)) for _, j in dots], y=[row for row, _ in dots], mode="markers", showlegend=False,
        marker={"size": 10, "color": MARK, "symbol": ["circle" if j in prices.differs else "circle-open" for _, j in dots]},
        customdata=[[as_plotly(prices.names[j]), f"{prices.theta[j]:.4g}", f"{at[j]:.4g}"] for _, j in dots],
        hovertemplate="%{customdata[0]}: %{customdata[2]}, the class %{customdata[1]}<extra></extra>"))
    figure.add_vline(x=0, line_color=LINE, line_dash="dot")
    figure.update_yaxes(automargin=True, tickvals=list(range(k)), ticktext=[as_plotly(prices.names[j]) for j in order],
                        range=[-0.6, k - 0.4])
    figure.update_xaxes(range=[low, high])
    intervals = ", with its interval" if prices.sure and prices.differs else ""
    figure.update_layout(height=80 + 30 * k, margin={"l": 4, "r": 12, "t": 8, "b": 44}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
                         xaxis_title=f"weight (utility per unit of the feature){intervals}")
    return figure


def _reach(prices: Prices, at: np.ndarray) -> tuple[float, float]:
    """What the axis covers: all that is usual, 0, and the agent's weights, as far as these are no more than ``MOST`` times that wide."""
    ends = np.append(prices.usual.ravel(), 0.0)
    span = max(float(np.ptp(ends)), 1e-12)
    reach = np.append(ends, np.append(at, prices.interval[np.isfinite(prices.interval)]))
    low, high = max(float(reach.min()), float(ends.min()) - MOST * span), min(float(reach.max()), float(ends.max()) + MOST * span)
    room = 0.05 * (high - low)
    return low - room, high + room
