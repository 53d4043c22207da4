"""A world with a clock: one copy of the same world for each time band in which a trip may start.

With B bands over a world of S states and M choices, state (band, s) is ``band * S + s`` and choice (band, m) is
``band * M + m``. No step leads from one copy to another: a trip stays in the copy of the band in which it *starts*, however
long it is under way. Places are the same in all copies, so zones, maps and attributes of places work as before, and the goal
that covers a place covers its copies: trips to one place share one goal and are solved together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from irlcore.errors import WorldError
from irlcore.tracks.bounds import MOST_EDGES
from irlcore.worlds.mdp import MDP, Goals, Paths
from irlcore.worlds.world import World

Days = Literal["all", "weekday and weekend", "each day"]
GROUPS: dict[str, tuple[str, ...]] = {
    "all": ("",), "weekday and weekend": ("weekdays", "weekend"),
    "each day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
WEEKEND = 5  # Saturday; Monday is 0
HOUR_S, DAY_S = 3600.0, 86_400.0
MOST_CHOICES = 20_000_000
ADDED = ("hour", "weekday")


@dataclass(frozen=True, slots=True)
class Bands:
    """When a trip may start: the hours of the day between ``edges``, and the ``days`` told apart.

    edges: hours in [0, 24), rising; the last band goes on past midnight to the first edge. Without edges only days are told
    apart. The day is the calendar day on which the trip starts: a night belongs to two. Bands of the first days come first.
    WorldError where that makes no bands.
    """

    edges: tuple[float, ...] = ()
    days: Days = "all"

    def __post_init__(self) -> None:
        if self.days not in get_args(Days):
            raise WorldError(f"Days cannot be told apart as {self.days!r}.", f"Choose one of: {', '.join(get_args(Days))}.")
        hours = np.asarray(self.edges, np.float64)
        wrong = hours[~((hours >= 0.0) & (hours < 24.0))]
        if len(wrong):
            raise WorldError(f"{wrong[0]:g} is no hour at which a band can begin.", "Name hours from 0 up to, not including, 24.")
        if len(hours) == 1:
            raise WorldError(f"One edge, {hours[0]:g}, makes no bands.", "Name two hours or more at which bands begin.")
        if (np.diff(hours) <= 0.0).any():
            raise WorldError(f"The hours {', '.join(f'{h:g}' for h in hours)} do not rise.", "Name each once, from early to late.")
        if len(hours) > MOST_EDGES:
            raise WorldError(f"There are {len(hours):,} hours at which bands begin.", f"Name {MOST_EDGES:,} at most.")
        if not len(hours) and self.days == "all":
            raise WorldError("There are neither hours nor days to tell apart.", "Name hours at which bands begin, or tell days apart.")

    @property
    def n_bands(self) -> int:
        """B, the number of bands."""
        return len(GROUPS[self.days]) * max(len(self.edges), 1)

    @property
    def spans(self) -> tuple[str, ...]:
        """The spans of hours within a day, as "6-10"; empty without edges."""
        return tuple(f"{hour_text(a)}-{hour_text(b)}" for a, b in zip(self.edges, (*self.edges[1:], *self.edges[:1]), strict=True))

    @property
    def labels(self) -> tuple[str, ...]:
        """(B,) what each band is called, as "weekdays 6-10"."""
        return tuple(f"{day} {span}".strip() for day in GROUPS[self.days] for span in self.spans or ("",))

    @property
    def name(self) -> str:
        """All bands in a few words."""
        days = {"all": "", "weekday and weekend": "weekdays and weekend apart", "each day": "each day of the week apart"}[self.days]
        return ", ".join(part for part in (", ".join(self.spans), days) if part)

    @property
    def hours(self) -> np.ndarray:
        """(B,) float64: the hour at which each band begins, so that ``hour >= 22`` holds for what starts from 22 on; 0 without edges."""
        return np.tile(np.asarray(self.edges or (0.0,), np.float64), len(GROUPS[self.days]))

    @property
    def weekdays(self) -> np.ndarray:
        """(B,) float64: 0 = Monday to 6. Where weekend and other days are told apart 5 stands for the one and 0 for the others,
        so that 5 and more is the weekend; NaN where no days are."""
        first = {"all": [np.nan], "weekday and weekend": [0.0, float(WEEKEND)], "each day": np.arange(7.0)}[self.days]
        return np.repeat(np.asarray(first, np.float64), max(len(self.edges), 1))

    def band_of(self, seconds: np.ndarray) -> np.ndarray:
        """(N,) int64: the band of each time, -1 where it is not finite. seconds: (N,) since 1970, or of the day where no days
        are told apart."""
        seconds = np.asarray(seconds, np.float64)
        known = np.isfinite(seconds)
        day, of_day = np.divmod(np.where(known, seconds, 0.0), DAY_S)
        span = np.zeros(len(seconds), np.int64)
        if self.edges:
            span = (np.searchsorted(np.asarray(self.edges) * HOUR_S, of_day, side="right") - 1) % len(self.edges)
        weekday = (day.astype(np.int64) + 3) % 7  # 1970 began on a Thursday
        group = {"all": np.zeros_like(weekday), "weekday and weekend": (weekday >= WEEKEND).astype(np.int64), "each day": weekday}
        return np.where(known, group[self.days] * max(len(self.edges), 1) + span, -1)


def hour_text(hour: float) -> str:
    """6 as "6", 6.5 as "6:30"."""
    minutes = round(float(hour) * 60.0)
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes % 60 else f"{minutes // 60}"


def read_edges(text: str) -> tuple[float, ...]:
    """Edges as an analyst types them, "6, 10, 16:30, 20", in any order; 24 is 0. WorldError names what is no hour."""
    hours = set()
    for part in text.replace(";", ",").replace(",", " ").split():
        whole, _, minutes = part.partition(":")
        try:
            hour = float(whole) + float(minutes or 0.0) / 60.0
        except ValueError as error:
            raise WorldError(f"{part!r} is no hour.", "Type hours as 6, 10, 16:30, 20.") from error
        hours.add(0.0 if hour == 24.0 else hour)
    return tuple(sorted(hours))


def clock_of(world: World) -> Bands | None:
    """The bands of a world's clock, None where it has none."""
    clock = world.settings.get("clock")
    return Bands(tuple(clock["edges"]), clock["days"]) if clock else None


