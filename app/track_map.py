"""The one map that every page shows: same settings, a click selects a track or a place, the lasso returns a ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import session

CONFIG = {"scrollZoom": True, "displaylogo": False, "displayModeBar": True,
          "modeBarButtonsToRemove": ["autoScale2d", "select2d", "toImage"]}


@dataclass(frozen=True, slots=True)
class Touched:
    """What was just done on the map: rings drawn with the lasso (x, y), and the number of the place clicked, -1 for none."""

    rings: list[tuple[list[float], list[float]]]
    place: int


def show(figure: go.Figure, key: str, alt: str, drawable: bool = False, lasso: bool = False) -> Touched:
    """Draw a map. A click on a track selects it everywhere; what is drawn or clicked is given back once.

    lasso: the mouse draws; Streamlit lets it click nothing meanwhile.
    """
    if lasso:
        figure.update_layout(dragmode="lasso")
    event: Any = st.plotly_chart(figure, width="stretch", key=key, on_select="rerun", config=CONFIG, alt=alt,
                                 selection_mode=("points", "lasso") if drawable else ("points",))
    selection = event["selection"] if event else {}
    rings = [(list(ring["x"]), list(ring["y"])) for ring in selection.get("lasso", [])]
    hit = [] if rings else [p["customdata"] for p in selection.get("points", []) if p.get("customdata")]
    if not (rings or hit) or not session.newly_picked(key, rings or hit[0]):
        return Touched([], -1)
    if rings:
        return Touched(rings, -1)
    if isinstance(hit[0], list) and len(hit[0]) == 2:
        return Touched([], int(hit[0][1]))
    track = str(hit[0][0] if isinstance(hit[0], list) else hit[0])
    if track != session.selected():
        session.select(track)
        st.rerun()
    return Touched([], -1)
