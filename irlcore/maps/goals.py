"""Candidate goals: how likely each is, by size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.maps.drawn import Drawn
from irlcore.maps.palette import OKABE_ITO
from irlcore.maps.scene import Dots, Key, Style

LEAST, MOST = 2.5, 17.0  # pixels: radii of goals that cannot be and that are certain
LABELLED, SAID = 5, 0.03  # the first so many have their names beside them, where at least so likely
OTHER = Style("other goals", 1.2, 0.9, halo=True)
RANKED = tuple(Style(f"class {k}", 1.2, 0.9, halo=True) for k in range(len(OKABE_ITO) - 1))
"""The colours of goals in the order in which a chart shows them; the last of the eight is a grey."""


def goal_dots(xy: np.ndarray, names: Sequence[str], probability: np.ndarray, rank: np.ndarray) -> Drawn:
    """Goals at xy (G, 2), NaN where unknown, as circles whose area grows with their probability (G,); the likeliest ones with names.

    rank: (G,) int, where each stands among those that a chart beside the map shows, -1 where it is none of them: each has the chart's
    colour, the others are grey.
    """
    xy, probability = np.asarray(xy, np.float64).reshape(-1, 2), np.asarray(probability, np.float64)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1) & np.isfinite(probability))
    order = known[np.lexsort((np.asarray(names, dtype=object).astype(str)[known], -probability[known]))]
    likely = probability[order]  # the likeliest first: its name finds room before the others, and no small circle lies hidden under it
    labels = [f"{names[g]}  {p:.0%}" if k < LABELLED and p >= SAID else "" for k, (g, p) in enumerate(zip(order, likely, strict=True))]
    style = np.where(rank[order] < 0, len(RANKED), rank[order] % len(RANKED))
    radius = (LEAST + (MOST - LEAST) * np.sqrt(np.clip(likely, 0.0, 1.0))).astype(np.float32)
    texts = tuple(f"{names[g]}: {p:.1%}" for g, p in zip(order, likely, strict=True))
    dots = Dots("possible goals", xy[order], radius, (*RANKED, OTHER), style.astype(np.uint8), "circle", texts=texts, labels=tuple(labels))
    return Drawn((dots,), (Key("possible goal, larger where likelier; coloured as in the list", OTHER, "circle"),))
