"""Both kinds of cells: neighbours, areas, which cell a point is in, straight lines; hexagons against slow references."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from irlcore.errors import WorldError
from irlcore.project.loading import with_grid, with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.worlds.cells.hexagons import Hexagons
from irlcore.worlds.cells.kinds import CELLS, Cells, lattice_of
from irlcore.worlds.cells.lattice import Lattice
from irlcore.worlds.grid import build_grid, cells_across, coarse_enough, grid_over, map_tracks

LATTICES = [kind(-3.0, 2.0, 2.5) for kind in CELLS.values()]
every_lattice = pytest.mark.parametrize("lattice", LATTICES, ids=lambda lattice: type(lattice).__name__)
every_kind = pytest.mark.parametrize("cells", CELLS)


def some_cells(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    return rng.integers(-9, 10, n), rng.integers(-9, 10, n)


@every_lattice
def test_moves_go_clockwise_from_north_and_lead_to_cells_that_touch(lattice: Lattice) -> None:
    column, row = some_cells()
    here = lattice.middles(column, row)
    for move in range(lattice.n_moves):
        there = lattice.moved(column, row, move)
        step = lattice.middles(*there) - here
        bearing = np.rad2deg(np.arctan2(step[:, 0], step[:, 1])) % 360.0
        np.testing.assert_allclose(bearing, lattice.first_bearing + 360.0 / lattice.n_moves * move, atol=1e-9)
        np.testing.assert_allclose(np.hypot(*step.T), lattice.lengths[move])
        assert (lattice.move_between((column, row), there) == move).all() and (lattice.moves_between((column, row), there) == 1).all()
        back = lattice.moved(*there, (move + lattice.n_moves // 2) % lattice.n_moves)
        assert (back[0] == column).all() and (back[1] == row).all()


@every_lattice
def test_cells_cover_the_plane_once(lattice: Lattice) -> None:
    column, row = (one.ravel() for one in np.meshgrid(np.arange(6), np.arange(6)))
    shapes = [shapely.Polygon(middle + lattice.outline) for middle in lattice.middles(column, row)]
    assert all(shape.area == pytest.approx(lattice.area) for shape in shapes)
    assert shapely.union_all(shapes).area == pytest.approx(36 * lattice.area)
    assert np.hypot(*lattice.outline.T).max() == pytest.approx(lattice.radius)


@every_lattice
def test_a_point_is_in_the_cell_with_the_nearest_middle(lattice: Lattice) -> None:
    xy = np.random.default_rng(3).uniform(-20.0, 20.0, (3000, 2))
    column, row = (one.ravel() for one in np.meshgrid(np.arange(-15, 16), np.arange(-15, 16)))
    middles = lattice.middles(column, row)
    near = np.argmin(((xy[:, None] - middles[None]) ** 2).sum(axis=2), axis=1)
    found = lattice.cells_at(xy[:, 0], xy[:, 1])
    np.testing.assert_array_equal(np.column_stack(found), np.column_stack((column[near], row[near])))


@every_lattice
def test_how_many_moves_it_takes_is_what_a_search_finds(lattice: Lattice) -> None:
    steps, front = {(0, 1): 0}, [(0, 1)]
    while front:
        at = front.pop(0)
        if steps[at] < 5:
            for move in range(lattice.n_moves):
                c, r = lattice.moved(np.array([at[0]]), np.array([at[1]]), move)
                if (int(c[0]), int(r[0])) not in steps:
                    steps[int(c[0]), int(r[0])] = steps[at] + 1
                    front.append((int(c[0]), int(r[0])))
    assert len(steps) == 1 + lattice.n_moves * 15  # rings of 1 to 5
    column, row = np.array(list(steps)).T
    np.testing.assert_array_equal(lattice.moves_between((np.zeros_like(column), np.ones_like(row)), (column, row)), list(steps.values()))


@every_lattice
def test_a_straight_line_is_a_chain_of_neighbours_near_it(lattice: Lattice) -> None:
    a, b = some_cells(200), tuple(one[::-1].copy() for one in some_cells(200))
    moves = lattice.moves_between(a, (b[0], b[1]))
    for k in np.flatnonzero(moves > 0):
        n = int(moves[k])
        start, end = (np.full(n + 1, a[0][k]), np.full(n + 1, a[1][k])), (np.full(n + 1, b[0][k]), np.full(n + 1, b[1][k]))
        column, row = lattice.between(start, end, np.arange(n + 1) / n)
        assert (column[0], row[0]) == (a[0][k], a[1][k]) and (column[-1], row[-1]) == (b[0][k], b[1][k])
        assert (lattice.moves_between((column[:-1], row[:-1]), (column[1:], row[1:])) == 1).all()
        line = shapely.LineString(lattice.middles(*(np.array([p[0], q[0]]) for p, q in zip(start, end, strict=True))))
        far = shapely.distance(shapely.points(lattice.middles(column, row)), line)
        assert far.max() <= lattice.radius * (1.0 + 1e-5)


def walk(n: int = 60, seed: int = 0) -> Tracks:
    rng = np.random.default_rng(seed)
    tracks = [np.cumsum(rng.normal(0.6, 1.0, (n, 2)), axis=0) for _ in range(6)]
    x, y = np.concatenate(tracks).T
    return Tracks(np.array([f"t{k}" for k in range(6)], object), np.arange(0, 6 * n + 1, n), np.tile(np.arange(n) * 10.0, 6), x, y,
                  pd.DataFrame(index=range(6)), "px")


@every_kind
def test_tracks_go_from_cell_to_neighbour_from_first_to_last_point(cells: Cells) -> None:
    tracks = walk()
    world = grid_over(tracks, 1.5, cells=cells)
    mapped = map_tracks(world, tracks)
    lattice, names = lattice_of(world.settings), {str(name): k for k, name in enumerate(world.place_names)}
    assert len(mapped.paths) == len(tracks) and not (mapped.problems["done"] == "dropped").any()
    mapped.paths.check_within(world.mdp)
    for k in range(len(tracks)):
        states = mapped.paths.states(world.mdp, k)
        points = slice(tracks.offsets[k], tracks.offsets[k + 1])
        column, row = lattice.cells_at(tracks.x[points], tracks.y[points])
        passed = [names[f"{c},{r}"] for c, r in zip(column, row, strict=True)]
        first = passed.index(passed[-1])  # a trip ends when it arrives
        merged = [p for p, q in zip(passed[:first + 1], [-1, *passed[:first]], strict=True) if p != q]
        left = iter(states.tolist())
        assert all(place in left for place in merged), "the cells of the points, in order, with others between"
        assert states[0] == passed[0] and states[-1] == passed[-1]


@pytest.mark.parametrize("heading", [False, True])
def test_hexagons_have_six_moves_as_long_as_they_are_wide(heading: bool) -> None:
    world = build_grid(0.0, 0.0, 40.0, 30.0, 3.0, "m", cells="hexagons", heading=heading)
    assert world.settings["cells"] == "hexagons" and world.n_places == world.settings["columns"] * world.settings["rows"] == 15 * 13
    assert np.diff(world.mdp.choice_offsets).max() == 6
    np.testing.assert_allclose(world.choice_length, 3.0)
    xy = world.place_xy[world.place_of_state]
    np.testing.assert_allclose(np.hypot(*(xy[world.mdp.successors] - xy[world.mdp.choice_state]).T), 3.0)
    if heading:
        turns = np.rint(np.rad2deg(world.choice_turn)).astype(int)
        assert set(turns.tolist()) == {-180, -120, -60, 0, 60, 120} and world.mdp.n_states == 6 * world.n_places
        ahead = world.mdp.choice_state % 6 == world.mdp.successors % 6
        np.testing.assert_array_equal(turns == 0, ahead)
    else:
        assert np.isnan(world.choice_turn).all()


def test_turning_right_is_positive_on_hexagons() -> None:
    """East, then south-east."""
    tracks = Tracks(np.array(["t"], object), np.array([0, 3]), np.arange(3.0), np.array([0.0, 1.0, 1.5]),
                    np.array([2.0, 2.0, 2.0 - np.sqrt(0.75)]), pd.DataFrame(index=range(1)))
    world = build_grid(-1.0, 2.0 - 2.0 * np.sqrt(0.75), 3.0, 4.0, 1.0, "m", cells="hexagons", heading=True)
    mapped = map_tracks(world, tracks)
    np.testing.assert_allclose(np.rad2deg(world.choice_turn[mapped.paths.choices]), [0.0, 60.0])


def test_blocked_zones_and_slip_hold_for_hexagons_too() -> None:
    ring = np.array([[10.0, 5.0], [30.0, 5.0], [30.0, 25.0], [10.0, 25.0], [10.0, 5.0]])
    free = build_grid(0.0, 0.0, 40.0, 30.0, 2.0, "m", cells="hexagons")
    world = build_grid(0.0, 0.0, 40.0, 30.0, 2.0, "m", cells="hexagons", blocked=[ring], slip=0.1)
    hit = shapely.contains_xy(shapely.Polygon(ring), *free.place_xy.T)
    assert world.n_places == int((~hit).sum()) and not shapely.contains_xy(shapely.Polygon(ring), *world.place_xy.T).any()
    assert not world.mdp.deterministic
    tracks = Tracks(np.array(["in", "round"], object), np.array([0, 2, 5]), np.arange(5.0), np.array([2.0, 38.0, 2.0, 20.0, 38.0]),
                    np.array([15.0, 15.0, 1.0, 1.0, 1.0]), pd.DataFrame(index=range(2)))
    mapped = map_tracks(world, tracks)
    assert mapped.paths.ids.tolist() == ["round"] and "enters a blocked cell" in mapped.problems["what"].tolist()[-1]


def test_too_many_or_impossible_hexagons_are_refused() -> None:
    with pytest.raises(WorldError, match="cells are more than"):
        build_grid(0.0, 0.0, 1000.0, 1000.0, 1.0, "m", cells="hexagons")


@every_kind
@pytest.mark.parametrize("box", [(1000.0, 1000.0), (7.0, 90_000.0), (0.003, 0.001), (123_456.0, 1.5)])
def test_the_cell_that_a_refusal_names_works(cells: Cells, box: tuple[float, float]) -> None:
    for most in (50, 977):
        cell = coarse_enough(*box, most, cells)
        columns, rows = cells_across(*box, cell, cells)
        assert columns * rows <= most and float(f"{cell:g}") == cell
        finer = cells_across(*box, 0.8 * cell, cells)
        assert finer[0] * finer[1] > 0.5 * most
    with pytest.raises(WorldError) as refused:
        build_grid(0.0, 0.0, 30.0, 20.0, 1.0, "m", cells=cells, most=100)
    named = float(refused.value.fix.split("at least ")[1].split(" m")[0])
    assert build_grid(0.0, 0.0, 30.0, 20.0, named, "m", cells=cells, most=100).n_places <= 100


@every_kind
def test_the_order_of_tracks_does_not_matter(cells: Cells) -> None:
    tracks, order = walk(), np.array([3, 0, 5, 1, 4, 2])
    world = grid_over(tracks, 1.5, cells=cells)
    one, other = map_tracks(world, tracks).paths, map_tracks(world, tracks.take(order)).paths
    for k, name in enumerate(other.ids):
        at = int(np.flatnonzero(one.ids == name)[0])
        np.testing.assert_array_equal(one.states(world.mdp, at), other.states(world.mdp, k))


def project_of(cells: Cells) -> Project:
    tracks = walk()
    imported = Imported(tracks, problem_table([]), len(tracks.t), 0, len(tracks), 0)
    return with_world(Project(), imported, grid_over(tracks, 1.5, cells=cells, heading=True))


@every_kind
def test_a_project_is_saved_opened_and_put_on_another_grid(cells: Cells) -> None:
    project = load_project(save_project(project_of(cells)))
    assert project.world is not None and project.world.settings.get("cells", "squares") == cells
    finer = with_grid(project, 1.0, False, 0.0, [])
    assert finer.world is not None and finer.world.settings.get("cells", "squares") == cells
    other: Cells = "squares" if cells == "hexagons" else "hexagons"
    turned = load_project(save_project(with_grid(finer, 1.0, True, 0.0, [], other)))
    assert turned.world is not None and turned.world.settings.get("cells", "squares") == other
    assert turned.paths is not None and len(turned.paths) == 6


def test_a_hexagon_is_no_wider_one_way_than_another() -> None:
    lattice = Hexagons(0.0, 0.0, 2.0)
    near = lattice.middles(*lattice.moved(np.array([4]), np.array([5]), 0)) - lattice.middles(np.array([4]), np.array([5]))
    assert np.hypot(*near[0]) == pytest.approx(2.0) and lattice.area == pytest.approx(2.0 * np.sqrt(3.0))
