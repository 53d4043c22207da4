"""Every registered model of rationality keeps the public contract, in every shape of world."""

from __future__ import annotations

import pytest

from irlcore.contracts.checking import check_part
from irlcore.contracts.rationality import ANYWHERE, ONCE, SHAPES, TIED, TIED_SHAPES
from irlcore.contracts.walks import made_grounds, tied_ground
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import MODELS

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)


@every_model
@pytest.mark.parametrize("part", ONCE)
def test_once(model: Rationality, part: str) -> None:
    ground = made_grounds(SHAPES)[0]
    check_part(part, ONCE[part], model, ground, str(ground))


@every_model
@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=lambda k: f"slip {SHAPES[k][0]:g}, gamma {SHAPES[k][1]:g}")
@pytest.mark.parametrize("part", ANYWHERE)
def test_anywhere(model: Rationality, shape: int, part: str) -> None:
    ground = made_grounds(SHAPES)[shape]
    check_part(part, ANYWHERE[part], model, ground, str(ground))


@every_model
@pytest.mark.parametrize("shape", TIED_SHAPES, ids=lambda shape: f"slip {shape[0]:g}, gamma {shape[1]:g}")
@pytest.mark.parametrize("part", TIED)
def test_where_ways_tie(model: Rationality, shape: tuple[float, float], part: str) -> None:
    ground = tied_ground(*shape)
    check_part(part, TIED[part], model, ground, str(ground))


def test_the_parts_are_those_that_the_public_check_runs() -> None:
    from irlcore.contracts.rationality import PARTS
    assert {*ONCE, *ANYWHERE, *TIED} == set(PARTS) and len(PARTS) == len(ONCE) + len(ANYWHERE) + len(TIED)
