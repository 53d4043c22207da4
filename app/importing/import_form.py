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
from app.callbacks import clicked
from app.importing.aims_form import asked_of_links, asked_of_points
from app.importing.areas_form import laid, tell_inside, uses_of
from app.importing.cells_form import HEADING, SLIP, cells_choice
from app.importing.columns_form import ask, columns_beside, columns_of, options_of, picked_texts
from app.importing.preview import preview, what_was_done
from app.importing.reading import Plan, Read, cells_of, fixed, on_grid, on_network, read
from app.importing.roads_form import matched_by, wants_roads
from app.importing.roles_form import FORMATS, looked_into, roles_of
from app.importing.trips_form import cleaned_by
from app.importing.uploads import Source, release, uploaded
from app.job_results import into
from app.map.component import show
from app.shell import errors_as_words
from irlcore.engine import Control
from irlcore.maps.raw import raw_scene
from irlcore.project.project import MapFile, Project
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.bounds import LEAST_CELL, LONGEST_UNIT, MOST_SLIP
from irlcore.tracks.columns import source_of
from irlcore.tracks.folder import by_role
from irlcore.tracks.options import Question
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.readers import Preview
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning

PREVIEW = 420  # pixels


def whole(plan: Plan, heads: Mapping[str, Preview], of_first_rows: Callable[[], Imported]) -> Read | None:
    """All that the plan names, once it has been read. What looks little is read without being asked for; for much there is the preview of
    its first rows and a button. Either is read beside the page, since a packed file may unpack to far more than it looks."""
    found: Read | None = session.found("read", plan.key)
    if found is None and plan.small and not session.busy() and session.found("begun", plan.key) is None:
        said = session.notice()
        with st.spinner("Reading the files ..."):
            begin_reading(plan)
        if said is not None:
            session.tell(said)  # nobody asked for this work, so what stands above the page stays there
        session.raise_failure()  # here, beside the file, and not above the page
        session.finish_job()
        if session.busy():
            session.keep_found("begun", plan.key, True)  # once it is cancelled, it is not begun again unasked
            st.rerun()
        found = session.found("read", plan.key)
    if found is not None:
        return found
    shown = max((head for head in heads.values() if not head.exact), key=lambda head: head.rows, default=None)
    first = of_first_rows()
    preview(first, f"Of the first {len(shown.table):,} rows of about {shown.rows:,}: " if shown else "")
    what_was_done(first)
    if isinstance(first.tracks, Tracks):
        show(raw_scene(first.tracks), "raw_first", height=PREVIEW)
    if st.button("Read all of it", type="primary", key="read_all", disabled=session.busy(), help="Beside the page, with Cancel."):
        begin_reading(plan)
        st.rerun()
    return None


def begin_reading(plan: Plan) -> None:
    """Read all of it beside the page."""
    session.start_job("Reading", lambda watch: read(plan, watch), lambda found: session.keep_found("read", plan.key, found, 1),
                      kernels=False)


def wants_import(plan: Plan, wide: bool = False) -> bool:
    """The button, and whether it was pressed. A click is kept until it is heeded: where the page is drawn anew in between (work beside it
    has ended, a picture answers), what the button says is lost with the run that it was said to. It is drawn last: what comes to stand
    above it later moves it, and a press that is let go beside the button is no click."""
    st.button("Import", type="primary", key="import", width="stretch" if wide else "content", disabled=session.busy(),
              on_click=clicked(session.keep_found), args=("import wanted", plan.key, True, 1))
    return session.found("import wanted", plan.key) is True and not session.busy()


def begin_import(plan: Plan, work: Callable[[Control], Project]) -> None:
    """Make the project beside the page and open it; then nothing is kept of the files."""
    take = into(session.project(), lambda _, made: made, "import")

    def keep(made: Project) -> None:
        take(made)
        if session.project() is made:
            release(plan.sources)

    session.keep_found("import wanted", plan.key, False, 1)
    session.start_job("Import", work, keep, kernels=False)
    st.rerun()


def network(sources: Sequence[Source], heads: Mapping[str, Preview], roles: dict[str, Role], tables: dict[Role, pd.DataFrame]) -> None:
    """Paths on a network."""
    if "links" not in tables:
        st.info("Paths need their network: add the table of links. Without one (a process, say) the tracks' own steps can be it.",
                icon=":material/info:")
        if not st.toggle("Make the network of what was observed", source_of(tables["paths"]) is not None, key="observed"):
            return
    columns = columns_of(tables["paths"], "paths")
    options = options_of(bool(columns.get("step")))
    picked = {"paths": columns, **columns_beside(tables)}
    plan = Plan(tuple(sources), tuple(roles.items()), "paths", fixed(picked), options=options)
    found = whole(plan, heads, lambda: read_paths(tables["paths"], columns, options=options))
    if found is None:
        return
    import_on_network(plan, found)


def import_on_network(plan: Plan, found: Read, cleaning: Cleaning = AS_READ) -> None:
    """What was kept, what the tracks are after, and the import on their network."""
    preview(found.imported)
    what_was_done(found.imported)
    aims = asked_of_links(plan, found, cleaning)
    if wants_import(plan):
        begin_import(plan, lambda watch: on_network(found, watch, aims))


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
            begin_import(plan, lambda watch: on_network(found, watch))


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
            import_on_network(plan, matched, cleaning)
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
        begin_import(plan, lambda watch: on_grid(found, cell, heading, slip, blocked, watch, shape, aims, files, rings))


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
        if areas and not set(tables).isdisjoint(("links", "paths", "choices")):
            st.caption(":material/info: On a network areas block nothing; lay them under its map on the Tracks page.")
        try:
            if "choices" in tables:
                own_world(sources, heads, roles, tables)
            elif "paths" in tables:
                network(sources, heads, roles, tables)
            elif "points" in tables:
                grid(sources, heads, roles, tables, lambda plan, found: laid(plan, found, areas, uses))
            else:
                st.info("No file here holds tracks: add points, or paths as link ids, or say above what each file holds.",
                        icon=":material/info:")
        except Question as question:
            ask(question)
