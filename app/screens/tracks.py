"""Tracks: what was observed, and is it usable?"""

import numpy as np
import streamlit as st

from app import session
from app.importing.cells_form import HEADING, SLIP, cells_choice
from app.importing.import_form import import_form
from app.importing.time_bands import time_bands
from app.observed.aims import where_trips_end
from app.observed.problems import problems_table
from app.observed.staying import may_stay, staying
from app.observed.tracks_map import tracks_map
from app.observed.under_the_map import under_the_map
from app.shell import errors_as_words, headline, in_its_words, labels_offered, need, said_apart
from irlcore.project.loading import with_class, with_grid
from irlcore.project.project import Project
from irlcore.report.text import NAME, as_markdown, told_apart
from irlcore.tracks.attributes import column_names
from irlcore.tracks.bounds import LEAST_CELL, MOST_SLIP
from irlcore.tracks.problems import problems_and_notes
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.called import called, n_distinct
from irlcore.worlds.cells.kinds import cells_of
from irlcore.worlds.world import World


def summary(project: Project, world: World) -> None:
    """Counts of what was read and what is usable."""
    assert project.tracks is not None and project.paths is not None
    numbers = st.columns(5)
    lost = len(project.tracks) - len(project.paths)
    words = called(world)
    numbers[0].metric(f"{words.tracks} read".capitalize(), f"{len(project.tracks):,}")
    numbers[1].metric("Points" if isinstance(project.tracks, Tracks) else words.passed, f"{int(project.tracks.offsets[-1]):,}")
    numbers[2].metric(words.usable, f"{len(project.paths):,}",
                      help=f"{lost:,} cannot be used; the table below says why." if lost else "All of them can be used.")
    numbers[3].metric("Problems found", f"{len(problems_and_notes(project.problems)[0]):,}")
    numbers[4].metric("Different events" if world.kind == "log" else words.places.capitalize(), f"{n_distinct(world):,}",
                      help=f"{world.mdp.n_states:,} states, {world.mdp.n_choices:,} choices")


def classes(project: Project) -> None:
    """Which tracks are under study, and which of them are normal."""
    assert project.tracks is not None
    columns = ["", *column_names(project.tracks.attributes)]
    read = told_apart(columns)

    def at(options: list[str], now: str) -> int:
        return options.index(now) if now in options else 0

    key = session.changes()
    with st.container(border=True):
        st.markdown("**Who is under study**")
        named = st.selectbox("Column that names the class", columns, index=at(columns, project.class_column), key=f"cc_{key}",
                             format_func=read.__getitem__,
                             help="Kind of ticket, team, customer group: those that go alike." if project.world is not None and
                             project.world.kind == "log" else "Vehicle type, vessel type, driver group: those that want the same.")
        options = labels_offered(project, named, project.agent_class if named == project.class_column else None) or [""]
        mine = st.selectbox("Class", options, index=at(options, project.agent_class), format_func=said_apart(options).__getitem__,
                            key=f"ac_{key}_{named}")
        period = st.selectbox(in_its_words("Column that tells normal tracks"), columns, index=at(columns, project.period_column),
                              key=f"pc_{key}",
                              format_func=read.__getitem__,
                              help=in_its_words("A past period, or tracks checked by hand. Without one the batch is compared with itself."))
        was = project.reference_value if period == project.period_column else ""
        normal = ["", *labels_offered(project, period, was or None)]
        reference = st.selectbox("Value that means normal", normal, key=f"rv_{key}_{period}",
                                 index=at(normal, was), format_func=told_apart(normal).__getitem__)
        if st.button("Apply", width="stretch", key="set_class"):
            session.put(with_class(project, named, mine, period, reference))
            st.rerun()


def rebuild(project: Project, world: World) -> None:
    """Another grid over the same tracks; zones can be blocked, a clock is kept."""
    assert isinstance(project.tracks, Tracks)
    now = world.settings
    with st.expander("Change the grid", icon=":material/grid_on:"):
        cell = st.number_input(f"Cell size ({as_markdown(world.unit, NAME)})", min_value=LEAST_CELL, value=float(now["cell"]),
                               key="grid_cell")
        shape = cells_choice(cells_of(now), "grid_cells")
        heading = st.toggle("Remember the heading", bool(now["heading"]), help=HEADING)
        slip = st.number_input("Slip", 0.0, MOST_SLIP, float(now["slip"]), help=SLIP)
        kept = [np.asarray(ring) for ring in now.get("blocked", [])]
        keep = bool(kept) and st.toggle(f"Keep the {len(kept)} areas that are blocked now", True, key="keep_blocked")
        blocked = st.multiselect("Zones that cannot be entered", list(project.zones), key="blocked",
                                 format_func=told_apart(list(project.zones)).__getitem__,
                                 help="Draw zones on the Features page.")
        if st.button("Build this grid", width="stretch", key="build_grid"):
            with errors_as_words(), st.spinner("Building the grid ..."):
                rings = (kept if keep else []) + [project.zones[z] for z in blocked]
                session.put(with_grid(project, cell, heading, slip, rings, shape))
                st.rerun()


project = headline("What was observed, and is it usable?")
with st.expander("Import files", expanded=project.tracks is None, icon=":material/upload_file:"), errors_as_words():
    import_form()
need(project.paths is not None, "Nothing is loaded yet. Import your files above, or open a sample.", "start", "Open a sample")
assert project.world is not None
with errors_as_words():
    summary(project, project.world)
left, right = st.columns([3, 1], gap="medium")
with left, errors_as_words("The map cannot be drawn"):
    tracks_map(project, project.world)
with right:
    with errors_as_words("The classes cannot be listed"):
        classes(project)
    with errors_as_words("Where trips end cannot be told"):
        where_trips_end(project, project.world)
    if project.world.kind != "log":
        with errors_as_words("What lies under the map cannot be told"):
            under_the_map(project, project.world)
    if project.world.kind == "grid":
        with errors_as_words():
            rebuild(project, project.world)
    if may_stay(project, project.world):
        with errors_as_words("Staying cannot be told"):
            staying(project, project.world)
    if project.world.kind != "log":
        with errors_as_words("Times of day cannot be told"):
            time_bands(project, project.world)
if len(project.problems):
    with errors_as_words("The problems cannot be listed"):
        problems_table(project)
