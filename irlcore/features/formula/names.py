"""What the names of a formula mean in a world, and which of them an analyst may use."""

from __future__ import annotations

import ast
import keyword
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.errors import did_you_mean
from irlcore.features.base import Context
from irlcore.features.formula.functions import FUNCTIONS, OF_THE_WORLD
from irlcore.features.formula.syntax import ParsedFormula
from irlcore.features.kinds.attribute import attribute_source
from irlcore.features.kinds.distance import straight_distance
from irlcore.features.kinds.step import Step
from irlcore.features.kinds.zone import inside_zone
from irlcore.tracks.attributes import known_counts
from irlcore.worlds.world import World

SOME_TEXTS = 5  # values offered of each column of text, the commonest


@dataclass(frozen=True, slots=True)
class Column:
    """Values as they are kept: one for each place, (L,), for each choice, (M,), or one for all, (). Objects where they are text."""

    values: np.ndarray
    by_place: bool = False


def _turn(world: World) -> np.ndarray:
    return np.nan_to_num(np.rad2deg(world.choice_turn), nan=0.0)


_OWN: dict[str, Callable[[World], np.ndarray]] = {
    "length": lambda world: world.choice_length,
    "turn": _turn,
    "step": lambda world: Step().column(world, Context(), {}),
    "pi": lambda world: np.asarray(np.pi),
}
"""Names that every world has, ahead of columns so called: the length of the step in the world's unit, its turn in degrees
(right positive, 0 where unknown), 1 for a step (0 for arriving at a place without extent), and pi."""


def named(parsed: ParsedFormula, node: ast.Name, world: World, context: Context) -> Column:
    """What a name stands for."""
    if node.id in _OWN:
        return Column(_OWN[node.id](world))
    columns = _word_columns(world)
    if node.id in columns:
        return Column(*attribute_source(world, columns[node.id]))
    what, fix = f"There is no name {node.id[:40]} in this world.", ""
    if node.id in ("hour", "weekday"):
        what, fix = f"This world carries no time of day, so there is no {node.id}.", "Build it from tracks with times, or leave it out."
    elif node.id in context.zones or node.id in context.spots:
        fix = f'It is a place: write distance("{node.id}")' + (f' or inside("{node.id}").' if node.id in context.zones else ".")
    elif node.id in FUNCTIONS or node.id in OF_THE_WORLD:
        fix = f"It is a function: write {FUNCTIONS[node.id].shown if node.id in FUNCTIONS else OF_THE_WORLD[node.id]}."
    names = [*_OWN, *columns]
    raise parsed.error(node, what, fix or did_you_mean(node.id, names) or f"Names: {', '.join(names[:20])}.")


def looked_up(parsed: ParsedFormula, call: ast.Call, function: str, name: str, world: World, context: Context) -> Column:
    """What a function of the world comes to."""
    if function == "attribute":
        columns = [*world.choice_attributes, *world.place_attributes]
        if name not in columns:
            raise parsed.error(call.args[0], f"There is no column {name[:40]!r} in this world.", _offer(name, columns, "Columns"))
        return Column(*attribute_source(world, name))
    places = [*context.zones, *(context.spots if function == "distance" else ())]
    if name not in places:
        if name in context.spots:
            raise parsed.error(call.args[0], f"{name!r} is a spot, and nothing is inside a spot.",
                               f'Write distance("{name}") < 100, or draw a zone.')
        what = f"There is no {'place' if function == 'distance' else 'zone'} {name[:40]!r}."
        raise parsed.error(call.args[0], what, _offer(name, places, "Draw it first. There are"))
    if not world.has_coordinates:
        raise parsed.error(call, "This world has no coordinates.", "Add node coordinates or shapes to the links.")
    of_places = straight_distance if function == "distance" else inside_zone
    return Column(of_places(world, context, name).astype(np.float64), True)


def formula_words(world: World, context: Context) -> dict[str, list[str]]:
    """What can be typed here, by group: names, columns of text, places, functions. Each entry is a piece of a formula."""
    columns = {**world.place_attributes, **world.choice_attributes}
    words = {column: word for word, column in _word_columns(world).items() if word not in _OWN}
    typed = {name: words.get(name, f"attribute({_quoted(name)})") for name in columns}
    places = [f"distance({_quoted(name)})" for name in [*context.spots, *context.zones]] if world.has_coordinates else []
    zones = [f"inside({_quoted(name)})" for name in context.zones] if world.has_coordinates else []
    own = [name for name in _OWN if (name != "length" or np.isfinite(world.choice_length).all())
           and (name != "turn" or np.isfinite(world.choice_turn).any())]
    return {
        "names": [*own, *(typed[name] for name, values in columns.items() if values.dtype != object)],
        "columns of text": [f"{typed[name]} == {_quoted(value)}" for name, values in columns.items() if values.dtype == object
                            for value in [*known_counts(values)][:SOME_TEXTS]],
        "places": [*dict.fromkeys(places), *zones],
        "functions": [function.shown for function in FUNCTIONS.values()],
    }


def _offer(name: str, known: list[str], otherwise: str) -> str:
    return did_you_mean(name, known) or f"{otherwise}: {', '.join(known[:20]) or 'none'}."


def _word_columns(world: World) -> dict[str, str]:
    """Columns whose name is a word, by the form that the parser gives to words (NFKC); a column spelled so comes first."""
    words = [name for name in [*world.place_attributes, *world.choice_attributes] if name.isidentifier() and not keyword.iskeyword(name)]
    return {**{unicodedata.normalize("NFKC", name): name for name in words},
            **{name: name for name in words if unicodedata.is_normalized("NFKC", name)}}


def _quoted(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'
