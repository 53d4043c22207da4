"""A histogram of gaps whose cut can be dragged: what it is sent, and where a cut goes that comes back.

The cut stands in a number box beside it, which is what counts: the picture sets that box, and shows what is typed there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app import session
from app.callbacks import clicked
from irlcore.tracks.trips.histogram import Histogram

FOLDER = Path(__file__).parent / "js"
LARGEST = 1e15  # a cut that a browser may send

_picture = st.components.v2.component("motive_gaps", css=(FOLDER / "gaps.css").read_text(encoding="utf-8"),
                                      js=(FOLDER / "gaps.js").read_text(encoding="utf-8"))


def gap_picture(histogram: Histogram, label: str, unit: str, cut: float, box: str) -> None:
    """Draw it. unit: as the axis has it, "s" for times. cut: where it is now, in the unit; infinite for none. box: the key of the
    number box that a new cut goes to, 0 for none."""
    key = f"{box}_picture"
    data = {"label": label, "unit": unit, "low": histogram.low, "high": histogram.high, "counts": list(histogram.counts),
            "of": sum(histogram.counts) + histogram.zero, "cut": cut if math.isfinite(cut) else 0.0}

    def take() -> None:
        state: Any = session.chosen(key, {})
        heed_cut(state.get("cut") if isinstance(state, Mapping) else None, box)

    _picture(key=key, data=data, on_cut_change=clicked(take))


def heed_cut(sent: object, box: str) -> None:
    """Set the box to a cut that a browser sent; what is no such number is let go."""
    if isinstance(sent, int | float) and not isinstance(sent, bool) and 0.0 <= sent <= LARGEST:
        session.choose(**{box: float(sent)})
