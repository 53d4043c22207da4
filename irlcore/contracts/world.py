"""The contract of a world: what an object of ``World`` must keep for features, models, maps and files to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from irlcore.contracts import world_arrays, world_use
from irlcore.contracts.checking import Checked, Part, check_parts, chosen
from irlcore.worlds.world import World

WorldPart = Part[World, None]

PARTS: Mapping[str, WorldPart] = {
    "sizes agree": world_arrays.sizes_agree,
    "transitions are distributions": world_arrays.transitions,
    "states are told apart": world_arrays.states_told_apart,
    "places are known": world_arrays.places,
    "shapes belong to places": world_arrays.shapes,
    "coordinates are whole": world_arrays.coordinates,
    "lengths and turns are possible": world_arrays.lengths_and_turns,
    "attributes are one a place or choice": world_arrays.attributes,
    "settings are plain values": world_arrays.settings,
    "some place can be reached": world_use.reachable,
    "goals are places": world_use.goals,
    "agents can be modelled in it": world_use.modelled,
    "start features have columns": world_use.start_features,
    "it goes to other processes and back": world_use.to_other_processes,
    "it goes through a project file and comes back": world_use.through_a_project_file,
}


def check_world(world: World, *, parts: Iterable[str] | None = None) -> Checked:
    """Check a world against the whole contract, as Motive's own tests do with every shape of world that comes with it.

    parts: of ``PARTS``, all where None. Returns what was checked, with how many places can be reached and how many cannot; raises
    ContractBroken at the first part that is broken, naming the state, choice or place and the two numbers where numbers should agree.
    It is planned in towards one place, so a large world takes a few seconds.

    >>> import irlcore as ir
    >>> from irlcore.contracts.grounds import town
    >>> len(ir.check_world(town()).parts)
    15
    """
    said = f"a {world.kind} of {world.mdp.n_states:,} states, {world.mdp.n_choices:,} choices and {world.n_places:,} places"
    found = check_parts(f"World ({world.kind})", chosen(PARTS, parts), world, [(said, None)])
    return Checked(found.subject, found.parts, found.cases, (world_use.told_of_reach(world),))