def with_clock(world: World, bands: Bands) -> World:
    """The world once for each band. Choices gain the attributes ``hour`` (``Bands.hours``) where bands have edges and
    ``weekday`` (``Bands.weekdays``) where days are told apart."""
    if world.n_bands > 1:
        raise WorldError("This world has a clock already.", "Take the old one away first.")
    taken = [name for name in ADDED if name in world.choice_attributes or name in world.place_attributes]
    if taken:
        raise WorldError(f"Your tables have a column {taken[0]!r}, which is what the clock would be called.", "Rename the column.")
    n, m = bands.n_bands, world.mdp.n_choices
    if n * m > MOST_CHOICES:
        raise WorldError(f"{n} bands of {m:,} choices are more than {MOST_CHOICES:,}.", "Choose fewer bands, or larger cells.")
    attributes = {name: np.tile(values, n) for name, values in world.choice_attributes.items()}
    if bands.edges:
        attributes["hour"] = np.repeat(bands.hours, m)
    if bands.days != "all":
        attributes["weekday"] = np.repeat(bands.weekdays, m)
    clock: Mapping[str, Any] = {"edges": [float(e) for e in bands.edges], "days": bands.days, "n_bands": n}
    return replace(world, mdp=_copies(world.mdp, n), place_of_state=np.tile(world.place_of_state, n),
                   choice_length=np.tile(world.choice_length, n), choice_turn=np.tile(world.choice_turn, n),
                   choice_attributes=attributes, settings={**world.settings, "clock": clock})


def without_clock(world: World) -> World:
    """The ground of a world with a clock: its first copy; another world as it is."""
    if world.n_bands == 1:
        return world
    mdp, n = world.mdp, world.n_bands
    s, m = mdp.n_states // n, mdp.n_choices // n
    outcomes = mdp.successor_offsets[m]
    first = MDP(mdp.choice_offsets[:s + 1], mdp.successor_offsets[:m + 1], mdp.successors[:outcomes], mdp.probabilities[:outcomes],
                mdp.choice_state[:m], None if mdp.state_ids is None else mdp.state_ids[:s], mdp.choices_seen)
    return replace(world, mdp=first, place_of_state=world.place_of_state[:s], choice_length=world.choice_length[:m],
                   choice_turn=world.choice_turn[:m],
                   choice_attributes={k: v[:m] for k, v in world.choice_attributes.items() if k not in ADDED},
                   settings={k: v for k, v in world.settings.items() if k != "clock"})


def with_band(paths: Paths, ground: MDP, n_bands: int, band: np.ndarray) -> Paths:
    """Paths of the world without bands (its MDP is ``ground``) in the copies of the bands in which they start, (N,) int64.
    Each goal gains its states in all copies."""
    s, m, goals = ground.n_states, ground.n_choices, paths.goals
    sizes = np.diff(goals.offsets)
    shifts = np.arange(n_bands) * s
    states = [(shifts[:, None] + goals.of(g)).ravel() for g in range(len(goals))]
    everywhere = Goals(np.concatenate(([0], np.cumsum(sizes * n_bands))).astype(np.int64),
                       np.concatenate(states) if states else np.empty(0, np.int64), goals.names)
    return replace(paths, choices=paths.choices + m * band[paths.owner], last_state=paths.last_state + s * band, goals=everywhere)


def _copies(mdp: MDP, n: int) -> MDP:
    """``n`` copies of an MDP side by side, with no step between them."""
    def offsets(one: np.ndarray) -> np.ndarray:
        return np.append((np.arange(n)[:, None] * one[-1] + one[:-1]).ravel(), n * one[-1]).astype(np.int64)

    def states(one: np.ndarray) -> np.ndarray:
        return np.asarray((np.arange(n)[:, None] * mdp.n_states + one).ravel())

    return MDP(offsets(mdp.choice_offsets), offsets(mdp.successor_offsets), states(mdp.successors), np.tile(mdp.probabilities, n),
               states(mdp.choice_state), np.tile(mdp.ids, n), mdp.choices_seen)
