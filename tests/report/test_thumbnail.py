"""Thumbnails are well-formed SVG that stays in its frame and shows where a feature is."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from irlcore.report.thumbnail import LEVELS, thumbnail
from irlcore.worlds.world import World
from tests.report import cells, plain_streets, projected_streets

SVG = "{http://www.w3.org/2000/svg}"
WORLDS = {"cells": cells, "streets": lambda: plain_streets()[0], "projected": lambda: projected_streets()[0]}
every_world = pytest.mark.parametrize("name", list(WORLDS))


def drawn(world: World, values: np.ndarray, **size: int) -> dict[str, np.ndarray]:
    """Vertices (V, 2) of each colour."""
    root = ElementTree.fromstring(thumbnail(world, values, **size))
    assert root.tag == f"{SVG}svg"
    return {path.get("stroke"): np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")), float)
            for path in root.iter(f"{SVG}path")}


@every_world
def test_it_is_well_formed_and_stays_in_its_frame(name: str) -> None:
    world = WORLDS[name]()
    found = drawn(world, np.linspace(0.0, 1.0, world.n_places), width=200, height=90)
    xy = np.concatenate(list(found.values()))
    assert (xy >= 3.9).all()
    assert (xy <= [196.1, 86.1]).all()
    assert max(np.ptp(xy[:, 0]) / 192.0, np.ptp(xy[:, 1]) / 82.0) > (0.45 if name == "cells" else 0.99)


@every_world
def test_every_place_is_drawn_once(name: str) -> None:
    world = WORLDS[name]()
    n = sum(len(xy) for xy in drawn(world, np.linspace(-1.0, 1.0, world.n_places)).values())
    assert n == (world.n_places if name == "cells" else 2 * world.n_places)


def test_a_place_of_value_zero_is_bare_and_the_largest_brightest() -> None:
    found = drawn(cells(), np.array([0.0, 0.0, 0.0, -3.0, 0.3]))
    assert {colour: len(xy) for colour, xy in found.items()}["#9AA5AF55"] == 3
    assert len(found) == 3
    least, most = (found[c] for c in list(found)[1:])
    assert most[0, 0] < least[0, 0]


def test_north_is_up_and_east_is_right() -> None:
    # of the streets only c leads north; d lies farthest east
    world, _ = plain_streets()
    north, east = (drawn(world, np.eye(4)[k]) for k in (2, 3))
    c, d = north[list(north)[-1]], east[list(east)[-1]]
    assert c[1, 1] < c[0, 1]
    assert c[1, 0] == c[0, 0]
    assert d[1, 0] == max(xy[:, 0].max() for xy in east.values())


def test_the_whole_scale_is_used_and_no_more() -> None:
    world = cells()
    assert len(drawn(world, np.arange(0.5, 5.0))) == LEVELS
    assert len(drawn(world, np.zeros(5))) == 1
    assert len(drawn(world, np.ones(5))) == 1


def test_without_coordinates_there_is_no_picture() -> None:
    world, _ = plain_streets()
    world.place_xy[:] = np.nan
    assert thumbnail(world, np.ones(4)) == ""
