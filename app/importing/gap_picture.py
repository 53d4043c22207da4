"""A histogram of gaps whose cut can be dragged: what it is sent, and where a cut goes that comes back.

The cut stands in a number box beside it, which is what counts: the picture shows what is typed there, and what it gives begins the box
anew. A box whose value is set from outside may be drawn with its former one, where the browser loads it late.
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
MOST_KEPT = 16  # boxes whose cut is remembered
LARGEST = 1e15  # a cut that a browser may send
HEIGHT = 140  # pixels, held before the browser has loaded the picture: what stands below would move

_picture = st.components.v2.component("motive_gaps", css=(FOLDER / "gaps.css").read_text(encoding="utf-8"),
                                      js=(FOLDER / "gaps.js").read_text(encoding="utf-8"))


def gap_picture(histogram: Histogram, label: str, unit: str, cut: float, box: str) -> None:
    """Draw it. unit: as the axis has it, "s" for times. cut: where it is now, in the unit; infinite for none. box: of the
    number box, as in ``box_of``."""
    key = f"{box}_picture"
    data = {"label": label, "unit": unit, "low": histogram.low, "high": histogram.high, "counts": list(histogram.counts),
            "of": sum(histogram.counts) + histogram.zero, "cut": cut if math.isfinite(cut) else 0.0}

    def take() -> None:
        state: Any = session.chosen(key, {})
        heed_cut(state.get("cut") if isinstance(state, Mapping) else None, box)

    _picture(key=key, data=data, on_cut_change=clicked(take), height=HEIGHT)


def heed_cut(sent: object, box: str) -> None:
    """Begin the box anew with a cut that a browser sent, 0 for none; what is no such number is let go."""
    if isinstance(sent, int | float) and not isinstance(sent, bool) and 0.0 <= sent <= LARGEST:
        session.keep_found("cut given", box, (box_of(box, 0.0)[0] + 1, float(sent)), MOST_KEPT)


def box_of(box: str, suggested: float) -> tuple[int, float]:
    """How often the picture has given a cut to this box, which its widget's key must tell, and what the box begins with."""
    given: tuple[int, float] | None = session.found("cut given", box)
    return given or (0, suggested)
