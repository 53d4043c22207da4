"""What the list of reviewed tracks shows: flagged ones at first, narrowed by verdict, place, time and score."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.review.component import OUTCOMES
from irlcore.analysis.listing import Filter, places_in_zone
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import rules_of, silenced
from irlcore.project.places import Places
from irlcore.project.project import Project
from irlcore.project.verdicts import CALLED
from irlcore.report.text import NAME, as_markdown, told_apart
from irlcore.review.parts.kinds import TITLES, UNITS
from irlcore.tracks.trips.dark_gaps import silences
from irlcore.worlds.world import World

SHOWN = {"flagged": "Flagged", "undecided": "Undecided", "understood": "Understood", "silenced": "Silenced", "all": "All"}
ANYWHERE, CLICKED = "anywhere", "the place clicked on the map"
DAY = (0.0, 24.0)
PLACE = "review place"
KEYS = ("with_verdict", "through", "between_hours", "least_score", "silent")


def asked(project: Project, world: World, review: Review, began: np.ndarray, places: Callable[[], Places]) -> Filter:
    """Draw the filters; what they ask for. began: (N,) seconds, empty where no times are known."""
    heed_clicked_place()
    left, right = st.columns([3.4, 1.0], vertical_alignment="center", gap="small")
    kinds = [one for one in SHOWN if one != "silenced" or rules_of(project)]
    if session.chosen("shown", "flagged") not in kinds:
        session.choose(shown="flagged")
    shown = left.segmented_control("Show", kinds, default="flagged", format_func=SHOWN.__getitem__, key="shown",
                                   persist_state="session", label_visibility="collapsed", required=True)
    narrowed = sum(_set(key) for key in KEYS)
    with right.popover(f"Filter ({narrowed})" if narrowed else "Filter", width="stretch"):
        outcomes = st.multiselect("Verdict", OUTCOMES, format_func=CALLED.__getitem__, key="with_verdict", persist_state="session",
                                  placeholder="any", help="Of those in the list above.")
        mask = _places(project, world, places)
        hours = None
        if len(began) and np.isfinite(began).any():
            hours = st.slider("Starts between (hours of the day)", *DAY, DAY, 0.5, key="between_hours", persist_state="session")
        least = _least(review)
        silent = _silent(project)
        st.button("Clear the filters", on_click=clicked(clear), key="clear_filters", disabled=not narrowed, width="stretch")
    return Filter(str(shown), tuple(outcomes), mask, None if hours is None or hours == DAY else hours, least, silent,
                  silenced(project, review).mask)


def heed_clicked_place() -> None:
    """Narrow the list to the place that was just clicked on this page's map, before the filters are drawn."""
    if session.found(PLACE, "clicked"):
        session.keep_found(PLACE, "clicked", False)
        session.choose(through=CLICKED)


def narrow_to(place: int) -> None:
    """From the next time that the page is drawn, list the tracks that pass a place."""
    session.look_at(place)
    session.keep_found(PLACE, "clicked", True)


def _set(key: str) -> bool:
    value = session.chosen(key, None)
    return value not in (None, [], (), ANYWHERE, DAY)


def clear() -> None:
    """Nothing narrowed any more."""
    session.choose(with_verdict=[], through=ANYWHERE, between_hours=DAY, least_score=None, silent=None)


def _places(project: Project, world: World, places: Callable[[], Places]) -> np.ndarray | None:
    """Which places a track has to pass, (L,) bool; None for any."""
    if not world.has_coordinates:
        return None
    at = session.looked_at()
    options = [ANYWHERE, *([CLICKED] if 0 <= at < world.n_places else []), *map(_zone, project.zones)]
    if session.chosen("through", ANYWHERE) not in options:
        session.choose(through=ANYWHERE)
    chosen = st.selectbox("Passes through", options, key="through", persist_state="session", format_func=told_apart(options).__getitem__,
                          help="A zone, or the place that you click on the map.")
    if chosen == CLICKED:
        st.caption(as_markdown(f"Clicked: {places().said(at)}.", NAME))
        found = np.zeros(world.n_places, bool)
        found[at] = True
        return found
    if chosen == ANYWHERE:
        return None
    name = str(chosen).removeprefix(_zone(""))
    return session.derived_on("places in zone", lambda: places_in_zone(project, world, name), project.zones, world, name)


def _zone(name: str) -> str:
    return f"zone: {name}"


def _silent(project: Project) -> float:
    """At least so many hours without a word, where gaps are known."""
    if project.tracks is None or not silences(project.tracks).any():
        return 0.0
    return float(st.number_input("A gap of at least (h), before or within", min_value=0.0, value=None, key="silent",
                                 persist_state="session", placeholder="any") or 0.0)


def _least(review: Review) -> float:
    values = review.values[review.order]
    if not np.isfinite(values).any():
        return -np.inf
    unit = UNITS[review.score]
    least = st.number_input(f"{TITLES[review.score]} of at least" + (f" ({unit})" if unit else ""), value=None, key="least_score",
                            persist_state="session", placeholder="any")
    return -np.inf if least is None else float(least)
