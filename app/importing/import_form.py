"""Import: files into tables, columns guessed and confirmed, a preview of what will be dropped, then a world."""

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.shell import errors_as_words, safe
from irlcore.features.zones import zones_from_geojson
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.report.maps import raw_tracks
from irlcore.tracks.folder import by_role, read_folder
from irlcore.tracks.read_tracks import Imported, read_paths, read_points
from irlcore.tracks.readers import WANTED, Role, guess_columns, guess_role, read_table
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.grid import cells_across, grid_over, suggest_cell
from irlcore.worlds.network import build_network

ROLES: dict[Role, str] = {"points": "points of tracks", "paths": "paths as link ids", "links": "links of a network",
                          "transitions": "which link follows which", "nodes": "nodes with coordinates",
                          "attributes": "attributes of tracks", "unknown": "not used"}
FORMATS = """**Points**: one row a point, `track, t, x, y` or `track, t, lon, lat`; every column that is the same along a track (class,
period) becomes its attribute. **Network**: a table of links (`link, u, v, length`, shapes as `wkt`, or nodes with coordinates), if you
have one a table of transitions (`from_link, to_link`), and paths (`track, path` as `12_15_9`, or long: `track, step, link`).
CSV (comma, semicolon, tab), also gzipped, or Parquet. Files stay on this machine."""

SLIP = "Chance that another move happens than the chosen one. Fits take some ten times as long."


@st.cache_data(show_spinner="Reading the file ...", max_entries=8)
def table_of(data: bytes, name: str) -> pd.DataFrame:
    return read_table(data, name)


@st.cache_data(show_spinner="Reading the points ...", max_entries=4)
def points_of(table: pd.DataFrame, columns: dict[str, str], unit: str, more: pd.DataFrame | None) -> Imported:
    return read_points(table, columns, unit, more)


def uploaded() -> dict[str, pd.DataFrame]:
    """Tables by file name, from an upload or a folder."""
    left, right = st.columns([3, 2], gap="medium")
    files = left.file_uploader("Files, all that belong together", accept_multiple_files=True, key="uploads")
    folder = right.text_input("Or a folder on the machine Motive runs on", key="folder", placeholder="/data/march")
    right.caption("All CSV and Parquet files in it are read.")
    tables: dict[str, pd.DataFrame] = {}
    for file in files or []:
        with errors_as_words():
            tables[file.name] = table_of(file.getvalue(), file.name)
    if folder.strip():
        with errors_as_words(), st.spinner("Reading the folder ..."):
            tables |= session.derived("folder", lambda: read_folder(folder.strip()), folder.strip())
    return tables


def roles_of(tables: dict[str, pd.DataFrame]) -> dict[str, Role]:
    """What each file holds, guessed, for the analyst to confirm."""
    chosen: dict[str, Role] = {}
    for name, table in tables.items():
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown(f"**{safe(name)}** · {len(table):,} rows · {safe(', '.join(map(str, table.columns[:8])))}"
                      + (" ..." if len(table.columns) > 8 else ""))
        names = list(ROLES)
        chosen[name] = right.selectbox(f"What {name} holds", names, index=names.index(guess_role(table)), key=f"role_{name}",
                                       format_func=ROLES.__getitem__, label_visibility="collapsed")
    return chosen


def columns_of(table: pd.DataFrame, role: Role) -> dict[str, str]:
    """Which column is what, guessed, for the analyst to confirm."""
    guessed = guess_columns(table, role)
    chosen = {}
    for column, part in zip(st.columns(len(WANTED[role])), WANTED[role], strict=True):
        options = ["(none)", *map(str, table.columns)]
        value = column.selectbox(part, options, index=options.index(guessed[part]) if part in guessed else 0, key=f"{role}_{part}")
        if value != "(none)":
            chosen[part] = value
    return chosen


def preview(imported: Imported) -> None:
    """What was kept, what was dropped, and why."""
    st.markdown(f"**{imported.tracks_kept:,} tracks kept**, {imported.tracks_dropped:,} dropped; {imported.rows_kept:,} rows kept, "
                f"{imported.rows_dropped:,} dropped.")
    if len(imported.problems):
        st.dataframe(imported.problems, hide_index=True, width="stretch", height=180)


def network(tables: dict[Role, pd.DataFrame]) -> None:
    """Paths on a network."""
    if "links" not in tables:
        st.info("Paths need their network: add the table of links.", icon=":material/info:")
        return
    columns = columns_of(tables["paths"], "paths")
    imported = read_paths(tables["paths"], columns, tables.get("attributes"))
    preview(imported)
    if st.button("Import", type="primary", key="import"):
        with st.spinner("Building the network ..."):
            world = build_network(tables["links"], tables.get("transitions"), tables.get("nodes"))
            session.put(with_world(Project(name="My network"), imported, world))
        st.rerun()


def grid(tables: dict[Role, pd.DataFrame]) -> None:
    """Points on a grid, with a live picture of the cells."""
    columns = columns_of(tables["points"], "points")
    geographic = "lon" in columns and "x" not in columns
    unit = "m" if geographic else st.text_input("Unit of x and y", "m", key="unit", help="m, km, px: it is shown with every number.")
    imported = points_of(tables["points"], columns, unit, tables.get("attributes"))
    tracks = imported.tracks
    assert isinstance(tracks, Tracks)
    preview(imported)
    left, right = st.columns([1, 2], gap="medium")
    with left:
        cell = st.number_input(f"Cell size ({tracks.unit})", min_value=1e-9, value=suggest_cell(tracks), key="cell")
        across, up = cells_across(np.ptp(tracks.x), np.ptp(tracks.y), cell)
        st.caption(f"{across:,} x {up:,} cells")
        heading = st.toggle("Remember the heading", key="heading", help="Lets turns cost; eight times as many states.")
        slip = st.number_input("Slip", 0.0, 0.9, 0.0, key="slip", help=SLIP)
        shapes = st.file_uploader("Blocked areas (GeoJSON), if any", type=["geojson", "json"], key="blocked_file")
        start = st.button("Import", type="primary", key="import", width="stretch")
    with right:
        st.plotly_chart(raw_tracks(tracks, cell), width="stretch", key="raw", alt="The points over the cells they would be put in")
    if start:
        text = shapes.getvalue().decode("utf-8", errors="replace") if shapes else ""
        blocked = list(zones_from_geojson(text, tracks.crs).values()) if text else []
        with st.spinner("Building the grid ..."):
            world = grid_over(tracks, cell, heading=heading, slip=slip, blocked=blocked)
            session.put(with_world(Project(name="My tracks"), imported, world))
        st.rerun()


def import_form() -> None:
    """The whole form; the project changes only when Import is pressed and everything could be read."""
    st.caption(FORMATS)
    tables = uploaded()
    if not tables:
        return
    with errors_as_words("These files cannot be read"):
        found = by_role(tables, roles_of(tables))
        if "paths" in found:
            network(found)
        elif "points" in found:
            grid(found)
        else:
            st.info("No file here holds tracks: add points, or paths as link ids, or say above what each file holds.",
                    icon=":material/info:")
