"""Import: what files hold, guessed from their first rows and confirmed; a preview of what will be dropped; then a world.

Small files are read whole at once. Of large ones the first rows are shown, and the whole is read once, on a thread that can be
cancelled; what was read is kept for this visitor alone until it has been imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.importing.aims_form import asked_of_points
from app.importing.areas_form import laid, tell_inside, uses_of
from app.importing.begin import PREVIEW, begin_import, import_on_network, wants_import, whole
from app.importing.cells_form import HEADING, SLIP, cells_choice
from app.importing.columns_form import ask, columns_beside, columns_of, options_of, picked_texts
from app.importing.preview import preview, what_was_done
from app.importing.roads_form import matched_by, wants_roads
from app.importing.roles_form import FORMATS, looked_into, roles_of
from app.importing.sequences_form import sequences
from app.importing.trips_form import cleaned_by
from app.importing.uploads import uploaded
from app.map.component import show
from app.shell import errors_as_words
from irlcore.engine import Control
from irlcore.maps.raw import raw_scene
from irlcore.project.importing.reading import Plan, Read, cells_of, fixed, on_grid, on_network
from irlcore.project.importing.sources import Source
from irlcore.project.project import MapFile
from irlcore.project.settings.of_project import reading_of
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.bounds import LEAST_CELL, LONGEST_UNIT, MOST_SLIP
from irlcore.tracks.folder import by_role
from irlcore.tracks.options import Question
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import Preview
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import Tracks


def network(sources: Sequence[Source], heads: Mapping[str, Preview], roles: dict[str, Role], tables: dict[Role, pd.DataFrame]) -> None:
    """Paths on a network."""
    columns = columns_of(tables["paths"], "paths")
    options = options_of(bool(columns.get("step")))
    picked = {"paths": columns, **columns_beside(tables)}
    plan = Plan(tuple(sources), tuple(roles.items()), "paths", fixed(picked), options=options)
    found = whole(plan, heads, lambda: read_paths(tables["paths"], columns, options=options))
    if found is None:
        return
    import_on_network(plan, found)


def own_world(sources: Sequence[Source], heads: Mapping[str, Preview], roles: dict[str, Role], tables: dict[Role, pd.DataFrame]) -> None:
    """Observed choices in a world of a table."""
    if "outcomes" not in tables:
        st.info("Observed choices need their world: add the table of outcomes (state, choice, next_state, probability).",
                icon=":material/info:")
        return
    columns = columns_of(tables["choices"], "choices")
    options = options_of("t" in columns)
    picked = {"choices": columns, **columns_beside(tables)}
    plan = Plan(tuple(sources), tuple(roles.items()), "choices", fixed(picked), options=options)
    found = whole(plan, heads, lambda: read_choices(tables["choices"], columns, options=options))
    if found is not None:
        preview(found.imported)
        what_was_done(found.imported)
        if wants_import(plan):
            begin_import(plan, lambda watch: on_network(found, watch), reading_of(plan))


def grid(sources: Sequence[Source], heads: Mapping[str, Preview], roles: dict[str, Role], tables: dict[Role, pd.DataFrame],
         areas: Callable[[Plan, Read], tuple[tuple[MapFile, ...], list[np.ndarray]]]) -> None:
    """Points on a grid, with a live picture of the cells; or matched to the network beside them. areas: files of areas, as ``laid``."""
    columns = columns_of(tables["points"], "points")
    options = options_of("t" in columns)
    picked_texts(sources, roles, tables, "points", columns)
    picked = {"points": columns, **columns_beside(tables)}
    geographic = "lon" in columns and "x" not in columns
    unit = "m" if geographic else st.text_input("Unit of x and y", "m", LONGEST_UNIT, key="unit",
                                                help="m, km; px for coordinates of a picture, in which y runs down.")
    plan = Plan(tuple(sources), tuple(roles.items()), "points", fixed(picked), unit, options)
    found = whole(plan, heads, lambda: read_points(tables["points"], columns, unit, None, Control(), options))
    if found is None:
        return
    trips = cleaned_by(plan, found)
    if trips is None:
        return
    found, cleaning = trips
    if found.network is not None and wants_roads():
        matched = matched_by(plan, cleaning, found)
        if matched is not None:
            import_on_network(plan, matched, cleaning, True)
            return
        preview(found.imported)
        what_was_done(found.imported)
        return
    preview(found.imported)
    tracks = found.imported.tracks
    assert isinstance(tracks, Tracks)
    files, rings = areas(plan, found)
    tell_inside(found, rings)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        cell = st.number_input(f"Cell size ({as_markdown(tracks.unit, NAME)})", min_value=LEAST_CELL, value=found.cell, key="cell")
        shape = cells_choice("squares", "cells")
        across, up = cells_of(found, cell, shape)
        st.caption(f"{across:,} x {up:,} cells")
        with st.expander("Heading, slip, blocked areas"):
            heading = st.toggle("Remember the heading", key="heading", help=HEADING)
            slip = st.number_input("Slip", 0.0, MOST_SLIP, 0.0, key="slip", help=SLIP)
            shapes = st.file_uploader("Blocked areas (GeoJSON), if any", type=["geojson", "json"], key="blocked_file")
        button = st.container()
    with right:
        drawn = (plan.key, cleaning, cell, shape, tuple((file.name, file.kind) for file in files))
        picture = session.found("raw picture", drawn)
        if picture is None:
            picture = raw_scene(tracks, cell, shape, files)
            session.keep_found("raw picture", drawn, picture, 1)
        show(picture, "raw", height=PREVIEW)
        aims = asked_of_points(plan, found, cleaning, cell, shape)  # here there is room for its sentences
    what_was_done(found.imported)
    with button:
        start = wants_import(plan, wide=True)
    if start:
        blocked = shapes.getvalue() if shapes else b""
        begin_import(plan, lambda watch: on_grid(found, cell, heading, slip, blocked, watch, shape, aims, files, rings),
                     reading_of(plan, cleaning))


def import_form() -> None:
    """The whole form; the project changes only when Import is pressed and everything could be read."""
    words = st.empty()
    sources = uploaded()
    if not sources:
        words.caption(FORMATS)  # whoever has put files in sees what was made of them
    heads, areas = looked_into(sources)
    if not heads:
        return
    sources = [source for source in sources if source.name in heads]
    with errors_as_words("These files cannot be read"):
        roles, uses = roles_of(heads), uses_of(areas)
        tables = by_role({name: head.table for name, head in heads.items()}, roles)
        if areas and not set(tables).isdisjoint(("links", "paths", "events", "choices")):
            st.caption(":material/info: On a network areas block nothing; lay them under its map on the Tracks page.")
        try:
            if "choices" in tables:
                own_world(sources, heads, roles, tables)
            elif "events" in tables or ("paths" in tables and "links" not in tables):
                sequences(sources, heads, roles, tables)
            elif "paths" in tables:
                network(sources, heads, roles, tables)
            elif "points" in tables:
                grid(sources, heads, roles, tables, lambda plan, found: laid(plan, found, areas, uses))
            else:
                st.info("No file here holds tracks: add points, paths as link ids or events of a log, or say above what each file holds.",
                        icon=":material/info:")
        except Question as question:
            ask(question)
