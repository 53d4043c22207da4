"""What tells the events of a log apart beside their names: the hour, the wait, columns of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from app.importing.time_bands import ALL_DAY, DAYS, OWN, READY
from irlcore.errors import MotiveError, WorldError
from irlcore.quantities import counted
from irlcore.report.text import NAME, as_markdown, as_shown, told_apart
from irlcore.tracks.attributes import column_of, known_counts, label_counts
from irlcore.tracks.bounds import MOST_SHIFT_H
from irlcore.tracks.cells import shown
from irlcore.tracks.logs.waits import SO_FAR, WAIT
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import Bands, Days, read_edges
from irlcore.worlds.history.build import Memory, event_names, usual_fewest_kinds
from irlcore.worlds.history.classes import with_class
from irlcore.worlds.history.classifier import (
    MOST_VALUES,
    HourOf,
    Part,
    ValueOf,
    WaitOf,
    checked,
    classes_of,
    labels_of,
    since_event,
)
from irlcore.worlds.history.offered import DAY_AND_NIGHT, offered_columns, offered_values, offered_wait, tells_hours
from irlcore.worlds.history.typed import numbers_text, read_numbers, read_waits, waits_text

CLOCK, SINCE = "the hour of the day", "the wait since the event before"
BEGUN, AFTER = "the time since the sequence began", "the time since certain events"
HELP = ("An export at night may be odd where one by day is not. What comes next is then an event with its hour, its wait or its values; "
        "what it is held against is still which events came before, so that states stay as few.")
RARE_HELP = "Kinds that are seen less often count as one rare kind of their event. At 1 each stands for itself."
DAY_NIGHT = next(iter(READY))
HIGH, MOST_SHOWN = 150, 200
MOST_AFTER = 3
"""Events that times are counted from: each multiplies the kinds."""
Once = Callable[[str, Callable[[], object]], object]


def asked_kinds(tracks: LinkTracks, memory: Memory, key: str, once: Once) -> Memory | None:
    """The memory with what tells events apart, and how often a kind is seen that stands for itself; None where what is asked for cannot be,
    which is said. once: keeps what is worked out from the log while that is the same."""
    columns = once("kinds offered", lambda: offered_columns(tracks))
    hours, wait = once("hours told", lambda: tells_hours(tracks)), once("wait offered", lambda: offered_wait(tracks))
    assert isinstance(columns, list)
    options = [*([CLOCK] if hours else []), *([SINCE, BEGUN, AFTER] if wait is not None else []), *columns]
    if not options:
        return memory
    with st.expander("What tells events apart, beside their names", icon=":material/category:"):
        names = told_apart(options)
        chosen = st.multiselect("An event is also told apart by", options, key=f"kinds_{key}", format_func=names.__getitem__, help=HELP,
                                placeholder="its name alone")
        try:
            parts = tuple(checked(part) for one in options if one in chosen for part in _parts(tracks, one, key, once))
            if not parts:
                return memory
            memory = replace(memory, told_apart=parts)
            usual = once(f"fewest kinds {memory}", lambda: usual_fewest_kinds(tracks, memory))
            assert isinstance(usual, int)
            fewest = int(st.number_input("Kinds seen less often than this are one", 1, value=usual, key=f"kinds_fewest_{key}_{usual}",
                                         help=RARE_HELP))
            _counts(tracks, parts, fewest, once)
        except MotiveError as error:
            st.warning(as_markdown(f"{error.what} {error.fix}"), icon=":material/warning:")
            return None
    return replace(memory, fewest=fewest)


def _parts(tracks: LinkTracks, name: str, key: str, once: Once) -> list[Part]:
    """What tells events apart by one thing, with its bands or values as they are offered until the analyst says others."""
    if name == CLOCK:
        return [_hours(key)]
    if name in (SINCE, BEGUN):
        return [_wait(tracks, WAIT if name == SINCE else SO_FAR, "", key, once)]
    if name == AFTER:
        known = once("events", lambda: list(label_counts(tracks.links)))
        assert isinstance(known, list)
        events = st.multiselect("Times are counted from the last of these", known, key=f"kinds_after_{key}", max_selections=MOST_AFTER,
                                format_func=lambda one: as_markdown(one, NAME), placeholder="none named (a login, say)")
        return [_wait(tracks, since_event(one, ()).name, one, key, once) for one in known if one in events]
    return [_values(tracks, name, key, once)]


def _wait(tracks: LinkTracks, name: str, since: str, key: str, once: Once) -> WaitOf:
    offered = once(f"wait offered {name}", lambda: offered_wait(tracks, name, since))
    said = f"time since {as_markdown(since, NAME)}" if since else "waits" if name == WAIT else "the time so far"
    if offered is None:
        raise WorldError(f"The time since {shown(since) if since else 'the sequence began'} is the same for all events, or not known.",
                         "Leave it out.")
    assert isinstance(offered, WaitOf)
    typed = st.text_input(f"Bands of {said} begin at", waits_text(offered.edges), key=f"kinds_wait_{key}_{name}",
                          help="Offered so that each has about a third of the events. 5 min, 1 h, 2 days.")
    return replace(offered, edges=read_waits(typed))


def _values(tracks: LinkTracks, name: str, key: str, once: Once) -> ValueOf:
    values = once(f"values {name}", lambda: offered_values(tracks, name))
    assert isinstance(values, ValueOf)
    said = as_markdown(name, NAME)
    if values.edges:
        typed = st.text_input(f"Bands of {said} begin at", numbers_text(values.edges), key=f"kinds_of_{key}_{name}",
                              help="Offered so that each has about a third of the events.")
        return ValueOf(name, (), read_numbers(typed))
    known = once(f"labels {name}", lambda: _labels(tracks, name))
    assert isinstance(known, list)
    kept = st.multiselect(f"Values of {said} that stand for themselves", known, list(values.kept), key=f"kinds_of_{key}_{name}",
                          max_selections=MOST_VALUES, format_func=lambda one: as_markdown(one, NAME), help="All others count as rare ones.")
    return ValueOf(name, tuple(kept))


def _labels(tracks: LinkTracks, name: str) -> list[str]:
    column = None if tracks.of_events is None else column_of(tracks.of_events, name)
    return [] if column is None else list(known_counts(column))[:MOST_SHOWN]


def _hours(key: str) -> HourOf:
    """Bands of the day and the week, as those in which trips start are asked for."""
    hours, days = st.columns(2)
    chosen = hours.selectbox("Hours told apart", [*READY, ALL_DAY, OWN], key=f"kinds_hours_{key}")
    edges = READY.get(chosen, ())
    if chosen == OWN:
        edges = read_edges(st.text_input("Bands begin at", "6, 22", key=f"kinds_edges_{key}", placeholder="6, 9:30, 16, 20"))
        if len(edges) < 2:
            raise WorldError("One hour makes no bands.", "Type the hours at which bands begin, two or more.")
    groups: list[Days] = [one for one in DAYS if one != "all" or edges]
    of_days = days.selectbox("Days told apart", groups, format_func=DAYS.__getitem__, key=f"kinds_days_{key}_{bool(edges)}")
    added = st.number_input("Hours to add", -MOST_SHIFT_H, MOST_SHIFT_H, 0.0, 0.5, key=f"kinds_shift_{key}",
                            help="Dates with a time zone are read as UTC; add the hours that local time is ahead of the file's.")
    called = DAY_AND_NIGHT.called if chosen == DAY_NIGHT and of_days == "all" else ()
    return HourOf(Bands(edges, of_days), called, float(added))


def _counts(tracks: LinkTracks, parts: Sequence[Part], fewest: int, once: Once) -> None:
    """How many kinds that makes, and how often each is seen, the commonest first."""
    table = once(f"kinds {parts} {fewest}", lambda: _kinds(tracks, parts, fewest))
    assert isinstance(table, pd.DataFrame)
    many, once_only = len(table), int((table["seen"] == 1).sum())
    rare = f" {once_only:,} of them {'was' if once_only == 1 else 'were'} seen but once." if once_only else ""
    events = counted(int(table["event"].nunique()), "event")
    st.caption(f"{events} {'makes' if events == '1 event' else 'make'} {counted(many, 'kind')} so.{rare}")
    st.dataframe(as_shown(table[["kind", "seen"]].head(MOST_SHOWN)), hide_index=True, width="stretch", height=HIGH,
                 alt="Kinds of events and how often each is seen, the commonest first")


def _kinds(tracks: LinkTracks, parts: Sequence[Part], fewest: int) -> pd.DataFrame:
    names, events = event_names(tracks)
    classes, seen = classes_of(events, len(names), labels_of(parts, tracks), fewest)
    labels = list(classes.labels.values())
    kinds = [with_class(str(names[event]), [str(one[k]) for one in labels]) for k, event in enumerate(classes.event.tolist())]
    return pd.DataFrame({"event": classes.event, "kind": kinds, "seen": seen}).sort_values(
        ["seen", "kind"], ascending=[False, True], ignore_index=True)
