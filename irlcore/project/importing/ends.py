"""Where the tracks of an import end, before there is a world for them, and what they seem to be after."""

from __future__ import annotations

import numpy as np

from irlcore.project.aims import Ways, classes_of, common_ends, exits, labels_of, ways_of_places, whole_ways
from irlcore.project.aims_suggested import Suggestion, kept_under, suggested_aim
from irlcore.project.as_read import guessed_class
from irlcore.project.project import ClassAim
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.cells.kinds import CELLS, Cells
from irlcore.worlds.world import World

MOST_CLASSES = 5
"""Whose aims are asked for; in the others each track's last place is its goal."""
MOST_LINKS = 2_000_000  # passed, that are put on their network to count how many arrive


def ways_of_points(tracks: Tracks, cell: float, cells: Cells, across: tuple[int, int]) -> tuple[Ways, np.ndarray]:
    """Where points go on cells of this size and shape, ``across`` = columns and rows of them; (n,) bool, which ways end at the border."""
    lattice = CELLS[cells](float(tracks.x.min()), float(tracks.y.min()), cell)
    column, row = (np.clip(at, 0, n - 1) for at, n in zip(lattice.cells_at(tracks.x, tracks.y), across, strict=True))
    ways = ways_of_places(row * across[0] + column, tracks.offsets)
    up, along = np.divmod(ways.end, across[0])
    return ways, (along <= 0) | (up <= 0) | (along >= across[0] - 1) | (up >= across[1] - 1)


def ways_of_links(world: World, tracks: LinkTracks) -> tuple[Ways, np.ndarray | None]:
    """The same of paths on their network; None where there are too many to put them on it."""
    if len(tracks.links) <= MOST_LINKS:
        ways = whole_ways(world, tracks)
        return ways, exits(world)[ways.end]
    return ways_of_places(tracks.links.astype(str), tracks.offsets), None


def suggested_aims(tracks: Tracks | LinkTracks, ways: Ways, out: np.ndarray | None
                   ) -> dict[str, tuple[Suggestion, dict[ClassAim, tuple[int, int]]]]:
    """Class -> what its tracks seem to be after, and how many are kept under each aim; of the commonest classes. out: as above."""
    column = guessed_class(tracks)
    labels = labels_of(tracks, column)[ways.index]
    found = {}
    for label in list(classes_of(tracks, column))[:MOST_CLASSES]:
        mine = labels == label if column else np.ones(len(labels), bool)
        arrives = None if out is None else out | np.isin(ways.end, common_ends(ways.end[mine]))
        found[label] = suggested_aim(ways, mine), kept_under(ways, mine, arrives)
    return found
