"""What a track did that can be told for certain from its way alone: went round in a circle, turned back, made a detour, passed its goal.

Circles and ways out and back are what the loop erasure of the way takes off it (Lawler, "A self-avoiding random walk", 1980): walk along
it, and whenever it comes to where it was, take off what lies between. A piece that goes over two spots and back is a turn; a ring of
three or more is a circle where it encloses something, else a way out and back, too. What the likeliest way does at the same spots is
nothing unusual, and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.review.words.amounts import STEPS, said_way
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.world import World

ROUND = 0.05  # least share of a disc's area with the same rim that a circle encloses; a square block has 0.79, a lane out and back 0
CELLS_BACK = 2  # cells out and back on a grid: one is noise as well
U_TURN = 3.0  # radians of a turn, where links have no lines that tell which are the two directions of one street
FARTHER = 0.1  # of the likeliest way's length: a detour worth a sentence
SAME_SPOT = 1e-4  # of a usual link from end to end: ends of links that lie nearer to each other are one spot


@dataclass(frozen=True, slots=True)
class Finding:
    """kind: what tracks that did the same have in common. amount: of it, in its own unit, for telling who did it most. sentence: whole;
    short: a line of a list; shared: what follows "as do most flagged tracks, it ..." and "three flagged tracks ...". placed: it is told
    with its place, so that it tells something even where all did it; where: what that is called, "" where that says nothing."""

    kind: str
    amount: float
    sentence: str
    short: str
    shared: str
    placed: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Where links begin and end, (L,) int64 each and xy (n, 2): the same spot for all that meet there; on a grid, and where links have no
    lines, every place is a spot of its own. measured: whether all steps have lengths; else every walk is told in steps, so that no two
    amounts that are put side by side have different units."""

    world: World
    begin: np.ndarray
    end: np.ndarray
    xy: np.ndarray
    measured: bool

    @property
    def meet(self) -> bool:
        """Whether links meet at spots."""
        return self.begin is not self.end


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A way as spots (n,) int64 without pauses, the place (n,) that each was come to by, and the length (n,) of the step that led there:
    0 at the start, and 1 where lengths are not known."""

    spots: np.ndarray
    places: np.ndarray
    length: np.ndarray
    unit: str

    def said(self, first: int, last: int) -> str:
        """How long the way from position ``first`` to ``last`` is."""
        return self.told(self.between(first, last))

    def between(self, first: int, last: int) -> float:
        """The same as a number."""
        return float(self.length[first + 1:last + 1].sum())

    def along(self, one: Excursion) -> float:
        """How long a piece is by itself, without the pieces inside it."""
        return float(self.length[list(one.steps)].sum())

    def told(self, amount: float) -> str:
        """A length of this walk in words."""
        return said_way(amount, self.unit)


@dataclass(frozen=True, slots=True)
class Excursion:
    """A piece of a walk that came back to where it began: positions first to last; round: a circle, else out and back. far: the position
    from which it turned back, or the middle of the circle. steps: the positions that its own steps led to; what else lies between first
    and last are pieces inside it."""

    first: int
    last: int
    far: int
    round: bool
    steps: tuple[int, ...]


def spots_of(world: World) -> Spots:
    """Spots of a world. Ends of links that lie within ``SAME_SPOT`` are the same; what is far off on the map makes that no wider."""
    measured = bool(np.isfinite(world.choice_length).all() and (world.choice_length > 0.0).any())
    count = np.diff(world.shape_offsets)
    if world.kind == "grid" or not len(world.shape_xy) or not (count > 1).any():
        own = np.arange(world.n_places)
        return Spots(world, own, own, world.place_xy, measured)
    lined = count > 1
    first, last = world.shape_offsets[:-1][lined], world.shape_offsets[1:][lined] - 1
    ends = np.concatenate((world.shape_xy[first], world.shape_xy[last]))
    chord = np.hypot(*(world.shape_xy[last] - world.shape_xy[first]).T)
    chord = chord[chord > 0.0]
    step = SAME_SPOT * float(np.median(chord)) if len(chord) else 1.0  # only loops
    _, where, spot = np.unique(np.round((ends - np.nanmin(ends, axis=0)) / step), axis=0, return_index=True, return_inverse=True)
    begin, end = (np.arange(world.n_places) + len(where) for _ in range(2))  # a link without a line is a spot of its own
    begin[lined], end[lined] = spot[:lined.sum()], spot[lined.sum():]
    xy = np.full((len(where) + world.n_places, 2), np.nan)
    xy[:len(where)] = ends[where]
    return Spots(world, begin, end, xy, measured)


def walk_of(spots: Spots, places: np.ndarray, choices: np.ndarray) -> Walk:
    """The walk over ``places`` (n + 1,) by ``choices`` (n,)."""
    world = spots.world
    length = np.concatenate(([0.0], world.choice_length[choices] if spots.measured else np.ones(len(choices))))
    at = spots.end[places]
    if spots.meet:
        at, places, length = (np.concatenate((one[:1], rest)) for one, rest in (
            (spots.begin[places], at), (places, places), (np.zeros(1), length)))
    moved = np.append(True, at[1:] != at[:-1])
    return Walk(at[moved], places[moved], length[moved], world.unit if spots.measured else STEPS)


def excursions(spots: Spots, walk: Walk) -> list[Excursion]:
    """The pieces of a walk that came back to where they began and that are no noise, in the order of their ends."""
    rings: list[tuple[list[int], tuple[int, ...]]] = []
    stack: list[int] = []
    came: list[int] = []  # when each spot of the stack was first come to: by the step that a ring through it takes
    at: dict[int, int] = {}
    for t, spot in enumerate(walk.spots.tolist()):
        if spot in at:
            k = at[spot]
            rings.append(([*stack[k:], t], (*came[k + 1:], t)))
            for gone in stack[k + 1:]:
                del at[int(walk.spots[gone])]
            stack[k:], came[k + 1:] = [t], []  # the latest time there: what was taken off is not counted again
        else:
            at[spot] = len(stack)
            stack.append(t)
            came.append(t)
    found: list[Excursion] = []
    for ring, steps in rings:
        back = _out_and_back(found, ring, steps) if len(ring) == 3 else None
        if back is not None:
            found[-1] = back
        else:
            far = ring[_farthest(spots.xy[walk.spots[ring]])]
            found.append(Excursion(ring[0], ring[-1], far, len(ring) > 3 and _encloses(spots, walk.spots[ring]), steps))
    return [one for one in found if one.round or not _is_noise(spots, walk, one)]


def _is_noise(spots: Spots, walk: Walk, one: Excursion) -> bool:
    """Whether a way out and back on a grid leads over fewer cells than ``CELLS_BACK``."""
    if spots.world.kind != "grid":
        return False
    out = lattice_of(spots.world.settings).moves_over(spots.xy[walk.spots[one.far]] - spots.xy[walk.spots[one.first]])
    return float(out) < CELLS_BACK - 1e-6


def _farthest(xy: np.ndarray) -> int:
    """Which corner (n, 2) of a ring is the farthest from where it began; the middle one without coordinates."""
    far = np.hypot(*(xy - xy[0]).T)
    return int(np.argmax(far >= far.max() * (1.0 - 1e-9))) if np.isfinite(far).all() else len(xy) // 2


def _out_and_back(found: list[Excursion], ring: list[int], steps: tuple[int, ...]) -> Excursion | None:
    """The last way out and back with one spot more, where the ring goes on from it."""
    if not found or found[-1].round or found[-1].last != ring[-1] - 1:
        return None
    return Excursion(ring[0], ring[-1], found[-1].far, False, (*found[-1].steps, *steps))


def _encloses(spots: Spots, ring: np.ndarray) -> bool:
    """Whether a ring of spots goes round something."""
    xy = spots.xy[ring]
    if not np.isfinite(xy).all():
        return True  # without coordinates: three spots or more, each once, and back
    xy = xy - xy[0]
    area = 0.5 * abs(float((xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum()))
    if spots.world.kind == "grid":  # by Pick's theorem: one middle of a cell or more lies inside the ring of middles
        return area / lattice_of(spots.world.settings).area >= (len(ring) - 1) / 2.0 - 1e-6
    rim = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    return 4.0 * np.pi * area >= ROUND * rim**2


@dataclass(frozen=True, slots=True)
class Parting:
    """A piece between two spots that two ways share: positions own (a, b) of the one and other (c, d) of the other. extra: how much longer
    the one is."""

    own: tuple[int, int]
    other: tuple[int, int]
    extra: float


def erased(walk: Walk, pieces: list[Excursion]) -> Walk:
    """The walk without these pieces."""
    kept = np.ones(len(walk.spots), bool)
    for one in pieces:
        kept[one.first + 1:one.last + 1] = False
    return Walk(walk.spots[kept], walk.places[kept], walk.length[kept], walk.unit)


def partings(walk: Walk, other: Walk) -> list[Parting]:
    """Where a walk leaves another one and comes back to it farther on, the last piece up to the ends of both."""
    where: dict[int, int] = {}
    for position, spot in enumerate(other.spots.tolist()):
        where.setdefault(spot, position)
    found, own, far = [], 0, 0
    for t, spot in enumerate(walk.spots.tolist()):
        c = where.get(spot, -1)
        if t == 0 or c <= far:
            continue
        if t - own > 1 or c - far > 1:
            extra = float(walk.length[own + 1:t + 1].sum() - other.length[far + 1:c + 1].sum())
            found.append(Parting((own, t), (far, c), extra))
        own, far = t, c
    return found
