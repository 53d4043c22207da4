"""Which column is what, and how values are read: guessed, for the analyst to confirm or to pick by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from app.importing.uploads import first_rows
from irlcore.project.importing.sources import Source
from irlcore.report.text import NAME, as_markdown, told_apart
from irlcore.tracks.bounds import LONGEST_UNIT
from irlcore.tracks.columns import guess_columns, is_id
from irlcore.tracks.coordinates import OWN_PLANE
from irlcore.tracks.folder import by_role
from irlcore.tracks.options import AS_THEY_ARE, Options, Question
from irlcore.tracks.sources import ID_PARTS, WANTED, Role
from irlcore.tracks.times.reading import FORMATS

IN_A_ROW = 5
PLACES = (("x", "y"), ("lon", "lat"))
"""Columns that say where a point is, the one pair or the other."""
SAID: dict[str, str] = {"track": "track (id)", "trip": "trip within it", "change": "new trip where it changes",
                        "t": "time", "date": "date, beside a time of day",
                        "point": "point (WKT)", "wkt": "line (WKT)", "key": "key of parallel edges", "events": "events of a whole sequence",
                        "lifecycle": "started or completed"}
"""part -> how it reads; others as they are called."""
SEQUENCE = "sequence (id)"
"""What the id of a track is called of events."""
ASKED = {"time": "How times are written", "zone": "Time zone of times that name none", "crs": "Projection of x and y"}
"""Option -> the box that it is chosen in."""
BESIDE: tuple[Role, ...] = ("links", "transitions", "nodes", "outcomes", "states", "attributes")


def columns_of(table: pd.DataFrame, role: Role) -> dict[str, str]:
    """Which column of a role's table plays which part; folded where those of points are all known."""
    guessed = guess_columns(table, role)
    if role == "points" and "track" in guessed and any(set(pair) <= set(guessed) for pair in PLACES):
        with st.expander(f"Columns: {_known(role, guessed)}"):
            return _picked(table, role, guessed)
    if role == "events" and "track" in guessed and ("event" in guessed or "events" in guessed):
        with st.expander(f"Columns: {_known(role, guessed)}"):
            return _picked(table, role, guessed)
    return _picked(table, role, guessed)


def _known(role: Role, guessed: Mapping[str, str]) -> str:
    """The columns that were guessed, in a line."""
    return " · ".join(f"{_part(role, part)} {as_markdown(guessed[part], NAME)}" for part in WANTED[role] if part in guessed)


def _part(role: Role, part: str) -> str:
    return SEQUENCE if (role, part) == ("events", "track") else SAID.get(part, part)


def _picked(table: pd.DataFrame, role: Role, guessed: Mapping[str, str]) -> dict[str, str]:
    parts = WANTED[role]
    options = ["(none)", *map(str, table.columns)]
    read = told_apart(options)
    chosen = {}
    for at in range(0, len(parts), IN_A_ROW):
        for column, part in zip(st.columns(IN_A_ROW), parts[at:at + IN_A_ROW], strict=False):
            value = column.selectbox(_part(role, part), options, index=options.index(guessed[part]) if part in guessed else 0,
                                     key=f"{role}_{part}", format_func=read.__getitem__)
            if value != "(none)":
                chosen[part] = value
    return chosen


def columns_beside(tables: Mapping[Role, pd.DataFrame]) -> dict[Role, dict[str, str]]:
    """The same for the tables beside the tracks, folded: what is guessed is mostly right."""
    chosen: dict[Role, dict[str, str]] = {}
    for role in BESIDE:
        if role in tables:
            with st.expander(f"Columns of the {role}"):
                chosen[role] = columns_of(tables[role], role)
    return chosen


def options_of(timed: bool, placed: bool = True) -> Options:
    """How values are read. timed: whether there is a column of times. placed: whether something has coordinates, as events have not; where
    neither is, nothing is asked."""
    if not timed and not placed:
        return AS_THEY_ARE
    time, zone, *beside = st.columns(3 if placed else 2)
    known = list(FORMATS)
    said = time.selectbox(ASKED["time"], known, key="time_format", format_func=FORMATS.__getitem__, disabled=not timed)
    zones = ["", *_zones()]
    local = zone.selectbox(ASKED["zone"], zones, key="time_zone", disabled=not timed,
                           format_func=lambda one: one or "none chosen (as UTC)")
    if not placed:
        return Options(said or "", local or "")
    named = beside[0].text_input(ASKED["crs"], key="crs", max_chars=LONGEST_UNIT, placeholder="as the values say",
                           help=f"A code such as EPSG:32632; EPSG:4326 for degrees; the word {OWN_PLANE} where they are neither.")
    named = named.strip()
    return Options(said or "", local or "", OWN_PLANE if named.lower() == OWN_PLANE else named.upper())


def ask(question: Question) -> None:
    """What the data does not say: the question, and above which of the boxes it is answered."""
    choices = " or ".join(f"“{words}”" for words in question.choices.values())
    where = ASKED.get(question.about, "")
    st.warning(as_markdown(f"{question.what} {question.fix} Above, under “{where}”: {choices}."), icon=":material/help:")


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())


def tell(said: tuple[str, ...]) -> None:
    """What was understood of the files, a line each."""
    st.caption("  \n".join(f":material/info: {as_markdown(sentence)}" for sentence in said))


def picked_texts(sources: Sequence[Source], roles: dict[str, Role], tables: dict[Role, pd.DataFrame], role: Role,
                 columns: Mapping[str, str]) -> None:
    """Where a column of ids was picked whose name is none, look at the first rows once more, with it as text: 007 is not 7."""
    texts = tuple(column for part, column in columns.items() if part in ID_PARTS and not is_id(column))
    if texts:
        mine = [source for source in sources if roles[source.name] == role]
        tables[role] = by_role({source.name: first_rows(source, texts).table for source in mine}, roles)[role]
