"""What a file of a map holds, before it is known what of it is needed: points, lines and areas with a name each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.tracks.files.shapefile import Form
from irlcore.tracks.plain_text import plain_text

NAME_FIELDS = ("name", "name_en", "nam", "label", "title", "street", "bezeichnung", "nom", "nombre")
"""Where names stand, the likeliest first, in small letters."""
SHORTENED = 200  # characters of a name that are kept


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """One feature. form: what it is. parts: each (V, 2) float64, a point, a line or a closed ring, outer rings to the left and holes to the
    right. number: from 1, as the file counts."""

    form: Form
    parts: tuple[np.ndarray, ...]
    name: str
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The features of a file. crs: the code of their projection, None where the file does not say. words: what tells of what kind they
    are, in small letters (names of fields and some values)."""

    label: str
    things: tuple[Thing, ...]
    crs: str | None
    words: frozenset[str]


def shortened(value: object) -> str:
    """A name as it is kept; "" for what is none."""
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return plain_text(str(value)[:SHORTENED]).strip() if known else ""
