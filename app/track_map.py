"""The one map that every page shows: same settings, a click selects a track, the lasso returns a ring."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import session

CONFIG = {"scrollZoom": True, "displaylogo": False, "displayModeBar": True,
          "modeBarButtonsToRemove": ["autoScale2d", "select2d", "toImage"]}


def show(figure: go.Figure, key: str, alt: str, lasso: bool = False) -> list[tuple[list[float], list[float]]]:
    """Draw a map. A click on a track selects it everywhere; returns the rings drawn with the lasso (x, y)."""
    if lasso:
        figure.update_layout(dragmode="lasso")
    event: Any = st.plotly_chart(figure, width="stretch", key=key, on_select="rerun", config=CONFIG, alt=alt,
                                 selection_mode=("points", "lasso") if lasso else ("points",))
    selection = event["selection"] if event else {}
    rings = [(ring["x"], ring["y"]) for ring in selection.get("lasso", [])]
    hit = [] if rings else [p["customdata"] for p in selection.get("points", []) if p.get("customdata")]
    track = str(hit[0][0] if isinstance(hit[0], list) else hit[0]) if hit else ""
    if track and session.newly_picked(key, track) and track != session.selected():
        session.select(track)
        st.rerun()
    return rings
