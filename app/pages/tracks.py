"""Tracks: what was observed, and is it usable?"""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.shell import errors_as_words
from irlcore.project import Project, remember
from irlcore.read_tracks import read_paths, read_points
from irlcore.readers import WANTED, guess_columns, guess_role, read_table
from irlcore.report.figures import ORDINARY, add_paths, base_map, describe_tracks, raw_tracks
from irlcore.samples import with_world
from irlcore.tracks import Tracks
from irlcore.worlds.grid import build_grid, suggest_cell
from irlcore.worlds.network import build_network

st.title("What was observed, and is it usable?")
project = session.project()


@st.cache_data(show_spinner="Reading the file ...", max_entries=6)
def table_of(data: bytes, name: str) -> pd.DataFrame:
    return read_table(data, name)


def confirm_columns(table: pd.DataFrame, role: str, key: str) -> dict[str, str]:
    """The guessed columns, for the analyst to confirm."""
    guessed = guess_columns(table, role)  # type: ignore[arg-type]
    chosen = {}
    for column, part in zip(st.columns(len(WANTED[role])), WANTED[role], strict=True):
        options = ["(none)", *table.columns]
        value = column.selectbox(part, options, index=options.index(guessed[part]) if part in guessed else 0, key=f"{key}_{part}")
        if value != "(none)":
            chosen[part] = value
    return chosen


def import_files() -> None:
    files = st.file_uploader("Points (track, t, x, y or lon, lat), or a network: links, transitions, nodes and paths. CSV, "
                             "CSV.gz or Parquet.", accept_multiple_files=True, key="uploads")
    tables = {}
    for file in files or []:
        with errors_as_words():
            table = table_of(file.getvalue(), file.name)
            role = guess_role(table)
            tables[role] = table
            st.caption(f"{file.name}: {len(table):,} rows, read as {role}")
    if "paths" in tables and "links" not in tables:
        st.info("Paths need their network: add the table of links.")
    elif "paths" in tables:
        columns = confirm_columns(tables["paths"], "paths", "paths")
        if st.button("Import", type="primary"):
            with errors_as_words(), st.spinner("Building the network ..."):
                world = build_network(tables["links"], tables.get("transitions"), tables.get("nodes"))
                imported = read_paths(tables["paths"], columns, tables.get("attributes"))
                session.put(with_world(Project(name="My network"), imported, world))
                st.rerun()
    elif "points" in tables:
        columns = confirm_columns(tables["points"], "points", "points")
        unit = st.text_input("Unit of x and y", "m", help="Points in lon and lat are turned into metres.")
        with errors_as_words():
            imported = read_points(tables["points"], columns, unit, tables.get("attributes"))
            tracks = imported.tracks
            assert isinstance(tracks, Tracks)
            st.write(f"{imported.tracks_kept:,} tracks kept, {imported.tracks_dropped:,} dropped; "
                     f"{imported.rows_kept:,} rows kept, {imported.rows_dropped:,} dropped.")
            if len(imported.problems):
                st.dataframe(imported.problems, hide_index=True, width="stretch")
            left, middle, right = st.columns(3)
            cell = left.number_input(f"Cell size ({tracks.unit})", min_value=1e-9, value=suggest_cell(tracks))
            heading = middle.toggle("Remember the heading", help="Lets turns cost; eight times as many states.")
            slip = right.number_input("Slip", 0.0, 0.9, 0.0, help="Chance that another move happens than the chosen one.")
            low, high = (tracks.x.min(), tracks.y.min()), (tracks.x.max(), tracks.y.max())
            st.caption(f"{int(np.ceil((high[0] - low[0]) / cell))} x {int(np.ceil((high[1] - low[1]) / cell))} cells")
            st.plotly_chart(raw_tracks(tracks), width="stretch", key="raw")
            if st.button("Import", type="primary"):
                world = build_grid(low[0], low[1], high[0] + 1e-9, high[1] + 1e-9, cell, tracks.unit, heading=heading,
                                   slip=slip, crs=tracks.crs)
                session.put(with_world(Project(name="My tracks"), imported, world))
                st.rerun()


with st.expander("Import files", expanded=project.tracks is None, icon=":material/upload_file:"):
    import_files()
if project.tracks is None or project.world is None or project.paths is None:
    st.info("Nothing is loaded yet. Import your files above, or open a sample.", icon=":material/info:")
    st.page_link("pages/start.py", label="Open a sample", icon=":material/arrow_forward:")
    st.stop()
metrics = st.columns(4)
metrics[0].metric("Tracks", f"{len(project.tracks):,}", help=describe_tracks(project.tracks))
metrics[1].metric("Usable as paths", f"{len(project.paths):,}")
metrics[2].metric("Problems", f"{len(project.problems):,}")
metrics[3].metric("Links" if project.world.kind == "network" else "Cells", f"{project.world.n_places:,}")
left, right = st.columns([3, 1])
with left:
    if project.world.has_coordinates:
        figure = base_map(project.world, project.zones)
        add_paths(figure, project.world, project.paths, np.arange(len(project.paths)), ORDINARY, 1, 0.25)
        st.plotly_chart(figure, width="stretch", key="map_tracks")
    else:
        st.info("This network has no coordinates, so there is no map. Everything else works.")
with right:
    attributes = project.tracks.attributes
    with st.form("class_form", border=True):
        st.markdown("**Who is under study**")
        columns = ["", *[str(c) for c in attributes.columns]]
        class_column = st.selectbox("Column that names the class", columns, index=columns.index(project.class_column))
        values = [""] if not class_column else sorted(attributes[class_column].astype(str).unique())[:200]
        agent_class = st.selectbox("Class", values, index=values.index(project.agent_class) if project.agent_class in values else 0)
        period = st.selectbox("Column that names normal tracks", columns, index=columns.index(project.period_column))
        options = [""] if not period else ["", *sorted(attributes[period].astype(str).unique())[:200]]
        reference = st.selectbox("Value that means normal", options, help="These tracks teach what is normal; all others are "
                                 "reviewed.", index=options.index(project.reference_value) if project.reference_value in options else 0)
        if st.form_submit_button("Set", width="stretch"):
            session.put(remember(replace(project, class_column=class_column, agent_class=agent_class, period_column=period,
                                         reference_value=reference), f"Class under study: {agent_class or 'all'}"))
            st.rerun()
if len(project.problems):
    st.subheader("Problems in the data")
    st.dataframe(project.problems, hide_index=True, width="stretch")
