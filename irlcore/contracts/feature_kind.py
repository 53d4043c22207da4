"""The contract of a kind of feature: what a subclass of ``FeatureKind`` must keep for forms, fits, reviews and files to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from irlcore.contracts import columns, told
from irlcore.contracts.checking import Checked, Here, Part, check_parts, chosen, made
from irlcore.contracts.filled_forms import Form, registered
from irlcore.contracts.grounds import worlds
from irlcore.errors import ContractBroken
from irlcore.features import kinds  # noqa: F401  registers those that come with Motive
from irlcore.features.base import FeatureKind
from irlcore.worlds.world import World

KindPart = Part[FeatureKind, Form]

CARD = "it has what its card shows"
"""Looked at first, whatever is asked: nothing can be told of a kind without a name."""
IN_EACH: Mapping[str, KindPart] = {
    "it is available exactly where its column can be computed": columns.available_where_it_works,
    "a column is one finite number a choice, the same each time": columns.one_finite_number,
    "a column is the caller's own": columns.the_callers_own,
    "the order of states changes no column": columns.order_of_states,
    "it says which columns are counted on tracks": columns.counted_where_it_says,
}
"""Parts that are looked at in every world."""
AT_HOME: Mapping[str, KindPart] = {
    CARD: told.what_its_card_shows,
    "a parameter left out is its default": columns.left_out_is_the_default,
    "every option of a parameter works": columns.every_option,
    "a wrong value is an error with a fix": columns.wrong_values_are_refused,
    "it is described with its unit": told.described_with_its_unit,
    "a description is complete without a unit": told.described_without_a_unit,
    "it goes through JSON and comes back": told.through_json,
    "it goes through a file of features and comes back": told.through_a_file_of_features,
    "it goes through a project file and comes back": told.through_a_project_file,
}
"""Parts that are looked at in the first world where the kind works."""
PARTS: Mapping[str, KindPart] = {**AT_HOME, **IN_EACH}


def home(kind: FeatureKind) -> World:
    """The first made-up world in which a kind works: most do in a town, those of time where there is a clock."""
    for world in worlds().values():
        if not kind.available(world):
            return world
    raise ContractBroken("it is available exactly where its column can be computed", f"the made-up worlds ({', '.join(worlds())})",
                         "it is available in none of them", "Give a world in which it works.")


def check_feature_kind(kind: type[FeatureKind] | FeatureKind, world: World | None = None, parameters: Mapping[str, Any] | None = None, *,
                       parts: Iterable[str] | None = None) -> Checked:
    """Check a kind of feature against the whole contract, as Motive's own tests do with every kind that comes with it.

    kind: a class, or an object of it; it need not be registered. world: where it is looked at; twelve small made-up worlds (towns, grids,
    logs, with and without coordinates, tables, chance, clock and stays) where none is given. parameters: what an analyst would pick, by
    name; where nothing is said their defaults, the zone "square" (SQUARE of ``contracts.filled_forms``), the spot "home", and the first
    column of numbers. parts: of ``PARTS``, all where None. Returns what was checked; raises ContractBroken at the first part that is
    broken, naming the world and the parameter, and the two numbers where numbers should agree.

    >>> import irlcore as ir
    >>> from irlcore.features.kinds.zone import Zone
    >>> len(ir.check_feature_kind(Zone).parts)
    14
    """
    one = made(kind, CARD)
    wanted, picked = chosen(PARTS, parts), dict(parameters or {})
    name = f"Kind of feature {getattr(one, 'kind', '')!r}"
    unknown = [p for p in picked if p not in {entry.name for entry in one.parameters}]
    if unknown:
        raise ValueError(f"{name} has no parameter {unknown[0]!r}.")
    everywhere = dict(worlds()) if world is None else {f"the given {world.kind}": world}
    told.what_its_card_shows(Here(CARD, f"its class {type(one).__name__}"), one, Form(next(iter(everywhere.values())), picked))
    with registered(one):
        cases = [(said, Form(there, picked)) for said, there in everywhere.items()]
        own = home(one) if world is None else world
        at_home = [(said, form) for said, form in cases if form.world is own]
        check_parts(name, {part: look for part, look in wanted.items() if part in AT_HOME}, one, at_home)
        check_parts(name, {part: look for part, look in wanted.items() if part in IN_EACH}, one, cases)
    works = [said for said, form in cases if not one.available(form.world)]
    return Checked(name, tuple(wanted), tuple(said for said, _ in cases), (f"It works in: {', '.join(works)}.",))
