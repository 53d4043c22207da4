"""Files of areas among those of an import: land that no way leads through, or what is only drawn under the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import streamlit as st

from app import session
from irlcore.maps.file_parts import opened
from irlcore.maps.map_files import guessed, read_map_file
from irlcore.maps.outlines import outer_rings
from irlcore.project.importing.reading import Plan, Read
from irlcore.project.importing.sources import Source
from irlcore.project.project import MapFile
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners
from irlcore.worlds.grid import grid_over, points_in_any

Use = Literal["blocked", "drawn", ""]
USES: dict[Use, str] = {"blocked": "land: drawn, and no way leads through it", "drawn": "drawn under the map", "": "not used"}
COARSE = 50.0  # cells along the longer side of a grid that only says where the tracks are
INSIDE = 0.02  # of the points on land: from here on it is doubtful whether it is land


def uses_of(areas: Sequence[Source]) -> dict[str, Use]:
    """What each file of areas is for: land blocks, water does not; the analyst's to change."""
    chosen: dict[str, Use] = {}
    for source in areas:
        many, kind = _looked_at(source)
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown(f"**{as_markdown(source.name, NAME)}** · {many:,} {'area' if many == 1 else 'areas'} · looks like {kind}")
        options = list(USES)
        chosen[source.name] = right.selectbox(f"What {as_markdown(source.name, NAME)} is for", options, label_visibility="collapsed",
                                              index=options.index("drawn" if kind == "water" else "blocked"),
                                              key=f"areas_{source.name}", format_func=USES.__getitem__)
    return chosen


def _looked_at(source: Source) -> tuple[int, str]:
    """How many things a file holds, and what they show."""
    kept: tuple[int, str] | None = session.found("areas", source.key)
    if kept is None:
        shapes = opened(_parts(source))
        kept = len(shapes.things), guessed(shapes)
        session.keep_found("areas", source.key, kept, 20)
    return kept


def _parts(source: Source) -> dict[str, bytes]:
    """The file by its name; the parts of a shapefile come packed."""
    held = source.open()
    if not isinstance(held, bytes):
        with held:
            return {source.name: held.read()}
    return {f"{source.name.removesuffix('.shp')}.zip" if isinstance(source.held, tuple) else source.name: held}


def laid(plan: Plan, found: Read, areas: Sequence[Source], uses: Mapping[str, Use]) -> tuple[tuple[MapFile, ...], list[np.ndarray]]:
    """What the files hold about the tracks, to be drawn; and rings that block, (V, 2) each. DataError names the file."""
    key = (plan.key, tuple(source.key for source in areas), tuple(uses.items()))
    kept: tuple[tuple[MapFile, ...], list[np.ndarray]] | None = session.found("laid areas", key)
    if kept is None:
        tracks = found.imported.tracks
        assert isinstance(tracks, Tracks)
        used = [source for source in areas if uses[source.name]]
        here = grid_over(tracks, max(*found.extent, 1e-9) / COARSE) if used else None
        files, rings = [], []
        for source in used:
            assert here is not None
            files.append(read_map_file(_parts(source), here))
            if uses[source.name] == "blocked":
                rings += [ring for part in np.split(files[-1].xy, files[-1].offsets[1:-1]) for ring in outer_rings(part)]
        kept = tuple(files), rings
        session.keep_found("laid areas", key, kept, 1)
    return kept


def tell_inside(found: Read, rings: Sequence[np.ndarray]) -> None:
    """How many tracks have points on land, and what that means for them: few are close to it, many are a sign of another kind of area."""
    tracks = found.imported.tracks
    assert isinstance(tracks, Tracks)
    if not rings:
        return
    inside = points_in_any(rings, np.column_stack((tracks.x, tracks.y)))
    many = len(np.unique(owners(tracks)[inside]))
    if not many:
        return
    said = f"{many:,} of {len(tracks):,} tracks {'has' if many == 1 else 'have'} points on this land. The cells that tracks pass stay open"
    if inside.mean() > INSIDE:
        st.warning(f"{said}. So many are hardly mistaken: where agents may go there, choose “{USES['drawn']}” for the file, above.",
                   icon=":material/warning:")
    else:
        st.caption(f":material/info: {said}, so that these are reviewed too.")
