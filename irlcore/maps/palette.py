"""Colours by what they stand for, on a light and on a dark page: one table for the map in the window and for the one in the report.

Okabe-Ito for categories, cividis for values, blue to red through grey for residuals. What must be told apart is told apart by width, dash
or mark too, never by colour alone.
"""

from __future__ import annotations

from typing import NamedTuple

CLASSES, LEVELS = 8, 9
"""How many colours there are for categories ("class 0" ...), and for values ("value 0" ..., "residual 0" ...)."""


class Colour(NamedTuple):
    """"#rrggbb" on a light and on a dark page."""

    light: str
    dark: str


OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A000", "#999999")
CIVIDIS = ("#00224E", "#1B3B6E", "#3B4E6D", "#565D6D", "#707173", "#8A8678", "#A69D75", "#C4B56C", "#E8D34F")
RESIDUAL = ("#0A5CB4", "#3F83C6", "#74A9D9", "#97B0C4", "#969EA6", "#BF9885", "#E28460", "#D65843", "#CA2C24")
MARK = "#1580C8"
"""What a chart tells of, on either page: charts, unlike maps, are drawn before it is known which."""
ZONES = ("#7B61A8", "#2A8C82", "#B0577D", "#6D7F2C", "#946033", "#4D6FA8")
ZONES_DARK = ("#B9A3E3", "#5CC4B8", "#E695B7", "#AFC463", "#D6A06F", "#8FB0E6")
"""The same hues where the page is dark: the names of zones are to be read in them."""
SURPRISE, SURPRISE_DARK = (("#E8EEF4", "#FBE7C2", "#F8C586", "#EC8F4F", "#B93A0B"), ("#22303C", "#4A3D22", "#74501E", "#A65A17", "#F59A5C"))
ON_SURPRISE, ON_SURPRISE_DARK = (("#1B2733",) * 4 + ("#FFFFFF",), ("#E6EDF3",) * 3 + ("#FFFFFF", "#10161D"))
"""An event by how improbable it was, the least surprising first, and what is written on it."""

COLOURS: dict[str, Colour] = {
    "text": Colour("#1B2733", "#E6EDF3"), "halo": Colour("#FFFFFF", "#10161D"), "frame": Colour("#7F8C99", "#7F8C99"),
    "road": Colour("#B3BCC4", "#46525E"), "road main": Colour("#8B97A2", "#6B7986"), "road great": Colour("#66737F", "#93A1AE"),
    "open": Colour("#E6ECF1", "#1D2731"), "grid": Colour("#CBD5DD", "#2C3844"),
    "land": Colour("#EFEDE6", "#222A26"), "water": Colour("#DCEAF3", "#13222F"), "coast": Colour("#8FA3B0", "#55697A"),
    "flow": Colour("#4C6F94", "#7FA3C9"), "ordinary": Colour("#5F86B3", "#6F97C4"),
    "flagged": Colour("#C2410C", "#F28A4B"), "understood": Colour("#6B7280", "#9CA3AF"),
    "selected": Colour("#111827", "#FFFFFF"), "read": Colour("#7A1FA2", "#D9A6F2"),
    "likelier": Colour("#00795A", "#34C79E"), "worst": Colour("#FFC400", "#FFC400"),
    **{f"surprise {k}": Colour(*both) for k, both in enumerate(zip(SURPRISE, SURPRISE_DARK, strict=True))},
    **{f"on surprise {k}": Colour(*both) for k, both in enumerate(zip(ON_SURPRISE, ON_SURPRISE_DARK, strict=True))},
    "event": Colour("#DCE7F2", "#26384A"), "other goals": Colour("#BBBBBB", "#BBBBBB"), "drawn": Colour("#B3006B", "#FF7AC1"),
    **{f"class {k}": Colour(one, one) for k, one in enumerate(OKABE_ITO)},
    **{f"zone {k}": Colour(*both) for k, both in enumerate(zip(ZONES, ZONES_DARK, strict=True))},
    **{f"value {k}": Colour(one, CIVIDIS[max(k, 2)] if k < 2 else one) for k, one in enumerate(CIVIDIS)},
    **{f"residual {k}": Colour(one, one) for k, one in enumerate(RESIDUAL)},
}
"""What a ``Style.colour`` may be. The selected track is near black (white on a dark page) with a halo, so that it is told from whatever
lies under it; ordinary, reviewed and flagged ones have hues of their own."""
