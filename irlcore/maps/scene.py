"""What is drawn, in the coordinates of the world: layers one above the other, each a few arrays.

A scene is plain data: the window packs it into bytes and draws it on a canvas (``app/map``), the report writes it as SVG. All texts are as
the data has them; whoever draws shows them as text. Things of a layer share few styles, so that a canvas strokes each style once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Picks = Literal["", "track", "place"]
"""What a click on a thing of a layer selects: nothing, the track or the place that ``ids`` names."""
Symbol = Literal["circle", "ring", "square", "star", "diamond"]


@dataclass(frozen=True, slots=True)
class Style:
    """colour: of ``palette.COLOURS``. width: pixels of a line. opacity: 0 to 1. halo: whether a rim in the page's ground colour sets the
    line apart from what is under it."""

    colour: str
    width: float = 1.5
    opacity: float = 1.0
    dash: bool = False
    halo: bool = False


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Lines:
    """n lines. xy: (V, 2) float64; line i is ``xy[offsets[i]:offsets[i + 1]]``, offsets (n + 1,) int64. style: (n,) uint8 into ``styles``.

    ids: (n,) str or empty; texts: (n,) str, what hovering says, or empty. shift_px: how far to the right of its own direction a line is
    drawn, in pixels, so that the two directions of a road do not hide each other. arrows: marks of direction along each line. begun: (n,)
    float64 seconds at which the track of a line began, for the filter by time, or empty.
    """

    name: str
    xy: np.ndarray
    offsets: np.ndarray
    styles: tuple[Style, ...]
    style: np.ndarray
    picks: Picks = ""
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    shift_px: float = 0.0
    arrows: bool = False
    begun: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Areas:
    """n polygons without holes; rings as in ``Lines``. styles: colour and opacity of the fill; the rim is ``width`` wide."""

    name: str
    xy: np.ndarray
    offsets: np.ndarray
    styles: tuple[Style, ...]
    style: np.ndarray
    picks: Picks = ""
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Cells:
    """n squares with the side ``cell`` round the middles xy (n, 2) float64."""

    name: str
    xy: np.ndarray
    cell: float
    styles: tuple[Style, ...]
    style: np.ndarray
    picks: Picks = ""
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Dots:
    """n marks at xy (n, 2) float64. radius: (n,) float32 pixels. symbol: of all of them. labels: (n,) str written beside, or empty."""

    name: str
    xy: np.ndarray
    radius: np.ndarray
    styles: tuple[Style, ...]
    style: np.ndarray
    symbol: Symbol = "circle"
    picks: Picks = ""
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Names:
    """n names in the middle of their things. xy: (n, 2) float64. angle: (n,) float32 radians, anticlockwise from the x axis, 0 for a level
    name. rank: (n,) float32, the largest is written first; what would cover an earlier name is left out."""

    name: str
    xy: np.ndarray
    texts: tuple[str, ...]
    angle: np.ndarray
    rank: np.ndarray
    colour: str = "text"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Moves:
    """n tracks to be played: xy (P, 2) and t (P,) float64, seconds (the step where not ``timed``), offsets (n + 1,) int64. ids: (n,).
    style: of the dot and its trail."""

    name: str
    xy: np.ndarray
    t: np.ndarray
    offsets: np.ndarray
    ids: tuple[str, ...]
    style: Style
    timed: bool = True


Layer = Lines | Areas | Cells | Dots | Names | Moves


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: a style with a mark, and what it stands for."""

    text: str
    style: Style
    mark: Literal["line", "area", "circle", "ring", "square", "star", "diamond"] = "line"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Scale:
    """A bar of colours in the legend: "value" or "residual", what its ends stand for and its title."""

    title: str
    colours: Literal["value", "residual"]
    low: str
    high: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Scene:
    """Layers from the lowest to the highest. bounds: x and y of the lowest and of the highest corner to be seen at first. unit: of the
    coordinates ("m": the scale bar says km where it is long). ground: tells worlds apart, so that the view is kept on every page as long
    as the ground is the same. y_down: of pictures. focus: (x, y, x, y) of what a change of selection should bring into view, or empty."""

    bounds: tuple[float, float, float, float]
    unit: str
    ground: str
    layers: tuple[Layer, ...]
    keys: tuple[Key, ...] = ()
    scale: Scale | None = None
    alt: str = ""
    y_down: bool = False
    focus: tuple[float, ...] = ()
