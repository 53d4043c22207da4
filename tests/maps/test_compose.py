"""A whole scene: what lies over what, the same objects again, zones and spots, and texts that stay data."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np

from irlcore.maps.compose import scene
from irlcore.maps.kept import once
from irlcore.maps.scene import Areas, Dots, Names, Style
from irlcore.maps.tracks import path_lines_layer
from irlcore.maps.zones import top_of
from irlcore.project.project import MapFile, Project
from tests.maps import lines_of, streets_project
from tests.report import EVIL, cells

RING = np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0.0]])
COAST = MapFile("coast", "coast", np.array([[0.0, -5.0], [30.0, -5.0]]), np.array([0, 2]), ("",))
SEA = MapFile("sea", "water", np.array([[0.0, -5.0], [30.0, -5.0], [30.0, -9.0], [0.0, -5.0]]), np.array([0, 4]), ("Bight",))


def laid() -> Project:
    project, _, _ = streets_project()
    return replace(project, zones={"old town": RING, EVIL: RING + 12.0}, spots={"pub": np.array([3.0, 4.0])}, map_files=(COAST, SEA))


def test_files_ground_and_zones_lie_below_what_is_drawn_and_names_above() -> None:
    project = laid()
    assert project.world is not None and project.paths is not None
    drawn = path_lines_layer(project.world, project.paths, np.arange(2), "flagged", Style("flagged"))
    made = scene(project, drawn, alt="a map")
    named = [layer.name for layer in made.layers]
    assert named == ["map water", "map coast", "roads", "zones", "flagged", "spots", "zone names 0", "zone names 1", "names of water"]
    assert made.keys == drawn.keys and made.unit == "m" and made.alt == "a map" and not made.y_down


def test_zones_have_colours_of_their_own_and_names_on_their_upper_rims() -> None:
    made = {layer.name: layer for layer in scene(laid(), ()).layers}
    areas, first, second = made["zones"], made["zone names 0"], made["zone names 1"]
    assert isinstance(areas, Areas) and lines_of(areas)[0] == [(float(x), float(y)) for x, y in RING]
    assert len({areas.styles[k].colour for k in areas.style}) == 2 and areas.styles[0].opacity < 0.3
    assert isinstance(first, Names) and isinstance(second, Names)
    assert first.texts == ("old town",) and second.texts == (EVIL,)
    assert first.xy.tolist() == [[4.5, 9.0]] and first.colour == areas.styles[0].colour
    assert top_of(RING, y_down=True).tolist() == [4.5, 0.0]


def test_spots_are_stars_with_their_names() -> None:
    star = next(layer for layer in scene(laid(), ()).layers if layer.name == "spots")
    assert isinstance(star, Dots) and star.symbol == "star" and star.labels == ("pub",) and star.xy.tolist() == [[3.0, 4.0]]


def test_the_same_project_gives_the_same_objects_even_after_other_changes_to_it() -> None:
    project = laid()
    one, two = scene(project, ()), scene(replace(project, notes="looked at", agent_class="x"), ())
    assert all(a is b for a, b in zip(one.layers, two.layers, strict=True)) and one.ground == two.ground
    renamed = scene(replace(project, zones={"older town": RING}), ())
    assert renamed.layers[2] is one.layers[2] and renamed.layers[3] is not one.layers[3]


def test_what_was_made_of_a_world_goes_with_it() -> None:
    project = laid()
    made = weakref.ref(scene(project, ()).layers[2].xy)
    assert made() is not None
    del project
    gc.collect()
    assert made() is None


def test_what_is_kept_is_what_was_made_of_just_these_arrays() -> None:
    anchor, other = np.zeros(2), np.zeros(2)
    made = once("test", (anchor,), "a", lambda: [1])
    assert once("test", (anchor,), "a", lambda: [2]) is made
    assert once("test", (anchor,), "b", lambda: [2]) is not made and once("test", (other,), "a", lambda: [2]) is not made


def test_places_with_other_numbers_have_the_same_ground() -> None:
    world = cells()
    order = np.array([4, 2, 0, 1, 3])
    again = replace(world, place_xy=world.place_xy[order], place_names=world.place_names[order])
    one, two = (scene(Project(world=w), ()) for w in (world, again))
    assert {tuple(xy) for xy in one.layers[0].xy} == {tuple(xy) for xy in two.layers[0].xy}
    assert one.bounds == two.bounds and one.layers[1].xy.tolist() == two.layers[1].xy.tolist()


def test_pictures_run_down_and_cells_let_water_through() -> None:
    world = replace(cells(), unit="px")
    project = Project(world=world, map_files=(SEA,))
    made = scene(project, ())
    tint = next(layer for layer in made.layers if layer.name == "open cells")
    assert made.y_down and tint.styles[0].opacity < 1.0  # type: ignore[union-attr]


def test_no_world_gives_the_layers_alone() -> None:
    assert scene(Project(), ()).layers == ()
