"""What a kind of feature must keep of its columns: finite, the same again, whatever the order of states, counted where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.contracts.filled_forms import Form, context, wrong_values
from irlcore.contracts.sameness import renumbered_mdp
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureKind, FeatureSpec
from irlcore.features.feature_set import feature_column
from irlcore.worlds.staying import stay_seconds
from irlcore.worlds.world import World

SAID = "my feature"
REORDERED = 1e-9
"""How far, of its largest value, a column may differ where states are numbered otherwise: sums come in another order."""


def available_where_it_works(here: Here, kind: FeatureKind, form: Form) -> None:
    """Either ``available`` is empty and the column can be computed, or it says what is missing and the column is refused with a fix."""
    missing = kind.available(form.world)
    here.need(isinstance(missing, str), f"available() gives {missing!r}", 'Give a sentence, or "" where the kind works.')
    if missing:
        error = here.refuses(lambda: _column(kind, form), FeatureError, f"the column, though available() says {missing!r},")
        here.need(bool(error.fix), f"the error {error.what!r} has no fix", "Say what to do, as the second argument of FeatureError.")
    else:
        _column(kind, form)


def one_finite_number(here: Here, kind: FeatureKind, form: Form) -> None:
    """(M,) float64, finite, and the same each time."""
    if kind.available(form.world):
        return
    column, again = _column(kind, form), _column(kind, form)
    here.need(isinstance(column, np.ndarray), f"the column is of type {type(column).__name__}", "Give a numpy array.")
    here.need(column.shape == (form.world.mdp.n_choices,), f"the column has the shape {column.shape}, and there are "
              f"{form.world.mdp.n_choices:,} choices", "Give one number for every choice.")
    here.need(column.dtype == np.float64, f"the column is of {column.dtype}, not of float64", "Return `column.astype(np.float64)`.")
    wrong = np.flatnonzero(~np.isfinite(column))
    here.need(not len(wrong), f"the column is {column[wrong[0]] if len(wrong) else 0} at choice {wrong[0] if len(wrong) else 0}",
              "Raise FeatureError where a number is not known, or give it one that means so.")
    here.same(again, column, "the column, computed once more,", where=_choice)


def the_callers_own(here: Here, kind: FeatureKind, form: Form) -> None:
    """Whoever changes a column changes nothing of the world, and computing it does not either."""
    if kind.available(form.world):
        return
    before = _arrays_of(form.world)
    kept = {name: values.copy() for name, values in before.items()}
    column = _column(kind, form)
    for name, values in before.items():
        here.need(_equal(values, kept[name]), f"{name} of the world is another once the column was computed", "Change copies alone.")
    column[:] = -7.0
    changed = [name for name, values in before.items() if not _equal(values, kept[name])]
    for name in changed:
        before[name][...] = kept[name]  # it is the caller's world
    here.need(not changed, f"{', '.join(changed)} of the world changes with the column", "Return a copy.")


def left_out_is_the_default(here: Here, kind: FeatureKind, form: Form) -> None:
    """A parameter that has a default may be left out."""
    if kind.available(form.world):
        return
    for p in kind.parameters:
        if p.default is not None:
            full = {**form.params(kind), **({p.name: p.default} if p.name in form.picked else {})}
            without = {name: value for name, value in full.items() if name != p.name}
            here.at(f"parameter {p.name!r} left out").same(_column(kind, form, without), _column(kind, form, full), "the column",
                                                           where=_choice)


def every_option(here: Here, kind: FeatureKind, form: Form) -> None:
    """Each option of a choice gives finite numbers, and the default is one of them."""
    for p in kind.parameters:
        here.need(bool(p.label), f"its parameter {p.name!r} has no label", "The form shows it.")
        here.need(p.type != "choice" or p.default in p.options, f"the default {p.default!r} of {p.name!r} is none of {p.options}")
        for option in () if kind.available(form.world) else p.options:
            column = _column(kind, form, {**form.params(kind), p.name: option})
            here.need(np.isfinite(column).all(), f"the column is not finite where {p.name!r} is {option!r}")


def wrong_values_are_refused(here: Here, kind: FeatureKind, form: Form) -> None:
    """FeatureError with the feature's name and a fix, for columns, zones and places that are not there too."""
    if kind.available(form.world):
        return
    for p in kind.parameters:
        for value in wrong_values(p):
            spec = FeatureSpec(SAID, kind.kind, {**form.params(kind), p.name: value})
            said = repr(value)[:60]
            error = here.refuses(lambda s=spec: feature_column(s, form.world, context(form.world)), FeatureError,  # type: ignore[misc]
                                 f"{p.name} = {said}")
            here.need(SAID in error.what and bool(error.fix), f"the error for {p.name} = {said} has no fix: {error.what!r}",
                      "Say what to do, as the second argument of FeatureError.")


