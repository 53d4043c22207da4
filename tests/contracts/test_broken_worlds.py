"""``check_world`` catches what it says: for each part a world that breaks this part, and no part before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from irlcore.contracts.grounds import town
from irlcore.contracts.walks import grid_mdp
from irlcore.contracts.world import PARTS, check_world
from irlcore.errors import ContractBroken, WorldError
from irlcore.worlds.mdp import MDP, Goals, build_mdp
from irlcore.worlds.world import World
from tests.review.worlds import as_world


def spoiled(world: World) -> World:
    """A chance that somebody changed after the world was made."""
    world.mdp.probabilities[3] = 0.9
    return world


def circles() -> World:
    return as_world(build_mdp(3, np.arange(3), np.arange(3))[0])


class Unpicklable(World):
    """Keeps what no other process can have."""

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("an open file")


class OtherGoals(World):
    """Forgets a state of each goal."""

    def goals_at(self, places: np.ndarray) -> Goals:
        found = World.goals_at(self, places)
        return Goals(np.zeros_like(found.offsets), found.states[:0], found.names)


def as_other(kind: type[World], world: World) -> World:
    return kind(**{name: getattr(world, name) for name in World.__dataclass_fields__})


class Misled(MDP):
    """Plans on a graph where every choice stays, or on none."""

    def derived(self, make: Callable[..., object], *arguments: object, **named: object) -> object:  # type: ignore[override]
        if make.__name__ not in ("_graph", "_outline"):
            raise WorldError("Nobody can plan here.")
        stays = MDP(self.choice_offsets, self.successor_offsets, self.choice_state, self.probabilities, self.choice_state)
        return make(stays if self.state_ids is None else self, *arguments, **named)


def misled(world: World, ids: np.ndarray | None = None) -> World:
    mdp = world.mdp
    return replace(world, mdp=Misled(mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, mdp.choice_state, ids))


def same_ids(world: World) -> World:
    return replace(world, mdp=replace(world.mdp, state_ids=np.zeros(world.mdp.n_states, np.uint64)))


def moved(values: np.ndarray, at: int, to: object) -> np.ndarray:
    found = values.copy()
    found[at] = to
    return found


T = town()
BROKEN: dict[str, list[tuple[Callable[[], World], str]]] = {
    "sizes agree": [(lambda: replace(T, choice_length=T.choice_length[1:]), r"the shape \(67,\), and should have \(68,\)"),
                    (lambda: replace(T, kind="sea"), "kind is 'sea'"),  # type: ignore[arg-type]
                    (lambda: replace(T, choice_turn=T.choice_turn.astype(np.float32)), "float32")],
    "transitions are distributions": [(lambda: spoiled(town()), "choice 3 is 0.9, and should be 1")],
    "states are told apart": [(lambda: same_ids(T), "states 0 and 1 have one id")],
    "places are known": [(lambda: replace(T, place_of_state=T.place_of_state + 1), "state 23 lies in place 24, and there are 24"),
                         (lambda: replace(T, place_of_state=np.zeros(24, np.int64)), "place 1 has no state"),
                         (lambda: replace(T, place_names=moved(T.place_names, 1, T.place_names[0])), "the name of two places"),
                         (lambda: replace(T, place_names=moved(T.place_names, 1, 7)), "a place is called 7")],
    "shapes belong to places": [(lambda: replace(T, shape_offsets=T.shape_offsets + 1), "is 1, and should be 0"),
                                (lambda: replace(T, shape_offsets=moved(T.shape_offsets, 3, 0)), "fall after place 2")],
    "coordinates are whole": [(lambda: replace(T, place_xy=moved(T.place_xy, 2, [1.0, np.nan])), "place_xy of place 2"),
                              (lambda: replace(T, place_xy=moved(T.place_xy, 2, np.inf)), "row 2 of place_xy is infinite")],
    "lengths and turns are possible": [
        (lambda: replace(T, choice_length=moved(T.choice_length, 5, -2.0)), "choice 5 is -2, not a number of 0"),
        (lambda: replace(T, choice_turn=moved(T.choice_turn, 5, 90.0)), "choice 5 is 90, not a number from -pi")],
    "attributes are one a place or choice": [(lambda: replace(T, place_attributes={"lit": np.ones(3)}), "'lit' of places has the shape"),
                                             (lambda: replace(T, choice_attributes={"lit": np.ones(68, int)}), "is of int64"),
                                             (lambda: replace(T, place_attributes={"lit": np.array([1.0] * 24, object)}), "among texts")],
    "settings are plain values": [(lambda: replace(T, settings={"made": object()}), "no plain values")],
    "some place can be reached": [(circles, "no choice leads to another state"), (lambda: misled(T), "whether it leads to the goal")],
    "goals are places": [(lambda: as_other(OtherGoals, T), "the number of states of the goal at place 0 is 0, and should be 1")],
    "agents can be modelled in it": [(lambda: misled(T, T.mdp.ids), "it raises WorldError: Nobody can plan here")],
    "start features have columns": [(lambda: replace(T, kind="log"), "it raises KeyError")],
    "it goes to other processes and back": [(lambda: as_other(Unpicklable, T), "an open file")],
    "it goes through a project file and comes back": [
        (lambda: replace(T, settings={"stay_s": 60.0}), "no choice to stay"),
        (lambda: replace(T, settings={**T.settings, "cell": 50.0}), "are a grid's, and the world is a network")],
}


@pytest.mark.parametrize(("part", "make", "words"), [(part, *one) for part, all_of_it in BROKEN.items() for one in all_of_it],
                         ids=[f"{part} {k}" for part, all_of_it in BROKEN.items() for k in range(len(all_of_it))])
def test_what_breaks_a_part_is_caught_there(part: str, make: Callable[[], World], words: str) -> None:
    world = make()
    with pytest.raises(ContractBroken, match=words) as caught:
        check_world(world, parts=[part])
    assert caught.value.part == part and world.kind in caught.value.case
    check_world(world, parts=list(PARTS)[:list(PARTS).index(part)])


def test_every_part_is_broken() -> None:
    assert list(BROKEN) == list(PARTS)


def test_what_was_checked_is_told() -> None:
    found = check_world(T)
    assert found.parts == tuple(PARTS) and "24 places" in found.cases[0]
    assert str(found).startswith("World (network): 15 parts of the contract hold in 1 case.")
    assert str(found).endswith("Of 24 places, 0 cannot be reached from another and 0 cannot be left.")
    lone = check_world(as_world(grid_mdp(3, 3)), parts=["sizes agree"])
    assert str(lone).startswith("World (network): 1 part of the contract holds in 1 case.")
    with pytest.raises(ValueError, match="no part 'size'"):
        check_world(T, parts=["size"])
