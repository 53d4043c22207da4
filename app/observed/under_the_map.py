"""Under the map: files of coast, land, water, roads or places that the analyst lays there, and which way y runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from app import session
from app.job_results import into
from app.shell import errors_as_words
from irlcore.engine import Control
from irlcore.maps.file_parts import ENDINGS, belonging
from irlcore.maps.ground import Y_DOWN, is_y_down
from irlcore.maps.map_files import Kind, kinds_for, lies_elsewhere, read_map_file, with_kind
from irlcore.project.project import MapFile, Project, remember
from irlcore.report.text import NAME, as_markdown
from irlcore.worlds.world import World

SAID: dict[str, str] = {"land": "land", "water": "water", "coast": "coast", "roads": "roads", "places": "places"}
TIMES_READ = "map files read"
"""How often files were read in this session, by the name that ``session`` has for it."""


def under_the_map(project: Project, world: World) -> None:
    """The files that are there, a picker for more, and for worlds without a projection which way y runs."""
    many = len(project.map_files)
    with st.expander("Under the map" + (f" · {many} {'file' if many == 1 else 'files'}" if many else ""), icon=":material/layers:"):
        for k, file in enumerate(project.map_files):
            with errors_as_words():
                shown_file(project, world, k, file)
        times = session.found(TIMES_READ, 0) or 0
        picked = st.file_uploader("Coast, land, water, roads or places", type=list(ENDINGS), accept_multiple_files=True,
                                  key=f"map_files_{times}" if times else "map_files",
                                  help="GeoJSON, or a shapefile: zipped, or its .shp, .dbf and .prj together. The files stay on this "
                                       "machine; what lies about the map is kept with the project.")
        if picked and st.button("Lay under the map", key="lay_files", width="stretch", disabled=session.busy()):
            with errors_as_words():
                lay({file.name: file.getvalue() for file in picked}, project, world)
        if world.crs is None:
            way(project, world)


def lay(files: Mapping[str, bytes], project: Project, world: World) -> None:
    """Read the files beside the page, and lay them under the map of this project."""
    groups = belonging(files)

    def work(watch: Control) -> tuple[MapFile, ...]:
        return tuple(read_map_file({name: files[name] for name in group}, world, None, watch.part(k, len(groups), group[0]))
                     for k, group in enumerate(groups))

    take = into(project, with_files, "reading of map files")

    def keep(found: tuple[MapFile, ...]) -> None:
        take(found)
        session.keep_found(TIMES_READ, 0, (session.found(TIMES_READ, 0) or 0) + 1)

    session.start_job("Reading the map", work, keep, kernels=False)
    session.raise_failure()
    st.rerun()


def with_files(project: Project, found: tuple[MapFile, ...]) -> Project:
    """The project with more files under its map."""
    said = ", ".join(f"{file.name} as {file.kind}" for file in found)
    return remember(replace(project, map_files=(*project.map_files, *found)), f"Laid under the map: {said}")


def shown_file(project: Project, world: World, k: int, file: MapFile) -> None:
    """One file: what it is shown as, and a way to take it away."""
    left, middle, right = st.columns([5, 4, 1], vertical_alignment="center")
    left.markdown(as_markdown(file.name, NAME), help=f"{len(file.names):,} things, {len(file.xy):,} corners")
    kinds: list[Kind] = list(kinds_for(file))
    kind = middle.selectbox(f"What {as_markdown(file.name, NAME)} shows", kinds, index=kinds.index(file.kind) if file.kind in kinds else 0,
                            format_func=SAID.__getitem__, key=f"map_kind_{session.changes()}_{k}", label_visibility="collapsed")
    if kind != file.kind:
        put(project, k, with_kind(file, kind), f"{file.name} is shown as {kind}")
    if right.button("", key=f"map_remove_{k}", icon=":material/delete:", help="Take it away", type="tertiary"):
        put(project, k, None, f"Took {file.name} from under the map")
    if said := lies_elsewhere(file, world):
        st.warning(as_markdown(said), icon=":material/location_off:")


def put(project: Project, k: int, file: MapFile | None, said: str) -> None:
    """The project with another k-th file, or without it."""
    files = list(project.map_files)
    files[k:k + 1] = [] if file is None else [file]
    session.put(remember(replace(project, map_files=tuple(files)), said))
    st.rerun()


def way(project: Project, world: World) -> None:
    """Whether y runs down, as in pictures: a matter of how maps are drawn, and of nothing else."""
    now = is_y_down(world)
    asked = st.toggle("y runs down (coordinates of a picture)", now, key=f"y_down_{session.changes()}")
    if asked != now:
        turned = replace(world, settings={**world.settings, Y_DOWN: asked})
        session.put(remember(replace(project, world=turned), "y runs down" if asked else "y runs up"))
        st.rerun()
