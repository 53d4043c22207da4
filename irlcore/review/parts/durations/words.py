"""Times and places as sentences on pace say them."""

from __future__ import annotations

import numpy as np

from irlcore.quantities import plain, said_amount
from irlcore.review.parts.base import Material
from irlcore.worlds.street_names import street_names
from irlcore.worlds.world import A_PLACE, World

IN_A = {"grid": "in", "network": "on", "table": "in"}
SAME = 0.005
"""Less than half a per cent more or less is nothing to say."""


def names_of(material: Material) -> np.ndarray | None:
    """(L,) what the data itself calls each place, "" for none; None where it calls none by a name."""
    return street_names(material.world)


def place_said(material: Material, place: int) -> str:
    """"at Harbour Street", or "in cell 12,34" where the data has no name for it."""
    names = material.derived(names_of)
    if names is not None and str(names[place]).strip():
        return f"at {names[place]}"
    return f"{IN_A[material.world.kind]} {_called(material.world, place)}"


def between_said(material: Material, first: int, last: int) -> str:
    """"between Harbour Street and Mill Lane", or where, if both are called the same."""
    a, b = place_said(material, first), place_said(material, last)
    return a if a == b else f"between {a.split(' ', 1)[1]} and {b.split(' ', 1)[1]}"


def time_said(material: Material, amount: float) -> str:
    """"23 min", "1 sample"."""
    if material.clock == "s":
        return said_amount(amount, "s")
    said = plain(amount)
    return f"{said} sample{'' if said == '1' else 's'}"


def usual_said(material: Material, amount: float) -> str:
    """"40 s is usual", "3 samples are usual"; (what no clock can tell) "hardly any time is usual"."""
    if not amount > 0.0:
        return "hardly any time is usual"
    said = time_said(material, amount)
    return f"{said} {'are' if said.endswith('samples') else 'is'} usual"


def share_said(ratio: float) -> str:
    """A ratio of times: "11 % longer than is", "12 % less time than is", "2.3 times as long as is"; empty where it is nearly 1."""
    if abs(ratio - 1.0) < SAME:
        return ""
    if ratio >= 2.0:
        return f"{plain(ratio, 2)} times as long as is"
    return f"{100.0 * abs(ratio - 1.0):.0f} % {'longer' if ratio > 1.0 else 'less time'} than is"


def _called(world: World, place: int) -> str:
    return f"{A_PLACE[world.kind]} {world.place_names[place]}"