def order_of_states(here: Here, kind: FeatureKind, form: Form) -> None:
    """The same number at the same choice, however states, choices and places are numbered. Looked at where the order means nothing: in a
    network without time bands and stays (the cells of a grid and the contexts of a log lie in an order of their own)."""
    world = form.world
    if world.kind != "network" or world.n_bands > 1 or stay_seconds(world) > 0.0 or kind.available(world):
        return
    for seed in range(2):
        other, order = renumbered_world(world, np.random.default_rng(seed))
        params, column = form.params(kind), _column(kind, form)
        moved = kind.column(other, context(other, int(np.flatnonzero(order == 0)[0])), params)
        here.at(f"states in the order of seed {seed}").same(moved, column[order], "the column",
                                                            REORDERED * float(np.abs(column).max(initial=1.0)), _choice)


def counted_where_it_says(here: Here, kind: FeatureKind, form: Form) -> None:
    """A column that other training paths change is one that ``counts_tracks``: a training path is then judged without itself."""
    world = form.world
    if kind.available(world) or world.mdp.n_choices < 2:
        return
    params, last = form.params(kind), world.mdp.n_choices - 1
    one, other = (kind.column(world, context(world, choice), params) for choice in (0, last))
    hangs = not np.array_equal(one, other)
    here.need(kind.counts_tracks(params) or not hangs, "the column hangs on the training paths, and counts_tracks() is False",
              "Return True there: a training path must be judged without itself.")


def renumbered_world(world: World, rng: np.random.Generator) -> tuple[World, np.ndarray]:
    """The same ground with states, choices and places in another order; and each new choice's old one."""
    mdp, new, order = renumbered_mdp(world.mdp, rng)
    places = rng.permutation(world.n_places)  # places[k]: where place k goes
    back, was = np.argsort(places), np.argsort(new)
    spans = [np.arange(world.shape_offsets[p], world.shape_offsets[p + 1]) for p in back]
    shape_offsets = np.concatenate(([0], np.cumsum([len(span) for span in spans]))).astype(np.int64)
    shape = world.shape_xy[np.concatenate(spans).astype(np.int64)] if len(spans) else world.shape_xy
    return replace(world, mdp=mdp, place_of_state=places[world.place_of_state][was], place_names=world.place_names[back],
                   place_xy=world.place_xy[back], shape_xy=shape, shape_offsets=shape_offsets, choice_length=world.choice_length[order],
                   choice_turn=world.choice_turn[order], place_attributes={n: v[back] for n, v in world.place_attributes.items()},
                   choice_attributes={n: v[order] for n, v in world.choice_attributes.items()}), order


def _column(kind: FeatureKind, form: Form, params: Mapping[str, Any] | None = None) -> np.ndarray:
    return kind.column(form.world, context(form.world), form.params(kind) if params is None else params)


def _arrays_of(world: World) -> dict[str, np.ndarray]:
    """Every array of a world by its name, those of the MDP included."""
    own = ("place_of_state", "place_xy", "shape_xy", "shape_offsets", "choice_length", "choice_turn")
    of_mdp = ("choice_offsets", "successor_offsets", "successors", "probabilities", "choice_state")
    found = {name: getattr(of, name) for of, names in ((world, own), (world.mdp, of_mdp)) for name in names}
    return {**found, **world.place_attributes, **world.choice_attributes}


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _choice(at: tuple[int, ...]) -> str:
    return f"choice {at[0]}"
