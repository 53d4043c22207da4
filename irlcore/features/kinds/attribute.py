"""An attribute of the place that a choice leads to, or of the transition itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError, did_you_mean
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.tracks.attributes import MISSING, has_label, value_label, value_labels
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World

MOST_KEPT = 64  # columns whose labels are kept


@register
class Attribute(FeatureKind):
    """A number as it stands in the table, or 1 where it, or a text, equals a value; "(missing)" equals empty cells."""

    kind = "attribute"
    title = "Attribute of a choice or place"
    sentence = "A column of your tables: its number, or 1 where its text is the one you pick."
    parameters = (FeatureParameter("attribute", "Column", "attribute", help="A column of the links, cells or transitions."),
                  FeatureParameter("equals", "Only where it is", "text", "", help="Needed for columns of text."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        name = str(params.get("attribute", ""))
        values = attribute_values(world, name)
        equals = str(params.get("equals", "") or "")
        if equals:
            return _equal(world, name, values, equals)
        if values.dtype == object:
            raise FeatureError(f"The attribute {name!r} is text.", "Say which value of it you mean.")
        unknown = int(np.isnan(values).sum())
        if unknown:
            raise FeatureError(f"The attribute {name!r} is empty for {unknown} of {len(values)} choices.",
                               "Fill the column in, or choose another.")
        return values.astype(np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        if params.get("equals"):
            return f"1 where {params.get('attribute')} is {params['equals']}, else 0 (no unit)."
        return f"{params.get('attribute')} of the place it leads to, in the unit of its column."

    def available(self, world: World) -> str:
        return "" if world.place_attributes or world.choice_attributes else "Your tables have no attribute columns."


def attribute_values(world: World, name: str) -> np.ndarray:
    """A column of the tables at every choice, (M,) of numbers or of text; that of the transition itself comes first."""
    values, by_place = attribute_source(world, name)
    return values[world.choice_place] if by_place else values


def attribute_source(world: World, name: str) -> tuple[np.ndarray, bool]:
    """The same column as it is kept, and whether it has an entry for each place, (L,), and not for each choice."""
    if name in world.choice_attributes:
        return world.choice_attributes[name], False
    if name in world.place_attributes:
        return world.place_attributes[name], True
    known = [*world.place_attributes, *world.choice_attributes]
    raise FeatureError(f"There is no attribute {name!r} in this world.",
                       f"{did_you_mean(name, known)} Choose one of: {', '.join(known) or 'none'}.".strip())


def _equal(world: World, name: str, values: np.ndarray, wanted: str) -> np.ndarray:
    if values.dtype != object and wanted != MISSING:
        try:
            return (values == float(wanted)).astype(np.float64)
        except ValueError as error:
            raise FeatureError(f"{wanted!r} is not a number, but the attribute is.", f"Type a number, or {MISSING}.") from error
    if values.dtype != object:
        return has_label(values, wanted).astype(np.float64)
    source, by_place = attribute_source(world, name)
    there = _labels(world.mdp, source) == value_label(wanted)
    return (there[world.choice_place] if by_place else there).astype(np.float64)


def _labels(mdp: MDP, source: np.ndarray) -> np.ndarray:
    """How the values of a column (L,) or (M,) read: many candidates ask which of them are theirs."""
    shelf = mdp.derived(_shelf)
    found = next((labels for column, labels in shelf[0] if column is source), None)
    if found is None:
        found = value_labels(source)
        shelf[0] = (*shelf[0], (source, found))[-MOST_KEPT:]  # one record at once: another thread sees all of the old or all of the new
    return found


def _shelf(mdp: MDP) -> list[tuple[tuple[np.ndarray, np.ndarray], ...]]:
    """Columns that were asked for, and how their values read."""
    return [()]
