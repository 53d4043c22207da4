"""What things are called in a world of each kind."""

from __future__ import annotations

from typing import get_args, get_type_hints

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.called import CALLED, called, n_distinct
from irlcore.worlds.history.build import Memory, build_history, history_size
from irlcore.worlds.world import World


def log() -> LinkTracks:
    events = np.array(["x", "y", "x", "x", "z"], object)
    return LinkTracks(np.array(["a", "b"], object), np.array([0, 3, 5]), events, pd.DataFrame(index=[0, 1]))


def test_every_kind_of_world_has_its_words() -> None:
    assert set(CALLED) == set(get_args(get_type_hints(World)["kind"]))
    world = build_history(log(), Memory(2, 1))
    assert (called(world).tracks, called(world).places, n_distinct(world)) == ("sequences", "events", 3)


def test_the_size_that_is_told_beforehand_is_not_less_than_what_is_built() -> None:
    for memory in (Memory(1, 1), Memory(2, 1), Memory(3, 2, ("x",))):
        states, choices = history_size(log(), memory)
        world = build_history(log(), memory)
        assert world.mdp.n_states - 1 <= states and world.mdp.n_choices <= choices == states * 4
