"""What the cells of a grid are asked: their shape, and the words about headings and slips."""

from __future__ import annotations

import streamlit as st

from irlcore.worlds.cells.kinds import Cells

HEADING = "Lets turns cost; as many times more states as a cell has moves: eight with squares, six with hexagons."
SLIP = "Chance that another move happens than the chosen one. Fits take some ten times as long."
SHAPES: dict[Cells, str] = {"squares": "Squares", "hexagons": "Hexagons"}


def cells_choice(now: Cells, key: str) -> Cells:
    """Which shape cells have."""
    options = list(SHAPES)
    found: Cells = st.radio("Cells", options, index=options.index(now), key=key, format_func=SHAPES.__getitem__, horizontal=True,
                            help="Squares have eight moves, four of them longer. Hexagons have six, all as long, and no preferred "
                                 "direction east or north: for open water and country.")
    return found
