"""Where the sequences of a log end: said by the analyst, suggested by how they end shortly before the log does."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from irlcore.errors import DataError
from irlcore.quantities import plain
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.attributes import column_of, label_counts
from irlcore.tracks.logs.endings import (
    ALL_ENDED,
    MINUTE_S,
    Endings,
    Guess,
    ending_columns,
    last_counts,
    still_running,
    told,
    usual_pause,
)
from irlcore.tracks.times.parts import DAY_S
from irlcore.tracks.times.zones import HOUR_S
from irlcore.tracks.tracks import LinkTracks

Way = Literal["last", "events", "column", "active"]
TITLE = "Where a sequence ends"
WORDS: dict[Way, str] = {"last": "With its last event, each of them", "events": "With certain events; others are still running",
                         "column": "As a column says", "active": "Those active at the end of the log are still running"}
HELP = ("A log is taken at some moment, and some sequences may go on after it. Taken as ended, each looks as if it had ended early, and "
        "any event as if it might be the last. One that is still running is judged by what it has done so far.")
UNITS = {"days": DAY_S, "hours": HOUR_S, "minutes": MINUTE_S, "seconds": 1.0}


def asked_endings(tracks: LinkTracks, guess: Guess, key: str, now: Endings | None = None) -> Endings | None:
    """Which sequences have ended; None where that cannot be, which is said. now: what holds so far, what is suggested where None."""
    first = guess.endings if now is None else now
    columns = ending_columns(tracks.attributes)
    able: dict[Way, bool] = {"last": True, "events": True, "column": bool(columns), "active": usual_pause(tracks) > 0.0}
    ways = [way for way, can in able.items() if can]
    at = way_of(first)
    way = st.selectbox(TITLE, ways, ways.index(at) if at in ways else 0, key=f"ends_{key}", format_func=WORDS.__getitem__, help=HELP)
    found = ALL_ENDED
    if way == "events":
        found = Endings(_events(tracks, first, key))
    elif way == "column":
        found = _column(tracks, columns, first, key)
    elif way == "active":
        within = _within(tracks, first, key)
        found = Endings(_events(tracks, first, f"{key}_active", "unless they were last seen with"), within=within)
    if way != "last" and not found.says:
        st.caption(as_markdown(f"{guess.said} Nothing is named yet, so each sequence is taken to end with its last event."))
        return found
    try:
        running = int(still_running(tracks, found).sum())
    except DataError as error:
        st.caption(as_markdown(guess.said))
        st.warning(as_markdown(f"{error.what} {error.fix}"), icon=":material/warning:")
        return None
    st.caption(as_markdown(f"{guess.said} {told(found, running, len(tracks))}"))
    return found


def way_of(endings: Endings) -> Way:
    """Which of the ways it is."""
    return "active" if endings.within > 0.0 else "column" if endings.column else "events" if endings.events else "last"


def _events(tracks: LinkTracks, first: Endings, key: str, title: str = "Events that end a sequence") -> tuple[str, ...]:
    many = last_counts(tracks)
    chosen = st.multiselect(title, list(many), [one for one in first.events if one in many], key=f"end_events_{key}",
                            placeholder="none named", format_func=lambda one: (
                                f"{as_markdown(one, NAME)} (the last of {plain(100.0 * many[one] / len(tracks), 2)} %)"))
    return tuple(chosen)


def _column(tracks: LinkTracks, columns: list[str], first: Endings, key: str) -> Endings:
    column = st.selectbox("Column that tells whether it has ended", columns, columns.index(first.column) if first.column in columns else 0,
                          key=f"end_column_{key}", format_func=lambda one: as_markdown(one, NAME))
    values = column_of(tracks.attributes, column)
    assert values is not None
    many = label_counts(values)
    chosen = st.multiselect("It has ended where that says", list(many), [one for one in first.values if one in many],
                            key=f"end_values_{key}_{column}", placeholder="nothing named",
                            format_func=lambda one: f"{as_markdown(one, NAME)} ({plain(100.0 * many[one] / len(tracks), 2)} %)")
    return Endings(column=column, values=tuple(chosen)) if chosen else ALL_ENDED


def _within(tracks: LinkTracks, first: Endings, key: str) -> float:
    usual = first.within if first.within > 0.0 else usual_pause(tracks)
    unit = next((name for name, size in UNITS.items() if usual >= size), "seconds")
    left, right = st.columns([2, 1])
    many = left.number_input("Active in the last", 0.0, None, float(round(usual / UNITS[unit], 3)), key=f"end_within_{key}",
                             help="Before the last event of the log. Usual pauses between the events of a sequence are shorter.")
    chosen = right.selectbox("Unit", list(UNITS), list(UNITS).index(unit), key=f"end_unit_{key}")
    return float(many) * UNITS[chosen]
