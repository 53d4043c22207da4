"""How well held-out tracks are explained under the settings that were tried: a figure, and what it says in sentences."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from irlcore.analysis.choosing import ChosenRecord
from irlcore.fitting.compare import short_title
from irlcore.fitting.value_basis.held_out import FOLDS
from irlcore.maps.palette import COLOURS, OKABE_ITO
from irlcore.quantities import listed
from irlcore.rationality.models import named
from irlcore.worlds.called import Called

CLEAR = "rgba(0,0,0,0)"
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
CHOSEN, ENTRY = 15, 26  # pixels: the mark on what was chosen, and a number of the legend, of which five stand in a narrow column


def curve_figure(record: ChosenRecord, words: Called) -> go.Figure:
    """Nats a held-out step over lambda, a line for each discount that has a plan; a ring around what was chosen."""
    found, shown = record.choice, record.a_step
    at = [f"{lam:g}" for lam in found.lams]
    figure = go.Figure()
    for i, (gamma, row) in enumerate(zip(found.gammas, shown, strict=True)):
        if np.isfinite(row).any():
            colour = OKABE_ITO[i % len(OKABE_ITO)]
            figure.add_trace(go.Scatter(
                x=at, y=np.where(np.isfinite(row), row, np.nan), mode="lines+markers", name=f"{gamma:g}", line={"color": colour},
                marker={"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 8, "color": colour},
                hovertemplate=f"gamma {gamma:g}, lambda %{{x}}: %{{y:.4f}}<extra></extra>"))
    figure.add_trace(go.Scatter(
        x=[f"{found.lam:g}"], y=[record.best], mode="markers", name="chosen", hoverinfo="skip", showlegend=False,
        marker={"symbol": "circle-open", "size": CHOSEN, "color": COLOURS["frame"].light, "line": {"width": 2}}))
    figure.update_xaxes(type="category", title="lambda")
    figure.update_yaxes(title=f"nats {'an' if words.step[0] in 'aeiou' else 'a'} {words.step}", automargin=True, nticks=5)
    figure.update_layout(height=250, margin={"l": 4, "r": 8, "t": 4, "b": 40}, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
                         showlegend=len(figure.data) > 2,
                         legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1.0, "xanchor": "right", "entrywidth": ENTRY,
                                 "title": {"text": "gamma", "side": "left"}})
    return figure


def choice_sentences(record: ChosenRecord, words: Called) -> list[str]:
    """What was chosen and what that rests on; which discounts have no plan."""
    found = record.choice
    a_step = f"{'an' if words.step[0] in 'aeiou' else 'a'} {words.step}"
    tried = len(found.gammas) * len(found.lams)
    chosen = f"lambda {found.lam:g}" + (f" and gamma {found.gamma:g}" if len(found.gammas) > 1 else "")
    said = [f"Chosen: {chosen}, with {record.best:.4f} nats {a_step}; the higher, the better.",
            f"{tried} settings were tried under {short_title(named(record.model))}, each fitted to some of the {words.tracks} and judged "
            f"on the others (in {FOLDS} parts at most, without replanning)."]
    if found.lam > 0.0 and 0.0 in found.lams:
        behind = record.best - float(record.chosen[found.lams.index(0.0)])
        said.insert(1, f"Lambda 0 stays {behind:.4f} behind.")
    none = [f"{gamma:g}" for gamma, row in zip(found.gammas, found.held_out, strict=True) if not np.isfinite(row).any()]
    return [*said, f"No plan was found at gamma {listed(none)}."] if none else said
