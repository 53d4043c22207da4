"""Every shape of world, and those of the samples, keep the public contract."""

from __future__ import annotations

import pandas as pd
import pytest

from irlcore.contracts.checking import check_part
from irlcore.contracts.grounds import worlds
from irlcore.contracts.walks import grid_mdp
from irlcore.contracts.world import PARTS, check_world
from irlcore.errors import ContractBroken
from irlcore.project.samples import SAMPLES, sample_project
from irlcore.worlds.world import World
from tests.review.worlds import as_world

UNPLACED = "grid without coordinates"
"""Made up for features: a grid knows where its cells lie."""
TABLE = pd.DataFrame({"state": ["old", "old", "new", "new"], "choice": ["keep", "replace", "keep", "keep"],
                      "next_state": ["old", "new", "new", "old"], "probability": [1.0, 1.0, 0.8, 0.2], "cost": [3.0, 9.0, 1.0, 1.0]})
EACH = {**{name: world for name, world in worlds().items() if name != UNPLACED}, "table": World.from_table(TABLE),
        "states by number": as_world(grid_mdp(3, 3, 0.1))}


@pytest.mark.parametrize("world", EACH.values(), ids=EACH)
@pytest.mark.parametrize("part", PARTS)
def test_each_world(world: World, part: str) -> None:
    check_part(part, PARTS[part], world, None, world.kind)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample(name: str) -> None:
    world = sample_project(name).world
    assert world is not None
    assert check_world(world).parts == tuple(PARTS)


def test_a_grid_that_does_not_know_where_its_cells_lie_goes_into_no_file() -> None:
    with pytest.raises(ContractBroken, match="not the middles of the cells"):
        check_world(worlds()[UNPLACED])
